import { fieldOf, list, type World } from './world.ts';

/** GitHub's side of a merge queue on `main`: our check pinned to us, and a CI's beside it that the test answers for. */
export class Queue {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async open(): Promise<void> {
    await this.protect(['assent', 'ci']);
    await this.#world.simulator.setMergeQueue('acme/widgets', 'main', { method: 'merge' });
  }

  protect(names: readonly string[]): Promise<unknown> {
    const ids: Readonly<Record<string, number>> = {
      assent: this.#world.simulator.app.id,
      ci: this.#world.simulator.otherApp.id,
    };
    const checks = names.map((context) => ({ context, app_id: ids[context] }));
    return this.#world.act('owner', 'PUT', '/branches/main/protection', {
      required_status_checks: { strict: false, contexts: [], checks },
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
  }

  /** The CI's word on a commit. */
  async ci(sha: string, conclusion: 'success' | 'failure' = 'success'): Promise<void> {
    const { simulator } = this.#world;
    const answer = await fetch(`${simulator.url}/repos/acme/widgets/check-runs`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${simulator.otherApp.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name: 'ci', head_sha: sha, status: 'completed', conclusion }),
    });
    if (!answer.ok) throw new Error(`no check: ${answer.status} ${await answer.text()}`);
  }

  /** A pull request of a writer's, green for the CI, that waits for its human. */
  async pull(branch: string): Promise<{ number: number; id: string; head: string; node: string }> {
    const world = this.#world;
    const number = await world.pull('writer', branch);
    const shown = await world.act('owner', 'GET', `/pulls/${number}`);
    const head = String(fieldOf(fieldOf(shown, 'head'), 'sha'));
    await this.ci(head);
    await world.waits(`pull-${number}`, 'merge');
    return { number, id: `pull-${number}`, head, node: String(fieldOf(shown, 'node_id')) };
  }

  /** The groups there are, by the number of their last pull request. */
  async groups(): Promise<ReadonlyMap<number, string>> {
    const found = list(
      await this.#world.act('owner', 'GET', '/git/matching-refs/heads/gh-readonly-queue'),
    );
    return new Map(
      found.map((ref) => [
        Number(/pr-(\d+)-/.exec(String(fieldOf(ref, 'ref')))?.[1]),
        String(fieldOf(fieldOf(ref, 'object'), 'sha')),
      ]),
    );
  }

  /** Its group, once it is in the queue. */
  async group(number: number): Promise<string> {
    await this.#world.until(
      `${number} to be in the queue`,
      ({ intents }) =>
        Object.values(intents).some(
          ({ payload, waiting }) =>
            payload['pull_request'] === number && waiting?.code === 'merge.queued',
        ) || null,
    );
    const head = (await this.groups()).get(number);
    if (head === undefined) throw new Error(`${number} is in no group`);
    return head;
  }

  /** Assent's runs on a commit. */
  async said(
    sha: string,
  ): Promise<readonly { conclusion: unknown; title: string; summary: string }[]> {
    const answer = await this.#world.act('owner', 'GET', `/commits/${sha}/check-runs`);
    return list(fieldOf(answer, 'check_runs'))
      .filter((run) => fieldOf(run, 'name') === 'assent')
      .map((run) => ({
        conclusion: fieldOf(run, 'conclusion'),
        title: String(fieldOf(fieldOf(run, 'output'), 'title')),
        summary: String(fieldOf(fieldOf(run, 'output'), 'summary')),
      }));
  }

  async enqueue(person: 'writer' | 'maintainer', node: string): Promise<void> {
    const query =
      'mutation ($id: ID!) { enqueuePullRequest(input: { pullRequestId: $id }) { clientMutationId } }';
    const { body } = await this.#world.simulator.as(person)('POST', '/graphql', {
      query,
      variables: { id: node },
    });
    const errors = fieldOf(body, 'errors');
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
  }
}
