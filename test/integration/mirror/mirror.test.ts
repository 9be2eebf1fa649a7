import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MirrorFault, openMirror, type Mirror } from '../../../src/adapters/git/mirror.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';
import { startGitServer, type GitServer } from '../../support/git-server.ts';

const token = 'ghs_opaque.token-of-any_length';
let origin: TestRepository;
let server: GitServer;
let mirror: Mirror;
let base: string;

const openAt = (name: string, url: string, secret: string | null = token) =>
  openMirror({
    directory: join(origin.directory, name),
    remote: () => Promise.resolve({ url, token: secret }),
  });

beforeAll(async () => {
  origin = await createRepository();
  base = await origin.commit('Begin', {
    'src/a.txt': 'one\ntwo\nthree\n',
    'src/b.txt': 'b\n',
    'README.md': '# x\n',
  });
  await origin.git('config', 'receive.denyCurrentBranch', 'ignore');
  await origin.git('config', 'http.receivepack', 'true');
  server = await startGitServer(origin.directory, token);
  mirror = await openAt('mirror.git', `${server.url}/origin`);
  await mirror.fetch();
});
afterAll(async () => {
  await server.close();
  await origin.close();
});

/** Commits on a branch of its own from the base; the mirror has it. */
async function change(
  branch: string,
  files: Readonly<Record<string, string | Buffer>>,
  from = base,
) {
  await origin.git('checkout', '-q', '-b', branch, from);
  const sha = await origin.commit(branch, files);
  await origin.git('checkout', '-q', 'main');
  await mirror.fetch();
  return sha;
}

describe('fetching', () => {
  it('takes a fresh token once where the last one was revoked, and gives up where that is refused too', async () => {
    const asked: boolean[] = [];
    const at = (name: string, secret: (fresh: boolean) => string) =>
      openMirror({
        directory: join(origin.directory, name),
        remote: (fresh) => {
          asked.push(fresh);
          return Promise.resolve({ url: `${server.url}/origin`, token: secret(fresh) });
        },
      });
    const renewed = await at('renewed.git', (fresh) => (fresh ? token : 'revoked'));
    await renewed.fetch();
    expect(await renewed.head('main')).toBe(base);
    const pushed = await renewed.push({ branch: 'assent/renewed', sha: base, lease: null });
    expect(pushed.ok).toBe(true);
    expect(asked).toEqual([false, true, false, true]);

    const refused = await at('refused.git', () => 'revoked');
    await expect(refused.fetch()).rejects.toThrow(MirrorFault);
    expect(asked).toHaveLength(6);
  });

  it('brings branches and heads of pull requests, and forgets what is gone', async () => {
    const sha = await change('topic', { 'src/a.txt': 'x\n' });
    await origin.git('update-ref', 'refs/pull/7/head', sha);
    await mirror.fetch();
    expect(await mirror.head('topic')).toBe(sha);
    await origin.git('branch', '-q', '-D', 'topic');
    await mirror.fetch();
    expect(await mirror.head('topic')).toBeNull();
    expect(await mirror.listFiles(sha, '')).toContain('src/a.txt');
  });

  it('where nothing moved asks once, and starts nothing', async () => {
    await mirror.fetch();
    const before = server.authorizations.length;
    await mirror.fetch();
    expect(server.authorizations.slice(before)).toHaveLength(1);
  });

  it('brings what was pushed, and what was moved back', async () => {
    const first = await change('wanders', { 'src/a.txt': 'first\n' });
    const second = await change('wanders-on', { 'src/a.txt': 'second\n' }, first);
    for (const [at, text] of [
      [second, 'second\n'],
      [first, 'first\n'],
    ] as const) {
      await origin.git('update-ref', 'refs/heads/wanders', at);
      await mirror.fetch();
      expect(await mirror.head('wanders')).toBe(at);
      expect(await mirror.readFile('wanders', 'src/a.txt')).toBe(text);
    }
  });

  it('without a branch tells where it is, and brings it to whoever asks for all', async () => {
    const made = await origin.git('commit-tree', `${base}^{tree}`, '-p', base, '-m', 'ledger');
    await origin.git('update-ref', 'refs/heads/assent/ledger', made);
    await mirror.fetch({ without: 'assent/ledger' });
    expect(await mirror.head('assent/ledger')).toBe(made);
    await expect(mirror.listFiles(made, '')).rejects.toThrow('not a tree');

    await Promise.all([mirror.fetch({ without: 'assent/ledger' }), mirror.fetch()]);
    expect(await mirror.listFiles(made, '')).toContain('src/a.txt');
  });

  it('many at once do not collide', async () => {
    await expect(
      Promise.all(Array.from({ length: 8 }, () => mirror.fetch())),
    ).resolves.toHaveLength(8);
  });

  it('sends the token in a header, and keeps it in no file of the mirror', async () => {
    expect(server.authorizations.at(-1)).toMatch(/^Basic /);
    expect(await readFile(join(origin.directory, 'mirror.git/config'), 'utf8')).not.toMatch(
      /ghs_|Basic|127/,
    );
  });

  it.for<[string, () => string, string]>([
    ['a wrong token', () => `${server.url}/origin`, 'wrong'],
    ['a repository that is not there', () => `${server.url}/nothing`, token],
    ['a host that is not there', () => 'http://127.0.0.1:9/x', token],
  ])('%s is a fault that does not show the token', async ([name, url, secret]) => {
    const other = await openAt(`${name.replaceAll(' ', '-')}.git`, url(), secret);
    const fault: unknown = await other.fetch().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(MirrorFault);
    expect(String(fault)).not.toContain(secret);
  });

  it.for(['https://ann:secret@example.org/x', 'ssh://example.org/x', 'ext::sh -c id'])(
    '%s is no address to fetch from',
    async (url) => {
      const other = await openAt('never.git', url);
      await expect(other.fetch()).rejects.toThrow(TypeError);
    },
  );
});

