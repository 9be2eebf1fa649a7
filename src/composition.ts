/**
 * The only file that names concrete adapters: it joins ports to what implements them, and hands use cases to the entrypoints.
 */
import { REPOSITORY_CONFIG_PATH } from './domain/repository-config.ts';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createArtifactFolder } from './adapters/artifacts/folder.ts';
import { sha256 } from './adapters/crypto/sha256.ts';
import { codeOwners } from './adapters/codeowners/codeowners.ts';
import { createGitLedgerBranch } from './adapters/git/ledger-branch.ts';
import { createLocalPast } from './adapters/git/ledger-past.ts';
import { openMirror } from './adapters/git/mirror.ts';
import { trackedPaths } from './adapters/git/tracked.ts';
import { createWorkspaceHost } from './adapters/git/workspace.ts';
import { CHECK_NAME } from './adapters/github/checks.ts';
import { createGitHub, type GitHub } from './adapters/github/github.ts';
import { createAppInspection } from './adapters/github/inspection.ts';
import { createLedgerBranch } from './adapters/github/ledger-branch.ts';
import { readLedgerFiles } from './adapters/github/ledger-files.ts';
import { createHostedPast } from './adapters/github/ledger-past.ts';
import type { RequestObservation } from './adapters/github/options.ts';
import { createPersonCheck } from './adapters/github/person-check.ts';
import { openJobEngine, type JobEngine } from './adapters/jobs/engine.ts';
import { inspectDatabase } from './adapters/jobs/inspect.ts';
import { conditionExpression } from './adapters/policy/condition.ts';
import { factTypes, factVariables } from './adapters/policy/facts.ts';
import { loadPolicies, policyDigest } from './adapters/policy/load.ts';
import { createPolicyProver } from './adapters/proof/prover.ts';
import { createModelProxy } from './adapters/model-proxy/proxy.ts';
import { createPrograms } from './adapters/programs/on-path.ts';
import { createOpenAiModel } from './adapters/openai/language-model.ts';
import { createHostDemoSandbox } from './adapters/sandbox/host.ts';
import { keepingArtifacts } from './adapters/sandbox/keeping.ts';
import { openSandbox, type SandboxOptions } from './adapters/sandbox/open.ts';
import { openScan as openScanWith } from './adapters/scan/open.ts';
import { createLog } from './adapters/telemetry/log.ts';
import { createMetrics } from './adapters/telemetry/metrics.ts';
import { createAttribution } from './adapters/telemetry/attribution.ts';
import { loadRepositoryConfig } from './adapters/policy/repository-config.ts';
import type { DecisionTools } from './application/ledger/decisions-check.ts';
import { createLedgerStore } from './application/ledger/ledger-store.ts';
import type { OnForeignCommit } from './application/ledger/quarantine.ts';
import type { Deps, Log, Repository, Timing } from './application/repository.ts';
import { createService, type Service } from './application/service.ts';
import type { RepositoryRef } from './ports/code-host.ts';
import type { LanguageModel, ModelAccessHost } from './ports/language-model.ts';
import type { PersonCheck } from './ports/person-check.ts';
import type { Sandbox, SandboxCapability } from './ports/sandbox.ts';
import { createLedgerFolder, readBareLedger } from './adapters/git/ledger-folder.ts';
import { zodEventShapes } from './adapters/ledger-format/event-shapes.ts';
import { createRoadmapDocument } from './adapters/markdown/roadmap-document.ts';
import { readTape, replay } from './adapters/openai/tape.ts';
import { readPolicyFolder } from './adapters/policy/folder.ts';
import { policyDocuments, policySource } from './adapters/policy/policy-source.ts';
import { examine } from './application/tools/doctor.ts';
import { controlLabels } from './application/intake/labels.ts';
import type { ModelFacts, Programs } from './domain/doctor/machine.ts';
import { ok, refuse } from './domain/result.ts';
import { createCliTrials } from './adapters/trials/cli-trials.ts';
import { createUnavailableSandbox } from './adapters/sandbox/unavailable.ts';
import { filesAsFolder } from './application/ledger/files-as-folder.ts';
import type { LedgerFolder } from './ports/ledger-folder.ts';
import type { PolicyProver } from './ports/policy-prover.ts';

/** A ledger on this machine: a folder that holds `.ai_metadata/`, or a bare repository. */
export const openLedgerFolder = async (named: string): Promise<LedgerFolder> => {
  // git runs from a folder of its own choosing, so that it reads no configuration by accident.
  const path = resolve(named);
  const bare = await readBareLedger(path);
  return bare === null ? createLedgerFolder(path) : filesAsFolder(bare.files, bare.commits);
};

export const openScan = (path: string) => openScanWith(path, trackedPaths);

/** As this file is: TypeScript where it is run from source, JavaScript where it was published. */
const commandLine = fileURLToPath(
  new URL(`./entrypoints/cli/main${extname(import.meta.url)}`, import.meta.url),
);

/** Of one question about a pull request's policies; a proof of thirty rules takes a few seconds. */
const trialBounds = { milliseconds: 30_000, megabytes: 1500 } as const;

