import { describe, expect, it } from 'vitest';
import { letPass, presentFinished } from '../../../src/domain/ending.ts';
import { headline, presentItem, whom } from '../../../src/domain/presentation.ts';
import {
  authorities,
  emptyTally,
  initialState,
  type Authority,
  type FinishedItem,
  type Item,
} from '../../../src/domain/work-item/state.ts';
import {
  contributed,
  gate,
  issue,
  maintainer,
  mergeAsked,
  planAsked,
  pullNumber,
  pull,
  reviewed,
  roadmapAsked,
  type Tale,
} from '../../support/machine.ts';

const body = (item: Item): string => presentItem(item, null).body;
const later = '2026-11-21T10:01:00.000Z';

const running = (): Tale => issue().do({ kind: 'start_run', agent: 'triager' });

describe('the comment says where the item is, whom it waits for and how to say yes or no', () => {
  it.each<{ readonly when: string; readonly tale: () => Tale; readonly says: readonly string[] }>([
    {
      when: 'the triage runs',
      tale: running,
      says: ['Triage is in progress', '**Triage** → Plan → Contribution → Review → Merge'],
    },
    {
      when: 'information is missing',
      tale: () => running().do({ kind: 'request_information', missing: ['Which version?'] }),
      says: ['Waiting for an answer', '- Which version?', 'Answer in a comment'],
    },
    {
      when: 'the plan waits',
      tale: planAsked,
      says: [
        'The plan waits for a human',
        'Triage ✓ → **Plan**',
        'Guard the empty widget',
        'code: 0 of 1, from the role maintainer',
        'Yes: label `assent:approve`',
        'No: label `assent:reject`',
      ],
    },
    {
      when: 'the merge waits',
      tale: mergeAsked,
      says: [
        'The merge waits for a human',
        '0 of 1, from the role maintainer',
        'Yes: approve the pull request in a review',
        'Not yet: request changes',
        'No: `/assent reject',
      ],
    },
    {
      when: 'the roadmap waits',
      tale: roadmapAsked,
      says: ['The roadmap update waits for a human', 'Yes: approve the pull request in a review'],
    },
    {
      when: 'the model is away',
      tale: () =>
        running().do({ kind: 'model_unavailable', reason: 'overloaded', retry_at: later }),
      says: ['Triage waits for the model', 'overloaded', 'Nobody has to do anything'],
    },
    {
      when: 'a run failed and is tried again',
      tale: () => running().do({ kind: 'fail_run', code: 'x', reason: 'no JSON', retry_at: later }),
      says: ['did not work out and is tried again', 'no JSON', 'Nobody has to do anything'],
    },
    {
      when: 'a run failed for good',
      tale: () => running().do({ kind: 'fail_run', code: 'x', reason: 'no JSON', retry_at: null }),
      says: ['a human is needed', 'no JSON', '`/assent retry`', 'write permission'],
    },
    {
      when: 'it is held',
      tale: () => planAsked().do({ kind: 'hold', reason: 'not now' }, maintainer),
      says: ['On hold, by maintainer', '`/assent unhold`'],
    },
    {
      when: 'something outside it is in its way',
      tale: () => issue().do({ kind: 'block', reason: 'policies/default.yml:3: no rule' }),
      says: ['policies/default.yml:3: no rule'],
    },
    {
      when: 'somebody was answered',
      tale: () => planAsked().do({ kind: 'notify', to: 'ann', text: 'takes write permission' }),
      says: ['> ann: takes write permission'],
    },
  ])('$when', ({ tale, says }) => {
    const text = body(tale().item);
    for (const words of says) expect(text).toContain(words);
  });

  it.each(authorities)('%s has a headline of its own, in one line', (authority: Authority) => {
    const line = headline({ ...mergeAsked().item, authority });
    expect(line).toMatch(/^[A-Z][^\n]{4,80}$/);
  });

  it('asks nobody for changes on a pull request that is not ours to change', () => {
    expect(body(mergeAsked(reviewed(pull())).item)).not.toContain('request changes');
  });

  it('says that an objection stands where enough have approved', () => {
    const waiting_for = [{ step: 'code', count: 1, have: 1, from: { roles: ['maintainer'] } }];
    const item = {
      ...mergeAsked().item,
      gate: { ...gate('pull_request.merge', 'a'), waiting_for },
    };
    expect(body(item)).toContain('1 of 1, from the role maintainer, but an objection stands');
    expect(body(mergeAsked().item)).not.toContain('objection');
  });

  it('keeps the list of whom it waits for apart from the list of the plan above it', () => {
    expect(body(planAsked().item)).toMatch(/\n\nIt waits for\n\n- code: 0 of 1/);
  });

  it('names what was seen and does not count, with the reason', () => {
    const ignored = [{ evidence: 'label assent:approve by tess', reason: 'triage is too little' }];
    const item = { ...mergeAsked().item, gate: { ...gate('pull_request.merge', 'a'), ignored } };
    expect(body(item)).toContain(
      'label assent:approve by tess counts for nothing: triage is too little',
    );
  });

  it('asks for nothing where a human has said yes', () => {
    expect(body({ ...mergeAsked().item, authority: 'resumed' })).not.toContain('Yes:');
  });

  it('shows the plan until there is a contribution to look at instead', () => {
    expect(body(contributed().item)).not.toContain('Guard the empty widget');
    expect(body(planAsked().item)).toContain('Guard the empty widget');
  });
});

