// Browser tests: every flow runs twice, without JavaScript and with it, against the real server with Local Cognito in
// the same process. `make test` builds both before it calls this.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { APP_URL, CONTROL_URL } from './tests/app';

export const projectRoot = resolve(__dirname, '..');
const targetDir = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/leptos-cognito/target');
export const appBin = process.env.APP_BIN ?? join(targetDir, 'debug/leptos-cognito-app');
export const localCognitoBin = join(targetDir, 'debug/local-cognito');

// What `make baseline` makes its table of.
export function results(run: string) {
  return join(projectRoot, 'target/baseline', `${run}.json`);
}

// What needs https is run by https.config.ts, what is about the example by example.config.ts.
const flows = { testIgnore: ['screenshots.spec.ts', 'https*.spec.ts', 'session-cookie.spec.ts', 'example.spec.ts', 'browsers.spec.ts'] };
const screenshots = { name: 'screenshots', testMatch: 'screenshots.spec.ts' };

/** Where the app listens: at the port of its own address. */
const listensAt = `127.0.0.1:${new URL(APP_URL).port}`;

/** What the app is told besides its addresses. */
export const appEnv = {
  LEPTOS_SITE_ROOT: process.env.LEPTOS_SITE_ROOT ?? 'target/site',
  LOCAL_COGNITO_DIR: '',
  LOCAL_COGNITO_CONFIG: '',
  LOCAL_COGNITO_CLIENT: '',
  RUST_LOG: process.env.RUST_LOG ?? 'error',
  // Neither a developer's own `.env` nor their environment reaches the tests.
  ENV_FILE: '/dev/null',
  SESSION_SECRETS_FILE: '',
  COGNITO_CLIENT_SECRET_FILE: '',
  LEPTOS_ENV: 'DEV',
  COGNITO_CLIENT_ID: '',
  COGNITO_CLIENT_SECRET: '',
  COGNITO_ISSUER: '',
  COGNITO_DOMAIN: '',
  COGNITO_SCOPES: '',
};

export default defineConfig({
  testDir: 'tests',
  outputDir: join(targetDir, 'end2end'),
  // One server and one clock for all.
  workers: 1,
  timeout: 45_000,
  forbidOnly: !!process.env.CI,
  reporter: [['list'], ['json', { outputFile: results('browser') }]],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: APP_URL,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'no-js', ...flows, use: { javaScriptEnabled: false } },
    { name: 'js', ...flows },
    ...(process.env.SCREENSHOTS ? [screenshots] : []),
  ],
  webServer: {
    command: `"${appBin}" serve`,
    cwd: projectRoot,
    url: `http://${listensAt}/`,
    env: {
      ...appEnv,
      LEPTOS_SITE_ADDR: listensAt,
      APP_URL,
      LOCAL_COGNITO_ADDR: new URL(CONTROL_URL).host,
    },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    stdout: 'ignore',
  },
});
