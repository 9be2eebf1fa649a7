import type { Result } from '../result.ts';
import { fine, wrong, type Finding } from './finding.ts';

export type Access = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Access>>;

export interface AppFacts {
  readonly slug: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  /** GitHub's clock less ours, in seconds; null where its answer named no time. */
  readonly clock_ahead: number | null;
  /** Its page of settings. */
  readonly settings: string;
}

export interface WebhookFacts {
  readonly url: string | null;
  readonly content_type: string;
  readonly has_secret: boolean;
  /** Whether GitHub checks the certificate of the address. */
  readonly checks_certificate: boolean;
}

export interface InstallationFacts {
  readonly account: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly suspended: boolean;
  readonly repositories: number;
  /** Where its owner accepts what the App asks for. */
  readonly settings: string;
}

/** The App section of SECURITY.md. */
const needed: Permissions = {
  metadata: 'read',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  statuses: 'read',
  actions: 'read',
  members: 'read',
};

/** Asked for only where a branch has a merge queue. */
const optional: Permissions = { merge_queues: 'write' };

/** Each of them would let an agent's words change what judges agents, or be read by them. */
const never = new Set([
  'administration',
  'environments',
  'organization_administration',
  'organization_secrets',
  'secrets',
  'workflows',
]);

const ranks: Readonly<Record<Access, number>> = { read: 1, write: 2, admin: 3 };

const rank = (access: Access | undefined): number => (access === undefined ? 0 : ranks[access]);

/** What of `wanted` goes beyond `granted`. */
const beyond = (
  granted: Permissions,
  wanted: Permissions,
): readonly (readonly [string, Access])[] =>
  Object.entries(wanted).filter(([name, access]) => rank(granted[name]) < ranks[access]);

/** GitHub takes a token request signed up to a minute in its future, and ten minutes in its past. */
const clockLimit = 30;

/** `expected`: the events that Assent answers to. */
export function judgeApp(app: Result<AppFacts>, expected: readonly string[]): readonly Finding[] {
  if (!app.ok) {
    const { code, message } = app.refusal;
    const unknown = code === 'github.unreachable';
    return [
      wrong(
        'app',
        unknown ? 'unknown' : 'fault',
        'App',
        message,
        unknown
          ? 'look at the network between here and GitHub, and at GHE_HOST; then run this again'
          : "compare APP_ID and the key with the App's page: a key belongs to one App, and is deleted there when it leaked",
      ),
    ];
  }
  const { value } = app;
  return [
    fine('app', 'App', `GitHub knows it as ${value.slug}`),
    clock(value),
    ...judgePermissions(value),
    judgeEvents(value, expected),
  ];
}

function clock({ clock_ahead: ahead }: AppFacts): Finding {
  const about = 'clock';
  if (ahead === null)
    return wrong(
      'machine',
      'unknown',
      about,
      'GitHub did not say what time it is',
      'compare the clock of this machine with a time server',
    );
  if (Math.abs(ahead) <= clockLimit) return fine('machine', about, 'agrees with GitHub’s');
  return wrong(
    'machine',
    'fault',
    about,
    `is ${Math.abs(Math.round(ahead))} s ${ahead > 0 ? 'behind' : 'ahead of'} GitHub's: it refuses what is signed in its future`,
    'let a time server set the clock (timedatectl set-ntp true)',
  );
}

function judgePermissions({ permissions, settings }: AppFacts): readonly Finding[] {
  const named = (entries: readonly (readonly [string, Access])[]) =>
    entries.map(([name, access]) => `${name}: ${access}`).join(', ');
  const missing = beyond(permissions, needed);
  const surplus = beyond({ ...needed, ...optional }, permissions);
  const dangerous = surplus.filter(([name, access]) => never.has(name) && access !== 'read');
  const idle = surplus.filter((one) => !dangerous.includes(one));
  const about = 'permissions';
  if (missing.length === 0 && surplus.length === 0)
    return [fine('app', about, 'what Assent needs, and no more')];
  const away = `take it away at ${settings}, under "Permissions & events"`;
  return [
    missing.length > 0 &&
      wrong(
        'app',
        'fault',
        about,
        `missing: ${named(missing)}`,
        `grant it at ${settings}, under "Permissions & events"; the owner of each installation is then asked to accept`,
      ),
    dangerous.length > 0 &&
      wrong(
        'app',
        'fault',
        about,
        `${named(dangerous)}: whoever got hold of its key could change what judges it`,
        away,
      ),
    idle.length > 0 && wrong('app', 'advice', about, `more than Assent uses: ${named(idle)}`, away),
  ].filter((one) => one !== false);
}

