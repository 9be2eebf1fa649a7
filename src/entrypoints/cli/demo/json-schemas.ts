import { z } from 'zod';
import { demoDocument } from './document.ts';
import { tryDocument } from './try/document.ts';

/** What the demo's commands print with --json, by file name under `schema/`. */
export const demoJsonSchemas: Readonly<Record<string, unknown>> = {
  'demo.json': describe(demoDocument, 'What assent demo --once --json prints, and --out keeps'),
  'try.json': describe(tryDocument, 'What assent try --json prints'),
};

function describe(schema: z.ZodType, title: string): unknown {
  return { title, ...z.toJSONSchema(schema, { reused: 'ref' }) };
}
