// The frame around every page: the person's menu, where the keyboard is after a click, and that nothing jumps or sticks out.

import { ADMIN, APP_URL, REFUSALS, expect, goByNav, menuButton, profile, signIn, test } from './app';

test('the menu opens, closes and signs out by keyboard alone', async ({ page }) => {
  await signIn(page);
  const signOutButton = page.getByRole('banner').getByRole('button', { name: 'Sign out' });
  await expect(signOutButton).toBeHidden();
  await menuButton(page).focus();
  await page.keyboard.press('Enter');
  await expect(signOutButton).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(signOutButton).toBeHidden();
  await expect(menuButton(page)).toBeFocused();

  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('banner').getByRole('link', { name: 'Your account' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(signOutButton).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${APP_URL}/`);
  await expect(menuButton(page)).toHaveCount(0);
});

test('the menu is gone on the page that it leads to', async ({ page }) => {
  await signIn(page);
  await goByNav(page, 'Home');
  await menuButton(page).click();
  await page.getByRole('banner').getByRole('link', { name: 'Your account' }).click();
  await expect(page).toHaveURL(`${APP_URL}/account`);
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign out' })).toBeHidden();
});

test('on the next page the keyboard begins at the top, and where a link leads into a page, there', async ({ page }) => {
  await signIn(page);
  await goByNav(page, 'Home');
  await expect(page).toHaveTitle('Home · Leptos Cognito');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.goto('/account');
  await page.getByRole('link', { name: 'Call userInfo' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('user-info')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Call userInfo' })).toBeFocused();
});

test.describe('on a screen of 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 568 }, expectedConsole: [REFUSALS] });

  test('nothing sticks out at the side', async ({ page }) => {
    await signIn(page, '/admin', ADMIN);
    for (const path of ['/', '/account', '/notes', '/signed-in', '/admin', '/sign-in-failed?error=configuration', '/no/such/page']) {
      await page.goto(path);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, path).toBeLessThanOrEqual(320);
    }
  });
});

test('nothing jumps while a page comes up', async ({ page, isJs }) => {
  test.skip(!isJs, 'the browser tells a script about it');
  await signIn(page);
  for (const path of ['/', '/account']) {
    await page.goto(path, { waitUntil: 'networkidle' });
    if (path === '/account') await expect(profile(page).getByRole('definition').first()).toBeVisible();
    const jumps = await page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().map((entry) => JSON.stringify(entry)))).observe({
            type: 'layout-shift',
            buffered: true,
          });
          // Without an entry the observer never calls.
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve([]), 100)));
        }),
    );
    expect(jumps, path).toEqual([]);
  }
});
