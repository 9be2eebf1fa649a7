import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, list, World } from './world.ts';

/** What GitHub's own rules of a branch want beside the policies. */
const rules = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};

describe('a branch that GitHub protects', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  const protect = (more: Readonly<Record<string, unknown>>) =>
    world.act('owner', 'PUT', '/branches/main/protection', { ...rules, ...more });
  const unprotect = () => world.act('owner', 'DELETE', '/branches/main/protection');

  const waitsFor = (id: string, code: string) =>
    world.until(`the merge of ${id} to wait (${code})`, ({ intents, items }) => {
      const intent = Object.values(intents).find(
        ({ item, kind }) => item === id && kind === 'pull_request.merge',
      );
      return intent?.waiting?.code === code && items[id];
    });

  it.each<
    readonly [what: string, code: string, says: RegExp, rule: Readonly<Record<string, unknown>>]
  >([
    [
      'a review that is none to GitHub',
      'merge.review_required',
      /approves in a review on GitHub/,
      { required_pull_request_reviews: { required_approving_review_count: 1 } },
    ],
    [
      'a check nobody has run',
      'merge.check_missing',
      /has not reported yet/,
      { required_status_checks: { strict: false, contexts: ['ci'] } },
    ],
    ['a locked branch', 'merge.branch_locked', /Unlock the branch/, { lock_branch: true }],
    [
      'a rule about who may push',
      'merge.push_restricted',
      /Let the App push there/,
      { restrictions: { users: ['owner'], teams: [] } },
    ],
  ])(
    'waits for %s, says what to do, and goes on once it is there',
    async (what, code, says, rule) => {
      const pull = await world.pull('writer', `waits-${code}`);
      const id = `pull-${pull}`;
      await world.waits(id, 'merge');
      await protect(rule);
      await world.label('maintainer', pull, 'assent:approve');
      const item = await waitsFor(id, code);
      expect(item).toMatchObject({ authority: 'resumed', stage: 'merge' });
      await world.settled();
      expect(await world.comment1(pull)).toMatch(says);
      // One line for the reason, however often it was looked at.
      const lines = (await world.history()).filter(
        (event) => event.item === id && event.type === 'effect.waiting',
      );
      expect(lines).toHaveLength(1);
      await unprotect();
      await world.comment('writer', pull, '/assent retry');
      expect(await world.ended(id), what).toMatchObject({ outcome: 'merged' });
    },
  );

  it('what was rejected here is not green for GitHub', async () => {
    const pull = await world.pull('writer', 'rejected');
    await world.waits(`pull-${pull}`, 'merge');
    await world.comment('maintainer', pull, '/assent reject Not this way');
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'rejected' });
    await world.settled();
    const checks = [{ context: 'assent', app_id: world.simulator.app.id }];
    await protect({ required_status_checks: { strict: false, contexts: [], checks } });
    const { status } = await world.try('writer', 'PUT', `/pulls/${pull}/merge`, {});
    await unprotect();
    expect(status).toBe(405);
  });

  it('an approval taken back while it waits ends the merge that was meant', async () => {
    const pull = await world.pull('writer', 'taken-back');
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await protect({ lock_branch: true });
    await world.label('maintainer', pull, 'assent:approve');
    await waitsFor(id, 'merge.branch_locked');
    // Told in words, not in silence.
    await world.settled();
    await world.unlabel('maintainer', pull, 'assent:approve');
    await world.waits(id, 'merge');
    await unprotect();
    await world.comment('writer', pull, '/assent retry');
    await world.settled();
    expect(fieldOf(await world.act('owner', 'GET', `/pulls/${pull}`), 'merged')).toBe(false);
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { state: 'closed' });
    await world.ended(id);
  });

  it.each<
    readonly [
      what: string,
      settings: Readonly<Record<string, unknown>>,
      rule: Readonly<Record<string, unknown>>,
    ]
  >([
    ['where the settings allow no merge commits', { allow_merge_commit: false }, {}],
    ['where the branch wants a linear history', {}, { required_linear_history: true }],
  ])('is merged into in another way %s', async (what, settings, rule) => {
    await world.act('owner', 'PATCH', '', settings);
    await protect(rule);
    const pull = await world.pull('writer', what.replaceAll(' ', '-'));
    await world.waits(`pull-${pull}`, 'merge');
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'merged' });
    const merge = fieldOf(await world.act('owner', 'GET', `/pulls/${pull}`), 'merge_commit_sha');
    const commit = await world.act('owner', 'GET', `/commits/${String(merge)}`);
    expect(list(fieldOf(commit, 'parents'))).toHaveLength(1);
    expect(String(fieldOf(fieldOf(commit, 'commit'), 'message'))).toContain(
      'Approved by maintainer',
    );
    await unprotect();
    await world.act('owner', 'PATCH', '', { allow_merge_commit: true });
  });
});

