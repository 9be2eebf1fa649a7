import type { Correction } from './corrections.ts';
import { isObject } from './json-schema.ts';

/** Whose issue tells of the App that wrote it by a list of events and permissions older than merge queues. */
const older: readonly (readonly string[])[] = [
  ...['deleted', 'edited', 'labeled', 'opened', 'reopened', 'closed'].map((action) => [
    `webhook-issues-${action}`,
    'properties',
    'issue',
  ]),
  ...['created', 'edited', 'deleted'].map((action) => [
    `webhook-issue-comment-${action}`,
    'properties',
    'issue',
  ]),
  ['webhooks_issue'],
  ['webhooks_issue_2'],
];

export const laterPermissions: readonly Correction[] = older.map((below) => ({
  reason:
    'An App may hold the permission "Merge queues" and hear their events; the payload repeats an older list.',
  at: ['components', 'schemas', ...below],
  apply: (target) => {
    const parts = [target, ...(Array.isArray(target['allOf']) ? target['allOf'] : [])];
    const changed = parts.map((part) =>
      widen(inside(part, 'properties', 'performed_via_github_app')),
    );
    return changed.includes(true);
  },
}));

function widen(app: unknown): boolean {
  const events = inside(app, 'properties', 'events', 'items');
  const permissions = inside(app, 'properties', 'permissions', 'properties');
  if (!isObject(events) || !isObject(permissions) || !Array.isArray(events['enum'])) return false;
  if (events['enum'].includes('merge_group')) return false;
  events['enum'] = [...events['enum'], 'merge_group'];
  permissions['merge_queues'] = { type: 'string', enum: ['read', 'write'] };
  return true;
}

const inside = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value);
