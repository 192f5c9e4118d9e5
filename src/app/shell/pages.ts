/** The pages, in the order in which one needs them, each with the key that follows `g`. */
export const PAGES = [
  { path: '/data', label: 'Data', key: 'd' },
  { path: '/train', label: 'Train', key: 't' },
  { path: '/compare', label: 'Compare', key: 'c' },
  { path: '/policies', label: 'Policies', key: 'p' },
  { path: '/learn', label: 'Learn', key: 'l' },
] as const;
