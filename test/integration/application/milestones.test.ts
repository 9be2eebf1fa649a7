import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from './project.ts';
import { fieldOf, World } from './world.ts';

const roadmap = (second: string, rows = '- [ ] Widgets fly\n') => `# Roadmap

## Milestone 1 (In Progress)

- [ ] Widgets hold

## Milestone 2 — Scale (${second})

${rows}`;

const gated = `${policies}
  - id: roadmap-edits
    actions: [issue.close]
    effect: allow
milestones:
  - { name: Milestone 2, gated: true, scope: { users: [owner] } }
`;

const closed = 'milestone "Milestone 2" is not open: its gate is "planned" in ROADMAP.md line 7';

describe('a milestone whose gate is closed', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin({ policies: gated });
    await world.push('owner', 'main', 'ROADMAP.md', roadmap('Planned'));
    await world.act('owner', 'POST', '/milestones', { title: 'Milestone 1' });
    await world.act('owner', 'POST', '/milestones', { title: 'Milestone 2' });
    await world.machine();
  });
  afterAll(() => world.end());

  const put = (item: number, milestone: number | null) =>
    world.act('triager', 'PATCH', `/issues/${item}`, { milestone });

  const denied = (id: string) =>
    world.until(`${id} to be denied`, ({ items }) => {
      const item = items[id];
      return item?.note?.includes(closed) === true && item;
    });

  let waiting: { readonly number: number; readonly id: string };
  let pull: number;

  it('keeps a plan from being adopted, whoever approves, and says where its gate stands', async () => {
    waiting = await world.planned('Fly');
    await put(waiting.number, 2);
    await denied(waiting.id);
    await world.label('owner', waiting.number, 'assent:approve');
    await world.label('maintainer', waiting.number, 'assent:approve');
    await world.settled();
    expect(await world.item(waiting.id)).toMatchObject({
      stage: 'plan',
      authority: 'waiting_for_human',
    });
    expect(await world.comment1(waiting.number)).toContain('is not open');
  });

  it('keeps a pull request from merging', async () => {
    pull = await world.pull('writer', 'flying');
    await world.waits(`pull-${pull}`, 'merge');
    await put(pull, 2);
    await denied(`pull-${pull}`);
    await world.review('maintainer', pull, 'APPROVE');
    await world.settled();
    expect(await world.item(`pull-${pull}`)).toMatchObject({ authority: 'waiting_for_human' });
  });

  it('does not concern another milestone', async () => {
    const { number, id } = await world.planned('Hold');
    await put(number, 1);
    await world.label('maintainer', number, 'assent:approve');
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });

  it('opens by a reviewed pull request, which its owner approves; what waited goes on by itself', async () => {
    await world.branch('writer', 'open-2');
    await world.push('writer', 'open-2', 'ROADMAP.md', roadmap('In Progress'));
    const opened = await world.act('writer', 'POST', '/pulls', {
      title: 'Begin milestone 2',
      head: 'open-2',
      base: 'main',
      body: '',
    });
    const number = Number(fieldOf(opened, 'number'));
    await put(number, 2);
    const id = `pull-${number}`;
    await world.waits(id, 'merge');
    await world.review('maintainer', number, 'APPROVE');
    await world.until('the owner to be asked', ({ items }) =>
      items[id]?.gate?.waiting_for.some(
        ({ step, have }) => step === 'scope:Milestone 2' && have === 0,
      ),
    );
    expect((await world.item(id))?.authority).toBe('waiting_for_human');
    await world.review('owner', number, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'merged' });
    expect((await world.waits(waiting.id, 'merge')).pull_request).not.toBeNull();
  });

  it('takes its owner besides for a plan in it, open as it is', async () => {
    const { number, id } = await world.planned('Fly higher');
    await put(number, 2);
    await world.label('maintainer', number, 'assent:approve');
    await world.until('the owner to be asked', ({ items }) =>
      items[id]?.gate?.waiting_for.some(({ step }) => step === 'scope:Milestone 2'),
    );
    await world.settled();
    expect(await world.item(id)).toMatchObject({ stage: 'plan' });
    await world.comment('owner', number, '/assent approve');
    await world.waits(id, 'merge');
  });

  it('takes its owner besides for rows that come or go', async () => {
    await world.branch('writer', 'rows');
    await world.push(
      'writer',
      'rows',
      'ROADMAP.md',
      roadmap('In Progress', '- [ ] Widgets swim\n'),
    );
    const opened = await world.act('writer', 'POST', '/pulls', {
      title: 'Swim',
      head: 'rows',
      base: 'main',
      body: '',
    });
    const id = `pull-${Number(fieldOf(opened, 'number'))}`;
    const { gate } = await world.waits(id, 'merge');
    expect(gate?.waiting_for.map(({ step }) => step)).toEqual(['code', 'scope:Milestone 2']);
  });

  it('closes again: a plan that was adopted is not begun until it opens', async () => {
    await world.comment('maintainer', waiting.number, '/assent disable contributor');
    await world.until('the contributor to be off', ({ control }) =>
      control.disabled_agents.includes('contributor'),
    );
    const { number, id } = await world.planned('Fly lower');
    await put(number, 2);
    await world.label('maintainer', number, 'assent:approve');
    await world.comment('owner', number, '/assent approve');
    await world.until('the plan to be adopted', ({ items }) => items[id]?.stage === 'contribution');
    await world.push('owner', 'main', 'ROADMAP.md', roadmap('Planned'));
    await world.comment('maintainer', waiting.number, '/assent enable contributor');
    expect(await denied(id)).toMatchObject({ stage: 'contribution', authority: 'created' });
    await world.push('owner', 'main', 'ROADMAP.md', roadmap('In Progress'));
    await world.waits(id, 'merge');
  });
});

describe('a milestone whose turn has come', () => {
  it('is proposed to be opened by the governor, and its owner is asked', async () => {
    const world = await World.begin({
      policies: gated,
      config: 'version: 1\nagents:\n  governor: { every: 1 }\n  reviewer: { enabled: false }\n',
    });
    await world.push('owner', 'main', 'ROADMAP.md', roadmap('Planned'));
    await world.machine();
    const pull = await world.pull('writer', 'hold');
    await world.merge('owner', pull);
    const { pull_request, gate } = await world.waits('cycle-1', 'merge');
    const number = pull_request?.number ?? 0;
    const body = String(fieldOf(await world.act('owner', 'GET', `/pulls/${number}`), 'body'));
    expect(body).toContain('+## Milestone 2 — Scale (In Progress)');
    expect(body).toContain('Opens Milestone 2 — Scale (line 7)');
    expect(gate?.waiting_for.map(({ step }) => step)).toEqual(['roadmap', 'scope:Milestone 2']);
    await world.review('maintainer', number, 'APPROVE');
    await world.review('owner', number, 'APPROVE');
    await world.ended('cycle-1');
    expect(await world.read('main', 'ROADMAP.md')).toContain('Scale (In Progress)');
    await world.end();
  });
});
