/** Every page, with its heading and the region that comes last once there are finished runs with policies. */
export const PAGES = [
  { path: '/data', heading: 'Data', region: /^Dataset/ },
  { path: '/train', heading: 'Train', region: 'Policies' },
  { path: '/experiment', heading: 'Experiments', region: 'Begin with a question' },
  { path: '/experiment?new=table-2', heading: 'Table 2: all methods', region: 'What it will run' },
  { path: '/compare', heading: 'Compare', region: 'Significance' },
  { path: '/policies', heading: 'Policies', region: 'Chosen users' },
  { path: '/user', heading: 'One user', region: 'Top 5, by hand' },
  { path: '/learn', heading: 'Learn', region: 'Glossary' },
] as const;
