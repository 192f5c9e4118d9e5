import { NavLink } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { PAGES } from './pages.ts';

/** Pages below others: one user is below the policies, experiments below training. */
const ABOVE: Readonly<Record<string, string>> = { '/user': '/policies', '/experiment': '/train' };

/** The pages, in the order in which one needs them. */
export function Navigation({ close }: { close: () => void }) {
  const [location] = useLocation();
  return (
    <nav aria-label="Pages">
      {PAGES.map(({ path, label }) => {
        const isHere = location === path;
        const active = isHere || path === ABOVE[location];
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
