import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryInbox } from '../../src/adapters/memory/inbox.ts';
import { startTestServer, type TestServer } from '../integration/server/harness.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { dashboardFixture } from '../support/dashboard-fixture.ts';

const screens = [
  [390, 'light'],
  [390, 'dark'],
  [1280, 'light'],
  [1280, 'dark'],
] as const;

describe.skipIf(noBrowser !== '')(`the dashboard in a browser${noBrowser}`, () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startTestServer({ inbox: createMemoryInbox(), dashboard: dashboardFixture });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it.each(screens)('fits %i pixels in a %s scheme, and is readable', async (width, colorScheme) => {
    const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme });
    const page = await context.newPage();
    for (const path of ['/', '/items/acme/widgets/pull-41', '/report/acme/widgets']) {
      await page.goto(`${server.url}${path}`);

      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
      const contrast: unknown = await page.evaluate(leastContrast);
      expect(contrast).toBeGreaterThan(4.5);
    }
    await context.close();
  });

  it('runs nothing that a title carries, and complains of nothing', async () => {
    const page = await browser.newPage();
    const heard: string[] = [];
    page.on('console', (message) => heard.push(message.text()));
    page.on('dialog', (dialog) => {
      heard.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });

    await page.goto(server.url);
    await page.locator('summary', { hasText: 'The last' }).click();
    await page.getByText('Parse durations such as 1h30m').first().click();
    await page.waitForURL('**/items/acme/widgets/pull-41');

    expect(heard).toEqual([]);
    expect(await page.locator('script, img, iframe').count()).toBe(0);
  });
});

/** The least contrast (WCAG 2) between a text on the page and the nearest colour behind it. Runs in the browser. */
const leastContrast = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const texts = [...document.querySelectorAll('body *')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''));
  return Math.min(...texts.map((element) => {
    const lights = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => b - a);
    return (lights[0] + 0.05) / (lights[1] + 0.05);
  }));
})()`;
