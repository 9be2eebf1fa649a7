import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';

/**
 * Half of a command's start was reading, stripping and compiling the same modules again. Kept in a folder of the user's own: in the
 * shared one for temporary files, which Node takes by itself, somebody else may have put what would then be run.
 */
const { XDG_CACHE_HOME: caches = '', HOME: home = '' } = process.env;
const folder = [caches, join(home, '.cache')].find((path) => isAbsolute(path));
// Where it cannot be written it is done without, and nothing is said.
if (folder !== undefined) enableCompileCache(join(folder, 'assent', 'compiled'));

// Not above: what is imported there is compiled before.
await import('./program.ts');
