import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer } from './model.ts';
import { fieldOf, list, World } from './world.ts';

/** Whoever looks, wherever they look, is told the same: what is asked, who has given it, who could, what does not count. */
describe('an explanation', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  const tree = (text: string): string =>
    /<summary>Why<\/summary>\s*([\s\S]*?)\s*<\/details>/.exec(text)?.[1] ?? '';

  const checkOf = async (head: string): Promise<string> => {
    const runs = await world.act('reader', 'GET', `/commits/${head}/check-runs`);
    const [run] = list(fieldOf(runs, 'check_runs'));
    return String(fieldOf(fieldOf(run, 'output'), 'summary'));
  };

  it('is the same tree in the comment and in the check run, and names whom to ask', async () => {
    const { number, head, pull } = await world.contributed('Explained');
    await world.label('triager', pull, 'assent:approve');
    await world.until('the label to be judged', ({ items }) =>
      Object.values(items).some((item) => item.gate?.ignored.length === 1),
    );
    await world.settled();
    const [comment, check] = [await world.comment1(number), await checkOf(head)];
    expect(tree(comment)).toContain('step code: 0 of 1 from role maintainer');
    expect(tree(comment)).toMatch(/could be given by .*maintainer.*owner/);
    expect(tree(check)).toBe(tree(comment));
    for (const text of [comment, check]) {
      expect(text).toMatch(
        /label assent:approve by triager.*counts for nothing.*permission triage/,
      );
    }
  });

  it('says nothing of what our own reviewer said, and keeps what another App did', async () => {
    world.model.next(
      'reviewer',
      answer({
        summary: 'It does what nobody asked for.',
        risk: { level: 'high', reasons: ['nobody asked for it'] },
        findings: [
          {
            path: 'reviewed.txt',
            line: 1,
            severity: 'major',
            message: 'Nobody asked for it.',
            suggestion: null,
          },
        ],
        event: 'REQUEST_CHANGES',
      }),
    );
    const pull = await world.pull('writer', 'reviewed');
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await world.settled();
    const given = list(await world.act('owner', 'GET', `/pulls/${pull}/reviews`));
    expect(given.map((one) => fieldOf(fieldOf(one, 'user'), 'login'))).toEqual(['assent[bot]']);
    expect(given.map((one) => fieldOf(one, 'state'))).toEqual(['CHANGES_REQUESTED']);
    expect((await world.item(id))?.gate?.ignored).toEqual([]);

    const { token } = world.simulator.otherApp;
    await world.simulatorAs(token, 'POST', `/pulls/${pull}/reviews`, {
      event: 'APPROVE',
      body: '',
    });
    await world.until('the other App to be judged', ({ items }) => items[id]?.gate?.ignored.length);
    await world.settled();
    const head = (await world.item(id))?.pull_request?.head ?? '';
    for (const text of [await world.comment1(pull), await checkOf(head)]) {
      expect(text).toMatch(/counts for nothing.*otherapp.*is no person/);
      expect(text).not.toContain('assent[bot]');
    }
  });

  it('is given on the spot to whoever asks why, in one line of the one comment', async () => {
    const { number } = await world.planned('Why');
    await world.comment('reader', number, '/assent why');
    await world.settled();
    const text = await world.comment1(number);
    expect(text).toMatch(/> reader: .*waits for a human.*plan: 0 of 1.*could be given by/);
  });
});
