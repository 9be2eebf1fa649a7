import { describe, expect, it } from 'vitest';
import { checkCondition } from '../../../src/adapters/policy/check-condition.ts';

/** What is wrong with a condition, or nothing. */
const fault = (source: string) => {
  const checked = checkCondition(source);
  return checked.ok ? '' : checked.refusal.message;
};
const onFiles = (body: string) => `pull_request.files.exists(f, ${body})`;

describe('a slip is told with what was meant', () => {
  it.each([
    ['a field', 'pull_request.titel == "x"', /no field "titel" here; did you mean "title"\?$/],
    ['a field before a call', 'pull_request.titel.trim() == "x"', /did you mean "title"\?$/],
    ['a field of a person', 'people["ada"].permision == "x"', /did you mean "permission"\?$/],
    ['a field that has() asks for', 'has(pull_request.pushs)', /did you mean "pushes"\?$/],
    ['a field of this type, not of another', onFiles('f.name == "x"'), /no field "name" here/],
    ['a field like none, with all there are', onFiles('f.zzz == 1'), /there are path, status/],
    ['a name', 'pull_requst.draft', /unknown name "pull_requst"; did you mean "pull_request"\?/],
    [
      'a function',
      'at.startWith("x")',
      /unknown function "startWith"; did you mean "startsWith"\?/,
    ],
    ['a macro', 'pull_request.files.exist(f, true)', /"exist"; did you mean "exists"\?/],
    ['a macro of another dialect', 'pull_request.files.existsOne(f, true)', /"exists_one"\?/],
    ['a status', onFiles('f.status == "modifed"'), /never "modifed".*did you mean "modified"\?/],
    ['a status by index', onFiles('f["status"] == "modifed"'), /did you mean "modified"\?/],
    ['the other way round', onFiles('"modifed" != f.status'), /did you mean "modified"\?/],
    ['in a list', onFiles('f.status in ["added", "delted"]'), /never "delted"/],
    ['a permission', 'people["a"].permission == "maintainer"', /did you mean "maintain"\?/],
    ['a kind of account', 'pull_request.author.type == "user"', /did you mean "User"\?/],
    ['a state of a review', 'evidence.reviews.exists(r, r.state == "APPROVED")', /"approved"\?/],
    ['an agent', 'action.agent == "contributer"', /did you mean "contributor"\?/],
    ['a tier', 'made_with.tier == "outwards"', /did you mean "outward"\?/],
    ['an action', 'action.kind == "pull_request.merg"', /did you mean "pull_request.merge"\?/],
    ['a conclusion', 'pull_request.checks.all(c, c.conclusion == "sucess")', /"success"\?/],
  ])('%s', (_rule, source, message) => expect(fault(source)).toMatch(message));

  it.each([
    ['a known value', onFiles('f.status in ["added", "removed"]')],
    ["an agent of one's own", 'action.agent == "translator"'],
    [
      "a check's conclusion nobody knows",
      'pull_request.checks.exists(c, c.conclusion == "warned")',
    ],
    ['a name like one, elsewhere', 'pull_request.title == "modifed"'],
    ['an optional fact', 'has(pull_request.pushes) && !has(issue.plan)'],
    ['owners of a file', onFiles('has(f.owners) && "@ann" in f.owners')],
    ['approvals before', 'prior_approvals != null && prior_approvals.exists(a, a.step == "plan")'],
    ['what it was made with', 'made_with != null && !(made_with.tier in ["read", "write"])'],
  ])('and not %s', (_rule, source) => expect(fault(source)).toBe(''));
});

describe('what can never be true is a fault', () => {
  it.each([
    [
      'a label that is a number',
      'pull_request.labels.exists(l, l == 3)',
      /these can never be equal/,
    ],
    ['a number among labels', '3 in pull_request.labels', /these can never be in one another/],
    ['all labels being one', 'pull_request.labels == "bug"', /ask with "in"/],
    ['null where nothing is null', 'pull_request.draft == null', /never null here/],
    ['a number of more than 64 bits', 'pull_request.number == 9223372036854775808', /64 bits/],
    ['a number beyond all', 'usage.usd_today < 1e999', /Infinity/],
    ['what hides its type', 'dyn(pull_request.number) == "x"', /dyn hides types/],
  ])('%s', (_rule, source, message) => expect(fault(source)).toMatch(message));
});

describe('a pattern', () => {
  const matching = (pattern: string) => `pull_request.title.matches("${pattern}")`;
  it.each([
    ['that a pull request brings', 'pull_request.title.matches(pull_request.body)', /written out/],
    ['that is put together', 'at.matches("a" + "b")', /written out/],
    ['of a list that is none', '["a", "b("].exists(p, at.matches(p))', /"b\(" is no RE2/],
    [
      'from the pull request under the name of a written one',
      '["a"].exists(p, at.matches(p)) || pull_request.labels.exists(p, at.matches(p))',
      /written out/,
    ],
    ['too long', matching('a'.repeat(257)), /longer than 256/],
    ['too large', matching('(a{50}){50}'), /unrolls to more than 2000 states/],
    ['too large by classes', matching('\\\\pL{500}'), /unrolls to more than 2000/],
    ['too large inside itself', matching('((((a{9}){9}){9}){9}){9}'), /unrolls/],
  ])('%s is refused', (_rule, source, message) => expect(fault(source)).toMatch(message));

  it.each([
    ['of many alternatives', matching('^(policies|\\\\.github|\\\\.ai_metadata)/')],
    ['with a class that holds a bracket', matching('[]{]{3}')],
    ['repeated some times', matching('^[0-9a-f]{7,40}$')],
    ['that would backtrack elsewhere', matching('^(a+)+$')],
    ['of a list written out', '["^a", "^b"].exists(p, at.matches(p))'],
  ])('%s is not', (_rule, source) => expect(fault(source)).toBe(''));
});

describe('a condition too costly is named with its costly part', () => {
  const files = 'pull_request.files';
  it.each([
    [
      'three lists inside one another',
      `pull_request.draft || ${files}.all(a, ${files}.all(b, ${files}.all(c, a.path + b.path != c.path)))`,
      /`pull_request\.files\.all\(b, .*` takes some [\d,]+ steps.*1,000,000 are allowed/,
    ],
    [
      'a pattern over a whole body, for each file',
      `${files}.exists(f, pull_request.body.matches("x"))`,
      /^too costly: `pull_request\.files\.exists\(f, pull_request\.body\.matches/,
    ],
    [
      'a text put together again and again',
      `${files}.exists(f, pull_request.commits.exists(c, pull_request.body + f.path == c.sha))`,
      /too costly/,
    ],
    [
      'a body cut into letters',
      `pull_request.body.split("").exists(c, ${files}.exists(f, f.path == c))`,
      /too costly/,
    ],
  ])('%s', (_rule, source, message) => expect(fault(source)).toMatch(message));

  it.each([
    ['one list', `${files}.exists(f, f.path.matches("^src/"))`],
    [
      'each source beside its test',
      `${files}.all(f, ${files}.exists(t, t.path == f.path + ".test"))`,
    ],
    ['a body for each path', `${files}.exists(f, pull_request.body.contains(f.path))`],
    ['a body by a pattern', 'pull_request.body.matches("(?i)closes #[0-9]+")'],
    [
      'comments by a pattern',
      'size(evidence.comments) > 3 && evidence.comments.all(c, c.body != "")',
    ],
    ['paths joined', `${files}.map(f, f.path).join(",").contains("x")`],
  ])('and not %s', (_rule, source) => expect(fault(source)).toBe(''));
});
