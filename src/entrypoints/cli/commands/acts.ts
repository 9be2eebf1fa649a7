import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { bodies } from '../../server/api/schemas.ts';
import { exitCode, type Cli } from '../command.ts';
import { answering, line, refused, type Told } from '../remote/answering.ts';
import { UnreachableError } from '../remote/ask.ts';
import { label, review, say, ways, type Said, type Way } from '../remote/evidence.ts';
import { remoteOptions } from '../remote/options.ts';
import { remoteFrom, UsageError, type Remote, type RemoteOptions } from '../remote/remote.ts';
import { isTold, itemIdOf, itemLines, lookAt } from './status.ts';

type Item = z.infer<(typeof bodies)['Item']>;
type Verb = 'approve' | 'reject' | 'hold' | 'retry' | 'trigger';

interface Options extends RemoteOptions {
  readonly wait: string;
  readonly by?: string;
}

const verbs: readonly (readonly [Verb, string])[] = [
  ['approve', 'Approves what an item waits for: your review or comment on GitHub is the evidence'],
  ['reject', 'Rejects what an item waits for'],
  ['hold', 'Holds one item: nothing more is done for it'],
  ['retry', 'Tries again what did not work out'],
  ['trigger', 'Has an issue planned anew, or a pull request looked at again'],
];

/**
 * What leaves evidence is said where evidence is: a comment on GitHub, by the human's own token. Assent reads it there, like any
 * other; nothing is approved through the service.
 */
export function actCommands(program: Command, cli: Cli): void {
  for (const [verb, what] of verbs) {
    const command = program.command(`${verb} <item> [reason...]`).description(what);
    if (verb === 'approve') {
      command.option(
        '--by <way>',
        `${ways.join(', ')}; by itself a review of a pull request, a command on a plan`,
      );
    }
    remoteOptions(command)
      .option('--wait <seconds>', 'how long to wait for what Assent makes of it', '15')
      .addHelpText('after', examples(verb))
      .action(async (item: string, reason: readonly string[], options: Options) => {
        cli.end(
          await answering(cli.terminal, options.json, async () =>
            act(await remoteFrom(process.env, options), verb, itemIdOf(item), reason, {
              seconds: secondsOf(options),
              by: wayOf(options),
            }),
          ),
        );
      });
  }
}

const examples = (verb: Verb): string => `
Examples:
  GITHUB_TOKEN=… assent ${verb} issue-12 --service https://assent.example --repository acme/widgets
  assent ${verb} pull-7${verb === 'reject' ? ' it changes the interface' : ''} --json

${
  verb === 'approve'
    ? 'It approves the pull request in a review, or comments /assent approve on a plan, as you: your token has to be allowed to.'
    : `It writes the comment /assent ${verb === 'trigger' ? 'plan (of a pull request: retry)' : verb} as you: your token has to be allowed to comment.`
} GHE_HOST names another GitHub.
Exit: 0 done · 1 it counts for nothing, and why · 2 wrong usage · 3 done, and a human is waited for still · 4 said, and nobody answered yet.`;

function secondsOf({ wait }: Options): number {
  const seconds = Number(wait);
  if (/^\d+$/u.test(wait) && seconds <= 600) return seconds;
  throw new UsageError('--wait takes seconds, from 0 to 600');
}

function wayOf({ by }: Options): Way | null {
  const way = ways.find((known) => known === by);
  if (way === undefined && by !== undefined) throw new UsageError(`--by takes ${ways.join(', ')}`);
  return way ?? null;
}

interface Manner {
  readonly seconds: number;
  /** null: the way that fits the place. */
  readonly by: Way | null;
}

