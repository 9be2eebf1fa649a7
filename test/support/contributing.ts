import { createProgram } from '../../src/agents/process/program.ts';
import { ok, refuse } from '../../src/domain/result.ts';
import type { AgentName } from '../../src/domain/work-item/state.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import type { OpenWorkspace, WorkspaceHost } from '../../src/ports/workspace.ts';

/** A workspace and a sandbox that say whatever they say by `words`: steps fail, and every change is one that no gate lets pass. */
export function ground(words: (where: string) => string): {
  readonly workspaces: WorkspaceHost;
  readonly sandbox: Sandbox;
} {
  const sha = 'c'.repeat(40);
  const changed = {
    path: words('changed'),
    status: 'added',
    additions: 0,
    deletions: 0,
    binary: true,
  } as const;
  const workspace: OpenWorkspace = {
    root: '/workspace',
    list: async () => ok([words('listed')]),
    search: async () => ok([{ path: words('found'), line: 1, text: words('found') }]),
    read: async () => ok({ from: 1, to: 1, total_lines: 1, text: words('read') }),
    replaceOnce: async () => refuse('workspace', words('refusal')),
    write: async () => refuse('workspace', words('refusal')),
    remove: async () => refuse('workspace', words('refusal')),
    changes: async () => ok([changed]),
    patch: async () => ok(''),
    compare: async () => ok(new Map()),
    commit: async () => ok(sha),
    dispose: async () => {},
  };
  return {
    workspaces: { open: async () => ok(workspace) },
    sandbox: {
      capability: () => ({ kind: 'bubblewrap', reason: '' }),
      run: async () => ({
        kind: 'finished',
        ok: false,
        exit_code: 1,
        ms: 1,
        output: words('output'),
        truncated: false,
        stopped: null,
      }),
      execute: async () => ({ kind: 'unavailable', reason: 'none' }),
    },
  };
}

/** A program in the agent's place that answers nothing of use; what it was told is kept, as a text each. */
export function programOf(role: AgentName) {
  let input = '';
  const { sandbox } = ground(() => '');
  const program = createProgram({
    role,
    uses: { kind: 'process', command: ['agent'], timeout_ms: 1_000, programs: [] },
    argv: ['agent'],
    checkout: null,
    folders: [],
    workspace: '/workspace',
    sandbox: {
      ...sandbox,
      execute: async (asked) => {
        input = asked.input;
        return {
          kind: 'finished',
          exit_code: 0,
          ms: 1,
          stdout: '{}',
          stderr: '',
          truncated: false,
          stopped: null,
        };
      },
    },
    model: null,
    tokens: 1_000,
    question: null,
  });
  const told = () => {
    const { prompt, brief } = JSON.parse(input) as { prompt: string; brief: unknown };
    return { prompt, brief: JSON.stringify(brief) };
  };
  return { program, told };
}
