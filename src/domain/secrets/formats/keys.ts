import { shaped, type SecretFormat } from '../format.ts';
import { isPlaceholder } from '../placeholder.ts';
import { looksRandom } from '../random.ts';

const passwordOf = (credentials: string): string => credentials.slice(credentials.indexOf(':') + 1);

/** What `Basic` holds; anything else comes back as it is. */
function decoded(text: string): string {
  try {
    return atob(text);
  } catch {
    return text;
  }
}

/** Credentials by the place they stand in: tokens that carry themselves, headers, files with a fixed form. */
export const keyFormats: readonly SecretFormat[] = [
  shaped(
    'jwt',
    'JSON Web Token',
    ['eyJ'],
    /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{20,1500}/g,
    // The subject 1234567890 is that of every tutorial.
    { confidence: 'medium', accept: (secret) => !secret.includes('.eyJzdWIiOiIxMjM0NTY3ODkw') },
  ),
  shaped(
    'putty-key',
    'PuTTY private key',
    ['Private-Lines:'],
    /Private-Lines: [0-9]{1,3}[ \r]{0,2}\n([A-Za-z0-9+/=]{16,80})/g,
  ),
  shaped(
    'jwk',
    'Private JSON Web Key',
    ['"kty"', "'kty'"],
    /["']d["'][ \t]{0,4}:[ \t]{0,4}["']([A-Za-z0-9_-]{40,1400})["']/g,
  ),
  shaped(
    'authorization-header',
    'Authorization header',
    ['uthorization', 'UTHORIZATION'],
    /authorization["'`\]]{0,2}[ \t]{0,4}[:=,][ \t]{0,4}["'`]?(?:bearer|basic|token)[ \t]{1,4}([A-Za-z0-9+/=_.~-]{16,2000})/gi,
    {
      confidence: 'medium',
      accept: (secret) => looksRandom(secret) && !isPlaceholder(decoded(secret)),
    },
  ),
  shaped(
    'curl-user',
    'Credentials on a command line',
    ['curl '],
    /curl [^\n]{0,200}?(?:-u|--user)[ =]{0,2}["']?([^\s:"'$<{]{1,60}:[^\s:"'$<{]{6,100})/g,
    { confidence: 'medium', accept: (secret) => !isCommonPassword(passwordOf(secret)) },
  ),
  shaped(
    'netrc',
    'Credentials in .netrc form',
    ['machine '],
    /machine[ \t]{1,4}[^\s]{1,200}\s{1,8}login[ \t]{1,4}[^\s]{1,100}\s{1,8}password[ \t]{1,4}([^\s"'`{}%]{6,200})/g,
    { accept: (secret) => !isCommonPassword(secret) },
  ),
  shaped(
    'connection-string',
    'Password in a connection string',
    ['assword=', 'wd=', 'WORD=', 'WD='],
    /(?:server|data source|host|address|endpoint)=[^\n"'`]{1,200}?(?:password|pwd)=([^;"'`\s&]{6,100})/gi,
    { confidence: 'medium', accept: (secret) => !isCommonPassword(secret) },
  ),
];

const common =
  /^(?:my|the|a|some|test|db|root|user|admin|default)?[-_]?(?:pass(?:w(?:or)?d)?|pw|pwd|secret|root|admin|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|rabbitmq|guest|user(?:name)?|test(?:ing)?|token|key|api[-_]?key|access[-_]?token|qwerty|letmein|abc123|bar|baz|world|default|docker|anon(?:ymous|cvs)?|null|undefined|none|true|false|string)[-_]?[0-9]{0,4}!?$/i;

/** What documentation and development setups use where a password goes; whoever uses it for real has a secret nobody needs to find. */
export const isCommonPassword = (text: string): boolean => common.test(text) || isPlaceholder(text);
