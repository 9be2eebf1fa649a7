import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../src/adapters/policy/condition.ts';
import type { PolicyRequest } from '../../../src/domain/policy/request.ts';
import { merge, pull } from '../../support/policy.ts';

const empty: PolicyRequest = { ...merge, pull_request: { ...pull, files: [] } };

/** True, false, or the reason why neither. */
function test(source: string, request: PolicyRequest = merge): boolean | string {
  const compiled = compileCondition(source);
  if (!compiled.ok) throw new Error(compiled.refusal.message);
  const result = compiled.value.test(request);
  return result.ok ? result.value : result.refusal.message;
}

const fault = (source: string) => {
  const compiled = compileCondition(source);
  return compiled.ok ? null : compiled.refusal;
};

describe('a condition is about the request', () => {
  it.each([
    ['pull_request.files.exists(f, f.path.startsWith("src/"))', true],
    ['pull_request.files[0].additions + pull_request.files[0].deletions > 500', false],
    ['size(pull_request.files) == 1', true],
    ['"bug" in pull_request.labels', false],
    ['pull_request.title.matches("^Gr.*s$")', true],
    ['pull_request.title.lowerAscii() == "greets"', true],
    ['action.kind == "pull_request.merge" && action.agent == null', true],
    ['action.agent == "contributor"', false],
    ['people["mia"].permission == "maintain"', true],
    ['people.exists(login, people[login].permission == "admin")', true],
    ['usage.usd_today < 0.5 && usage.tokens_today < 1', true],
    ['timestamp(at).getDayOfWeek("Europe/Berlin") == 5', true],
    ['pull_request.author.type == "User"', true],
    ['"constructor" in people', false],
  ])('%s', (source, value) => expect(test(source)).toBe(value));
});

describe('what is not there', () => {
  it.each([
    ['can be asked for with has', 'has(issue.number)', false],
    ['can be asked for with has, also where it is optional', 'has(pull_request.pushes)', false],
    ['can be compared with null', 'issue == null', true],
    ['can be guarded', 'issue != null && issue.number == 3', false],
  ])('%s', (_rule, source, value) => expect(test(source)).toBe(value));

  it('is an error where it is used', () => {
    expect(test('issue.number == 3')).toMatch(/issue\.number == 3: field not found/);
  });
});

describe('all over the files of a pull request is false where there are none', () => {
  it.each([
    ['of the files', 'pull_request.files.all(f, f.path.startsWith("src/"))', true, false],
    ['by index', 'pull_request["files"].all(f, true)', true, false],
    [
      'of files that a filter left out',
      'pull_request.files.filter(f, f.path.endsWith(".md")).all(f, true)',
      false,
      false,
    ],
    ['of mapped files', 'pull_request.files.map(f, f.path).all(p, p != "")', true, false],
    [
      'inside another macro',
      'pull_request.files.all(f, pull_request.files.all(g, g.path == f.path))',
      true,
      false,
    ],
    ['negated', '!pull_request.files.all(f, f.path.startsWith("docs/"))', true, true],
    [
      'under a condition',
      'pull_request.draft ? true : pull_request.files.all(f, true)',
      true,
      false,
    ],
    [
      'and stays true of other lists, as in CEL',
      'pull_request.labels.all(l, l == "x")',
      true,
      true,
    ],
  ])('%s', (_rule, source, some, none) => {
    expect([test(source, merge), test(source, empty)]).toEqual([some, none]);
  });
});

describe('a condition is refused when the policy is read', () => {
  it.each([
    [
      'an unknown field, with the nearest',
      'pull_request.filez.exists(f, true)',
      /no field "filez".*"files"/,
      13,
    ],
    [
      'an unknown field of an element',
      'pull_request.files.exists(f, f.pth == "a")',
      /no field "pth".*"path"/,
      31,
    ],
    [
      'an unknown name, with the nearest',
      'pul_request.draft',
      /unknown name "pul_request".*"pull_request"/,
      0,
    ],
    ['a comparison across types', 'pull_request.number == "3"', /int == string/, 0],
    [
      'a value that is neither true nor false',
      'pull_request.number',
      /must give true or false/,
      null,
    ],
    ['a function the evaluator lacks', 'cel.bind(x, 1, x == 1)', /unknown function "bind"/, 0],
    ['a function nobody knows', 'at.nonsense()', /nonsense/, 0],
    ['a pattern that is none', 'at.matches("[")', /no RE2 expression/, 11],
    ['a look-behind, which RE2 has not', 'at.matches("(?<=a)b")', /no RE2 expression/, 11],
    ['what is no expression', 'true &&', /EOF/, 7],
    ['nothing', '', /EOF/, 0],
    ['too long a text', `at == "${'x'.repeat(5000)}"`, /longer than 4096/, null],
    ['too deep a nesting', `${'('.repeat(65)}true${')'.repeat(65)}`, /nested deeper than 64/, null],
    ['too long a chain', `${'!'.repeat(4000)}true`, /2000/, 2000],
  ])('%s', (_rule, source, message, offset) => {
    expect(fault(source)?.message).toMatch(message);
    expect(fault(source)?.offset).toBe(offset);
  });
});

describe('a condition that would take too long is an error', () => {
  const many = Array.from({ length: 2000 }, (_, index) => ({
    path: `f${index}`,
    status: 'added',
    additions: 1,
    deletions: 0,
  }));
  const large: PolicyRequest = { ...merge, pull_request: { ...pull, files: many } };

  it('when macros stand inside one another over a long list', () => {
    const nested =
      'pull_request.files.exists(f, pull_request.files.exists(g, f.path == g.path + "x"))';
    expect(test(nested, large)).toMatch(
      /2 macros inside one another over a list of 2000 would take too long/,
    );
    expect(test(nested, merge)).toBe(false);
  });

  it('and not when one goes over it', () => {
    expect(test('pull_request.files.exists(f, f.path == "f1999")', large)).toBe(true);
  });

  it('a pattern made to backtrack does not', () => {
    const evil: PolicyRequest = {
      ...merge,
      pull_request: { ...pull, title: `${'a'.repeat(5000)}!` },
    };
    expect(test('pull_request.title.matches("^(a+)+$")', evil)).toBe(false);
  });
});
