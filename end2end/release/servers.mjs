// The release program with Local Cognito as its user pool, and somebody signed in: what size.mjs and lighthouse.mjs begin
// with. No browser is needed for it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const TARGET = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/leptos-cognito/target');
export const APP_URL = 'http://localhost:3160';
const COGNITO_ADDR = '127.0.0.1:9460';
const POOL = 'us-east-1_Release';
const USER = { username: 'demo@example.com', password: 'Demo-Passw0rd' };

/** Starts both, signs in, hands the session's cookies to `use`, and ends both. */
export async function withRelease(use) {
  const folder = mkdtempSync(join(tmpdir(), 'leptos-cognito-release-'));
  const started = [];
  try {
    writeFileSync(join(folder, 'pools.toml'), pools());
    const local = join(TARGET, 'debug/local-cognito');
    started.push(start(local, ['--addr', COGNITO_ADDR, '--in-memory', '--config', join(folder, 'pools.toml')], {}));
    await reachable(`http://${COGNITO_ADDR}/${POOL}/.well-known/openid-configuration`);
    started.push(start(join(TARGET, 'release/leptos-cognito-app'), ['serve'], settings()));
    await reachable(APP_URL);
    await use(await signIn());
  } finally {
    for (const child of started) child.kill();
    rmSync(folder, { recursive: true });
  }
}

function pools() {
  return `[[pools]]
id = "${POOL}"
[[pools.clients]]
name = "release"
id = "release"
secret = "release_secret_of_nobody_1234567890"
app_url = "${APP_URL}"
[[pools.users]]
email = "${USER.username}"
name = "Demo User"
password = "${USER.password}"
`;
}

function settings() {
  return {
    COGNITO_ISSUER: `http://${COGNITO_ADDR}/${POOL}`,
    COGNITO_CLIENT_ID: 'release',
    COGNITO_CLIENT_SECRET: 'release_secret_of_nobody_1234567890',
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `http://${COGNITO_ADDR}`,
    APP_URL,
    SESSION_SECRETS: Buffer.alloc(32, 'of no worth, and for this alone').toString('base64'),
    LEPTOS_SITE_ADDR: '127.0.0.1:3160',
    LEPTOS_SITE_ROOT: join(ROOT, 'target/site'),
    LEPTOS_HASH_FILES: 'true',
    LEPTOS_ENV: 'DEV',
  };
}

function start(program, args, settings) {
  const env = { PATH: process.env.PATH, RUST_LOG: 'error', ...settings };
  const child = spawn(program, args, { cwd: tmpdir(), env, stdio: ['ignore', 'ignore', 'inherit'] });
  child.on('error', (error) => console.error(`${program}: ${error.message}`));
  return child;
}

async function reachable(url) {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

/** Signs in as a browser without JavaScript would; the app's cookies. */
async function signIn() {
  const jar = new Map();
  let page = await visit(jar, `${APP_URL}/account`);
  const action = page.html.match(/<form[^>]*action="([^"]*)"/)?.[1] ?? '';
  const hidden = [...page.html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) =>
    ['name', 'value'].map((name) => unescape(input.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? '')),
  );
  const body = new URLSearchParams([...hidden, ...Object.entries(USER)]);
  page = await visit(jar, new URL(unescape(action), page.url).href, { method: 'POST', body });
  if (page.url !== `${APP_URL}/account`) throw new Error(`the sign-in ended at ${page.url}`);
  return [...jar.get(new URL(APP_URL).host)].map(([name, value]) => `${name}=${value}`).join('; ');
}

function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Follows redirects by hand, because each answer may set cookies. */
async function visit(jar, url, more = {}) {
  const { host } = new URL(url);
  const cookies = jar.get(host) ?? new Map();
  jar.set(host, cookies);
  const headers = { Accept: 'text/html', Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') };
  const answer = await fetch(url, { ...more, headers, redirect: 'manual' });
  for (const set of answer.headers.getSetCookie()) {
    const [name, value] = set.split(';')[0].split(/=(.*)/);
    cookies.set(name, value);
  }
  const location = answer.headers.get('location');
  if (location) return visit(jar, new URL(location, url).href);
  return { url, html: await answer.text() };
}
