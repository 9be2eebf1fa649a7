import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPolicies } from '../../../src/adapters/policy/load.ts';
import { createPolicyProver } from '../../../src/adapters/proof/prover.ts';
import { evaluate, evaluateWithoutFloor } from '../../../src/domain/policy/evaluate.ts';
import type { PolicySet } from '../../../src/domain/policy/rules.ts';
import { proofParts } from '../../support/proof.ts';
import { policies, requiring } from '../../support/policy.ts';

const prover = createPolicyProver(proofParts);
afterAll(() => prover.close());

/** What was said of merges, by the rules as they are written. */
async function ofMerges(set: PolicySet) {
  const { questions } = await prover.prove(set);
  const asked = questions.find(({ id }) => id === 'pull_request.merge/as_written');
  if (asked === undefined) throw new Error('merges were not asked about');
  return asked;
}

const maintainer = 'from: { permission: maintain }';
const merges = (rest: string) =>
  policies(`rules: [{ id: merge, actions: [pull_request.merge], ${rest} }]`);
const docs = 'f.path.startsWith("docs/")';

describe('proved is a policy', () => {
  it.each<[string, PolicySet]>([
    ['that asks for one person', requiring(`{ id: code, ${maintainer} }`)],
    ['that allows nothing', policies('rules: []')],
    ['that denies', merges('effect: deny')],
    [
      'whose alternatives may all vanish, for then nobody can approve',
      requiring(
        `{ any: [{ id: a, when: pull_request.draft, ${maintainer} }, { id: b, when: '!pull_request.draft && false', ${maintainer} }] }`,
      ),
    ],
    [
      'whose two conditions leave nothing out',
      requiring(
        `{ steps: [{ id: a, when: 'pull_request.files.all(f, ${docs})', ${maintainer} }, { id: b, when: '!pull_request.files.all(f, ${docs})', ${maintainer} }] }`,
      ),
    ],
    [
      'that allows what another rule denies whenever it is allowed',
      policies(`rules:
        - { id: docs, actions: [pull_request.merge], effect: allow, when: 'pull_request.title.startsWith("docs: ")' }
        - { id: no, actions: [pull_request.merge], effect: deny, when: 'pull_request.title.matches("^docs")' }`),
    ],
    [
      'that asks nobody only where it denies',
      policies(`rules:
        - { id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, when: 'size(pull_request.files) > 0', ${maintainer} } }
        - { id: empty, actions: [pull_request.merge], effect: deny, when: 'size(pull_request.files) == 0' }`),
    ],
    [
      'whose allowing rule cannot be evaluated when it would apply',
      merges(`effect: allow, when: 'pull_request == null && pull_request.draft'`),
    ],
    [
      'that lets nobody count, behind an hour that never comes',
      policies(`rules: [{ id: merge, actions: [pull_request.merge], effect: allow }]
limits: [{ per_day: 0 }]`),
    ],
    [
      'that asks for owners, where nobody is one',
      requiring('{ id: o, from: { codeowners: true } }'),
    ],
    [
      'that cannot be modelled, where the proof does not turn on it',
      requiring(`{ id: code, ${maintainer}, when: 'true' }`),
    ],
    [
      'with a condition beyond the model in a rule that asks for people anyway',
      merges(
        `effect: require_human, when: 'pull_request.title.split(" ").size() > 3', approval: { id: code, ${maintainer} }`,
      ),
    ],
  ])('%s', async (_what, set) => {
    expect(await ofMerges(set)).toMatchObject({ answer: 'proved', witness: null, why: null });
  });

  it('the one this repository works under', async () => {
    const loaded = loadPolicies(
      new Map([['policies/default.yml', readFileSync('policies/default.yml', 'utf8')]]),
    );
    const proof = loaded.ok ? await prover.prove(loaded.value) : null;
    expect(proof).toMatchObject({ answer: 'proved', dead: [] });
    expect(proof?.questions.map(({ id, answer }) => `${id}: ${answer}`)).toEqual([
      'pull_request.merge/as_written: proved',
      'pull_request.merge/enforced: proved',
      'roadmap.publish/as_written: proved',
      'roadmap.publish/enforced: proved',
    ]);
  });
});

