import type * as GraphQL from 'graphql';
import type { Actor } from '../actor.ts';
import { GitHubRefusal, GraphQLRefusal } from '../errors.ts';
import type { World } from '../world.ts';
import { mutations } from './mutations.ts';
import { queries } from './queries.ts';
import type { GraphQLContext } from './context.ts';

type Library = typeof GraphQL;
type Loaded = {
  readonly library: Library;
  readonly schema: InstanceType<Library['GraphQLSchema']>;
};

let loading: Promise<Loaded> | null = null;

/** GitHub's SDL is large; whoever never asks in GraphQL never waits for it. */
function load(): Promise<Loaded> {
  loading ??= (async () => {
    const [library, sdl] = await Promise.all([import('graphql'), import('./sdl.ts')]);
    return { library, schema: sdl.githubSchema() };
  })();
  return loading;
}

export interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

export async function answerGraphQL(
  world: World,
  actor: Extract<Actor, { kind: 'user' | 'installation' }>,
  document: string,
  variables: Record<string, unknown>,
  operationName: string | null,
): Promise<GraphQLAnswer> {
  const { library, schema } = await load();
  const context: GraphQLContext = { world, actor };
  const result = await library.graphql({
    schema,
    source: document,
    rootValue: { ...queries(context), ...mutations(context) },
    contextValue: context,
    variableValues: variables,
    operationName,
    fieldResolver: resolveField,
    typeResolver: (value: unknown) => nameOfType(value),
  });
  if (result.errors === undefined) return { data: result.data };
  const errors = result.errors.map((error) => ({
    ...typeOf(error.originalError),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: error.message,
  }));
  return result.data === undefined ? { errors } : { data: result.data, errors };
}

function typeOf(cause: unknown): { type?: string } {
  if (cause instanceof GraphQLRefusal) return { type: cause.type };
  if (cause instanceof GitHubRefusal) {
    if (cause.status === 404) return { type: 'NOT_FOUND' };
    return { type: cause.status === 422 ? 'UNPROCESSABLE' : 'FORBIDDEN' };
  }
  if (cause instanceof Error && !(cause instanceof UnresolvedField)) process.emitWarning(cause);
  return {};
}

/** GitHub has the field and the simulator does not: said aloud, because a silent null would be believed. */
class UnresolvedField extends Error {}

function resolveField(
  source: unknown,
  args: unknown,
  context: unknown,
  info: { readonly fieldName: string; readonly parentType: { readonly name: string } },
): unknown {
  const value: unknown =
    typeof source === 'object' && source !== null ? Reflect.get(source, info.fieldName) : undefined;
  if (value === undefined) {
    throw new UnresolvedField(
      `The simulator does not resolve ${info.parentType.name}.${info.fieldName}.`,
    );
  }
  return typeof value === 'function' ? Reflect.apply(value, source, [args, context, info]) : value;
}

const nameOfType = (value: unknown): string | undefined => {
  const name: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, '__typename') : undefined;
  return typeof name === 'string' ? name : undefined;
};
