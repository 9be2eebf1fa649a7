import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isCommonPassword } from '../../domain/secrets/formats/keys.ts';
import type { SecretHit, SecretRules } from '../../ports/scan.ts';
import type { Answer, Question } from './secretlint-worker.ts';

/** Of one file; beyond that its patterns are taken to be caught in it. */
const patienceMs = 15_000;
/** Larger texts are read by our own rules alone. */
const maxCharacters = 1_000_000;

interface Asked {
  readonly text: string;
  readonly answer: (hits: readonly SecretHit[] | null) => void;
  readonly timer: NodeJS.Timeout;
}

/** secretlint's recommended preset, one text after the other in one thread. */
export function createSecretlint(): SecretRules {
  let worker: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let asked: Asked | null = null;

  const isNoExample = ({ start, end }: Answer['hits'][number]) => {
    const secret = asked?.text.slice(start, end) ?? '';
    return (
      !isCommonPassword(secret) && !isCommonPassword(secret.replace(/^.*:\/\/[^:]*:|@.*$/gs, ''))
    );
  };
  const settle = (hits: readonly SecretHit[] | null) => {
    clearTimeout(asked?.timer);
    asked?.answer(hits);
    asked = null;
  };
  const giveUp = () => {
    void worker?.terminate();
    worker = null;
    settle(null);
  };
  const started = (): Worker => {
    if (worker !== null) return worker;
    const fresh = new Worker(
      new URL(`./secretlint-worker${extname(import.meta.url)}`, import.meta.url),
      {
        env: {},
      },
    );
    fresh.on('message', ({ hits }: Answer) => settle(hits.filter(isNoExample).map(asHit)));
    fresh.on('error', giveUp);
    worker = fresh;
    return fresh;
  };
  const ask = (path: string, text: string) =>
    new Promise<readonly SecretHit[] | null>((answer) => {
      asked = { text, answer, timer: setTimeout(giveUp, patienceMs) };
      started().postMessage({ path, text } satisfies Question, []);
    });

  return {
    name: 'secretlint',
    find: (path, text) => {
      if (text.length > maxCharacters) return Promise.resolve([]);
      const answer = last.then(() => ask(path, text));
      last = answer;
      return answer;
    },
    close: async () => {
      await last;
      await worker?.terminate();
      worker = null;
    },
  };
}

const asHit = ({ rule, line, column, start, end }: Answer['hits'][number]): SecretHit => ({
  rule: `secretlint:${rule}`,
  title: `${rule} (secretlint)`,
  line,
  column,
  excerpt: `… (${end - start} characters)`,
  confidence: 'medium',
});
