import { ok, refuse, type Result } from '../domain/result.ts';

export interface GitHubAddresses {
  /** Base of the REST API, without a slash at the end. */
  readonly api: string;
  /** Where people look at repositories, and git clones them. */
  readonly web: string;
}

const code = 'config.ghe_host';
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** GHE_HOST: a host name, or an address; plain http only for this machine, where the simulator is. null: github.com. */
export function githubAddresses(given: string | null): Result<GitHubAddresses> {
  if (given === null || given === 'github.com') {
    return ok({ api: 'https://api.github.com', web: 'https://github.com' });
  }
  const url = URL.parse(given.includes('://') ? given : `https://${given}`);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return refuse(code, 'GHE_HOST must be a host name, such as github.example.com');
  }
  if (url.protocol === 'http:' && !loopback.has(url.hostname)) {
    return refuse(
      code,
      'GHE_HOST begins with http://, and tokens would travel in clear: use https, or a simulator on 127.0.0.1',
    );
  }
  if (url.username !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/') {
    return refuse(code, 'GHE_HOST must be a host alone, without user, path or query');
  }
  return ok({ api: `${url.origin}/api/v3`, web: url.origin });
}
