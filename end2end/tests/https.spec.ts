// Behind a proxy that speaks https: the cookies at every step, as Chromium keeps them and as the server wrote them, and
// that nothing of a page comes over http. Run by https.config.ts alone.

import { type Cookie } from '@playwright/test';
import {
  APP_URL,
  CONTROL_URL,
  DEMO,
  MINUTE_SECS,
  expect,
  expectSignInPage,
  fillSignIn,
  goByNav,
  profile,
  signIn,
  signOut,
  test,
  waitForHydration,
  type Page,
} from './app';

const SESSION = '__Host-session';
const PENDING = /^__Host-sign-in\.[\w-]{12}$/;

/** Every cookie the browser has for any site, by name, with what all of ours have in common checked. */
async function cookies(page: Page): Promise<Record<string, Cookie>> {
  const all = await page.context().cookies();
  const ours = all.filter((cookie) => cookie.domain.replace(/^\./, '') === new URL(APP_URL).hostname);
  for (const cookie of ours) {
    // A domain without a dot in front is that host's alone: no `Domain` was given.
    const expected = { domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' };
    expect(cookie, cookie.name).toMatchObject(expected);
    expect(cookie.name).toMatch(/^__Host-/);
    expect(cookie.name.length + cookie.value.length, cookie.name).toBeLessThanOrEqual(4096);
  }
  return Object.fromEntries(ours.map((cookie) => [cookie.name, cookie]));
}

/** Collects every `Set-Cookie` line that the app sends to this page from now on. */
function watchSetCookies(page: Page): () => Promise<string[]> {
  const lines: Promise<string[]>[] = [];
  page.on('response', (response) => {
    if (!response.url().startsWith(`${APP_URL}/`)) return;
    const read = response.headersArray().then((headers) => headers.filter(({ name }) => name.toLowerCase() === 'set-cookie'));
    lines.push(read.then((headers) => headers.map(({ value }) => value)));
  });
  return async () => (await Promise.all(lines)).flat();
}

test('b20 b21 b38 the cookies have their prefix and their marks at every step', async ({ page, advance }) => {
  const setCookies = watchSetCookies(page);
  await page.goto('/');
  expect(await cookies(page), 'a visitor').toEqual({});

  await page.goto('/account');
  await expectSignInPage(page);
  const pending = Object.keys(await cookies(page));
  expect(pending, 'on the way to sign in').toEqual([expect.stringMatching(PENDING)]);

  await fillSignIn(page, DEMO);
  await expect(page).toHaveURL(`${APP_URL}/account`);
  const signedIn = await cookies(page);
  expect(Object.keys(signedIn).sort(), 'signed in; the page asked for stays for an hour').toEqual([SESSION, expect.stringMatching(PENDING)]);

  await advance(61 * MINUTE_SECS);
  await page.reload();
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  const renewed = await cookies(page);
  expect(Object.keys(renewed), 'renewed').toContain(SESSION);
  expect(renewed[SESSION].value).not.toBe(signedIn[SESSION].value);

  // A sign-in begun in another tab and left there.
  const tab = await page.context().newPage();
  await tab.goto('/api/auth/signin');
  await expectSignInPage(tab);
  expect(Object.keys(await cookies(page)).sort(), 'and another under way').toEqual([SESSION, expect.stringMatching(PENDING)]);
  await tab.close();

  await signOut(page);
  // A note that this browser signed out, which names nobody.
  expect(Object.keys(await cookies(page)), 'signed out').toEqual(['__Host-signed-out']);

  const lines = await setCookies();
  expect(lines.filter((line) => /; Max-Age=0\b/.test(line)).length, 'cleared: the session, and a pending one').toBe(2);
  for (const line of lines) {
    const [pair, ...attributes] = line.split('; ');
    expect(pair).toMatch(/^__Host-(session|signed-out|sign-in\.[\w-]{12})=/);
    const expected = ['HttpOnly', expect.stringMatching(/^Max-Age=\d+$/), 'Path=/', 'SameSite=Lax', 'Secure'];
    expect(attributes.sort(), line).toEqual(expected);
  }
});

test('b20 b25 a session cookie under its plain name is nobody', async ({ page }) => {
  await signIn(page);
  const { [SESSION]: session } = await cookies(page);
  await page.context().clearCookies();
  await page.context().addCookies([{ ...session, name: 'session' }]);
  await page.goto('/account');
  await expectSignInPage(page);
});

test('b45 nothing of a page comes over http, and the page is a secure context', async ({ page, isJs }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await signIn(page);
  await expect(profile(page)).toContainText(DEMO.username);
  if (isJs) {
    await waitForHydration(page);
    expect(await page.evaluate(() => isSecureContext)).toBe(true);
  }
  await page.goto('/');
  await goByNav(page, 'Account');
  await signOut(page);

  // Local Cognito, which stands in for an https site, is on loopback, and only navigations go there.
  const own = requests.filter((url) => !url.startsWith(`${CONTROL_URL}/`));
  expect(own.length).toBeGreaterThan(5);
  expect(own.filter((url) => !url.startsWith(`${APP_URL}/`))).toEqual([]);
});
