import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSandboxConfig, type SandboxConfig } from '../../../config.ts';
import { exitCode, type ExitCode, type Terminal } from '../command.ts';
import { documentDemo, keepDemo, type DemoDocument } from './document.ts';
import { modelOfDemo } from './models.ts';
import { playUntilInterrupted } from './ending.ts';
import type { DemoCommandOptions } from './options.ts';
import { comeToRest } from './rest.ts';
import { sandboxOfDemo } from './sandboxes.ts';
import { fileIssues, playHumans, type Scene, type Stage } from './script.ts';
import { setStage, type DemoStage } from './stage.ts';
import { Watch } from './watch.ts';

const demoRepository = { owner: 'acme', name: 'widgets' } as const;

const project = fileURLToPath(new URL('project', import.meta.url));

/** Plays the demo; without `--once` until it is interrupted. */
export async function runDemo(options: DemoCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const fault = options.out === undefined ? null : await outFault(options.out);
  if (fault !== null) {
    terminal.err(fault);
    return exitCode.usage;
  }
  const sandbox = readSandboxConfig(process.env);
  if (!sandbox.ok) {
    for (const { message } of sandbox.faults) terminal.err(message);
    return exitCode.usage;
  }
  const began = performance.now();
  return playUntilInterrupted(
    {
      terminal,
      port: options.port ?? 0,
      // Without an end of its own, an interruption is how it is meant to end.
      onInterruption: options.once === true ? exitCode.inconclusive : exitCode.done,
      set: () => setDemo(options, sandbox.config),
    },
    async (set, interruption) => {
      announce(set, terminal);
      if (options.once === true) return playOnce(set, options, terminal, began);
      await fileIssues(stageFor(set, terminal));
      terminal.err('Nothing goes further than its gate without you. Ctrl-C ends the demo.');
      await interruption;
      return exitCode.done;
    },
  );
}

const setDemo = (
  { port = 0, once }: DemoCommandOptions,
  sandbox: SandboxConfig,
): Promise<DemoStage> => {
  const { model, said } = modelOfDemo(process.env);
  return setStage({
    port,
    logLevel: process.env['LOG_LEVEL'] ?? 'error',
    repository: { ...demoRepository, from: project },
    model,
    sandbox: sandboxOfDemo(sandbox),
    occasion: {
      kind: 'demo',
      title: 'Seven issues, five merges, one roadmap update',
      model: said,
      played: once === true,
      notes: [
        `Every box that waits is a gate: nothing reaches the default branch without ${once === true ? 'a human' : 'you'}.`,
      ],
    },
  });
};

async function outFault(out: string): Promise<string | null> {
  const existing = await readdir(out).catch(() => []);
  return existing.length === 0 ? null : `--out ${out}: the folder is not empty; name a new one`;
}

function announce({ web, github, occasion, steps }: DemoStage, { err }: Terminal): void {
  err(`The demo's page:   ${web.url}/`);
  err(`Act as anybody:    ${github}`);
  err(occasion.model.text);
  err(steps);
}

function stageFor({ simulator, people }: DemoStage, terminal: Terminal): Stage {
  return {
    simulator,
    people,
    watch: new Watch(people, 'assent/ledger'),
    scenes: [],
    say: (line) => terminal.err(`  ${line}`),
  };
}

async function playOnce(
  set: DemoStage,
  options: DemoCommandOptions,
  terminal: Terminal,
  began: number,
): Promise<ExitCode> {
  const stage = stageFor(set, terminal);
  let stopped: Error | null = null;
  try {
    await fileIssues(stage);
    await playHumans(stage);
    await comeToRest(set);
  } catch (error) {
    // Told in the document as well: what was seen until then is worth more than a stack.
    stopped = error instanceof Error ? error : new Error(String(error));
    stage.scenes.push({ name: 'played_to_the_end', held: false, detail: stopped.message });
  }
  const kept = options.out === undefined ? null : resolve(options.out);
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'assent-demo-out-')));
  try {
    const document = await documentDemo(set, {
      began,
      scenes: closingScenes(set, stage.scenes),
      folder,
    });
    if (kept !== null) await keepDemo(set, document, kept);
    if (options.json === true) terminal.out(JSON.stringify(document, null, 2));
    else report(document, terminal);
    if (stopped !== null) terminal.err(stopped.stack ?? stopped.message);
    return isSound(document) ? exitCode.done : exitCode.fault;
  } finally {
    if (kept === null) await rm(folder, { recursive: true, force: true });
  }
}

function closingScenes({ simulator }: DemoStage, played: readonly Scene[]): readonly Scene[] {
  const dropped = simulator.deliveries.filter(
    ({ redelivery, response }) => redelivery && response.body.includes('"status":"duplicate"'),
  );
  return [
    ...played,
    {
      name: 'duplicate_delivery_dropped',
      held: dropped.length > 0,
      detail: `${dropped.length} delivery came a second time and was dropped`,
    },
  ];
}

const isSound = ({ scenes, ledger, validation, merges }: DemoDocument): boolean =>
  scenes.every(({ held }) => held) &&
  ledger.verification === 'valid' &&
  ledger.replay_is_identical &&
  validation.mismatches.length === 0 &&
  merges >= 5;

function report(document: DemoDocument, { out }: Terminal): void {
  const { scenes, ledger, api, deliveries, validation } = document;
  out('');
  for (const { name, held, detail } of scenes) {
    out(`${held ? '✓' : '✗'} ${name.replaceAll('_', ' ')}: ${detail}`);
  }
  out('');
  out(
    `${document.merges} merges, ${document.cycles.length} governance cycle, ${document.commits} commits on the ledger's branch`,
  );
  out(
    `ledger: ${ledger.sequence} events, ${ledger.verification}, head ${ledger.hash.slice(0, 12)}`,
  );
  out(
    `deliveries: ${deliveries.received} received, ${deliveries.duplicates} duplicates dropped, ${deliveries.refused} refused`,
  );
  out(
    `GitHub: ${api.requests} requests, ${api.per_merged_item.requests} for each issue that was merged`,
  );
  out(
    `checked against GitHub's description: ${validation.requests} requests, ${validation.responses} responses, ${validation.webhooks} webhooks; ${validation.mismatches.length} mismatches`,
  );
  out(document.roadmap_diff.trimEnd());
  out(`${document.seconds} s`);
}
