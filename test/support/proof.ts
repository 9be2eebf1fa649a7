import { conditionExpression } from '../../src/adapters/policy/condition.ts';
import { factTypes, factVariables } from '../../src/adapters/policy/facts.ts';
import { policyDocuments } from '../../src/adapters/policy/policy-source.ts';
import type { Parts } from '../../src/adapters/proof/parts.ts';

/** What the prover is composed of, as `composition.ts` does it. */
export const proofParts: Parts = {
  facts: { types: factTypes, names: factVariables },
  parse: conditionExpression,
  read: (draft) => {
    const request = policyDocuments.request('witness.json', JSON.stringify(draft));
    return request.ok ? request.value : null;
  },
};
