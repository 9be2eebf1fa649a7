/** A pattern of more characters is a table, and belongs into a list that `in` looks through. */
const maxLength = 256;
/** States that a pattern unrolls to. Beyond it compiling alone takes longer than a verdict. */
const maxSize = 2000;

/** Why a regular expression is too large to be run on what strangers write; null where it is not. */
export function patternTooLarge(pattern: string): string | null {
  if (pattern.length > maxLength)
    return `the pattern is longer than ${maxLength} characters; split it, or use "in" with a list`;
  return sizeOf(pattern) > maxSize
    ? `the pattern "${pattern}" unrolls to more than ${maxSize} states; repeat less often`
    : null;
}

/**
 * How many states a pattern unrolls to, roughly: RE2 writes `x{50}` out fifty times, and repetitions inside one another
 * multiply. Names of classes such as \p{L} are many ranges each.
 */
function sizeOf(pattern: string): number {
  const tokens =
    pattern.match(
      /\\[pP](?:\{[^}]*\}|[A-Z])|\\x\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]])*\]|\{\d+(?:,\d*)?\}|[\s\S]/gu,
    ) ?? [];
  const sums = [0];
  let last = 0;
  const add = (size: number) => {
    last = size;
    sums.push((sums.pop() ?? 0) + size);
  };
  for (const token of tokens) {
    const times = /^\{(\d+)(?:,(\d*))?\}$/.exec(token);
    if (times !== null) {
      const most = Math.max(Number(times[1]), Number(times[2] ?? 0));
      const once = last;
      add(once * Math.max(0, most - 1));
      last = once * Math.max(1, most);
    } else if (token === '(') sums.push(0);
    else if (token === ')' && sums.length > 1) add(sums.pop() ?? 0);
    else if (!'*+?|^$'.includes(token)) add(/^\\[pP]/.test(token) ? 20 : 1);
  }
  return sums.reduce((sum, size) => sum + size, 0);
}
