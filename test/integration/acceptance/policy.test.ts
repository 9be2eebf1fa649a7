import { describe, expect, it } from 'vitest';
import { policyDocuments, policySource } from '../../../src/adapters/policy/policy-source.ts';
import { judge } from '../../../src/application/tools/policy-tools.ts';

/** The policies of the contract, as a stranger copies them. */
const contract = `version: 1
name: default
roles:
  maintainer: { permission: maintain }
  owner: { users: [ada], teams: [acme/owners] }
rules:
  - id: triage
    agents: [triager]
    actions: [issue.label, issue.comment]
    effect: allow
  - id: own-rules
    actions: [pull_request.open]
    when: pull_request.files.exists(f, f.path.startsWith("policies/"))
    effect: deny
    reason: Agents do not change their own rules.
  - id: plan
    actions: [plan.adopt]
    effect: require_human
    approval: { id: plan, from: { roles: [maintainer] }, count: 1, by: [label, command] }
  - id: merge
    actions: [pull_request.merge]
    effect: require_human
    approval:
      steps:
        - { id: code, from: { roles: [maintainer] }, count: 1, by: [review, label], survives: [rebase, update_merge] }
        - when: pull_request.files.exists(f, f.path.startsWith("src/auth/"))
          any:
            - { id: security, from: { teams: [acme/security] }, count: 1, by: [review] }
            - { id: owners, from: { roles: [owner] }, count: 2, by: [review] }
limits:  [ { agents: [contributor], actions: [pull_request.open], per_hour: 5, per_day: 20 } ]
budgets: [ { agents: [contributor], tokens_per_day: 2000000, usd_per_day: 20 } ]
windows: [ { actions: [pull_request.merge], days: [mon, tue, wed, thu], hours: "09:00-17:00", timezone: Europe/Berlin } ]
`;

/** Policies with these rules alone. */
const rules = (...lines: readonly string[]) =>
  `version: 1\nrules:\n${lines.map((line) => `  - ${line}`).join('\n')}\n`;
const merging = (approval: string) =>
  rules(
    `{ id: merge, actions: [pull_request.merge], effect: require_human, approval: ${approval} }`,
  );
const byMaintainer = '{ id: code, from: { permission: maintain } }';

type Json = Readonly<Record<string, unknown>>;

const logins = ['ann', 'bob', 'cat', 'dan', 'tim', 'rob'];
const user = (login: string, type = 'User') => ({ id: logins.indexOf(login) + 1, login, type });
const person = (permission: string, more: Json = {}) => ({
  permission,
  teams: [],
  organizations: [],
  ...more,
});

/** Wednesday noon: acme/widgets, pull request 12 of ann at c3, pushed at nine; bob and cat maintain, tim triages. */
const request = {
  at: '2026-11-18T12:00:00Z',
  repository: { full_name: 'acme/widgets', default_branch: 'main' },
  action: { kind: 'pull_request.merge', agent: null, item: 'pull-12' },
  pull_request: {
    number: 12,
    author: user('ann'),
    head: 'c3',
    base: 'main',
    branch: 'feature',
    title: 'Greets',
    body: '',
    draft: false,
    labels: ['bug'],
    files: [{ path: 'src/a.ts', status: 'modified', additions: 1, deletions: 0 }],
    commits: [
      {
        sha: 'c3',
        author: 'ann',
        committer: 'ann',
        parents: ['c2'],
        pushed_at: '2026-11-18T09:00:00Z',
      },
    ],
    checks: [{ name: 'ci', app_id: 15368, conclusion: 'success' }],
  },
  issue: null,
  evidence: { reviews: [], labels: [], comments: [] },
  people: {
    ann: person('admin'),
    bob: person('maintain', { teams: ['acme/core'], organizations: ['acme'] }),
    cat: person('maintain'),
    dan: person('write', { teams: ['acme/security'] }),
    tim: person('triage'),
    rob: person('read'),
  },
  control: { halted: false, disabled_agents: [] },
  usage: { tokens_today: 0, usd_today: 0, counts: [] },
};

