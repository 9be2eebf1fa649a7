const makeOne =
  'make one with `openssl rand -hex 32`, and set the same on the page of the GitHub App, under "Webhook"';

const shortest = 16;

/** What tutorials, templates and libraries put there; probot itself falls back to `development`. Letters and digits only. */
const defaults = new Set([
  'development',
  'secret',
  'changeme',
  'changethis',
  'password',
  'passphrase',
  'webhook',
  'webhooksecret',
  'mysecret',
  'mywebhooksecret',
  'yoursecret',
  'yourwebhooksecret',
  'yourwebhooksecrethere',
  'githubwebhooksecret',
  'replaceme',
  'test',
  'testsecret',
  'example',
  'default',
  'assent',
]);

/** Why a webhook secret is none, or null. Whoever can guess it can make the service believe anything. */
export function webhookSecretFault(secret: string): string | null {
  if (secret.trim() === '') {
    return `WEBHOOK_SECRET is missing: without it anybody could send events, so Assent does not start; ${makeOne}`;
  }
  if (isDefault(secret)) {
    return `WEBHOOK_SECRET is a default that anybody would try first, so Assent does not start; ${makeOne}`;
  }
  if (secret !== secret.trim()) {
    return `WEBHOOK_SECRET begins or ends with white space, which GitHub would count: remove it`;
  }
  if (secret.length < shortest) {
    return `WEBHOOK_SECRET is shorter than ${shortest} characters and can be guessed, so Assent does not start; ${makeOne}`;
  }
  if (new Set(secret).size < 6) {
    return `WEBHOOK_SECRET repeats the same few characters and can be guessed, so Assent does not start; ${makeOne}`;
  }
  return null;
}

/** A default stays one with digits after it, or said twice. */
function isDefault(secret: string): boolean {
  const plain = secret.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
  const word = plain.replace(/\d+$/u, '');
  const half = word.slice(0, word.length / 2);
  return [plain, word, ...(half + half === word ? [half] : [])].some((one) => defaults.has(one));
}
