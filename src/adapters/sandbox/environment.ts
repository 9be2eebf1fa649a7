/** What every program in a sandbox has; `path` and `home` as they are there. */
export const plainEnvironment = (path: string, home: string, tmp: string) => ({
  PATH: path,
  HOME: home,
  TMPDIR: tmp,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
});

/** What a step has besides: the same everywhere, so that what it prints is, too. */
export const stepEnvironment = {
  CI: '1',
  NO_COLOR: '1',
  npm_config_ignore_scripts: 'true',
  npm_config_update_notifier: 'false',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
} as const;
