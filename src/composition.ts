/**
 * The only file that names concrete adapters: it joins ports to what implements them, and hands use cases to the entrypoints.
 */
import { sha256 } from './adapters/crypto/sha256.ts';
import { createLedgerFolder, readBareLedger } from './adapters/git/ledger-folder.ts';
import { createRoadmapDocument } from './adapters/markdown/roadmap-document.ts';
import { readPolicyFolder } from './adapters/policy/folder.ts';
import { policyDocuments, policySource } from './adapters/policy/policy-source.ts';
import { filesAsFolder } from './application/ledger/files-as-folder.ts';
import type { LedgerFolder } from './ports/ledger-folder.ts';

export { sha256 };

/** A ledger on this machine: a folder that holds `.ai_metadata/`, or a bare repository. */
export const openLedgerFolder = async (path: string): Promise<LedgerFolder> => {
  const bare = await readBareLedger(path);
  return bare === null ? createLedgerFolder(path) : filesAsFolder(bare.files, bare.commits);
};

export const roadmapDocument = createRoadmapDocument;

export { policyDocuments, policySource, readPolicyFolder };
