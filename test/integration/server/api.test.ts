import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/simulator/simulator.ts';
import { ask, tokenOf, unmeasured, type ApiAnswer } from '../application/api.ts';
import { policies } from '../application/project.ts';
import { fieldOf, list, World, type Machine } from '../application/world.ts';

const widgets = '/repositories/acme/widgets';
const secret = '/repositories/acme/secret';

describe('the API', () => {
  let world: World;
  let machine: Machine;
  let issue = '';
  const as = (person: Person, method: string, path: string, body?: unknown) =>
    ask(machine, tokenOf(world, person), method, path, body);
  const halted = async () => (await world.state()).control.halted;

  beforeAll(async () => {
    world = await World.begin({
      policies: `${policies}  - id: two
    actions: [control.resume]
    when: "false"
    effect: deny
`,
    });
    await world.simulator.createRepository({ owner: 'acme', name: 'secret', private: true });
    machine = await world.machine();
    issue = (await world.planned('To ask about')).id;
  });
  afterAll(() => world.end());
  beforeEach(() => world.tick(60));

  describe('lets in whom GitHub knows as a person', () => {
    it.each([
      ['nobody', () => null, 'auth.missing'],
      ['a token GitHub does not know', () => 'ghp_0000000000000000', 'auth.unknown'],
      ['what is no token at all', () => 'x', 'auth.unknown'],
      ['another App', () => world.simulator.otherApp.token, 'auth.unknown'],
    ])('not %s', async (_title, token, code) => {
      const answer = await ask(machine, token(), 'GET', '/repositories');
      expect([answer.status, answer.word]).toEqual([401, code]);
    });

    it('and nobody while GitHub cannot be asked', async () => {
      world.simulator.faults.failRequests({ path: '/user', status: 502, count: 1 });
      expect(await as('owner', 'GET', '/repositories')).toMatchObject({
        status: 503,
        word: 'auth.unavailable',
      });
    });

    it('and nobody whose token was taken back since', async () => {
      expect((await as('writer', 'GET', widgets)).status).toBe(200);
      // Remembered for seconds, for reading; an act asks anew.
      world.simulator.faults.failRequests({ path: '/user', status: 401, count: 1 });
      expect(await as('writer', 'POST', `${widgets}/halt`)).toMatchObject({ status: 401 });
      expect(await halted()).toBeNull();
      world.tick(60);
      world.simulator.faults.failRequests({ path: '/user', status: 401, count: 1 });
      expect(await as('writer', 'GET', widgets)).toMatchObject({ status: 401 });
    });

    it('after ten wrong tokens a minute, nobody for the rest of it', async () => {
      const guess = (n: number) => ask(machine, `ghp_guess${n}00000000`, 'GET', '/repositories');
      const answers: ApiAnswer[] = [];
      for (let n = 0; n < 11; n += 1) answers.push(await guess(n));
      expect(answers.slice(0, 10).every(({ status }) => status === 401)).toBe(true);
      expect(answers[10]).toMatchObject({ status: 429, word: 'auth.limited' });
      expect(Number(answers[10]?.headers.get('retry-after'))).toBeGreaterThan(0);
      world.tick(61);
      expect((await as('owner', 'GET', '/repositories')).status).toBe(200);
    });
  });

  it('shows of a private repository nothing to who may not read it, not even that it is there', async () => {
    const there = await as('stranger', 'GET', secret);
    const nowhere = await as('stranger', 'GET', '/repositories/acme/nowhere');
    expect(there.status).toBe(404);
    expect(there.body).toEqual(nowhere.body);
    const path = `${secret}/halt`;
    expect((await as('stranger', 'POST', path)).body).toEqual(nowhere.body);
    const names = list(
      fieldOf((await as('stranger', 'GET', '/repositories')).body, 'repositories'),
    );
    expect(names.map((one) => fieldOf(one, 'full_name'))).toEqual(['acme/widgets']);
    expect((await as('owner', 'GET', secret)).status).toBe(200);
  });

  it('shows an item with the tree that the check run shows, also after a restart', async () => {
    const { body } = await as('reader', 'GET', `${widgets}/items/${issue}`);
    const verdict = fieldOf(body, 'verdict');
    expect(fieldOf(verdict, 'effect')).toBe('require_human');
    expect(JSON.stringify(fieldOf(verdict, 'reasons'))).toContain('step plan: 0 of 1');
    expect(await as('reader', 'GET', `${widgets}/items/issue-999`)).toMatchObject({
      status: 404,
      word: 'item.unknown',
    });
  });

  it.each<readonly [Person, number]>([
    ['stranger', 403],
    ['reader', 403],
    ['triager', 403],
    ['writer', 200],
  ])('the %s who halts is answered %s', async (person, status) => {
    expect((await as(person, 'POST', `${widgets}/halt`, { reason: 'a\n b' })).status).toBe(status);
    expect((await halted())?.reason).toBe(status === 200 ? 'a b' : undefined);
  });

  it.each<readonly [Person, number, string]>([
    ['writer', 403, 'switch.forbidden'],
    ['maintainer', 200, 'done'],
    ['maintainer', 200, 'unchanged'],
  ])('the %s who resumes is answered %s %s', async (person, status, word) => {
    expect(await as(person, 'POST', `${widgets}/resume`)).toMatchObject({ status, word });
  });

  it('a person whose account is gone when it comes to it has no right', async () => {
    world.simulator.faults.failRequests({ path: '/collaborators/', status: 404, count: 9 });
    const { status } = await as('writer', 'POST', `${widgets}/halt`);
    world.simulator.faults.reset();
    expect(status).toBe(404);
    expect(await halted()).toBeNull();
  });

  it('switches agents, and knows only its own', async () => {
    const off = await as('writer', 'POST', `${widgets}/agents/reviewer/disable`, { reason: 'odd' });
    expect(off).toMatchObject({ status: 200, word: 'done' });
    expect(fieldOf(fieldOf(off.body, 'switch'), 'disabled_agents')).toEqual(['reviewer']);
    expect(await as('writer', 'POST', `${widgets}/agents/reviewer/enable`)).toMatchObject({
      status: 403,
    });
    expect(await as('maintainer', 'POST', `${widgets}/agents/reviewer/enable`)).toMatchObject({
      word: 'done',
    });
    expect(await as('maintainer', 'POST', `${widgets}/agents/revewer/enable`)).toMatchObject({
      status: 404,
      word: 'agent.unknown',
    });
  });

  it('takes no body but its own', async () => {
    for (const body of [{ why: 'x' }, { reason: 7 }, { reason: 'x'.repeat(501) }, []]) {
      const answer = await as('writer', 'POST', `${widgets}/halt`, body);
      expect([answer.status, answer.word]).toEqual([400, 'body.malformed']);
    }
  });

  it('reads no body beyond sixteen KiB, also where none says how long it is', async () => {
    const send = async (body: string | ReadableStream<Uint8Array>) => {
      const response = await fetch(`${machine.url}/api/v1${widgets}/halt`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenOf(world, 'writer')}` },
        body,
        duplex: 'half',
      });
      return [response.status, fieldOf(fieldOf(await response.json(), 'error'), 'code')];
    };
    expect(await send(' '.repeat(16_385))).toEqual([413, 'body.too_long']);
    expect(await send(unmeasured(100_000))).toEqual([413, 'body.too_long']);
    expect(await send(unmeasured(16_384))).toEqual([400, 'body.malformed']);
    expect(await halted()).toBeNull();
  });

  it('more than twenty acts a minute of one person have to wait', async () => {
    const { reader } = { reader: 'reader' as const };
    const answers = [];
    for (let n = 0; n < 21; n += 1) answers.push(await as(reader, 'POST', `${widgets}/resume`));
    expect(answers.at(-1)).toMatchObject({ status: 429, word: 'switch.busy' });
  });

  it('keeps no token: not in the log, the inbox, or an answer', async () => {
    const seen = [
      ...world.log,
      JSON.stringify(await machine.deps.inbox.list(500)),
      JSON.stringify((await as('writer', 'GET', '/repositories')).body),
    ].join('\n');
    for (const { token } of Object.values(world.simulator.people))
      expect(seen).not.toContain(token);
    expect(seen).not.toContain('ghp_guess');
  });

  describe('describes itself', () => {
    let document: unknown;
    beforeAll(async () => {
      ({ body: document } = await ask(machine, null, 'GET', '/openapi.json'));
    });

    it.each([
      ['Repositories', '/repositories'],
      ['Repository', widgets],
      ['Items', `${widgets}/items`],
      ['Report', `${widgets}/report`],
      ['Switch', `${widgets}/switch`],
      ['Problem', '/repositories/acme/nowhere'],
    ])('%s is what %s answers', async (name, path) => {
      const ajv = new Ajv2020({ strict: false });
      addFormats.default(ajv);
      ajv.addSchema({ ...Object(document), $id: 'https://assent.test/openapi' });
      const valid = ajv.compile({
        $ref: `https://assent.test/openapi#/components/schemas/${name}`,
      });
      expect(valid((await as('maintainer', 'GET', path)).body), ajv.errorsText(valid.errors)).toBe(
        true,
      );
      expect(valid({ more: 1 })).toBe(false);
    });

    it('every address it names is there, and asks who comes', async () => {
      const paths = Object.keys(Object(fieldOf(document, 'paths')));
      expect(paths).toHaveLength(10);
      for (const path of paths) {
        const at = path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, 'x');
        const [method = 'get'] = Object.keys(Object(fieldOf(fieldOf(document, 'paths'), path)));
        expect((await ask(machine, null, method.toUpperCase(), at)).status).toBe(401);
      }
    });
  });
});
