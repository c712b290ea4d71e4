// The main flows in Firefox and in WebKitGTK, both from Debian's packages. `make browsers` installs them and builds everything
// before it calls this. Playwright is only the runner here: the browsers are driven by webdriver.ts.

// First: what follows reads what it sets.
import { APP_PORT, PROXY_PORT, SECURE_APP_PORT, SECURE_APP_URL, SECURE_CONTROL_URL } from './browsers.addresses';

import { defineConfig } from '@playwright/test';
import http from './playwright.config';
import { APP_URL, CONTROL_URL } from './tests/app';
import { DRIVERS } from './webdriver';

const [app] = [http.webServer ?? []].flat();
const driver = { gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 }, stdout: 'ignore' } as const;

function appAt(port: number, url: string, control: string) {
  const env = { ...app.env, LEPTOS_SITE_ADDR: `127.0.0.1:${port}`, APP_URL: url, LOCAL_COGNITO_ADDR: new URL(control).host };
  return { ...app, url: `http://127.0.0.1:${port}/`, env };
}

export default defineConfig({
  testDir: http.testDir,
  testMatch: 'browsers.spec.ts',
  outputDir: `${http.outputDir}-browsers`,
  workers: 1,
  timeout: 90_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: http.forbidOnly,
  // Not into the table of the baseline, which is what `make test` shows.
  reporter: 'list',
  projects: [
    { name: 'firefox', metadata: { engine: 'firefox' } },
    { name: 'webkit', metadata: { engine: 'webkit' } },
  ],
  webServer: [
    appAt(APP_PORT, APP_URL, CONTROL_URL),
    appAt(SECURE_APP_PORT, SECURE_APP_URL, SECURE_CONTROL_URL),
    {
      ...driver,
      command: `node tls-proxy.mjs ${PROXY_PORT} ${SECURE_APP_PORT}`,
      cwd: __dirname,
      url: SECURE_APP_URL,
      ignoreHTTPSErrors: true,
    },
    { ...driver, command: `geckodriver --port ${new URL(DRIVERS.firefox).port}`, url: `${DRIVERS.firefox}/status` },
    {
      ...driver,
      command: `xvfb-run -a -- WebKitWebDriver --port=${new URL(DRIVERS.webkit).port}`,
      url: `${DRIVERS.webkit}/status`,
      // No graphics card, and no sound.
      env: { WEBKIT_DISABLE_COMPOSITING_MODE: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
    },
  ],
});
