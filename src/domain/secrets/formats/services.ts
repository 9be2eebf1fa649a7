import { prefixed, shaped } from '../format.ts';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Chat, payment, mail. */
export const serviceFormats = [
  prefixed(
    'slack-token',
    'Slack token',
    [
      'xoxb-',
      'xoxp-',
      'xoxa-',
      'xoxo-',
      'xoxr-',
      'xoxs-',
      'xoxe-',
      'xoxc-',
      'xoxd-',
      'xoxe.xoxp-',
      'xoxe.xoxb-',
    ],
    '[A-Za-z0-9%-]{10,250}',
    {
      open: true,
      accept: (secret) => /[0-9]/.test(secret),
    },
  ),
  prefixed(
    'slack-app-token',
    'Slack app token',
    ['xapp-'],
    '[0-9]-[A-Z0-9]{6,20}-[0-9]{6,20}-[a-f0-9]{32,80}',
  ),
  shaped(
    'slack-webhook',
    'Slack webhook',
    ['hooks.slack.com'],
    /hooks\.slack\.com\/(?:services\/T[A-Z0-9]{6,20}\/B[A-Z0-9]{6,20}|(?:workflows|triggers)\/[A-Z0-9]{6,20}\/[A-Za-z0-9]{6,30})\/[A-Za-z0-9/]{20,80}/g,
  ),
  shaped(
    'discord-token',
    'Discord bot token',
    ['.'],
    /(?<![A-Za-z0-9_.-])[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}(?![A-Za-z0-9_.-])/g,
    {
      keywordsIn: 'word',
      accept: (secret) =>
        /[0-9]/.test(secret) && /[A-Z]/.test(secret.slice(1)) && /[a-z]/.test(secret),
    },
  ),
  shaped(
    'discord-webhook',
    'Discord webhook',
    ['/api/webhooks/'],
    /discord(?:app)?\.com\/api\/webhooks\/[0-9]{17,20}\/[A-Za-z0-9_-]{60,80}/g,
  ),
  shaped(
    'telegram-token',
    'Telegram bot token',
    [':AA'],
    /(?<![A-Za-z0-9])(?:bot)?([0-9]{8,10}:AA[A-Za-z0-9_-]{32,33})(?![A-Za-z0-9_-])/g,
    { keywordsIn: 'word' },
  ),
  shaped(
    'teams-webhook',
    'Microsoft Teams webhook',
    ['webhook.office.com'],
    new RegExp(
      `webhook\\.office\\.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/[a-z0-9]{32}/${uuid}`,
      'gi',
    ),
  ),
  prefixed(
    'stripe-key',
    'Stripe key',
    ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'sk_prod_', 'rk_prod_'],
    '[A-Za-z0-9]{16,250}',
    { open: true },
  ),
  prefixed('webhook-secret', 'Webhook signing secret', ['whsec_'], '[A-Za-z0-9+/]{24,100}={0,2}', {
    open: true,
  }),
  prefixed('square-token', 'Square token', ['sq0atp-', 'sq0csp-'], '[A-Za-z0-9_-]{22,50}', {
    open: true,
  }),
  shaped(
    'braintree-token',
    'Braintree token',
    ['access_token$'],
    /access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}/g,
  ),
  prefixed(
    'plaid-token',
    'Plaid token',
    ['access-sandbox-', 'access-development-', 'access-production-'],
    uuid,
  ),
  prefixed(
    'shopify-token',
    'Shopify token',
    ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    '[a-fA-F0-9]{32}',
  ),
  prefixed('twilio-key', 'Twilio key', ['SK'], '[0-9a-f]{32}', { confidence: 'medium' }),
  prefixed('sendgrid-key', 'SendGrid key', ['SG.'], '[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}'),
  prefixed('mailgun-key', 'Mailgun key', ['key-'], '[0-9a-f]{32}', { confidence: 'medium' }),
  shaped(
    'mailchimp-key',
    'Mailchimp key',
    ['-us'],
    /(?<![A-Za-z0-9])[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])/g,
    { keywordsIn: 'word' },
  ),
  prefixed('brevo-key', 'Brevo key', ['xkeysib-', 'xsmtpsib-'], '[a-f0-9]{64}-[A-Za-z0-9]{16}'),
  prefixed('resend-key', 'Resend key', ['re_'], '[A-Za-z0-9]{8}_[A-Za-z0-9]{22,26}', {
    accept: (secret) => /[0-9]/.test(secret) && /[A-Z]/.test(secret),
  }),
  prefixed(
    'onepassword-token',
    '1Password service account token',
    ['ops_'],
    'eyJ[A-Za-z0-9+/_=-]{200,2000}',
    { open: true },
  ),
  prefixed(
    'age-key',
    'age secret key',
    ['AGE-SECRET-KEY-1'],
    '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}',
  ),
];
