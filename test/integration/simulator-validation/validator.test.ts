import { describe, expect, it } from 'vitest';
import { createValidator, MismatchError } from '../../../src/simulator/validation/validator.ts';
import type { ValidatorOptions } from '../../../src/simulator/validation/validator.ts';

const label = {
  id: 1,
  node_id: 'LA_1',
  url: 'https://api.github.com/repos/acme/widgets/labels/bug',
  name: 'bug',
  description: null,
  color: 'd73a4a',
  default: false,
};
const refusal = {
  message: 'Validation Failed',
  documentation_url: 'https://docs.github.com/rest',
  status: '422',
  errors: [{ code: 'invalid' }],
};

const createLabel = {
  method: 'POST',
  path: '/repos/acme/widgets/labels',
  requestBody: { name: 'bug', color: 'd73a4a' } as unknown,
  status: 201,
  responseBody: label as unknown,
  contentType: 'application/json; charset=utf-8',
};

function mismatchesOf(change: Partial<typeof createLabel>, options?: ValidatorOptions): string[] {
  const validator = createValidator(options);
  validator.exchange({ ...createLabel, ...change });
  return validator
    .report()
    .mismatches.map(
      ({ kind, operation, where, message }) => `${kind} ${operation}: ${where} ${message}`,
    );
}

describe('an exchange of REST', () => {
  it.each<[string, Partial<typeof createLabel>]>([
    ['as described', {}],
    ['with null where null is documented', { responseBody: { ...label, description: null } }],
    [
      'of a general kind that no operation documents: an outage',
      { status: 502, responseBody: { message: 'Server Error' } },
    ],
    [
      'that is an outage in HTML',
      { status: 503, responseBody: '<html>', contentType: 'text/html' },
    ],
    [
      'not modified',
      { method: 'GET', requestBody: undefined, status: 304, responseBody: undefined },
    ],
    [
      'with documented parameters',
      {
        method: 'GET',
        path: '/repos/acme/widgets/labels?per_page=100&page=2',
        requestBody: undefined,
        status: 200,
        responseBody: [label],
      },
    ],
    [
      'of a path with slashes',
      {
        method: 'GET',
        path: '/repos/acme/widgets/git/ref/heads/a/b',
        requestBody: undefined,
        status: 404,
        responseBody: { message: 'Not Found', status: '404' },
      },
    ],
  ])('%s is no mismatch', (_title, change) => {
    expect(mismatchesOf(change, { strictRequests: true })).toEqual([]);
  });

  it.each<[string, Partial<typeof createLabel>, string]>([
    [
      'a missing field',
      { responseBody: { ...label, node_id: undefined } },
      "response issues/create-label: body  must have required property 'node_id'",
    ],
    [
      'a field of the wrong type',
      { responseBody: { ...label, id: '1' } },
      'response issues/create-label: body /id must be integer',
    ],
    [
      'null where it is not documented',
      { responseBody: { ...label, name: null } },
      'response issues/create-label: body /name must be string',
    ],
    [
      'an undocumented field',
      { responseBody: { ...label, colour: 'red' } },
      'response issues/create-label: body /colour is not documented',
    ],
    [
      'no body where one is documented',
      { responseBody: undefined },
      'response issues/create-label: body  must be object',
    ],
    [
      'an undocumented status',
      { status: 200 },
      'response issues/create-label: status 200 is not documented',
    ],
    [
      'an undocumented media type',
      { contentType: 'text/plain' },
      'response issues/create-label: content-type "text/plain" is not documented',
    ],
    [
      'a malformed field deep in a list',
      {
        method: 'GET',
        requestBody: undefined,
        status: 200,
        responseBody: [label, { ...label, url: 'no url' }],
      },
      'response issues/list-labels-for-repo: body /1/url must match format "uri"',
    ],
    [
      'a body where none is documented',
      {
        method: 'DELETE',
        path: '/repos/acme/widgets/labels/bug',
        requestBody: undefined,
        status: 204,
      },
      'response issues/delete-label: body a reply 204 has none',
    ],
    [
      'a refusal without its message',
      { status: 422, responseBody: { ...refusal, message: undefined } },
      "response issues/create-label: body  must have required property 'message'",
    ],
    [
      'an accepted body of a wrong type',
      { requestBody: { name: 7 } },
      'request issues/create-label: body /name must be string',
    ],
    [
      'an accepted request without its body',
      { requestBody: undefined },
      'request issues/create-label: body is required',
    ],
    [
      'a success on an undocumented path',
      { path: '/repos/acme/widgets/lables' },
      'request POST /repos/acme/widgets/lables: path is not documented, or not kept by scripts/prune-github-description.ts',
    ],
  ])('%s is found', (_title, change, mismatch) => {
    expect(mismatchesOf(change)).toContain(mismatch);
  });
});

describe("a client's own fault", () => {
  it.each<[string, Partial<typeof createLabel>]>([
    ['a malformed body, refused', { requestBody: { name: 7 }, status: 422, responseBody: refusal }],
    [
      'an unknown path, refused',
      { path: '/nowhere', status: 404, responseBody: { message: 'Not Found' } },
    ],
    ['an undocumented query parameter', { path: '/repos/acme/widgets/labels?colour=red' }],
    ['an undocumented property', { requestBody: { name: 'bug', colour: 'red' } }],
  ])(
    '%s: not the simulator’s mismatch, but one where the client is under test',
    (_title, change) => {
      expect(mismatchesOf(change)).toEqual([]);
      expect(mismatchesOf(change, { strictRequests: true })).toHaveLength(1);
    },
  );
});

