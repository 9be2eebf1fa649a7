import { isObject, toJsonSchema } from './json-schema.ts';
import type { Schema } from './json-schema.ts';

/** One documented method of one documented path. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly template: string;
  readonly pattern: RegExp;
  readonly query: ReadonlyMap<string, QueryParameter>;
  readonly body: { readonly required: boolean; readonly schema: Schema } | null;
  /** By status, as a string. */
  readonly responses: ReadonlyMap<string, ResponseShape>;
}

export interface QueryParameter {
  readonly required: boolean;
  readonly schema: Schema;
}

/** The schema of a reply by media type; empty where the reply has no body. */
export type ResponseShape = ReadonlyMap<string, Schema>;

const methods = new Set(['get', 'put', 'post', 'patch', 'delete']);

/** Parameters that may hold slashes. */
const slashed = new Set(['ref', 'basehead', 'branch', 'base', 'head', 'dir', 'tree_sha']);

/** Every documented operation, the most literal path first, so that `/pulls/comments` comes before `/pulls/{pull_number}`. */
export function operationsOf(
  paths: Record<string, unknown>,
  components: Record<string, unknown>,
): readonly Operation[] {
  const operations: Operation[] = [];
  for (const [template, item] of Object.entries(paths)) {
    if (!isObject(item)) continue;
    for (const [method, operation] of Object.entries(item)) {
      if (methods.has(method) && isObject(operation))
        operations.push(readOperation(template, method, operation, components));
    }
  }
  return operations.toSorted((a, b) => literalSegments(b.template) - literalSegments(a.template));
}

function literalSegments(template: string): number {
  return template.split('/').filter((segment) => segment !== '' && !segment.includes('{')).length;
}

function readOperation(
  template: string,
  method: string,
  operation: Record<string, unknown>,
  components: Record<string, unknown>,
): Operation {
  const parameters = listOf(operation.parameters).map((parameter) =>
    dereference(parameter, components),
  );
  const integers = new Set(
    parameters
      .filter(
        ({ in: place, schema }) =>
          place === 'path' && isObject(schema) && schema.type === 'integer',
      )
      .map(({ name }) => name),
  );
  return {
    id: String(operation.operationId),
    method: method.toUpperCase(),
    template,
    pattern: patternOf(template, integers),
    query: queryOf(parameters),
    body: bodyOf(operation.requestBody, components),
    responses: responsesOf(operation.responses, components),
  };
}

function patternOf(template: string, integers: ReadonlySet<unknown>): RegExp {
  const source = template.split(/(\/?\{\w+\})/).map((part) => {
    const [, slash = '', name] = /^(\/?)\{(\w+)\}$/.exec(part) ?? [];
    if (name === undefined) return RegExp.escape(part);
    // The root folder has no path, and GitHub takes it with and without the slash.
    if (name === 'path') return `(?:${slash}.*)?`;
    return `${slash}${valueOf(name, integers)}`;
  });
  return new RegExp(`^${source.join('')}$`);
}

function valueOf(name: string, integers: ReadonlySet<unknown>): string {
  if (slashed.has(name)) return '.+';
  return integers.has(name) ? '\\d+' : '[^/]+';
}

function queryOf(parameters: readonly Record<string, unknown>[]): Map<string, QueryParameter> {
  const query = new Map<string, QueryParameter>();
  for (const { in: place, name, required, schema } of parameters) {
    if (place === 'query' && typeof name === 'string')
      query.set(name, { required: required === true, schema: toJsonSchema(schema) });
  }
  return query;
}

function bodyOf(source: unknown, components: Record<string, unknown>): Operation['body'] {
  if (!isObject(source)) return null;
  const body = dereference(source, components);
  const json = isObject(body.content) ? body.content['application/json'] : undefined;
  return isObject(json)
    ? { required: body.required === true, schema: toJsonSchema(json.schema) }
    : null;
}

function responsesOf(
  source: unknown,
  components: Record<string, unknown>,
): Map<string, ResponseShape> {
  const responses = new Map<string, ResponseShape>();
  if (!isObject(source)) return responses;
  for (const [status, reference] of Object.entries(source)) {
    const { content } = dereference(reference, components);
    responses.set(
      status,
      new Map(isObject(content) ? Object.entries(content).map(schemaOfMediaType) : []),
    );
  }
  return responses;
}

function schemaOfMediaType([type, media]: [string, unknown]): [string, Schema] {
  return [type, isObject(media) ? toJsonSchema(media.schema) : {}];
}

/** Parameters and responses may be references into the components; schemas keep theirs (see `toJsonSchema`). */
function dereference(value: unknown, components: Record<string, unknown>): Record<string, unknown> {
  if (!isObject(value)) return {};
  if (typeof value.$ref !== 'string') return value;
  const [, , section = '', name = ''] = value.$ref.split('/');
  const group = components[section];
  return isObject(group) ? dereference(group[name], components) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