function judgeEvents(app: AppFacts, expected: readonly string[]): Finding {
  const missing = expected.filter((event) => !app.events.includes(event));
  if (missing.length === 0)
    return fine('app', 'events', 'subscribed to all that Assent listens to');
  return wrong(
    'app',
    'fault',
    'events',
    `not subscribed to ${missing.join(', ')}`,
    `tick it at ${app.settings}, under "Permissions & events"`,
  );
}

export function judgeWebhook(webhook: Result<WebhookFacts>, settings: string): readonly Finding[] {
  const about = 'webhook';
  if (!webhook.ok)
    return [
      wrong('app', 'unknown', about, webhook.refusal.message, `look at ${settings}, "Webhook"`),
    ];
  const { url, content_type: type, has_secret: secret, checks_certificate: checks } = webhook.value;
  const faults: Finding[] = [];
  const fault = (message: string, remedy: string) =>
    void faults.push(wrong('app', 'fault', about, message, remedy));
  if (url === null || url === '')
    fault(
      'has no address: nothing that happens is told',
      `set it at ${settings} to https://YOUR-HOST/api/github/webhooks`,
    );
  else if (!url.endsWith('/api/github/webhooks'))
    fault(
      `goes to ${url}, which is no address of Assent's`,
      `let it end in /api/github/webhooks (${settings})`,
    );
  if (!secret)
    fault(
      'has no secret: nothing would tell GitHub from anybody else',
      `set WEBHOOK_SECRET's value at ${settings}`,
    );
  if (type !== 'json')
    fault(`sends ${type}, and Assent reads JSON`, `choose application/json at ${settings}`);
  if (url?.startsWith('https:') === true && !checks)
    fault(
      'goes to whoever answers at its address: certificates are not checked',
      `turn SSL verification on at ${settings}`,
    );
  return faults.length > 0 ? faults : [fine('app', about, `goes to ${url}, signed`)];
}

export function judgeInstallations(
  installations: Result<readonly InstallationFacts[]>,
  app: AppFacts,
): readonly Finding[] {
  if (!installations.ok)
    return [
      wrong(
        'installation',
        'unknown',
        'installations',
        installations.refusal.message,
        'run this again; GitHub may be out',
      ),
    ];
  if (installations.value.length === 0)
    return [
      wrong(
        'installation',
        'fault',
        'installations',
        'it is installed nowhere',
        `install it at ${app.settings}/installations on the repositories it is to serve`,
      ),
    ];
  return installations.value.flatMap((one) => judgeInstallation(one, app));
}

function judgeInstallation(one: InstallationFacts, app: AppFacts): readonly Finding[] {
  const about = one.account;
  if (one.suspended)
    return [
      wrong(
        'installation',
        'fault',
        about,
        'is suspended: GitHub gives no token for it',
        `lift that at ${one.settings}`,
      ),
    ];
  if (one.repositories === 0)
    return [
      wrong(
        'installation',
        'fault',
        about,
        'has no repository',
        `choose some at ${one.settings}, under "Repository access"`,
      ),
    ];
  const behind =
    beyond(one.permissions, app.permissions).length > 0 ||
    app.events.some((event) => !one.events.includes(event));
  return behind
    ? [
        wrong(
          'installation',
          'fault',
          about,
          'has not accepted what the App asks for now',
          `its owner accepts it at ${one.settings}`,
        ),
      ]
    : [
        fine(
          'installation',
          about,
          `${one.repositories} ${one.repositories === 1 ? 'repository' : 'repositories'}`,
        ),
      ];
}
