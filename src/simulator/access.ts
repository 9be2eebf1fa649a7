import type { Access } from './permissions.ts';

/** What GitHub asks for, an operation: one of the App permissions, or the user's role. */
export const readMetadata: Access = { app: [['metadata', 'read']], role: 'read' };
export const readContents: Access = { app: [['contents', 'read']], role: 'read' };
export const writeContents: Access = { app: [['contents', 'write']], role: 'write' };
export const readIssues: Access = {
  app: [
    ['issues', 'read'],
    ['pull_requests', 'read'],
  ],
  role: 'read',
};
const writeIssuesApp: Access['app'] = [
  ['issues', 'write'],
  ['pull_requests', 'write'],
];
/** Opening and commenting: whoever may read. */
export const sayOnIssues: Access = { app: writeIssuesApp, role: 'read' };
export const triageIssues: Access = { app: writeIssuesApp, role: 'triage' };
export const writeLabels: Access = { app: writeIssuesApp, role: 'write' };
export const openIssues: Access = { app: [['issues', 'write']], role: 'read' };
export const readPulls: Access = { app: [['pull_requests', 'read']], role: 'read' };
export const sayOnPulls: Access = { app: [['pull_requests', 'write']], role: 'read' };
export const triagePulls: Access = { app: [['pull_requests', 'write']], role: 'triage' };
export const mayQueue: Access = { app: [['merge_queues', 'write']], role: 'write' };
export const writePulls: Access = { app: [['pull_requests', 'write']], role: 'write' };
export const readChecks: Access = { app: [['checks', 'read']], role: 'read' };
export const writeChecks: Access = { app: [['checks', 'write']], role: 'write' };
export const readStatuses: Access = { app: [['statuses', 'read']], role: 'read' };
export const writeStatuses: Access = { app: [['statuses', 'write']], role: 'write' };
export const readPeople: Access = { app: [['metadata', 'read']], role: 'write' };
export const readAdministration: Access = { app: [['administration', 'read']], role: 'admin' };
export const writeAdministration: Access = { app: [['administration', 'write']], role: 'admin' };
