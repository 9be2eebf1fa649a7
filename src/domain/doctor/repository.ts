import type { Refusal, Result } from '../result.ts';
import { fine, wrong, type Finding } from './finding.ts';

/** What GitHub holds a branch to, as far as the App may see it. */
export interface BranchRules {
  /** Rules may name a branch before it is there. */
  readonly exists: boolean;
  /** Kinds of rules of all rulesets in force there: `update`, `deletion`, `pull_request`, … */
  readonly rules: readonly string[];
  /** Checks that the rules require, and the App each is pinned to; null: anybody may report it. */
  readonly required_checks: readonly { readonly name: string; readonly app_id: number | null }[];
  /** Protected the older way, whose details only administrators are shown. */
  readonly protected: boolean;
}

export interface RepositoryFacts {
  readonly full_name: string;
  readonly default_branch: string;
  readonly default_rules: Result<BranchRules>;
  readonly ledger_branch: string;
  readonly ledger_rules: Result<BranchRules>;
  /** Of `.github/assent.yml`; null: it is as it should be. */
  readonly configuration: Refusal | null;
  /** How many rules are in force, or why none is. */
  readonly policies: Result<number>;
  readonly labels: Result<readonly string[]>;
}

export interface Ourselves {
  readonly app_id: number;
  readonly slug: string;
  /** Name of our check run. */
  readonly check: string;
  readonly labels: readonly string[];
}

export function judgeRepository(
  repository: RepositoryFacts,
  ourselves: Ourselves,
): readonly Finding[] {
  return [
    ...judgeConfiguration(repository),
    judgePolicies(repository),
    ...judgeDefaultBranch(repository, ourselves),
    judgeLedgerBranch(repository, ourselves),
    judgeLabels(repository, ourselves),
  ];
}

function judgeConfiguration({ full_name, configuration }: RepositoryFacts): readonly Finding[] {
  return configuration === null
    ? []
    : [
        wrong(
          'repository',
          'fault',
          full_name,
          `.github/assent.yml: ${configuration.message}`,
          'mend it on the default branch; until then nothing is done there',
        ),
      ];
}

function judgePolicies({ full_name, policies }: RepositoryFacts): Finding {
  if (policies.ok && policies.value > 0)
    return fine(
      'repository',
      full_name,
      `policies: ${policies.value} ${policies.value === 1 ? 'rule' : 'rules'} in force`,
    );
  const why = policies.ok ? 'there is none, so everything is denied' : policies.refusal.message;
  return wrong(
    'repository',
    'fault',
    full_name,
    `policies: ${why}`,
    'see `assent policy check policies`, and docs/policies.md for a first one',
  );
}

/** Assent itself merges nothing unapproved; this is about everybody else. */
function judgeDefaultBranch(
  { full_name, default_branch: branch, default_rules: found }: RepositoryFacts,
  { app_id, check }: Ourselves,
): readonly Finding[] {
  if (!found.ok)
    return [
      wrong(
        'repository',
        'unknown',
        full_name,
        `rules of ${branch}: ${found.refusal.message}`,
        'look at its settings, under "Rules"',
      ),
    ];
  if (!found.value.exists)
    return [
      wrong('repository', 'fault', full_name, `${branch}: is not there`, 'push a first commit'),
    ];
  const { rules, required_checks: checks, protected: older } = found.value;
  const ours = checks.find(({ name }) => name === check);
  const open = !older && !rules.includes('pull_request');
  return [
    open
      ? wrong(
          'repository',
          'advice',
          full_name,
          `${branch}: whoever may write may push there past every policy`,
          'add a ruleset for it (Settings, Rules) that requires a pull request, and forbids deletion and force pushes',
        )
      : fine('repository', full_name, `${branch}: takes pull requests alone`),
    ...(ours === undefined
      ? [
          wrong(
            'repository',
            'advice',
            full_name,
            `${branch}: people can merge what policy has not let pass`,
            `require the check "${check}" there, from the App with id ${app_id}`,
          ),
        ]
      : ours.app_id === app_id
        ? []
        : [
            wrong(
              'repository',
              'fault',
              full_name,
              `${branch}: the required check "${check}" is taken from ${ours.app_id === null ? 'anybody' : `App ${ours.app_id}`}`,
              `pin it to the App with id ${app_id}: any writer can report a check of that name`,
            ),
          ]),
  ];
}

/** ADR 0013: on a host that signs nothing, only these rules tell a forged event from ours. */
const ledgerRules = ['update', 'deletion', 'non_fast_forward'];

function judgeLedgerBranch(
  { full_name, ledger_branch: branch, ledger_rules: found }: RepositoryFacts,
  { slug }: Ourselves,
): Finding {
  const about = full_name;
  if (!found.ok)
    return wrong(
      'repository',
      'unknown',
      about,
      `rules of ${branch}: ${found.refusal.message}`,
      'look at its settings, under "Rules"',
    );
  const { rules, exists } = found.value;
  if (ledgerRules.every((rule) => rules.includes(rule)))
    return fine('repository', about, `${branch}: only who is let past its rules writes there`);
  return wrong(
    'repository',
    'advice',
    about,
    exists
      ? `${branch}: whoever may write can write there too; it would be found, and work might stop`
      : `${branch}: will be open to whoever may write, once it is there`,
    `add a ruleset for ${branch} that restricts updates and deletions and blocks force pushes (update, deletion, non_fast_forward), with the App ${slug} alone in its bypass list`,
  );
}

function judgeLabels({ full_name, labels }: RepositoryFacts, ourselves: Ourselves): Finding {
  if (!labels.ok)
    return wrong(
      'repository',
      'unknown',
      full_name,
      `labels: ${labels.refusal.message}`,
      'look at its labels',
    );
  const known = new Set(labels.value.map((name) => name.toLowerCase()));
  const missing = ourselves.labels.filter((name) => !known.has(name));
  return missing.length === 0
    ? fine('repository', full_name, 'labels: all there')
    : wrong(
        'repository',
        'advice',
        full_name,
        `labels: ${missing.join(', ')} missing; comments and reviews do without`,
        missing.map((name) => `gh label create ${name} --repo ${full_name}`).join(' && '),
      );
}
