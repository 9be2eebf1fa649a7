import { checkPolicies, type PolicyCheck } from '../../../../application/tools/policy-tools.ts';
import { policySource, readPolicyFolder } from '../../../../composition.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { document, faultLine, misused, type Output } from './report.ts';

export async function checkCommand(
  folder: string,
  output: Output,
  terminal: Terminal,
): Promise<ExitCode> {
  const files = await readPolicyFolder(folder);
  if (!files.ok) return misused(files.refusal, output, terminal);
  const result = checkPolicies(policySource, files.value);
  if (output.json === true) document(terminal, result);
  else print(result, folder, terminal);
  if (!result.valid) return exitCode.fault;
  return result.files.length === 0 ? exitCode.inconclusive : exitCode.done;
}

function print(result: PolicyCheck, folder: string, terminal: Terminal): void {
  for (const fault of result.faults) terminal.out(`✗ ${faultLine(fault)}`);
  for (const warning of result.warnings) terminal.out(`! ${faultLine(warning)}`);
  if (result.valid && result.files.length === 0) {
    terminal.out(`${folder}: no policy (*.yml) in it, so everything is denied`);
    return;
  }
  const counted = `${plural(result.faults.length, 'fault')}, ${plural(result.warnings.length, 'warning')}`;
  terminal.out(
    result.valid
      ? `✓ ${plural(result.rules, 'rule')} in ${plural(result.files.length, 'file')}: ${counted}`
      : counted,
  );
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
