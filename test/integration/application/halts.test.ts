import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leavePersonAct } from '../../../src/application/intake/person-act.ts';
import type { Repository } from '../../../src/application/repository.ts';
import type { EffectKind } from '../../../src/domain/work-item/state.ts';
import { answer, contribution } from './model.ts';
import { policies } from './project.ts';
import { World, type Machine } from './world.ts';

/** What reaches GitHub for each kind of effect that is more than telling how things stand. */
const acts = {
  'labels.change': ['changeLabels'],
  'branch.push': ['push'],
  'pull_request.open': ['push', 'openPullRequest'],
  'pull_request.ready': ['markReady'],
  'review.publish': ['publishReview'],
  'pull_request.merge': ['merge'],
  'branch.delete': ['deleteBranch'],
  'issue.close': ['closeIssue'],
} as const satisfies Partial<Record<EffectKind, readonly string[]>>;
type Kind = keyof typeof acts;

interface On {
  readonly kind: Kind;
  readonly call: string | null;
}

/** Somebody halts through the API at a chosen moment; what is asked of GitHub after it is written down. */
class Brake {
  machine: Machine | null = null;
  /** Effects asked of GitHub, in order, with whether everything should have stopped by then. */
  readonly after: string[] = [];
  readonly done: string[] = [];
  #pulled = false;
  /** `call`: not at once, but when that is asked after it was meant. */
  #on: On | null = null;
  #meant = false;

  /** As soon as such an effect is meant, and before anything is done for it. */
  whenMeant(kind: Kind): void {
    this.#reset({ kind, call: null });
  }

  /** While it is asked, in the midst of making an act ready. */
  whenAsked(call: string, kind: Kind): void {
    this.#reset({ kind, call });
  }

  release(): void {
    this.#pulled = false;
    this.#on = null;
  }

  #reset(on: On): void {
    this.#meant = false;
    this.after.length = 0;
    this.done.length = 0;
    this.#pulled = false;
    this.#on = on;
  }

  async #pull(): Promise<void> {
    const { machine } = this;
    if (machine === null || this.#pulled) return;
    this.#pulled = true;
    this.#on = null;
    const [ref] = await machine.deps.codeHost.repositories();
    if (ref === undefined) throw new Error('no repository');
    const writer = await machine.deps.codeHost.repository(ref).permission('writer');
    if (writer === null) throw new Error('no writer');
    const { account: person } = writer;
    await leavePersonAct(machine.deps, ref, { verb: 'halt', rest: 'now', person });
    await machine.service.wake(ref);
  }

  readonly around = (repository: Repository): Repository => {
    const names: readonly string[] = Object.values(acts).flat();
    const watch = <T extends object>(part: T): T =>
      new Proxy(part, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return async (...args: readonly unknown[]): Promise<unknown> => {
            const call = String(name);
            if (names.includes(call)) (this.#pulled ? this.after : this.done).push(call);
            const result: unknown = await Reflect.apply(value, target, [...args]);
            if (this.#meant && this.#on?.call === call) await this.#pull();
            return result;
          };
        },
      });
    const { ledger } = repository;
    return {
      ...repository,
      host: watch(repository.host),
      files: watch(repository.files),
      ledger: {
        ...ledger,
        append: async (decide) => {
          const appended = await ledger.append(decide);
          const intents = appended.ok ? Object.values(appended.value.ledger.state.intents) : [];
          const on = this.#on;
          if (intents.some(({ kind }) => kind === on?.kind)) this.#meant = true;
          if (this.#meant && on?.call === null) await this.#pull();
          return appended;
        },
      },
    };
  };
}

