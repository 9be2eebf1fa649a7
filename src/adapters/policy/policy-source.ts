import type { PolicyDocuments, PolicySource } from '../../ports/policy-source.ts';
import { readCases, readRequest } from './documents.ts';
import { loadPolicies, locateIn } from './load.ts';

/** Policies in YAML with conditions in CEL. */
export const policySource: PolicySource = { load: loadPolicies, locate: locateIn };

export const policyDocuments: PolicyDocuments = { request: readRequest, cases: readCases };
