/**
 * Cuts GitHub's OpenAPI description (`@octokit/openapi`, 13 MB) to what the simulator speaks and writes it to
 * `schema/github/openapi.json`. Run: `npx node scripts/prune-github-description.ts` after raising the package or adding a path.
 *
 * The result is committed so that a reviewer sees, in a diff, which of GitHub's promises changed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export interface JsonObject {
  [key: string]: Json;
}

/** Templates of the paths kept, and with them every method they document. */
const keptPaths: readonly RegExp[] = [
  /^\/app$/,
  /^\/app\/(?:hook|installations)(?:\/|$)/,
  /^\/app-manifests\//,
  /^\/apps\/\{app_slug\}$/,
  /^\/installation\//,
  /^\/rate_limit$/,
  /^\/search\/issues$/,
  /^\/user$/,
  /^\/user\/(?:\{account_id\}|installations|orgs|repos|teams)$/,
  /^\/users\/\{username\}(?:\/installation|\/repos)?$/,
  /^\/orgs\/\{org\}(?:\/installation|\/members\/\{username\}|\/memberships\/\{username\})?$/,
  /^\/orgs\/\{org\}\/teams(?:$|\/\{team_slug\}(?:$|\/members(?:hips\/\{username\})?$|\/repos(?:\/\{owner\}\/\{repo\})?$))/,
  /^\/repos\/\{owner\}\/\{repo\}$/,
  /^\/repos\/\{owner\}\/\{repo\}\/(?:assignees|check-runs|check-suites|collaborators|commits|compare|contents|contributors|forks|git|installation|labels|merges|milestones|readme|statuses|tarball|topics|zipball)(?:\/|$)/,
  /^\/repos\/\{owner\}\/\{repo\}\/branches(?:$|\/\{branch\}(?:$|\/protection$|\/protection\/required_))/,
  /^\/repos\/\{owner\}\/\{repo\}\/rule(?:s\/branches\/\{branch\}|sets(?:\/\{ruleset_id\})?)$/,
  /^\/repos\/\{owner\}\/\{repo\}\/issues(?:$|\/comments|\/events|\/\{issue_number\}(?:$|\/(?:assignees|comments|events|labels|lock|reactions|timeline)))/,
  /^\/repos\/\{owner\}\/\{repo\}\/pulls(?:$|\/comments|\/\{pull_number\}(?:$|\/(?:comments|commits|files|merge$|requested_reviewers|reviews|update-branch)))/,
];

const keptWebhooks =
  /^(?:check-run|check-suite|create|delete|installation|installation-repositories|issue-comment|issues|label|member|merge-group|ping|pull-request|pull-request-review|pull-request-review-comment|push|status|workflow-run)(?:-|$)/;

/** Schemas that replies outside any operation use, such as a refusal that a route does not document. */
const keptSchemas = ['basic-error', 'validation-error', 'validation-error-simple', 'scim-error'];

/** Keywords that say something to a human reader only; they are the larger half of the file. */
const prose = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags']);

/** Keywords whose children are names chosen by GitHub (a property may well be called "description"). */
const maps = new Set(['properties', 'patternProperties', 'responses', 'content', 'headers']);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same document without prose and without vendor keys (`x-…`). */
function strip(value: Json): Json {
  if (Array.isArray(value)) return value.map(strip);
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    if (prose.has(key) || key.startsWith('x-')) continue;
    kept[key] =
      maps.has(key) && isObject(child) ? mapValues(child, strip) : keywordValue(key, child);
  }
  return kept;
}

/** `enum`, `const` and `default` hold data, not schemas. */
function keywordValue(key: string, child: Json): Json {
  return key === 'enum' || key === 'const' || key === 'default' ? child : strip(child);
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** `#/components/<section>/<name>` of every reference beneath, found transitively. */
function reachableComponents(roots: Json[], components: JsonObject): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (value: Json): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isObject(value)) return;
    if (typeof value.$ref === 'string') follow(value.$ref);
    Object.values(value).forEach(visit);
  };
  const follow = (reference: string): void => {
    const [, , section = '', name = ''] = reference.split('/');
    const names = found.get(section) ?? new Set<string>();
    found.set(section, names);
    if (names.has(name)) return;
    names.add(name);
    visit(component(components, section, name));
  };
  roots.forEach(visit);
  keptSchemas.forEach((name) => follow(`#/components/schemas/${name}`));
  return found;
}