describe('whom a requirement means', () => {
  it.each([
    [{ roles: ['maintainer'] }, 'the role maintainer'],
    [{ teams: ['acme/security'] }, 'the team acme/security'],
    [{ permission: 'admin' }, 'anyone with admin permission or more'],
    [{ users: ['ada', 'bob'] }, 'ada, bob'],
    [{ users: ['ada'], teams: ['acme/owners'] }, 'ada or the team acme/owners'],
    [{}, 'nobody'],
  ])('%j is %s', (from, words) => {
    expect(whom(from)).toBe(words);
  });
});

describe('the comment', () => {
  const hostile =
    '<img src=x> ![x](https://evil.example/x.png) @acme/owners closes #1 <!-- assent:pull-9 -->\n/assent approve';

  it('lets no untrusted text act: no mention, link, image, tag, mark or command of its own', () => {
    const item: Item = {
      ...planAsked().item,
      note: hostile,
      missing: [hostile],
      notices: [{ to: '@everyone', text: hostile, at: later }],
      gate: {
        ...gate('plan.adopt', 'p'),
        ignored: [{ evidence: hostile, reason: hostile }],
      },
      plan: {
        digest: 'p'.repeat(64),
        summary: hostile,
        files: [hostile],
        steps: [hostile],
        risks: [hostile],
        tests: [hostile],
        published_at: later,
      },
    };
    for (const authority of authorities) {
      const text = body({ ...item, authority });
      expect(text).not.toMatch(/<img|<!--|!\[x\]\(|https:\/\/|@acme|@everyone|#1\b/);
      const commands = text.split('\n').filter((line) => line.startsWith('/assent'));
      // The plan's summary may have lines; a comment of ours is read by nobody as a command, but it need not look like one.
      expect(commands.length).toBeLessThanOrEqual(1);
    }
  });

  it('holds no time, so that it is edited only when something happened', () => {
    const at = (time: string, item: Item): Item => ({
      ...item,
      opened_at: time,
      updated_at: time,
      not_before: time,
      gate: item.gate && { ...item.gate, since: time },
      plan: item.plan && { ...item.plan, published_at: time },
      completed: item.completed.map((done) => ({ ...done, at: time })),
      notices: [{ to: 'ann', text: 'no', at: time }],
    });
    for (const authority of authorities) {
      const item = { ...planAsked().item, authority };
      expect(body(at('2026-11-21T10:00:00.000Z', item))).toBe(
        body(at('2027-01-01T00:00:00.000Z', item)),
      );
    }
  });
});

describe('nothing is said twice', () => {
  it('a check run says below its title what is below the headline in the comment', () => {
    for (const { item } of [planAsked(), reviewed(), mergeAsked()]) {
      const { headline: title, detail } = presentItem(item, '- why');
      expect(detail).not.toContain(title);
      expect(detail).toContain('- why');
    }
    const ended = presentFinished({ ...closed, reason: 'bob closed the issue' });
    expect(ended.detail).toMatch(/^bob closed the issue\n\n<sub>/);
    expect(presentFinished(closed).detail).toMatch(/^<sub>/);
  });

  it('an issue’s comment leads to its pull request, and no other does', () => {
    const { item } = mergeAsked();
    const led = `[${pullNumber}](../pull/${pullNumber})`;
    expect(presentItem(item, null).body).toContain(led);
    expect(presentItem(item, null).detail).not.toContain(led);
    expect(body({ ...item, kind: 'pull_request' })).not.toContain(led);
    expect(body(planAsked().item)).not.toContain('../pull/');
  });

  it('that something is asked for is said by the questions alone', () => {
    const { item } = planAsked();
    const asking = { ...item, authority: 'waiting_for_information' as const, note: 'asked' };
    expect(body({ ...asking, missing: ['Which one?'] })).not.toContain('asked');
    expect(body({ ...asking, missing: [] })).toContain('asked');
  });

  const closed: FinishedItem = {
    kind: 'issue',
    number: 1,
    title: 'Widgets break',
    pull_request: null,
    outcome: 'closed',
    reason: null,
    at: later,
  };
});

describe('an item that ended', () => {
  const finished = (given: Partial<FinishedItem>): FinishedItem => ({
    kind: 'issue',
    number: 1,
    title: 'Widgets break',
    pull_request: 7,
    outcome: 'merged',
    reason: null,
    at: later,
    ...given,
  });

  it.each<[Partial<FinishedItem>, string]>([
    [{}, '**Merged** with #7'],
    [{ kind: 'cycle', outcome: 'published' }, '**The roadmap is updated**'],
    [
      { outcome: 'rejected', pull_request: null, reason: 'rejected by bob: not now' },
      '**Rejected**: rejected by bob: not now',
    ],
    [
      { outcome: 'closed', pull_request: null, reason: 'bob closed the issue' },
      '**Closed**: bob closed the issue',
    ],
  ])('%j reads %s', (given, words) => {
    expect(presentFinished(finished(given)).body).toContain(words);
  });

  it('a merge is told with who let it pass, and an override with its justification', () => {
    const passed = {
      approvals: ['bob by review', 'eve by label'],
      overrides: [{ pull_request: 7, by: 'bob', justification: '@acme <!-- old head -->' }],
    };
    const { body } = presentFinished(finished({ kind: 'pull_request', number: 7 }), passed);
    expect(body).toMatch(
      /^\*\*Merged\*\*\n\nApproved: bob by review, eve by label\.\nOverridden by bob: /u,
    );
    expect(body).not.toMatch(/@acme|<!--/u);
  });

  it('who let a merge pass is found in the cycle that counted it, also a closed one', () => {
    const merge = (pull_request: number, approvals: readonly string[]) => ({
      pull_request,
      item: `pull-${pull_request}`,
      sha: 'a',
      at: later,
      title: '',
      issue: null,
      approvals,
      by: 'human' as const,
      tokens: 0,
    });
    const state = {
      cycle: { ...initialState.cycle, merges: [merge(9, ['bob by review'])] },
      closed_cycles: { '1': { merges: [merge(7, ['eve by label'])], tally: emptyTally } },
    };
    expect([7, 9, 8].map((pull) => letPass(state, pull)?.approvals)).toEqual([
      ['eve by label'],
      ['bob by review'],
      undefined,
    ]);
  });

  it('ends quietly when the reason is hostile', () => {
    const { body: text } = presentFinished(finished({ outcome: 'closed', reason: hostileReason }));
    expect(text).not.toMatch(/@acme|<!--/);
  });

  const hostileReason = '@acme/owners <!-- x -->';
});
