import { describe, expect, it } from 'vitest';
import {
  readWebhook,
  type WebhookReading,
} from '../../../src/entrypoints/server/webhook-events.ts';
import { recordedWebhook as recorded, recordedWebhooks } from '../../support/webhook-examples.ts';

type Body = Readonly<Record<string, unknown>>;

const at = '2026-11-21T10:00:00.000Z';
const read = (event: string, body: unknown): WebhookReading =>
  readWebhook({ delivery: 'd1', event, at }, body);

const reasonOf = (reading: WebhookReading): string =>
  reading.kind === 'refused' ? reading.reason : `not refused: ${reading.kind}`;

describe('reading a webhook', () => {
  it.each([
    ['issues', 'opened', 'issue.opened'],
    ['issues', 'edited', 'issue.edited'],
    ['issues', 'reopened', 'issue.reopened'],
    ['issues', 'labeled', 'issue.labeled'],
    ['issues', 'deleted', 'issue.closed'],
    ['issue_comment', 'created', 'comment.created'],
    ['issue_comment', 'deleted', 'comment.deleted'],
    ['pull_request', 'opened', 'pull_request.opened'],
    ['pull_request', 'synchronize', 'pull_request.synchronize'],
    ['pull_request', 'converted_to_draft', 'pull_request.converted_to_draft'],
    ['pull_request_review', 'submitted', 'review.submitted'],
    ['pull_request_review_thread', 'resolved', 'conversation.resolved'],
    ['pull_request_review_thread', 'unresolved', 'conversation.unresolved'],
    ['push', undefined, 'push'],
    ['check_run', 'completed', 'check.completed'],
    ['status', undefined, 'status'],
    ['merge_group', 'checks_requested', 'merge_group.checks_requested'],
    ['installation', 'created', 'installation.created'],
    ['installation', 'suspend', 'installation.suspended'],
    ['installation_repositories', 'added', 'installation.repositories_added'],
  ])('%s %s is %s', (event, action, kind) => {
    expect(read(event, recorded(event, action))).toMatchObject({
      kind: 'stimulus',
      stimulus: { kind, delivery: 'd1', at },
    });
  });

  it('keeps where, who and on what', () => {
    expect(read('issues', recorded('issues', 'opened'))).toMatchObject({
      stimulus: {
        number: 1,
        title: 'Spelling error in the README file',
        gone: false,
        repository: { owner: 'Codertocat', name: 'Hello-World', default_branch: 'master' },
        sender: { id: 21_031_067, login: 'Codertocat', type: 'User' },
        installation: null,
      },
    });
  });

  it('tells a merge from a plain close', () => {
    const closed = recorded('pull_request', 'closed');
    const pull = Object.fromEntries(Object.entries(Object(closed['pull_request'])));

    const plain = read('pull_request', { ...closed, pull_request: { ...pull, merged: false } });
    const merged = read('pull_request', {
      ...closed,
      pull_request: { ...pull, merged: true, merged_at: '2026-11-21T09:59:00Z' },
    });

    expect(plain).toMatchObject({ stimulus: { kind: 'pull_request.closed', merged: false } });
    expect(merged).toMatchObject({ stimulus: { kind: 'pull_request.closed', merged: true } });
  });

  it.each([
    ['an event nobody answers', 'star', undefined, 'nothing in Assent answers to star'],
    ['an action nobody answers', 'issues', 'pinned', 'nothing in Assent answers to issues pinned'],
    ['a ping', 'ping', undefined, 'a ping: the webhook is set up'],
  ])('%s is ignored, with the reason', (_title, event, action, reason) => {
    expect(read(event, recorded(event, action))).toMatchObject({
      kind: 'ignored',
      stimulus: { reason, event },
    });
  });

  it.each([
    ['push', 'issues', recorded('push')],
    ['issue_comment', 'issues', recorded('issue_comment', 'deleted')],
    ['issues', 'issue_comment', recorded('issues', 'edited')],
    ['pull_request_review', 'pull_request', recorded('pull_request_review', 'submitted')],
    [
      'pull_request_review_comment',
      'pull_request',
      recorded('pull_request_review_comment', 'created'),
    ],
    ['installation_repositories', 'installation', recorded('installation_repositories', 'added')],
    ['merge_group', 'installation', recorded('merge_group')],
    ['status', 'push', recorded('status')],
  ])('the body of %s is refused as %s: the name is not signed', (_really, claimed, body) => {
    expect(reasonOf(read(claimed, body))).toContain(`does not fit the event ${claimed}`);
  });

  it.each([
    ['a list', [], 'the body: must be a JSON object'],
    ['null', null, 'the body: must be a JSON object'],
    ['an object without what it is about', { action: 'opened' }, 'issue:'],
    ['a path for a repository', withRepository({ full_name: '../../etc' }), 'must be owner/name'],
    [
      "a repository that is not its owner's",
      withRepository({ full_name: 'mallory/Hello-World' }),
      'must be its owner and its name',
    ],
    ['an issue with no number', { ...recorded('issues'), issue: { title: 'x' } }, 'issue.number'],
    ["the prototype's keys", { action: 'constructor' }, 'issue:'],
  ])('%s is refused, naming the place', (_title, body, expected) => {
    expect(reasonOf(read('issues', body))).toContain(expected);
  });

  it('names all faults at once', () => {
    const reason = reasonOf(read('issues', { action: 'opened', issue: { number: -1, title: 7 } }));

    expect(reason).toContain('issue.number');
    expect(reason).toContain('issue.title');
  });

  it.each(['constructor', '__proto__', 'toString', ''])(
    'an event called "%s" is ignored like any other unknown one',
    (event) => {
      expect(read(event, {}).kind).toBe('ignored');
    },
  );

  it('gives every payload GitHub recorded an answer with a reason', () => {
    const readings = recordedWebhooks.map(({ event, body }) => read(event, body));

    expect(readings).toHaveLength(329);
    expect(readings.filter(({ kind }) => kind === 'refused')).toEqual([]);
    expect(readings.filter(({ kind }) => kind === 'stimulus').length).toBeGreaterThan(60);
  });
});

function withRepository(change: Body): Body {
  const body = recorded('issues', 'opened');
  const repository = Object.fromEntries(Object.entries(Object(body['repository'])));
  return { ...body, repository: { ...repository, ...change } };
}
