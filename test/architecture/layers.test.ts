import { describe, expect, it } from 'vitest';
import { cruiseFiles, cruiseTree, repositoryRoot } from './cruise.ts';

const zod = {
  'node_modules/zod/package.json': '{ "name": "zod", "type": "module", "exports": "./index.js" }',
  'node_modules/zod/index.js': 'export const planted = true;',
};

interface Plant {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly rule: string;
}

const breaches: readonly Plant[] = [
  {
    title: 'the domain imports nothing of node',
    from: 'src/domain/a.ts',
    to: 'node:crypto',
    rule: 'domain-is-pure',
  },
  {
    title: 'the domain imports no package',
    from: 'src/domain/a.ts',
    to: 'zod',
    rule: 'domain-is-pure',
  },
  {
    title: 'the domain imports no port',
    from: 'src/domain/a.ts',
    to: 'src/ports/clock.ts',
    rule: 'domain-is-pure',
  },
  {
    title: 'policy sees nothing of what was learnt',
    from: 'src/domain/policy/a.ts',
    to: 'src/domain/memory/a.ts',
    rule: 'policy-learns-nothing',
  },
  {
    title: 'a port imports no package',
    from: 'src/ports/clock.ts',
    to: 'zod',
    rule: 'ports-see-domain',
  },
  {
    title: 'a port imports no use case',
    from: 'src/ports/clock.ts',
    to: 'src/application/a.ts',
    rule: 'ports-see-domain',
  },
  {
    title: 'an agent never sees the code host',
    from: 'src/agents/triager/a.ts',
    to: 'src/ports/code-host.ts',
    rule: 'agents-see-three-ports',
  },
  {
    title: 'an agent sees no use case',
    from: 'src/agents/triager/a.ts',
    to: 'src/application/a.ts',
    rule: 'agents-see-three-ports',
  },
  {
    title: 'an agent touches the machine through ports alone',
    from: 'src/agents/triager/a.ts',
    to: 'node:fs',
    rule: 'agents-without-node',
  },
  {
    title: 'a use case imports no package',
    from: 'src/application/a.ts',
    to: 'zod',
    rule: 'application-sees-ports',
  },
  {
    title: 'a use case imports nothing of node',
    from: 'src/application/a.ts',
    to: 'node:fs',
    rule: 'application-sees-ports',
  },
  {
    title: 'a use case reads no configuration',
    from: 'src/application/a.ts',
    to: 'src/config.ts',
    rule: 'application-sees-ports',
  },
  {
    title: 'an adapter calls no use case',
    from: 'src/adapters/git/a.ts',
    to: 'src/application/a.ts',
    rule: 'adapters-look-inward',
  },
  {
    title: 'an adapter reads no configuration',
    from: 'src/adapters/git/a.ts',
    to: 'src/config.ts',
    rule: 'adapters-look-inward',
  },
  {
    title: 'one adapter does not see another',
    from: 'src/adapters/git/a.ts',
    to: 'src/adapters/github/a.ts',
    rule: 'adapters-apart',
  },
  {
    title: 'a use case names no adapter',
    from: 'src/application/a.ts',
    to: 'src/adapters/git/a.ts',
    rule: 'only-composition-names-adapters',
  },
  {
    title: 'an entrypoint names no adapter',
    from: 'src/entrypoints/cli/main.ts',
    to: 'src/adapters/git/a.ts',
    rule: 'only-composition-names-adapters',
  },
  {
    title: 'an entrypoint asks the composition by its one door',
    from: 'src/entrypoints/cli/main.ts',
    to: 'src/composition/service.ts',
    rule: 'composition-has-one-door',
  },
  {
    title: 'a part of the composition imports no entrypoint',
    from: 'src/composition/service.ts',
    to: 'src/entrypoints/cli/main.ts',
    rule: 'nothing-sees-entrypoints',
  },
  {
    title: 'an entrypoint calls no agent itself',
    from: 'src/entrypoints/cli/main.ts',
    to: 'src/agents/triager/a.ts',
    rule: 'entrypoints-see-application',
  },
  {
    title: 'the composition imports no entrypoint',
    from: 'src/composition.ts',
    to: 'src/entrypoints/cli/main.ts',
    rule: 'nothing-sees-entrypoints',
  },
  {
    title: 'the configuration names no adapter',
    from: 'src/config.ts',
    to: 'src/adapters/git/a.ts',
    rule: 'config-stands-alone',
  },
  {
    title: 'the simulator knows nothing of Assent',
    from: 'src/simulator/a.ts',
    to: 'src/domain/result.ts',
    rule: 'simulator-knows-nothing-of-assent',
  },
  {
    title: 'the composition knows nothing of the simulator',
    from: 'src/composition.ts',
    to: 'src/simulator/a.ts',
    rule: 'assent-knows-nothing-of-simulator',
  },
  {
    title: 'a command that does not start the simulator knows nothing of it',
    from: 'src/entrypoints/cli/commands/status.ts',
    to: 'src/simulator/a.ts',
    rule: 'assent-knows-nothing-of-simulator',
  },
  {
    title: 'an import that resolves to nothing is found',
    from: 'src/domain/a.ts',
    to: 'src/domain/missing.ts',
    rule: 'no-unresolvable',
  },
];