export interface ServiceParts {
  readonly github: {
    readonly appId: number;
    /** PEM. */
    readonly privateKey: string;
    readonly baseUrl: string;
    /** GitHub's courtesy pauses; off against a simulator only. */
    readonly pace: boolean;
    /** `item`: the work item it was made for, where it was made for one. */
    readonly onRequest?: (observation: RequestObservation, item: string | null) => void;
  };
  /** Mirrors, workspaces, and the embedded database: all of it may be deleted while the service is stopped. */
  readonly folder: string;
  /** PostgreSQL; null: embedded. */
  readonly databaseUrl: string | null;
  /** Inbox and jobs that are there already, in place of a database of its own. */
  readonly engine?: JobEngine;
  readonly model: LanguageModel;
  /** Absent: programs of others do without a model. */
  readonly modelAccess?: ModelAccessHost;
  readonly sandbox: Sandbox;
  readonly timing: Timing;
  readonly log: Log;
}

export interface ComposedService {
  readonly service: Service;
  readonly engine: JobEngine;
  readonly deps: Deps;
  /** Who comes to the API and the page. */
  readonly people: PersonCheck;
  /** Ends the work, records what waited for a next commit, and closes the database. */
  close(): Promise<void>;
}

/** The service on GitHub (or the simulator), with everything it goes through. */
export async function composeService(parts: ServiceParts): Promise<ComposedService> {
  const { log, folder } = parts;
  const { onRequest, ...access } = parts.github;
  const attribution = createAttribution();
  const github = createGitHub({
    ...access,
    onRequest: (observation) => onRequest?.(observation, attribution.current()),
    log: { debug: () => {}, warn: (message) => log.warn({}, message) },
  });
  const engine =
    parts.engine ??
    (await openJobEngine({
      ...(parts.databaseUrl === null ? {} : { url: parts.databaseUrl }),
      folder: join(folder, 'database'),
      notice: (message) => log.warn({}, message),
    }));
  const deps: Deps = {
    codeHost: github,
    open: (ref) => openRepository(github, ref, folder),
    inbox: engine.inbox,
    queue: engine.jobs,
    policies: { load: loadPolicies },
    configs: { load: loadRepositoryConfig },
    trials: createCliTrials({ command: [process.execPath, commandLine], bounds: trialBounds }),
    roadmap: createRoadmapDocument(),
    codeOwners,
    model: parts.model,
    sandbox: keepingArtifacts(parts.sandbox, createArtifactFolder(join(folder, 'artifacts'))),
    modelAccess: parts.modelAccess ?? { open: async () => null },
    programs: createPrograms(),
    timing: parts.timing,
    attribute: (item, work) => attribution.run(item, work),
    now: () => new Date().toISOString(),
    every: (ms, work) => {
      const timer = setInterval(() => void work(), ms);
      timer.unref();
      return () => clearInterval(timer);
    },
    newId: randomUUID,
    sha256,
    log,
  };
  const service = createService(deps);
  const close = async () => {
    service.stop();
    await engine.jobs.close();
    await service.settle();
    await engine.close();
  };
  const people = createPersonCheck(access);
  return { service, engine, deps, people, close };
}

async function openRepository(
  github: GitHub,
  ref: RepositoryRef,
  folder: string,
): Promise<Repository> {
  const host = github.repository(ref);
  const mirror = join(folder, 'mirrors', ref.owner, `${ref.name}.git`);
  const files = await openMirror({
    directory: mirror,
    remote: (fresh) => host.gitCredentials(fresh),
  });
  await files.fetch();
  const { default_branch } = await host.describe();
  const base = await files.head(default_branch);
  const config = loadRepositoryConfig(
    base === null ? null : await files.readFile(base, REPOSITORY_CONFIG_PATH),
  );
  const branch = config.ok ? config.value.ledger.branch : 'assent/ledger';
  const local = createGitLedgerBranch({
    repository: mirror,
    branch,
    author: { name: 'assent', email: 'assent@localhost' },
  });
  // Written through GitHub, which compares and swaps; read from the mirror, which costs no request.
  const context = github.contextOf(ref);
  const byApi = readLedgerFiles(context);
  const past = createLocalPast({ repository: mirror, branch });
  const ledger = createLedgerBranch(context, branch, async (oid) => {
    await files.fetch();
    // What no branch leads to any more is not fetched; GitHub still has it for a while.
    return (await past.knows(oid)) ? local.read(oid) : byApi(oid);
  });
  const onForeignCommit = async (): Promise<OnForeignCommit> => {
    const now = await files.head(default_branch);
    const text = now === null ? null : await files.readFile(now, REPOSITORY_CONFIG_PATH);
    const loaded = loadRepositoryConfig(text);
    return loaded.ok ? loaded.value.ledger.on_foreign_commit : 'stop';
  };
  return {
    ref,
    host,
    files,
    workspaces: createWorkspaceHost({
      mirror,
      // Runs are named by item: two repositories must not meet in one folder.
      directory: join(folder, 'workspaces', ref.owner, ref.name),
    }),
    ledger: createLedgerStore(ledger, sha256, {
      shapes: zodEventShapes,
      guard: {
        past: { ...past, ...createHostedPast(context) },
        name: branch,
        onForeignCommit,
        now: () => new Date().toISOString(),
        newId: randomUUID,
      },
    }),
    ledgerBranch: branch,
    async ledgerFiles() {
      await files.fetch();
      const oid = await local.head();
      return oid === null ? new Map() : local.read(oid);
    },
  };
}

