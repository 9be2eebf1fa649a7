import { entropy } from './random.ts';

const words =
  /example|sample|placeholder|dummy|change[-_ ]?me|redacted|replace[-_ ]?(?:me|with)|your[-_ ]|insert[-_ ]|not[-_]?(?:a[-_]?)?(?:real|secret)|fake|x{5}|\*{3}|\.{3}|…|123456789|abcdefgh|deadbeef|foobar|lorem/i;

/** `${NAME}`, `{{ name }}`, `<name>`, `%(name)s`, `#{name}`, `$(command)`, `$NAME`, `%NAME%`, `@name@`. */
const template =
  /\$\{|\{\{|^<|^\[|%\(|#\{|\$\(|^\$[A-Za-z_]|^%\w{1,64}%$|^@\w{1,64}@$|\{\w{0,64}(?::\d{1,4})?\}|^%[sdv]$/;

/**
 * A value that stands in a secret's place and is none: documentation's examples, templates, runs of one letter. Only the value is
 * judged, never the comment or the file around it: those anybody can write beside a real secret.
 */
export function isPlaceholder(value: string): boolean {
  return (
    words.test(value) ||
    template.test(value) ||
    (value.length >= 12 && (monotonous(value) || entropy(value) < 2))
  );
}

/** One character six times over, a block of up to six repeated throughout, or characters counted up one by one. */
function monotonous(value: string): boolean {
  if (/(.)\1{5}/s.test(value)) return true;
  const tail = value.slice(-Math.max(12, value.length - 8));
  for (let period = 1; period <= 6 && period * 3 <= tail.length; period += 1)
    if (tail.slice(period) === tail.slice(0, -period)) return true;
  let counted = 0;
  for (let at = 1; at < value.length; at += 1)
    if (value.charCodeAt(at) === value.charCodeAt(at - 1) + 1) counted += 1;
  return counted * 2 > value.length;
}