const at = (clock: string) => `2026-11-18T${clock}:00Z`;
let id = 0;
const review = (login: string, state: string, clock: string, more: Json = {}) => ({
  id: (id += 1),
  user: user(login),
  state,
  commit: 'c3',
  at: at(clock),
  edited_at: null,
  body: '',
  ...more,
});
const label = (login: string, clock: string, more: Json = {}) => ({
  name: 'assent:approve',
  action: 'labeled',
  user: user(login),
  at: at(clock),
  ...more,
});
const comment = (login: string, body: string, clock: string, more: Json = {}) => ({
  id: (id += 1),
  user: user(login),
  body,
  at: at(clock),
  edited_at: null,
  ...more,
});

const given = (evidence: Json, more: Json = {}) => ({
  ...request,
  evidence: { ...request.evidence, ...evidence },
  ...more,
});
const reviewed = (...reviews: readonly Json[]) => given({ reviews });
const labelled = (...labels: readonly Json[]) => given({ labels });
const commented = (...comments: readonly Json[]) => given({ comments });
const changing = (pull: Json, evidence: Json = {}, more: Json = {}) =>
  given(evidence, { pull_request: { ...request.pull_request, ...pull }, ...more });
const acting = (kind: string, agent: string | null, more: Json = {}) => ({
  ...request,
  action: { kind, agent, item: 'issue-3' },
  ...more,
});
const approved = (login: string, clock = '10:00', more: Json = {}) =>
  review(login, 'approved', clock, more);

/** The verdict, in one line: effect, whether satisfied, who approved, what is waited for. */
function verdict(policies: string, asked: Json): string {
  const judged = judge(
    { source: policySource, documents: policyDocuments },
    new Map([['policies/default.yml', policies]]),
    { file: 'request.json', text: JSON.stringify(asked) },
  );
  if (!judged.ok) return `malformed: ${judged.refusal.message}`;
  const { effect, satisfied, approvers, waiting_for: waiting } = judged.value;
  if (effect !== 'require_human') return effect;
  return satisfied
    ? `approved by ${approvers.map(({ login }) => login).join(', ')}`
    : `waits for ${waiting.map(({ step }) => step).join(', ')}`;
}

const cases = (table: readonly (readonly [string, string, Json, string])[]) =>
  it.each(table)('%s', (_rule, policies, asked, expected) =>
    expect(verdict(policies, asked)).toBe(expected),
  );

describe('a review', () => {
  const set = merging(byMaintainer);
  cases([
    ['approves', set, reviewed(approved('bob')), 'approved by bob'],
    [
      'dismissed after it approved counts for nothing',
      set,
      reviewed(review('bob', 'dismissed', '10:00')),
      'waits for code',
    ],
    [
      'dismissed does not bring back an older one',
      set,
      reviewed(approved('bob', '09:30'), review('bob', 'dismissed', '10:00')),
      'waits for code',
    ],
    [
      'of an older commit counts for nothing',
      set,
      reviewed(approved('bob', '10:00', { commit: 'c2' })),
      'waits for code',
    ],
    [
      'of no commit is taken by its time',
      set,
      reviewed(approved('bob', '08:00', { commit: null })),
      'waits for code',
    ],
    [
      'with a comment after it still approves',
      set,
      reviewed(approved('bob'), review('bob', 'commented', '11:00')),
      'approved by bob',
    ],
    [
      'that asks for changes blocks though another approves',
      set,
      reviewed(review('bob', 'changes_requested', '10:00'), approved('cat', '11:00')),
      'waits for code',
    ],
    [
      'that asks for changes is lifted by the same person',
      set,
      reviewed(review('bob', 'changes_requested', '10:00'), approved('bob', '11:00')),
      'approved by bob',
    ],
    [
      'that asks for changes after approving blocks',
      set,
      reviewed(approved('bob', '10:00'), review('bob', 'changes_requested', '11:00')),
      'waits for code',
    ],
    [
      'that asks for changes and is dismissed blocks no more',
      set,
      reviewed(review('bob', 'dismissed', '10:00'), approved('cat', '11:00')),
      'approved by cat',
    ],
    [
      'that asks for changes of somebody not eligible blocks nothing',
      set,
      reviewed(review('rob', 'changes_requested', '10:00'), approved('cat', '11:00')),
      'approved by cat',
    ],
    [
      'that asks for changes still blocks after a push',
      set,
      reviewed(
        review('bob', 'changes_requested', '08:00', { commit: 'c1' }),
        approved('cat', '11:00'),
      ),
      'waits for code',
    ],
    ['of the author counts for nothing', set, reviewed(approved('ann')), 'waits for code'],
    [
      'of somebody with less permission counts for nothing',
      set,
      reviewed(approved('dan')),
      'waits for code',
    ],
    [
      'in a state nobody knows counts for nothing',
      set,
      reviewed(review('bob', 'rubber_stamped', '10:00')),
      'waits for code',
    ],
    [
      'in upper case, which no webhook has, counts for nothing',
      set,
      reviewed(review('bob', 'APPROVED', '10:00')),
      'waits for code',
    ],
    [
      'listed in any order says the same',
      set,
      reviewed(approved('bob', '11:00'), review('bob', 'changes_requested', '10:00')),
      'approved by bob',
    ],
    [
      'of one person twice is one approval',
      merging('{ id: code, from: { permission: maintain }, count: 2 }'),
      reviewed(approved('bob'), approved('bob', '10:30')),
      'waits for code',
    ],
  ]);
});