/** What takes a recorded decision again. */
export const decisionTools: DecisionTools = {
  source: policySource,
  documents: policyDocuments,
  digest: policyDigest,
};

export { policyDocuments, policySource, readPolicyFolder };

/** Answers for every request there could be, by a solver that is loaded at the first question. */
export const policyProver = (): PolicyProver =>
  createPolicyProver({
    facts: { types: factTypes, names: factVariables },
    parse: conditionExpression,
    read: (draft) => {
      const request = policyDocuments.request('witness.json', JSON.stringify(draft));
      return request.ok ? request.value : null;
    },
  });

export const liveModel = createOpenAiModel;

/** A model whose answers come from a tape; nothing is sent. */
const tapeModel = (file: string): LanguageModel =>
  createOpenAiModel({
    apiKey: null,
    baseUrl: 'http://tape.invalid/v1',
    model: 'tape',
    transport: replay(readTape(file)),
  });

export const noSandbox = createUnavailableSandbox;

/** What an operator chose, tried out, or one that says why there is none. */
export { openSandbox };

/** For the demo's own repository alone, where there is no sandbox. */
export const hostDemoSandbox = createHostDemoSandbox;

export {
  createLog,
  createMetrics,
  createModelProxy as modelProxy,
  createPrograms as programsOnPath,
  createRoadmapDocument as roadmapDocument,
  loadRepositoryConfig as repositoryConfig,
  sha256,
  zodEventShapes as eventShapes,
};

/** A model service where the environment names one; else the tape, which answers by agent, item and turn. */
export function demoModel(
  environment: Readonly<Record<string, string | undefined>>,
  tape: string,
): { readonly model: LanguageModel; readonly kind: 'tape' | 'live' } {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url, ASSENT_MODEL: name } = environment;
  const model = name ?? 'gpt-5-mini';
  if (key !== undefined || url !== undefined) {
    const live = liveModel({ apiKey: key ?? null, baseUrl: url ?? null, model });
    return { model: live, kind: 'live' };
  }
  return { model: tapeModel(tape), kind: 'tape' };
}

export interface SetUp {
  /** Of the environment. */
  readonly faults: readonly { readonly variable: string; readonly message: string }[];
  /** null: the environment is at fault. */
  readonly config: {
    readonly appId: number;
    readonly privateKey: string;
    readonly baseUrl: string;
    readonly databaseUrl: string | null;
    readonly folder: string;
    readonly sandbox: Omit<SandboxOptions, 'folder'>;
    readonly model: {
      readonly apiKey: string | null;
      readonly baseUrl: string;
      readonly model: string;
    } | null;
  } | null;
  readonly repository: string | null;
  /** Whether the model is asked, which costs a little. */
  readonly live: boolean;
  readonly programs: () => Promise<Programs>;
  readonly events: readonly string[];
}

const usualSandbox = { kind: 'auto', image: null, users: null } as const;

/** In a folder of its own: a service that runs has its own in use. */
async function trySandbox(chosen: Omit<SandboxOptions, 'folder'>): Promise<SandboxCapability> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-doctor-'));
  try {
    return (await openSandbox({ ...chosen, folder })).capability();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything that `start` stands on, looked at. */
export const examineSetUp = ({ faults, config, repository, live, programs, events }: SetUp) =>
  examine({
    environment: faults,
    programs,
    sandbox: () => trySandbox(config?.sandbox ?? usualSandbox),
    database:
      config === null
        ? null
        : () =>
            inspectDatabase({ url: config.databaseUrl, folder: join(config.folder, 'database') }),
    model: config === null ? null : () => examineModel(config.model, live),
    app:
      config === null
        ? null
        : {
            id: config.appId,
            inspection: createAppInspection(config),
            policies: { load: loadPolicies },
            configs: { load: loadRepositoryConfig },
            events,
            check: CHECK_NAME,
            labels: controlLabels,
            repository,
          },
  });

async function examineModel(
  model: NonNullable<SetUp['config']>['model'],
  live: boolean,
): Promise<ModelFacts | null> {
  if (model === null) return null;
  const { baseUrl: base_url, model: name } = model;
  if (!live) return { name, base_url, answer: null };
  const reply = await liveModel(model).complete({
    agent: 'triager',
    subject: 'doctor',
    round: 0,
    turn: 0,
    nonce: '',
    messages: [{ role: 'user', content: 'Answer with the word yes.' }],
    max_output_tokens: 16,
  });
  const answer =
    reply.kind === 'answer' ? ok(reply.model) : refuse(`model.${reply.kind}`, reply.reason);
  return { name, base_url, answer };
}
