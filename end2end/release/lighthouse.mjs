// Lighthouse on the release build, in the system's Chromium: Home and Account, as phone and desktop. Every category has to
// reach 95.

import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { APP_URL, withRelease } from './servers.mjs';

const LEAST = 95;
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

await withRelease(async (cookie) => {
  const chrome = await launch({ chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags: FLAGS });
  try {
    for (const path of ['/', '/account']) {
      for (const [device, config] of [['phone', undefined], ['desktop', desktopConfig]]) {
        const flags = { port: chrome.port, extraHeaders: { Cookie: cookie }, logLevel: 'error' };
        const run = await lighthouse(APP_URL + path, flags, config);
        report(path, device, run.lhr);
      }
    }
  } finally {
    chrome.kill();
  }
});

function report(path, device, { categories, audits, finalDisplayedUrl, runtimeError }) {
  if (runtimeError || finalDisplayedUrl !== APP_URL + path) {
    throw new Error(`${path}: ${runtimeError?.message ?? `ended at ${finalDisplayedUrl}`}`);
  }
  const scores = Object.values(categories).map(({ title, score }) => [title, Math.round((score ?? 0) * 100)]);
  const metrics = { FCP: 'first-contentful-paint', LCP: 'largest-contentful-paint', TBT: 'total-blocking-time', CLS: 'cumulative-layout-shift' };
  const told = Object.entries(metrics).map(([name, id]) => `${name} ${audits[id].displayValue}`);
  console.log(`${path.padEnd(9)} ${device.padEnd(8)} ${scores.map(([title, score]) => `${title} ${score}`).join(', ')} (${told.join(', ')})`);
  for (const { title, auditRefs, score } of Object.values(categories)) {
    if (Math.round((score ?? 0) * 100) < LEAST) process.exitCode = 1;
    const failed = auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9);
    for (const { id } of failed) console.log(`    ${title}: ${audits[id].title} (${audits[id].displayValue ?? audits[id].score})`);
  }
}