describe('somebody who is no person', () => {
  const set = merging('{ id: code, from: { users: [bob], permission: read } }');
  const as = (type: string, login = 'bob') =>
    reviewed(approved('bob', '10:00', { user: { id: 2, login, type } }));
  cases([
    ['as User counts', set, as('User'), 'approved by bob'],
    ['as Bot does not', set, as('Bot'), 'waits for code'],
    ['as App does not', set, as('App'), 'waits for code'],
    ['as Mannequin does not', set, as('Mannequin'), 'waits for code'],
    ['as Organization does not', set, as('Organization'), 'waits for code'],
    [
      'as user in lower case, which GitHub does not say, does not',
      set,
      as('user'),
      'waits for code',
    ],
    [
      'as a deleted account does not',
      set,
      reviewed(approved('bob', '10:00', { user: null })),
      'waits for code',
    ],
    [
      'missing from people does not',
      set,
      given({ reviews: [approved('bob')] }, { people: {} }),
      'waits for code',
    ],
    [
      'with a permission nobody knows does not',
      set,
      given({ reviews: [approved('bob')] }, { people: { bob: person('superuser') } }),
      'waits for code',
    ],
    [
      'with permission none does not',
      merging('{ id: code, from: { permission: read } }'),
      given({ reviews: [approved('bob')] }, { people: { bob: person('none') } }),
      'waits for code',
    ],
  ]);
});

describe('author and contributors', () => {
  const commits = [{ ...request.pull_request.commits[0], author: 'bob', committer: 'cat' }];
  const with_ = (options: string) =>
    merging(`{ id: code, from: { permission: maintain }${options} }`);
  cases([
    [
      'who authored a commit does not approve it',
      with_(''),
      changing({ commits }, { reviews: [approved('bob')] }),
      'waits for code',
    ],
    [
      'who committed it does not either',
      with_(''),
      changing({ commits }, { reviews: [approved('cat')] }),
      'waits for code',
    ],
    [
      'contributors: true lets them',
      with_(', contributors: true'),
      changing({ commits }, { reviews: [approved('bob')] }),
      'approved by bob',
    ],
    [
      'author: true lets the author',
      with_(', author: true'),
      reviewed(approved('ann')),
      'approved by ann',
    ],
    [
      'of a commit that nobody is known to have made leave others free',
      with_(''),
      changing(
        { commits: [{ ...commits[0], author: null, committer: null }] },
        { reviews: [approved('bob')] },
      ),
      'approved by bob',
    ],
  ]);
});

