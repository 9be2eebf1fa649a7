import {
  COMMITS_SET_ASIDE,
  commitsSetAside,
  planQuarantine,
} from '../../domain/ledger/quarantine.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { LedgerCommitFacts, LedgerPast, SoundHead } from '../../ports/ledger-past.ts';
import { readLedger, type LedgerReader, type LoadedLedger } from './read-ledger.ts';

/** What to do where other hands wrote to the ledger (`.github/assent.yml`, `ledger.on_foreign_commit`). */
export type OnForeignCommit = 'stop' | 'quarantine';

export interface QuarantineContext {
  readonly reader: LedgerReader;
  readonly past: LedgerPast;
  /** The ledger's branch, for people. */
  readonly name: string;
  /** Asked each time, of the default branch: the configuration may be what somebody mends. */
  readonly onForeignCommit: () => Promise<OnForeignCommit>;
  readonly now: () => string;
  readonly newId: () => string;
}

interface Trouble {
  readonly tip: string | null;
  readonly sound: SoundHead | null;
  readonly reason: string;
}

interface SetAside {
  readonly ledger: LoadedLedger;
  readonly sound: SoundHead;
}

/** Goes on from the last sound head, with what other hands did kept and recorded; or refuses, as configured. */
export const setAside = async (
  context: QuarantineContext,
  trouble: Trouble,
): Promise<Result<SetAside> | 'moved'> => {
  const { tip, reason } = trouble;
  const from = await lastSound(context, trouble);
  if (from === null) {
    return refuse(
      'ledger.broken',
      `the ledger at ${tip ?? 'no commit'} does not hold, and none of its commits does: ${reason}. Look with \`assent history verify\`.`,
    );
  }
  if ((await context.onForeignCommit()) === 'stop') return stopped(context, trouble, from.sound);
  const commits = tip === null ? [] : await foreignCommits(context, tip, from);
  if (commits.length > COMMITS_SET_ASIDE) {
    return refuse(
      'ledger.foreign',
      `${commits.length} commits of ${context.name} are not Assent's; more than ${COMMITS_SET_ASIDE} are not set aside without a human. Nothing is done until ${putBack(context, from.sound)}`,
    );
  }
  const links = tip === null ? [] : await context.past.odd(tip);
  if (links.length > 0) {
    // What GitHub does with the mode of a link that a plain file is written over is nowhere promised.
    return refuse(
      'ledger.foreign',
      `${context.name} has links where files belong (${links.slice(0, 3).join(', ')}), which no commit of Assent's can put right. Nothing is done until ${putBack(context, from.sound)}`,
    );
  }
  return goOn(context, trouble, from, commits);
};

/** Beneath the tip and not in the sound commit's past; where that is not at hand, those that record what it does not hold. */
const foreignCommits = async (
  { past, reader }: QuarantineContext,
  tip: string,
  { ledger, sound }: SetAside,
): Promise<readonly LedgerCommitFacts[]> => {
  const commits = await past.commits(tip, sound.commit);
  if (await past.knows(sound.commit)) return commits;
  const before = commitsSetAside(ledger.state);
  const history = [...(await reader.branch.read(sound.commit)).values()].join('');
  return commits.filter(({ oid, head }) =>
    head === null ? !before.has(oid) : !history.includes(`"hash":"${head.hash}"`),
  );
};

const goOn = async (
  { past, reader, now, newId }: QuarantineContext,
  { tip, reason }: Trouble,
  { ledger, sound }: SetAside,
  commits: readonly LedgerCommitFacts[],
): Promise<Result<SetAside> | 'moved'> => {
  // Right on top of an earlier commit of our own, all that there was is there again.
  const kept = tip === null || commits.length === 0 ? null : await keep(past, tip);
  const finding = {
    tip,
    branch: kept,
    soundCommit: sound.commit,
    reason,
    commits,
    sound: await reader.branch.read(sound.commit),
    found: tip === null ? new Map<string, string>() : await reader.branch.read(tip),
  };
  const event = { id: newId(), at: now() };
  const { files, deletions, subject, body, view } = planQuarantine(
    ledger,
    finding,
    event,
    reader.sha256,
  );
  const commit = await reader.branch.commit({ expected: tip, files, deletions, subject, body });
  if (!commit.ok) return 'moved';
  return ok({
    ledger: { ...view, oid: commit.value },
    sound: { commit: commit.value, head: view.head },
  });
};

/** Under a name that people find it by; in the past of the branch it stays besides. */
const keep = async (past: LedgerPast, tip: string): Promise<string> => {
  const branch = `assent/quarantine/${tip.slice(0, 12)}`;
  await past.keep(branch, tip);
  return branch;
};

/**
 * The newest commit of our own beneath the tip that holds; else the one remembered. Never further back than that: what this program
 * found sound once and no longer does is no stranger's doing.
 */
const lastSound = async (
  { reader, past }: QuarantineContext,
  { tip, sound }: Trouble,
): Promise<SetAside | null> => {
  const since = tip === null ? [] : await past.commits(tip, sound?.commit ?? null);
  // One that ends before what was sound is cut off there, whatever else it is: that need not be read.
  const least = sound?.head.sequence ?? 0;
  const own = since.flatMap(({ oid, head }) =>
    head === null || head.sequence <= least ? [] : [{ commit: oid, head }],
  );
  const candidates = [...own.slice(0, COMMITS_SET_ASIDE), ...(sound === null ? [] : [sound])];
  for (const candidate of candidates) {
    const reading = await readLedger(reader, candidate.commit, sound);
    if (reading.kind === 'sound' && reading.ledger.head.hash === candidate.head.hash) {
      return { ledger: reading.ledger, sound: candidate };
    }
  }
  return null;
};

const stopped = (
  context: QuarantineContext,
  { tip, reason }: Trouble,
  sound: SoundHead,
): Result<never> =>
  refuse(
    'ledger.foreign',
    `${context.name} is at ${tip ?? 'no commit'}, which is not what Assent wrote: ${reason}. Nothing is done until ${remedy(context, sound)}`,
  );

const putBack = ({ name }: QuarantineContext, { commit, head }: SoundHead): string =>
  `somebody puts the branch back (\`git push --force origin ${commit}:refs/heads/${name}\`, event ${head.sequence}); Assent then goes on by itself`;

const remedy = (context: QuarantineContext, sound: SoundHead): string =>
  `${putBack(context, sound)}. Or set \`ledger.on_foreign_commit: quarantine\` in .github/assent.yml: what is not Assent's is then kept on a branch of its own, and the work goes on`;