async function act(
  remote: Remote,
  verb: Verb,
  id: string,
  reason: readonly string[],
  { seconds, by }: Manner,
): Promise<Told> {
  const before = remote.service === null ? null : await lookAt(remote, id);
  if (before !== null && isTold(before)) return before;
  const number = placeOf(id, verb, before);
  const place = { remote, number };
  const way = verb === 'approve' ? (by ?? fittingWay(id, before)) : 'command';
  const said =
    way === 'review'
      ? await review(place, reason.join(' '))
      : way === 'label'
        ? await label(place)
        : await say(place, [spoken(verb, id), ...reason].join(' '));
  if ('code' in said) return said;
  if (before === null) {
    const message = `said at ${said.url}; where Assent listens is not known (--service, ASSENT_URL), so nobody can tell here what came of it`;
    return { ...refused(exitCode.inconclusive, 'no_service', message), document: { said } };
  }
  const after = await whatCameOfIt(remote, id, before, said, seconds);
  return outcome(said, before, after);
}

/** Whoever approves a merge reviews it: that is what policies ask for unless they say otherwise. */
const fittingWay = (id: string, item: Item | null): Way =>
  item === null
    ? id.startsWith('issue-')
      ? 'command'
      : 'review'
    : item.item.stage === 'merge'
      ? 'review'
      : 'command';

const spoken = (verb: Verb, id: string): string => {
  if (verb !== 'trigger') return `/assent ${verb}`;
  return id.startsWith('issue-') ? '/assent plan' : '/assent retry';
};

/** Evidence on a merge stands on its pull request; all else where the item is talked about. */
function placeOf(id: string, verb: Verb, item: Item | null): number {
  const [, kind, number] = /^(issue|pull|cycle)-(\d{1,9})$/u.exec(id) ?? [];
  if (kind === undefined) throw new UsageError('items are named issue-12, pull-7 or cycle-3');
  const pull = item?.item.pull_request ?? null;
  const decides = verb === 'approve' || verb === 'reject';
  if (pull !== null && (kind === 'cycle' || (decides && item?.item.stage === 'merge'))) return pull;
  if (kind === 'cycle') {
    throw new UsageError(
      'where the pull request of a cycle is takes the service: --service ADDRESS',
    );
  }
  return Number(number);
}

const LOOK_MS = 300;

/** The item once it has changed and is quiet; null: it did not, in the time given. */
async function whatCameOfIt(
  remote: Remote,
  id: string,
  before: Item,
  said: Said,
  seconds: number,
): Promise<Item | null> {
  let last = JSON.stringify(before);
  let changed: Item | null = null;
  for (let waited = 0; waited < seconds * 1000; waited += LOOK_MS) {
    await pause(LOOK_MS);
    const now = await lookAt(remote, id);
    if (isTold(now))
      throw new UnreachableError(`said at ${said.url}; then ${now.lines.join('; ')}`);
    const text = JSON.stringify(now);
    if (changed !== null && text === last) return changed;
    if (text !== last) changed = now;
    last = text;
  }
  return changed;
}

function outcome(said: Said, before: Item, after: Item | null): Told {
  if (after === null) {
    const message = `said at ${said.url}; Assent has not answered yet: assent show ${before.item.id}`;
    return {
      ...refused(exitCode.inconclusive, 'unanswered', message),
      document: { said, answered: false, item: before },
    };
  }
  const against = refusalIn(said, before, after);
  const waits = after.waiting.some(({ human }) => human);
  return {
    code: against !== null ? exitCode.fault : waits ? exitCode.waiting : exitCode.done,
    document: { said, answered: true, refused: against, item: after },
    lines: against === null ? itemLines(after) : [line(`${after.item.id}: ${against}`)],
  };
}

/** What Assent told in answer, or why the comment counts for nothing. */
function refusalIn(said: Said, before: Item, after: Item): string | null {
  const ignored = after.ignored.find(({ evidence }) => evidence === said.evidence);
  if (ignored !== undefined) return ignored.reason;
  const told = after.notices.find(
    ({ to, at }) => to === said.by && !before.notices.some((known) => known.at === at),
  );
  return told?.text ?? null;
}
