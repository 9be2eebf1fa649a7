import { isDeepStrictEqual } from 'node:util';
import { execute, getVariableValues, isAbstractType, Kind, parse, validate } from 'graphql';
import type {
  DocumentNode,
  ExecutionResult,
  GraphQLAbstractType,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { githubSchema } from '../graphql/sdl.ts';
import { isObject } from './json-schema.ts';
import type { Fault } from './openapi.ts';

const fault = (where: string, message: string): Fault => ({ where, message, ignorable: false });

export interface GraphqlFaults {
  /** The operation's name, or its kind and first field. */
  readonly operation: string;
  readonly request: readonly Fault[];
  readonly response: readonly Fault[];
}

export function graphqlFaults(exchange: {
  document: string;
  variables: unknown;
  response: unknown;
}): GraphqlFaults {
  const document = parsed(exchange.document);
  if (typeof document === 'string')
    return {
      operation: 'graphql',
      request: [fault('document', document)],
      response: refusalFaults(exchange.response),
    };
  const operation = document.definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const sdl = githubSchema();
  const request = validate(sdl, document).map(({ message }) => fault('document', message));
  if (!operation)
    return {
      operation: 'graphql',
      request: [...request, fault('document', 'holds no operation')],
      response: [],
    };
  const variables = isObject(exchange.variables) ? exchange.variables : {};
  if (request.length === 0) request.push(...variableFaults(sdl, operation, variables));
  return {
    operation: nameOf(operation),
    request,
    response:
      request.length > 0
        ? refusalFaults(exchange.response)
        : responseFaults(sdl, document, variables, exchange.response),
  };
}

function parsed(text: string): DocumentNode | string {
  try {
    return parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function nameOf(operation: OperationDefinitionNode): string {
  const first = operation.selectionSet.selections[0];
  const field = first?.kind === Kind.FIELD ? first.name.value : '…';
  return operation.name?.value ?? `${operation.operation} ${field}`;
}

function variableFaults(
  sdl: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Fault[] {
  const { errors = [] } = getVariableValues(sdl, operation.variableDefinitions ?? [], variables);
  return errors.map(({ message }) => fault('variables', message));
}

/** What the SDL does not allow must be refused whole. */
function refusalFaults(response: unknown): Fault[] {
  const refused =
    isObject(response) && Array.isArray(response.errors) && (response.data ?? null) === null;
  return refused ? [] : [fault('data', 'answers a request that GitHub refuses')];
}

/**
 * The reply is executed as if it were the data behind the schema: what comes out must be what went in. A field missing or
 * too many, a null where none may be, a wrong type or enum value then shows as an error or a difference.
 */
function responseFaults(
  sdl: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  response: unknown,
): Fault[] {
  if (!isObject(response)) return [fault('response', 'is no object')];
  const { data, errors } = response;
  if (errors !== undefined && (!Array.isArray(errors) || errors.length === 0))
    return [fault('errors', 'must be absent or a list that is not empty')];
  if (data === undefined || data === null)
    return errors === undefined ? [fault('data', 'is missing, and so are errors')] : [];
  const again = execute({
    schema: sdl,
    document,
    variableValues: variables,
    rootValue: data,
    fieldResolver: (source: unknown, _arguments, _context, { path }) =>
      isObject(source) ? source[path.key] : undefined,
    typeResolver: (value: unknown, _context, info, type) => typeNameOf(sdl, value, type, info),
  });
  return again instanceof Promise ? [] : differences(again, data);
}

function differences(again: ExecutionResult, data: unknown): Fault[] {
  const errors = (again.errors ?? []).map(({ path, message }) =>
    fault(`data ${(path ?? []).join('.')}`, message),
  );
  if (errors.length > 0) return errors;
  return isDeepStrictEqual(asSent(again.data ?? null), asSent(data))
    ? []
    : [fault('data', 'has fields missing or fields that were not asked for')];
}

/** What comes fresh from graphql-js has no prototype, and would differ from its own copy. */
const asSent = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

/**
 * A reply that did not ask for `__typename` names no member of a union or interface: take the one of which just those fields
 * were asked that the value has.
 */
function typeNameOf(
  sdl: GraphQLSchema,
  value: unknown,
  type: GraphQLAbstractType,
  info: GraphQLResolveInfo,
): string | undefined {
  if (!isObject(value)) return undefined;
  if (typeof value.__typename === 'string') return value.__typename;
  const keys = new Set(Object.keys(value));
  const candidates = sdl.getPossibleTypes(type);
  const fits = candidates.find(
    (candidate) => keys.symmetricDifference(keysAsked(sdl, candidate, info)).size === 0,
  );
  return (fits ?? candidates[0])?.name;
}

function keysAsked(
  sdl: GraphQLSchema,
  candidate: GraphQLObjectType,
  { fieldNodes, fragments }: GraphQLResolveInfo,
): Set<string> {
  const keys = new Set<string>();
  const collect = (set: SelectionSetNode | undefined): void => set?.selections.forEach(select);
  const select = (selection: SelectionNode): void => {
    if (selection.kind === Kind.FIELD) {
      keys.add(selection.alias?.value ?? selection.name.value);
      return;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
    const condition = fragment?.typeCondition?.name.value;
    if (condition === undefined || applies(sdl, condition, candidate))
      collect(fragment?.selectionSet);
  };
  fieldNodes.forEach(({ selectionSet }) => collect(selectionSet));
  return keys;
}

function applies(sdl: GraphQLSchema, condition: string, candidate: GraphQLObjectType): boolean {
  const type = sdl.getType(condition);
  return type === candidate || (isAbstractType(type) && sdl.isSubType(type, candidate));
}
