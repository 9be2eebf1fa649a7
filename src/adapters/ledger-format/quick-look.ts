import { z } from 'zod';

/** Whether a value fits. It may say no of one that does: then the schema itself has to be asked. Never yes of one that does not. */
type Look = (value: unknown) => boolean;

type JsonSchema = Exclude<z.core.JSONSchema._JSONSchema, boolean>;

/**
 * A check made from a schema, for data that was parsed from canonical JSON: a long history is all lines that fit, and asking zod of
 * each costs five times as much. Of a schema that says more than is understood here it says no to everything.
 */
export const quickLook = (schema: z.ZodType): Look => lookFor(z.toJSONSchema(schema));

const never: Look = () => false;

/** What these schemas are made of; a word beyond them could ask for anything. */
const understood: ReadonlySet<string> = new Set([
  '$schema',
  'additionalProperties',
  'anyOf',
  'description',
  'enum',
  'items',
  'maximum',
  'minimum',
  'properties',
  'propertyNames',
  'required',
  'type',
]);

const lookFor = (schema: JsonSchema): Look => {
  if (Object.keys(schema).some((word) => !understood.has(word))) return never;
  if (schema.anyOf !== undefined) return anyOf(schema.anyOf.map(nested));
  if (schema.enum !== undefined) return oneOf(schema.enum);
  if (Array.isArray(schema.type)) return anyOf(schema.type.map((type) => typed({ type })));
  return typed(schema);
};

const nested = (schema: JsonSchema | boolean): Look =>
  typeof schema === 'boolean' ? never : lookFor(schema);

const anyOf = (looks: readonly Look[]): Look => {
  const [first = never, second = never] = looks;
  return looks.length > 2
    ? (value) => looks.some((look) => look(value))
    : (value) => first(value) || second(value);
};

const oneOf = (values: readonly unknown[]): Look => {
  const known = new Set(values);
  return (value) => known.has(value);
};

const typed = (schema: JsonSchema): Look => {
  switch (schema.type) {
    case undefined:
      return Object.keys(schema).every((word) => word === '$schema') ? () => true : never;
    case 'string':
      return (value) => typeof value === 'string';
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'null':
      return (value) => value === null;
    case 'number':
      return (value) => typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return integer(schema);
    case 'array':
      return arrayOf(schema.items);
    case 'object':
      return schema.properties === undefined ? record(schema) : object(schema);
    default:
      return never;
  }
};

const integer = ({ minimum = -Infinity, maximum = Infinity }: JsonSchema): Look => {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
};

const arrayOf = (items: JsonSchema['items']): Look => {
  if (typeof items !== 'object' || Array.isArray(items)) return never;
  const look = lookFor(items);
  return (value) => Array.isArray(value) && value.every(look);
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any keys with any values. */
const record = ({ propertyNames, additionalProperties }: JsonSchema): Look => {
  const says = (words: unknown) => JSON.stringify(words);
  return says(propertyNames) === says({ type: 'string' }) && says(additionalProperties) === says({})
    ? isObject
    : never;
};

/**
 * These keys, the optional ones or not, and no others. Both sides are in the order of canonical JSON, so the keys are gone through
 * once; in another order the answer is no.
 */
const object = ({ properties = {}, required = [], additionalProperties }: JsonSchema): Look => {
  if (additionalProperties !== false) return never;
  const members = Object.entries(properties)
    .map(([key, schema]) => ({ key, look: nested(schema), optional: !required.includes(key) }))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return (value) => {
    if (!isObject(value)) return false;
    let next = 0;
    for (const key in value) {
      while (members[next]?.optional === true && members[next]?.key !== key) next += 1;
      const member = members[next];
      if (member === undefined || member.key !== key || !member.look(value[key])) return false;
      next += 1;
    }
    return members.slice(next).every(({ optional }) => optional);
  };
};