describe('a label', () => {
  const set = merging('{ id: code, from: { permission: maintain }, by: [review, label] }');
  cases([
    ['set by a maintainer approves', set, labelled(label('bob', '10:00')), 'approved by bob'],
    ['set by the triage role does not', set, labelled(label('tim', '10:00')), 'waits for code'],
    ['set before the push does not', set, labelled(label('bob', '08:00')), 'waits for code'],
    [
      'removed by anybody is gone',
      set,
      labelled(label('bob', '10:00'), label('tim', '11:00', { action: 'unlabeled' })),
      'waits for code',
    ],
    [
      'removed and set again approves',
      set,
      labelled(
        label('bob', '10:00'),
        label('tim', '10:30', { action: 'unlabeled' }),
        label('bob', '11:00'),
      ),
      'approved by bob',
    ],
    [
      'of another name does not',
      set,
      labelled(label('bob', '10:00', { name: 'approved' })),
      'waits for code',
    ],
    [
      'assent:reject blocks though another approves',
      set,
      given({
        labels: [label('bob', '10:00', { name: 'assent:reject' })],
        reviews: [approved('cat')],
      }),
      'waits for code',
    ],
    [
      'where nothing is said of ways does not: reviews alone are taken',
      merging(byMaintainer),
      labelled(label('bob', '10:00')),
      'waits for code',
    ],
    [
      'of a bot does not',
      set,
      labelled(label('bob', '10:00', { user: user('bob', 'Bot') })),
      'waits for code',
    ],
  ]);
});

describe('a command', () => {
  const set = merging('{ id: code, from: { permission: maintain }, by: [command] }');
  const says = (body: string, more: Json = {}) => commented(comment('bob', body, '10:00', more));
  cases([
    ['approves', set, says('/assent approve'), 'approved by bob'],
    [
      'approves with a reason after it',
      set,
      says('/assent approve looks right to me'),
      'approved by bob',
    ],
    ['in a code fence does not', set, says('```\n/assent approve\n```'), 'waits for code'],
    ['in a quote does not', set, says('> /assent approve'), 'waits for code'],
    ['in the middle of a line does not', set, says('please /assent approve'), 'waits for code'],
    [
      'in a comment edited since does not',
      set,
      says('/assent approve', { edited_at: at('11:00') }),
      'waits for code',
    ],
    [
      'in an edited comment does, where policy says so',
      merging('{ id: code, from: { permission: maintain }, by: [command], edited: true }'),
      says('/assent approve', { edited_at: at('11:00') }),
      'approved by bob',
    ],
    ['misspelt does not', set, says('/assent aprove'), 'waits for code'],
    [
      'before the push does not',
      set,
      commented(comment('bob', '/assent approve', '08:59')),
      'waits for code',
    ],
    [
      '/assent override without a justification overrides nothing',
      merging(byMaintainer),
      given({
        reviews: [review('bob', 'changes_requested', '10:00'), approved('cat')],
        comments: [comment('cat', '/assent override', '11:00')],
      }),
      'waits for code',
    ],
    [
      '/assent override with one lifts the objection of another',
      merging(byMaintainer),
      given({
        reviews: [review('bob', 'changes_requested', '10:00'), approved('cat')],
        comments: [comment('cat', '/assent override bob is away', '11:00')],
      }),
      'approved by cat',
    ],
  ]);
});

describe('composed approvals', () => {
  const step = (name: string, login: string) => `{ id: ${name}, from: { users: [${login}] } }`;
  const never = 'when: "pull_request.draft", ';
  const a = step('a', 'bob');
  const b = step('b', 'cat');
  const c = step('c', 'dan');
  cases([
    [
      'steps ask for the first',
      merging(`{ steps: [${a}, ${b}] }`),
      reviewed(approved('cat')),
      'waits for a',
    ],
    [
      'steps then ask for the second',
      merging(`{ steps: [${a}, ${b}] }`),
      reviewed(approved('bob')),
      'waits for b',
    ],
    [
      'any holds by one',
      merging(`{ any: [${a}, ${b}] }`),
      reviewed(approved('cat')),
      'approved by cat',
    ],
    [
      'all asks for each',
      merging(`{ all: [${a}, ${b}] }`),
      reviewed(approved('cat')),
      'waits for a',
    ],
    [
      'nested: all of one and any of two',
      merging(`{ all: [${a}, { any: [${b}, ${c}] }] }`),
      reviewed(approved('bob'), approved('dan')),
      'approved by bob, dan',
    ],
    [
      'nested: any of one and all of two, half of it',
      merging(`{ any: [{ all: [${a}, ${b}] }, ${c}] }`),
      reviewed(approved('bob')),
      'waits for b, c',
    ],
    [
      'whose every step does not apply still wait for a human',
      merging(`{ steps: [{ ${never}id: a, from: { users: [bob] } }] }`),
      request,
      'waits for floor',
    ],
    [
      'whose any has no alternative approve nothing',
      merging(`{ any: [{ ${never}id: a, from: { users: [bob] } }] }`),
      reviewed(approved('bob')),
      'waits for ',
    ],
    [
      'of an empty from qualify nobody',
      merging('{ id: code, from: {} }'),
      reviewed(approved('bob')),
      'waits for code',
    ],
    [
      'of two rules must both hold',
      rules(
        `{ id: one, actions: [pull_request.merge], effect: require_human, approval: ${a} }`,
        `{ id: two, actions: [pull_request.merge], effect: require_human, approval: ${b} }`,
      ),
      reviewed(approved('bob')),
      'waits for b',
    ],
    [
      'of two rules may be met by two',
      rules(
        `{ id: one, actions: [pull_request.merge], effect: require_human, approval: ${a} }`,
        `{ id: two, actions: [pull_request.merge], effect: require_human, approval: ${b} }`,
      ),
      reviewed(approved('bob'), approved('cat')),
      'approved by bob, cat',
    ],
  ]);
});

