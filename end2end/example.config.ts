// Browser tests of examples/lifted, the auth folder in an app of its own that hydrates completely, against Local Cognito
// alone. `make example` builds both before it calls this.

// First: what follows reads what it sets.
import { APP_PORT } from './example.addresses';

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { defineConfig } from '@playwright/test';
import http, { appBin, appEnv, localCognitoBin, projectRoot, results } from './playwright.config';
import { APP_URL, CONTROL_URL } from './tests/app';

const flows = { testMatch: 'example.spec.ts' };
const example = join(projectRoot, 'examples/lifted');
const isUp = { cwd: projectRoot, gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 }, stdout: 'ignore' } as const;

export default defineConfig({
  ...http,
  outputDir: `${http.outputDir}-example`,
  reporter: [['list'], ['json', { outputFile: results('example') }]],
  projects: [
    { name: 'no-js', ...flows, use: { javaScriptEnabled: false } },
    { name: 'js', ...flows },
  ],
  webServer: [
    {
      ...isUp,
      command: `"${localCognitoBin}" --in-memory --addr ${new URL(CONTROL_URL).host} --config "${example}/local-cognito.toml"`,
      url: `${CONTROL_URL}/_control`,
      env: appEnv,
    },
    {
      ...isUp,
      command: `"${join(dirname(appBin), 'lifted')}"`,
      url: `http://127.0.0.1:${APP_PORT}/`,
      env: {
        LEPTOS_OUTPUT_NAME: 'lifted',
        LEPTOS_SITE_ROOT: 'target/example-site',
        LEPTOS_SITE_ADDR: `127.0.0.1:${APP_PORT}`,
        RUST_LOG: 'error',
        APP_URL,
        // An API that takes the person's access token, and is always allowed: the pool's own.
        ORDERS_URL: `${CONTROL_URL}/oauth2/userInfo`,
        SESSION_SECRETS: randomBytes(32).toString('base64'),
        // What examples/lifted/local-cognito.toml says.
        COGNITO_ISSUER: `${CONTROL_URL}/us-east-1_Lifted`,
        COGNITO_CLIENT_ID: 'liftedexampleclient',
        COGNITO_CLIENT_SECRET: 'lifted_example_secret_of_nobody_1234567890',
      },
    },
  ],
});