describe('a branch that wants conversations resolved and commits signed', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    // So rarely by itself that only news can make it look again.
    await world.machine({ timing: { retry_ms: 3_600_000 } });
  });
  afterAll(() => world.end());

  const protection = '/branches/main/protection';
  const mergeIntentOf = (id: string, code: string) =>
    world.until(`the merge of ${id} to wait (${code})`, ({ intents, items }) => {
      const [intent] = Object.values(intents).filter(({ item }) => item === id);
      return intent?.waiting?.code === code && items[id];
    });
  const graphql = (query: string, variables: unknown) =>
    world.simulator.as('writer')('POST', '/graphql', { query, variables });

  const threadOf = async (pull: number): Promise<string> => {
    const { body } = await graphql(
      `
        query ($n: Int!) {
          repository(owner: "acme", name: "widgets") {
            pullRequest(number: $n) {
              reviewThreads(first: 1) {
                nodes {
                  id
                }
              }
            }
          }
        }
      `,
      { n: pull },
    );
    const [first] = list(path(body, 'data', 'repository', 'pullRequest', 'reviewThreads', 'nodes'));
    return String(fieldOf(first, 'id'));
  };

  it('waits for the last conversation, and merges when it is told of its end', async () => {
    await world.act('owner', 'PUT', protection, {
      ...rules,
      required_conversation_resolution: true,
    });
    const pull = await world.pull('writer', 'discussed');
    const id = `pull-${pull}`;
    await world.waits(id, 'merge');
    await world.act('maintainer', 'POST', `/pulls/${pull}/reviews`, {
      event: 'APPROVE',
      comments: [{ path: 'discussed.txt', line: 1, side: 'RIGHT', body: 'Is that so?' }],
    });
    expect(await mergeIntentOf(id, 'merge.conversation_unresolved')).toMatchObject({
      authority: 'resumed',
      note: expect.stringContaining('Resolve the conversations on the pull request.'),
    });
    await graphql(
      'mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { clientMutationId } }',
      { id: await threadOf(pull) },
    );
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    await world.act('owner', 'DELETE', protection);
  });

  it('waits for a signature of whoever wrote it, and merges what they sign', async () => {
    const pull = await world.pull('writer', 'unsigned');
    const id = `pull-${pull}`;
    const signed = await world.waits(id, 'merge');
    const unsigned = await commitUnsigned(world, 'unsigned');
    await world.until('the new head', ({ items }) => items[id]?.pull_request?.head === unsigned);
    await world.waits(id, 'merge');
    await world.act('owner', 'PUT', protection, rules);
    await world.act('owner', 'POST', `${protection}/required_signatures`);
    await world.review('maintainer', pull, 'APPROVE');
    expect((await mergeIntentOf(id, 'merge.signature_required')).note).toContain(
      'Sign the commits of the pull request',
    );
    // Not squashed: that would be Assent's way round what the branch asks of the writer.
    expect(fieldOf(await world.act('owner', 'GET', `/pulls/${pull}`), 'merged')).toBe(false);

    await world.act('writer', 'PATCH', '/git/refs/heads/unsigned', {
      sha: signed.pull_request?.head,
      force: true,
    });
    await world.waits(id, 'merge');
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
  });

  it('squashes a contribution of its own, whose commits nobody else can sign', async () => {
    const { id, pull } = await world.contributed('Say hello');
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(id)).toMatchObject({ outcome: 'merged' });
    const merge = fieldOf(await world.act('owner', 'GET', `/pulls/${pull}`), 'merge_commit_sha');
    const commit = await world.act('owner', 'GET', `/commits/${String(merge)}`);
    expect(path(commit, 'commit', 'verification')).toMatchObject({ verified: true });
    expect(list(fieldOf(commit, 'parents'))).toHaveLength(1);
  });
});

const path = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((at, key) => fieldOf(at, key), value);

/** One more commit on a branch, as a person makes it by REST: GitHub signs those of Apps alone. */
async function commitUnsigned(world: World, branch: string): Promise<string> {
  const head = await world.act('writer', 'GET', `/commits/${branch}`);
  const parent = String(fieldOf(head, 'sha'));
  const tree = path(head, 'commit', 'tree', 'sha');
  const made = await world.act('writer', 'POST', '/git/commits', {
    message: 'Unsigned',
    tree,
    parents: [parent],
  });
  const sha = String(fieldOf(made, 'sha'));
  await world.act('writer', 'PATCH', `/git/refs/heads/${branch}`, { sha });
  return sha;
}

describe('the default branch', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
    await world.machine();
  });
  afterAll(() => world.end());

  it('takes in a pull request that is led to it from elsewhere', async () => {
    await world.branch('writer', 'dev');
    await world.branch('writer', 'feature');
    await world.push('writer', 'feature', 'feature.txt', 'x\n');
    const opened = await world.act('writer', 'POST', '/pulls', {
      title: 'Into dev',
      head: 'feature',
      base: 'dev',
      body: '',
    });
    const pull = Number(fieldOf(opened, 'number'));
    await world.settled();
    expect(await world.item(`pull-${pull}`)).toBeUndefined();
    await world.act('writer', 'PATCH', `/pulls/${pull}`, { base: 'main' });
    await world.waits(`pull-${pull}`, 'merge');
  });

  it('may get another name while Assent runs', async () => {
    await world.branch('owner', 'trunk');
    await world.act('owner', 'PATCH', '', { default_branch: 'trunk' });
    await world.branch('writer', 'onto-trunk');
    await world.push('writer', 'onto-trunk', 'trunk.txt', 'x\n');
    const opened = await world.act('writer', 'POST', '/pulls', {
      title: 'Into trunk',
      head: 'onto-trunk',
      base: 'trunk',
      body: '',
    });
    const pull = Number(fieldOf(opened, 'number'));
    await world.waits(`pull-${pull}`, 'merge');
    await world.review('maintainer', pull, 'APPROVE');
    expect(await world.ended(`pull-${pull}`)).toMatchObject({ outcome: 'merged' });
    const cycle = (await world.state()).cycle.merges.map(({ pull_request }) => pull_request);
    expect(cycle).toEqual([pull]);
  });
});
