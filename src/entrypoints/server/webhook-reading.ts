import type { z } from 'zod';
import type { Stimulus, StimulusRepository } from '../../application/intake/stimulus.ts';
import { account, installationRef, repository } from './webhook-schemas.ts';

/** How a webhook came in: all that its body does not say. */
export interface Envelope {
  readonly delivery: string;
  /** `X-GitHub-Event`: a claim, since no signature covers it. */
  readonly event: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export type Body = Readonly<Record<string, unknown>>;

export const repositoryOf = (read: z.infer<typeof repository>): StimulusRepository => ({
  id: read.id,
  full_name: read.full_name,
  owner: read.owner.login,
  name: read.name,
  default_branch: read.default_branch,
  private: read.private,
});

export const unanswered = (received: Envelope, body: Body, action: string): Stimulus =>
  ignored(received, body, `nothing in Assent answers to ${received.event} ${action}`);

/** What is not answered is not judged either: whatever of the usual facts is there is kept for the log. */
export function ignored(received: Envelope, body: Body, reason: string): Stimulus {
  const where = repository.safeParse(body['repository']);
  const who = account.safeParse(body['sender']);
  const installed = installationRef.safeParse(body['installation']);
  const action = body['action'];
  return {
    kind: 'ignored',
    delivery: received.delivery,
    at: received.at,
    event: received.event,
    action: typeof action === 'string' ? action : null,
    reason,
    repository: where.success ? repositoryOf(where.data) : null,
    sender: who.success ? who.data : null,
    installation: installed.success ? (installed.data?.id ?? null) : null,
  };
}

export const byAction = <K>(kinds: Readonly<Record<string, K>>, action: string): K | null =>
  Object.hasOwn(kinds, action) ? (kinds[action] ?? null) : null;
