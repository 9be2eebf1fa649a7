import { readFile } from 'node:fs/promises';
import { judge } from '../../../../application/tools/policy-tools.ts';
import { policyDocuments, policySource, readPolicyFolder } from '../../../../composition.ts';
import { verdictLines } from '../../../../domain/policy/render.ts';
import type { Verdict } from '../../../../domain/policy/verdict.ts';
import { ok, refuse, type Result } from '../../../../domain/result.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { document, misused, type Output } from './report.ts';

interface Options extends Output {
  readonly policies: string;
  readonly request: string;
}

export async function evaluateCommand(options: Options, terminal: Terminal): Promise<ExitCode> {
  const files = await readPolicyFolder(options.policies);
  if (!files.ok) return misused(files.refusal, options, terminal);
  const text = await readRequestFile(options.request);
  if (!text.ok) return misused(text.refusal, options, terminal);
  const verdict = judge({ source: policySource, documents: policyDocuments }, files.value, {
    file: options.request,
    text: text.value,
  });
  if (!verdict.ok) return misused(verdict.refusal, options, terminal);
  if (options.json === true) document(terminal, verdict.value);
  else for (const line of verdictLines(verdict.value)) terminal.out(line);
  return exitOf(verdict.value);
}

async function readRequestFile(file: string): Promise<Result<string>> {
  try {
    return ok(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return refuse(
      'policy.request',
      `${file}: no file that can be read (${why}); give the request as JSON`,
    );
  }
}

function exitOf({ effect, satisfied }: Verdict): ExitCode {
  if (effect === 'deny') return exitCode.fault;
  return satisfied ? exitCode.done : exitCode.waiting;
}
