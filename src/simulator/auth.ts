import { createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Actor } from './actor.ts';
import { GitHubRefusal } from './errors.ts';
import type { Account, AppRecord, InstallationRecord, Permissions } from './model.ts';

type TokenRecord =
  | { readonly kind: 'user'; readonly account: Account }
  | {
      readonly kind: 'installation';
      readonly app: AppRecord;
      readonly installation: InstallationRecord;
      readonly permissions: Permissions;
      readonly repositories: ReadonlySet<number> | null;
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
    };

export class Credentials {
  readonly #tokens = new Map<string, TokenRecord>();
  readonly #apps: readonly AppRecord[];
  readonly #now: () => Date;

  constructor(apps: readonly AppRecord[], now: () => Date) {
    this.#apps = apps;
    this.#now = now;
  }

  issueUserToken(account: Account): string {
    const token = `ghp_${randomText(36)}`;
    this.#tokens.set(token, { kind: 'user', account });
    return token;
  }

  issueInstallationToken(
    app: AppRecord,
    permissions: Permissions,
    repositories: ReadonlySet<number> | null,
    lifetimeMs = 3_600_000,
  ): { token: string; expiresAt: Date } {
    // As long as GitHub's own now are, so that nobody who uses the simulator grows used to forty characters.
    const body = [randomText(40), randomText(240), randomText(86)].join('.');
    const token = `ghs_${app.id}_${body}`;
    const expiresAt = new Date(this.#now().getTime() + lifetimeMs);
    const installation = app.installation;
    this.#tokens.set(token, {
      kind: 'installation',
      app,
      installation,
      permissions,
      repositories,
      expiresAt: expiresAt.getTime(),
    });
    return { token, expiresAt };
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  /** The `Authorization` header's actor; throws 401 for what is malformed, unknown or expired. */
  identify(authorization: string | undefined): Actor {
    const token = tokenOf(authorization);
    return token === null ? { kind: 'anonymous' } : this.identifyToken(token);
  }

  identifyToken(token: string): Actor {
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) && !token.startsWith('ghs_')) {
      return { kind: 'app', app: this.#appOf(token) };
    }
    const record = this.#tokens.get(token);
    if (record === undefined) throw badCredentials();
    if (record.kind === 'user') return { kind: 'user', account: record.account };
    if (record.expiresAt <= this.#now().getTime()) throw badCredentials();
    return record;
  }

  #appOf(jwt: string): AppRecord {
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    if (readPart(header)['alg'] !== 'RS256') throw undecodable();
    const claims = readPart(payload);
    const issuer = String(claims['iss']);
    const app = this.#apps.find((one) => String(one.id) === issuer || one.clientId === issuer);
    if (app === undefined) throw new GitHubRefusal(404, 'Integration not found');
    const signed = verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey(app.publicKey),
      Buffer.from(signature, 'base64url'),
    );
    if (!signed) throw undecodable();
    checkTimes(claims, this.#now().getTime() / 1000);
    return app;
  }
}

function checkTimes(claims: Record<string, unknown>, now: number): void {
  const { iat, exp } = claims;
  if (typeof exp !== 'number' || exp <= now) {
    throw new GitHubRefusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (typeof iat !== 'number' || iat > now + 60) {
    throw new GitHubRefusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  // GitHub allows ten minutes, and a minute for clocks that differ.
  if (exp > now + 660) {
    throw new GitHubRefusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
}

const badCredentials = () => new GitHubRefusal(401, 'Bad credentials');
const undecodable = () => new GitHubRefusal(401, 'A JSON web token could not be decoded');

function readPart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    throw undecodable();
  }
}

function tokenOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization === '') return null;
  const [scheme = '', value = ''] = authorization.split(/\s+/, 2);
  if (/^(bearer|token)$/i.test(scheme) && value !== '') return value;
  if (/^basic$/i.test(scheme)) {
    const [login = '', password = ''] = Buffer.from(value, 'base64').toString().split(/:(.*)/s, 2);
    // git and curl accept the token as password with any login, or as the login alone.
    return password === '' || password === 'x-oauth-basic' ? login : password;
  }
  throw badCredentials();
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const randomText = (length: number): string =>
  [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');

export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
