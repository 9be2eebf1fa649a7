/**
 * Verdicts a second under 30 rules (conditions, patterns, steps, alternatives, owners, limits, budgets, windows), on pull requests of
 * 1, 50 and 1000 files. `npx node bench/verdicts.ts [SECONDS]`: how long each figure is measured, 2 by default.
 */
import { loadPolicies } from '../src/adapters/policy/load.ts';
import { evaluate } from '../src/domain/policy/evaluate.ts';
import type { PolicyRequest } from '../src/domain/policy/request.ts';

const seconds = Number(process.argv[2] ?? 2);

/** Areas of a repository, each with its own people: the shape that policies of 30 rules have. */
const areas = ['auth', 'billing', 'api', 'web', 'infra', 'data', 'search', 'mail'] as const;

const merges = areas.map(
  (area) => `
  - id: merge-${area}
    actions: [pull_request.merge]
    when: pull_request.files.exists(f, f.path.lowerAscii().matches("^(src|lib)/${area}/"))
    effect: require_human
    approval:
      any:
        - { id: ${area}-team, from: { teams: [acme/${area}] }, by: [review, label] }
        - { id: ${area}-owners, from: { codeowners: true }, by: [review], valid_for: 30d }`,
);
const denials = areas.map(
  (area) => `
  - id: protect-${area}
    agents: [contributor]
    actions: [pull_request.open]
    when: pull_request.files.exists(f, f.path.startsWith("${area}/secrets/") || f.path.endsWith(".${area}.key"))
    effect: deny`,
);
const policy = `version: 1
roles: { maintainer: { permission: maintain }, owner: { permission: admin } }
rules:
  - { id: triage, agents: [triager], actions: [issue.label, issue.comment], effect: allow }
  - { id: contribute, agents: [contributor, governor], actions: [pull_request.open], effect: allow }
  - { id: review, agents: [reviewer], actions: [review.publish, check.report], effect: allow }
  - { id: plan, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { roles: [maintainer] }, by: [label, command] } }
  - id: merge
    actions: [pull_request.merge]
    effect: require_human
    expires: 30d
    approval:
      steps:
        - { id: code, from: { roles: [maintainer] }, by: [review, label, command], survives: [rebase, update_merge, paths: ["docs/**", "**/*.md"]] }
        - when: pull_request.files.exists(f, f.path.lowerAscii().matches("^(policies|\\\\.github)/"))
          id: rules
          from: { roles: [owner] }
          count: 2
  - { id: large, actions: [pull_request.merge], when: "size(pull_request.files) > 500", effect: require_human, approval: { id: large, from: { roles: [owner] } } }
  - { id: drafts, actions: [pull_request.merge], when: pull_request.draft, effect: deny }
  - id: checks
    actions: [pull_request.merge]
    when: pull_request.checks.exists(c, c.name != "assent" && c.conclusion in ["failure", "timed_out"])
    effect: deny
  - id: generated
    actions: [pull_request.merge]
    when: pull_request.files.all(f, f.path.startsWith("dist/") || f.path.endsWith(".lock"))
    effect: deny
  - id: tests
    actions: [pull_request.merge]
    when: >-
      pull_request.files.exists(f, f.path.startsWith("src/") && f.status == "added")
      && !pull_request.files.exists(f, f.path.startsWith("test/"))
    effect: require_human
    approval: { id: untested, from: { roles: [maintainer] }, count: 2 }
  - { id: frozen, actions: [pull_request.merge], when: '"freeze" in pull_request.labels', effect: deny }
  - { id: title, actions: [pull_request.merge], when: '!pull_request.title.matches("^(feat|fix|docs|chore)(\\\\([a-z]+\\\\))?: ")', effect: deny }
  - { id: roadmap, actions: [roadmap.publish], effect: require_human, approval: { id: roadmap, from: { roles: [maintainer] } } }
  - { id: close, agents: [triager], actions: [issue.close], when: issue != null && "stale" in issue.labels, effect: allow }
${[...merges, ...denials].join('')}
limits:
  - { agents: [triager], actions: [issue.label, issue.comment], per_hour: 120, per_day: 600 }
  - { agents: [contributor], actions: [pull_request.open], per_hour: 10, per_day: 40 }
budgets: [{ agents: [contributor], tokens_per_day: 5000000, usd_per_day: 20 }]
windows: [{ actions: [pull_request.merge], days: [mon, tue, wed, thu, fri], hours: "06:00-22:00", timezone: Europe/Berlin }]
`;

const started = performance.now();
const loaded = loadPolicies(new Map([['policies/bench.yml', policy]]));
const first = performance.now() - started;
if (!loaded.ok) throw new Error(loaded.refusal.message);
const set = loaded.value;
const again = timed(() => loadPolicies(new Map([['policies/bench.yml', policy]])).ok);