describe('reading', () => {
  it('gives a file as it stands at a revision, null where there is none', async () => {
    expect(await mirror.readFile('main', 'src/a.txt')).toBe('one\ntwo\nthree\n');
    expect(await mirror.readFile(base, 'src')).toBeNull();
    expect(await mirror.readFile(base, 'nothing')).toBeNull();
    expect(await mirror.head('nothing')).toBeNull();
  });

  it('a link is no file', async () => {
    await origin.git('checkout', '-q', '-b', 'link', base);
    await origin.git('rm', '-q', 'src/b.txt');
    const blob = await origin.git('hash-object', '-w', 'README.md');
    await origin.git('update-index', '--add', '--cacheinfo', `120000,${blob},src/b.txt`);
    await origin.git('commit', '-q', '-m', 'link');
    const sha = await origin.git('rev-parse', 'HEAD');
    await origin.git('checkout', '-q', '-f', 'main');
    await mirror.fetch();
    expect(await mirror.readFile(sha, 'src/b.txt')).toBeNull();
    expect(await mirror.changedFiles(base, sha)).toMatchObject([
      { path: 'src/b.txt', status: 'type_changed', new_mode: '120000' },
    ]);
  });

  it.for(['--help', 'main..topic', '-x', 'HEAD~1', ':/x', 'a b', 'x.lock', '../x'])(
    '"%s" is no revision',
    async (rev) => {
      await expect(mirror.listFiles(rev, '')).rejects.toThrow('neither a sha nor a branch');
    },
  );

  it("a sha's parent is one", async () => {
    const sha = await change('parent', { 'src/a.txt': 'p\n' });
    expect(await mirror.changedFiles(`${sha}^1`, sha)).toMatchObject([{ path: 'src/a.txt' }]);
  });
});

