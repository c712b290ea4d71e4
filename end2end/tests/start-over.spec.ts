// Somebody who did nothing wrong gets through: too slow, twice, from a bookmark, in the sixth tab, at another address; and
// arrives where they wanted to go.

import { ADMIN, APP_URL, DEMO, MINUTE_SECS, expect, expectSignInPage, fillSignIn, menuButton, signIn, test } from './app';

test('b04 back to the sign-in page, and Enter', async ({ page }) => {
  await page.goto('/account?tab=1');
  await expectSignInPage(page);
  const signInPage = page.url();
  await fillSignIn(page, DEMO);
  await expect(page).toHaveURL(`${APP_URL}/account?tab=1`);

  await page.goto(signInPage);
  await page.locator('input[name="username"]').fill(DEMO.username);
  await page.locator('input[name="password"]').fill(DEMO.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${APP_URL}/account?tab=1`);
  await expect(menuButton(page)).toBeVisible();
});

test('b04 a bookmarked sign-in page', async ({ page, browser }) => {
  await page.goto('/account');
  await expectSignInPage(page);
  const elsewhere = await browser.newContext();
  const bookmark = await elsewhere.newPage();
  await bookmark.goto(page.url());
  await fillSignIn(bookmark, DEMO);
  await expect(bookmark).toHaveURL(`${APP_URL}/`);
  await expect(menuButton(bookmark)).toBeVisible();
  await elsewhere.close();
});

test('b04 a sign-in form that is sent twice', async ({ browser }) => {
  for (let round = 0; round < 6; round += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${APP_URL}/account?tab=2`);
    await expectSignInPage(page);
    await page.locator('input[name="username"]').fill(DEMO.username);
    await page.locator('input[name="password"]').fill(DEMO.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).dblclick({ noWaitAfter: true });
    await expect(page).toHaveURL(`${APP_URL}/account?tab=2`);
    await expect(menuButton(page)).toBeVisible();
    await context.close();
  }
});

test('b04 twelve minutes on the sign-in page', async ({ page, advance }) => {
  await page.goto('/notes?draft=1');
  await expectSignInPage(page);
  await advance(12 * MINUTE_SECS);
  await fillSignIn(page, DEMO);
  await expect(page).toHaveURL(`${APP_URL}/notes?draft=1`);
});

test('b04 the callback opened again', async ({ page }) => {
  const callback = page.waitForRequest(/\/api\/auth\/callback\/cognito\?/);
  await signIn(page, '/account?tab=3');
  await page.goto('/');
  await page.goto((await callback).url());
  await expect(page).toHaveURL(`${APP_URL}/account?tab=3`);
});

test('b05 the sixth tab', async ({ context }) => {
  const tabs = [];
  for (let tab = 0; tab < 7; tab += 1) {
    const page = await context.newPage();
    await page.goto(`${APP_URL}/account?tab=${tab}`);
    await expectSignInPage(page);
    tabs.push(page);
  }
  for (const [tab, page] of tabs.entries()) {
    await fillSignIn(page, DEMO);
    await expect(page).toHaveURL(`${APP_URL}/account?tab=${tab}`);
  }
});

test('the app at another address of this machine', async ({ page }) => {
  await page.goto(`${APP_URL.replace('localhost', '127.0.0.1')}/account?tab=4`);
  await fillSignIn(page, DEMO);
  await expect(page).toHaveURL(`${APP_URL}/account?tab=4`);
});

test('a slash too many, and the session in the address bar', async ({ page }) => {
  await signIn(page);
  await page.goto('/account/?tab=5');
  await expect(page).toHaveURL(`${APP_URL}/account?tab=5`);
  await page.goto('/api/auth/session');
  const session = JSON.parse((await page.locator('body').innerText()) || 'null');
  expect(session.user).toMatchObject({ email: DEMO.username, username: expect.any(String) });
});

test('a link too long to come back to', async ({ page }) => {
  const long = `/account?filter=${'a'.repeat(2100)}`;
  await page.goto(long);
  await expect(page.getByRole('alert')).toHaveText('The link you opened is too long to come back to after signing in.');
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await fillSignIn(page, DEMO);
  await expect(menuButton(page)).toBeVisible();
  await page.goto(long);
  await expect(page).toHaveURL(APP_URL + long);
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
});

test.describe('a page for a group', () => {
  test.use({ expectedConsole: [/status of 403/] });

  test('another account comes back to it', async ({ page }) => {
    await signIn(page);
    const answer = await page.goto('/admin?tab=6');
    expect(answer?.status()).toBe(403);
    await expect(page).toHaveURL(`${APP_URL}/admin?tab=6`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page is not for your account');
    await page.getByRole('main').getByRole('button', { name: 'Sign out to use another account' }).click();
    await fillSignIn(page, ADMIN);
    await expect(page).toHaveURL(`${APP_URL}/admin?tab=6`);
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(/not for your account/);
  });
});
