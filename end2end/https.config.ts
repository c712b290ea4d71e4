// Browser tests behind a proxy that speaks https, as in production: what follows from an APP_URL of https (`__Host-`
// cookies, HSTS), and that sign-in, sign-out and renewal hold there too. `make https` builds everything before it calls this.

// First: what follows reads what it sets.
import { APP_PORT, PROXY_PORT, SESSION_SECRETS } from './https.addresses';

import { defineConfig } from '@playwright/test';
import http, { results } from './playwright.config';
import { APP_URL, CONTROL_URL } from './tests/app';

const flows = ['https.spec.ts', 'sign-in.spec.ts', 'sign-out.spec.ts', 'stay-signed-in.spec.ts'];
const [app] = [http.webServer ?? []].flat();

export default defineConfig({
  ...http,
  outputDir: `${http.outputDir}-https`,
  reporter: [['list'], ['json', { outputFile: results('https') }]],
  use: {
    ...http.use,
    // The certificate is made at each start and signed by nobody.
    ignoreHTTPSErrors: true,
  },
  projects: [
    { name: 'https-no-js', testMatch: flows, use: { javaScriptEnabled: false } },
    { name: 'https-js', testMatch: flows },
    { name: 'https-requests', testMatch: ['https-requests.spec.ts', 'session-cookie.spec.ts'] },
  ],
  webServer: [
    {
      ...app,
      url: `http://127.0.0.1:${APP_PORT}/`,
      env: {
        ...app.env,
        LEPTOS_SITE_ADDR: `127.0.0.1:${APP_PORT}`,
        APP_URL,
        LOCAL_COGNITO_ADDR: new URL(CONTROL_URL).host,
        SESSION_SECRETS: SESSION_SECRETS.join(','),
      },
    },
    {
      command: `node tls-proxy.mjs ${PROXY_PORT} ${APP_PORT}`,
      cwd: __dirname,
      url: APP_URL,
      ignoreHTTPSErrors: true,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
      stdout: 'ignore',
    },
  ],
});
