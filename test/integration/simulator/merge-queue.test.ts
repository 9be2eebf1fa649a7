import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acme,
  call,
  field,
  installationToken,
  makeBranch,
  openPull,
  openScene,
  text,
} from './harness.ts';
import type { Scene } from './harness.ts';

const CHECK = 'assent';

describe('a merge queue, with a check pinned to the App', () => {
  let scene: Scene;
  let app: string;
  const as = (person: Parameters<Scene['simulator']['as']>[0]) => scene.simulator.as(person);

  beforeAll(async () => {
    scene = await openScene();
    app = await installationToken(scene.simulator);
    await as('owner')('PUT', `${acme}/branches/main/protection`, {
      required_status_checks: {
        strict: true,
        contexts: [],
        checks: [{ context: CHECK, app_id: scene.simulator.app.id }],
      },
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    await scene.simulator.setMergeQueue('acme/widgets', 'main', { method: 'merge' });
  });
  afterAll(() => scene.close());

  const graphql = (token: string, query: string, variables: unknown) =>
    call(scene.simulator, token, 'POST', '/graphql', { query, variables });
  const enqueue = (token: string, pull: { node: string }, head: string) =>
    graphql(
      token,
      'mutation ($id: ID!, $head: GitObjectID) { enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) { mergeQueueEntry { position enqueuer { login } } } }',
      { id: pull.node, head },
    );
  const standing = async (number: number) => {
    const query =
      'query ($n: Int!) { repository(owner: "acme", name: "widgets") { pullRequest(number: $n) { isInMergeQueue isMergeQueueEnabled mergeQueueEntry { position headCommit { oid } baseCommit { oid } } timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT]) { nodes { ... on RemovedFromMergeQueueEvent { reason } } } } } }';
    const { body } = await graphql(app, query, { n: number });
    return field(body, 'data.repository.pullRequest');
  };
  const check = (token: string, sha: string, conclusion: string) =>
    call(scene.simulator, token, 'POST', `${acme}/check-runs`, {
      name: CHECK,
      head_sha: sha,
      status: 'completed',
      conclusion,
    });
  /** Ready to be put in: its own head is green. */
  const ready = async (name: string) => {
    await makeBranch(scene.simulator, name);
    const pull = await openPull(scene.simulator, name);
    await check(app, pull.head, 'success');
    return pull;
  };
  const groupOf = async (number: number) =>
    text(await standing(number), 'mergeQueueEntry.headCommit.oid');
  const groups = () =>
    scene.received
      .filter(({ event }) => event === 'merge_group')
      .map(({ body }) => JSON.parse(body) as unknown)
      .map((body) => [
        text(body, 'action'),
        field(body, 'reason'),
        text(body, 'merge_group.head_ref').replace(/[0-9a-f]{40}$/, 'SHA'),
      ]);
  const merged = async (number: number) =>
    field((await as('reader')('GET', `${acme}/pulls/${number}`)).body, 'merged');

  it('refuses a merge past it, in GitHub’s words', async () => {
    const { number, head } = await ready('direct');
    const answer = await as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, { sha: head });
    expect(answer.status).toBe(405);
    expect(text(answer.body, 'message')).toBe('Changes must be made through the merge queue');
  });

  it('takes what is green at the head that was named, asks for its group, and merges that', async () => {
    const pull = await ready('through');
    await scene.simulator.idle();
    scene.received.length = 0;
    const { body } = await enqueue(app, pull, pull.head);
    expect(field(body, 'data.enqueuePullRequest.mergeQueueEntry')).toEqual({
      position: 1,
      enqueuer: { login: 'assent' },
    });
    expect(await standing(pull.number)).toMatchObject({
      isInMergeQueue: true,
      isMergeQueueEnabled: true,
    });
    await scene.simulator.idle();
    expect(groups()).toEqual([
      ['checks_requested', undefined, `refs/heads/gh-readonly-queue/main/pr-${pull.number}-SHA`],
    ]);
    const group = await groupOf(pull.number);
    // Green on the pull request's own head is not green on the group.
    expect(await merged(pull.number)).toBe(false);
    await check(app, group, 'success');
    const { body: after } = await as('reader')('GET', `${acme}/pulls/${pull.number}`);
    expect(after).toMatchObject({
      merged: true,
      merge_commit_sha: group,
      merged_by: { login: 'github-merge-queue[bot]', type: 'Bot' },
      head: { sha: pull.head },
    });
    const main = await as('reader')('GET', `${acme}/commits/main`);
    expect(text(main.body, 'sha')).toBe(group);
    await scene.simulator.idle();
    expect(groups().at(-1)?.slice(0, 2)).toEqual(['destroyed', 'merged']);
    const gone = await as('reader')('GET', `${acme}/git/matching-refs/heads/gh-readonly-queue`);
    expect(gone.body).toEqual([]);
  });

  it('believes nobody’s check but the App’s', async () => {
    const pull = await ready('forged');
    await enqueue(app, pull, pull.head);
    const group = await groupOf(pull.number);
    await check(scene.simulator.otherApp.token, group, 'success');
    await as('writer')('POST', `${acme}/statuses/${group}`, { state: 'success', context: CHECK });
    expect(await merged(pull.number)).toBe(false);
    expect(await standing(pull.number)).toMatchObject({ isInMergeQueue: true });
    await check(app, group, 'success');
    expect(await merged(pull.number)).toBe(true);
  });

  it('puts out what is red, and builds what stood on it anew', async () => {
    const [first, second] = [await ready('red'), await ready('behind-red')];
    await enqueue(app, first, first.head);
    await enqueue(app, second, second.head);
    const before = await groupOf(second.number);
    await check(app, await groupOf(first.number), 'failure');
    expect(await standing(first.number)).toMatchObject({
      isInMergeQueue: false,
      timelineItems: { nodes: [{ reason: 'CI_FAILURE' }] },
    });
    const after = await groupOf(second.number);
    expect(after).not.toBe(before);
    await check(app, after, 'success');
    expect([await merged(first.number), await merged(second.number)]).toEqual([false, true]);
  });

  it('drops what is pushed to, closed or taken out, and what conflicts with what is ahead', async () => {
    const pushed = await ready('pushed');
    await enqueue(app, pushed, pushed.head);
    await as('writer')('PUT', `${acme}/contents/more.md`, {
      message: 'more',
      content: Buffer.from('more').toString('base64'),
      branch: 'pushed',
    });
    expect(await standing(pushed.number)).toMatchObject({ isInMergeQueue: false });
    const stale = await enqueue(app, pushed, pushed.head);
    expect(text(stale.body, 'errors.0.message')).toMatch(/Expected head sha did not match/);

    const closed = await ready('closed');
    await enqueue(app, closed, closed.head);
    await as('writer')('PATCH', `${acme}/pulls/${closed.number}`, { state: 'closed' });
    const { body } = await graphql(
      app,
      '{ repository(owner: "acme", name: "widgets") { mergeQueue(branch: "main") { entries(first: 5) { totalCount } } } }',
      {},
    );
    expect(field(body, 'data.repository.mergeQueue.entries.totalCount')).toBe(0);

    await makeBranch(scene.simulator, 'one', 'same.md', 'one');
    await makeBranch(scene.simulator, 'two', 'same.md', 'two');
    const [one, two] = [
      await openPull(scene.simulator, 'one'),
      await openPull(scene.simulator, 'two'),
    ];
    for (const { head } of [one, two]) await check(app, head, 'success');
    await enqueue(app, one, one.head);
    await enqueue(app, two, two.head);
    expect(await standing(two.number)).toMatchObject({
      isInMergeQueue: false,
      timelineItems: { nodes: [{ reason: 'MERGE_CONFLICT' }] },
    });
  });

  it('takes nothing that is not green, from nobody who may not write, and nothing twice', async () => {
    await makeBranch(scene.simulator, 'grey');
    const grey = await openPull(scene.simulator, 'grey');
    const answer = await enqueue(app, grey, grey.head);
    expect(text(answer.body, 'errors.0.message')).toContain(
      'Required status check "assent" is expected.',
    );
    await check(app, grey.head, 'success');
    const reader = await enqueue(scene.simulator.people.reader.token, grey, grey.head);
    expect(text(reader.body, 'errors.0.type')).toBe('FORBIDDEN');
    const narrow = await installationToken(scene.simulator, {
      permissions: { pull_requests: 'write', contents: 'write' },
    });
    expect(text((await enqueue(narrow, grey, grey.head)).body, 'errors.0.type')).toBe('FORBIDDEN');
    await enqueue(app, grey, grey.head);
    const again = await enqueue(app, grey, grey.head);
    expect(text(again.body, 'errors.0.message')).toBe('Pull request is already in the queue');
  });
});
