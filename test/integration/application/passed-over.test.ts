import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/application/repository.ts';
import { refuse } from '../../../src/domain/result.ts';
import type { RepositoryHost } from '../../../src/ports/code-host.ts';
import { answer } from './model.ts';
import { policies } from './project.ts';
import { World } from './world.ts';

const review = answer({
  summary: 'It does what it says.',
  risk: { level: 'low', reasons: [] },
  findings: [],
  event: 'COMMENT',
});

/** Something to wait for, and what lets it go on. */
function door<T = void>() {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => (open = resolve));
  return { opened, open };
}

/** One act of GitHub's, done otherwise. */
const instead =
  <K extends keyof RepositoryHost>(
    name: K,
    act: (usual: RepositoryHost[K]) => RepositoryHost[K],
  ): ((repository: Repository) => Repository) =>
  (repository) => ({
    ...repository,
    host: { ...repository.host, [name]: act(repository.host[name]) },
  });

/** Of an item, what its review came to, in the order of the history. */
const reviewOf = async (world: World, id: string) =>
  (await world.history())
    .filter(({ item }) => item === id)
    .flatMap((event) => {
      if (event.type === 'stage.completed' && event.data.stage === 'review') return ['completed'];
      if (event.type === 'effect.done' && event.data.key.startsWith('review/'))
        return ['published'];
      return [];
    });

describe('the review of a contribution', () => {
  let world: World;
  let refusal: string | null = null;
  const refusing = instead(
    'publishReview',
    (usual) => async (draft) =>
      refusal === null ? usual(draft) : refuse('review.refused', refusal),
  );
  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world.end());

  it('is not ended by a machine that was overtaken while it opened the pull request', async () => {
    const [isOpen, goOn, asked, told] = [door(), door(), door(), door()];
    const slow = instead('openPullRequest', (usual) => async (draft) => {
      const opened = await usual(draft);
      isOpen.open();
      await goOn.opened;
      return opened;
    });
    const overtaken = await world.machine({ around: slow });
    const { number, id } = await world.planned('Two of us');
    world.model.next('reviewer', async () => {
      asked.open();
      await told.opened;
      return review;
    });
    await world.label('maintainer', number, 'assent:approve');
    await isOpen.opened;
    const other = await world.machine({ around: refusing });
    await asked.opened;
    goOn.open();
    // What the slow one means to write is about a stage that is over.
    await overtaken.composed.engine.jobs.idle({ ignore_delays_over: 3 });
    await overtaken.stop();
    told.open();
    await world.waits(id, 'merge');
    await world.settled(other);
    expect((await reviewOf(world, id))[0]).toBe('published');
  });

  it('waits while policy denies it only for now', async () => {
    const limit = 'limits: [{ agents: [reviewer], actions: [review.publish], per_day: 1 }]\n';
    await world.push('owner', 'main', 'policies/default.yml', policies + limit);
    const { number, id } = await world.planned('Later');
    await world.label('maintainer', number, 'assent:approve');
    await world.until('its review to wait', ({ items }) =>
      items[id]?.note?.startsWith('the work is done and waits: limit'),
    );
    expect(await world.item(id)).toMatchObject({ stage: 'review', authority: 'running' });
    await world.push('owner', 'main', 'policies/default.yml', policies);
    await world.waits(id, 'merge');
    expect(await reviewOf(world, id)).toEqual(['published', 'completed']);
  });

  it.each([
    [
      'GitHub’s refusal',
      async () => {
        refusal = 'GitHub refused the review: too long';
      },
      'too long',
    ],
    [
      'what policy says',
      () => {
        const silent = policies.replace('[review.publish, check.report]', '[check.report]');
        return world.push('owner', 'main', 'policies/default.yml', silent);
      },
      'policy denies review.publish',
    ],
    [
      'what the configuration says',
      () => {
        const off = 'version: 1\nagents:\n  reviewer: { enabled: false }\n';
        return world.push('owner', 'main', '.github/assent.yml', off);
      },
      'the reviewer is off in .github/assent.yml',
    ],
  ])('that is not published for %s is told of, and people decide without it', async (...row) => {
    const [, given, reason] = row;
    await given();
    const { id, number } = await world.contributed('Without a review');
    await world.settled();
    const text = await world.comment1(number);
    expect(text).toContain('no review of ours');
    expect(text).toContain(reason);
    const told = (await world.history()).filter(
      (event) => event.item === id && event.type === 'notice.posted',
    );
    expect(told).toHaveLength(1);
  });
});
