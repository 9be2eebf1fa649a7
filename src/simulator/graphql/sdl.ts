import { readFileSync } from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';

let built: GraphQLSchema | undefined;

/**
 * GitHub's own SDL, built once a process for whoever answers by it and whoever checks the answers. The package itself is not loaded,
 * since it reads the same once more as JSON, and what the text was parsed into is let go: together that was 70 MB, which is copied
 * for each process that is started.
 */
export function githubSchema(): GraphQLSchema {
  built ??= build();
  return built;
}

function build(): GraphQLSchema {
  const file = new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
  const document = parse(readFileSync(file, 'utf8'), { noLocation: true });
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  for (const type of [...Object.values(schema.getTypeMap()), ...schema.getDirectives()])
    forget(type);
  return schema;
}

interface Documented {
  description?: string | null | undefined;
  astNode?: unknown;
  readonly args?: readonly Documented[];
  getFields?(): Readonly<Record<string, Documented>>;
  getValues?(): readonly Documented[];
}

/** Where it stands in the text, and what is said of it there: no answer holds either. */
function forget(part: Documented): void {
  part.astNode = undefined;
  part.description = undefined;
  const parts = [
    ...(part.args ?? []),
    ...Object.values(part.getFields?.() ?? {}),
    ...(part.getValues?.() ?? []),
  ];
  for (const one of parts) forget(one);
}
