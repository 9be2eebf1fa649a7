import { describe, expect, it } from 'vitest';
import { addedLines } from '../../../src/domain/patch.ts';
import { isProtectedPath, secretsInPatch } from '../../../src/domain/review-facts.ts';
import { secretsIn } from '../../../src/domain/secrets/find.ts';

const patch = (path: string, ...lines: readonly string[]) =>
  [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
  ]
    .concat(lines.map((line) => `+${line}`))
    .join('\n');

// Put together here, so that no scanner takes this file for a leak.
const token = (prefix: string, length: number) =>
  prefix + 'aB3xY9kQ7mZ2'.repeat(20).slice(0, length);

describe('added lines are found by the counts of their hunks', () => {
  it('numbers them as the new file does', () => {
    const text = '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@ f()\n a\n-b\n+B\n c\n@@ -9 +9,2 @@\n z\n+y\n';
    expect([...(addedLines(text).get('x') ?? [])]).toEqual([
      [2, 'B'],
      [10, 'y'],
    ]);
  });

  it('content that looks like a header is content', () => {
    const text = '--- a/x\n+++ b/x\n@@ -0,0 +1,2 @@\n+++ b/other\n+@@ -1 +1 @@\n';
    expect([...addedLines(text).keys()]).toEqual(['x']);
    expect(addedLines(text).get('x')?.size).toBe(2);
  });

  it('a missing final newline shifts nothing', () => {
    const text = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n';
    expect(addedLines(text).get('x')?.get(1)).toBe('b');
  });
});

describe('protected paths', () => {
  it.for([
    'policies/default.yml',
    '.github/workflows/ci.yml',
    '.GitHub/assent.yml',
    '.ai_metadata/queue.json',
    'AGENTS.md',
    'packages/a/AGENTS.md',
    '.gitattributes',
    'src/.gitattributes',
    'docs/CODEOWNERS',
    'x/.git/config',
  ])('%s is one', (path) => {
    expect(isProtectedPath(path)).toBe(true);
  });

  it.for(['src/policies/a.ts', 'docs/github.md', 'agents.ts', '.gitignore'])(
    '%s is none',
    (path) => {
      expect(isProtectedPath(path)).toBe(false);
    },
  );
});

describe('secrets', () => {
  it.for([
    ['GitHub token', `const t = "${token('ghp_', 36)}"`],
    ['GitHub installation token', token('ghs_', 36)],
    ['GitHub fine-grained token', token('github_pat_', 60)],
    ['AWS access key', token('AKIA', 16).toUpperCase()],
    ['OpenAI key', token('sk-proj-', 40)],
    ['Slack token', token('xoxb-', 30)],
    ['Private key', ['-----BEGIN RSA PRIVATE', 'KEY-----'].join(' ')],
    ['Credentials in a URL', 'https://ann:hunter22@example.org'],
    ['high-entropy value beside a telling name', 'api_key: "q8Zt3LmP0xVw7RbN5cYd"'],
  ] as const)('%s is found', ([rule, line]) => {
    expect(secretsIn(line)).toContain(rule);
  });

  it.for([
    'const token = process.env.TOKEN',
    'password: "changeme-changeme"',
    'sha: 0123456789abcdef0123456789abcdef01234567',
    'https://example.org:8080/path@2x.png',
  ])('%s is none', (line) => {
    expect(secretsIn(line)).toEqual([]);
  });
});

it('a private key is found across the added lines of a patch', () => {
  const key = [
    ['-----BEGIN PRIVATE', 'KEY-----'].join(' '),
    token('MIIEvg', 60),
    ['-----END PRIVATE', 'KEY-----'].join(' '),
  ];
  expect(secretsInPatch(patch('key.pem', 'first', ...key, token('ghp_', 36)))).toEqual([
    { path: 'key.pem', line: 2, rule: 'Private key' },
    { path: 'key.pem', line: 5, rule: 'GitHub token' },
  ]);
});
