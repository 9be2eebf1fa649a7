const opens = '<!-- assent:account -->';
const closes = '<!-- /assent:account -->';

/** Our account of the work as a pull request's description, marked so that it can be found again among what people write there. */
export const described = (account: string): string => `${opens}\n${account}\n${closes}`;

/** The description with the newer account in place of the older; null: somebody took the marks away, and it is theirs. */
export function describedAnew(body: string, account: string): string | null {
  const text = body.replaceAll('\r\n', '\n');
  const [begin, end] = [text.indexOf(opens), text.lastIndexOf(closes)];
  if (begin === -1 || end < begin) return null;
  return text.slice(0, begin) + described(account) + text.slice(end + closes.length);
}
