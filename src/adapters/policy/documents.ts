import { posix } from 'node:path';
import type { PolicyCase } from '../../domain/policy/expectation.ts';
import type { PolicyRequest } from '../../domain/policy/request.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { PolicyFault, PolicyFiles, PolicyRefusal } from '../../ports/policy-source.ts';
import { describeIssue, issuesOf } from './issues.ts';
import { isTestFile, malformed } from './load.ts';
import { check, readYaml, type YamlFile } from './located-yaml.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { blankRequest, verdictRequest } from './request-schema.ts';
import { policyTestFile, type PolicyTestFile } from './test-schema.ts';

/** Reads a request; JSON. */
export function readRequest(file: string, text: string): Result<PolicyRequest, PolicyRefusal> {
  const json = parseJson(text);
  if (!json.ok) return malformed([{ file, line: null, column: null, message: json.message }]);
  const parsed = verdictRequest.safeParse(json.value, { reportInput: true });
  if (parsed.success) return ok(parsed.data);
  // Only a faulty request is read again, as YAML, which JSON is a part of: that parser knows the places.
  const located = readYaml(file, text);
  return malformed(
    issuesOf(parsed.error).map((issue) => ({
      file,
      ...(issue.key === null ? located.place(issue.path) : located.keyPlace(issue.path, issue.key)),
      message: describeIssue(issue),
    })),
  );
}

type Json =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

function parseJson(text: string): Json {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return {
      ok: false,
      message: `no JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Reads the cases of all test files, every request merged and checked. */
export function readCases(files: PolicyFiles): Result<readonly PolicyCase[], PolicyRefusal> {
  const cases: PolicyCase[] = [];
  const faults: PolicyFault[] = [];
  for (const path of [...files.keys()].filter(isTestFile).sort()) {
    const document = readYaml(path, files.get(path) ?? '');
    const checked = check(document, policyTestFile);
    faults.push(...checked.faults);
    for (const [index, each] of (checked.value?.cases ?? []).entries()) {
      const built = buildCase(each, index, checked.value?.requests ?? {}, document, files);
      if ('message' in built) faults.push(built);
      else cases.push(built);
    }
  }
  return faults.length > 0 ? malformed(faults) : ok(cases);
}

type CaseEntry = PolicyTestFile['cases'][number];

function buildCase(
  entry: CaseEntry,
  index: number,
  bases: Readonly<Record<string, unknown>>,
  document: YamlFile,
  files: PolicyFiles,
): PolicyCase | PolicyFault {
  const fault = (message: string, key: string): PolicyFault => ({
    file: document.file,
    ...document.keyPlace(['cases', index], key),
    message: `cases[${index}] (${entry.name}): ${message}`,
  });
  const start = startOf(entry, bases, document.file, files);
  if (!start.ok) return fault(start.message, entry.base === undefined ? 'request_file' : 'base');
  const request = verdictRequest.safeParse(merge(start.value, entry.override ?? {}), {
    reportInput: true,
  });
  if (request.success) {
    return { file: document.file, name: entry.name, request: request.data, expect: entry.expect };
  }
  const why = issuesOf(request.error).map(describeIssue).join('; ');
  return fault(
    `the request is malformed: ${why}`,
    entry.override === undefined ? 'request' : 'override',
  );
}

/** The request a case begins with, before `override`. */
function startOf(
  { request, request_file: requestFile, base }: CaseEntry,
  bases: Readonly<Record<string, unknown>>,
  file: string,
  files: PolicyFiles,
): Json {
  if (request !== undefined) return { ok: true, value: request };
  if (base !== undefined) {
    return Object.hasOwn(bases, base)
      ? { ok: true, value: merge(blankRequest, bases[base]) }
      : { ok: false, message: `unknown request "${base}"${didYouMean(base, Object.keys(bases))}` };
  }
  if (requestFile === undefined) return { ok: true, value: blankRequest };
  const text = files.get(posix.join(posix.dirname(file), requestFile));
  return text === undefined
    ? { ok: false, message: `there is no file "${requestFile}" beside the test` }
    : parseJson(text);
}

/** Maps merge by key; lists, values and null replace. */
function merge(base: unknown, override: unknown): unknown {
  if (!isRecord(base) || !isRecord(override)) return override;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(override))
    merged.set(key, merge(merged.get(key), value));
  return Object.fromEntries(merged);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
