import { z } from 'zod';
import { operations, type Operation } from './operations.ts';
import { agentName, bodies } from './schemas.ts';

const problems: Readonly<Record<string, string>> = {
  '400': 'What was sent is not what this address takes',
  '401': 'No token, or GitHub knows no person by it',
  '403': 'You have not the right',
  '404': 'There is nothing here, or nothing that you may read',
  '409': 'Said before what it would undo: say it again',
  '413': 'The body is too long',
  '429': 'Too much of it: wait for Retry-After',
  '503': 'GitHub could not be asked who you are',
};

const json = (schema: string) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${schema}` } },
});

/** OpenAPI 3.1, made of the schemas that the answers are written by. */
export function openApi(version: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of Object.values<Operation>(operations)) {
    const { path, method } = operation;
    paths[`/api/v1${path}`] = { ...paths[`/api/v1${path}`], [method]: described(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Assent',
      version,
      description:
        'Sign in with a GitHub token of your own: it only says who you are, so it needs no permission at all. What you may see and do is asked of GitHub.',
    },
    paths,
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: componentSchemas(),
    },
  };
}

function described({ id, summary, path, request, response }: Operation) {
  const answers = {
    '200': { description: 'As asked', content: json(response) },
    ...(request === undefined
      ? {}
      : { '202': { description: 'Recorded; it is answered later', content: json(response) } }),
    ...Object.fromEntries(
      Object.entries(problems).map(([status, description]) => [
        status,
        { description, content: json('Problem') },
      ]),
    ),
  };
  return {
    operationId: id,
    summary,
    parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: name === 'agent' ? plain(agentName) : { type: 'string' },
    })),
    ...(request === undefined ? {} : { requestBody: { required: false, content: json(request) } }),
    responses: answers,
  };
}

function plain(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema);
  return rest;
}

/** Shared parts stand beside the bodies under their own names. */
function componentSchemas(): Readonly<Record<string, unknown>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(bodies)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => {
      const { $schema: _dialect, $id: _id, ...rest } = schema as Readonly<Record<string, unknown>>;
      return [id, rest];
    }),
  );
}
