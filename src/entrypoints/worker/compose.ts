import { resolve } from 'node:path';
import {
  composeService,
  liveModel,
  modelProxy,
  openSandbox,
  type ComposedService,
} from '../../composition.ts';
import type { Log } from '../../application/repository.ts';
import type { ModelConfig, ServiceConfig } from '../../config.ts';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import type { Metrics } from '../../ports/telemetry.ts';

/** Between attempts, in production: an outage of minutes should cost no attempts, and a window opens on the minute. */
const timing = { retry_ms: 30_000, outage_ms: 60_000, blocked_ms: 300_000 };

/** What a configuration asks for, its queues not yet worked: the part that `start` and `worker` share. */
export async function composeFrom(
  config: ServiceConfig,
  log: Log,
  metrics: Metrics | null,
): Promise<ComposedService> {
  const { folder } = config.store;
  const sandbox = await openSandbox({ ...config.sandbox, folder: resolve(folder) });
  tellSandbox(sandbox, log);
  return composeService({
    github: {
      appId: config.app.id,
      privateKey: config.app.private_key.reveal(),
      baseUrl: config.github.api,
      // Plain http is let through for this machine alone: a simulator, which needs no courtesy.
      pace: config.github.api.startsWith('https:'),
      onRequest: ({ method, status, content_created }) =>
        metrics?.githubRequest(method, status, content_created),
    },
    folder,
    databaseUrl: config.store.database_url?.reveal() ?? null,
    model: config.model === null ? noModel : modelOf(config.model),
    modelAccess: modelAccessOf(config),
    sandbox,
    timing,
    log,
  });
}

function tellSandbox(sandbox: Sandbox, log: Log): void {
  const { kind, reason } = sandbox.capability();
  if (kind === 'unavailable' || kind === 'unsafe-host') log.warn({ sandbox: kind }, reason);
  else log.info({ sandbox: kind }, reason);
}

const modelOf = ({ api_key, base_url, name, embedding }: ModelConfig): LanguageModel =>
  liveModel({ apiKey: api_key?.reveal() ?? null, baseUrl: base_url, model: name, embedding });

const serviceAt = ({ api_key, base_url }: Pick<ModelConfig, 'api_key' | 'base_url'>) => ({
  apiKey: api_key?.reveal() ?? null,
  baseUrl: base_url,
});

const modelAccessOf = ({ model, anthropic }: ServiceConfig) =>
  modelProxy({
    openai: model === null ? null : serviceAt(model),
    anthropic: anthropic === null ? null : serviceAt(anthropic),
    model: model?.name ?? anthropic?.name ?? null,
  });

/** Without a model everything else goes on: agents wait, visibly, and begin when the operator names one. */
const noModelReason =
  'no model is configured: set OPENAI_API_KEY or OPENAI_BASE_URL, and ASSENT_MODEL';
const noModel: LanguageModel = {
  absent: noModelReason,
  complete: async () => ({
    kind: 'unavailable',
    reason: noModelReason,
    retry_after_seconds: 3600,
  }),
};
