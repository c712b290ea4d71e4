// Where the https run has its servers, and the secrets of its app. Imported first by https.config.ts, in the runner and in
// every worker, because tests/app.ts reads the two URLs when it is loaded. No port is one of playwright.config.ts's.

import { randomBytes } from 'node:crypto';

export const PROXY_PORT = 3143;
export const APP_PORT = 3110;

process.env.END2END_APP_URL = `https://localhost:${PROXY_PORT}`;
process.env.END2END_CONTROL_URL = 'http://127.0.0.1:9420';
// Made by the runner, inherited by the workers.
process.env.END2END_SESSION_SECRETS ??= [1, 2].map(() => randomBytes(32).toString('base64')).join(',');

/** `SESSION_SECRETS` of the app under test: the first writes, both are read. */
export const SESSION_SECRETS = process.env.END2END_SESSION_SECRETS.split(',');
