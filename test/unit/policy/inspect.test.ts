import { describe, expect, it } from 'vitest';
import { knownActions } from '../../../src/domain/policy/actions.ts';
import { inspect } from '../../../src/domain/policy/inspect.ts';
import { policies } from '../../support/policy.ts';

const look = (text: string) =>
  inspect(policies(text), knownActions).map(
    ({ level, rule, message }) => `${level} ${rule ?? '-'}: ${message}`,
  );

const asking = (approval: string) =>
  `rules: [{ id: m, actions: [pull_request.merge], effect: require_human, approval: ${approval} }]`;
const code = '{ id: code, from: { permission: maintain } }';

describe('below the floor', () => {
  it.each([
    [
      'a rule that allows a merge is a fault',
      'rules: [{ id: m, actions: [issue.label, pull_request.merge], effect: allow }]',
      /^fault m: allows pull_request\.merge/,
    ],
    [
      'a requirement of nobody is a fault',
      asking('{ id: code, from: {}, count: 0 }'),
      /^fault m: lets pull_request\.merge pass with no approval/,
    ],
    [
      'an alternative of nobody is a fault',
      asking(`{ any: [${code}, { id: none, from: {}, count: 0 }] }`),
      /^fault m:/,
    ],
    [
      'a requirement that conditions may empty is warned of',
      asking('{ steps: [{ when: pull_request.draft, id: code, from: { permission: maintain } }] }'),
      /^warning m: asks nobody/,
    ],
  ])('%s', (_rule, text, finding) => expect(look(text)[0]).toMatch(finding));

  it.each([
    ['a requirement of one', asking(code)],
    [
      'a first step without a condition',
      asking(
        `{ steps: [${code}, { when: pull_request.draft, id: more, from: { permission: admin } }] }`,
      ),
    ],
    [
      'denying',
      'rules: [{ id: m, actions: [pull_request.merge], effect: deny }, { id: a, actions: [issue.label], effect: allow }]',
    ],
    [
      'allowing what is no merge',
      'rules: [{ id: m, actions: [pull_request.open], effect: allow }]',
    ],
  ])('there is nothing with %s', (_rule, text) => expect(look(text)).toEqual([]));
});

describe('a rule without effect is warned of', () => {
  const two = (first: string, second: string) =>
    `rules: [{ id: a, ${first} }, { id: b, ${second} }]`;
  it.each([
    [
      'whose condition is false',
      two(
        'actions: [issue.label], effect: allow, when: "false"',
        'actions: [issue.comment], effect: allow',
      ),
      /^warning a: never applies/,
    ],
    [
      'that a denial covers',
      two(
        'actions: [issue.label], effect: deny',
        'actions: [issue.label], effect: allow, when: pull_request.draft',
      ),
      /^warning b: has no effect: rule a \(deny\)/,
    ],
    [
      'that a denial after it covers',
      two(
        'actions: [issue.label], effect: allow',
        'actions: [issue.label, issue.comment], effect: deny',
      ),
      /^warning a: has no effect/,
    ],
    [
      'that a denial under the same condition covers',
      two(
        'actions: [issue.label], effect: deny, when: pull_request.draft',
        'actions: [issue.label], effect: allow, when: pull_request.draft',
      ),
      /^warning b: has no effect/,
    ],
    [
      'that says again what another says',
      two(
        'actions: [issue.label], effect: allow',
        'agents: [triager], actions: [issue.label], effect: allow',
      ),
      /^warning b: has no effect: rule a says the same/,
    ],
    [
      'that denials cover together, each a part of it',
      `rules:
        - { id: a, actions: [issue.label, pull_request.open], agents: [contributor], effect: allow }
        - { id: b, actions: [issue.label], effect: deny }
        - { id: c, actions: [pull_request.open], agents: [contributor], effect: deny }`,
      /^warning a: has no effect: rule b \(deny\) and c \(deny\) apply/m,
    ],
    [
      'that asks again what another asks',
      `rules:
        - { id: a, actions: [issue.label], effect: require_human, approval: ${code} }
        - { id: b, agents: [triager], actions: [issue.label], effect: require_human, approval: ${code} }`,
      /^warning b: has no effect: rule a says the same/,
    ],
    [
      'whose condition can be told false',
      two(
        `actions: [issue.label], effect: allow, when: 'issue != null && (1 > 2 || "a" in [])'`,
        'actions: [issue.comment], effect: allow',
      ),
      /^warning a: never applies: its condition is false/,
    ],
    [
      'for what none of its agents does',
      two(
        'agents: [contributor], actions: [issue.label], effect: allow',
        'actions: [issue.comment], effect: allow',
      ),
      /^warning a: never applies to issue\.label: the triager does that, not contributor; name that agent/,
    ],
    [
      'for what Assent itself does',
      'rules: [{ id: m, agents: [governor], actions: [pull_request.merge], effect: require_human, approval: { id: c, from: { permission: admin } } }]',
      /^warning m: never applies to pull_request\.merge: Assent itself does that.*leave agents out/,
    ],
  ])('%s', (_rule, text, finding) => expect(look(text).join('\n')).toMatch(finding));

  it.each([
    [
      "of an agent of one's own",
      two(
        'agents: [translator], actions: [issue.label], effect: allow',
        'actions: [issue.comment], effect: allow',
      ),
    ],
    [
      'that denies an agent what it does not do anyhow',
      two(
        'agents: [contributor], actions: [pull_request.merge], effect: deny',
        'actions: [issue.comment], effect: allow',
      ),
    ],
    [
      'that asks for more than another',
      `rules:
        - { id: a, actions: [issue.label], effect: require_human, approval: ${code} }
        - { id: b, actions: [issue.label], effect: require_human, approval: { id: more, from: { permission: admin } } }`,
    ],
    [
      'of another agent',
      two(
        'agents: [reviewer], actions: [issue.label], effect: deny',
        'agents: [triager], actions: [issue.label], effect: allow',
      ),
    ],
    [
      'of any agent, where one agent is denied',
      two(
        'agents: [reviewer], actions: [issue.label], effect: deny',
        'actions: [issue.label], effect: allow',
      ),
    ],
    [
      'of one action more',
      two(
        'actions: [issue.label], effect: deny',
        'actions: [issue.label, issue.comment], effect: allow',
      ),
    ],
    [
      'under another condition',
      two(
        'actions: [issue.label], effect: deny, when: pull_request.draft',
        'actions: [issue.label], effect: allow',
      ),
    ],
  ])('and not one %s', (_rule, text) => expect(look(text)).toEqual([]));
});

