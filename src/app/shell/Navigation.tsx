import { NavLink } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { PAGES } from './pages.ts';

/** The pages, in the order in which one needs them. */
export function Navigation({ close }: { close: () => void }) {
  const [location] = useLocation();
  return (
    <nav aria-label="Pages">
      {PAGES.map(({ path, label }) => {
        const active = location.startsWith(path);
        return (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={label}
            active={active}
            aria-current={active ? 'page' : undefined}
            onClick={close}
          />
        );
      })}
    </nav>
  );
}
