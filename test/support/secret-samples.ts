/**
 * Secrets made up from their formats while a test runs, so that nothing that looks like one is ever committed. Written from the
 * issuers' documentation and not from our patterns: `{alnum:36}` is 36 characters of that alphabet.
 */
const alphabets: Readonly<Record<string, string>> = {
  digit: '0123456789',
  hex: '0123456789abcdef',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  letter: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  alnum: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  bech32: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
};

/** A small generator of our own (mulberry32), so that a failure can be had again from its seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const filled = (template: string, random: () => number): string =>
  template.replace(/\{(\w+):(\d+)\}/g, (_, name: string, count: string) => {
    const alphabet = alphabets[name];
    if (alphabet === undefined) throw new Error(`no alphabet ${name}`);
    return Array.from(
      { length: Number(count) },
      () => alphabet[Math.floor(random() * alphabet.length)] ?? '',
    ).join('');
  });

const uuid = '{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}';
const begin = (kind: string) => `-----BEGIN ${kind}-----`;
const end = (kind: string) => `-----END ${kind}-----`;
const pem = (kind: string, first: string) =>
  [
    begin(kind),
    `${first}{base64:58}`,
    '{base64:64}',
    '{base64:64}',
    '{base64:42}==',
    end(kind),
  ].join('\n');
const PRIVATE = ['PRIVATE', 'KEY'].join(' ');

/** Rule → how what it finds is written. */
export const secretTemplates: Readonly<Record<string, readonly string[]>> = {
  'github-token': ['ghp_{alnum:36}', 'gho_{alnum:36}', 'ghu_{alnum:36}', 'ghr_{alnum:76}'],
  'github-app-token': ['ghs_{alnum:36}', 'ghs_{digit:7}_eyJ{url:120}.eyJ{url:220}.{url:160}'],
  'github-pat': ['github_pat_{alnum:22}_{alnum:59}'],
  'gitlab-token': [
    'glpat-{url:20}',
    'gldt-{url:20}',
    'glrt-{url:20}',
    'glpat-{url:27}.01.{lower:9}',
  ],
  'gitlab-job-token': ['glcbt-{alnum:2}_{url:20}'],
  'gitlab-runner-token': ['GR1348941{alnum:20}'],
  'bitbucket-token': ['ATBB{alnum:32}'],
  'atlassian-token': ['ATATT3xFfGF0{url:172}={hex:8}'],
  'npm-token': ['npm_{alnum:36}'],
  'npmrc-credential': [
    '//registry.npmjs.org/:_authToken={hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}',
  ],
  'pypi-token': ['pypi-AgEIcHlwaS5vcmc{url:150}'],
  'rubygems-token': ['rubygems_{hex:48}'],
  'nuget-key': ['oy2{lower:43}'],
  'crates-token': ['cio{alnum:32}'],
  'clojars-token': ['CLOJARS_{lower:60}'],
  'docker-token': ['dckr_pat_{url:27}'],
  'docker-auth': ['{"auths":{"registry.acme.io":{"auth": "{base64:40}"}}}'],
  'jfrog-key': ['AKCp{alnum:69}'],
  'jfrog-token': ['cmVmdGtu{alnum:56}'],
  'circleci-token': ['CCIPAT_{alnum:22}_{hex:40}'],
  'buildkite-token': ['bkua_{hex:40}'],
  'sonar-token': ['sqp_{hex:40}', 'squ_{hex:40}'],
  'sourcegraph-token': ['sgp_{hex:16}_{hex:40}'],
  'vault-token': ['hvs.{url:90}', 'hvb.{url:140}'],
  'terraform-token': ['{alnum:14}.atlasv1.{url:67}'],
  'pulumi-token': ['pul-{hex:40}'],
  'doppler-token': ['dp.pt.{alnum:43}', 'dp.st.prd.{alnum:40}'],
  'postman-key': ['PMAK-{hex:24}-{hex:34}'],
  'figma-token': ['figd_{url:40}'],
  'linear-key': ['lin_api_{alnum:40}'],
  'notion-token': ['ntn_{digit:11}{alnum:35}'],
  'netlify-token': ['nfp_{alnum:36}'],
  'fly-token': ['fo1_{url:43}'],
  'fly-macaroon': ['fm2_{base64:300}'],
  'anthropic-key': ['sk-ant-api03-{url:93}AA', 'sk-ant-oat01-{url:93}AA'],
  'openrouter-key': ['sk-or-v1-{hex:64}'],
  'langfuse-key': [`sk-lf-${uuid}`],
  'openai-key': [
    'sk-{alnum:20}T3BlbkFJ{alnum:20}',
    'sk-proj-{url:74}T3BlbkFJ{url:74}',
    'sk-svcacct-{url:74}T3BlbkFJ{url:74}',
    'sk-{hex:32}',
  ],
  'huggingface-token': ['hf_{letter:34}'],
  'replicate-token': ['r8_{alnum:37}'],
  'groq-key': ['gsk_{alnum:52}'],
  'perplexity-key': ['pplx-{alnum:48}'],
  'xai-key': ['xai-{alnum:80}'],
  'cerebras-key': ['csk-{lower:48}'],
  'nvidia-key': ['nvapi-{url:64}'],
  'together-key': ['tgp_v1_{url:43}'],
  'fireworks-key': ['fw_{alnum:24}'],
  'jina-key': ['jina_{alnum:60}'],
  'pinecone-key': ['pcsk_{alnum:6}_{alnum:63}'],
  'langsmith-key': ['lsv2_pt_{hex:32}_{hex:10}'],
  'tavily-key': ['tvly-dev-{alnum:32}'],
  'elevenlabs-key': ['sk_{hex:48}'],
  'aws-access-key': ['AKIA{base32:16}', 'ASIA{base32:16}'],
  'aws-secret-key': [
    'aws_secret_access_key = {base64:40}',
    'AWS_SECRET_ACCESS_KEY="{base64:40}"',
    '"SecretAccessKey": "{base64:40}"',
  ],
  'aws-bedrock-key': ['ABSK{base64:128}='],
  'google-api-key': ['AIza{url:35}'],
  'google-oauth-secret': ['GOCSPX-{url:28}'],
  'google-oauth-token': ['ya29.{url:120}'],
  'google-refresh-token': ['1//0{url:60}'],
  'azure-client-secret': ['{alnum:3}8Q~{alnum:34}'],
  'azure-storage-key': [
    'DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={base64:86}==;EndpointSuffix=core.windows.net',
    'Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={base64:43}=',
  ],
  'azure-sas': ['https://acme.blob.core.windows.net/c?sv=2024-11-04&sp=r&sig={base64:43}%3D'],
  'azure-devops-token': ['{alnum:76}AZDO{alnum:4}'],
  'azure-function-key': ['{url:44}AzFu{alnum:5}A=='],
  'azure-ai-key': ['{alnum:52}JQQJ99BA{alnum:24}'],
  'digitalocean-token': ['dop_v1_{hex:64}'],
  'heroku-key': [`HRKU-${uuid}`, 'HRKU-AA{url:58}'],
  'cloudflare-origin-key': ['v1.0-{hex:24}-{hex:146}'],
  'alibaba-key': ['LTAI5t{alnum:18}'],
  'tencent-key': ['AKID{alnum:32}'],
  'yandex-key': ['AQVN{url:36}'],
  'databricks-token': ['dapi{hex:32}', 'dapi{hex:32}-2'],
  'planetscale-secret': ['pscale_pw_{url:43}'],
  'supabase-key': ['sbp_{hex:40}', 'sb_secret_{url:31}'],
  'grafana-cloud-token': ['glc_{base64:120}='],
  'grafana-service-token': ['glsa_{alnum:32}_{hex:8}'],
  'newrelic-key': ['NRAK-{upper:27}'],
  'sentry-token': ['sntrys_eyJ{base64:100}=_{base64:43}'],
  'sentry-user-token': ['sntryu_{hex:64}'],
  'dynatrace-token': ['dt0c01.{upper:24}.{upper:64}'],
  'slack-token': [
    'xoxb-{digit:12}-{digit:12}-{alnum:24}',
    'xoxp-{digit:12}-{digit:12}-{digit:13}-{hex:32}',
  ],
  'slack-app-token': ['xapp-1-A{upper:10}-{digit:13}-{hex:64}'],
  'slack-webhook': ['https://hooks.slack.com/services/T{upper:10}/B{upper:10}/{alnum:24}'],
  'discord-token': ['MT{alnum:24}.G{alnum:5}.{url:38}'],
  'discord-webhook': ['https://discord.com/api/webhooks/{digit:19}/{url:68}'],
  'telegram-token': [
    '{digit:10}:AA{url:33}',
    'https://api.telegram.org/bot{digit:10}:AA{url:33}/getMe',
  ],
  'teams-webhook': [
    `https://acme.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/{hex:32}/${uuid}`,
  ],
  'stripe-key': ['sk_live_{alnum:24}', 'rk_live_{alnum:99}', 'sk_test_{alnum:24}'],
  'webhook-secret': ['whsec_{alnum:32}'],
  'square-token': ['sq0atp-{url:22}', 'sq0csp-{url:43}'],
  'braintree-token': ['access_token$production${lower:16}${hex:32}'],
  'plaid-token': [`access-production-${uuid}`],
  'shopify-token': ['shpat_{hex:32}'],
  'twilio-key': ['SK{hex:32}'],
  'sendgrid-key': ['SG.{url:22}.{url:43}'],
  'mailgun-key': ['key-{hex:32}'],
  'mailchimp-key': ['{hex:32}-us12'],
  'brevo-key': ['xkeysib-{hex:64}-{alnum:16}'],
  'resend-key': ['re_{alnum:8}_{alnum:24}'],
  'onepassword-token': ['ops_eyJ{url:600}'],
  'age-key': ['AGE-SECRET-KEY-1{bech32:58}'],
  jwt: ['eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJ{url:120}.{url:342}'],
  'putty-key': ['Private-Lines: 8\n{base64:64}\n{base64:64}'],
  jwk: ['{"kty":"EC","crv":"P-256","x":"{url:43}","y":"{url:43}","d":"{url:43}"}'],
  'authorization-header': ['Authorization: Bearer {alnum:40}', '"Authorization": "token {hex:40}"'],
  'curl-user': ['curl -s -u deploy:{alnum:20} https://acme.io/api'],
  netrc: ['machine git.acme.io login deploy password {alnum:24}'],
  'connection-string': ['Server=db.acme.io;Database=shop;User Id=app;Password={alnum:14}!x;'],
  'private-key': [
    pem(`RSA ${PRIVATE}`, 'MIIEpA'),
    pem(PRIVATE, 'MIIEvg'),
    pem(`EC ${PRIVATE}`, 'MHcCAQ'),
    pem(`OPENSSH ${PRIVATE}`, 'b3BlbnNza'),
    pem(`PGP ${PRIVATE} BLOCK`, 'lQOYBF'),
  ],
  'database-url': [
    'postgres://app:{alnum:20}@db.acme.io:5432/shop',
    'mongodb+srv://app:{alnum:16}@cluster0.acme.mongodb.net/shop',
    'redis://:{alnum:32}@cache.acme.io:6379/0',
  ],
  'url-credentials': ['https://deploy:{alnum:24}@git.acme.io/shop.git'],
  'named-secret': [
    'API_KEY={alnum:32}',
    'client_secret: "{alnum:40}"',
    'const sessionToken = "{url:32}";',
    '<password>{alnum:20}</password>',
    'secret_key_base: {hex:128}',
  ],
};

/** How secrets stand in files; `%` is the secret. What spans lines is written as its file would have it. */
export const wrappings: Readonly<Record<string, (secret: string) => string>> = {
  alone: (secret) => secret,
  'in an .env file': (secret) => `PORT=3000\nVALUE_X=${secret}\nDEBUG=1\n`,
  'in source text': (secret) => `import x from 'y';\nconst value = ${JSON.stringify(secret)};\n`,
  'in YAML': (secret) =>
    `service:\n  image: acme\n  value: ${/[\n"]/.test(secret) ? JSON.stringify(secret) : secret}\n`,
  'in JSON, escaped': (secret) => JSON.stringify({ log: `first\n${secret}\nlast` }),
  'in prose': (secret) => `We used the following, please rotate it: ${secret} (thanks).`,
  'in an address': (secret) => `https://acme.io/hook?x=1&value=${secret}&y=2`,
};

export const filledSamples = (rule: string, seed: number): readonly string[] => {
  const random = chance(seed);
  return (secretTemplates[rule] ?? []).map((template) => filled(template, random));
};
