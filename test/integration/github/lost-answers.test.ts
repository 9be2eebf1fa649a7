import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { GitHub } from '../../../src/adapters/github/github.ts';
import { createGitHub } from '../../../src/adapters/github/github.ts';
import { createLedgerBranch } from '../../../src/adapters/github/ledger-branch.ts';
import type { Result } from '../../../src/domain/result.ts';
import type { RepositoryHost, RepositoryRef } from '../../../src/ports/code-host.ts';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import type { Scene } from '../../contract/code-host/scene.ts';
import { sceneIn } from '../../contract/code-host/scene.ts';

/** Stands between us and GitHub, and can lose the answer to the next deed after GitHub has done it. */
async function startLossyLine(to: string) {
  let losing = false;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const { method = 'GET', url = '/', headers } = request;
    const { authorization = '', accept = '*/*' } = headers;
    const answer = await fetch(`${to}${url}`, {
      method,
      headers: { authorization, accept, 'content-type': 'application/json' },
      ...(body.length === 0 ? {} : { body }),
    });
    const text = await answer.text();
    if (losing && isDeed(method, url, body.toString())) {
      losing = false;
      request.socket.destroy();
      return;
    }
    const type = answer.headers.get('content-type') ?? 'text/plain';
    response.writeHead(answer.status, { 'content-type': type }).end(text);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    loseNext: () => {
      losing = true;
    },
    close: () => server.close(),
  };
}

const isDeed = (method: string, url: string, body: string): boolean =>
  method !== 'GET' && !url.endsWith('/access_tokens') && !body.includes('"query":"query');

describe('an act whose answer was lost was done once, and is found again after a restart', () => {
  let simulator: Simulator;
  let line: Awaited<ReturnType<typeof startLossyLine>>;
  let ref: RepositoryRef;
  let scene: Scene;

  const connect = (): GitHub =>
    createGitHub({
      appId: simulator.app.id,
      privateKey: simulator.app.privateKey,
      baseUrl: line.url,
      pace: false,
    });

  beforeAll(async () => {
    simulator = await startSimulator();
    line = await startLossyLine(simulator.url);
    await seedWidgets(simulator);
    const [found] = await connect().repositories();
    if (found === undefined) throw new Error('the App is installed nowhere');
    ref = found;
    scene = sceneIn({
      ref,
      connect,
      people: simulator.people,
      as: (person, method, path, body) => simulator.as(person)(method, path, body),
      delivers: false,
      close: () => simulator.close(),
    });
  });
  afterAll(async () => {
    line.close();
    await simulator.close();
  });

  /** Loses the answer, starts anew, and gives what the second attempt says. */
  async function twice<T>(act: (host: RepositoryHost) => Promise<Result<T>>): Promise<T> {
    const before = connect().repository(ref);
    line.loseNext();
    await expect(act(before)).rejects.toMatchObject({ name: 'CodeHostFault', status: null });
    const again = await act(connect().repository(ref));
    if (again.ok) return again.value;
    throw new Error(again.refusal.message);
  }

  it('a comment', async () => {
    const number = await scene.issue('owner');
    const { id, changed } = await twice((host) => host.upsertComment(number, 'issue-1', 'Hello.'));
    expect(changed).toBe(false);
    expect(await scene.host.comments(number)).toMatchObject([{ id }]);
  });

  it('labels', async () => {
    const number = await scene.issue('owner');
    await twice((host) => host.changeLabels(number, { add: ['bug'], remove: [] }));
    expect(await scene.host.labelEvents(number)).toHaveLength(1);
  });

  it('a pull request', async () => {
    const branch = `assent/${scene.fresh('change')}`;
    await scene.write('owner', branch, `${scene.fresh('file')}.txt`, 'x\n');
    const draft = { branch, base: 'main', title: 't', body: 'b', draft: true };
    const { number } = await twice((host) => host.openPullRequest(draft));
    const open = await scene.host.openPullRequests();
    expect(open.filter((pull) => pull.head_branch === branch)).toMatchObject([{ number }]);
  });

  it('a review', async () => {
    const { number, head } = await scene.pullRequest('writer');
    const draft = {
      pull_request: number,
      head,
      event: 'COMMENT',
      body: 'b',
      comments: [],
    } as const;
    const { id } = await twice((host) => host.publishReview(draft));
    expect(await scene.host.reviews(number)).toMatchObject([{ id }]);
  });

  it('a check run', async () => {
    const { head } = await scene.pullRequest('writer');
    const report = { head, external_id: 'x', title: 't', summary: 's' };
    await twice((host) =>
      host.reportCheck({ ...report, status: 'completed', conclusion: 'neutral' }),
    );
    expect(await scene.host.checks(head)).toHaveLength(1);
  });

  it('a merge', async () => {
    const pull = await scene.ourPullRequest();
    const { sha } = await twice((host) =>
      host.merge({
        pull_request: pull.number,
        head: pull.head,
        method: 'merge',
        title: 't',
        message: 'm',
      }),
    );
    expect(await scene.host.pullRequest(pull.number)).toMatchObject({ merge_commit: sha });
  });

  it('the deletion of a branch', async () => {
    const branch = `assent/${scene.fresh('done')}`;
    await scene.write('owner', branch, 'done.txt', 'd\n');
    expect(await twice((host) => host.deleteBranch(branch))).toBeNull();
  });

  it('a commit of the ledger: it has moved, to what was to be written', async () => {
    const open = () => createLedgerBranch(connect().contextOf(ref), 'assent/ledger');
    const commit = (expected: string | null, content: string) => ({
      expected,
      files: [{ path: '.ai_metadata/queue.json', content }],
      subject: 'ledger: x',
      body: '',
    });
    const begun = await open().commit(commit(null, '1'));
    if (!begun.ok) throw new Error(begun.refusal.message);
    line.loseNext();
    const next = commit(begun.value, '2');
    await expect(open().commit(next)).rejects.toMatchObject({ status: null });
    expect(await open().commit(next)).toMatchObject({ refusal: { code: 'ledger.moved' } });
    const head = await open().head();
    expect(head).not.toBe(begun.value);
    expect((await open().read(head ?? '')).get('.ai_metadata/queue.json')).toBe('2');
  });
});
