import { resolve } from 'node:path';
import { trackedPaths } from '../adapters/git/tracked.ts';
import { conditionExpression } from '../adapters/policy/condition.ts';
import { factTypes, factVariables } from '../adapters/policy/facts.ts';
import { policyDigest } from '../adapters/policy/load.ts';
import { createPolicyProver } from '../adapters/proof/prover.ts';
import { openScan as openScanWith } from '../adapters/scan/open.ts';
import type { DecisionTools } from '../application/ledger/decisions-check.ts';
import { createLedgerFolder, readBareLedger } from '../adapters/git/ledger-folder.ts';
import { policyDocuments, policySource } from '../adapters/policy/policy-source.ts';
import { filesAsFolder } from '../application/ledger/files-as-folder.ts';
import type { LedgerFolder } from '../ports/ledger-folder.ts';
import type { PolicyProver } from '../ports/policy-prover.ts';

/** A ledger on this machine: a folder that holds `.ai_metadata/`, or a bare repository. */
export const openLedgerFolder = async (named: string): Promise<LedgerFolder> => {
  // git runs from a folder of its own choosing, so that it reads no configuration by accident.
  const path = resolve(named);
  const bare = await readBareLedger(path);
  return bare === null ? createLedgerFolder(path) : filesAsFolder(bare.files, bare.commits);
};

export const openScan = (path: string) => openScanWith(path, trackedPaths);

/** What takes a recorded decision again. */
export const decisionTools: DecisionTools = {
  source: policySource,
  documents: policyDocuments,
  digest: policyDigest,
};

/** Answers for every request there could be, by a solver that is loaded at the first question. */
export const policyProver = (): PolicyProver =>
  createPolicyProver({
    facts: { types: factTypes, names: factVariables },
    parse: conditionExpression,
    read: (draft) => {
      const request = policyDocuments.request('witness.json', JSON.stringify(draft));
      return request.ok ? request.value : null;
    },
  });
