/**
 * Who may import whom (DESIGN.md, "Layout"; ARCHITECTURE.md has the table). `test/architecture/layers.test.ts` runs these
 * on the tree and plants a breach of each one, because a rule that matches nothing passes for ever.
 *
 * `parser: 'swc'` is not a preference: with TypeScript 7 the default parser reads nothing, finds nothing and passes.
 */
const error = 'error';

/** The commands that start the simulated GitHub; nothing else in Assent knows that it exists. */
const startsSimulator = '^src/entrypoints/cli/(commands/(simulator|demo|try)\\.ts$|demo/)';

export default {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'The domain imports itself only: no npm, no node:. Time, ids and hashes arrive as data.',
      severity: error,
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'policy-learns-nothing',
      comment:
        'What was learnt may be told and may bound retries; it never changes what policy says.',
      severity: error,
      from: { path: '^src/(domain|adapters)/policy/' },
      to: { path: '^src/domain/(memory|effectiveness)/' },
    },
    {
      name: 'ports-see-domain',
      comment:
        'A port is a type over the domain; a library in it would leak into every layer above.',
      severity: error,
      from: { path: '^src/ports/' },
      to: { pathNot: '^src/(ports|domain)/' },
    },
    {
      name: 'agents-see-three-ports',
      comment:
        'An agent never holds the pen: the model, the workspace and the sandbox, never the code host.',
      severity: error,
      from: { path: '^src/agents/' },
      to: {
        path: '^src/',
        pathNot: '^src/(agents|domain)/|^src/ports/(language-model|workspace|sandbox)\\.ts$',
      },
    },
    {
      name: 'agents-without-node',
      comment:
        'What an agent does to the world goes through its ports, which can be recorded and refused.',
      severity: error,
      from: { path: '^src/agents/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'application-sees-ports',
      comment: 'A use case is written against ports; libraries belong to adapters and entrypoints.',
      severity: error,
      from: { path: '^src/application/' },
      to: { pathNot: '^src/(application|agents|ports|domain)/' },
    },
    {
      name: 'adapters-look-inward',
      comment: 'An adapter implements a port and knows nothing of who uses it.',
      severity: error,
      from: { path: '^src/adapters/' },
      to: { path: '^src/', pathNot: '^src/(adapters|ports|domain)/' },
    },
    {
      name: 'adapters-apart',
      comment: 'One folder a port; what two adapters share belongs to the domain or to a port.',
      severity: error,
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'only-composition-names-adapters',
      comment: 'One place joins ports to what implements them, so a replacement is one edit.',
      severity: error,
      from: { path: '^src/', pathNot: '^src/(adapters/|composition(\\.ts$|/))' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'composition-has-one-door',
      comment: 'Who needs something put together asks composition.ts, wherever it is put together.',
      severity: error,
      from: { path: '^src/', pathNot: '^src/composition(\\.ts$|/)' },
      to: { path: '^src/composition/' },
    },
    {
      name: 'entrypoints-see-application',
      comment: 'A surface speaks to use cases; agents are theirs to call.',
      severity: error,
      from: { path: '^src/entrypoints/' },
      to: { path: '^src/agents/' },
    },
    {
      name: 'nothing-sees-entrypoints',
      comment: 'Surfaces are leaves: what they share with the core belongs to the core.',
      severity: error,
      from: { path: '^src/', pathNot: '^src/entrypoints/' },
      to: { path: '^src/entrypoints/' },
    },
    {
      name: 'config-stands-alone',
      comment: 'Configuration is read before anything is built from it.',
      severity: error,
      from: { path: '^src/config(\\.ts$|/)' },
      to: { path: '^src/', pathNot: '^src/(config(\\.ts$|/)|ports/|domain/)' },
    },
    {
      name: 'simulator-knows-nothing-of-assent',
      comment:
        'The simulator stands for GitHub; sharing code with Assent would share its mistakes.',
      severity: error,
      from: { path: '^src/simulator/' },
      to: { path: '^src/', pathNot: '^src/simulator/' },
    },
    {
      name: 'assent-knows-nothing-of-simulator',
      comment:
        'Only the commands that start it: a product path that can tell it is simulated proves nothing.',
      severity: error,
      from: { path: '^src/', pathNot: `^src/simulator/|${startsSimulator}` },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'no-circular',
      comment: 'A circle is one module in several files.',
      severity: error,
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that resolves to nothing escapes every other rule.',
      severity: error,
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/entrypoints/cli/demo/project/' },
    enhancedResolveOptions: {
      conditionNames: ['node', 'import', 'types', 'default'],
      exportsFields: ['exports'],
      mainFields: ['main', 'types'],
    },
  },
};
