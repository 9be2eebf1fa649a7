import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import type { PolicySet } from '../../domain/policy/rules.ts';
import { ok, refused, type Result } from '../../domain/result.ts';
import type { Locate, PolicyFault, PolicyRefusal } from '../../ports/policy-source.ts';
import { compileSet, type CheckedFile } from './compile.ts';
import { check, faultLine, readYaml, type YamlFile } from './located-yaml.ts';
import { visible } from '../../domain/text.ts';
import { asList, asRecord } from './raw.ts';
import { policyFile, type Context } from './schema.ts';
import { noteAsked } from './separation.ts';

/** Whether a file of the policies' folder is a policy: YAML, and no test. */
const isPolicyFile = (path: string) => /\.ya?ml$/.test(path) && !isTestFile(path);
export const isTestFile = (path: string) => /\.test\.ya?ml$/.test(path);

/** Ample for what people can keep in mind, and read in a fraction of a second at each wake-up. */
const maxFileBytes = 128 * 1024;
/** Less can be recorded (`domain/policy/adoption.ts`); this only bounds the reading. */
const maxSetBytes = 512 * 1024;
const maxRules = 500;

/** Reads all policy files as one set, or says everything that is wrong with any of them. */
export function loadPolicies(files: ReadonlyMap<string, string>): Result<PolicySet, PolicyRefusal> {
  const paths = [...files.keys()].filter(isPolicyFile).sort();
  const huge = tooMuch(paths, files);
  if (huge.length > 0) return malformed(huge);
  const documents = paths.map((path) => readYaml(path, files.get(path) ?? '', maxFileBytes));
  const many = tooManyRules(documents);
  if (many.length > 0) return malformed(many);
  const schema = policyFile(contextOf(documents));

  const checked: CheckedFile[] = [];
  const faults = [...outsideTheFolder(paths), ...oddNames(paths)];
  for (const document of documents) {
    const result = check(document, schema);
    faults.push(...result.faults);
    if (result.value !== null) checked.push({ file: document.file, policy: result.value });
  }
  if (faults.length > 0) return malformed(faults);
  return ok(compileSet(checked, digestOf(paths, files)));
}

/** Says where things stand in files that loaded, each read again once something is asked of it. */
export function locateIn(files: ReadonlyMap<string, string>): Locate {
  const read = new Map<string, YamlFile>();
  const documentOf = (path: string): YamlFile => {
    const document = read.get(path) ?? readYaml(path, files.get(path) ?? '', maxFileBytes);
    read.set(path, document);
    return document;
  };
  return (file, path) => {
    const all = [...files.keys()].filter(isPolicyFile).sort();
    const [first] = path.length === 0 ? [] : all.filter((each) => has(documentOf(each).data, path));
    const where = file ?? first;
    if (where === undefined) return { file: all.join(', '), line: null, column: null };
    return { file: where, ...documentOf(where).place(path) };
  };
}

const has = (data: unknown, [key, ...rest]: readonly (string | number)[]): boolean =>
  key === undefined ||
  (Object.hasOwn(asRecord(data), key) && has(asRecord(data)[key], rest)) ||
  (Array.isArray(data) && typeof key === 'number' && key in data && has(data[key], rest));

export function malformed(faults: readonly PolicyFault[]): Result<never, PolicyRefusal> {
  return refused({ code: 'policy.malformed', message: faults.map(faultLine).join('\n'), faults });
}

const ofAll = (file: string, message: string): PolicyFault => ({
  file,
  line: null,
  column: null,
  message,
});

/** Told of each file that is too large, and of the set where only all together are. */
function tooMuch(
  paths: readonly string[],
  files: ReadonlyMap<string, string>,
): readonly PolicyFault[] {
  const sizes = paths.map((path) => [path, Buffer.byteLength(files.get(path) ?? '')] as const);
  const large = sizes.filter(([, bytes]) => bytes > maxFileBytes);
  if (large.length > 0) {
    return large.map(([path, bytes]) =>
      ofAll(path, `${bytes} bytes; at most ${maxFileBytes} are read. Split the file`),
    );
  }
  const all = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  const message = `all policies together have ${all} bytes; at most ${maxSetBytes} are read`;
  return all > maxSetBytes ? [ofAll(dirname(paths[0] ?? '.'), message)] : [];
}

function tooManyRules(documents: readonly YamlFile[]): readonly PolicyFault[] {
  const counts = documents.map(({ file, data }) => ({
    file,
    rules: asList(asRecord(data)['rules']).length,
  }));
  const all = counts.reduce((sum, { rules }) => sum + rules, 0);
  const [most] = counts.toSorted((a, b) => b.rules - a.rules);
  if (most === undefined || all <= maxRules) return [];
  const message = `${all} rules in all policies, ${most.rules} of them here; at most ${maxRules} are read. Let one rule name several actions, or share a condition`;
  return [ofAll(most.file, message)];
}

/** A name that does not show as it is could stand for another file in everything that names it. */
const oddNames = (paths: readonly string[]): readonly PolicyFault[] =>
  paths
    .filter((path) => visible(path) !== path)
    .map((path) => ofAll(path, 'the name of the file has characters that do not show; rename it'));

/**
 * `policies/*.yml` and no deeper. A policy in a folder below is refused rather than left out: whoever wrote it believes that
 * it holds.
 */
function outsideTheFolder(paths: readonly string[]): readonly PolicyFault[] {
  const folders = paths.map((path) => dirname(path)).sort((a, b) => a.length - b.length);
  return paths
    .filter((path) => dirname(path) !== folders[0])
    .map((file) => ({
      file,
      line: null,
      column: null,
      message: `policies stand in ${folders[0] ?? '.'} itself, and in no folder below; move it up`,
    }));
}

/** The digest of a set by its text alone: also of one that cannot be read any more. */
export const policyDigest = (files: ReadonlyMap<string, string>): string =>
  digestOf([...files.keys()].filter(isPolicyFile).sort(), files);

/**
 * SHA-256 over the sorted names and contents, so that it does not matter where the folder lies; a length before each keeps
 * one from running into the next.
 */
function digestOf(paths: readonly string[], files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const text of paths.flatMap((path) => [basename(path), files.get(path) ?? ''])) {
    hash.update(`${Buffer.byteLength(text)}\n`).update(text);
  }
  return hash.digest('hex');
}

/** Names that files share, taken before any file is known to be well-formed so that every fault comes out at once. */
function contextOf(documents: readonly YamlFile[]): Context {
  const ruleFiles = new Map<string, string[]>();
  const roleFiles = new Map<string, string[]>();
  const asked = new Map<string, string[][]>();
  const note = (where: Map<string, string[]>, name: unknown, file: string) => {
    if (typeof name === 'string') where.set(name, [...(where.get(name) ?? []), file]);
  };
  for (const { file, data } of documents) {
    const policy = asRecord(data);
    const rules = policy['rules'];
    if (Array.isArray(rules)) {
      for (const rule of rules) {
        note(ruleFiles, asRecord(rule)['id'], file);
        noteAsked(asked, asRecord(rule));
      }
    }
    for (const name of Object.keys(asRecord(policy['roles']))) note(roleFiles, name, file);
  }
  return { asked, ruleFiles, roleFiles, roles: new Set(roleFiles.keys()) };
}
