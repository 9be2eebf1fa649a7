import { randomUUID } from 'node:crypto';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createArtifactFolder } from '../adapters/artifacts/folder.ts';
import { sha256 } from '../adapters/crypto/sha256.ts';
import { codeOwners } from '../adapters/codeowners/codeowners.ts';
import { createGitHub } from '../adapters/github/github.ts';
import type { RequestObservation } from '../adapters/github/options.ts';
import { createPersonCheck } from '../adapters/github/person-check.ts';
import { openJobEngine, type JobEngine } from '../adapters/jobs/engine.ts';
import { createMemoryVectors } from '../adapters/memory/vector-cache.ts';
import { loadPolicies } from '../adapters/policy/load.ts';
import { createPrograms } from '../adapters/programs/on-path.ts';
import { keepingArtifacts } from '../adapters/sandbox/keeping.ts';
import { createAttribution } from '../adapters/telemetry/attribution.ts';
import { loadRepositoryConfig } from '../adapters/policy/repository-config.ts';
import { mostRuns } from '../application/decisions/run-caps.ts';
import type { Deps, Log, Timing } from '../application/repository.ts';
import { openRepository } from './repository.ts';
import { createService, type Service } from '../application/service.ts';
import type { LanguageModel, ModelAccessHost } from '../ports/language-model.ts';
import type { PersonCheck } from '../ports/person-check.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { createRoadmapDocument } from '../adapters/markdown/roadmap-document.ts';
import { createCliTrials } from '../adapters/trials/cli-trials.ts';

/** As this file is: TypeScript where it is run from source, JavaScript where it was published. */
const commandLine = fileURLToPath(
  new URL(`../entrypoints/cli/main${extname(import.meta.url)}`, import.meta.url),
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
    vectors: engine.vectors ?? createMemoryVectors(),
    sandbox: keepingArtifacts(parts.sandbox, createArtifactFolder(join(folder, 'artifacts'))),
    modelAccess: parts.modelAccess ?? { open: async () => null },
    programs: createPrograms(),
    timing: parts.timing,
    shared: parts.databaseUrl !== null,
    most_runs: mostRuns,
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