describe('the floor', () => {
  const allowing = (kind: string) => rules(`{ id: free, actions: [${kind}], effect: allow }`);
  cases([
    ['lets no policy allow a merge', allowing('pull_request.merge'), request, 'waits for floor'],
    [
      'lets no policy allow a roadmap',
      allowing('roadmap.publish'),
      acting('roadmap.publish', 'governor'),
      'waits for floor',
    ],
    [
      'takes a maintainer',
      allowing('pull_request.merge'),
      labelled(label('bob', '10:00')),
      'approved by bob',
    ],
    [
      'takes no writer where the policy asks for nobody',
      allowing('pull_request.merge'),
      reviewed(approved('dan')),
      'waits for floor',
    ],
    [
      'takes the writer a policy asks for',
      merging('{ id: code, from: { permission: write } }'),
      reviewed(approved('dan')),
      'approved by dan',
    ],
    [
      'takes no triager, though a policy asks for one',
      merging('{ id: code, from: { permission: triage } }'),
      reviewed(approved('tim')),
      'waits for floor',
    ],
    [
      'takes no triager',
      allowing('pull_request.merge'),
      reviewed(approved('tim')),
      'waits for floor',
    ],
    [
      'takes no author',
      allowing('pull_request.merge'),
      reviewed(approved('ann')),
      'waits for floor',
    ],
    [
      'leaves a label to the policy',
      allowing('issue.label'),
      acting('issue.label', 'triager'),
      'allow',
    ],
  ]);
});

describe('rules', () => {
  const label_ = (effect: string, more = '') =>
    `{ id: ${effect}, actions: [issue.label], effect: ${effect}${more} }`;
  const human = label_('require_human', `, approval: ${byMaintainer}`);
  const labelling = acting('issue.label', 'triager');
  cases([
    ['none: denied', 'version: 1\nrules: []\n', labelling, 'deny'],
    ['deny beats require_human', rules(label_('deny'), human, label_('allow')), labelling, 'deny'],
    ['require_human beats allow', rules(label_('allow'), human), labelling, 'waits for code'],
    [
      'of another agent do not speak',
      rules('{ id: x, agents: [reviewer], actions: [issue.label], effect: allow }'),
      labelling,
      'deny',
    ],
    [
      'of an agent do not speak of a human',
      rules('{ id: x, agents: [triager], actions: [issue.label], effect: allow }'),
      acting('issue.label', null),
      'deny',
    ],
    [
      'with an error deny, though they would allow',
      rules(
        '{ id: x, actions: [issue.label], when: "pull_request.files[9].path == \\"a\\"", effect: allow }',
      ),
      labelling,
      'deny',
    ],
    [
      'with an error deny beside one that allows',
      rules(
        '{ id: x, actions: [issue.label], when: "pull_request.files[9].path == \\"a\\"", effect: require_human, approval: { id: code, from: { permission: write } } }',
        label_('allow'),
      ),
      labelling,
      'deny',
    ],
    [
      'files.all on no files is false',
      rules(
        '{ id: x, actions: [issue.label], when: "pull_request.files.all(f, f.path.startsWith(\\"docs/\\"))", effect: allow }',
      ),
      { ...labelling, pull_request: { ...request.pull_request, files: [] } },
      'deny',
    ],
    [
      'files.all on fitting files is true',
      rules(
        '{ id: x, actions: [issue.label], when: "pull_request.files.all(f, f.path.startsWith(\\"src/\\"))", effect: allow }',
      ),
      labelling,
      'allow',
    ],
    [
      'not files.all on no files is not true either',
      rules(
        '{ id: x, actions: [issue.label], when: "pull_request.files.all(f, f.path.startsWith(\\"docs/\\")) == false", effect: allow }',
      ),
      { ...labelling, pull_request: { ...request.pull_request, files: [] } },
      'allow',
    ],
    [
      'halted: denied',
      rules(label_('allow')),
      acting('issue.label', 'triager', { control: { halted: true, disabled_agents: [] } }),
      'deny',
    ],
    [
      'a disabled agent: denied',
      rules(label_('allow')),
      acting('issue.label', 'triager', {
        control: { halted: false, disabled_agents: ['triager'] },
      }),
      'deny',
    ],
    [
      'another agent disabled: allowed',
      rules(label_('allow')),
      acting('issue.label', 'triager', {
        control: { halted: false, disabled_agents: ['reviewer'] },
      }),
      'allow',
    ],
  ]);
});

