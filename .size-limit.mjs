import { firstLoad } from './scripts/firstLoad.mjs';

// The list follows the build; e2e/firstLoad.spec.ts holds it to what a browser really asks for.
export default [
  {
    name: 'The first load: the shell before anything trains',
    path: firstLoad('dist').map((path) => `dist/${path}`),
    limit: '350 kB',
    gzip: true,
  },
];
