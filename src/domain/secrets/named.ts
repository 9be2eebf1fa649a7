import type { Confidence } from './format.ts';
import type { Match } from './found.ts';
import { isCommonPassword } from './formats/keys.ts';
import { isUuid, looksRandom } from './random.ts';

/** Words in a name that tell what its value is. */
const telling =
  /secret|token|passw(?:or)?d|passphrase|pwd|credential|(?:api|access|auth|private|secret|encryption|encrypt|signing|sign|master|service|account|app|application|client|consumer|storage|session|cookie|jwt|hmac|bot|webhook)[_-]?key|(?:^|[^a-z])(?:auth|salt|pass|psk)(?![a-z])/gi;

/** The rest of the name, what joins it to its value, and the value: quoted, or bare as in `.env` and YAML. */
const joined =
  /([A-Za-z0-9_-]{0,30})(?:["'`\]]{0,2}[ \t]{0,8}(=>|:=|={1,3}|:|,|\()|["'][ \t]{1,4}value=|>)[ \t]{0,8}(?:[a-z@$]{0,2}(["'`])([^"'`\s\\]{8,300})\3|([A-Za-z0-9+/=_.~!@#%^*-]{12,300})(?![^\s,;"'`)}\]<&\\]))/y;

/** A name that ends so tells of something else: where a secret is, how long it lives, what it hashes to. */
const harmless =
  /(?:hash|_?ids?|url|uri|path|file|name|type|digest|fingerprint|checksum|version|policy|ref|count|length|size|at|date|expiry|ttl|regexp?|pattern|format|prefix|algorithm|class|selector|label|title|hint|message|text|description)$/i;

const reference =
  /^(?:sha(?:1|256|384|512)[-:]|[a-z][a-z0-9+.-]{1,20}:\/\/|\.{0,2}\/|data:|urn:|arn:aws:(?!.*secret))/i;

/** Values that look made by a machine, beside a name that says secret; and passwords in quotes. */
export function namedSecrets(text: string): readonly Match[] {
  const found: Match[] = [];
  let behind = 0;
  for (const name of text.matchAll(telling)) {
    if (name.index < behind) continue;
    joined.lastIndex = name.index + name[0].length;
    const match = joined.exec(text);
    if (match === null) continue;
    const [, tail = '', joint = '', quote, inQuotes, bare = ''] = match;
    const value = inQuotes ?? bare;
    if (harmless.test(tail) || reference.test(value)) continue;
    if (quote === undefined && dottedName.test(value)) continue;
    const inList = /[,(]/.test(joint);
    if (quote === undefined && inList) continue;
    if ((quote === undefined || inList) && digitsIn(value) < digitsFor(name[0] + tail, joint))
      continue;
    const confidence = confidenceOf(name[0], value, quote !== undefined);
    if (confidence === null) continue;
    const end = joined.lastIndex - (quote === undefined ? 0 : 1);
    behind = end;
    found.push({
      format: { id: 'named-secret', title: 'high-entropy value beside a telling name' },
      start: end - value.length,
      end,
      confidence,
      shown: `${name[0].replace(/^[^A-Za-z]/, '')}${tail}: `,
    });
  }
  return found;
}

const dottedName = /^[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,4}$/;

const digitsIn = (value: string): number => value.replace(/[^0-9]/g, '').length;

/**
 * Bare, a name in code (`key: PRIVATE_KEY_PKCS8`) stands where a value does in YAML; in a list, the next word. Names hold few digits.
 * What is neither: a tag's content, and a name in capitals before its value.
 */
const digitsFor = (name: string, joint: string): number =>
  joint === '' || (joint === '=' && /^[A-Z0-9_]+$/.test(name)) ? 1 : 3;

function confidenceOf(name: string, value: string, quoted: boolean): Confidence | null {
  if (isCommonPassword(value)) return null;
  if (isUuid(value)) return 'low';
  if (looksRandom(value) && !/[()[\]{}<>;,]/.test(value)) return 'medium';
  return quoted && /pass|pwd/i.test(name) && looksChosen(value) ? 'low' : null;
}

/** A password as people make them: letters, digits and a sign, one word. */
const looksChosen = (value: string): boolean =>
  value.length <= 40 &&
  /[A-Za-z]/.test(value) &&
  /[0-9]/.test(value) &&
  /[!@#%^*+$?&]/.test(value) &&
  !/[()[\]{}|/:.]/.test(value);