describe('what a pull request changes', () => {
  it('is what its branch did since it left the base', async () => {
    const head = await change('feature', { 'src/c.txt': 'c\n', 'src/a.txt': 'one\ntwo\n' });
    const moved = await origin.commit('On main', { 'README.md': '# moved\n' });
    await mirror.fetch();
    expect(await mirror.changedFiles(moved, head)).toEqual([
      {
        path: 'src/a.txt',
        status: 'modified',
        additions: 0,
        deletions: 1,
        binary: false,
        old_mode: '100644',
        new_mode: '100644',
      },
      {
        path: 'src/c.txt',
        status: 'added',
        additions: 1,
        deletions: 0,
        binary: false,
        old_mode: '000000',
        new_mode: '100644',
      },
    ]);
    expect(await mirror.patch(moved, head)).not.toContain('# moved');
    expect(await mirror.mergeBase(moved, head)).toBe(base);
    expect(await mirror.isAncestor(base, head)).toBe(true);
    expect(await mirror.isAncestor(head, moved)).toBe(false);
    expect(await mirror.commits(moved, head)).toMatchObject([
      { sha: head, parents: [base], author: { name: 'Ada' }, subject: 'feature' },
    ]);
  });

  it('knows whether a word is in the files, whole, and in more than documents', async () => {
    const head = await change('words', {
      'src/a.txt': 'read WIDGET_HOME\n',
      'docs/b.md': 'WIDGET_KEY\n',
    });
    const words = ['WIDGET_HOME', 'WIDGET', 'WIDGET_KEY', 'widget_home', '--help', '.*'];
    const known = [];
    for (const word of words) if (await mirror.isMentioned(head, word)) known.push(word);
    expect(known).toEqual(['WIDGET_HOME']);
  });

  it('is not hidden by attributes of its own', async () => {
    const head = await change('attributes', {
      '.gitattributes': '*.txt -diff\n',
      'src/a.txt': 'one\nTWO\nthree\n',
    });
    expect(await mirror.patch(base, head)).toContain('+TWO');
    expect(await mirror.changedFiles(base, head)).toContainEqual(
      expect.objectContaining({ path: 'src/a.txt', additions: 1, deletions: 1, binary: false }),
    );
  });

  it('has binaries and odd names as they are', async () => {
    const head = await change('odd', {
      'logo.png': Buffer.from([0x89, 0x50, 0, 1, 2]),
      'tab\there "quoted" ü.txt': 'x\n',
    });
    const files = await mirror.changedFiles(base, head);
    expect(files.map(({ path, binary }) => [path, binary])).toEqual([
      ['logo.png', true],
      ['tab\there "quoted" ü.txt', false],
    ]);
  });

  it('a rename is a file removed and a file added', async () => {
    await origin.git('checkout', '-q', '-b', 'rename', base);
    await origin.git('mv', 'src/a.txt', 'policies.txt');
    const head = await origin.commit('rename');
    await origin.git('checkout', '-q', 'main');
    await mirror.fetch();
    const files = await mirror.changedFiles(base, head);
    expect(files.map(({ path, status }) => [path, status])).toEqual([
      ['policies.txt', 'added'],
      ['src/a.txt', 'removed'],
    ]);
  });
});

describe('the hash of a change', () => {
  it('stays the same when it is rebased onto other lines', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    const root = await change('long', { 'long.txt': `${lines.join('\n')}\n` });
    const edited = (list: readonly string[]) =>
      `${list.join('\n').replace('line 30', 'LINE 30')}\n`;
    const before = await change('edit', { 'long.txt': edited(lines) }, root);
    const shifted = ['above', ...lines];
    const onto = await change('shift', { 'long.txt': `${shifted.join('\n')}\n` }, root);
    const after = await change('edit-rebased', { 'long.txt': edited(shifted) }, onto);
    expect(await mirror.diffHash(onto, after)).toBe(await mirror.diffHash(root, before));
  });

  it.for([
    ['white space', 'one\n two!\nthree\n'],
    ['another line', 'one\ntwo!\nfour\n'],
  ] as const)('differs by %s', async ([name, text]) => {
    const one = await change(`one-${name.replace(' ', '-')}`, {
      'src/a.txt': 'one\ntwo!\nthree\n',
    });
    const two = await change(`two-${name.replace(' ', '-')}`, { 'src/a.txt': text });
    expect(await mirror.diffHash(base, one)).not.toBe(await mirror.diffHash(base, two));
  });
});