describe('refuted, with a request that the evaluator lets pass, is a policy', () => {
  it.each<[string, PolicySet]>([
    [
      'that asks for zero people',
      requiring('{ id: code, from: { permission: maintain }, count: 0 }'),
    ],
    ['that allows merges', merges('effect: allow')],
    ['that asks for zero owners', requiring('{ id: o, from: { codeowners: true }, count: 0 }')],
    [
      'that asks owners where there are any, and else nobody',
      requiring(
        `{ id: o, from: { codeowners: true }, when: 'pull_request.files.exists(f, has(f.owners) && size(f.owners) > 0)' }`,
      ),
    ],
    [
      'that allows what nobody owns',
      merges(
        `effect: allow, when: 'pull_request.files.exists(f, has(f.owners) && size(f.owners) == 0)'`,
      ),
    ],
    [
      'that allows what somebody by name owns',
      merges(
        `effect: allow, when: 'pull_request.files.exists(f, has(f.owners) && "@ann" in f.owners)'`,
      ),
    ],
    [
      'with an alternative that asks for zero people',
      requiring(`{ any: [{ id: a, ${maintainer} }, { id: b, ${maintainer}, count: 0 }] }`),
    ],
    [
      'that asks nobody unless code changes',
      requiring(
        `{ id: code, when: 'pull_request.files.exists(f, f.path.startsWith("src/"))', ${maintainer} }`,
      ),
    ],
    [
      'whose steps all have conditions',
      requiring(
        `{ steps: [{ id: a, when: '"code" in pull_request.labels', ${maintainer} }, { id: b, when: 'pull_request.files.exists(f, f.additions > 10)', ${maintainer} }] }`,
      ),
    ],
    [
      'that takes an empty list of checks for a green one',
      merges(`effect: allow, when: 'pull_request.checks.all(c, c.conclusion == "success")'`),
    ],
    [
      'that believes a title',
      merges(
        `effect: allow, when: 'pull_request.title.lowerAscii().matches("^(chore|docs)(\\\\(.+\\\\))?: ")'`,
      ),
    ],
    [
      'that lets small changes pass',
      merges(
        `effect: allow, when: 'pull_request.files.all(f, f.additions + f.deletions < 10) && size(pull_request.files) < 3'`,
      ),
    ],
    [
      'that forgets large ones',
      merges(
        `effect: require_human, approval: { id: a, when: 'size(pull_request.files) <= 50', ${maintainer} }`,
      ),
    ],
    [
      'that trusts a label, which is no approval',
      merges(
        `effect: allow, when: 'evidence.labels.exists(l, l.name == "ship-it" && l.user.type == "User")'`,
      ),
    ],
    [
      'that trusts a review, on whatever head it was given',
      merges(`effect: allow, when: 'evidence.reviews.exists(r, r.state == "approved")'`),
    ],
    [
      'that lets an agent be',
      merges(`agents: [governor], effect: allow, when: 'action.agent == "governor"'`),
    ],
    [
      'that trusts somebody known by name',
      merges(`effect: allow, when: '"ada" in people && people["ada"].permission == "admin"'`),
    ],
    [
      'that allows what a window lets pass',
      policies(`rules: [{ id: merge, actions: [pull_request.merge], effect: allow }]
windows: [{ actions: [pull_request.merge], days: [sat], hours: "22:30-23:00", timezone: Asia/Tokyo }]`),
    ],
    [
      'that allows below a limit',
      policies(`rules: [{ id: merge, actions: [pull_request.merge], effect: allow, when: 'usage.counts.exists(c, c.hour > 2)' }]
limits: [{ actions: [pull_request.merge], per_hour: 5 }]`),
    ],
    [
      'that asks the owners of files for nothing',
      requiring('{ id: owners, from: { codeowners: true }, count: 0 }'),
    ],
    [
      'whose condition is beyond the model, but the ordinary request passes',
      merges(`effect: allow, when: 'pull_request.title.split(" ").size() == 2'`),
    ],
  ])('%s', async (_what, set) => {
    const { answer, witness, rules } = await ofMerges(set);
    expect({ answer, rules }).toEqual({ answer: 'refuted', rules: ['merge'] });
    if (witness === null) throw new Error('no witness');
    const asked = evaluateWithoutFloor(set, witness.request);
    expect(asked).toEqual(witness.verdict);
    expect({ satisfied: asked.satisfied, approvers: asked.approvers }).toEqual({
      satisfied: true,
      approvers: [],
    });
    // What the author left open, the floor closes.
    expect(evaluate(set, witness.request).satisfied).toBe(false);
  });

  it('and the witness is the ordinary request but for what matters', async () => {
    const { witness } = await ofMerges(
      merges(
        `effect: allow, when: 'pull_request.title.startsWith("release ") && size(pull_request.labels) == 1'`,
      ),
    );
    expect(witness?.unusual).toEqual([
      'pull_request.title: "release "',
      'pull_request.labels: ["x"]',
    ]);
  });
});

describe('not provable, with the reason, is a policy', () => {
  it.each<[string, PolicySet, RegExp]>([
    [
      'that allows what the model cannot follow and no try confirms',
      merges(`effect: allow, when: 'pull_request.title.split("-").size() == 7'`),
      /not modelled: the function split/,
    ],
  ])('%s', async (_what, set, why) => {
    const asked = await ofMerges(set);
    expect(asked).toMatchObject({ answer: 'not_provable', witness: null });
    expect(asked.why).toMatch(why);
  });
});

describe('besides', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a rule whose condition contradicts itself never applies',
      'pull_request.base == "main" && pull_request.base == "dev"',
      ['rule'],
    ],
    [
      'nor one that asks for a path of two beginnings',
      'pull_request.files.exists(f, f.path.startsWith("a/") && f.path.startsWith("b/"))',
      ['rule'],
    ],
    [
      'one with two such files does',
      'pull_request.files.exists(f, f.path.startsWith("a/")) && pull_request.files.exists(f, f.path.startsWith("b/"))',
      [],
    ],
    [
      'a text is no longer than its pattern',
      'size(pull_request.title) > 3 && pull_request.title.matches("^[a-c]{1,3}$")',
      ['rule'],
    ],
    ['what the model cannot follow may apply', 'pull_request.title.trim() == "x"', []],
  ])('%s', async (_rule, when, dead) => {
    const set = policies(
      `rules: [{ id: rule, actions: [issue.label], effect: deny, when: '${when}' }]`,
    );
    expect((await prover.prove(set)).dead).toEqual(dead);
  });
});
