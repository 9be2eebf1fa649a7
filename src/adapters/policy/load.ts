import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import type { PolicySet } from '../../domain/policy/rules.ts';
import { ok, refused, type Result } from '../../domain/result.ts';
import type { PolicyFault, PolicyRefusal } from '../../ports/policy-source.ts';
import { compileSet, type CheckedFile } from './compile.ts';
import { check, faultLine, readYaml, type YamlFile } from './located-yaml.ts';
import { asRecord } from './raw.ts';
import { policyFile, type Context } from './schema.ts';
import { noteAsked } from './separation.ts';

/** Whether a file of the policies' folder is a policy: YAML, and no test. */
const isPolicyFile = (path: string) => /\.ya?ml$/.test(path) && !isTestFile(path);
export const isTestFile = (path: string) => /\.test\.ya?ml$/.test(path);

/** Reads all policy files as one set, or says everything that is wrong with any of them. */
export function loadPolicies(files: ReadonlyMap<string, string>): Result<PolicySet, PolicyRefusal> {
  const paths = [...files.keys()].filter(isPolicyFile).sort();
  const documents = paths.map((path) => readYaml(path, files.get(path) ?? ''));
  const schema = policyFile(contextOf(documents));

  const checked: CheckedFile[] = [];
  const faults = [...outsideTheFolder(paths)];
  for (const document of documents) {
    const result = check(document, schema);
    faults.push(...result.faults);
    if (result.value !== null) checked.push({ file: document.file, policy: result.value });
  }
  if (faults.length > 0) return malformed(faults);
  return ok(compileSet(checked, digestOf(paths, files)));
}

export function malformed(faults: readonly PolicyFault[]): Result<never, PolicyRefusal> {
  return refused({ code: 'policy.malformed', message: faults.map(faultLine).join('\n'), faults });
}

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