/** Types too: a layer that needs another's types knows the other. */
const importKinds = ['import', 'import type'] as const;

function specifierFrom(file: string, target: string): string {
  if (!target.startsWith('src/')) return target;
  return `${'../'.repeat(file.split('/').length - 1)}${target}`;
}

function plant({ from, to, rule }: Plant, kind: string): Record<string, string> {
  const importing = `${kind} { planted as found } from '${specifierFrom(from, to)}';\nexport { found };`;
  const target =
    to.startsWith('src/') && rule !== 'no-unresolvable'
      ? { [to]: 'export const planted = true;' }
      : {};
  return { ...zod, ...target, [from]: importing };
}

describe('the layers', () => {
  it('hold in the tree as it is', async () => {
    const tree = await cruiseTree(repositoryRoot);
    expect(tree.breaches).toEqual([]);
    // A parser that reads nothing would find nothing too.
    expect(tree.modules).toBeGreaterThan(5);
    expect(tree.dependencies).toBeGreaterThan(5);
  });

  describe.each(importKinds)('by `%s`', (kind) => {
    it.each(breaches)('$title', async (breach) => {
      const { breaches: found } = await cruiseFiles(plant(breach, kind));
      expect(found.map(({ rule }) => rule)).toContain(breach.rule);
    });
  });

  it.each([
    ['a dynamic import', `export const later = () => import('../adapters/git/a.ts');`],
    ['an export from', `export { planted } from '../adapters/git/a.ts';`],
    ['an export of everything', `export * from '../adapters/git/a.ts';`],
    ['an import for its effect', `import '../adapters/git/a.ts';`],
  ])('see %s', async (_, importing) => {
    const { breaches: found } = await cruiseFiles({
      'src/adapters/git/a.ts': 'export const planted = true;',
      'src/application/a.ts': importing,
    });
    expect(found.map(({ rule }) => rule)).toContain('only-composition-names-adapters');
  });

  it('refuse a circle', async () => {
    const { breaches: found } = await cruiseFiles({
      'src/domain/a.ts': `import { b } from './b.ts';\nexport const a = () => b;`,
      'src/domain/b.ts': `import { a } from './a.ts';\nexport const b = () => a;`,
    });
    expect(found.map(({ rule }) => rule)).toContain('no-circular');
  });

  it.each([
    ['src/entrypoints/cli/commands/demo.ts', 'src/simulator/simulator.ts'],
    ['src/entrypoints/cli/commands/simulator.ts', 'src/simulator/simulator.ts'],
    ['src/entrypoints/cli/commands/try.ts', 'src/simulator/simulator.ts'],
    ['src/entrypoints/cli/demo/people.ts', 'src/simulator/simulator.ts'],
    ['src/entrypoints/cli/commands/roadmap.ts', 'src/application/roadmap-tools.ts'],
    ['src/entrypoints/cli/commands/roadmap.ts', 'src/composition.ts'],
    ['src/composition.ts', 'src/adapters/git/mirror.ts'],
    ['src/composition.ts', 'src/composition/service.ts'],
    ['src/composition/service.ts', 'src/adapters/git/mirror.ts'],
    ['src/agents/triager/triager.ts', 'src/ports/language-model.ts'],
    ['src/agents/triager/proposal.ts', 'zod'],
    ['src/adapters/git/mirror.ts', 'src/ports/workspace.ts'],
    ['src/adapters/git/mirror.ts', 'node:fs'],
  ])('let %s import %s', async (from, to) => {
    const { breaches: found } = await cruiseFiles(
      plant({ title: '', rule: '', from, to }, 'import'),
    );
    expect(found).toEqual([]);
  });
});
