/**
 * How much of what is a secret is found, and how often something else is taken for one: our rules beside secretlint's recommended preset.
 * `npx node bench/scan.ts [FOLDER…]`: secrets made up from their formats, in seven surroundings; then the texts of the folders
 * (by default the installed packages), where each finding is one to look at by hand.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createSecretlint } from '../src/adapters/scan/secretlint.ts';
import { isBinary } from '../src/domain/scan/content.ts';
import { findSecrets } from '../src/domain/secrets/find.ts';
import { filledSamples, secretTemplates, wrappings } from '../test/support/secret-samples.ts';

const seeds = [101, 102, 103];
const secretlint = createSecretlint();

interface Count {
  made: number;
  ours: number;
  preset: number;
}

const counts = new Map<string, Count>();
const missed = new Map<string, Set<string>>();
for (const rule of Object.keys(secretTemplates)) {
  const count: Count = { made: 0, ours: 0, preset: 0 };
  counts.set(rule, count);
  for (const seed of seeds)
    for (const sample of filledSamples(rule, seed))
      for (const [wrapping, wrap] of Object.entries(wrappings)) {
        const text = wrap(sample);
        count.made += 1;
        if (findSecrets(text).some(({ confidence }) => confidence !== 'low')) count.ours += 1;
        else missed.set(rule, (missed.get(rule) ?? new Set()).add(wrapping));
        if (((await secretlint.find('a.txt', text)) ?? []).length > 0) count.preset += 1;
      }
}

const share = (part: number, whole: number) => `${((part * 100) / whole).toFixed(1)} %`;
const total = [...counts.values()].reduce((sum, one) => ({
  made: sum.made + one.made,
  ours: sum.ours + one.ours,
  preset: sum.preset + one.preset,
}));
console.log(
  `${total.made} secrets of ${counts.size} kinds: ours ${share(total.ours, total.made)}, preset ${share(total.preset, total.made)}`,
);
for (const [rule, { made, ours, preset }] of counts)
  console.log(
    `| ${rule} | ${made} | ${share(ours, made)} | ${share(preset, made)} | ${[...(missed.get(rule) ?? [])].join(', ')} |`,
  );

const folders = process.argv.length > 2 ? process.argv.slice(2) : ['node_modules'];
for (const folder of folders) {
  let [files, bytes, ourTime] = [0, 0, 0];
  const found = { high: 0, medium: 0, low: 0, preset: 0 };
  for (const path of textsBelow(folder)) {
    const buffer = readFileSync(path);
    if (isBinary(buffer)) continue;
    const text = buffer.toString('utf8');
    files += 1;
    bytes += buffer.length;
    const start = performance.now();
    for (const { confidence, rule, line } of findSecrets(text)) {
      found[confidence] += 1;
      if (confidence !== 'low') console.log(`  ours    ${path}:${line} ${rule}`);
    }
    ourTime += performance.now() - start;
    for (const { line, rule } of (await secretlint.find(path, text)) ?? []) {
      found.preset += 1;
      console.log(`  preset  ${path}:${line} ${rule}`);
    }
  }
  const megabytes = bytes / 1e6;
  console.log(
    `${folder}: ${files} texts, ${megabytes.toFixed(1)} MB, ours ${(megabytes / (ourTime / 1000)).toFixed(1)} MB/s`,
  );
  console.log(
    `  ours ${found.high} high, ${found.medium} medium, ${found.low} low; preset ${found.preset}`,
  );
}
await secretlint.close();

function* textsBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.endsWith('cache')) yield* textsBelow(path);
    } else if (entry.isFile() && statSync(path).size < 2_000_000) yield path;
  }
}
