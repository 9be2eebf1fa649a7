import { z } from 'zod';
import { verdictRequest } from './request-schema.ts';
import { policyFile } from './schema.ts';
import { policyTestFile } from './test-schema.ts';

const nothing = {
  asked: new Map(),
  roles: new Set<string>(),
  ruleFiles: new Map(),
  roleFiles: new Map(),
};

/** What editors are given, by file name under `schema/`. They check shapes; `assent policy check` checks the rest. */
export const policyJsonSchemas: Readonly<Record<string, unknown>> = {
  'policy.json': describe(policyFile(nothing), 'A policy file of Assent: policies/*.yml'),
  'policy-test.json': describe(policyTestFile, 'Tests of policies: policies/*.test.yml'),
  'verdict-request.json': describe(verdictRequest, 'What assent policy evaluate is asked'),
};

function describe(schema: z.ZodType, title: string): unknown {
  return { title, ...z.toJSONSchema(schema, { io: 'input', reused: 'ref' }) };
}
