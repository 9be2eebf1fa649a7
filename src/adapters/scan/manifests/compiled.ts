import { parse as parseToml } from 'smol-toml';
import type { Dependency, LockedPackage, Scope } from '../../../domain/scan/dependencies.ts';
import { dataOf, listOf, textOf } from './data.ts';

const cargoTables: readonly (readonly [string, Scope])[] = [
  ['dependencies', 'runtime'],
  ['dev-dependencies', 'development'],
  ['build-dependencies', 'build'],
];

export function cargoToml(text: string): readonly Dependency[] {
  const file = dataOf(parseToml(text));
  const places = [
    file,
    dataOf(file['workspace']),
    ...Object.values(dataOf(file['target'])).map(dataOf),
  ];
  return places.flatMap((place) =>
    cargoTables.flatMap(([table, scope]) =>
      Object.entries(dataOf(place[table])).map(([key, value]) => {
        const one = dataOf(value);
        const name = textOf(one['package']) || key;
        const wanted =
          textOf(value) || textOf(one['version']) || textOf(one['git']) || textOf(one['path']);
        const pinned =
          /^=\s{0,4}\d+\.\d+\.\d+/.test(wanted) ||
          ['path', 'workspace', 'rev'].some((word) => word in one);
        return { name, wanted, scope, pinned };
      }),
    ),
  );
}

export function cargoLock(text: string): readonly LockedPackage[] {
  const packages = listOf(dataOf(parseToml(text))['package']).map(dataOf);
  const ids = new Map(
    packages.map((one) => [
      textOf(one['name']),
      `${textOf(one['name'])}@${textOf(one['version'])}`,
    ]),
  );
  return packages.flatMap((one) => {
    // Without a source it is of this repository.
    if (one['source'] === undefined) return [];
    const [name, version] = [textOf(one['name']), textOf(one['version'])];
    const needs = listOf(one['dependencies']).flatMap((needed) => {
      const [needName = '', needVersion] = textOf(needed).split(' ');
      return needVersion === undefined ? (ids.get(needName) ?? []) : `${needName}@${needVersion}`;
    });
    return [{ id: `${name}@${version}`, name, version, needs }];
  });
}

/** What the module asks for itself; `// indirect` is the tool's own bookkeeping. */
export function goMod(text: string): readonly Dependency[] {
  return [
    ...text.matchAll(
      /^(?:require[ \t]{1,8}|[ \t]{1,8})([\w.~/-]{3,200})[ \t]{1,8}(v[\w.+-]{1,100})([^\n]{0,200})$/gm,
    ),
  ]
    .filter(([, , , rest = '']) => !rest.includes('indirect') && !rest.includes('=>'))
    .map(([, name = '', wanted = '']) => ({ name, wanted, scope: 'runtime', pinned: true }));
}

export function goSum(text: string): readonly LockedPackage[] {
  const ids = new Set(
    [...text.matchAll(/^([^\s]{3,200}) (v[^\s/]{1,100})(?:\/go\.mod)? h1:/gm)].map(
      ([, name, version]) => `${name}@${version}`,
    ),
  );
  return [...ids].map((id) => ({
    id,
    name: id.slice(0, id.lastIndexOf('@')),
    version: id.slice(id.lastIndexOf('@') + 1),
    needs: [],
  }));
}

const tag = (name: string, block: string): string =>
  new RegExp(`<${name}>\\s{0,20}([^<]{1,300}?)\\s{0,20}</${name}>`).exec(block)?.[1] ?? '';

/** A version that is absent or a property is decided once, above. */
export function pomXml(text: string): readonly Dependency[] {
  return text
    .replace(/<!--[^]*?-->/g, '')
    .split('<dependency>')
    .slice(1)
    .flatMap((rest) => {
      const block = rest.slice(0, rest.indexOf('</dependency>'));
      const [group, artifact, wanted] = [
        tag('groupId', block),
        tag('artifactId', block),
        tag('version', block),
      ];
      const scope = tag('scope', block) === 'test' ? 'development' : 'runtime';
      const pinned = !/^[[(]|LATEST|RELEASE/.test(wanted);
      return artifact === '' ? [] : [{ name: `${group}:${artifact}`, wanted, scope, pinned }];
    });
}

export function gradleBuild(text: string): readonly Dependency[] {
  const call =
    /^[ \t]{0,40}(api|implementation|compileOnly|runtimeOnly|annotationProcessor|kapt|ksp|(?:android)?[tT]est\w{0,30})[ \t]{0,4}\(?[ \t]{0,4}(?:platform\()?["']([\w.-]{1,200}):([\w.-]{1,200})(?::([^"':@]{1,100}))?/gm;
  return [...text.matchAll(call)].map(([, how = '', group, artifact, wanted = '']) => ({
    name: `${group}:${artifact}`,
    wanted,
    scope: /test/i.test(how) ? 'development' : 'runtime',
    pinned: !/\+|latest|^[[(]/.test(wanted),
  }));
}

export function gradleLock(text: string): readonly LockedPackage[] {
  return [...text.matchAll(/^([\w.-]{1,200}:[\w.-]{1,200}):([^=\s]{1,100})=/gm)].map(
    ([, name = '', version = '']) => ({
      id: `${name}@${version}`,
      name,
      version,
      needs: [],
    }),
  );
}

export function csproj(text: string): readonly Dependency[] {
  return [
    ...text.matchAll(
      /<PackageReference\s{1,8}Include="([^"]{1,200})"(?:\s{1,8}Version="([^"]{1,100})")?/g,
    ),
  ].map(([, name = '', wanted = '']) => ({
    name,
    wanted,
    scope: 'runtime',
    pinned: !/[*(),]/.test(wanted),
  }));
}
