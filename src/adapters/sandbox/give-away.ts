import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Gives the workspace `$1` to user `$2` of group `$3`, as far as it is not theirs: `chown --recursive` would write to every file
 * of it each time. Links themselves are given, not what they lead to. Only for root, and while nothing runs there.
 */
export const giveAwayCommand =
  'find -P "$1" -xdev "(" ! -uid "$2" -o ! -gid "$3" ")" -exec chown --no-dereference -- "$2:$3" {} +';

export async function giveAway(
  workspace: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  await run('/bin/sh', ['-c', giveAwayCommand, 'sh', workspace, String(uid), String(gid)]);
}
