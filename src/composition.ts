/**
 * Joins ports to what implements them, and hands use cases to the entrypoints: this file and its folder alone name concrete
 * adapters. The folder has a file for each thing that is put together; who needs one asks here.
 */
import type { ComposedService, ServiceParts } from './composition/service.ts';
import type { SetUp } from './composition/set-up.ts';

export type { ComposedService };
/** With all that speaks to GitHub and to the database, which no other command needs: loaded here alone. */
export const composeService = async (parts: ServiceParts): Promise<ComposedService> =>
  (await import('./composition/service.ts')).composeService(parts);

export { openLedgerFolder, openScan, decisionTools, policyProver } from './composition/tools.ts';
export { demoModel, liveModel } from './composition/models.ts';

export const examineSetUp = async (setUp: SetUp) =>
  (await import('./composition/set-up.ts')).examineSetUp(setUp);

export { policyDocuments, policySource } from './adapters/policy/policy-source.ts';
export { readPolicyFolder } from './adapters/policy/folder.ts';
export { loadRepositoryConfig as repositoryConfig } from './adapters/policy/repository-config.ts';
export { createModelProxy as modelProxy } from './adapters/model-proxy/proxy.ts';
export { createPrograms as programsOnPath } from './adapters/programs/on-path.ts';
export { createRoadmapDocument as roadmapDocument } from './adapters/markdown/roadmap-document.ts';
export { createLog } from './adapters/telemetry/log.ts';
export { createMetrics } from './adapters/telemetry/metrics.ts';
export { sha256 } from './adapters/crypto/sha256.ts';
export { zodEventShapes as eventShapes } from './adapters/ledger-format/event-shapes.ts';

export { createUnavailableSandbox as noSandbox } from './adapters/sandbox/unavailable.ts';
/** What an operator chose, tried out, or one that says why there is none. */
export { openSandbox } from './adapters/sandbox/open.ts';
/** For the demo's own repository alone, where there is no sandbox. */
export { createHostDemoSandbox as hostDemoSandbox } from './adapters/sandbox/host.ts';
