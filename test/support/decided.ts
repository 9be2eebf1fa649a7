import { loadPolicies } from '../../src/adapters/policy/load.ts';
import { filesAsFolder } from '../../src/application/ledger/files-as-folder.ts';
import { adoption } from '../../src/domain/policy/adoption.ts';
import { evaluate } from '../../src/domain/policy/evaluate.ts';
import { recordedVerdict, type RecordedVerdict } from '../../src/domain/policy/record.ts';
import type { PolicyRequest } from '../../src/domain/policy/request.ts';
import type { LedgerFolder } from '../../src/ports/ledger-folder.ts';
import { ledgerOf, Story } from './ledger-story.ts';

/** Policies of YAML rules, with what the history records of them. */
export function written(rules: string) {
  const files = new Map([['policies/test.yml', `version: 1\n${rules}`]]);
  const loaded = loadPolicies(files);
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  const adopted = adoption(loaded.value, files);
  if (!adopted.ok) throw new Error(adopted.refusal.message);
  return { set: loaded.value, adopted: adopted.value, files };
}

/** A history of one item in which these were asked under those rules, in order. */
export function historyOf(
  rules: string,
  requests: readonly PolicyRequest[],
  change: (verdict: RecordedVerdict) => RecordedVerdict = (verdict) => verdict,
): { readonly folder: LedgerFolder; readonly files: ReadonlyMap<string, string> } {
  const { set, adopted } = written(rules);
  const story = new Story().event('policy.adopted', null, adopted).opened(1);
  for (const request of requests) {
    const verdict = recordedVerdict(set, request, evaluate(set, request));
    story.event('verdict.given', 'issue-1', change(verdict));
  }
  const drafts = story.drafts.map((draft) => ({ ...draft, policy: set.digest }));
  const { files } = ledgerOf(drafts);
  return { folder: filesAsFolder(files), files };
}
