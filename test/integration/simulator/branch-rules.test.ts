import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  acme,
  call,
  clone,
  fails,
  field,
  installationToken,
  makeBranch,
  openPull,
  openScene,
  text,
} from './harness.ts';
import type { Clone, Scene } from './harness.ts';

type Kind = 'branch protection' | 'a ruleset';

const unresolved = 'A conversation must be resolved before this pull request can be merged.';
const unverified = 'Commits must have verified signatures.';
const byRules = (message: string) => `Repository rule violations found\n\n${message}\n\n`;

let scene: Scene;
let app: string;
let copy: Clone;
let made = 0;

beforeAll(async () => {
  scene = await openScene();
  app = await installationToken(scene.simulator);
  copy = await clone(scene.simulator, scene.simulator.people.writer.token);
});
afterAll(async () => {
  await copy.remove();
  await scene.close();
});

const as = (person: Parameters<Scene['simulator']['as']>[0]) => scene.simulator.as(person);
const graphql = async (query: string, variables: unknown, token = app) =>
  (await call(scene.simulator, token, 'POST', '/graphql', { query, variables })).body;
const merge = (number: number, method = 'merge') =>
  call(scene.simulator, app, 'PUT', `${acme}/pulls/${number}/merge`, { merge_method: method });
const stateOf = async (number: number) =>
  field((await as('reader')('GET', `${acme}/pulls/${number}`)).body, 'mergeable_state');

/** A pull request whose one commit GitHub made itself, and so signed. */
async function signedPull() {
  const branch = `change-${++made}`;
  await makeBranch(scene.simulator, branch);
  return { branch, ...(await openPull(scene.simulator, branch)) };
}

/** As `signedPull`, by `git push`, with no signature. */
async function unsignedPull() {
  const branch = `pushed-${++made}`;
  await copy.git('fetch', '-q', 'origin');
  await copy.git('switch', '-qc', branch, 'origin/main');
  const head = await copy.commit(`${branch}.md`, 'x');
  await copy.git('push', '-q', 'origin', branch);
  return { branch, ...(await openPull(scene.simulator, branch)), head };
}

const protectionOf = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};

/** Asks for it on `main`, by either kind of rule. */
async function wants(kind: Kind, what: 'conversations' | 'signatures'): Promise<void> {
  const owner = as('owner');
  if (kind === 'a ruleset') {
    const rules =
      what === 'signatures'
        ? [{ type: 'required_signatures' }]
        : [
            {
              type: 'pull_request',
              parameters: {
                allowed_merge_methods: ['merge', 'squash', 'rebase'],
                dismiss_stale_reviews_on_push: false,
                require_code_owner_review: false,
                require_last_push_approval: false,
                required_approving_review_count: 0,
                required_review_thread_resolution: true,
              },
            },
          ];
    const conditions = { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } };
    const ruleset = { name: what, target: 'branch', enforcement: 'active', conditions, rules };
    expect((await owner('POST', `${acme}/rulesets`, ruleset)).status).toBe(201);
    return;
  }
  const conversations = { required_conversation_resolution: what === 'conversations' };
  const path = `${acme}/branches/main/protection`;
  await owner('PUT', path, { ...protectionOf, ...conversations });
  if (what === 'signatures') {
    const on = await owner('POST', `${path}/required_signatures`);
    expect(on.body).toMatchObject({ enabled: true });
  }
  const shown = await owner('GET', path);
  expect(
    field(
      shown.body,
      `required_${what === 'signatures' ? 'signatures' : 'conversation_resolution'}`,
    ),
  ).toMatchObject({ enabled: true });
}

async function wantsNothing(): Promise<void> {
  await as('owner')('DELETE', `${acme}/branches/main/protection`);
  const rulesets = await as('owner')('GET', `${acme}/rulesets`);
  for (const one of Array.isArray(rulesets.body) ? rulesets.body : [])
    await as('owner')('DELETE', `${acme}/rulesets/${text(one, 'id')}`);
}

