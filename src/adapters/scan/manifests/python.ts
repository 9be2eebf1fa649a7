import { parse as parseToml } from 'smol-toml';
import type { Dependency, LockedPackage, Scope } from '../../../domain/scan/dependencies.ts';
import { dataOf, listOf, textOf } from './data.ts';

/** PEP 503: one name, however it is written. */
const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

const requirement = /^([A-Za-z0-9][\w.-]{0,100})\s{0,4}(?:\[[^\]]{0,200}\])?\s{0,4}([^;#]{0,300})/;

function asDependency(text: string, scope: Scope): readonly Dependency[] {
  const [, name, rest = ''] = requirement.exec(text.trim()) ?? [];
  if (name === undefined) return [];
  const wanted = rest.trim().replace(/^\((.*)\)$/, '$1');
  return [{ name: normal(name), wanted, scope, pinned: isPinned(wanted) }];
}

const isPinned = (wanted: string): boolean =>
  /^===?\s{0,4}[^*,]{1,100}$/.test(wanted) || /^@.{0,250}(?:[0-9a-f]{40}|#sha256=)/.test(wanted);

export function requirementsTxt(path: string, text: string): readonly Dependency[] {
  const scope = /(?:dev|test|lint|docs?)[^/]{0,20}\.(?:txt|in)$/i.test(path)
    ? 'development'
    : 'runtime';
  return text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .filter((line) => !/^\s{0,20}(?:#|-|$)/.test(line))
    .flatMap((line) => asDependency(line.replace(/\s--hash=\S{0,200}/g, ''), scope));
}

export function pyproject(text: string): readonly Dependency[] {
  const file = dataOf(parseToml(text));
  const project = dataOf(file['project']);
  const poetry = dataOf(dataOf(file['tool'])['poetry']);
  const groups = Object.values(dataOf(poetry['group'])).map(
    (group) => dataOf(group)['dependencies'],
  );
  return [
    ...each(project['dependencies'], 'runtime'),
    ...Object.values(dataOf(project['optional-dependencies'])).flatMap((list) =>
      each(list, 'optional'),
    ),
    ...Object.values(dataOf(file['dependency-groups'])).flatMap((list) =>
      each(list, 'development'),
    ),
    ...each(dataOf(file['build-system'])['requires'], 'build'),
    ...poetryTable(poetry['dependencies'], 'runtime'),
    ...[poetry['dev-dependencies'], ...groups].flatMap((table) =>
      poetryTable(table, 'development'),
    ),
  ];
}

const each = (list: unknown, scope: Scope): readonly Dependency[] =>
  listOf(list).flatMap((one) => asDependency(textOf(one), scope));

function poetryTable(table: unknown, scope: Scope): readonly Dependency[] {
  return Object.entries(dataOf(table))
    .filter(([name]) => name !== 'python')
    .map(([name, value]) => {
      const one = dataOf(value);
      const wanted =
        typeof value === 'string'
          ? value
          : textOf(one['version']) || textOf(one['git']) || textOf(one['path']);
      const pinned =
        /^(?:==)?\d[\w.]*$/.test(wanted) || one['path'] !== undefined || one['rev'] !== undefined;
      return { name: normal(name), wanted, scope, pinned };
    });
}

export function pipfile(text: string): readonly Dependency[] {
  const file = dataOf(parseToml(text));
  return [
    ...pipTable(file['packages'], 'runtime'),
    ...pipTable(file['dev-packages'], 'development'),
  ];
}

const pipTable = (table: unknown, scope: Scope): readonly Dependency[] =>
  Object.entries(dataOf(table)).map(([name, value]) => {
    const wanted = textOf(value) || textOf(dataOf(value)['version']);
    return { name: normal(name), wanted, scope, pinned: isPinned(wanted) };
  });

/** poetry.lock, uv.lock and pdm.lock: tables of packages that name what they need. */
export function tomlLock(text: string): readonly LockedPackage[] {
  const packages = listOf(dataOf(parseToml(text))['package']).map(dataOf);
  const byName = new Map(
    packages.map((one) => [
      normal(textOf(one['name'])),
      `${normal(textOf(one['name']))}@${textOf(one['version'])}`,
    ]),
  );
  return (
    packages
      // A project of its own is in uv's lock too, as what is being worked on.
      .filter((one) => !['editable', 'virtual'].some((kind) => kind in dataOf(one['source'])))
      .map((one) => {
        const name = normal(textOf(one['name']));
        const version = textOf(one['version']);
        return {
          id: `${name}@${version}`,
          name,
          version,
          needs: neededBy(one['dependencies']).flatMap((needed) => byName.get(needed) ?? []),
        };
      })
  );
}

const neededBy = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? listOf(value).map((one) =>
        normal(textOf(dataOf(one)['name']) || (requirement.exec(textOf(one))?.[1] ?? '')),
      )
    : Object.keys(dataOf(value)).map(normal);

export function pipfileLock(text: string): readonly LockedPackage[] {
  const lock = dataOf(JSON.parse(text));
  return [lock['default'], lock['develop']].flatMap((table) =>
    Object.entries(dataOf(table)).map(([name, value]) => {
      const version = textOf(dataOf(value)['version']).replace(/^==/, '');
      return { id: `${normal(name)}@${version}`, name: normal(name), version, needs: [] };
    }),
  );
}
