// What the tests share: the addresses, the people, the steps that many of them begin with, and a watch on the console.

import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';

export { expect };
export type { BrowserContext, Locator, Page };

/** Where browsers reach the app; another configuration may say where its own is. */
export const APP_URL = process.env.END2END_APP_URL ?? 'http://localhost:3100';
/** Local Cognito, whose controls move the clock of the app too. */
export const CONTROL_URL = process.env.END2END_CONTROL_URL ?? 'http://127.0.0.1:9410';

export const DEMO = { username: 'demo@example.com', password: 'Demo-Passw0rd' };
export const ADMIN = { username: 'admin@example.com', password: 'Admin-Passw0rd' };

export const MINUTE_SECS = 60;
export const DAY_SECS = 24 * 60 * MINUTE_SECS;
// The limits where nothing else is set.
export const IDLE_DAYS = 7;
const ABSOLUTE_DAYS = 30;

/** Where pages are walked with what they refuse; the last is what Chromium says where /signed-in is not in a window of its own. */
export const REFUSALS = /status of (40[0134]|503)|Scripts may close only the windows that were opened by them/;

type Fixtures = {
  /** Console messages that a test brings about on purpose. */
  expectedConsole: RegExp[];
  consoleWatch: void;
  /** Moves the clock of the app and of Local Cognito. */
  advance: (secs: number) => Promise<void>;
  /** Orders Local Cognito to fail the next renewals, or (with none) to be well again. */
  failRenewals: (times: number) => Promise<void>;
  /** Any other order to Local Cognito. */
  order: (endpoint: string, data: object) => Promise<void>;
  isJs: boolean;
};

export const test = base.extend<Fixtures>({
  expectedConsole: [[], { option: true }],

  // Hydration mismatches, panics and refused requests all end up in the console.
  consoleWatch: [
    async ({ context, expectedConsole, isJs }, use) => {
      const seen: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
          seen.push(`${message.type()}: ${message.text()} (${message.location().url})`);
        }
      });
      context.on('weberror', (error) => seen.push(`page error: ${error.error().message}`));
      await use();
      // Without JavaScript nothing uses what a page preloads for it; Chromium says so of a page that stays open.
      const expected = isJs ? expectedConsole : [...expectedConsole, /was preloaded using link preload but not used/];
      const surprises = seen.filter((line) => !expected.some((pattern) => pattern.test(line)));
      expect(surprises, 'console messages').toEqual([]);
    },
    { auto: true },
  ],

  advance: async ({ playwright }, use) => {
    const control = await playwright.request.newContext({ baseURL: CONTROL_URL });
    await use(async (secs) => {
      const answer = await control.post('/_control/clock', { data: { advance_secs: secs } });
      expect(answer.ok(), `clock: ${answer.status()} ${await answer.text()}`).toBe(true);
    });
    await control.dispose();
  },

  failRenewals: async ({ playwright }, use) => {
    const control = await playwright.request.newContext({ baseURL: CONTROL_URL });
    const order = async (times: number) => {
      const data = { operation: 'InitiateAuth', times, fault: 'throttle' };
      const answer = await control.post('/_control/faults', { data });
      expect(answer.ok(), `faults: ${answer.status()} ${await answer.text()}`).toBe(true);
    };
    await use(order);
    await order(0);
    await control.dispose();
  },

  order: async ({ playwright }, use) => {
    const control = await playwright.request.newContext({ baseURL: CONTROL_URL });
    await use(async (endpoint, data) => {
      const answer = await control.post(`/_control/${endpoint}`, { data });
      expect(answer.ok(), `${endpoint}: ${answer.status()} ${await answer.text()}`).toBe(true);
    });
    await control.dispose();
  },

  isJs: async ({ javaScriptEnabled }, use) => {
    await use(javaScriptEnabled !== false);
  },
});

/** Opens `path`, which needs a session, and signs in on the way. */
export async function signIn(page: Page, path = '/account', user = DEMO): Promise<void> {
  await page.goto(path);
  await fillSignIn(page, user);
  await expect(page).toHaveURL(APP_URL + path);
}