function component(components: JsonObject, section: string, name: string): Json {
  const group = components[section];
  const value = isObject(group) ? group[name] : undefined;
  if (value === undefined)
    throw new Error(`The description refers to ${section}/${name}, which it does not have.`);
  return value;
}

function objectAt(document: JsonObject, key: string): JsonObject {
  const value = document[key];
  if (!isObject(value)) throw new Error(`The description has no object "${key}".`);
  return value;
}

/** By code unit, so that the file is the same under every locale. */
function byName(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The description cut down; `from` says which package and version it was cut from. */
export function pruneDescription(
  full: JsonObject,
  from: { package: string; version: string },
): JsonObject {
  const filtered = (key: string, keep: (name: string) => boolean): JsonObject =>
    mapValues(
      Object.fromEntries(Object.entries(objectAt(full, key)).filter(([name]) => keep(name))),
      strip,
    );
  const paths = filtered('paths', (path) => keptPaths.some((pattern) => pattern.test(path)));
  const webhooks = filtered('x-webhooks', (name) => keptWebhooks.test(name));
  const components = mapValues(objectAt(full, 'components'), (section) =>
    isObject(section) ? mapValues(section, strip) : section,
  );
  const kept = reachableComponents([paths, webhooks], components);
  return {
    openapi: full.openapi ?? null,
    'x-pruned-from': {
      ...from,
      file: 'generated/api.github.com.json',
      by: 'scripts/prune-github-description.ts',
    },
    info: {
      title: 'GitHub REST API, the part that the simulator speaks',
      version: from.version,
      license: { name: 'MIT' },
    },
    paths,
    'x-webhooks': webhooks,
    components: Object.fromEntries(
      [...kept]
        .toSorted(([a], [b]) => byName(a, b))
        .map(([section, names]) => [
          section,
          Object.fromEntries(
            [...names].toSorted(byName).map((name) => [name, component(components, section, name)]),
          ),
        ]),
    ),
  };
}

/** One path, webhook or component a line: small enough to commit, and a diff names what changed. */
export function renderDescription(document: JsonObject): string {
  const lines = (object: JsonObject, render: (value: Json) => string): string =>
    `{\n${Object.entries(object)
      .map(([key, value]) => `${JSON.stringify(key)}: ${render(value)}`)
      .join(',\n')}\n}`;
  const flat = (value: Json): string => JSON.stringify(value);
  const section = (value: Json): string => (isObject(value) ? lines(value, flat) : flat(value));
  const deep = new Set(['paths', 'x-webhooks']);
  return `{\n${Object.entries(document)
    .map(([key, value]) => {
      if (key === 'components' && isObject(value))
        return `${JSON.stringify(key)}: ${lines(value, section)}`;
      return `${JSON.stringify(key)}: ${deep.has(key) ? section(value) : flat(value)}`;
    })
    .join(',\n')}\n}\n`;
}

/** Reads the installed package and renders what `schema/github/openapi.json` must hold. */
export function prunedDescription(): string {
  const require = createRequire(import.meta.url);
  const manifest: { name: string; version: string } = JSON.parse(
    readFileSync(require.resolve('@octokit/openapi/package.json'), 'utf8'),
  );
  const full: JsonObject = JSON.parse(
    readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'),
  );
  return renderDescription(
    pruneDescription(full, { package: manifest.name, version: manifest.version }),
  );
}

export const descriptionFile = fileURLToPath(
  new URL('../schema/github/openapi.json', import.meta.url),
);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = prunedDescription();
  writeFileSync(descriptionFile, text);
  process.stdout.write(`schema/github/openapi.json: ${(text.length / 1e6).toFixed(2)} MB\n`);
}
