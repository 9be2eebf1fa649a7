import {
  judgeApp,
  judgeInstallations,
  judgeWebhook,
  type AppFacts,
} from '../../domain/doctor/app.ts';
import { wrong, type Finding } from '../../domain/doctor/finding.ts';
import {
  judgeDatabase,
  judgeModel,
  judgePrograms,
  judgeSandbox,
  type DatabaseFacts,
  type ModelFacts,
  type Programs,
  type SandboxFacts,
} from '../../domain/doctor/machine.ts';
import { judgeRepository, type RepositoryFacts } from '../../domain/doctor/repository.ts';
import { REPOSITORY_CONFIG_PATH } from '../../domain/repository-config.ts';
import { refuse, type Result } from '../../domain/result.ts';
import type { AppInspection } from '../../ports/app-inspection.ts';
import type { RepositoryRef } from '../../ports/code-host.ts';
import type { PolicySource } from '../../ports/policy-source.ts';
import type { RepositoryConfigSource } from '../repository.ts';
import { isPolicyPath } from '../rules.ts';

/** What is looked at, each by whoever knows how. */
export interface Examined {
  /** What is wrong with the environment; with any, GitHub is not asked. */
  readonly environment: readonly { readonly variable: string; readonly message: string }[];
  readonly programs: () => Promise<Programs>;
  readonly sandbox: () => Promise<SandboxFacts>;
  /** null: the environment does not say where it is. */
  readonly database: (() => Promise<Result<DatabaseFacts>>) | null;
  /** null: the environment does not say. */
  readonly model: (() => Promise<ModelFacts | null>) | null;
  readonly app: AppExamined | null;
}

export interface AppExamined {
  readonly id: number;
  readonly inspection: AppInspection;
  readonly policies: Pick<PolicySource, 'load'>;
  readonly configs: RepositoryConfigSource;
  /** Events that Assent answers to. */
  readonly events: readonly string[];
  readonly check: string;
  readonly labels: readonly string[];
  /** `owner/name`; null: all of them. */
  readonly repository: string | null;
}

/** Looks at everything Assent stands on, and says of each thing that is not well what to do about it. */
export async function examine(examined: Examined): Promise<readonly Finding[]> {
  const [programs, sandbox, database, model] = await Promise.all([
    examined.programs(),
    examined.sandbox(),
    examined.database?.() ?? Promise.resolve(null),
    examined.model?.() ?? Promise.resolve(null),
  ]);
  return [
    ...examined.environment.map(ofEnvironment),
    ...judgePrograms(programs),
    judgeSandbox(sandbox),
    ...(database === null ? [] : [judgeDatabase(database)]),
    ...(examined.model === null ? [] : [judgeModel(model)]),
    ...(examined.app === null ? [unasked] : await examineApp(examined.app)),
  ];
}

/** Faults of the environment say after a colon or semicolon what to do. */
function ofEnvironment({ variable, message }: Examined['environment'][number]): Finding {
  const at = message.search(/[:;] /u);
  return at < 0
    ? wrong('environment', 'fault', variable, message, 'docs/operations.md says what it takes')
    : wrong('environment', 'fault', variable, message.slice(0, at), message.slice(at + 2));
}

const unasked = wrong(
  'app',
  'unknown',
  'App',
  'GitHub was not asked',
  'mend the environment first, then run this again',
);

async function examineApp(app: AppExamined): Promise<readonly Finding[]> {
  const found = await app.inspection.app();
  const judged = judgeApp(found, app.events);
  if (!found.ok) return judged;
  const [webhook, installed] = await Promise.all([
    app.inspection.webhook(),
    app.inspection.installations(),
  ]);
  const installations = installed.ok
    ? { ok: true as const, value: installed.value.map(({ facts }) => facts) }
    : installed;
  const repositories = installed.ok
    ? installed.value
        .flatMap(({ repositories: all }) => all)
        .filter(({ full_name: name }) => app.repository === null || name === app.repository)
    : [];
  return [
    ...judged,
    ...judgeWebhook(webhook, found.value.settings),
    ...judgeInstallations(installations, found.value),
    ...(app.repository !== null && repositories.length === 0 && installed.ok
      ? [notInstalled(app.repository, found.value)]
      : []),
    ...(await examineRepositories(app, found.value, repositories)),
  ];
}

const notInstalled = (repository: string, { settings }: AppFacts): Finding =>
  wrong(
    'repository',
    'fault',
    repository,
    'the App is not installed there',
    `install it at ${settings}/installations`,
  );

/** One after the other: hundreds at once would spend the App's hour of requests on a look. */
async function examineRepositories(
  app: AppExamined,
  facts: AppFacts,
  repositories: readonly RepositoryRef[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const ref of repositories) {
    const looked = await lookAt(app, ref);
    findings.push(
      ...judgeRepository(looked, {
        app_id: app.id,
        slug: facts.slug,
        check: app.check,
        labels: app.labels,
      }),
    );
  }
  return findings;
}

async function lookAt(
  { inspection, policies, configs }: AppExamined,
  ref: RepositoryRef,
): Promise<RepositoryFacts> {
  const text = await inspection.file(ref, REPOSITORY_CONFIG_PATH);
  const config = text.ok ? configs.load(text.value) : text;
  const branch = await inspection.defaultBranch(ref);
  const ledger = config.ok ? config.value.ledger.branch : null;
  return {
    full_name: ref.full_name,
    default_branch: branch.ok ? branch.value : 'the default branch',
    default_rules: branch.ok ? await inspection.branchRules(ref, branch.value) : branch,
    ledger_branch: ledger ?? 'the branch of the ledger',
    ledger_rules: config.ok
      ? await inspection.branchRules(ref, config.value.ledger.branch)
      : refuse('config.malformed', 'its name is not known'),
    configuration: config.ok ? null : config.refusal,
    policies: await countRules(inspection, policies, ref),
    labels: await inspection.labels(ref),
  };
}

async function countRules(
  inspection: AppInspection,
  policies: Pick<PolicySource, 'load'>,
  ref: RepositoryRef,
): Promise<Result<number>> {
  const listed = await inspection.filesBeneath(ref, 'policies');
  if (!listed.ok) return listed;
  const files = new Map<string, string>();
  for (const path of listed.value.filter(isPolicyPath)) {
    const text = await inspection.file(ref, path);
    if (!text.ok) return text;
    files.set(path, text.value ?? '');
  }
  const loaded = policies.load(files);
  return loaded.ok ? { ok: true, value: loaded.value.rules.length } : loaded;
}
