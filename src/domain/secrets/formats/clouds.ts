import { entropy, looksRandom } from '../random.ts';
import { prefixed, shaped } from '../format.ts';

/** Clouds, and what runs in them. */
export const cloudFormats = [
  prefixed('aws-access-key', 'AWS access key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], '[A-Z0-9]{16}', {
    keywordsIn: 'text',
    accept: (secret) => entropy(secret.slice(4)) >= 2.8,
  }),
  shaped(
    'aws-secret-key',
    'AWS secret access key',
    ['secret', 'Secret', 'SECRET'],
    /(?:secret_?-?access_?-?key|aws_?-?secret(?:_?-?key)?)["'\]]{0,2}[ \t]{0,6}(?::=|=>|[:=,])[ \t]{0,6}["'`]?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    { accept: (secret) => looksRandom(secret) },
  ),
  prefixed('aws-bedrock-key', 'AWS Bedrock key', ['ABSK'], '[A-Za-z0-9+/]{109,269}={0,2}', {
    open: true,
  }),
  prefixed('google-api-key', 'Google API key', ['AIza'], '[A-Za-z0-9_-]{35}'),
  prefixed('google-oauth-secret', 'Google OAuth client secret', ['GOCSPX-'], '[A-Za-z0-9_-]{28}'),
  prefixed('google-oauth-token', 'Google OAuth token', ['ya29.'], '[A-Za-z0-9_-]{50,1000}', {
    open: true,
  }),
  prefixed('google-refresh-token', 'Google refresh token', ['1//0'], '[A-Za-z0-9_-]{40,200}', {
    open: true,
  }),
  shaped(
    'azure-client-secret',
    'Azure client secret',
    ['Q~'],
    /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g,
    { keywordsIn: 'word' },
  ),
  shaped(
    'azure-storage-key',
    'Azure storage key',
    ['AccountKey', 'SharedAccessKey', 'accountKey'],
    /(?:AccountKey|SharedAccessKey)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?([A-Za-z0-9+/]{43,86}={1,2})/gi,
  ),
  shaped(
    'azure-sas',
    'Azure shared access signature',
    ['sig='],
    /[?&;]sig=([A-Za-z0-9%+/]{40,90}(?:%3[Dd]|=))/g,
    { confidence: 'medium' },
  ),
  shaped(
    'azure-devops-token',
    'Azure DevOps token',
    ['AZDO'],
    /(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g,
    { keywordsIn: 'word' },
  ),
  shaped(
    'azure-function-key',
    'Azure Functions key',
    ['AzFu'],
    /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{4,6}={0,2}/g,
    { keywordsIn: 'word' },
  ),
  shaped(
    'azure-ai-key',
    'Azure AI key',
    ['JQQJ9'],
    /(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{27}(?![A-Za-z0-9])/g,
    { keywordsIn: 'word' },
  ),
  prefixed(
    'digitalocean-token',
    'DigitalOcean token',
    ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    '[a-f0-9]{64}',
  ),
  prefixed(
    'heroku-key',
    'Heroku key',
    ['HRKU-'],
    '(?:AA[A-Za-z0-9_-]{58}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})',
  ),
  prefixed(
    'cloudflare-origin-key',
    'Cloudflare origin key',
    ['v1.0-'],
    '[a-f0-9]{24}-[a-f0-9]{146}',
  ),
  prefixed('alibaba-key', 'Alibaba Cloud key', ['LTAI'], '[A-Za-z0-9]{12,26}', {
    keywordsIn: 'text',
    accept: (secret) => /[0-9]/.test(secret) && /[a-z]/.test(secret),
  }),
  prefixed('tencent-key', 'Tencent Cloud key', ['AKID'], '[A-Za-z0-9]{32}'),
  prefixed('yandex-key', 'Yandex Cloud key', ['AQVN'], '[A-Za-z0-9_-]{35,38}'),
  prefixed('databricks-token', 'Databricks token', ['dapi'], '[a-f0-9]{32}(?:-[0-9])?'),
  prefixed(
    'planetscale-secret',
    'PlanetScale secret',
    ['pscale_pw_', 'pscale_tkn_', 'pscale_oauth_'],
    '[A-Za-z0-9_.=-]{32,64}',
    { open: true },
  ),
  prefixed('supabase-key', 'Supabase key', ['sbp_', 'sb_secret_'], '[A-Za-z0-9_-]{31,64}', {
    open: true,
    accept: (secret) => looksRandom(secret.replace(/^sb(?:p|_secret)_/, '')),
  }),
  prefixed('grafana-cloud-token', 'Grafana token', ['glc_'], '[A-Za-z0-9+/]{32,400}={0,2}', {
    open: true,
  }),
  prefixed(
    'grafana-service-token',
    'Grafana service account token',
    ['glsa_'],
    '[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}',
  ),
  prefixed('newrelic-key', 'New Relic key', ['NRAK-', 'NRII-', 'NRJS-'], '[A-Za-z0-9_-]{19,40}', {
    open: true,
  }),
  prefixed('sentry-token', 'Sentry token', ['sntrys_'], 'eyJ[A-Za-z0-9+/=_-]{60,600}', {
    open: true,
  }),
  prefixed('sentry-user-token', 'Sentry token', ['sntryu_'], '[a-f0-9]{64}'),
  prefixed(
    'dynatrace-token',
    'Dynatrace token',
    ['dt0c01.', 'dt0s16.'],
    '[A-Z0-9]{24}\\.[A-Z0-9]{64}',
  ),
];
