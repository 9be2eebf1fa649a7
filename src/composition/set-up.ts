import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECK_NAME } from '../adapters/github/checks.ts';
import { createAppInspection } from '../adapters/github/inspection.ts';
import { inspectDatabase } from '../adapters/jobs/inspect.ts';
import { loadPolicies } from '../adapters/policy/load.ts';
import { openSandbox, type SandboxOptions } from '../adapters/sandbox/open.ts';
import { loadRepositoryConfig } from '../adapters/policy/repository-config.ts';
import type { SandboxCapability } from '../ports/sandbox.ts';
import { examine } from '../application/tools/doctor.ts';
import { controlLabels } from '../application/intake/labels.ts';
import type { ModelFacts, Programs } from '../domain/doctor/machine.ts';
import { liveModel } from './models.ts';
import { ok, refuse } from '../domain/result.ts';

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
