import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { assentRun, interrupt, type Running } from '../support/command.ts';

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const PATIENCE_MS = 90_000;

/** One after the other on one demo, as a human would: each begins where the one before has left it. */
describe.skipIf(noBrowser !== '')(`the demo's page in a browser${noBrowser}`, () => {
  let demo: Running;
  let url: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    demo = assentRun(['demo']);
    const [, address] = await demo.says(/The demo's page: +(http:\S+)/);
    url = address ?? '';
    await demo.says(/Nothing goes further than its gate/);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: WIDE });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('dialog', (dialog) => void complaints.push(dialog.message()));
    await page.goto(url);
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    interrupt(demo);
    await demo.exit;
  }, 30_000);

  const cardOf = (item: string, button: string) =>
    page
      .locator(`article[id^="wait-${item}-"]`)
      .filter({ has: page.getByRole('button', { name: button, exact: true }) });

  const act = async (item: string, button: string, person?: string): Promise<string> => {
    const card = cardOf(item, button);
    await card.waitFor();
    if (person !== undefined) await card.getByLabel('as').selectOption(person);
    await card.getByRole('button', { name: button, exact: true }).click();
    const note = page.getByRole('status');
    await note.waitFor();
    return (await note.innerText()).trim();
  };

  const row = (item: string) => page.locator(`li[data-item="${item}"]`);

  it("says what is simulated, whose answers the model's are, and where to act as anybody", async () => {
    const shown = await page.locator('main').innerText();
    expect(shown).toContain('simulated GitHub');
    expect(shown).toContain('come from a tape');
    expect(shown).toContain('you are the human');
    const link = page.getByRole('link', { name: 'Act as anybody' });
    expect(await link.getAttribute('href')).toMatch(/\/_simulator\/repos\/acme\/widgets$/);
  });

  it('shows seven issues as they come in, without a reload', async () => {
    await cardOf('issue-1', 'Approve the plan').waitFor();
    await page.locator('li[data-item="issue-7"]').waitFor();
    expect(await page.locator('li[data-item^="issue-"]').count()).toBe(7);
    expect(await page.locator('.slots li.filled').count()).toBe(0);
  });

  it('offers the plan of the first alone, and says why the others wait', async () => {
    await page.locator('article[id^="wait-issue-5-"]').waitFor();
    expect(await page.getByRole('button', { name: 'Approve the plan' }).count()).toBe(1);
    expect(await page.locator('article[id^="wait-issue-5-"]').innerText()).toContain(
      '#1 comes first: the tape was recorded one issue after the other',
    );
  });

  it('shows what GitHub answers to a stranger, who may label nothing', async () => {
    expect(await act('issue-1', 'Approve the plan', 'stranger')).toContain(
      'GitHub refuses: stranger',
    );
    await cardOf('issue-1', 'Approve the plan').waitFor();
  });

  it('keeps what one is about to say while the page moves on below', async () => {
    const card = cardOf('issue-1', 'Approve the plan');
    const words = card.getByLabel('What you say with it');
    await words.fill('Half a sen');
    await page.evaluate('scrollTo(0, 40)');
    await page.waitForTimeout(2_500);
    expect(await words.inputValue()).toBe('Half a sen');
    expect(await page.evaluate('scrollY')).toBe(40);
  });

  it("takes the plan's approval from a maintainer", async () => {
    expect(await act('issue-1', 'Approve the plan')).toBe(
      'maintainer put the label assent:approve on #1.',
    );
    await page
      .locator('#timeline li.human', { hasText: /maintainer approved the plan on .* by label/ })
      .waitFor();
  });

  it("counts a stranger's approval of the merge for nothing", async () => {
    expect(await act('issue-1', 'Approve the merge', 'stranger')).toContain(
      'stranger approved pull request #8 in a review.',
    );
    await page.waitForTimeout(2_000);
    await cardOf('issue-1', 'Approve the merge').waitFor();
    expect(await row('issue-1').innerText()).toContain('The merge waits for a human');
  });

  it('has Request changes only where the tape can answer it', async () => {
    const card = cardOf('issue-1', 'Approve the merge');
    expect(await card.getByRole('button', { name: 'Request changes' }).count()).toBe(0);
    expect(await card.innerText()).toContain(
      'Request changes is not offered: the tape holds no second round',
    );
  });

  it("merges with a maintainer's approval, on a telephone as well", async () => {
    await page.setViewportSize(NARROW);
    await act('issue-1', 'Approve the merge');
    await row('issue-1').getByText('Merged', { exact: true }).waitFor();
    await page.locator('.slots li.filled').waitFor();
    expect(await page.locator('.slots li.filled').innerText()).toContain('#8 Commas inside quotes');
    await cardOf('issue-2', 'Approve the plan').waitFor();
    // What leads on stands first, also where it came in later than what may wait.
    const first = page.locator('article').first();
    await first.getByRole('button', { name: 'Approve the plan' }).waitFor();
    expect(await first.innerText()).toContain('#2 Align numbers');
  });

  it.each([
    ['light', WIDE],
    ['dark', WIDE],
    ['light', NARROW],
    ['dark', NARROW],
  ] as const)('fits its window in a %s scheme at %o', async (colorScheme, size) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    if (process.env['SCREENSHOTS'] !== undefined) {
      const path = `${process.env['SCREENSHOTS']}/demo-${colorScheme}-${size.width}.png`;
      await page.screenshot({ path, fullPage: true });
    }
  });

  it('shows and acts without scripts, too', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(url);
    expect(await plain.locator('li[data-item="issue-1"]').innerText()).toContain('Merged');
    const card = plain.locator('article[id^="wait-issue-7-"]');
    await card.getByRole('button', { name: 'Close it' }).click();
    expect(await plain.getByRole('status').innerText()).toBe('maintainer closed #7.');
    await context.close();
    await row('issue-7').getByText('Closed', { exact: true }).waitFor();
  });

  it("leads to the pull request on the simulated GitHub, and to the dashboard's story", async () => {
    const other = await browser.newPage();
    const follow = async (name: string): Promise<string> => {
      await other.goto(
        await row('issue-1')
          .getByRole('link', { name })
          .first()
          .evaluate((a) => String(Reflect.get(a, 'href'))),
      );
      return other.locator('main').innerText();
    };
    expect(await follow('#8')).toContain('assent/issue-1');
    expect(await follow('story')).toContain('pull request #8 merged');
    await other.goto(`${url}dashboard`);
    expect(await other.locator('main').innerText()).toContain('acme/widgets');
    await other.close();
  });

  it.each([
    ['a page of another origin', { origin: 'http://evil.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['another name for this machine', { host: 'evil.example' }, 403],
  ])('lets %s act for nobody', async (_, headers, status) => {
    const answer = await page.request.post(`${url}demo/act`, {
      headers,
      form: { wait: 'any', act: 'close', person: 'owner' },
    });
    expect(answer.status()).toBe(status);
  });

  it('breaks none of its own rules for what a page may load', () => {
    expect(complaints).toEqual([]);
  });

  it('ends with 0 on Ctrl-C, also while a page is open on it', async () => {
    expect(page.isClosed()).toBe(false);
    interrupt(demo);
    expect(await demo.exit).toBe(0);
  });
});
