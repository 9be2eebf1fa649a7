/** Licences under which something may be taken in without asking anybody: they want to be named, and no more. */
const permissive = new Set(
  [
    '0BSD Apache-2.0 Artistic-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSL-1.0',
    'CC-BY-3.0 CC-BY-4.0 CC0-1.0 ISC MIT MIT-0 NCSA PostgreSQL PSF-2.0 Python-2.0 Python-2.0.1',
    'Unicode-3.0 Unicode-DFS-2016 Unlicense UPL-1.0 WTFPL X11 Zlib curl libpng-2.0',
  ].flatMap((line) => line.toLowerCase().split(' ')),
);

/**
 * Whether an SPDX expression can be satisfied by permissive licences, or by those the project itself is under (`own`: identifiers,
 * or families such as GPL). What cannot be read as one is not permitted.
 */
export function isPermitted(expression: string, own: readonly string[]): boolean {
  const tokens = expression.slice(0, 500).match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const ours = own.map((licence) => licence.toLowerCase());
  const known = (licence: string): boolean =>
    permissive.has(licence) || ours.some((one) => licence === one || isOfFamily(licence, one));

  // null: no expression. OR binds weaker than AND.
  const either = (depth: number): boolean | null => chain('or', both, (a, b) => a || b, depth);
  const both = (depth: number): boolean | null => chain('and', one, (a, b) => a && b, depth);
  const chain = (
    word: 'or' | 'and',
    part: (depth: number) => boolean | null,
    join: (a: boolean, b: boolean) => boolean,
    depth: number,
  ): boolean | null => {
    let value = part(depth);
    while (tokens[at]?.toLowerCase() === word) {
      at += 1;
      const next = part(depth);
      value = value === null || next === null ? null : join(value, next);
    }
    return value;
  };
  const one = (depth: number): boolean | null => {
    const token = tokens[at];
    at += 1;
    if (token === undefined || token === ')' || depth > 20) return null;
    if (token === '(') {
      const value = either(depth + 1);
      at += 1;
      return tokens[at - 1] === ')' ? value : null;
    }
    if (/^(?:or|and|with)$/i.test(token)) return null;
    // An exception only ever adds leave.
    if (tokens[at]?.toLowerCase() === 'with') at += 2;
    return known(token.toLowerCase());
  };
  const value = either(0);
  return value === true && at === tokens.length;
}

const isOfFamily = (licence: string, family: string): boolean =>
  /^(?:a|l)?gpl$|^mpl$/.test(family) && licence.startsWith(`${family}-`);