console.log(`${set.rules.length} rules, ${policy.length} characters`);
console.log(`load: ${first.toFixed(1)} ms the first time, ${(1000 / again).toFixed(2)} ms again\n`);
console.log(
  '| Files | Merge, waiting: verdicts a second | ms each | Merge, approved | Open, denied |',
);
console.log('|---:|---:|---:|---:|---:|');
for (const files of [1, 50, 1000]) {
  // A fresh request each time, as in the service: what is converted for conditions is converted anew.
  const waiting = timed(() => evaluate(set, merge(files, [])).satisfied);
  const approved = timed(() => evaluate(set, merge(files, ['mia', 'olga', 'max'])).satisfied);
  const opened = timed(() => evaluate(set, open(files)).effect === 'deny');
  console.log(
    `| ${files} | ${whole(waiting)} | ${(1000 / waiting).toFixed(2)} | ${whole(approved)} | ${whole(opened)} |`,
  );
}

function whole(rate: number): string {
  return Math.round(rate).toLocaleString('en-US');
}

/** Times a second, after a run to warm up. */
function timed(run: () => unknown): number {
  const until = performance.now() + seconds * 250;
  while (performance.now() < until) run();
  const begun = performance.now();
  let count = 0;
  while (performance.now() - begun < seconds * 1000) {
    run();
    count += 1;
  }
  return (count * 1000) / (performance.now() - begun);
}

function merge(files: number, approvers: readonly string[]): PolicyRequest {
  const people = ['mia', 'olga', 'max', 'walt', 'rita'];
  return {
    at: '2026-11-20T12:00:00Z',
    repository: { full_name: 'acme/widgets', default_branch: 'main' },
    action: { kind: 'pull_request.merge', agent: null, item: 'pull-12' },
    pull_request: {
      number: 12,
      author: { id: 1, login: 'ann', type: 'User' },
      head: 'c3',
      base: 'main',
      branch: 'feature',
      title: 'feat(api): answer in the language of the caller',
      body: 'Closes #3. '.repeat(200),
      draft: false,
      labels: ['bug', 'area:api'],
      files: Array.from({ length: files }, (_, index) => ({
        path: `${index % 5 === 0 ? 'test' : 'src'}/${areas[index % areas.length]}/module-${index}.ts`,
        status: index % 3 === 0 ? 'added' : 'modified',
        additions: index % 40,
        deletions: index % 7,
        owners: index % 2 === 0 ? ['@mia', `@acme/${areas[index % areas.length]}`] : [],
      })),
      commits: Array.from({ length: 10 }, (_, index) => ({
        sha: index === 9 ? 'c3' : `s${index}`,
        author: 'ann',
        committer: 'ann',
        parents: ['p'],
        pushed_at: '2026-11-20T09:00:00Z',
      })),
      checks: [{ name: 'ci', app_id: 15368, conclusion: 'success' }],
    },
    issue: null,
    evidence: {
      reviews: approvers.map((login, index) => ({
        id: index,
        user: { id: people.indexOf(login) + 2, login, type: 'User' },
        state: 'approved',
        commit: 'c3',
        at: '2026-11-20T10:00:00Z',
        edited_at: null,
        body: '',
      })),
      labels: [],
      comments: Array.from({ length: 20 }, (_, index) => ({
        id: index,
        user: { id: 6, login: 'rita', type: 'User' },
        body: 'What of the second case?\n\n```\n/assent approve\n```\n',
        at: '2026-11-20T10:00:00Z',
        edited_at: null,
      })),
    },
    people: Object.fromEntries(
      people.map((login) => [
        login,
        {
          permission: login === 'rita' ? 'read' : 'admin',
          teams: areas.map((area) => `acme/${area}`),
          organizations: ['acme'],
        },
      ]),
    ),
    control: { halted: false, disabled_agents: [] },
    usage: {
      tokens_today: 1000,
      usd_today: 0.5,
      counts: [{ agent: 'contributor', action: 'pull_request.open', hour: 1, day: 3 }],
    },
  };
}

function open(files: number): PolicyRequest {
  const asked = merge(files, []);
  const action = { kind: 'pull_request.open', agent: 'contributor', item: 'issue-3' };
  const [first, ...rest] = asked.pull_request?.files ?? [];
  const secret = first === undefined ? [] : [{ ...first, path: 'x.mail.key' }];
  return {
    ...asked,
    action,
    pull_request:
      asked.pull_request === null ? null : { ...asked.pull_request, files: [...rest, ...secret] },
  };
}
