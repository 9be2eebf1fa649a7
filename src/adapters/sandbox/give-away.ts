import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Gives a workspace to a user, as far as it is not theirs: `chown --recursive` would write to every file of it each time. Links
 * themselves are given, not what they lead to. Only for root, and while nothing runs there.
 */
export async function giveAway(
  workspace: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const others = ['(', '!', '-uid', String(uid), '-o', '!', '-gid', String(gid), ')'];
  const give = ['-exec', 'chown', '--no-dereference', '--', `${uid}:${gid}`, '{}', '+'];
  await run('find', ['-P', workspace, '-xdev', ...others, ...give]);
}
