import { prefixed, shaped } from '../format.ts';

/** Where code is kept, built, published and deployed. */
export const codeFormats = [
  prefixed(
    'github-token',
    'GitHub token',
    ['ghp_', 'gho_', 'ghu_', 'ghr_'],
    '[A-Za-z0-9]{36,255}',
    {
      open: true,
    },
  ),
  // Installation tokens are some 520 characters and hold a JWT today; opaque, so nothing of it is taken for granted.
  prefixed('github-app-token', 'GitHub installation token', ['ghs_'], '[A-Za-z0-9._-]{36,2000}', {
    open: true,
  }),
  prefixed('github-pat', 'GitHub fine-grained token', ['github_pat_'], '[A-Za-z0-9_]{50,255}', {
    open: true,
  }),
  prefixed(
    'gitlab-token',
    'GitLab token',
    [
      'glpat-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glptt-',
      'glft-',
      'glimt-',
      'glagent-',
      'glsoat-',
      'gloas-',
    ],
    '[A-Za-z0-9_.-]{20,300}',
    { open: true },
  ),
  prefixed(
    'gitlab-job-token',
    'GitLab job token',
    ['glcbt-'],
    '[A-Za-z0-9]{1,5}_[A-Za-z0-9_-]{20,64}',
    {
      open: true,
    },
  ),
  prefixed(
    'gitlab-runner-token',
    'GitLab runner registration token',
    ['GR1348941'],
    '[A-Za-z0-9_-]{20,50}',
  ),
  prefixed('bitbucket-token', 'Bitbucket app password', ['ATBB'], '[A-Za-z0-9]{32}'),
  prefixed(
    'atlassian-token',
    'Atlassian API token',
    ['ATATT3', 'ATCTT3', 'ATSTT3'],
    '[A-Za-z0-9_=-]{50,400}',
    {
      open: true,
    },
  ),
  prefixed('npm-token', 'npm token', ['npm_'], '[A-Za-z0-9]{36}'),
  shaped(
    'npmrc-credential',
    'npm registry credential',
    [':_authToken', ':_password', '_auth='],
    /(?::_authToken|:_password|(?:^|[\s:])_auth)[ \t]{0,4}=[ \t]{0,4}["']?([A-Za-z0-9+/=_.-]{16,1000})/gm,
  ),
  prefixed('pypi-token', 'PyPI token', ['pypi-'], '[A-Za-z0-9_-]{50,1000}', { open: true }),
  prefixed('rubygems-token', 'RubyGems key', ['rubygems_'], '[a-f0-9]{48}'),
  prefixed('nuget-key', 'NuGet key', ['oy2'], '[a-z0-9]{43}'),
  prefixed('crates-token', 'crates.io token', ['cio'], '[A-Za-z0-9]{32}', {
    accept: (secret) => /[0-9]/.test(secret) && /[A-Z]/.test(secret),
  }),
  prefixed('clojars-token', 'Clojars token', ['CLOJARS_'], '[A-Za-z0-9]{60}'),
  prefixed('docker-token', 'Docker Hub token', ['dckr_pat_', 'dckr_oat_'], '[A-Za-z0-9_-]{27,64}', {
    open: true,
  }),
  shaped(
    'docker-auth',
    'Docker registry credential',
    ['"auth"'],
    /"auth"[ \t]{0,4}:[ \t]{0,4}"([A-Za-z0-9+/]{16,2000}={0,2})"/g,
    { confidence: 'medium' },
  ),
  prefixed('jfrog-key', 'JFrog key', ['AKCp'], '[A-Za-z0-9]{60,80}', { open: true }),
  prefixed('jfrog-token', 'JFrog reference token', ['cmVmdGtu'], '[A-Za-z0-9]{50,64}'),
  prefixed(
    'circleci-token',
    'CircleCI token',
    ['CCIPAT_', 'CCIPRJ_'],
    '[A-Za-z0-9]{20,24}_[a-f0-9]{40}',
  ),
  prefixed('buildkite-token', 'Buildkite token', ['bkua_'], '[a-f0-9]{40}'),
  prefixed('sonar-token', 'SonarQube token', ['sqp_', 'squ_', 'sqa_'], '[a-f0-9]{40}'),
  prefixed(
    'sourcegraph-token',
    'Sourcegraph token',
    ['sgp_'],
    '(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}',
  ),
  prefixed('vault-token', 'Vault token', ['hvs.', 'hvb.', 'hvr.'], '[A-Za-z0-9_-]{24,300}', {
    open: true,
  }),
  shaped(
    'terraform-token',
    'Terraform Cloud token',
    ['.atlasv1.'],
    /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g,
    { keywordsIn: 'word' },
  ),
  prefixed('pulumi-token', 'Pulumi token', ['pul-'], '[a-f0-9]{40}'),
  prefixed(
    'doppler-token',
    'Doppler token',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    '(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}',
  ),
  prefixed('postman-key', 'Postman key', ['PMAK-'], '[a-f0-9]{24}-[a-f0-9]{34}'),
  prefixed('figma-token', 'Figma token', ['figd_', 'figo_', 'figu_'], '[A-Za-z0-9_-]{40,64}', {
    open: true,
  }),
  prefixed('linear-key', 'Linear key', ['lin_api_', 'lin_oauth_'], '[A-Za-z0-9]{40,64}', {
    open: true,
  }),
  prefixed('notion-token', 'Notion token', ['ntn_'], '[0-9]{11}[A-Za-z0-9]{35}'),
  prefixed(
    'netlify-token',
    'Netlify token',
    ['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'],
    '[A-Za-z0-9]{36}',
  ),
  prefixed('fly-token', 'Fly.io token', ['fo1_'], '[A-Za-z0-9_-]{43}'),
  prefixed(
    'fly-macaroon',
    'Fly.io token',
    ['fm1a_', 'fm1r_', 'fm2_'],
    '[A-Za-z0-9+/]{100,2000}={0,3}',
    {
      open: true,
    },
  ),
];
