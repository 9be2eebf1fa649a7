import { createSign } from 'node:crypto';
import type { Person, Simulator } from '../../../src/simulator/simulator.ts';

export type Answer = Readonly<Record<string, unknown>>;

/** A client of the simulator that fails at once where the status is not the one expected. */
export interface Session {
  readonly simulator: Simulator;
  readonly repository: string;
  /** As a person, by a path below the repository. */
  readonly here: (who: Person, ...request: Request) => Promise<Answer>;
  /** As a person, by a whole path. */
  readonly at: (who: Person, ...request: Request) => Promise<Answer>;
  /** With any token, or none. */
  readonly by: (token: string | null, ...request: Request) => Promise<Answer>;
  readonly graphql: (token: string, query: string, variables?: Answer) => Promise<Answer>;
  /** What GitHub asks of an App: RS256, at most ten minutes. */
  readonly appToken: () => string;
}

type Request = [method: string, path: string, expected: number, body?: unknown];

export function openSession(simulator: Simulator, repository: string): Session {
  const by: Session['by'] = async (token, method, path, expected, body) => {
    const response = await fetch(`${simulator.url}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== expected) {
      throw new Error(
        `${method} ${path}: expected ${expected}, got ${response.status}: ${text.slice(0, 400)}`,
      );
    }
    const answer: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {};
    return Array.isArray(answer) ? { items: answer, ...asRecord(answer[0]) } : asRecord(answer);
  };
  const at: Session['at'] = (who, ...rest) => by(simulator.people[who].token, ...rest);
  return {
    simulator,
    repository,
    by,
    at,
    here: (who, method, path, ...rest) => at(who, method, `/repos/${repository}${path}`, ...rest),
    graphql: (token, query, variables = {}) =>
      by(token, 'POST', '/graphql', 200, { query, variables }),
    appToken: () => jwt(simulator.app.id, simulator.app.privateKey),
  };
}

function asRecord(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function jwt(issuer: number, privateKey: string): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 60, exp: now + 540, iss: String(issuer) })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

/** The value at a path of an answer, as the text that goes into the next path or body. */
export function pick(answer: unknown, ...path: readonly (string | number)[]): string {
  const found = path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === String(key))?.[1]
        : undefined,
    answer,
  );
  if (typeof found !== 'string' && typeof found !== 'number') {
    throw new Error(`no ${path.join('.')} in ${JSON.stringify(answer).slice(0, 300)}`);
  }
  return String(found);
}

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
