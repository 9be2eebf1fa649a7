import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { triageNotesOf } from '../../../src/domain/work-item/triage-notes.ts';
import { answer } from './model.ts';
import { policies } from './project.ts';
import { World } from './world.ts';

/** From the issues a repository already has: six of a kind, labelled by people, and closed. */
async function past(world: World): Promise<void> {
  for (const name of ['bug', 'enhancement', 'area: lid', 'wontfix']) {
    await world.act('owner', 'POST', '/labels', { name, color: 'ededed' });
  }
  for (const [at, jar] of ['round', 'square', 'tall', 'small', 'blue', 'red'].entries()) {
    const number = await world.issue(`The lid of the ${jar} jar falls off`, 'It does not hold.');
    await world.act('owner', 'POST', `/issues/${number}/labels`, {
      labels: at < 5 ? ['bug', 'area: lid', 'wontfix'] : ['enhancement'],
    });
    await world.act('owner', 'PATCH', `/issues/${number}`, { state: 'closed' });
  }
}

describe('triage where no model is configured', () => {
  let world: World;
  let url: string;
  beforeAll(async () => {
    world = await World.begin();
    await past(world);
    world.model.absent = 'no model is configured: name one';
    ({ url } = await world.machine());
  });
  afterAll(() => world.end());

  const sorted = (number: number) =>
    world.until(`issue ${number} to be sorted`, ({ items }) => {
      const item = items[`issue-${number}`];
      return item?.authority === 'model_unavailable' && item;
    });
  const labelsOf = async (number: number) => {
    const { labels } = (await world.act('owner', 'GET', `/issues/${number}`)) as {
      labels: { name: string }[];
    };
    return labels.map(({ name }) => name).toSorted();
  };

  it('labels it as issues like it are, says by what, and waits for a model with the plan', async () => {
    const number = await world.issue(
      'The lid of the green jar falls off',
      'It falls off as soon as I turn the jar around: 1. close it, 2. turn it, 3. look at the floor.',
    );
    await sorted(number);
    await world.settled();
    expect(await labelsOf(number)).toEqual(['area: lid', 'bug']);
    const text = await world.comment1(number);
    for (const words of [
      'Sorted; a plan waits for a model',
      'no model is configured',
      '`area: lid` (',
      'Reads like',
      'jar falls off (0.',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('name one');
    // Nothing in it makes GitHub write into the issues it names.
    expect(text).not.toMatch(/#\d|https?:/);
    expect(world.model.asked).toEqual([]);
  });

  it('is told of in the same words wherever people read of it', async () => {
    const number = await world.issue(
      'The lid of the grey jar falls off',
      'It falls off as soon as I turn the jar around, which I did not expect of a lid.',
    );
    await sorted(number);
    await world.comment('maintainer', number, '/assent status');
    await world.settled();
    const words = 'Sorted; a plan waits for a model';
    const comment = await world.comment1(number);
    expect(comment).toContain(`**${words}**`);
    expect(comment).toContain(`maintainer: ${words}`);
    for (const page of ['/dashboard', `/items/acme/widgets/issue-${number}`]) {
      const text = await (await fetch(`${url}${page}`)).text();
      expect(text, page).toContain(words);
      expect(text, page).not.toMatch(/waits for the model/i);
    }
    const log = await world.read('assent/ledger', 'INTERNAL_LOG.md');
    expect(log).toContain(`triage, ${words.toLowerCase()}, since`);
  });

  it('says that it does not know what nothing tells it', async () => {
    const number = await world.issue(
      'Zebras',
      'All zebras of this zoo should please get a name tag.',
    );
    await sorted(number);
    await world.settled();
    expect(await labelsOf(number)).toEqual([]);
    expect(await world.comment1(number)).toContain('Not known: type, area');
  });

  it('asks once for what is missing, and goes on with whatever the answer is', async () => {
    const number = await world.issue('Help', '');
    await world.until('a question', ({ items }) => {
      const item = items[`issue-${number}`];
      return item?.authority === 'waiting_for_information' && item.missing.length === 1;
    });
    await world.comment('reader', number, 'It is broken.');
    await sorted(number);
    const asked = (await world.history()).filter(
      ({ type, item }) => type === 'information.requested' && item === `issue-${number}`,
    );
    expect(asked).toHaveLength(1);
  });

  it('an edit is read, and the model is not asked for again until there is one', async () => {
    const number = await world.issue(
      'Zebra',
      'One zebra too many is standing in the kitchen, next to the jars, and it does not want to go out to the garden.',
    );
    await sorted(number);
    await world.act('reader', 'PATCH', `/issues/${number}`, {
      title: 'The lid of the jar falls off',
    });
    await world.until('the labels of the lid', ({ triage }) =>
      triage[`issue-${number}`]?.report?.labels.some(({ label }) => label === 'area: lid'),
    );
    await sorted(number);
    const before = (await world.history()).length;
    world.tick(5);
    await world.settled();
    expect((await world.history()).slice(before)).toEqual([]);
  });

  it('what does not show in a text is taken out, and whoever reads the comment is told', async () => {
    const number = await world.issue(
      'The lid of the pink jar falls off',
      'It falls off as soon as anybody turns the jar around, on the table as well as in the hand, each time.\u{E0049}\u{E0067}\u200B',
    );
    await sorted(number);
    await world.settled();
    expect(await world.comment1(number)).toContain('body: 3 hidden characters removed');
    expect(triageNotesOf(await world.state(), `issue-${number}`).flags).toHaveLength(1);
  });
});

describe('triage by a model', () => {
  let world: World;
  let url: string;
  beforeAll(async () => {
    world = await World.begin({
      config: 'version: 1\nagents: { triager: { remind_after: 1m, stale_after: 1m } }\n',
      policies: `${policies}  - id: close-stale
    agents: [triager]
    actions: [issue.close]
    when: issue.labels.exists(label, label == "may be closed")
    effect: allow
  - id: quiet
    agents: [triager]
    actions: [issue.comment]
    when: issue.labels.exists(label, label == "quiet")
    effect: deny
limits: [ { agents: [triager], actions: [issue.close], per_day: 1 } ]
`,
    });
    for (const name of ['may be closed', 'quiet']) {
      await world.act('owner', 'POST', '/labels', { name, color: 'ededed' });
    }
    await past(world);
    ({ url } = await world.machine());
  });
  afterAll(() => world.end());

  it('is told what reads alike and which labels such issues carry; what it finds stands in the comment', async () => {
    world.model.next(
      'triager',
      answer({
        labels: ['bug'],
        type: 'bug',
        priority: 'high',
        size: 'small',
        duplicates: [{ number: 1, reason: 'Both tell of a lid that @falls off.' }],
        missing_information: [],
        plan: null,
        comment: 'Thank you, closes #1.',
      }),
    );
    const number = await world.issue('The lid of the green jar falls off', 'It does not hold.');
    await world.until(
      'a question',
      ({ items }) => items[`issue-${number}`]?.authority === 'waiting_for_information',
    );
    await world.settled();
    const [asked] = world.model.asked.map(({ messages }) => messages[1]?.content ?? '');
    expect(asked).toContain('Labels that issues like it carry');
    expect(asked).toMatch(/1 \(0\.\d+, closed\) <data-/);
    const text = await world.comment1(number);
    expect(text).toContain('bug · priority high · size small');
    expect(text).toContain('[1](../issues/1)');
    expect(text).not.toMatch(/@falls|#1\b/);
  });

  const asks = answer({
    labels: [],
    type: 'bug',
    priority: 'normal',
    size: 'small',
    duplicates: [],
    missing_information: ['Which jar is it?'],
    plan: null,
    comment: 'Thank you.',
  });
  const asked = async (label?: string) => {
    world.model.next('triager', asks);
    const number = await world.issue('It falls off', 'It does not hold, whatever I do with it.');
    if (label !== undefined) await world.label('maintainer', number, label);
    const id = `issue-${number}`;
    await world.until('the question', ({ items }) => items[id]?.missing[0] === 'Which jar is it?');
    return { number, id };
  };
  const reminded = async ({ number, id }: { readonly number: number; readonly id: string }) => {
    world.tick(65);
    // Anything that happens has it looked at; by itself it is looked at when it is due.
    await world.comment('stranger', number, 'Same here.');
    await world.until('the reminder', ({ triage }) => (triage[id]?.reminded_at ?? null) !== null);
    await world.settled();
  };
  const onGitHub = (number: number) => world.act('owner', 'GET', `/issues/${number}`);

  it('reminds an author who does not answer once, by name, and then lets the question go', async () => {
    const { number, id } = await asked();
    await reminded({ number, id });
    expect(await world.comment1(number)).toContain('@reader, this still waits for an answer.');
    world.tick(65);
    await world.comment('stranger', number, 'And here.');
    expect(await world.ended(id)).toMatchObject({ outcome: 'expired' });
    await world.settled();
    expect(await world.comment1(number)).toContain('was not answered, nor the reminder');
    // No rule lets it be closed.
    expect(await onGitHub(number)).toMatchObject({ state: 'open' });
    expect(await verdicts(id)).toContain('issue.close deny');
    const told = (await world.history()).filter(
      ({ type, item }) => type === 'information.reminded' && item === id,
    );
    expect(told).toHaveLength(1);
  });

  const verdicts = async (id: string) =>
    (await world.history()).flatMap((event) =>
      event.type === 'verdict.given' && event.item === id
        ? [`${event.data.action} ${event.data.effect}`]
        : [],
    );

  it('closes an issue whose question was not answered where a rule lets it, and is bound by its limit', async () => {
    const [first, second] = [await asked('may be closed'), await asked('may be closed')];
    await reminded(first);
    await reminded(second);
    world.tick(65);
    await world.comment('stranger', first.number, 'And here.');
    for (const { id } of [first, second]) {
      expect(await world.ended(id)).toMatchObject({ outcome: 'expired' });
    }
    await world.settled();
    const states = [await onGitHub(first.number), await onGitHub(second.number)];
    expect(states).toMatchObject([
      { state: 'closed', state_reason: 'not_planned', closed_by: { type: 'Bot' } },
      { state: 'open' },
    ]);
    expect(await world.comment1(first.number)).toContain('the issue is closed');
    expect(await verdicts(second.id)).toContain('issue.close deny');
    // Whoever opens it again has it looked at again.
    await world.act('reader', 'PATCH', `/issues/${first.number}`, { state: 'open' });
    await world.waits(first.id, 'plan');
  });

  it('reminds nobody where policy denies it, and counts from the question', async () => {
    const { number, id } = await asked('quiet');
    world.tick(65);
    await world.comment('stranger', number, 'Same here.');
    expect(await world.ended(id)).toMatchObject({ outcome: 'expired' });
    await world.settled();
    expect(await world.comment1(number)).toMatch(/was not answered(?!, nor)/);
    expect(await verdicts(id)).toContain('issue.comment deny');
  });

  it('lets no question go whose answer stands on GitHub, though nobody told of it', async () => {
    const { number, id } = await asked('may be closed');
    await reminded({ number, id });
    world.simulator.setWebhook(null);
    await world.comment('reader', number, 'The green one.');
    world.simulator.setWebhook(`${url}/api/github/webhooks`);
    world.tick(65);
    await world.comment('stranger', number, 'And here.');
    await world.until(
      'the answer',
      ({ items }) => items[id] !== undefined && items[id].authority !== 'waiting_for_information',
    );
    const given = (await world.history()).findLast(
      ({ type, item }) => type === 'information.given' && item === id,
    );
    expect(given).toMatchObject({ actor: { kind: 'human', login: 'reader' } });
    expect(await onGitHub(number)).toMatchObject({ state: 'open' });
  });

  it('where vectors are to be had counts what they cost, and where they are not says so and goes on', async () => {
    const usage = { input_tokens: 7_000, output_tokens: 0, usd: null, estimated: false };
    let away = false;
    world.model.embedding = {
      model: 'vectors-1',
      most: 100,
      embed: async ({ texts }) =>
        away
          ? { kind: 'unavailable', reason: 'it is down, says @ann' }
          : { kind: 'vectors', vectors: texts.map(() => Float32Array.from([1])), usage },
    };
    const before = await tokens();
    const number = await world.issue('The lid of the violet jar falls off', 'It does not hold.');
    await world.waits(`issue-${number}`, 'plan');
    expect((await tokens()) - before).toBeGreaterThan(7_000);
    expect(world.model.asked.at(-1)?.messages[1]?.content).toMatch(/\(words 0\.\d+, meaning 1, /);
    expect(await world.comment1(number)).not.toContain('meaning');
    away = true;
    const other = await world.issue('The lid of the white jar falls off', 'It does not hold.');
    await world.waits(`issue-${other}`, 'plan');
    await world.settled();
    const said = 'compared by their words alone, not by their meaning: it is down, says @\u200Bann';
    expect(await world.comment1(other)).toContain(said);
  });

  const tokens = async (): Promise<number> => (await world.state()).usage.tokens['triager'] ?? 0;
});
