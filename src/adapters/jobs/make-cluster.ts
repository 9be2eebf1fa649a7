/** Run as a process of its own, with the folder as its argument; see `makeCluster`. */
import { openCluster } from './pglite-cluster.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: make-cluster FOLDER');
const cluster = await openCluster(folder);
await cluster.close();