describe('law 9: a halt through the API reaches a running wake-up before its next effect', () => {
  let world: World;
  const brake = new Brake();
  beforeAll(async () => {
    world = await World.begin({
      config: 'version: 1\nagents: { triager: { remind_after: null, stale_after: 1m } }\n',
      policies: `${policies}  - { id: close, agents: [triager], actions: [issue.close], effect: allow }\n`,
    });
    await world.act('owner', 'POST', '/labels', { name: 'bug', color: 'ff0000' });
    brake.machine = await world.machine({ around: brake.around });
  });
  afterAll(() => world.end());

  const halted = () => world.until('the halt', ({ control }) => control.halted);
  const resume = async () => {
    brake.release();
    const number = await world.issue('Where one says resume');
    await world.comment('maintainer', number, '/assent resume');
    await world.until('to go on', ({ control }) => control.halted === null);
  };
  const merged = (id: string) => world.ended(id);

  /** Each story leads to an effect of its kind, and on to the merge once it goes on. */
  const stories: readonly (readonly [Kind, () => Promise<string>])[] = [
    [
      'labels.change',
      async () => {
        world.model.next('triager', () => labelled);
        brake.whenMeant('labels.change');
        return `issue-${await world.issue('To be labelled')}`;
      },
    ],
    [
      'issue.close',
      async () => {
        world.model.next('triager', () => asking);
        const number = await world.issue('To be closed');
        await world.until(
          'the question',
          ({ items }) => items[`issue-${number}`]?.authority === 'waiting_for_information',
        );
        brake.whenMeant('issue.close');
        world.tick(65);
        await world.comment('stranger', number, 'Same here.');
        return `issue-${number}`;
      },
    ],
    [
      'pull_request.open',
      async () => {
        const { id, number } = await world.planned('To be opened');
        brake.whenMeant('pull_request.open');
        await world.label('maintainer', number, 'assent:approve');
        return id;
      },
    ],
    [
      'review.publish',
      async () => {
        const { id, number } = await world.planned('To be reviewed');
        brake.whenMeant('review.publish');
        await world.label('maintainer', number, 'assent:approve');
        return id;
      },
    ],
    [
      'pull_request.ready',
      async () => {
        const { id, number } = await world.planned('To be made ready');
        brake.whenMeant('pull_request.ready');
        await world.label('maintainer', number, 'assent:approve');
        return id;
      },
    ],
    [
      'branch.push',
      async () => {
        const { id, pull } = await world.contributed('To be pushed to');
        brake.whenMeant('branch.push');
        await world.review('maintainer', pull, 'REQUEST_CHANGES', 'More of it.');
        return id;
      },
    ],
    [
      'pull_request.merge',
      async () => {
        const { id, pull } = await world.contributed('To be merged');
        brake.whenMeant('pull_request.merge');
        await world.review('maintainer', pull, 'APPROVE');
        return id;
      },
    ],
    [
      'branch.delete',
      async () => {
        const { id, pull } = await world.contributed('To be cleaned up after');
        brake.whenMeant('branch.delete');
        await world.review('maintainer', pull, 'APPROVE');
        return id;
      },
    ],
  ];

  it.each(stories)('%s is not done, and is done once when it goes on', async (kind, begin) => {
    const id = await begin();
    await halted();
    await world.settled();
    expect(brake.after).toEqual([]);
    for (const call of acts[kind]) expect(brake.done).not.toContain(call);
    await resume();
    if (kind === 'branch.delete') {
      await merged(id);
      await world.settled();
      const { status } = await world.try('owner', 'GET', `/git/ref/heads/assent/${id}`);
      expect(status).toBe(404);
      return;
    }
    await world.until(
      'it to be done',
      ({ intents, items }) =>
        items[id] === undefined || !Object.values(intents).some((one) => one.kind === kind),
    );
  });

  it.each([
    ['the evidence of a merge is looked at', 'pullRequestWithEvidence', 'merge'],
    ['a branch is pushed whose pull request would follow', 'push', 'openPullRequest'],
  ] as const)('while %s, nothing more goes out', async (_title, asked, call) => {
    const opens = call === 'openPullRequest';
    const { id, number } = opens
      ? await world.planned('Stopped between the two')
      : { ...(await world.contributed('Stopped at the last look')) };
    if (opens) {
      brake.whenAsked(asked, 'pull_request.open');
      await world.label('maintainer', number, 'assent:approve');
    } else {
      const pull = (await world.item(id))?.pull_request?.number ?? 0;
      await world.settled();
      brake.whenAsked(asked, 'pull_request.merge');
      await world.review('maintainer', pull, 'APPROVE');
    }
    await halted();
    await world.settled();
    expect(brake.after).toEqual([]);
    expect(brake.done).not.toContain(call);
    await resume();
    if (!opens) await merged(id);
    else await world.waits(id, 'merge');
  });
});

describe('an agent that works while somebody halts', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());
  const halted = () => world.until('the halt', ({ control }) => control.halted);

  it('is told to stop, spends no attempt, and begins anew when it may go on', async () => {
    const { id, number } = await world.planned('Stopped at work');
    const told = Promise.withResolvers<string>();
    world.model.next('contributor', async ({ signal }) => {
      signal?.addEventListener('abort', () => told.resolve('stop'), { once: true });
      await world.comment('writer', number, '/assent halt');
      await told.promise;
      throw new Error('the request was aborted');
    });
    await world.label('maintainer', number, 'assent:approve');
    await halted();
    expect(await told.promise).toBe('stop');
    await world.settled();
    expect(await world.item(id)).toMatchObject({ authority: 'running', attempts: 0 });
    await world.comment('maintainer', number, '/assent resume');
    expect((await world.waits(id, 'merge')).attempts).toBe(0);
  });

  it('and is done all the same: what it brought waits', async () => {
    const { id, number } = await world.planned('Too late to stop');
    world.model.next('contributor', async ({ subject }) => {
      await world.comment('writer', number, '/assent halt');
      await halted();
      return contribution(`${subject}.txt`);
    });
    await world.label('maintainer', number, 'assent:approve');
    await halted();
    await world.settled();
    expect(await world.item(id)).toMatchObject({ pull_request: null, proposal: null });
    await world.comment('maintainer', number, '/assent resume');
    expect((await world.waits(id, 'merge')).pull_request).not.toBeNull();
  });
});

const labelled = answer({
  labels: ['bug'],
  type: 'bug',
  priority: 'normal',
  size: 'small',
  duplicates: [],
  missing_information: [],
  plan: {
    summary: 'Write it down.',
    files: ['notes.txt'],
    steps: ['Write the file.'],
    risks: [],
    tests: ['Read the file.'],
  },
  comment: 'A plan follows.',
});

const asking = answer({
  labels: [],
  type: 'bug',
  priority: 'normal',
  size: 'small',
  duplicates: [],
  missing_information: ['Which one is it?'],
  plan: null,
  comment: 'Thank you.',
});
