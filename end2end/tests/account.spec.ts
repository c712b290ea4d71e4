// What the account page shows beside the session: other browsers, the way out of all of them, and a call upstream.

import { APP_URL, DEMO, expect, lookAt, profile, signIn, test, waitForHydration } from './app';

test('a call upstream is made when it is asked for, with the token of the person', async ({ page }) => {
  await signIn(page);
  const userInfo = page.getByTestId('user-info');
  await expect(profile(page)).toContainText(DEMO.username);
  await expect(userInfo).toHaveCount(0);
  await page.getByRole('link', { name: 'Call userInfo' }).click();
  await expect(userInfo).toContainText(`"email": "${DEMO.username}"`);
  // It stays with the address.
  await page.reload();
  await expect(userInfo).toContainText(`"email": "${DEMO.username}"`);
});

test('who signs out everywhere is out in every browser', async ({ page, browser, javaScriptEnabled }) => {
  await signIn(page);
  const elsewhere = await browser.newContext({
    javaScriptEnabled,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  });
  const other = await elsewhere.newPage();
  await signIn(other);

  const list = page.getByTestId('sign-ins').getByRole('listitem');
  await page.reload();
  await expect(list.first()).toContainText('this one');
  await expect(list.filter({ hasText: 'Firefox on Linux' }).first()).not.toContainText('this one');
  await expect(other.getByTestId('sign-ins').getByRole('listitem').first()).toContainText('Firefox on Linux');

  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(other.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  const session = await page.request.get(`${APP_URL}/api/auth/session`, { headers: { Accept: 'application/json' } });
  expect(await session.json()).toBeNull();
  await elsewhere.close();
});

test('b41 another session is ended from the list, and its open page hears of it', async ({ page, browser, isJs, javaScriptEnabled }) => {
  const elsewhere = await browser.newContext({
    javaScriptEnabled,
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  });
  const other = await elsewhere.newPage();
  if (isJs) await other.clock.install();
  await signIn(other);
  await other.reload();
  if (isJs) await waitForHydration(other);
  await signIn(page);
  await page.reload();
  const list = page.getByTestId('sign-ins').getByRole('listitem').filter({ hasText: 'Firefox on Windows' });
  await expect(list).toHaveCount(1);
  await expect(page.getByTestId('sign-ins').getByRole('listitem').first().getByRole('button')).toHaveCount(0);

  await list.getByRole('button', { name: 'End session of Firefox on Windows' }).click();
  await expect(page).toHaveURL(`${APP_URL}/account#places`);
  await expect(list).toHaveCount(0);
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
  if (isJs) {
    await other.clock.runFor(6000);
    await lookAt(other);
    await expect(other.getByRole('main')).toContainText('You are signed out.');
  }
  // Cognito's own session goes on: it may sign in again without a password.
  const answer = await other.request.get(`${APP_URL}/account`, { maxRedirects: 0 });
  expect(answer.status()).toBe(302);
  await elsewhere.close();
});
