import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  descriptionFile,
  pruneDescription,
  prunedDescription,
} from '../../../scripts/prune-github-description.ts';
import { createDescription } from '../../../src/simulator/validation/description.ts';

describe('the committed description of GitHub', () => {
  it('is what the script makes of the installed @octokit/openapi', () => {
    expect(readFileSync(descriptionFile, 'utf8') === prunedDescription()).toBe(true);
  });

  it('says which package and version it was cut from', () => {
    const document: unknown = JSON.parse(readFileSync(descriptionFile, 'utf8'));

    expect(document).toMatchObject({
      'x-pruned-from': {
        package: '@octokit/openapi',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      },
    });
  });
});

describe('pruning', () => {
  const from = { package: 'p', version: '1.0.0' };
  const full = {
    openapi: '3.0.3',
    paths: {
      '/app': {
        get: { description: 'prose', responses: { 200: { $ref: '#/components/responses/app' } } },
      },
      '/gists': { get: { responses: {} } },
    },
    'x-webhooks': { 'issues-opened': { post: {} }, 'star-created': { post: {} } },
    components: {
      responses: {
        app: { content: { 'application/json': { schema: { $ref: '#/components/schemas/app' } } } },
      },
      schemas: {
        app: {
          description: 'prose',
          properties: {
            description: { type: 'string', example: 'x' },
            owner: { $ref: '#/components/schemas/user' },
          },
        },
        user: { enum: ['description'], 'x-vendor': true },
        gist: {},
        ...Object.fromEntries(
          ['basic-error', 'validation-error', 'validation-error-simple', 'scim-error'].map(
            (name) => [name, {}],
          ),
        ),
      },
    },
  };
  const pruned = pruneDescription(full, from);

  it('keeps paths and webhooks in use and drops the others', () => {
    expect(pruned).toMatchObject({ paths: { '/app': {} }, 'x-webhooks': { 'issues-opened': {} } });
    expect(pruned).not.toHaveProperty(['paths', '/gists']);
    expect(pruned).not.toHaveProperty(['x-webhooks', 'star-created']);
  });

  it('keeps what is referred to, through other components too, and nothing else', () => {
    expect(pruned).toHaveProperty(['components', 'schemas', 'user'], { enum: ['description'] });
    expect(pruned).not.toHaveProperty(['components', 'schemas', 'gist']);
  });

  it('drops prose but never a property that is named like prose', () => {
    expect(pruned).toHaveProperty(['components', 'schemas', 'app'], {
      properties: { description: { type: 'string' }, owner: { $ref: '#/components/schemas/user' } },
    });
  });

  it('refuses a reference that leads nowhere', () => {
    const broken = { ...full, components: { ...full.components, responses: {} } };

    expect(() => pruneDescription(broken, from)).toThrow('responses/app');
  });
});

describe('a correction of the description', () => {
  it('that no longer meets what it corrects fails, so that it goes when GitHub mends it', () => {
    const mended: unknown = JSON.parse(readFileSync(descriptionFile, 'utf8'));
    const { schema } =
      Object(mended).paths['/app/installations'].get.responses['200'].content['application/json'];
    delete schema.items;

    expect(() => createDescription(mended)).toThrow(
      /nothing to correct at paths > \/app\/installations/,
    );
  });
});
