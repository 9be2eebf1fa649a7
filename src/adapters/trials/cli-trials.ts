import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import type { z } from 'zod';
import { changes as changeOrder } from '../../domain/policy/difference.ts';
import type { NewlyAllowed, PastChange, PastUnderThem } from '../../domain/policy/trial.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { PolicyTrials, TrialFindings, TrialInput } from '../../ports/policy-trials.ts';
import { runBounded, type Bounds } from './bounded-process.ts';
import {
  checkDocument,
  comparisonDocument,
  refusalDocument,
  simulationDocument,
  type ComparisonDocument,
  type SimulationDocument,
} from './documents.ts';
import { inWords } from './witness-words.ts';

export interface TrialOptions {
  /** How the command line is started, without its arguments. */
  readonly command: readonly string[];
  readonly bounds: Bounds;
}

type Ask = <T>(args: readonly string[], schema: z.ZodType<T>) => Promise<Result<T>>;

/**
 * By the commands that anybody would use, each in a process of its own: a policy that takes for ever, or a solver that takes all
 * memory, is ended there, and the service goes on.
 */
export const createCliTrials = (options: TrialOptions): PolicyTrials => ({
  async run(input) {
    const folder = await mkdtemp(join(tmpdir(), 'assent-trial-'));
    try {
      await lay(folder, input);
      return await tryIn(asker(join(folder, 'after'), options, input.signal));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** As a checkout would have them, so that a fault names its file as people know it. */
async function lay(folder: string, { before, after, ledger }: TrialInput): Promise<void> {
  const parts = { before, after, ledger };
  for (const [part, files] of Object.entries(parts)) {
    const root = join(folder, part);
    await mkdir(join(root, 'policies'), { recursive: true });
    for (const [path, text] of files) {
      const file = resolve(root, path);
      if (!file.startsWith(root + sep)) throw new OutsideError(path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
}

/** Git holds no such path; whatever gave it is not to be trusted with the disk. */
class OutsideError extends Error {
  constructor(path: string) {
    super(`${JSON.stringify(path)} leads out of the folder it is for`);
    this.name = 'OutsideError';
  }
}

function asker(directory: string, { command, bounds }: TrialOptions, signal: AbortSignal): Ask {
  return async (args, schema) => {
    const ended = await runBounded(
      { command: [...command, 'policy', ...args, '--json'], directory, signal },
      bounds,
    );
    if (!ended.ok) return ended;
    const document = parsed(ended.value.out);
    const answer = schema.safeParse(document);
    if (answer.success) return ok(answer.data);
    const refusal = refusalDocument.safeParse(document);
    return refuse(
      'trial.unanswered',
      refusal.success ? refusal.data.error.message : `it ended with ${ended.value.code}`,
    );
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function tryIn(ask: Ask): Promise<TrialFindings> {
  const check = await ask(['check', 'policies'], checkDocument);
  if (!check.ok) return untried(check, [check.refusal.message]);
  const faults = check.value.faults.map(
    ({ file, line, column, message }) =>
      `${file}${line === null ? '' : `:${line}:${column ?? 1}`}: ${message}`,
  );
  if (check.value.digest === null) {
    return untried(refuse('trial.unreadable', 'they cannot be read'), faults);
  }
  const [compared, simulated] = await Promise.all([
    ask(['prove', 'policies', '--against', join('..', 'before', 'policies')], comparisonDocument),
    ask(
      ['simulate', '--policies', 'policies', '--ledger', join('..', 'ledger')],
      simulationDocument,
    ),
  ]);
  return {
    readable: true,
    faults,
    newly_allows: compared.ok ? newlyAllowed(compared.value) : compared,
    past: simulated.ok ? ok(past(simulated.value)) : simulated,
  };
}

/** What could not be proved either way is not passed over because something else was found. */
function newlyAllowed({ questions }: ComparisonDocument): Result<readonly NewlyAllowed[]> {
  const allowed = questions
    .filter(({ answer }) => answer === 'refuted')
    .map((each) => ({ action: each.action, rules: each.rules, such_as: inWords(each) }));
  const untold = questions.find(({ answer }) => answer === 'not_provable');
  return allowed.length === 0 && untold !== undefined
    ? refuse('trial.not_provable', `${untold.action}: ${untold.why ?? 'nobody knows why'}`)
    : ok(allowed);
}

const untried = (why: Result<never>, faults: readonly string[]): TrialFindings => ({
  readable: false,
  faults,
  newly_allows: why,
  past: why,
});

/** One more than anybody shows, so that it can be seen that there are more. */
const ITEMS_NAMED = 6;

function past({ decisions, differences, could_not_tell }: SimulationDocument): PastUnderThem {
  const groups = Map.groupBy(differences, ({ change, action }) => `${change} ${action}`);
  const changes = [...groups.values()].flatMap((group): readonly PastChange[] => {
    const [first] = group;
    if (first === undefined) return [];
    const items = [...new Set(group.flatMap(({ item }) => (item === null ? [] : [item])))];
    const { reasons, waiting_for } = first.would_be;
    const missing = waiting_for.map(({ step, have, count }) => `${step}: ${have} of ${count}`);
    return [
      {
        change: first.change,
        action: first.action,
        times: group.length,
        items: items.slice(0, ITEMS_NAMED),
        because: [...reasons, ...missing],
      },
    ];
  });
  return {
    decisions,
    could_not_tell: could_not_tell.length,
    changes: changes.toSorted(
      (a, b) => changeOrder.indexOf(a.change) - changeOrder.indexOf(b.change),
    ),
  };
}
