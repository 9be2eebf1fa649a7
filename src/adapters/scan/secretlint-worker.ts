import { parentPort } from 'node:worker_threads';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** In a thread of its own: its patterns are not ours to vouch for, and a thread can be ended. */
export interface Question {
  readonly path: string;
  readonly text: string;
}

export interface Answer {
  readonly hits: readonly {
    readonly rule: string;
    readonly line: number;
    readonly column: number;
    readonly start: number;
    readonly end: number;
  }[];
}

// It times each rule on each file and keeps every mark, which nobody reads here: a hundred thousand files would fill the memory.
Object.defineProperty(performance, 'mark', { value: () => undefined });

const rules = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, rules: [] }];

async function answer({ path, text }: Question): Promise<void> {
  const ext = /\.[^./]{1,20}$/.exec(path)?.[0] ?? '';
  const result = await lintSource({
    source: { filePath: path, content: text, contentType: 'text', ext },
    options: { config: { rules }, maskSecrets: true, noPhysicFilePath: true },
  });
  const hits = result.messages.map(({ ruleId, loc, range }) => ({
    rule: ruleId.replace('@secretlint/secretlint-rule-', ''),
    line: loc.start.line,
    column: loc.start.column + 1,
    start: range[0],
    end: range[1],
  }));
  parentPort?.postMessage({ hits } satisfies Answer, []);
}

parentPort?.on('message', (question: Question) => void answer(question));
