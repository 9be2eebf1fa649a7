import { testPolicies, type CaseResult } from '../../../../application/tools/policy-tools.ts';
import { policyDocuments, policySource, readPolicyFolder } from '../../../../composition.ts';
import { verdictLines } from '../../../../domain/policy/render.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { document, misused, type Output } from './report.ts';

export async function testCommand(
  folder: string,
  output: Output,
  terminal: Terminal,
): Promise<ExitCode> {
  const files = await readPolicyFolder(folder);
  if (!files.ok) return misused(files.refusal, output, terminal);
  const results = testPolicies({ source: policySource, documents: policyDocuments }, files.value);
  if (!results.ok) return misused(results.refusal, output, terminal);

  const failed = results.value.filter((result) => result.differences.length > 0);
  if (output.json === true) document(terminal, summary(results.value, failed));
  else print(results.value, failed, folder, terminal);
  if (results.value.length === 0) return exitCode.inconclusive;
  return failed.length > 0 ? exitCode.fault : exitCode.done;
}

const summary = (results: readonly CaseResult[], failed: readonly CaseResult[]) => ({
  passed: results.length - failed.length,
  failed: failed.length,
  cases: results.map(({ file, name, differences, verdict }) => ({
    file,
    name,
    passed: differences.length === 0,
    differences,
    verdict,
  })),
});

function print(
  results: readonly CaseResult[],
  failed: readonly CaseResult[],
  folder: string,
  terminal: Terminal,
): void {
  if (results.length === 0) {
    terminal.out(
      `${folder}: no tests (*.test.yml) in it, so nothing is known about these policies`,
    );
    return;
  }
  for (const { file, name, differences, verdict } of results) {
    terminal.out(`${differences.length === 0 ? '✓' : '✗'} ${name} (${file})`);
    if (differences.length === 0) continue;
    for (const difference of differences) terminal.out(`    ${difference}`);
    for (const line of verdictLines(verdict)) terminal.out(`    ${line}`);
  }
  terminal.out(`${results.length - failed.length} of ${results.length} cases are as expected`);
}
