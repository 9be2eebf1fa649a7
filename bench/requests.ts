/**
 * What a demo asked of GitHub, by route and by item, from its document: `assent demo --once --out DIR`, then
 * `node bench/requests.ts DIR/demo.json`.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const Count = z.looseObject({ requests: z.number(), content_created: z.number() });
const Demo = z.looseObject({
  items: z.array(
    z.looseObject({ id: z.string(), kind: z.string(), merged: z.boolean(), api: Count }),
  ),
  api: z.looseObject({
    requests: z.number(),
    content_created: z.number(),
    routes: z.record(z.string(), z.number()),
  }),
  commits: z.number(),
});

const [, , file] = process.argv;
if (file === undefined) {
  console.error('Which document? node bench/requests.ts DIR/demo.json');
  process.exit(2);
}
const demo = Demo.parse(JSON.parse(await readFile(file, 'utf8')));
const merged = demo.items.filter((item) => item.kind === 'issue' && item.merged);
const ofItems = demo.items.reduce((sum, { api }) => sum + api.requests, 0);

table(
  'Requests by route',
  Object.entries(demo.api.routes).toSorted(([, a], [, b]) => b - a),
);
table(
  'Requests by item',
  demo.items.map(({ id, merged: isMerged, api }) => [
    isMerged ? `${id}, merged` : id,
    api.requests,
    api.content_created,
  ]),
  ['requests', 'content created'],
);
table('In all', [
  ['requests', demo.api.requests],
  ['of them put down to an item', ofItems],
  ["commits on the ledger's branch (they serve several items)", demo.commits],
  ['content created, which GitHub limits to 500 an hour', demo.api.content_created],
  ['for each merged issue, put down to it', mean(merged.map(({ api }) => api.requests))],
  ['for each merged issue, everything included', round(demo.api.requests / merged.length)],
]);

function table(
  title: string,
  rows: readonly (readonly [string, ...number[]])[],
  heads: readonly string[] = ['count'],
): void {
  const lines = [
    `| ${title} | ${heads.join(' | ')} |`,
    `|---|${heads.map(() => '---:').join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ];
  console.log(`${lines.join('\n')}\n`);
}

function mean(numbers: readonly number[]): number {
  return round(numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
