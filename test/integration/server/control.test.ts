import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/simulator/simulator.ts';
import { tokenOf, unmeasured } from '../application/api.ts';
import { World, type Machine } from '../application/world.ts';

const path = '/control/acme/widgets';

describe('the page of the switch', () => {
  let world: World;
  let machine: Machine;
  const seen: string[] = [];

  beforeAll(async () => {
    world = await World.begin();
    await world.simulator.createRepository({ owner: 'acme', name: 'secret', private: true });
    machine = await world.machine();
    await world.planned('To look at');
  });
  afterAll(() => world.end());
  const get = async (at: string, cookie = '') => {
    const response = await fetch(`${machine.url}${at}`, {
      headers: { cookie },
      redirect: 'manual',
    });
    const text = await response.text();
    seen.push(text, ...[...response.headers.values()].filter((value) => value !== cookie));
    return { status: response.status, text, headers: response.headers };
  };
  const post = async (
    at: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await fetch(`${machine.url}${at}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { origin: machine.url, ...headers },
      redirect: 'manual',
    });
    const text = await response.text();
    seen.push(text, response.headers.get('location') ?? '');
    return { status: response.status, text, headers: response.headers };
  };
  const halted = async () => (await world.state()).control.halted;

  const signIn = async (person: Person, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await post('/control/sign-in', { token: tokenOf(world, person), path }, headers);
    const set = answer.headers.get('set-cookie') ?? '';
    const cookie = set.split(';', 1)[0] ?? '';
    const page = await get(path, cookie);
    const csrf = /name="csrf" value="([^"]+)"/u.exec(page.text)?.[1] ?? '';
    return { set, cookie, csrf, page };
  };

  it('asks who comes, before it shows anything', async () => {
    const { status, text, headers } = await get(path);
    expect(status).toBe(401);
    expect(text).toContain('without any');
    expect(headers.get('content-security-policy')).toContain("form-action 'self'");
    expect((await get('/control/acme/secret')).text).not.toContain('secret</');
  });

  it('gives a session that no script and no other site gets at', async () => {
    const { set } = await signIn('writer');
    expect(set).toMatch(/HttpOnly/iu);
    expect(set).toMatch(/SameSite=Strict/iu);
    expect(set).not.toMatch(/Secure/u);
    expect((await signIn('writer', { 'x-forwarded-proto': 'https' })).set).toMatch(/Secure/u);
  });

  it('reads no form beyond its size, from nobody, also where none says how long it is', async () => {
    const response = await fetch(`${machine.url}/control/sign-in`, {
      method: 'POST',
      headers: { origin: machine.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: unmeasured(100_000),
      duplex: 'half',
    });
    expect(response.status).toBe(413);
  });

  it('halts and resumes by form, for who may', async () => {
    const writer = await signIn('writer');
    const act = (who: typeof writer, verb: string) =>
      post(path, { csrf: who.csrf, verb, reason: 'it smells' }, { cookie: who.cookie });
    expect((await act(writer, 'halt')).status).toBe(303);
    expect(await halted()).toMatchObject({ by: 'writer', reason: 'it smells' });
    await act(writer, 'resume');
    expect(await halted()).not.toBeNull();
    expect((await get(path, writer.cookie)).text).toContain('takes maintain permission');
    await act(await signIn('maintainer'), 'resume');
    expect(await halted()).toBeNull();
  });

  it.each<readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['without the session’s own word', { csrf: 'x' }, {}],
    ['with another session’s', {}, { cookie: 'assent_session=nobody' }],
    ['from another site', {}, { origin: 'https://evil.example' }],
    ['from who knows where', {}, { origin: 'null' }],
  ])('does nothing on a form %s', async (_title, form, headers) => {
    const { csrf, cookie } = await signIn('owner');
    const { status } = await post(path, { csrf, verb: 'halt', ...form }, { cookie, ...headers });
    expect([401, 403]).toContain(status);
    expect(await halted()).toBeNull();
  });

  it('ends with a token that is taken back', async () => {
    const { csrf, cookie } = await signIn('writer');
    world.simulator.faults.failRequests({ path: '/user', status: 401, count: 1 });
    expect((await post(path, { csrf, verb: 'halt' }, { cookie })).status).toBe(401);
    expect((await get(path, cookie)).status).toBe(401);
    expect(await halted()).toBeNull();
  });

  it('ends when its person signs out', async () => {
    const { csrf, cookie } = await signIn('writer');
    await post('/control/sign-out', { csrf }, { cookie });
    expect((await get(path, cookie)).status).toBe(401);
  });

  it('leads nobody away after signing in', async () => {
    const token = tokenOf(world, 'writer');
    for (const to of ['https://evil.example/', '//evil.example', '/control/../x', '']) {
      const answer = await post('/control/sign-in', { token, path: to });
      expect(answer.headers.get('location')).toBe('/dashboard');
    }
  });

  it('shows a private repository to who may read it, and to nobody else', async () => {
    const stranger = await signIn('stranger');
    expect((await get('/control/acme/secret', stranger.cookie)).status).toBe(404);
    const owner = await signIn('owner');
    expect((await get('/control/acme/secret', owner.cookie)).status).toBe(200);
  });

  it('shows no token: in no page, no address, no log', async () => {
    const all = [...seen, ...world.log].join('\n');
    for (const { token } of Object.values(world.simulator.people)) expect(all).not.toContain(token);
  });

  it('stands first on the dashboard', async () => {
    const { text } = await get('/dashboard');
    expect(text.indexOf('class="switch')).toBeGreaterThan(0);
    expect(text.indexOf('class="switch')).toBeLessThan(text.indexOf('Waiting'));
    expect(text).toContain(`href="${path}"`);
  });

  it('ends by itself after a quarter of an hour', async () => {
    const { cookie } = await signIn('writer');
    expect((await get(path, cookie)).status).toBe(200);
    world.tick(16 * 60);
    expect((await get(path, cookie)).status).toBe(401);
  });
});
