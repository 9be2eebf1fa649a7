import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, textOf, type GitOutput } from './git.ts';
import { askRefs, isMirrored, type Refs } from './remote-refs.ts';
import { reach, type Remote } from './remote.ts';

export interface FetchOptions {
  /** A branch of which its head is enough: what it leads to may be missing here. */
  readonly without?: string | undefined;
}

export interface Fetching {
  fetch(options?: FetchOptions): Promise<void>;
  /** Branches as they were last told; nobody but us writes here, so between a fetch and a push they stand still. */
  head(branch: string): Promise<string | null>;
  /** A push of ours moved it, there and here. */
  pushed(branch: string, sha: string): void;
}

interface Given {
  readonly directory: string;
  readonly remote: Remote;
  readonly local: (args: readonly string[]) => Promise<GitOutput>;
}

const fetched = ['+refs/heads/*:refs/heads/*', '+refs/pull/*/head:refs/pull/*/head'];

/** Keeps a mirror as its remote is. Git runs only where something moved: most looks find that nothing did. */
export function createFetching({ directory, remote, local }: Given): Fetching {
  /** As the remote has them; null: nobody asked yet. */
  let told: Map<string, string> | null = null;
  /** As git brought them; null: not known. */
  let here: Map<string, string> | null = null;

  const fetch = oneAtATime(async (asked: readonly FetchOptions[]) => {
    const now = here === null ? null : await askRefs(await remote(false));
    if (now !== null && here !== null && isSame(now, here, asked)) {
      told = new Map(now);
      return;
    }
    const fetching = [`--git-dir=${directory}`, 'fetch', '--quiet', '--prune', '--no-tags'];
    await reach(remote, ({ url, env }) => git([...fetching, url, ...fetched], { env }));
    // Before the next fetch empties the file.
    here = await readFetched(directory);
    told = new Map(here);
  });

  return {
    fetch: (options = {}) => fetch(options),
    async head(branch) {
      told ??= await readHere(local);
      return told.get(`refs/heads/${branch}`) ?? null;
    },
    pushed(branch, sha) {
      told?.set(`refs/heads/${branch}`, sha);
      here?.set(`refs/heads/${branch}`, sha);
    },
  };
}

/** Whether everybody who asked can do with what is here. */
function isSame(now: Refs, here: Refs, asked: readonly FetchOptions[]): boolean {
  const [first, ...others] = asked.map(({ without }) => without);
  const spared = others.every((one) => one === first) ? `refs/heads/${first ?? ''}` : null;
  return [...new Set([...now.keys(), ...here.keys()])].every(
    (ref) => ref === spared || now.get(ref) === here.get(ref),
  );
}

/** All that is here, by one process: each costs its start, several milliseconds in a large program. */
async function readHere(local: Given['local']): Promise<Map<string, string>> {
  const listed = await local(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads']);
  const lines = textOf(listed)
    .split('\n')
    .filter((line) => line !== '');
  return new Map(
    lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
  );
}

/** The same after a fetch, without a process: git wrote down what it fetched, changed or not. */
async function readFetched(directory: string): Promise<Map<string, string>> {
  const written = await readFile(join(directory, 'FETCH_HEAD'), 'utf8');
  const lines = written.matchAll(/^([0-9a-f]{40,64})\t(?:not-for-merge)?\t(branch )?'(.+)' of /gm);
  return new Map(
    [...lines]
      .map(([, sha = '', branch, name = '']): [string, string] => [
        branch === undefined ? name : `refs/heads/${name}`,
        sha,
      ])
      .filter(([ref]) => isMirrored(ref)),
  );
}

/**
 * Two fetches into one repository collide on its refs. Whoever asks while one is queued shares it, and it does what all of them
 * asked; one that runs may be too old.
 */
function oneAtATime<Asked>(
  work: (asked: readonly Asked[]) => Promise<void>,
): (asked: Asked) => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let queued: { readonly asked: Asked[]; readonly done: Promise<void> } | null = null;
  return (one) => {
    if (queued !== null) {
      queued.asked.push(one);
      return queued.done;
    }
    const asked = [one];
    const done = running
      .catch(() => undefined)
      .then(() => {
        queued = null;
        running = work(asked);
        return running;
      });
    queued = { asked, done };
    return done;
  };
}
