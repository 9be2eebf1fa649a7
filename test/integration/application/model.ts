import type { TextEmbedding } from '../../../src/ports/text-embedding.ts';
import type { LanguageModel, ModelReply, ModelRequest } from '../../../src/ports/language-model.ts';

type Scripted = (request: ModelRequest) => ModelReply | Promise<ModelReply>;

const usage = { input_tokens: 100, output_tokens: 10, usd: null, estimated: false };

export const answer = (content: unknown): ModelReply => ({
  kind: 'answer',
  content: typeof content === 'string' ? content : JSON.stringify(content),
  tool_calls: [],
  usage,
  model: 'scripted',
});

export const calls = (
  ...tools: readonly (readonly [name: string, input: unknown])[]
): ModelReply => ({
  kind: 'answer',
  content: '',
  tool_calls: tools.map(([name, input], index) => ({
    id: `call-${index}`,
    name,
    arguments: JSON.stringify(input),
  })),
  usage,
  model: 'scripted',
});

export const away: ModelReply = {
  kind: 'unavailable',
  reason: 'The model is overloaded.',
  retry_after_seconds: 1,
};

const plan = {
  summary: 'Write it down.',
  files: ['notes.txt'],
  steps: ['Write the file.'],
  risks: [],
  tests: ['Read the file.'],
};

const triage = (more: Readonly<Record<string, unknown>> = {}): ModelReply =>
  answer({
    labels: [],
    type: 'bug',
    priority: 'normal',
    size: 'small',
    duplicates: [],
    missing_information: [],
    plan,
    comment: 'A plan follows.',
    ...more,
  });

/** Writes a file and is done with it. */
export const contribution = (path: string, text = 'done\n'): ModelReply =>
  calls(['write', { path, text }], ['finish', { title: `Add ${path}`, summary: 'As planned.' }]);

const review = answer({
  summary: 'It does what it says.',
  risk: { level: 'low', reasons: [] },
  findings: [],
  event: 'COMMENT',
});

/** Marks the first open item of the roadmap as done, by whichever pull requests were merged. */
function govern({ messages }: ModelRequest): ModelReply {
  const text = messages.map(({ content }) => content).join('\n');
  const pulls = [...text.matchAll(/pull request (\d+)/g)].map(([, number]) => Number(number));
  return answer({
    flips: [{ line: 5, to: 'done', evidence: [pulls[0] ?? 1] }],
    summary: 'Widgets hold.',
    sentences: {
      what_changed: 'Widgets hold.',
      risks_introduced: 'None.',
      how_it_can_fail: 'It cannot.',
      how_detected: 'By tests.',
      how_recovered: 'By reverting.',
    },
  });
}

const usual: Readonly<Record<ModelRequest['agent'], Scripted>> = {
  triager: () => triage(),
  // One file an item and round: contributions never meet.
  contributor: ({ subject, round }) => contribution(`${subject}.txt`, `round ${round}\n`),
  reviewer: () => review,
  governor: govern,
};

/** A model by hand: each agent does what it should, until a test says otherwise for an item. */
export class ScriptedModel implements LanguageModel {
  /** Why there is none, where nobody named one. */
  absent?: string;
  embedding?: TextEmbedding;
  readonly asked: ModelRequest[] = [];
  readonly #script = new Map<string, Scripted[]>();

  /** The next answers for an agent, on any item; then the usual ones again. */
  next(agent: ModelRequest['agent'], ...answers: readonly (ModelReply | Scripted)[]): void {
    const script = this.#script.get(agent) ?? [];
    script.push(...answers.map((one) => (typeof one === 'function' ? one : () => one)));
    this.#script.set(agent, script);
  }

  async complete(request: ModelRequest): Promise<ModelReply> {
    this.asked.push(request);
    const scripted = this.#script.get(request.agent)?.shift();
    return (scripted ?? usual[request.agent])(request);
  }
}
