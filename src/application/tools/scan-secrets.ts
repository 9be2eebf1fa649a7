import { isTest } from '../../domain/scan/content.ts';
import type { NotLookedAt, SecretAt, SecretSource } from '../../domain/scan/report.ts';
import { findSecrets } from '../../domain/secrets/find.ts';
import type { SecretHit, SecretProgram, SecretRules } from '../../ports/scan.ts';

export interface SecretSearch {
  look(path: string, text: string): Promise<void>;
  done(): Promise<{
    readonly found: readonly SecretAt[];
    readonly by: readonly SecretSource[];
    readonly not_looked_at: readonly NotLookedAt[];
  }>;
}

/** How many texts may wait for the other rules while ours go on. */
const ahead = 8;

/** Our rules, another set beside them in its own time, and a program over the whole folder where there is one. */
export function secretSearch(
  { rules, program }: { readonly rules: SecretRules; readonly program: SecretProgram },
  root: string,
): SecretSearch {
  const all = new Map<string, SecretAt[]>();
  const notLookedAt: NotLookedAt[] = [];
  const looked = new Set<string>();
  const waiting: Promise<void>[] = [];
  const whole = program.scan(root);

  const add = (path: string, hits: readonly SecretHit[], by: SecretSource) => {
    const known = all.get(path) ?? [];
    for (const hit of hits) {
      const same = known.findIndex(({ line }) => line === hit.line);
      const other = known[same];
      if (other === undefined || other.by.includes(by)) known.push(asFound(path, hit, by));
      else known[same] = { ...other, by: [...other.by, by] };
    }
    if (known.length > 0) all.set(path, known);
  };
  const ask = async (path: string, text: string) => {
    const hits = await rules.find(path, text);
    if (hits === null) notLookedAt.push({ path, why: `${rules.name} came to no end` });
    else add(path, hits, rules.name);
  };

  return {
    look: async (path, text) => {
      looked.add(path);
      add(path, findSecrets(text), 'assent');
      waiting.push(ask(path, text));
      if (waiting.length >= ahead) await waiting.shift();
    },
    done: async () => {
      await Promise.all(waiting);
      const answer = await whole;
      if (answer.kind === 'failed')
        notLookedAt.push({ path: '.', why: `${program.name} failed: ${answer.why}` });
      if (answer.kind === 'found')
        for (const [path, hits] of answer.hits) if (looked.has(path)) add(path, hits, program.name);
      return {
        found: [...all.values()].flat().toSorted(inOrder),
        by: ['assent', rules.name, ...(answer.kind === 'found' ? [program.name] : [])],
        not_looked_at: notLookedAt,
      };
    },
  };
}

/** What a place alone makes likely is, in a test, nearly always made up for it; a token in its issuer's form is none there either. */
const asFound = (path: string, hit: SecretHit, by: SecretSource): SecretAt => {
  const { rule, title, line, column, excerpt } = hit;
  const in_tests = isTest(path);
  const confidence = in_tests && hit.confidence === 'medium' ? 'low' : hit.confidence;
  return { path, line, column, rule, title, excerpt, confidence, by: [by], in_tests };
};

const sureness = ['high', 'medium', 'low'];

const inOrder = (a: SecretAt, b: SecretAt): number =>
  sureness.indexOf(a.confidence) - sureness.indexOf(b.confidence) ||
  a.path.localeCompare(b.path) ||
  a.line - b.line;
