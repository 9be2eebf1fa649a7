import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { PullRequestFacts, RepositoryHost } from '../../../src/ports/code-host.ts';
import type { Harness, Person } from './harness.ts';

const Numbered = z.object({ number: z.number() });
const Identified = z.object({ id: z.number() });
const Reference = z.object({ object: z.object({ sha: z.string() }) });
const Committed = z.object({ commit: z.object({ sha: z.string() }) });

/** What people do in the repository, by GitHub's own REST, so that the port meets what it will meet. */
export interface Scene {
  readonly host: RepositoryHost;
  /** A name that no other test has used. */
  fresh(word: string): string;
  issue(by: Person, body?: string): Promise<number>;
  comment(by: Person, number: number, body: string): Promise<number>;
  /** Puts a file on a branch, which is made from the default branch if need be. The new head. */
  write(by: Person, branch: string, path: string, content: string): Promise<string>;
  pullRequest(by: Person): Promise<{ number: number; branch: string; head: string }>;
  /** One that we opened, ready to be merged unless it is a draft. */
  ourPullRequest(draft?: boolean): Promise<PullRequestFacts>;
  review(by: Person, number: number, event: string, body?: string): Promise<number>;
  /** Any other request; throws unless GitHub does it. */
  does(by: Person, method: string, path: string, body?: unknown): Promise<unknown>;
}

export function sceneIn(harness: Harness): Scene {
  const host = harness.connect().repository(harness.ref);
  const root = `/repos/${harness.ref.full_name}`;

  const does = async (by: Person, method: string, path: string, body?: unknown) => {
    const answer = await harness.as(by, method, `${root}${path}`, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${by}: ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const fresh = (word: string): string => `${word}-${randomUUID().slice(0, 8)}`;

  const headOf = async (branch: string): Promise<string | null> => {
    const answer = await harness.as('owner', 'GET', `${root}/git/ref/heads/${branch}`);
    return answer.status === 200 ? Reference.parse(answer.body).object.sha : null;
  };

  const write = async (by: Person, branch: string, path: string, content: string) => {
    if ((await headOf(branch)) === null) {
      const { default_branch: from } = await host.describe();
      const sha = await headOf(from);
      await does('owner', 'POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
    }
    const at = `/contents/${path}`;
    const there = await harness.as('owner', 'GET', `${root}${at}?ref=${branch}`);
    const old = z.object({ sha: z.string() }).safeParse(there.body);
    const done = await does(by, 'PUT', at, {
      message: `Write ${path}`,
      content: Buffer.from(content).toString('base64'),
      branch,
      ...(old.success ? { sha: old.data.sha } : {}),
    });
    return Committed.parse(done).commit.sha;
  };

  const pullRequest = async (by: Person) => {
    const branch = fresh('feature');
    const head = await write(by, branch, `${branch}.txt`, 'one\ntwo\nthree\n');
    const { default_branch: base } = await host.describe();
    const opened = await does(by, 'POST', '/pulls', {
      title: `Add ${branch}`,
      head: branch,
      base,
      body: 'By hand.',
    });
    return { number: Numbered.parse(opened).number, branch, head };
  };

  const ourPullRequest = async (draft = false) => {
    const branch = `assent/${fresh('change')}`;
    await write('owner', branch, `${fresh('file')}.txt`, 'one\ntwo\nthree\n');
    const { default_branch: base } = await host.describe();
    const opened = await host.openPullRequest({ branch, base, title: branch, body: 'b', draft });
    if (!opened.ok) throw new Error(opened.refusal.message);
    return opened.value;
  };

  return {
    host,
    fresh,
    does,
    write,
    pullRequest,
    ourPullRequest,
    issue: async (by, body = 'It breaks.') =>
      Numbered.parse(await does(by, 'POST', '/issues', { title: fresh('Issue'), body })).number,
    comment: async (by, number, body) =>
      Identified.parse(await does(by, 'POST', `/issues/${number}/comments`, { body })).id,
    review: async (by, number, event, body = 'Read it.') =>
      Identified.parse(await does(by, 'POST', `/pulls/${number}/reviews`, { event, body })).id,
  };
}
