/** A schema as GitHub's description writes it, once OpenAPI 3.0's own dialect is turned into JSON Schema. */
export interface Schema {
  [keyword: string]: unknown;
}

/** Where the schemas of the description live for `$ref`; nothing is ever fetched from it. */
const base = 'https://api.github.com/description/';

export const schemaUri = (name: string): string => `${base}${name}`;

const prefix = '#/components/schemas/';

/** Keywords whose children are named by GitHub, and so must not be read as keywords. */
const maps = new Set(['properties', 'patternProperties']);

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, references become absolute. `oneOf` becomes `anyOf`: GitHub
 * writes it of objects that overlap, none of them closed (a plain refusal, and the same with more in it), so that a right
 * answer often fits two. `discriminator` goes: its only use is to choose among `oneOf`, and GitHub's mappings name values
 * ("array") that no property ever has.
 */
export function toJsonSchema(value: unknown): Schema {
  return isObject(value) ? convertObject(value) : {};
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  return isObject(value) ? convertObject(value) : value;
}

function convertObject(source: Record<string, unknown>): Schema {
  const schema: Schema = {};
  for (const [keyword, child] of Object.entries(source)) {
    if (keyword === 'nullable' || keyword === 'discriminator' || keyword === 'deprecated') continue;
    if (keyword === 'enum' || keyword === 'default') schema[keyword] = child;
    else if (keyword === 'oneOf') schema.anyOf = convert(child);
    else if (keyword === '$ref') schema[keyword] = absolute(child);
    else if (maps.has(keyword) && isObject(child)) schema[keyword] = convertMap(child);
    else schema[keyword] = convert(child);
  }
  return source.nullable === true ? allowNull(schema) : schema;
}

function convertMap(children: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(children).map(([name, child]) => [name, convert(child)]),
  );
}

function absolute(reference: unknown): unknown {
  return typeof reference === 'string' && reference.startsWith(prefix)
    ? schemaUri(reference.slice(prefix.length))
    : reference;
}

function allowNull(schema: Schema): Schema {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const nullable: Schema = { ...schema, type: [schema.type, 'null'] };
  if (Array.isArray(schema.enum) && !schema.enum.includes(null))
    nullable.enum = [...schema.enum, null];
  return nullable;
}
