import { describe, expect, it } from 'vitest';
import { findSecrets, secretFormats, withoutSecrets } from '../../../src/domain/secrets/find.ts';
import { filledSamples, secretTemplates, wrappings } from '../../support/secret-samples.ts';

const rules = Object.keys(secretTemplates);
const [privateKey = ''] = filledSamples('private-key', 1);
const [githubToken = ''] = filledSamples('github-token', 1);

describe('a secret is found by its format', () => {
  it.for(rules)('%s', (rule) => {
    for (const seed of [1, 2, 3])
      for (const sample of filledSamples(rule, seed))
        expect(
          findSecrets(`first\n${sample}\nlast`).map((found) => found.rule),
          sample,
        ).toContain(rule);
  });

  it('and every format has a sample', () => {
    expect(secretFormats.map(({ id }) => id).filter((id) => !rules.includes(id))).toEqual([]);
  });

  it('and no two formats have one name', () => {
    const ids = secretFormats.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a secret of one word is found wherever it stands', () => {
  const bound = new Set(['npmrc-credential', 'jwk', 'named-secret']);
  const words = rules
    .filter((rule) => !bound.has(rule))
    .flatMap((rule) => filledSamples(rule, 7).map((sample) => ({ rule, sample })))
    .filter(({ sample }) => /^[A-Za-z0-9_.$~-]+$/.test(sample));

  it.for(Object.entries(wrappings))('%s', ([, wrapped]) => {
    const missed = words.filter(
      ({ rule, sample }) => !findSecrets(wrapped(sample)).some((found) => found.rule === rule),
    );
    expect(words.length).toBeGreaterThan(80);
    expect(missed).toEqual([]);
  });
});

it('a secret beside its name is found in JSON inside of JSON, too', () => {
  for (const sample of filledSamples('docker-auth', 3))
    expect(findSecrets(JSON.stringify({ log: sample })).map(({ rule }) => rule)).toEqual([
      'docker-auth',
    ]);
});

describe('what is found', () => {
  it('says the place and never the secret', () => {
    const [found] = findSecrets(`a\nb\n  token: ${githubToken}\n`);
    expect(found).toMatchObject({
      rule: 'github-token',
      line: 3,
      column: 10,
      excerpt: 'ghp_… (40 characters)',
      confidence: 'high',
    });
    expect(JSON.stringify(found)).not.toContain(githubToken.slice(4, 12));
  });

  it('is one finding a place, however many rules see it', () => {
    expect(findSecrets(`api_token = "${githubToken}"`)).toHaveLength(1);
  });

  it('is all of it, in the order of the text', () => {
    const text = `${githubToken}\n${privateKey}\nx\n${githubToken}`;
    expect(findSecrets(text).map(({ rule, line }) => [rule, line])).toEqual([
      ['github-token', 1],
      ['private-key', 2],
      ['github-token', privateKey.split('\n').length + 3],
    ]);
  });

  it('can be blanked out', () => {
    expect(withoutSecrets(`a ${githubToken} b\n${privateKey}\nc`)).toBe(
      'a [GitHub token removed] b\n[Private key removed]\nc',
    );
    expect(withoutSecrets('nothing here')).toBe('nothing here');
  });
});

describe('a private key is found', () => {
  it.for([
    ['in a JSON string', JSON.stringify({ private_key: privateKey })],
    [
      'in source text, line by line',
      privateKey
        .split('\n')
        .map((line) => `  '${line}\\n' +`)
        .join('\n'),
    ],
    [
      'indented in YAML',
      privateKey
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n'),
    ],
    ['in one line of an .env file', `KEY="${privateKey.replaceAll('\n', '\\n')}"`],
    ['by its header, if that is all there is', privateKey.split('\n')[0] ?? ''],
  ] as const)('%s', ([, text]) => {
    expect(findSecrets(text).map(({ rule }) => rule)).toEqual(['private-key']);
  });

  it.for([
    [
      'where a program looks for the header',
      `if (text.includes('${privateKey.split('\n')[0]}')) read();`,
    ],
    [
      'where documentation leaves the body out',
      `${privateKey.split('\n')[0]}\n...\n${privateKey.split('\n').at(-1)}`,
    ],
  ] as const)('but not %s', ([, text]) => {
    expect(findSecrets(text)).toEqual([]);
  });
});

describe('what is no secret is not reported', () => {
  it.for([
    ['a placeholder of documentation', ['AKIA', 'IOSFODNN7EXAMPLE'].join('')],
    ['a row of one letter', `ghp_${'x'.repeat(36)}`],
    ['letters counted up', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
    ['a template', 'api_key: "${{ secrets.API_KEY }}"'],
    ['the environment', 'const token = process.env.GITHUB_TOKEN_FOR_TESTS'],
    ['a call', 'const accessToken = await getAccessTokenFromCache(request2);'],
    ['a class of a style sheet', '<div class="sk-folding-cube-with-a-very-long-name-for-it sk-2">'],
    [
      'a hash beside its name',
      'sha256: 0123456789abcdef8899aabbccddeeff0123456789abcdef8899aabbccddeeff',
    ],
    [
      'the integrity of a lock file',
      '"integrity": "sha512-8jRp2b1rQh8mXbI3a8nTz0bqXQ0v9mJpQk1uJ8oV4yFq7l2Zt5sW6dC3xE9gH0kLmN1pO2qR3sT4uV5wX6yZ7A=="',
    ],
    ['a name of a secret', 'secretName: production-database-credentials-v2'],
    ['the development database of everybody', 'postgres://postgres:postgres@localhost:5432/app'],
    ['the address with user and password of a manual', 'https://user:password@example.com/'],
    ['a version beside a name', '"@acme/tokenizer": "^1.20.3-beta.4"'],
    ['an identifier', 'privateKey: PRIVATE_KEY_PKCS8,'],
    ['a uuid by itself', 'id: 3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['a commit', 'uses: actions/checkout@8e8c483db84b4bee98b60c0593521ed34d9990e8'],
    [
      'the token of every tutorial',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
    ],
  ] as const)('%s', ([, text]) => {
    expect(findSecrets(text)).toEqual([]);
  });
});

describe('time grows with the length of a text and nothing else', () => {
  it('for every pattern, since each of its quantifiers is bounded and none stands in another', () => {
    for (const { id, pattern } of secretFormats) {
      const source = pattern.source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
      expect(source.match(/[*+]|\{\d+,\}/g), id).toBeNull();
      expect(source.match(/\([^()]*\{\d+,\d+\}[^()]*\)(?:\{\d+,\d+\})/g), id).toBeNull();
    }
  });

  // A quadratic pattern takes minutes for each of these, and the test runner's patience is seconds.
  it.for([
    'a',
    'a.',
    'ghs_',
    'eyJ',
    'eyJa.eyJ',
    'a://b:',
    '://:@',
    'password=',
    'password: "',
    'secret_key',
    'curl -u ',
    'server=',
    'MT.G.',
    ['-----BEGIN PRIVATE', 'KEY-----\n'].join(' '),
    [['-----BEGIN PRIVATE', 'KEY-----'].join(' '), `MIIEvg${'aB3d'.repeat(15)}`, ''].join('\n'),
    'machine a login b password ',
    'Authorization: Bearer ',
    '"d":"',
    '\n',
    '=',
  ])('on a row of %j', (part) => {
    const text = part.repeat(Math.ceil(300_000 / part.length));
    expect(findSecrets(text).length).toBeLessThanOrEqual(text.length);
  });
});
