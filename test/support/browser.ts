import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why there is no browser to look with; empty where there is one. In CI a missing one is a fault, and the launch says so. */
export const noBrowser =
  existsSync(executablePath) || process.env['CI'] === 'true'
    ? ''
    : ` (not tried: there is no ${executablePath}; install chromium, or name yours in CHROMIUM)`;

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: quiet });
