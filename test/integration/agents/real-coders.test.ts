import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrograms } from '../../../src/adapters/programs/on-path.ts';
import { createProgram, type ProgramEnd } from '../../../src/agents/process/program.ts';
import { contributionAnswer } from '../../../src/agents/process/protocol.ts';
import { jsonSchemaOf } from '../../../src/agents/prompt.ts';
import { modelProxy } from '../../../src/composition.ts';
import type { CoderName } from '../../../src/domain/agents/uses.ts';
import { startCoderModel, type CoderModel, type Script } from '../../support/coder-model.ts';
import { openYard, type Yard } from '../../support/sandbox.ts';

/** The coders themselves, where they are installed; the model they ask is ours and says what to call. No key, no network. */
const notes = '/workspace/notes.txt';
const edits: Readonly<Partial<Record<CoderName, Script['calls']>>> = {
  codex: [{ name: 'exec_command', input: { cmd: 'sed -i s/old/new/ notes.txt' } }],
  claude: [
    { name: 'Read', input: { file_path: notes } },
    { name: 'Edit', input: { file_path: notes, old_string: 'old', new_string: 'new' } },
  ],
  opencode: [
    { name: 'read', input: { filePath: notes } },
    { name: 'edit', input: { filePath: notes, oldString: 'old', newString: 'new' } },
  ],
};
/** A program of some hundred megabytes that has to find that there is no network. */
const patience = 170_000;

const yard = await openYard();
const programs = createPrograms();
const found = await Promise.all(
  Object.entries(edits).map(async ([name, calls]) => ({
    coder: name as CoderName,
    calls,
    program: await programs.find(name),
  })),
);

describe.skipIf('missing' in yard)('a coder as it is installed, in the sandbox', () => {
  const ground = yard as Yard;
  let model: CoderModel;
  beforeAll(async () => {
    model = await startCoderModel();
  });
  afterAll(() => {
    model.close();
    ground.end();
  });

  async function start(coder: CoderName, path: string, folder: string | null, workspace: string) {
    const openai = { baseUrl: `${model.baseUrl}/v1`, apiKey: 'sk-real' };
    const access = await modelProxy({ openai, anthropic: null, model: 'configured' }).open({
      model: null,
      tokens: 400_000,
    });
    if (access === null) throw new Error('no way to a model');
    const program = createProgram({
      role: 'contributor',
      uses: { kind: 'coder', coder, timeout_ms: patience - 20_000, programs: [] },
      argv: [path],
      checkout: null,
      folders: folder === null ? [] : [folder],
      workspace: null,
      sandbox: ground.sandbox,
      model: access,
      tokens: 400_000,
      question: null,
    });
    const ended: ProgramEnd = await program.start({
      brief: {},
      prompt: 'Change "old" to "new" in notes.txt.',
      proposal_schema: jsonSchemaOf('contribution', contributionAnswer).schema,
      feedback: null,
      workspace,
      files: ['notes.txt'],
    });
    await access.close();
    return ended;
  }

  for (const { coder, calls = [], program } of found) {
    const why = program.ok ? '' : ` (${coder} is not on PATH)`;
    it.skipIf(!program.ok)(
      `${coder} edits the file, by the socket alone and a key that is none${why}`,
      { timeout: patience },
      async () => {
        if (!program.ok) return;
        const answer = `{"title": "Mend the notes", "summary": "By ${coder}."}`;
        model.say({ calls, last: `Done.\n\n${answer}` });
        const workspace = ground.workspace();
        writeFileSync(join(workspace, 'notes.txt'), 'old words\n');
        const { path, folder } = program.value;
        const ended = await start(coder, path, folder, workspace);
        expect(ended).toMatchObject({ kind: 'answer', content: answer });
        expect(readFileSync(join(workspace, 'notes.txt'), 'utf8')).toBe('new words\n');
        expect(ended.spent?.requests).toBeGreaterThan(calls.length);
        const keys = model.asked.map(({ headers }) => headers.authorization);
        expect(new Set(keys)).toEqual(new Set(['Bearer sk-real']));
      },
    );
  }
});
