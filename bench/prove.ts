/**
 * How long a proof takes on a policy of thirty rules, the start of the solver apart: `npx node bench/prove.ts`. Also a comparison
 * with the same policy loosened in one place.
 */
import { conditionExpression } from '../src/adapters/policy/condition.ts';
import { factTypes, factVariables } from '../src/adapters/policy/facts.ts';
import { loadPolicies } from '../src/adapters/policy/load.ts';
import { policyDocuments } from '../src/adapters/policy/policy-source.ts';
import { createPolicyProver } from '../src/adapters/proof/prover.ts';
import type { PolicySet } from '../src/domain/policy/rules.ts';

const areas = ['src/auth', 'src/api', 'src/db', 'deploy', 'docs', 'policies', '.github', 'scripts'];

/** Thirty rules, all but four of them about merges: steps for eight areas, denials by path, label, title, check and size. */
function policy(loosened: boolean): string {
  const steps = areas.map(
    (area, index) =>
      `{ id: area${index}, when: 'pull_request.files.exists(f, f.path.lowerAscii().matches("^${area.replace('.', '[.]')}/"))', from: { teams: [acme/team${index}] } }`,
  );
  const denials = [
    ...areas.map(
      (area) =>
        `pull_request.files.exists(f, f.path.startsWith("${area}/") && f.status == "removed" && f.deletions > 500)`,
    ),
    ...['wip', 'blocked', 'hold', 'draft', 'later', 'discuss'].map(
      (label) => `"${label}" in pull_request.labels`,
    ),
    ...['^WIP', '^(tmp|fixup!)', '(?i)do not merge'].map(
      (title) => `pull_request.title.matches("${title}")`,
    ),
    'pull_request.checks.exists(c, c.name != "assent" && c.conclusion in ["failure", "timed_out"])',
    'size(pull_request.files) > 300',
    'pull_request.base != "main" && !pull_request.base.startsWith("release/")',
    'pull_request.commits.exists(c, size(c.parents) > 1) && pull_request.branch.startsWith("hotfix/")',
  ];
  const rules = [
    `{ id: merge, actions: [pull_request.merge], effect: require_human, approval: { steps: [{ id: code, from: { permission: maintain }, count: ${loosened ? 1 : 2} }, ${steps.join(', ')}] } }`,
    `{ id: quick, actions: [pull_request.merge], effect: require_human, approval: { any: [{ id: lead, from: { permission: admin } }, { id: pair, from: { permission: write }, count: 2 }] } }`,
    '{ id: roadmap, actions: [roadmap.publish], effect: require_human, approval: { id: roadmap, from: { permission: maintain } } }',
    '{ id: comment, actions: [issue.comment], effect: allow }',
    '{ id: label, actions: [issue.label], effect: allow }',
    '{ id: plan, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: maintain } } }',
    '{ id: review, actions: [review.publish], effect: allow }',
    `{ id: open, agents: [contributor], actions: [pull_request.open], effect: allow }`,
    `{ id: own, agents: [contributor], actions: [pull_request.open], effect: deny, when: 'pull_request.files.exists(f, f.path.matches("^(policies|[.]github)/"))' }`,
    ...denials.map(
      (when, index) =>
        `{ id: no${index}, actions: [pull_request.merge, roadmap.publish], effect: deny, when: '${when}' }`,
    ),
  ];
  return `version: 1\nrules:\n${rules.map((rule) => `  - ${rule}`).join('\n')}
limits: [{ agents: [contributor], actions: [pull_request.open], per_hour: 5, per_day: 20 }]
windows: [{ actions: [pull_request.merge], days: [mon, tue, wed, thu], hours: "09:00-17:00", timezone: Europe/Berlin }]\n`;
}

function load(text: string): PolicySet {
  const loaded = loadPolicies(new Map([['policies/bench.yml', text]]));
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return loaded.value;
}

const prover = createPolicyProver({
  facts: { types: factTypes, names: factVariables },
  parse: conditionExpression,
  read: (draft) => {
    const request = policyDocuments.request('witness.json', JSON.stringify(draft));
    return request.ok ? request.value : null;
  },
});
const [strict, loose] = [load(policy(false)), load(policy(true))];

async function timed(what: string, ask: () => Promise<{ readonly answer: string }>): Promise<void> {
  const start = performance.now();
  const { answer } = await ask();
  console.log(`${what}: ${answer} in ${Math.round(performance.now() - start)} ms`);
}

console.log(`${strict.rules.length} rules`);
await timed('prove, the solver loaded with it', () => prover.prove(strict));
await timed('prove again', () => prover.prove(strict));
await timed('one approval for two, newly allowed', () => prover.compare(strict, loose));
await timed('two for one', () => prover.compare(loose, strict));
await timed('one rule asks nobody', () =>
  prover.prove(
    load(
      policy(false).replace(
        'effect: require_human, approval: { id: roadmap,',
        'effect: require_human, approval: { when: "size(pull_request.files) > 3", id: roadmap,',
      ),
    ),
  ),
);
await prover.close();
console.log(`${Math.round(process.memoryUsage().rss / 1e6)} MB resident`);