describe('the policies of the contract', () => {
  const auth = [{ path: 'src/auth/key.ts', status: 'modified', additions: 1, deletions: 0 }];
  const opening = (more: Json) => acting('pull_request.open', 'contributor', more);
  const open = contract.replace(
    'rules:',
    'rules:\n  - { id: open, agents: [contributor], actions: [pull_request.open], effect: allow }',
  );
  const counted = (hour: number, day: number) =>
    opening({
      usage: {
        ...request.usage,
        counts: [{ agent: 'contributor', action: 'pull_request.open', hour, day }],
      },
    });
  const own = [{ path: 'policies/default.yml', status: 'modified', additions: 1, deletions: 0 }];
  cases([
    ['wait for a maintainer', contract, request, 'waits for code'],
    ['merge by a maintainer', contract, reviewed(approved('bob')), 'approved by bob'],
    [
      'ask for security where auth changes',
      contract,
      changing({ files: auth }, { reviews: [approved('bob')] }),
      'waits for security, owners',
    ],
    [
      'take security there',
      contract,
      changing({ files: auth }, { reviews: [approved('bob'), approved('dan')] }),
      'approved by bob, dan',
    ],
    [
      'merge nothing on a Friday',
      contract,
      given({ reviews: [approved('bob')] }, { at: '2026-11-20T10:00:00Z' }),
      'deny',
    ],
    [
      'merge nothing before nine in Berlin',
      contract,
      given({ reviews: [approved('bob')] }, { at: '2026-11-18T07:59:59Z' }),
      'deny',
    ],
    [
      'merge from nine in Berlin',
      contract,
      given({ reviews: [approved('bob', '08:00')] }, { at: '2026-11-18T08:00:00Z' }),
      'approved by bob',
    ],
    [
      'follow the clock of Berlin in summer',
      contract,
      given({ reviews: [approved('bob')] }, { at: '2026-07-15T07:00:00Z' }),
      'approved by bob',
    ],
    [
      'deny a change of their own rules',
      open,
      changing(
        { files: own },
        {},
        { action: { kind: 'pull_request.open', agent: 'contributor', item: 'issue-3' } },
      ),
      'deny',
    ],
    ['open a pull request', open, counted(4, 19), 'allow'],
    ['open no sixth in an hour', open, counted(5, 5), 'deny'],
    ['open no twenty-first in a day', open, counted(0, 20), 'deny'],
    [
      'open none when tokens are spent',
      open,
      opening({ usage: { ...request.usage, tokens_today: 2_000_000 } }),
      'deny',
    ],
    [
      'open none when money is spent',
      open,
      opening({ usage: { ...request.usage, usd_today: 20 } }),
      'deny',
    ],
    ['deny what they do not speak of', contract, acting('review.publish', 'reviewer'), 'deny'],
  ]);
});