describe.each<[Kind, (message: string) => string]>([
  ['branch protection', (message) => message],
  ['a ruleset', byRules],
])('where %s asks for it', (kind, words) => {
  beforeEach(wantsNothing);

  it('a conversation blocks the merge until it is resolved, and again when it is not', async () => {
    const pull = await signedPull();
    await wants(kind, 'conversations');
    expect(await stateOf(pull.number)).toBe('clean');
    await as('maintainer')('POST', `${acme}/pulls/${pull.number}/reviews`, {
      event: 'COMMENT',
      body: 'A question.',
      comments: [{ path: `${pull.branch}.md`, line: 1, side: 'RIGHT', body: 'Why so?' }],
    });
    expect(await stateOf(pull.number)).toBe('blocked');
    expect(await merge(pull.number)).toMatchObject({
      status: 405,
      body: { message: words(unresolved) },
    });

    const thread = await threadOf(pull.number);
    await settle('resolve', thread);
    expect(await stateOf(pull.number)).toBe('clean');
    await settle('unresolve', thread);
    expect(await stateOf(pull.number)).toBe('blocked');
    await settle('resolve', thread);
    // Once more changes nothing, and is not told.
    await settle('resolve', thread);
    expect((await merge(pull.number)).status).toBe(200);
    await scene.simulator.idle();
    const told = scene.received
      .filter(({ event }) => event === 'pull_request_review_thread')
      .map(({ action, body }) => ({ action, body: JSON.parse(body) as unknown }))
      .filter(({ body }) => field(body, 'pull_request.number') === pull.number);
    expect(told.map(({ action }) => action)).toEqual(['resolved', 'unresolved', 'resolved']);
    expect(text(told[0]?.body, 'thread.node_id')).toBe(thread);
    expect(text(told[0]?.body, 'thread.comments.0.body')).toBe('Why so?');
  });

  it('what a reviewer has not submitted yet blocks nobody', async () => {
    const pull = await signedPull();
    await wants(kind, 'conversations');
    await as('maintainer')('POST', `${acme}/pulls/${pull.number}/reviews`, {
      comments: [{ path: `${pull.branch}.md`, line: 1, side: 'RIGHT', body: 'Not yet said.' }],
    });
    expect(await stateOf(pull.number)).toBe('clean');
  });

  it('an unsigned commit blocks a merge commit and a rebase, and not a squash, which GitHub signs', async () => {
    const pull = await unsignedPull();
    const shown = await as('reader')('GET', `${acme}/commits/${pull.head}`);
    expect(field(shown.body, 'commit.verification')).toMatchObject({
      verified: false,
      reason: 'unsigned',
    });
    await wants(kind, 'signatures');
    expect(await stateOf(pull.number)).toBe('blocked');
    expect((await merge(pull.number, 'merge')).body).toMatchObject({ message: words(unverified) });
    expect(text((await merge(pull.number, 'rebase')).body, 'message')).toContain(
      'Rebase merges cannot be automatically signed by GitHub',
    );
    const squashed = await merge(pull.number, 'squash');
    expect(squashed.status).toBe(200);
    const merged = await as('reader')('GET', `${acme}/commits/${text(squashed.body, 'sha')}`);
    expect(field(merged.body, 'commit.verification')).toMatchObject({ verified: true });
  });

  it('signed commits are merged as they are', async () => {
    const pull = await signedPull();
    await wants(kind, 'signatures');
    expect(await stateOf(pull.number)).toBe('clean');
    expect((await merge(pull.number)).status).toBe(200);
  });

  it('an unsigned commit is not pushed to that branch, by git or by REST', async () => {
    const pull = await unsignedPull();
    await wants(kind, 'signatures');
    expect(await fails(copy.git('push', '-q', 'origin', `${pull.branch}:main`))).toContain(
      unverified,
    );
    const moved = await as('writer')('PATCH', `${acme}/git/refs/heads/main`, { sha: pull.head });
    expect(moved).toMatchObject({ status: 422, body: { message: words(unverified) } });
    // Other branches, and signed ones, go on.
    const file = { message: 'x', content: 'eA==', branch: 'main' };
    const signed = await as('writer')('PUT', `${acme}/contents/signed-${++made}.md`, file);
    expect(signed.status).toBe(201);
  });
});

async function threadOf(number: number): Promise<string> {
  const query =
    'query ($n: Int!) { repository(owner: "acme", name: "widgets") { pullRequest(number: $n) { reviewThreads(first: 5) { nodes { id } } } } }';
  return text(
    await graphql(query, { n: number }),
    'data.repository.pullRequest.reviewThreads.nodes.0.id',
  );
}

async function settle(how: 'resolve' | 'unresolve', thread: string): Promise<void> {
  const query = `mutation ($id: ID!) { ${how}ReviewThread(input: { threadId: $id }) { thread { isResolved } } }`;
  const body = await graphql(query, { id: thread }, scene.simulator.people.writer.token);
  expect(field(body, `data.${how}ReviewThread.thread.isResolved`)).toBe(how === 'resolve');
}
