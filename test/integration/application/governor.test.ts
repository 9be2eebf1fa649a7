import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, World } from './world.ts';
import { answer, away } from './model.ts';

const config = `version: 1
agents:
  triager: { enabled: false }
  reviewer: { enabled: false }
  governor: { every: 1 }
`;

const roadmap = `# Roadmap

Current Version: v1.0.0

## Milestone 1

- [ ] Widgets hold
- [ ] Widgets turn (#1)
- [x] Widgets shine (#2)
`;

const changelog = `# Changelog

## [Unreleased]

### Fixed

- Rust

## [1.0.0] - 2026-01-01

### Added

- Widgets
`;

const readme = `# Widgets

See [the guide](docs/guide.md) and \`src/turn.js\`. Test it by \`npm run test\`, shine it by \`npm run polish\`.

\`\`\`mermaid
graph LR
  a[src/hold.js] --> b[src/gone.js]
\`\`\`
`;

/** Four cycles of one repository, as its maintainers live through them. */
describe('the governor over four cycles', () => {
  let world: World;
  const merged: number[] = [];

  beforeAll(async () => {
    const files = {
      'ROADMAP.md': roadmap,
      'CHANGELOG.md': changelog,
      'README.md': readme,
      'package.json': '{ "scripts": { "test": "node --test" } }\n',
      'src/hold.js': 'hold();\n',
    };
    world = await World.begin({ config, files });
    await world.machine();
    await world.issue('Widgets turn');
    await world.issue('Widgets shine');
  });
  afterAll(() => world.end());

  /** A pull request of a person's, titled and merged by hand. */
  const merge = async (name: string, title: string, body = ''): Promise<number> => {
    const pull = await world.pull('writer', name);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { title, body });
    await world.merge('owner', pull);
    await world.ended(`pull-${pull}`);
    merged.push(pull);
    return pull;
  };

  const judging = (line: number, ...evidence: readonly number[]) =>
    world.model.next(
      'governor',
      answer({
        flips: evidence.length === 0 ? [] : [{ line, to: 'done', evidence }],
        summary: 'Widgets.',
        sentences: {
          what_changed: '',
          risks_introduced: '',
          how_it_can_fail: '',
          how_detected: '',
          how_recovered: '',
        },
      }),
    );

  const driftIn = (body: string): readonly string[] =>
    (/## Drift\n([\s\S]*?)\n## /.exec(body)?.[1] ?? '')
      .replaceAll('\u200B', '')
      .split('\n')
      .filter((line) => line.startsWith('- '));

  const recorded = async (cycle: number): Promise<unknown> => {
    const proposed = (await world.history()).flatMap((event) =>
      event.type === 'agent.proposed' && event.item === `cycle-${cycle}`
        ? [event.data.content]
        : [],
    );
    return fieldOf(proposed.at(-1), 'drift');
  };

  const proposal = async (cycle: number) => {
    const { pull_request } = await world.waits(`cycle-${cycle}`, 'merge');
    const number = pull_request?.number ?? 0;
    const pull = await world.act('owner', 'GET', `/pulls/${number}`);
    return { number, branch: pull_request?.branch ?? '', body: String(fieldOf(pull, 'body')) };
  };

  it('proposes what merges show, each row with its pull requests, the version and the changelog', async () => {
    judging(7, 3, 99);
    const turn = await merge('turn', 'feat: turn both ways', 'Closes #1');
    const { body, branch, number } = await proposal(1);
    expect(body).toContain(`- Widgets hold → **done**, shown by #${turn}`);
    expect(body).toMatch(new RegExp(`- Widgets turn .*→ \\*\\*done\\*\\*, shown by #${turn}`));
    expect(body).toContain(`1.0.0 → **1.1.0**, minor: #${turn} (the title says feat)`);
    expect(await world.read(branch, 'CHANGELOG.md')).toBe(
      changelog.replace(
        '## [Unreleased]\n',
        `## [Unreleased]\n\n## [1.1.0] - ${world.now().toISOString().slice(0, 10)}\n\n### Added\n\n- Turn both ways (#${turn} by writer)\n`,
      ),
    );
    expect(driftIn(body)).toEqual([
      '- README.md, line 3: links to `docs/guide.md`, which is not there',
      '- README.md, line 3: names `src/turn.js`, which is not there',
      '- README.md, line 3: `npm run polish` is no script of any package.json',
      '- README.md, line 7: draws `src/gone.js`, which is not there',
      '- ROADMAP.md, line 9: "Widgets shine (#2)" is done, and #2 is open',
    ]);
    expect(await recorded(1)).toHaveLength(5);
    await world.comment('maintainer', number, '/assent reject they still fall off');
    expect(await world.ended('cycle-1')).toMatchObject({ outcome: 'rejected' });
    expect(await world.act('owner', 'GET', `/pulls/${number}`)).toMatchObject({ state: 'open' });
  });

  it('without a model asks nothing again that was refused, tells of what no cycle told of, and loses no merge', async () => {
    const [turn = 0] = merged;
    world.model.next('governor', away);
    const fold = await merge('fold', 'fix: fold', 'Closes #2');
    const waiting = await world.until('the model to be away', ({ items }) => {
      const item = items['cycle-2'];
      return item?.authority === 'model_unavailable' && item;
    });
    // Nobody names one any more, in the words that it waits with: rows that name issues need none.
    world.model.absent = waiting.note ?? '';
    const { body, number, branch } = await proposal(2);
    delete world.model.absent;
    expect(body).toContain('No model is configured, so rows were compared by the issues');
    // Told before and not again; the fifth was mended by its issue's end.
    expect(body).toContain('<summary>4 that an earlier cycle told of stand still</summary>');
    expect(body).toMatch(/\| governor \| 1 \| 0 \| 1 \| 0 \| 0 \| 1 \| 110 \|/);
    expect(body).toMatch(
      /- Widgets turn .*→ done: no in cycle 1: rejected by maintainer: they still fall off\. Nothing merged since/,
    );
    expect(body).toContain(`1.0.0 → **1.1.0**, minor: #${turn} (the title says feat)`);
    expect(body).toContain(`With #${turn}, which no published cycle told of yet.`);
    expect(await world.read(branch, 'CHANGELOG.md')).toContain(
      `- Fold (#${fold} by writer)\n- Rust`,
    );
    expect(await world.read(branch, 'ROADMAP.md')).toContain('- [ ] Widgets hold');
    await world.review('maintainer', number, 'APPROVE');
    expect(await world.ended('cycle-2')).toMatchObject({ outcome: 'published' });
    const log = (await world.read('main', 'INTERNAL_LOG.md')) ?? '';
    for (const left of [
      '## Taking over after cycle 2',
      '1. On the roadmap: `Widgets hold` (line 7, planned).',
      `- Merged pull request ${fold} \`fix: fold\`, approved by \`owner merged by hand\``,
      '`maintainer` on **`cycle-1`**: rejected the roadmap: `rejected by maintainer: they still fall off`',
      '- `README.md` line 3: links to `docs/guide.md`, which is not there',
    ])
      expect(log).toContain(left);
  });

  it('asks again for what was merged since, and remembers what somebody took out before the merge', async () => {
    const [turn = 0] = merged;
    const nail = turn + 4;
    judging(7, turn, nail);
    expect(await merge('nail', 'fix: nail them down')).toBe(nail);
    const { body, number, branch } = await proposal(3);
    expect(body).toContain(
      `- Widgets hold → **done**, shown by #${turn}, #${nail}. Refused in cycle 1; merged since: #${nail}`,
    );
    const proposed = (await world.read(branch, 'ROADMAP.md')) ?? '';
    await world.push(
      'maintainer',
      branch,
      'ROADMAP.md',
      proposed.replace('[x] Widgets hold', '[ ] Widgets hold'),
    );
    await world.until('the new head to be asked about', ({ items }) => {
      const item = items['cycle-3'];
      return item?.authority === 'waiting_for_human' && item.gate?.digest !== item.proposal?.digest;
    });
    await world.review('owner', number, 'APPROVE');
    expect(await world.ended('cycle-3')).toMatchObject({ outcome: 'published' });

    judging(7, turn, nail);
    await merge('last', 'fix: last');
    const next = await proposal(4);
    expect(next.body).toContain(
      '- Widgets hold → done: it was taken back after cycle 3 proposed it.',
    );
    expect(next.body).not.toContain('which no published cycle told of yet');
    const counted = (await world.history()).flatMap((event) =>
      event.type === 'merge.counted' ? [[event.data.cycle, event.data.merge.pull_request]] : [],
    );
    expect(counted).toEqual(merged.map((pull, index) => [index + 1, pull]));
  });
});
