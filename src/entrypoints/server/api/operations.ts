import type { bodies } from './schemas.ts';

type Body = keyof typeof bodies;

/** One address of the API: what the routes are made of, and the published description. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post';
  /** Below `/api/v1`, as OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  readonly request?: Body;
  readonly response: Body;
}

const at = '/repositories/{owner}/{name}';

export const operations = {
  repositories: {
    id: 'repositories',
    method: 'get',
    path: '/repositories',
    summary: 'The repositories Assent works on that you may read',
    response: 'Repositories',
  },
  repository: {
    id: 'repository',
    method: 'get',
    path: at,
    summary: 'One of them: the switch, what waits for whom, the cycle',
    response: 'Repository',
  },
  items: {
    id: 'items',
    method: 'get',
    path: `${at}/items`,
    summary: 'Its open items, newest first',
    response: 'Items',
  },
  item: {
    id: 'item',
    method: 'get',
    path: `${at}/items/{item}`,
    summary: 'One item, open or ended: its state, what policy says as a tree, its history',
    response: 'Item',
  },
  report: {
    id: 'report',
    method: 'get',
    path: `${at}/report`,
    summary: 'What each agent did, what people made of it, what it cost, and what is remembered',
    response: 'Report',
  },
  switch: {
    id: 'switch',
    method: 'get',
    path: `${at}/switch`,
    summary: 'The switch',
    response: 'Switch',
  },
  halt: {
    id: 'halt',
    method: 'post',
    path: `${at}/halt`,
    summary: 'Stop everything: no effect begins after it',
    request: 'Act',
    response: 'Acted',
  },
  resume: {
    id: 'resume',
    method: 'post',
    path: `${at}/resume`,
    summary: 'Let it go on; policy may take more than one person',
    request: 'Act',
    response: 'Acted',
  },
  enable: {
    id: 'enable',
    method: 'post',
    path: `${at}/agents/{agent}/enable`,
    summary: 'Switch an agent on',
    request: 'Act',
    response: 'Acted',
  },
  disable: {
    id: 'disable',
    method: 'post',
    path: `${at}/agents/{agent}/disable`,
    summary: 'Switch an agent off',
    request: 'Act',
    response: 'Acted',
  },
} as const satisfies Readonly<Record<string, Operation>>;