describe('a webhook', () => {
  const user = { id: 1, login: 'ann' };

  it.each([
    ['of an unknown event', 'starfall', null, {}, 'event is not documented'],
    ['with an unknown action', 'issues', 'opend', { action: 'opend' }, 'event is not documented'],
    [
      'with a field of the wrong type',
      'ping',
      null,
      { zen: 7, hook_id: 1, hook: {} },
      'payload /zen must be string',
    ],
    [
      'with a field missing',
      'create',
      null,
      { ref: 'x', ref_type: 'branch', master_branch: 'main', pusher_type: 'user', sender: user },
      "payload  must have required property 'description'",
    ],
    [
      'with an undocumented field',
      'ping',
      null,
      { zen: '', wind: 'fair' },
      'payload /wind is not documented',
    ],
  ])('%s is found', (_title, event, action, payload, mismatch) => {
    const validator = createValidator();

    validator.webhook({ event, action, payload });

    expect(
      validator.report().mismatches.map(({ where, message }) => `${where} ${message}`),
    ).toContain(mismatch);
  });
});

describe('an exchange of GraphQL', () => {
  const document =
    'query ($n: Int!) { repository(owner: "a", name: "b") { pullRequest(number: $n) { title is: state author { login ... on User { databaseId } } } } }';
  const answer = (pullRequest: unknown): unknown => ({ data: { repository: { pullRequest } } });
  const pullRequest = { title: 't', is: 'OPEN', author: { login: 'ann', databaseId: 7 } };
  const check = (
    exchange: { document?: string; variables?: unknown; response: unknown },
    options?: ValidatorOptions,
  ): string[] => {
    const validator = createValidator(options);
    validator.graphql({ document, variables: { n: 1 }, ...exchange });
    return validator.report().mismatches.map(({ where, message }) => `${where} ${message}`);
  };

  it('as the SDL has it is no mismatch', () => {
    expect(check({ response: answer(pullRequest) }, { strictRequests: true })).toEqual([]);
  });

  it('whose nullable field is null beside an error is no mismatch', () => {
    expect(
      check({
        response: {
          data: { repository: null },
          errors: [{ message: 'Could not resolve to a Repository' }],
        },
      }),
    ).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    [
      'null where null is not allowed',
      answer({ ...pullRequest, title: null }),
      'data repository.pullRequest.title Cannot return null',
    ],
    [
      'an unknown enum value',
      answer({ ...pullRequest, is: 'open' }),
      'data repository.pullRequest.is Enum "PullRequestState" cannot represent value',
    ],
    [
      'a field that was not asked for',
      answer({ ...pullRequest, body: '' }),
      'data has fields missing or fields that were not asked for',
    ],
    [
      'a missing field',
      answer({ title: 't', is: 'OPEN' }),
      'data has fields missing or fields that were not asked for',
    ],
    ['neither data nor errors', {}, 'data is missing, and so are errors'],
  ])('an answer with %s is found', (_title, response, mismatch) => {
    expect(check({ response }).some((found) => found.startsWith(mismatch))).toBe(true);
  });

  it.each([
    [
      'an unknown field',
      { document: '{ viewer { shoeSize } }' },
      'document Cannot query field "shoeSize" on type "User".',
    ],
    [
      'a variable of the wrong type',
      { variables: { n: 'one' } },
      'variables Variable "$n" got invalid value',
    ],
    ['no GraphQL at all', { document: 'SELECT 1' }, 'document Syntax Error'],
  ])(
    'a document with %s is the client’s fault when refused, the simulator’s when answered',
    (_title, change, mismatch) => {
      const refused = { ...change, response: { errors: [{ message: 'no' }] } };

      expect(check(refused)).toEqual([]);
      expect(
        check(refused, { strictRequests: true }).some((found) => found.startsWith(mismatch)),
      ).toBe(true);
      expect(check({ ...change, response: answer(pullRequest) })).toContain(
        'data answers a request that GitHub refuses',
      );
    },
  );
});

describe('the report', () => {
  it('counts the same mismatch instead of repeating it, also at another place of a list', () => {
    const validator = createValidator();
    const broken = { ...label, id: 'x' };

    validator.exchange({
      ...createLabel,
      method: 'GET',
      requestBody: undefined,
      status: 200,
      responseBody: [broken, broken],
    });

    expect(validator.report()).toMatchObject({
      requests: 1,
      responses: 1,
      mismatches: [{ count: 2, where: 'body /0/id' }],
    });
  });

  it('fails a run that had a mismatch, naming it, and lets one pass that had none', () => {
    const validator = createValidator();
    validator.exchange(createLabel);
    expect(() => validator.assertNone()).not.toThrow();

    validator.exchange({ ...createLabel, responseBody: {} });

    expect(() => validator.assertNone()).toThrow(MismatchError);
    expect(() => validator.assertNone()).toThrow(
      /issues\/create-label: .*POST \/repos\/acme\/widgets\/labels \(201\)/s,
    );
  });
});
