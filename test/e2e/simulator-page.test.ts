import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWidgets, startStandAlone } from '../../src/simulator/stand-alone.ts';
import type { StandAlone } from '../../src/simulator/stand-alone.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';

/** A browser sends what no other client does (origins, cookies), and shows what no test of text sees. */
describe.skipIf(noBrowser !== '')(`the simulator's page in a browser${noBrowser}`, () => {
  let alone: StandAlone;
  let browser: Browser;
  beforeAll(async () => {
    alone = await startStandAlone();
    await seedWidgets(alone.simulator);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await alone.simulator.close();
  });

  const open = async (width: number, path = ''): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    await page.goto(`${alone.page}${path}`);
    return page;
  };

  it('lets one be somebody, file an issue, comment and label, without scripts', async () => {
    const page = await open(1280);
    await page.getByRole('button', { name: 'writer' }).click();
    await page.getByRole('link', { name: 'acme/widgets' }).click();
    const form = page.locator('form').filter({ hasText: 'File it as writer' });
    await form.getByPlaceholder('Title').fill('It turns too fast');
    await page.getByRole('button', { name: 'File it as writer' }).click();
    await page.getByRole('link', { name: 'It turns too fast' }).click();
    await page.getByPlaceholder('Comment').fill('Far too fast.');
    await page.getByRole('button', { name: 'Comment as writer' }).click();
    await page.getByPlaceholder('Add a label').fill('bug');
    await page.getByRole('button', { name: 'Add', exact: true }).click();

    const shown = await page.locator('main').innerText();
    expect(shown).toContain('Label added.');
    expect(shown).toContain('Far too fast.');
    expect(shown).toContain('bug ×');
  });

  it('shows a stranger what GitHub would answer', async () => {
    const page = await open(1280, '/repos/acme/widgets/issues/1');
    await page.getByRole('button', { name: 'stranger' }).click();
    await page.getByPlaceholder('Add a label').fill('bug');
    await page.getByRole('button', { name: 'Add', exact: true }).click();

    expect(await page.getByRole('status').innerText()).toMatch(/^GitHub would answer: 403 /);
  });

  it.each(['', '/repos/acme/widgets', '/repos/acme/widgets/issues/1', '/hooks', '/checks'])(
    'fits a telephone: %s',
    async (path) => {
      const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
      const page = await context.newPage();
      await page.goto(`${alone.page}${path}`);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );

      expect(overflow).toBe(0);
    },
  );
});
