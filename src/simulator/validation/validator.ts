import type { ExchangeObserver } from '../face.ts';
import { loadDescription } from './description.ts';
import { graphqlFaults } from './graphql.ts';
import { findOperation, requestFaults, responseFaults, webhookFaults } from './openapi.ts';
import type { Fault, RestExchange } from './openapi.ts';

export interface Mismatch {
  readonly kind: 'request' | 'response' | 'webhook' | 'graphql';
  /** GitHub's id of the operation or webhook, e.g. `issues/create`, `issues-labeled`. */
  readonly operation: string;
  readonly where: string;
  readonly message: string;
  /** How often it was seen. */
  count: number;
  /** The first exchange that showed it. */
  readonly example: string;
}

export interface ValidationReport {
  /** Package and version of the description. */
  readonly description: string;
  readonly requests: number;
  readonly responses: number;
  readonly webhooks: number;
  readonly graphql: number;
  readonly mismatches: readonly Mismatch[];
}

export interface ValidatorOptions {
  /**
   * Also hold the client to the description: what it sends that GitHub would refuse or ignore counts. For the tests of a
   * client; without it only the simulator is judged, and a malformed request that it refused is as it should be.
   */
  strictRequests?: boolean;
}

export interface Validator extends ExchangeObserver {
  report(): ValidationReport;
  /** Throws a `MismatchError` that names every mismatch seen so far. */
  assertNone(): void;
}

export class MismatchError extends Error {
  readonly mismatches: readonly Mismatch[];

  constructor(mismatches: readonly Mismatch[]) {
    super(
      `${mismatches.length} mismatches with GitHub's description:\n${mismatches.map(describe).join('\n')}`,
    );
    this.name = 'MismatchError';
    this.mismatches = mismatches;
  }
}

function describe({ kind, operation, where, message, count, example }: Mismatch): string {
  return `- ${kind} ${operation}: ${where} ${message} (${count} times, first in ${example})`;
}

/** A bound on memory: a run with so many different mismatches is told enough. */
const maximum = 500;

/** Holds every exchange against GitHub's OpenAPI description and SDL. Attach it as `observer`. */
export function createValidator({ strictRequests = false }: ValidatorOptions = {}): Validator {
  const description = loadDescription();
  const counts = { requests: 0, responses: 0, webhooks: 0, graphql: 0 };
  const mismatches = new Map<string, Mismatch>();

  const record = (
    kind: Mismatch['kind'],
    operation: string,
    example: string,
    faults: readonly Fault[],
  ): void => {
    for (const { where, message } of faults) {
      const key = [kind, operation, where.replaceAll(/\/\d+/g, '/*'), message].join('\n');
      const seen = mismatches.get(key);
      if (seen) seen.count += 1;
      else if (mismatches.size < maximum)
        mismatches.set(key, { kind, operation, where, message, count: 1, example });
    }
  };

  /** What counts of a request's faults: all for a strict run; else what GitHub would have refused and the simulator did not. */
  const counted = (faults: readonly Fault[], refused: boolean): readonly Fault[] => {
    if (strictRequests) return faults;
    return refused ? [] : faults.filter(({ ignorable }) => !ignorable);
  };

  const rest = (exchange: RestExchange): void => {
    const { method, path, status } = exchange;
    const example = `${method} ${path} (${status})`;
    const operation = findOperation(description, method, path);
    counts.requests += 1;
    counts.responses += 1;
    if (!operation) {
      const undocumented = {
        where: 'path',
        message: 'is not documented, or not kept by scripts/prune-github-description.ts',
        ignorable: false,
      };
      record(
        'request',
        `${method} ${new URL(path, 'https://api.github.com').pathname}`,
        example,
        counted([undocumented], status >= 400),
      );
      return;
    }
    record(
      'request',
      operation.id,
      example,
      counted(requestFaults(description, operation, exchange), status >= 400),
    );
    record('response', operation.id, example, responseFaults(description, operation, exchange));
  };

  const report = (): ValidationReport => ({
    description: description.source,
    ...counts,
    mismatches: [...mismatches.values()],
  });

  return {
    exchange: rest,
    webhook: (webhook) => {
      counts.webhooks += 1;
      const { name, faults } = webhookFaults(description, webhook);
      record('webhook', name, name, faults);
    },
    graphql: (exchange) => {
      counts.graphql += 1;
      const { operation, request, response } = graphqlFaults(exchange);
      record('graphql', operation, operation, [...counted(request, true), ...response]);
    },
    report,
    assertNone: () => {
      if (mismatches.size > 0) throw new MismatchError([...mismatches.values()]);
    },
  };
}
