import { schema } from '@octokit/graphql-schema';
import { buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';

let built: GraphQLSchema | undefined;

/** GitHub's own SDL, built once a process for whoever answers by it and whoever checks the answers: it is large. */
export function githubSchema(): GraphQLSchema {
  built ??= buildSchema(schema.idl, { assumeValidSDL: true });
  return built;
}
