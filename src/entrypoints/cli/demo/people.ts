import { setTimeout as pause } from 'node:timers/promises';
import type { Person, Simulator } from '../../../simulator/simulator.ts';

/** GitHub said no to one of the demo's people where the script did not expect it. */
export class RefusedPersonError extends Error {
  readonly status: number;

  constructor(person: Person, act: string, status: number, body: unknown) {
    super(`${person} could not ${act}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    this.name = 'RefusedPersonError';
    this.status = status;
  }
}

/** The demo's humans: each acts on the simulated GitHub with a token of their own, as a browser or `gh` would. */
export class People {
  readonly #simulator: Simulator;
  readonly #base: string;

  constructor(simulator: Simulator, fullName: string) {
    this.#simulator = simulator;
    this.#base = `/repos/${fullName}`;
  }

  async fileIssue(person: Person, title: string, body: string): Promise<number> {
    const issue = await this.#do(person, 'file an issue', 'POST', '/issues', { title, body });
    const { number } = fields(issue);
    if (typeof number !== 'number') throw new TypeError('the new issue has no number');
    return number;
  }

  async addLabel(person: Person, name: string, color: string, description: string): Promise<void> {
    await this.#do(person, `make the label ${name}`, 'POST', '/labels', {
      name,
      color,
      description,
    });
  }

  async label(person: Person, number: number, label: string): Promise<void> {
    await readFirst();
    await this.#do(person, `label ${number}`, 'POST', `/issues/${number}/labels`, {
      labels: [label],
    });
  }

  /** Takes a label off, where it is on. */
  async unlabel(person: Person, number: number, label: string): Promise<void> {
    const path = `${this.#base}/issues/${number}/labels/${encodeURIComponent(label)}`;
    const { status, body } = await this.#simulator.as(person)('DELETE', path);
    if (status >= 300 && status !== 404) {
      throw new RefusedPersonError(person, `take a label off ${number}`, status, body);
    }
  }

  async pullRequest(number: number): Promise<{ readonly branch: string }> {
    const found = await this.#do('owner', `read ${number}`, 'GET', `/pulls/${number}`);
    const { ref } = fields(fields(found)['head']);
    if (typeof ref !== 'string') throw new TypeError(`#${number} has no branch`);
    return { branch: ref };
  }

  /** The status of the answer, for those who are expected to be refused. */
  async tryLabel(person: Person, number: number, label: string): Promise<number> {
    const path = `${this.#base}/issues/${number}/labels`;
    const { status } = await this.#simulator.as(person)('POST', path, { labels: [label] });
    return status;
  }

  async comment(person: Person, number: number, body: string): Promise<void> {
    await readFirst();
    await this.#do(person, `comment on ${number}`, 'POST', `/issues/${number}/comments`, { body });
  }

  async review(
    person: Person,
    number: number,
    event: 'APPROVE' | 'REQUEST_CHANGES',
    body: string,
  ): Promise<void> {
    await this.#do(person, `review ${number}`, 'POST', `/pulls/${number}/reviews`, { event, body });
  }

  async closeIssue(person: Person, number: number): Promise<void> {
    const close = { state: 'closed', state_reason: 'not_planned' };
    await this.#do(person, `close ${number}`, 'PATCH', `/issues/${number}`, close);
  }

  /** Adds a line to a file on a branch, as a commit of their own. */
  async appendTo(person: Person, branch: string, path: string, line: string): Promise<void> {
    const at = `/contents/${path}?ref=${encodeURIComponent(branch)}`;
    const file = await this.#do(person, `read ${path}`, 'GET', at);
    const { content, sha } = fields(file);
    if (typeof content !== 'string') throw new TypeError(`${path} has no content`);
    const text = Buffer.from(content, 'base64').toString('utf8');
    await this.#do(person, `change ${path}`, 'PUT', `/contents/${path}`, {
      message: `docs: ${line}`,
      content: Buffer.from(`${text.trimEnd()}\n\n${line}\n`).toString('base64'),
      sha,
      branch,
    });
  }

  /** The file as it stands on the branch, or null. */
  async read(branch: string, path: string): Promise<string | null> {
    const at = `${this.#base}/contents/${path}?ref=${encodeURIComponent(branch)}`;
    const { status, body } = await this.#simulator.as('owner')('GET', at);
    if (status === 404) return null;
    const { content } = fields(body);
    return typeof content === 'string' ? Buffer.from(content, 'base64').toString('utf8') : null;
  }

  /** Any other act of theirs; `path` below the repository. */
  async do(
    person: Person,
    act: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<void> {
    await this.#do(person, act, method, path, body);
  }

  async #do(
    person: Person,
    act: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<unknown> {
    const answer = await this.#simulator.as(person)(method, `${this.#base}${path}`, body);
    if (answer.status >= 300) throw new RefusedPersonError(person, act, answer.status, answer.body);
    return answer.body;
  }
}

/**
 * People read before they say yes. GitHub tells times in whole seconds, so a label in the very second a plan was published
 * cannot be told from one before it, and does not count.
 */
const readFirst = () => pause(1_050);

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
