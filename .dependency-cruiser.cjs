/** The rooms of the house, and the way imports may run between them (ARCHITECTURE.md). */
const rooms = {
  app: ['charts', 'state', 'services', 'storage', 'analysis', 'results', 'experiments', 'configuration', 'data', 'engine'],
  charts: ['configuration'],
  state: ['services', 'storage', 'results', 'experiments', 'configuration', 'data', 'engine'],
  services: ['storage', 'analysis', 'results', 'experiments', 'configuration', 'data', 'engine'],
  analysis: ['storage', 'data', 'engine'],
  storage: ['results', 'experiments', 'configuration', 'data', 'engine'],
  results: ['experiments', 'configuration', 'data', 'engine'],
  experiments: ['configuration'],
  engine: ['configuration', 'data'],
  data: [],
  configuration: [],
};

const arrows = Object.entries(rooms).map(([room, allowed]) => ({
  name: `arrows-of-${room}`,
  comment: `src/${room} may import from: ${allowed.join(', ') || 'nothing else'}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^(src|workers|cli)/`, pathNot: `^src/(${[room, ...allowed].join('|')})/|^workers/` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'page-without-tensors',
      comment:
        'The page and what it shows never compute on tensors: of the engine they take types, and the pure functions named here.',
      severity: 'error',
      from: { path: '^src/(app|charts|state|storage|analysis|results|experiments)/' },
      to: {
        path: '^src/engine/|@tensorflow',
        pathNot: '^src/engine/(adapter|evaluation/(metrics|policies|significance|crossed))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'clients-without-tensors',
      comment: 'What the page loads of the services must not bring the engine along.',
      severity: 'error',
      from: { path: '^src/services/(clients|protocol)\\.ts$' },
      to: { path: '^src/(engine|data|analysis|results|experiments)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workers-are-thin',
      comment: 'Workers are opened by the clients alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/services/clients\\.ts$' },
      to: { path: '^workers/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
  },
};
