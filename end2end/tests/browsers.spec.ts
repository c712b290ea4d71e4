// The main flows in Firefox and in WebKit, whose back/forward cache is on as people have it. What Chromium shows in detail is
// not repeated. WebKitGTK is not Safari: its engine, with another network and other windows.

// First: what follows reads what it sets.
import { APP_PORT, SECURE_APP_PORT, SECURE_APP_URL, SECURE_CONTROL_URL } from '../browsers.addresses';

import { test as base, expect } from '@playwright/test';
import { APP_URL, CONTROL_URL, DEMO, MINUTE_SECS } from './app';
import { Browser, type Engine } from '../webdriver';

type Fixtures = {
  scripts: boolean;
  /** Behind the proxy that speaks https. */
  secure: boolean;
  engine: Engine;
  app: string;
  browser: never;
  person: Browser;
  /** An order to the Local Cognito of the app. */
  order: (endpoint: string, data: object) => Promise<void>;
};

const test = base.extend<Fixtures>({
  scripts: [true, { option: true }],
  secure: [false, { option: true }],
  engine: async ({}, use, { project }) => use(project.metadata.engine),
  app: async ({ secure }, use) => use(secure ? SECURE_APP_URL : APP_URL),
  person: async ({ engine, scripts }, use) => {
    const person = await Browser.open({ engine, scripts });
    await use(person);
    await person.close();
  },
  order: async ({ secure }, use) => {
    const control = secure ? SECURE_CONTROL_URL : CONTROL_URL;
    await use(async (endpoint, data) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${control}/_control/${endpoint}`, { method: 'POST', headers, body: JSON.stringify(data) });
      expect(answer.ok, await answer.text()).toBe(true);
    });
  },
});

const EMAIL = '[data-testid="user-email"]';
const RENEWALS = '[data-testid="refresh-count"]';
const NOTICE = '.notice__text';

async function fillSignIn(person: Browser): Promise<void> {
  await expect.poll(() => person.title()).toBe('Sign in · Local Cognito');
  await person.fill('input[name="username"]', DEMO.username);
  await person.fill('input[name="password"]', DEMO.password);
  await person.click('form button[type="submit"]');
}

async function signIn(person: Browser, app: string, path = '/account'): Promise<void> {
  await person.go(app + path);
  await fillSignIn(person);
  await expect.poll(() => person.url()).toBe(app + path);
}

async function signOut(person: Browser, app: string): Promise<void> {
  await person.click('.person');
  await person.click('#person-menu button[type="submit"]');
  await expect.poll(() => person.url()).toBe(`${app}/`);
  await expect.poll(() => person.text('.who')).toBe('Sign in');
}

/** Waits until the islands of the page are live. */
async function waitForHydration(person: Browser): Promise<void> {
  const isLive = "return '$$on_hydrate' in (document.querySelector('leptos-children') ?? {})";
  await expect.poll(() => person.run(isLive)).toBe(true);
}

for (const secure of [false, true]) {
  for (const scripts of [true, false]) {
    test.describe(`over ${secure ? 'https' : 'http'}, scripts ${scripts ? 'on' : 'off'}`, () => {
      test.use({ secure, scripts });

      test('a deep link leads through the sign-in back to itself, and the cookie is out of reach', async ({ person, app }) => {
        await signIn(person, app, '/account?call=user-info');
        await expect.poll(() => person.text(EMAIL)).toBe(DEMO.username);
        await expect.poll(() => person.text('[data-testid="user-info"]')).toContain(DEMO.username);
        const session = (await person.cookies()).filter(({ name }) => name.includes('session'));
        expect(session.length).toBeGreaterThan(0);
        for (const cookie of session) expect(cookie).toMatchObject({ httpOnly: true, secure });
      });

      test('the session is renewed, and outlives an outage', async ({ person, app, order }) => {
        await signIn(person, app);
        await order('clock', { advance_secs: 56 * MINUTE_SECS });
        await person.reload();
        await expect.poll(() => person.text(RENEWALS)).toBe('1');
        await order('faults', { operation: 'InitiateAuth', times: 500, fault: 'throttle' });
        await order('clock', { advance_secs: 61 * MINUTE_SECS });
        await person.reload();
        await expect.poll(() => person.text(NOTICE)).toContain('the sign-in service cannot be reached right now');
        expect(await person.text(EMAIL)).toBe(DEMO.username);
        await order('faults', { operation: '*', times: 0 });
        await order('clock', { advance_secs: MINUTE_SECS });
        if (scripts) {
          await waitForHydration(person);
          await person.run("window.stillHere = true; dispatchEvent(new Event('focus'))");
          await expect.poll(() => person.text(NOTICE)).toBe('');
          expect(await person.run('return window.stillHere')).toBe(true);
        } else {
          await person.reload();
        }
        await expect.poll(() => person.text(RENEWALS)).toBe('2');
      });

      test('b40 Back after a sign-out leads to the sign-in', async ({ person, app }) => {
        await signIn(person, app);
        await person.go(`${app}/account`);
        if (scripts) await waitForHydration(person);
        await signOut(person, app);
        await person.back();
        await expect.poll(() => person.title()).toBe('Sign in · Local Cognito');
      });
    });
  }
}

test.describe('the back/forward cache', () => {
  for (const [secure, scripts] of [[false, true], [true, true], [true, false]]) {
    test.describe(`over ${secure ? 'https' : 'http'}, scripts ${scripts ? 'on' : 'off'}`, () => {
      test.use({ secure, scripts });

      test('b40 Back to a page whose session has ended meanwhile shows nothing private', async ({ person, app }) => {
        await leaveAndEnd(person, app, scripts);
        await person.back();
        const isGone = async () => (await person.title()) === 'Sign in · Local Cognito' || /You are signed out/.test(await person.text('main'));
        await expect.poll(isGone).toBe(true);
        expect((await person.title()).startsWith('Sign in') || !(await person.source()).includes(DEMO.username)).toBe(true);
      });
    });
  }

  test.describe('over http, scripts off', () => {
    test.use({ scripts: false });

    // http is for one's own machine alone. WebKit heeds no-store for this cache over https only, and no page without scripts can
    // hide itself: docs/https.md says so. Should that change, the document has to.
    test('WebKit brings the page back as it was, and Firefox does not', async ({ person, app, engine }) => {
      await leaveAndEnd(person, app, false);
      await person.back();
      if (engine === 'webkit') await expect.poll(() => person.text(EMAIL)).toBe(DEMO.username);
      else await expect.poll(() => person.title()).toBe('Sign in · Local Cognito');
    });
  });

  async function leaveAndEnd(person: Browser, app: string, scripts: boolean): Promise<void> {
    await signIn(person, app);
    // Cognito forgets who is signed in at it, and asks for the password again.
    await person.go(`${app === APP_URL ? CONTROL_URL : SECURE_CONTROL_URL}/_control`);
    await person.clearCookies();
    await person.go(`${app}/account`);
    if (scripts) await waitForHydration(person);
    const cookie = (await person.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    await person.click('.site-nav a[href="/"]');
    await expect.poll(() => person.url()).toBe(`${app}/`);
    // As another browser with a copy of the cookie would: the page is not told. Past the proxy, whose certificate nobody signed.
    const server = `http://127.0.0.1:${app === APP_URL ? APP_PORT : SECURE_APP_PORT}`;
    const headers = { cookie, origin: app, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${server}/api/auth/signout`, { method: 'POST', headers, redirect: 'manual' });
    expect(answer.status).toBe(303);
  }
});

test('of two tabs one signs out, and the other hides everything', async ({ person, app }) => {
  await signIn(person, app);
  const [first] = await person.windows();
  await person.switchTo(await person.openTab());
  await person.go(`${app}/account`);
  await waitForHydration(person);
  await person.switchTo(first);
  await person.go(`${app}/account`);
  await waitForHydration(person);
  const [other] = (await person.windows()).filter((handle) => handle !== first);
  await signOut(person, app);
  await person.switchTo(other);
  await expect.poll(() => person.text('main')).not.toContain(DEMO.username);
  expect(await person.has(EMAIL)).toBe(false);
});

test('a small window signs in again, and what was typed stays', async ({ person, app }) => {
  await signIn(person, app, '/notes');
  await waitForHydration(person);
  await person.fill('textarea[name="note"]', 'half a sentence');
  await person.clearCookies();
  await person.click('.note-form button[type="submit"]');
  await expect.poll(() => person.text('main')).toContain('Your session has ended.');
  const [opener] = await person.windows();
  await person.click('main [data-sign-in-again]');
  await expect.poll(async () => (await person.windows()).length).toBe(2);
  const [small] = (await person.windows()).filter((handle) => handle !== opener);
  await person.switchTo(small);
  // Cognito still knows who is signed in there, or asks.
  const isOver = async () => (await person.windows()).length === 1;
  if (!(await isOver()) && (await person.title().catch(() => '')) === 'Sign in · Local Cognito') await fillSignIn(person);
  await expect.poll(isOver).toBe(true);
  await person.switchTo(opener);
  await expect.poll(() => person.text('[data-testid="last-note"]')).toBe('half a sentence');
});

test('the home page is drawn, and the program is fetched once', async ({ person, app }) => {
  await person.go(`${app}/`);
  await waitForHydration(person);
  expect(await person.run("return document.querySelector('.rail line').y1.baseVal.value")).toBeGreaterThan(0);
  const line = "const { textDecorationLine, textDecorationThickness } = getComputedStyle(document.querySelector('[aria-current]'));";
  expect(await person.run(`${line} return [textDecorationLine, textDecorationThickness]`)).toEqual(['underline', '3px']);
  const fetched = "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length";
  expect(await person.run(fetched)).toBe(1);
});
