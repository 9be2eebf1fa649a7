import { describe, expect, it } from 'vitest';
import { policyDocuments, policySource } from '../../../src/adapters/policy/policy-source.ts';
import { simulatePolicies } from '../../../src/application/tools/simulate-policies.ts';
import type { PolicyRequest } from '../../../src/domain/policy/request.ts';
import { historyOf, written } from '../../support/decided.ts';
import { comment, everyone, merge, pull, review, withEvidence } from '../../support/policy.ts';

const rule = (effect: string) => `rules: [{ id: merge, actions: [pull_request.merge], ${effect} }]`;
const asking = (requirement: string) =>
  rule(`effect: require_human, approval: { id: code, ${requirement} }`);
const maintainer = asking('from: { permission: maintain }');

const waiting = merge;
const approved = withEvidence({ reviews: [review('mia', 'approved', '10:00')] });

async function simulated(before: string, requests: readonly PolicyRequest[], after: string) {
  const { differences, could_not_tell, ...counts } = await simulatePolicies(
    written(after).set,
    historyOf(before, requests).folder,
    { source: policySource, documents: policyDocuments },
  );
  return {
    ...counts,
    differences: differences.map(
      ({ change, was, would_be }) => `${change}: ${was.outcome} → ${would_be.outcome}`,
    ),
    whole: differences,
    untold: could_not_tell.map(({ why }) => why),
  };
}

describe('history under the policies it was made under', () => {
  it('comes out the same', async () => {
    const several = `${maintainer.slice(0, -1)}, { id: title, actions: [pull_request.merge], when: 'pull_request.title == "x"', effect: deny }]`;
    for (const each of [maintainer, several, rule('effect: allow'), 'rules: []']) {
      expect(await simulated(each, [waiting, approved], each)).toMatchObject({
        decisions: 2,
        same: 2,
        differences: [],
        untold: [],
      });
    }
  });
});

describe('history under other policies', () => {
  it.each([
    [
      'waits for a second approval',
      maintainer,
      asking('from: { permission: maintain }, count: 2'),
      approved,
      'newly_waiting: approved → waiting',
    ],
    [
      'waits for somebody else',
      maintainer,
      asking('from: { users: [olga] }'),
      approved,
      'newly_waiting: approved → waiting',
    ],
    [
      'waits where it was denied',
      'rules: []',
      maintainer,
      waiting,
      'newly_waiting: denied → waiting',
    ],
    [
      'is denied without its rule',
      maintainer,
      'rules: []',
      approved,
      'newly_denied: approved → denied',
    ],
    [
      'is denied by a new one',
      maintainer,
      rule('effect: deny'),
      waiting,
      'newly_denied: waiting → denied',
    ],
    [
      'passes with the word that it had',
      asking('from: { users: [olga] }'),
      maintainer,
      approved,
      'newly_allowed: waiting → approved',
    ],
    [
      'passes where it was denied',
      'rules: []',
      maintainer,
      approved,
      'newly_allowed: denied → approved',
    ],
  ])('%s', async (_, before, after, request, difference) => {
    expect(await simulated(before, [request], after)).toMatchObject({
      decisions: 1,
      same: 0,
      differences: [difference],
    });
  });

  const plan = (effect: string) => rule(effect).replace('pull_request.merge', 'plan.adopt');
  it('passes without the human whom it had: nobody would have been asked', async () => {
    const before = plan(
      'effect: require_human, approval: { id: plan, from: { permission: maintain }, by: [command] }',
    );
    const adopting: PolicyRequest = {
      ...withEvidence({ comments: [comment('mia', '/assent approve', '11:00')] }),
      action: { kind: 'plan.adopt', agent: 'triager', item: 'issue-1' },
      pull_request: null,
      issue: {
        number: 1,
        title: 'Greets',
        body: '',
        author: null,
        labels: [],
        state: 'open',
        plan: { digest: 'p', published_at: '2026-11-20T10:00:00Z' },
      },
    };
    expect(await simulated(before, [adopting], plan('effect: allow'))).toMatchObject({
      differences: ['newly_allowed: approved → allowed'],
    });
    expect(await simulated(plan('effect: allow'), [adopting], before)).toMatchObject({ same: 1 });
  });

  it('says by its event which decision it was, by which rule, and who would have been asked', async () => {
    const { whole } = await simulated(
      maintainer,
      [waiting, approved],
      asking('from: { users: [olga] }'),
    );
    expect(whole).toMatchObject([
      {
        sequence: 4,
        at: '2026-11-20T10:00:04.000Z',
        item: 'issue-1',
        title: 'Widget 1 is broken',
        action: 'pull_request.merge',
        was: { rules: ['merge'] },
        would_be: {
          rules: ['merge'],
          waiting_for: [{ step: 'code', count: 1, have: 0, from: { users: ['olga'] } }],
        },
      },
    ]);
  });
});