/** Fills Local Cognito's sign-in page and sends it. */
export async function fillSignIn(page: Page, user: { username: string; password: string }): Promise<void> {
  await expectSignInPage(page);
  await page.locator('input[name="username"]').fill(user.username);
  await page.locator('input[name="password"]').fill(user.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export async function expectSignInPage(page: Page): Promise<void> {
  await expect(page).toHaveTitle('Sign in · Local Cognito');
  expect(new URL(page.url()).origin).toBe(CONTROL_URL);
}

/** The button in the header that opens the signed-in person's menu. */
export function menuButton(page: Page) {
  return page.getByRole('banner').getByRole('button', { name: 'your menu' });
}

/** Signs out by the header's menu, which comes home through Cognito. */
export async function signOut(page: Page): Promise<void> {
  await menuButton(page).click();
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${APP_URL}/`);
  await expectSignedOut(page);
}

export async function expectSignedOut(page: Page): Promise<void> {
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(menuButton(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Sign out' })).toHaveCount(0);
}

const HEADINGS = { Home: /Sign in with Amazon Cognito/, Account: 'Your account', Notes: 'Notes', Admin: 'Admin' };

/** Follows a link of the main navigation and waits for the page's heading. */
export async function goByNav(page: Page, link: keyof typeof HEADINGS): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link }).click();
  await expect(page.getByRole('heading', { level: 1, name: HEADINGS[link] })).toBeVisible();
}

/** The part of the account page that the server asks Cognito for with the access token. */
export function profile(page: Page) {
  return page.getByRole('region', { name: 'Your profile' });
}

/** Waits until the islands of the page are live; they all become so in one go. */
export async function waitForHydration(page: Page): Promise<void> {
  await page.waitForFunction(() => '$$on_hydrate' in (document.querySelector('leptos-children') ?? {}));
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
}

/** Since `waitForHydration`. */
export async function expectNotReloaded(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);
}

/** One more tab of the same browser, live at `path`. */
export async function openTab(context: BrowserContext, link: 'Account' | 'Notes' = 'Account'): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(`/${link.toLowerCase()}`);
  await waitForHydration(tab);
  return tab;
}

/** Lets a live page, whose clock is the test's, ask what it has a reason to ask since it was opened and clicked on. */
export async function settle(page: Page): Promise<void> {
  if (page.url().endsWith('/account')) await expect(profile(page).locator('dl')).toBeVisible();
  await page.clock.runFor(6000);
  // The page holds this lock while it asks.
  await page.evaluate(() => navigator.locks.request('leptos-cognito/session', () => {}));
}

/** The questions for the session that a page, or all tabs of a browser, ask from now on. */
export function watchQuestions(asker: Page | BrowserContext): { all: string[]; byItself: () => number } {
  const all: string[] = [];
  asker.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/auth/session') all.push(url.searchParams.has('by_itself') ? 'by itself' : 'for a person');
  });
  return { all, byItself: () => all.filter((asker) => asker === 'by itself').length };
}

/** The session ends, and the page is not told. */
export async function endSession(context: BrowserContext): Promise<void> {
  await context.clearCookies({ domain: new URL(APP_URL).hostname });
}

/** Cognito forgets who is signed in at it, so that somebody else can sign in. */
export async function forgetAtCognito(context: BrowserContext): Promise<void> {
  await context.clearCookies({ domain: new URL(CONTROL_URL).hostname });
}

/** Lets the session come so close to its absolute limit, in minutes: the page is looked at every six days, and at the end. */
export async function comeNearTheEnd(page: Page, advance: Fixtures['advance'], minutes: number): Promise<void> {
  for (let day = 6; day < ABSOLUTE_DAYS; day += 6) {
    await advance(6 * DAY_SECS);
    await page.reload();
  }
  await advance(6 * DAY_SECS - minutes * MINUTE_SECS);
  await page.reload();
}

/** Somebody comes back to the tab. */
export async function lookAt(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
}

/** The field on the notes page. */
export function noteField(page: Page) {
  return page.locator('textarea[name="note"]');
}

/** The line that a screen reader reads out when something changes about the session. */
export function notice(page: Page) {
  return page.locator('.notice').getByRole('status');
}
