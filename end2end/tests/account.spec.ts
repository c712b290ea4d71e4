// What the account page shows beside the session: other browsers, the way out of all of them, and a call upstream.

import { APP_URL, DEMO, expect, profile, signIn, test } from './app';

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
