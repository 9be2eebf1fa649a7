import type { World } from '../world.ts';
import { fullName } from '../world.ts';
import type { RepositoryRecord } from '../model.ts';

export type Json = Record<string, unknown>;

export const api = (world: World): string => `${world.url}/api/v3`;

export const repositoryApi = (world: World, repository: RepositoryRecord): string =>
  `${api(world)}/repos/${fullName(repository)}`;

export const repositoryHtml = (world: World, repository: RepositoryRecord): string =>
  `${world.url}/${fullName(repository)}`;

const prefixes = {
  user: 'U',
  bot: 'BOT',
  organization: 'O',
  repository: 'R',
  issue: 'I',
  pull: 'PR',
  label: 'LA',
  milestone: 'MI',
  comment: 'IC',
  review: 'PRR',
  reviewComment: 'PRRC',
  reviewThread: 'PRRT',
  event: 'EV',
  checkRun: 'CR',
  checkSuite: 'CS',
  status: 'SC',
  commit: 'C',
  ref: 'REF',
  app: 'A',
  installation: 'MDIzOkludGVncmF0aW9u',
  team: 'T',
  queue: 'MQ',
  queueEntry: 'MQE',
  ruleset: 'RRS',
} as const;

export type NodeKind = keyof typeof prefixes;

/** GraphQL's global id, which REST calls `node_id`. */
export const nodeId = (kind: NodeKind, id: number | string): string => `${prefixes[kind]}_kwS${id}`;

export function parseNodeId(node: string): { kind: NodeKind; id: string } | null {
  const found = /^([A-Za-z0-9]+)_kwS(.+)$/.exec(node);
  const kind = Object.entries(prefixes).find(([, prefix]) => prefix === found?.[1])?.[0];
  return isNodeKind(kind) ? { kind, id: found?.[2] ?? '' } : null;
}

const isNodeKind = (text: string | undefined): text is NodeKind =>
  text !== undefined && text in prefixes;

export const noReactions = (url: string): Json => ({
  url: `${url}/reactions`,
  total_count: 0,
  '+1': 0,
  '-1': 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0,
});