it('owners of changed files may be any number of people', () => {
  expect(look(asking('{ id: code, from: { codeowners: true }, count: 3 }'))).toEqual([]);
});

describe('what can hardly be meant is warned of', () => {
  it.each([
    [
      'a requirement nobody can meet',
      asking('{ id: code, from: {} }'),
      /takes 1, and its `from` names 0/,
    ],
    [
      'one that names too few',
      asking('{ id: code, from: { users: [mia, MIA] }, count: 2 }'),
      /takes 2, and its `from` names 1/,
    ],
    [
      'a plan that waits for a review',
      'rules: [{ id: p, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: write } } }]',
      /a plan stands on an issue, which nobody can review: it can never hold; use by: \[label, command\]/,
    ],
    [
      'a plan that waits for owners of files',
      'rules: [{ id: p, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { codeowners: true }, by: [label] } }]',
      /names 0: it can never hold/,
    ],
    [
      'a condition that says nothing',
      `rules: [{ id: x, actions: [issue.label], when: "1 < 2", effect: allow }]`,
      /always true; leave it out/,
    ],
    [
      'a part nobody is asked for',
      asking(`{ steps: [${code}, { when: "false", id: b, from: { permission: admin } }] }`),
      /part that is never asked for/,
    ],
    [
      'a condition that repeats itself',
      'rules: [{ id: x, actions: [issue.label], when: issue == null || pull_request != null || issue == null, effect: allow }]',
      /says `issue == null` twice/,
    ],
    [
      'an alternative that stands twice',
      asking(`{ any: [${code}, ${code}] }`),
      /has the same part twice/,
    ],
    ['steps of the same name', asking(`{ steps: [${code}, ${code}] }`), /several steps "code"/],
    [
      'an action Assent never takes',
      'rules: [{ id: x, actions: [rocket.launch], effect: allow }]',
      /rocket\.launch, which Assent itself never does/,
    ],
    [
      'a role nobody uses',
      'roles: { r: { permission: read } }\nrules: [{ id: x, actions: [issue.label], effect: allow }]',
      /role r is used by no rule/,
    ],
    [
      'a set that allows nothing',
      'rules: [{ id: x, actions: [issue.label], effect: deny }]',
      /everything is denied/,
    ],
  ])('%s', (_rule, text, finding) => expect(look(text).join('\n')).toMatch(finding));
});
