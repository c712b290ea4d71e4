// Who may see which page, and what a wrong address gets.

import { ADMIN, APP_URL, DEMO, expect, expectSignInPage, fillSignIn, goByNav, signIn, signOut, test } from './app';

test('an admin sees the admin page', async ({ page }) => {
  await signIn(page, '/account', ADMIN);
  await goByNav(page, 'Admin');
  await expect(page).toHaveURL(`${APP_URL}/admin`);
  await expect(page.getByTestId('admin-overview')).toContainText('is in admin');
});

test.describe('somebody outside the group', () => {
  test.use({ expectedConsole: [/status of 403/] });

  test('is told so, and can change the account', async ({ page }) => {
    await page.goto('/admin');
    await fillSignIn(page, DEMO);
    await expect(page).toHaveTitle('Not allowed · Leptos Cognito');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page is not for your account');
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Admin' })).toHaveCount(0);

    await page.getByRole('button', { name: 'Sign out to use another account' }).click();
    await fillSignIn(page, ADMIN);
    await expect(page).toHaveURL(`${APP_URL}/admin`);
    await expect(page.getByTestId('admin-overview')).toBeVisible();
  });
});

test.describe('an address that there is not', () => {
  test.use({ expectedConsole: [/status of 404/] });

  for (const path of ['/no/such/page', '/account/nowhere']) {
    test(`${path} is not found, and every link leads on`, async ({ page }) => {
      const answer = await page.goto(path);
      expect(answer?.status()).toBe(404);
      await expect(page).toHaveTitle('Page not found · Leptos Cognito');
      await page.getByRole('link', { name: 'Back to the home page' }).click();
      await expect(page).toHaveTitle('Home · Leptos Cognito');

      // The header's links too, with the page live where there is JavaScript.
      await page.goto(path, { waitUntil: 'networkidle' });
      await goByNav(page, 'Home');
      await page.goto(path, { waitUntil: 'networkidle' });
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Account' }).click();
      await expectSignInPage(page);
    });
  }

  test('signed in, the header leads on as well', async ({ page }) => {
    await signIn(page);
    await page.goto('/no/such/page', { waitUntil: 'networkidle' });
    await goByNav(page, 'Account');
    await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
    await signOut(page);
  });
});

test('the keyboard reaches the content first', async ({ page }) => {
  await page.goto('/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${APP_URL}/#main`);
});

test.describe('a program whose load is broken off', () => {
  // The last one is what the page says about it, once. No `page error`: that is a rejection that nobody handled.
  test.use({ expectedConsole: [/^error: (Failed to load resource|TypeError: Failed to fetch)/] });

  test('leaves no rejection unhandled, and the page stays as it is', async ({ page, isJs }) => {
    test.skip(!isJs, 'nothing is loaded');
    await page.route('**/*.wasm', (route) => route.abort());
    const told = page.waitForEvent('console', (message) => message.text().startsWith('TypeError: Failed to fetch'));
    await page.goto('/');
    await told;
    await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible();

    await page.unroute('**/*.wasm');
    // Never answered: somebody leaves in the middle of the load.
    await page.route('**/*.wasm', () => {});
    await page.goto('/', { waitUntil: 'commit' });
    await page.goto('/no/such/page', { waitUntil: 'commit' }).catch(() => {});
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.goto('/');
    await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible();
  });
});
