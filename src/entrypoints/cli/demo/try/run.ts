import { readSandboxConfig, type SandboxConfig } from '../../../../config.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { playUntilInterrupted } from '../ending.ts';
import { comeToRest } from '../rest.ts';
import { addControlLabels } from '../script.ts';
import { sandboxOfTry } from '../sandboxes.ts';
import { setStage, type DemoStage } from '../stage.ts';
import { copyHead, type Copy } from './copy.ts';
import type { TryDocument } from './document.ts';
import { inspectCopy, tellInspection, type Inspection, whatToDo } from './inspect.ts';
import { readIssue, type Issue } from './issue.ts';
import { modelOfTry } from './model.ts';

export interface TryOptions {
  readonly issue?: string;
  readonly once?: true;
  readonly port?: number;
  readonly json?: true;
  readonly allowRemoteModel?: true;
}

/** The loop on a clone of somebody's own repository; nothing leaves the machine unless they say so. */
export async function runTry(
  path: string,
  options: TryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const began = performance.now();
  const sandbox = readSandboxConfig(process.env);
  if (!sandbox.ok) {
    return refuse(sandbox.faults.map(({ message }) => message).join('\n'), terminal);
  }
  const issue = await readIssue(options.issue);
  if (!issue.ok) return refuse(issue.refusal.message, terminal);
  const copied = await copyHead(path);
  if (!copied.ok) return refuse(copied.refusal.message, terminal);
  const copy = copied.value;
  const inspection = await inspectCopy(copy);
  tellWhatIsThere(copy, inspection, terminal);
  const play = {
    terminal,
    port: options.port ?? 0,
    onInterruption: options.once === true ? exitCode.inconclusive : exitCode.done,
    set: () => setTry(copy, inspection, options, sandbox.config),
  };
  return playUntilInterrupted(play, (stage, interruption) =>
    tryOn(stage, { copy, inspection, issue: issue.value, options, began, terminal }, interruption),
  );
}

const refuse = (message: string, terminal: Terminal): ExitCode => {
  terminal.err(message);
  return exitCode.usage;
};

function tellWhatIsThere(copy: Copy, inspection: Inspection, { err }: Terminal): void {
  err(`${copy.name} at ${copy.head.slice(0, 12)} “${copy.subject}”, cloned; ${untaken(copy)}`);
  for (const { title, good, lines } of tellInspection(inspection)) {
    // Said at the end, where it is read.
    if (title === whatToDo) continue;
    err(`${good ? '✓' : '!'} ${title}`);
    for (const line of lines) err(`    ${line}`);
  }
}

const untaken = ({ uncommitted }: Copy): string =>
  uncommitted === 0
    ? 'there are no uncommitted changes.'
    : `${uncommitted} uncommitted ${uncommitted === 1 ? 'change is' : 'changes are'} not taken.`;

function setTry(
  copy: Copy,
  inspection: Inspection,
  options: TryOptions,
  sandbox: SandboxConfig,
): Promise<DemoStage> {
  const { model, said } = modelOfTry(process.env, options.allowRemoteModel === true);
  return setStage({
    port: options.port ?? 0,
    logLevel: process.env['LOG_LEVEL'] ?? 'error',
    repository: { owner: 'acme', name: copy.name, from: copy.folder },
    model,
    sandbox: sandboxOfTry(sandbox),
    occasion: {
      kind: 'try',
      title: `Assent on ${copy.name}`,
      model: said,
      played: false,
      notes: [
        `A clone of HEAD ${copy.head.slice(0, 12)} “${copy.subject}” on a simulated GitHub; ${untaken(copy)} Your repository is not touched.`,
      ],
      readings: tellInspection(inspection),
    },
  });
}

interface Trial {
  readonly copy: Copy;
  readonly inspection: Inspection;
  readonly issue: Issue;
  readonly options: TryOptions;
  readonly began: number;
  readonly terminal: Terminal;
}

async function tryOn(
  stage: DemoStage,
  trial: Trial,
  interruption: Promise<void>,
): Promise<ExitCode> {
  const { options, terminal, issue } = trial;
  terminal.err(`The page:          ${stage.web.url}/`);
  terminal.err(`Act as anybody:    ${stage.github}`);
  terminal.err(stage.occasion.model.text);
  terminal.err(stage.steps);
  await addControlLabels(stage.people);
  const number = await stage.people.fileIssue('reader', issue.title, issue.body);
  terminal.err(`Filed as reader: #${number} ${issue.title}`);
  await comeToRest(stage);
  const document = await documentTry(stage, trial, number);
  if (options.json === true) terminal.out(JSON.stringify(document, null, 2));
  else report(document, terminal);
  if (options.once === true) return document.waiting ? exitCode.waiting : exitCode.done;
  terminal.err('The page stays up; Ctrl-C ends it.');
  await interruption;
  return exitCode.done;
}

async function documentTry(
  stage: DemoStage,
  { copy, inspection, issue, began }: Trial,
  number: number,
): Promise<TryDocument> {
  const { faults, rows, waits } = await stage.view();
  const { kind, text } = stage.occasion.model;
  const items = rows.map(({ id, title, steps, state, note }) => ({
    id,
    title,
    stage: steps.find(({ status }) => status === 'now' || status === 'waits')?.name ?? 'ended',
    state,
    note,
    waits_for: waits
      .filter(({ item }) => item === id)
      .map(({ whom, what }) => ({ whom: whom.join(' and '), what })),
  }));
  const { policies, configuration, roadmap, remedies } = inspection;
  return {
    version: 1,
    repository: copy.name,
    head: copy.head,
    uncommitted: copy.uncommitted,
    model: { kind: kind === 'live' ? 'live' : 'none', reason: text },
    steps: stage.steps,
    policies: {
      ...policies,
      files: [...policies.files],
      faults: [...policies.faults],
      warnings: [...policies.warnings],
    },
    configuration: { ...configuration, faults: [...configuration.faults] },
    roadmap: {
      ...roadmap,
      milestones: roadmap.milestones === null ? null : [...roadmap.milestones],
    },
    remedies: [...remedies],
    issue: { number, title: issue.title },
    rules_faults: [...faults],
    items,
    waiting: faults.length > 0 || items.some((item) => item.stage !== 'ended'),
    page: `${stage.web.url}/`,
    seconds: Math.round((performance.now() - began) / 10) / 100,
  };
}

function report({ items, rules_faults, remedies }: TryDocument, { out }: Terminal): void {
  for (const fault of rules_faults) out(`Everything waits: ${fault}`);
  for (const { id, title, stage, state, note, waits_for } of items) {
    out(`${id} “${title}” is in ${stage}: ${state}`);
    if (note !== null) out(`    ${note}`);
    // What it waits for may be the very thing that its note says.
    for (const { whom, what } of waits_for)
      out(`    waits for ${whom}${what === note ? '' : `: ${what}`}`);
  }
  if (remedies.length > 0) out(whatToDo);
  for (const remedy of remedies) out(`    ${remedy}`);
}
