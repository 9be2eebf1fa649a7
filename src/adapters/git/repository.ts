import { git, type GitOptions } from './git.ts';

/** Plumbing commands on one repository, given as its git directory. */
export interface Repository {
  /** Standard output; throws a `GitFault` where git answers with anything but 0. */
  bytes(args: readonly string[], options?: GitOptions): Promise<Buffer>;
  /** The same as text, without the final newline. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
}

export const repositoryAt = (gitDirectory: string): Repository => {
  // A checkout made by another user is still one to read: git is isolated from whatever its configuration names.
  const target = ['-c', 'safe.directory=*', `--git-dir=${gitDirectory}`];
  const bytes: Repository['bytes'] = async (args, options = {}) => {
    const env = { GIT_NO_LAZY_FETCH: '1', ...options.env };
    return (await git([...target, ...args], { ...options, env })).stdout;
  };
  return {
    bytes,
    text: async (args, options) => (await bytes(args, options)).toString().trimEnd(),
  };
};