describe('pushing', () => {
  const commit = async (text: string) => change(`for-push-${text}`, { 'src/a.txt': `${text}\n` });

  it('makes the branch, again changes nothing, then moves it on its lease', async () => {
    const [first, second] = [await commit('p1'), await commit('p2')];
    const push = (sha: string, lease: string | null) =>
      mirror.push({ branch: 'assent/issue-1', sha, lease });
    expect(await push(first, null)).toMatchObject({ ok: true });
    expect(await push(first, null)).toMatchObject({ ok: true });
    expect(await push(second, first)).toMatchObject({ ok: true });
    expect(await origin.git('rev-parse', 'assent/issue-1')).toBe(second);
    expect(await mirror.head('assent/issue-1')).toBe(second);
  });

  it('is refused where somebody else pushed meanwhile', async () => {
    const [ours, theirs, next] = [await commit('q1'), await commit('q2'), await commit('q3')];
    await mirror.push({ branch: 'assent/issue-2', sha: ours, lease: null });
    await origin.git('update-ref', 'refs/heads/assent/issue-2', theirs);
    expect(await mirror.push({ branch: 'assent/issue-2', sha: next, lease: ours })).toMatchObject({
      ok: false,
      refusal: { code: 'push.lease' },
    });
    expect(await mirror.push({ branch: 'assent/issue-2', sha: next, lease: null })).toMatchObject({
      ok: false,
      refusal: { code: 'push.lease' },
    });
    expect(await origin.git('rev-parse', 'assent/issue-2')).toBe(theirs);
  });

  describe('a commit that was made on another machine', () => {
    const elsewhere = async (name: string) => {
      await origin.git('checkout', '-q', '-b', name, base);
      const sha = await origin.commit(name, { 'src/a.txt': `${name}\n` });
      await origin.git('checkout', '-q', 'main');
      return sha;
    };

    it('and is where it should be needs no push: it is fetched', async () => {
      const sha = await elsewhere('assent/issue-7');
      expect(await mirror.push({ branch: 'assent/issue-7', sha, lease: null })).toMatchObject({
        ok: true,
      });
      expect(await mirror.head('assent/issue-7')).toBe(sha);
      expect(await mirror.changedFiles('main', sha)).toHaveLength(1);
    });

    it('and is not there is told as missing, and nothing is pushed', async () => {
      const sha = 'deadbeef'.repeat(5);
      expect(await mirror.push({ branch: 'assent/issue-8', sha, lease: null })).toMatchObject({
        ok: false,
        refusal: { code: 'push.missing', message: expect.stringContaining('deadbee') },
      });
      expect(await origin.git('branch', '--list', 'assent/issue-8')).toBe('');
    });
  });

  it.for(['main', 'assent', 'assent/../main', 'feature', '--force', 'assent/x:main'])(
    'never goes to "%s"',
    async (branch) => {
      expect(await mirror.push({ branch, sha: base, lease: null })).toMatchObject({
        ok: false,
        refusal: { code: 'push.branch' },
      });
    },
  );

  it('that the host refuses says so in its words', async () => {
    const sha = await commit('refused');
    const hook = join(origin.path, '.git/hooks/pre-receive');
    await writeFile(hook, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await mirror.push({ branch: 'assent/issue-3', sha, lease: null })).toMatchObject({
      ok: false,
      refusal: {
        code: 'push.rejected',
        message: expect.stringContaining('pre-receive hook declined'),
      },
    });
  });
});
