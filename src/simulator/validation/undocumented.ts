import type { Description } from './description.ts';
import { isObject } from './json-schema.ts';
import type { Schema } from './json-schema.ts';

/** What the schema knows of an object or list, all branches of `allOf` and `anyOf` taken together. */
interface Known {
  /** Some branch allows any property. */
  open: boolean;
  readonly properties: Map<string, Schema[]>;
  readonly items: Schema[];
}

/**
 * Pointers of properties that no branch of the schema documents. JSON Schema lets them pass and so does ajv; but a simulator
 * that answers what GitHub never would is one that programs come to rely on.
 */
export function undocumentedProperties(
  description: Description,
  schema: Schema,
  value: unknown,
): readonly string[] {
  const found: string[] = [];
  walk(description, [schema], value, '', found);
  return found;
}

function walk(
  description: Description,
  schemas: readonly Schema[],
  value: unknown,
  at: string,
  found: string[],
): void {
  if (typeof value !== 'object' || value === null) return;
  const known = knownOf(description, schemas);
  if (Array.isArray(value)) {
    value.forEach((item, index) => walk(description, known.items, item, `${at}/${index}`, found));
    return;
  }
  if (!isObject(value)) return;
  for (const [name, child] of Object.entries(value)) {
    const here = `${at}/${name}`;
    const documented = known.properties.get(name);
    if (documented) walk(description, documented, child, here, found);
    else if (!known.open && child !== undefined) found.push(here);
  }
}

function knownOf(description: Description, schemas: readonly Schema[]): Known {
  const known: Known = { open: false, properties: new Map(), items: [] };
  for (const schema of schemas) gather(description, schema, known);
  if (known.properties.size === 0) known.open = true;
  return known;
}

function gather(description: Description, reference: Schema, known: Known): void {
  const schema = description.resolve(reference);
  for (const keyword of ['allOf', 'anyOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches))
      branches.filter(isObject).forEach((branch) => gather(description, branch, known));
  }
  if (isObject(schema.items)) known.items.push(schema.items);
  if (isObject(schema.properties)) {
    for (const [name, property] of Object.entries(schema.properties)) {
      if (isObject(property))
        known.properties.set(name, [...(known.properties.get(name) ?? []), property]);
    }
  } else if (allowsObject(schema)) known.open = true;
  if (schema.additionalProperties === true || isObject(schema.additionalProperties))
    known.open = true;
}

/** A bare `{ "type": "object" }` means any object; `{ "required": […] }` beside other branches says nothing of properties. */
function allowsObject({ type, additionalProperties }: Schema): boolean {
  const objects = type === 'object' || (Array.isArray(type) && type.includes('object'));
  return objects && additionalProperties !== false;
}
