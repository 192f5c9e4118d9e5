import { NavLink } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { PAGES } from './pages.ts';

/** The pages, in the order in which one needs them. */
export function Navigation({ close }: { close: () => void }) {
  const [location] = useLocation();
  return (
    <nav aria-label="Pages">
      {PAGES.map(({ path, label }) => {
        const isHere = location === path;
        // One user is a page below the policies.
        const active = isHere || (path === '/policies' && location === '/user');
        return (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={label}
            active={active}
            onClick={close}
            aria-current={isHere ? 'page' : active ? 'true' : undefined}
          />
        );
      })}
    </nav>
  );
}
