import type { Match } from './found.ts';
import { isCommonPassword } from './formats/keys.ts';
import { looksRandom } from './random.ts';

/** From `://`: user, password, host. None of the three can hold what ends it, so nothing is tried twice. */
const credentials =
  /:\/\/([^\s/:@"'`<>\\]{0,100}):([^\s/@"'`<>\\]{4,300})@([A-Za-z0-9.[\]:_-]{1,200})/g;
const scheme = /[A-Za-z][A-Za-z0-9+.-]{1,30}$/;
const databases =
  /^(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|couchdb|neo4j|bolt|memcached|nats|kafka|ldaps?|jdbc)/i;
const local =
  /^(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[a-z][a-z0-9_-]{0,30}(?::|$))/i;

/** Passwords in addresses of databases, registries, remotes. One word for a database on this machine is everybody's. */
export function credentialsInUrls(text: string): readonly Match[] {
  if (!text.includes('://')) return [];
  const found: Match[] = [];
  for (const match of text.matchAll(credentials)) {
    const [, user = '', password = '', host = ''] = match;
    const name = scheme.exec(text.slice(Math.max(0, match.index - 31), match.index))?.[0];
    if (name === undefined || password === user || isCommonPassword(password)) continue;
    if (local.test(host) && /^[a-z_-]*$/i.test(password)) continue;
    const database = databases.test(name);
    found.push({
      format: database
        ? { id: 'database-url', title: 'Database URL with a password' }
        : { id: 'url-credentials', title: 'Credentials in a URL' },
      start: match.index + match[0].indexOf(':', 3) + 1,
      end: match.index + match[0].lastIndexOf('@'),
      confidence: looksRandom(password) ? 'high' : 'medium',
      shown: `${name}://`,
    });
  }
  return found;
}
