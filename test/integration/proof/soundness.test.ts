import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createPolicyProver } from '../../../src/adapters/proof/prover.ts';
import { evaluate, evaluateWithoutFloor } from '../../../src/domain/policy/evaluate.ts';
import type { PolicySet } from '../../../src/domain/policy/rules.ts';
import { policies } from '../../support/policy.ts';
import { proofParts } from '../../support/proof.ts';
import { condition, silentMerge, spokenMerge } from '../../support/random-policies.ts';

const prover = createPolicyProver(proofParts);
afterAll(() => prover.close());

const part = fc.record({
  when: fc.option(condition, { nil: null }),
  count: fc.constantFrom(0, 1, 1, 1, 2),
});
const approval = fc.oneof(
  part.map(({ when, count }) => written('a', when, count)),
  fc
    .tuple(fc.constantFrom('steps', 'all', 'any'), fc.array(part, { minLength: 1, maxLength: 3 }))
    .map(
      ([how, parts]) =>
        `{ ${how}: [${parts.map(({ when, count }, index) => written(`s${index}`, when, count)).join(', ')}] }`,
    ),
);

const written = (id: string, when: string | null, count: number) =>
  `{ id: ${id}, from: { permission: maintain }, count: ${count}${when === null ? '' : `, when: ${JSON.stringify(when)}`} }`;

const rule = fc
  .tuple(
    fc.constantFrom('allow', 'deny', 'require_human', 'require_human'),
    fc.option(condition, { nil: null, freq: 3 }),
    approval,
  )
  .map(([effect, when, asks]) => {
    const condition_ = when === null ? '' : `, when: ${JSON.stringify(when)}`;
    const approval_ = effect === 'require_human' ? `, approval: ${asks}` : '';
    return `actions: [pull_request.merge], effect: ${effect}${condition_}${approval_}`;
  });

const policySet: fc.Arbitrary<PolicySet> = fc
  .array(rule, { minLength: 1, maxLength: 3 })
  .map(
    (rules) => `rules:\n${rules.map((text, index) => `  - { id: r${index}, ${text} }`).join('\n')}`,
  )
  .filter(isAffordable)
  .map(policies);

/** Conditions put together at random may cost more than any that is read. */
function isAffordable(text: string): boolean {
  try {
    policies(text);
    return true;
  } catch (error) {
    if (String(error).includes('too costly')) return false;
    throw error;
  }
}

describe('of random policies and random merges on which nobody has spoken', () => {
  it(
    'what is proved holds, and what is dead never applies, for each of them',
    { timeout: 240_000 },
    async () => {
      const answers = { proved: 0, refuted: 0, not_provable: 0 };
      await fc.assert(
        fc.asyncProperty(
          policySet,
          fc.array(silentMerge, { minLength: 40, maxLength: 40 }),
          async (set, requests) => {
            const proof = await prover.prove(set);
            const asked = proof.questions.find(({ id }) => id === 'pull_request.merge/as_written');
            answers[asked?.answer ?? 'not_provable'] += 1;
            for (const request of requests) {
              const verdict = evaluateWithoutFloor(set, request);
              if (asked?.answer === 'proved')
                expect(verdict.satisfied, JSON.stringify(request)).toBe(false);
              for (const dead of set.rules.filter(({ id }) => proof.dead.includes(id)))
                expect(dead.when?.test(request), dead.when?.source).not.toEqual({
                  ok: true,
                  value: true,
                });
            }
          },
        ),
        { numRuns: 30 },
      );
      // Neither answer would say much if it were the only one.
      expect(answers.proved).toBeGreaterThan(3);
      expect(answers.refuted).toBeGreaterThan(5);
      expect(answers.not_provable).toBeLessThan(10);
    },
  );
});

const option = (...texts: readonly string[]) => fc.constantFrom('', ...texts);
const requirement = fc
  .record({
    from: fc.constantFrom(
      'permission: maintain',
      'permission: write',
      'permission: admin',
      'users: [tess]',
      'teams: [acme/core]',
      'permission: admin, teams: [acme/core]',
      'codeowners: true',
      'codeowners: true, permission: admin',
      'codeowners: true, users: [tess]',
    ),
    count: fc.constantFrom(1, 1, 1, 2),
    more: fc.tuple(
      option(
        ', by: [review]',
        ', by: [review, label]',
        ', by: [label, command]',
        ', by: [review, label, command]',
      ),
      option(', author: true'),
      option(', contributors: true'),
      option(', edited: true'),
      option(', valid_for: 90m', ', valid_for: 3h'),
      option(', not_by: [plan]'),
      option(
        ', survives: [rebase]',
        ', survives: [update_merge]',
        ', survives: [{ paths: ["docs/**"] }]',
      ),
      option(', when: pull_request.draft'),
    ),
  })
  .map(
    ({ from, count, more }) =>
      (step: string) =>
        `{ id: ${step}, from: { ${from} }, count: ${count}${more.join('')} }`,
  );

const asking: fc.Arbitrary<PolicySet> = fc
  .tuple(
    fc.constantFrom('steps', 'any'),
    fc.array(requirement, { minLength: 1, maxLength: 2 }),
    fc.boolean(),
  )
  .map(([how, parts, denies]) =>
    policies(`rules:
  - { id: plan, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: maintain } } }
  - { id: merge, actions: [pull_request.merge], effect: require_human, approval: { ${how}: [${parts.map((part, index) => part(`s${index}`)).join(', ')}] } }
${denies ? '  - { id: draft, actions: [pull_request.merge], effect: deny, when: pull_request.draft }' : ''}`),
  );

describe('of random pairs of policies and random evidence', () => {
  it(
    'what is proved to be allowed no more is allowed by none of it',
    { timeout: 240_000 },
    async () => {
      const answers = { proved: 0, refuted: 0, not_provable: 0 };
      await fc.assert(
        fc.asyncProperty(
          asking,
          asking,
          fc.array(spokenMerge, { minLength: 60, maxLength: 60 }),
          async (before, after, requests) => {
            const { answer } = await prover.compare(before, after);
            answers[answer] += 1;
            for (const request of requests) {
              const newly =
                evaluate(after, request).satisfied && !evaluate(before, request).satisfied;
              if (answer === 'proved') expect(newly, JSON.stringify(request)).toBe(false);
            }
          },
        ),
        { numRuns: 30 },
      );
      expect(answers.proved).toBeGreaterThan(0);
      expect(answers.refuted).toBeGreaterThan(5);
    },
  );
});
