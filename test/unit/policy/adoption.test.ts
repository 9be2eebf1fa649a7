import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../../src/adapters/policy/load.ts';
import { checkPolicies } from '../../../src/application/tools/policy-tools.ts';
import { adoption } from '../../../src/domain/policy/adoption.ts';
import type { PolicyFiles } from '../../../src/ports/policy-source.ts';

const policy = 'version: 1\nrules: [{ id: a, actions: [issue.label], effect: allow }]\n';

const adopt = (files: PolicyFiles) => {
  const loaded = loadPolicies(files);
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return { set: loaded.value, adopted: adoption(loaded.value, files) };
};

describe('what the history records of a policy set', () => {
  it('is its files whole, from which the same set with the same digest can be read; its tests are no part of it', () => {
    const { set, adopted } = adopt(
      new Map([
        ['policies/b.yml', 'version: 1\n# ümlaut\n'],
        ['policies/a.yml', policy],
        ['policies/a.test.yml', 'version: 1\ncases: []\n'],
      ]),
    );
    expect(adopted).toMatchObject({
      ok: true,
      value: {
        digest: set.digest,
        files: [
          { path: 'policies/a.yml', text: policy },
          { path: 'policies/b.yml', text: 'version: 1\n# ümlaut\n' },
        ],
      },
    });
    const files = adopted.ok ? adopted.value.files : [];
    const again = loadPolicies(new Map(files.map(({ path, text }) => [path, text])));
    expect(again).toMatchObject({ ok: true, value: { digest: set.digest } });
  });

  it('is nothing of a set that is too large, which `policy check` calls a fault', () => {
    const filled = (text: string) => `${text}#`.padEnd(128 * 1024, 'x');
    const files = new Map([
      ['policies/a.yml', filled(policy)],
      ['policies/b.yml', filled('version: 1\n')],
    ]);
    const { adopted } = adopt(files);
    const message = expect.stringMatching(/take 262\d{3} bytes; at most 262144 .* shorter/);
    expect(adopted).toMatchObject({ ok: false, refusal: { code: 'policy.too_large', message } });
    expect(checkPolicies({ load: loadPolicies }, files)).toMatchObject({
      valid: false,
      faults: [{ file: 'policies/a.yml', message }],
    });
  });
});
