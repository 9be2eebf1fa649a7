import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  comparePolicyFiles,
  provePolicies,
  type RulePlace,
} from '../../../../application/tools/prove-policies.ts';
import { policyProver, policySource, readPolicyFolder } from '../../../../composition.ts';
import { ok, type Result } from '../../../../domain/result.ts';
import type { Answer } from '../../../../ports/policy-prover.ts';
import type { PolicyFiles } from '../../../../ports/policy-source.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { document, misused, type Output } from './report.ts';

interface Options extends Output {
  readonly against?: string;
  readonly out?: string;
}

export async function proveCommand(
  folder: string,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const files = await readFolders(folder, options.against);
  if (!files.ok) return misused(files.refusal, options, terminal);
  const report = await answered(files.value);
  if (!report.ok) return misused(report.refusal, options, terminal);
  const { value } = report;
  const saved = options.out === undefined ? [] : await save(value.questions, options.out);
  if (options.json === true) document(terminal, { ...value, files: saved });
  else print(value, saved, terminal);
  return exits[value.answer];
}

const exits: Readonly<Record<Answer, ExitCode>> = {
  proved: exitCode.done,
  refuted: exitCode.fault,
  not_provable: exitCode.inconclusive,
};

interface Folders {
  readonly files: PolicyFiles;
  readonly against: PolicyFiles | null;
}

async function readFolders(folder: string, against: string | undefined): Promise<Result<Folders>> {
  const files = await readPolicyFolder(folder);
  if (!files.ok || against === undefined)
    return files.ok ? ok({ files: files.value, against: null }) : files;
  const others = await readPolicyFolder(against);
  return others.ok ? ok({ files: files.value, against: others.value }) : others;
}

/** The solver's threads end with the answer, or the process would not. */
async function answered({ files, against }: Folders) {
  const prover = policyProver();
  try {
    return against === null
      ? await provePolicies(policySource, prover, files)
      : await comparePolicyFiles(policySource, prover, { before: against, after: files });
  } finally {
    await prover.close();
  }
}

interface Question {
  readonly id: string;
  readonly claim: string;
  readonly answer: Answer;
  readonly rules: readonly string[];
  readonly why: string | null;
  readonly witness: { readonly request: unknown; readonly unusual: readonly string[] } | null;
}

interface Report {
  readonly questions: readonly Question[];
  readonly places: readonly RulePlace[];
  readonly dead?: readonly string[];
}

interface Saved {
  readonly question: string;
  readonly file: string;
}

async function save(questions: readonly Question[], folder: string): Promise<readonly Saved[]> {
  await mkdir(folder, { recursive: true });
  const refuted = questions.flatMap(({ id, witness }) =>
    witness === null ? [] : [{ id, witness }],
  );
  return Promise.all(
    refuted.map(async ({ id, witness }) => {
      const file = join(folder, `${id.replaceAll('/', '-')}.json`);
      await writeFile(file, `${JSON.stringify(witness.request, null, 2)}\n`);
      return { question: id, file };
    }),
  );
}

const marks: Readonly<Record<Answer, string>> = { proved: '✓', refuted: '✗', not_provable: '?' };

function print(report: Report, saved: readonly Saved[], terminal: Terminal): void {
  const place = (rule: string) => {
    const at = report.places.find((each) => each.rule === rule);
    return at === undefined ? rule : `${rule} (${at.file}${at.line === null ? '' : `:${at.line}`})`;
  };
  if (report.questions.length === 0)
    terminal.out('✓ the policies say the same, so nothing is newly allowed');
  for (const { id, claim, answer, rules, why, witness } of report.questions) {
    terminal.out(`${marks[answer]} ${claim}: ${words[answer]}`);
    if (why !== null) terminal.out(`    ${why}`);
    if (witness === null) continue;
    const by =
      rules.length === 0 ? '' : ` by ${rules.map((rule) => `rule ${place(rule)}`).join(', ')}`;
    const seen = witness.unusual.length === 0 ? ', an ordinary one' : ', where';
    terminal.out(`    this request passes${by}${seen}`);
    for (const line of witness.unusual) terminal.out(`      ${line}`);
    const file = saved.find(({ question }) => question === id)?.file;
    if (file !== undefined) terminal.out(`    the whole request: ${file}`);
  }
  for (const rule of report.dead ?? [])
    terminal.out(`! rule ${place(rule)} never applies: its condition is true of no request`);
}

const words: Readonly<Record<Answer, string>> = {
  proved: 'proved',
  refuted: 'refuted',
  not_provable: 'not provable',
};