describe('what nobody looked up is not taken for absent', () => {
  const condition = (when: string) => rule(`when: '${when}', effect: allow`);

  it.each([
    ['a team', asking('from: { teams: [acme/core] }'), 'the team acme/core'],
    ['an organization', asking('from: { organizations: [acme] }'), 'the organization acme'],
    ['the checks', condition('pull_request.checks.all(c, c.name == "ci")'), 'checks'],
    ['a description', condition('pull_request.body == ""'), 'the text of the item'],
    ['remarks', condition('evidence.comments.size() == 0'), 'remarks'],
    ['people', condition('people.size() == 1'), 'everybody who took part'],
  ])('%s', async (_, after, what) => {
    const found = await simulated(maintainer, [approved], after);
    expect(found).toMatchObject({ same: 0, differences: [] });
    expect(found.untold).toEqual([expect.stringContaining(what)]);
    const known = await simulated(after, [{ ...approved, people: everyone }], after);
    expect(known).toMatchObject({ untold: [], same: 1 });
  });

  const separate = `rules: [
    { id: plan, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: maintain }, by: [label] } },
    { id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, from: { permission: maintain }, not_by: [plan] } }]`;
  const stale = withEvidence({ reviews: [review('mia', 'approved', '08:00', { commit: 'c2' })] });
  it.each([
    ['pushes', asking('from: { permission: maintain }, survives: [rebase]'), stale, 'pushes'],
    ['owners', asking('from: { codeowners: true }'), approved, 'owners of the changed files'],
    ['earlier approvals', separate, approved, 'earlier approvals of the item'],
  ])('nor are %s', async (_, after, request, what) => {
    const { untold } = await simulated(maintainer, [request], after);
    expect(untold).toEqual([expect.stringContaining(what)]);
  });

  it('nor is a push asked about where every word is on the head', async () => {
    const surviving = asking('from: { permission: maintain }, survives: [rebase]');
    expect(await simulated(maintainer, [approved], surviving)).toMatchObject({ same: 1 });
  });

  it('is none of the matter where a rule about something else asks for it', async () => {
    const other = `${maintainer.slice(0, -1)}, { id: other, actions: [issue.label], when: 'pull_request.checks.size() > 0', effect: deny }]`;
    expect(await simulated(maintainer, [approved], other)).toMatchObject({ same: 1, untold: [] });
  });

  it('nor are facts that were too large to be kept', async () => {
    const file = (path: string) => ({ path, status: 'added', additions: 1, deletions: 0 });
    const files = Array.from({ length: 2000 }, (_, index) => file(`src/${index}.ts`));
    const large = { ...approved, pull_request: { ...pull, files } };
    expect(await simulated(maintainer, [large], 'rules: []')).toMatchObject({
      decisions: 1,
      differences: [],
      untold: [expect.stringMatching(/^recorded without its facts: they take \d+ bytes/)],
    });
  });

  it('nor facts that are none', async () => {
    const { folder } = historyOf(maintainer, [approved], (verdict) => ({
      ...verdict,
      facts: { at: 7 },
    }));
    const { could_not_tell } = await simulatePolicies(written(maintainer).set, folder, {
      source: policySource,
      documents: policyDocuments,
    });
    expect(could_not_tell).toMatchObject([
      { why: expect.stringContaining('its facts cannot be read') },
    ]);
  });
});
