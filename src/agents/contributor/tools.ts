import { z } from 'zod';
import {
  isProtectedFrom,
  protectedPathFault,
} from '../../domain/contribution/gates/protected-paths.ts';
import { everyTool, refusedCall } from '../../domain/agents/tools.ts';
import type { BriefHeader } from '../brief.ts';
import type { ModelTool, ModelToolCall } from '../../ports/language-model.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { faultsOf } from '../run.ts';

const path = z.string().min(1).max(400);
const text = z.string().max(200_000);

/** Everything a contributor can do. There is no shell, no network and no git among it. */
const toolSchemas = {
  list: z.strictObject({ prefix: z.string().max(400).default('') }),
  search: z.strictObject({ text: z.string().min(1).max(200) }),
  read: z.strictObject({
    path,
    from: z.int().positive().default(1),
    to: z.int().positive().default(400),
  }),
  replace: z.strictObject({ path, before: text.min(1), after: text }),
  write: z.strictObject({ path, text }),
  remove: z.strictObject({ path }),
  run: z.strictObject({ step: z.string().min(1).max(100) }),
  finish: z.strictObject({
    title: z.string().trim().min(1).max(100),
    summary: z.string().trim().min(1).max(2_000),
  }),
} as const;

type ToolName = keyof typeof toolSchemas;

const descriptions: Readonly<Record<ToolName, string>> = {
  list: 'The files below a prefix.',
  search: 'Lines that contain a text, in any file. At most 50.',
  read: 'Lines of a file, by number. At most 400 at once.',
  replace: 'Replaces a text that stands exactly once in a file.',
  write: 'Writes a whole file, new or not.',
  remove: 'Removes a file.',
  run: 'Runs one of the named steps and shows its output.',
  finish:
    'The work is done: a title in the imperative for the pull request, and what was changed and why.',
};

export const tools: readonly ModelTool[] = Object.entries(toolSchemas).map(([name, schema]) => ({
  name,
  description: descriptions[name as ToolName],
  parameters: z.toJSONSchema(schema, { io: 'input' }),
}));

/** Those this agent may use; the others are not even offered. */
export const toolsFor = ({ tools: allowed = everyTool }: BriefHeader): readonly ModelTool[] =>
  tools.filter(({ name }) => name === 'finish' || refusedCall(allowed, name) === null);

export type ToolCall = {
  [N in ToolName]: { readonly name: N; readonly input: z.infer<(typeof toolSchemas)[N]> };
}[ToolName];

/** The call as asked for, or what is wrong with it. */
export function parseToolCall(call: ModelToolCall): ToolCall | string {
  if (!Object.hasOwn(toolSchemas, call.name))
    return `there is no tool "${call.name.slice(0, 100)}"; there are ${Object.keys(toolSchemas).join(', ')}`;
  const name = call.name as ToolName;
  let json: unknown;
  try {
    json = JSON.parse(call.arguments === '' ? '{}' : call.arguments);
  } catch (error) {
    return `the arguments of ${name} are not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = toolSchemas[name].safeParse(json);
  if (!parsed.success) return `the arguments of ${name}: ${faultsOf(parsed.error).join('; ')}`;
  return { name, input: parsed.data } as ToolCall;
}

const maxHits = 50;
const maxLines = 400;

/** Carries out an editing or reading tool in the workspace; what it answers is for the model. */
export async function useWorkspace(
  workspace: Workspace,
  call: Exclude<ToolCall, { name: 'run' | 'finish' }>,
): Promise<string> {
  if (call.name === 'list') {
    const listed = await workspace.list(call.input.prefix);
    return listed.ok ? listed.value.join('\n') || '(no files)' : listed.refusal.message;
  }
  if (call.name === 'search') {
    const found = await workspace.search(call.input.text, maxHits);
    if (!found.ok) return found.refusal.message;
    return (
      found.value.map((hit) => `${hit.path}:${hit.line}: ${hit.text}`).join('\n') || '(nothing)'
    );
  }
  if (call.name === 'read') {
    const to = Math.min(call.input.to, call.input.from + maxLines - 1);
    const range = await workspace.read(call.input.path, call.input.from, to);
    if (!range.ok) return range.refusal.message;
    return `lines ${range.value.from} to ${range.value.to} of ${range.value.total_lines}\n${range.value.text}`;
  }
  if (isProtectedFrom(call.input.path)) return `Refused: ${protectedPathFault(call.input.path)}.`;
  const done = await edit(workspace, call);
  return done.ok ? 'Done.' : `Refused: ${done.refusal.message}`;
}

function edit(
  workspace: Workspace,
  call: Extract<ToolCall, { name: 'replace' | 'write' | 'remove' }>,
) {
  if (call.name === 'remove') return workspace.remove(call.input.path);
  if (call.name === 'write') return workspace.write(call.input.path, call.input.text);
  return workspace.replaceOnce(call.input.path, call.input.before, call.input.after);
}

/** A call in a few words, for the trace that people read: what it was about, not what it wrote. */
export function inShort({ name, input }: ToolCall): string {
  switch (name) {
    case 'list':
      return `list ${input.prefix}`.trim();
    case 'search':
      return `search ${JSON.stringify(input.text.slice(0, 80))}`;
    case 'read':
      return `read ${input.path} from line ${input.from}`;
    case 'write':
      return `write ${input.path}, ${input.text.length} characters`;
    case 'replace':
    case 'remove':
      return `${name} ${input.path}`;
    case 'run':
      return `run ${input.step}`;
    case 'finish':
      return 'finish';
  }
}
