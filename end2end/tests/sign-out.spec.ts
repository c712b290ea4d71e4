// Signing out ends everything: here, at Cognito, and in what the browser keeps of pages seen before.

import {
  APP_URL,
  DEMO,
  expect,
  expectSignInPage,
  expectSignedOut,
  fillSignIn,
  profile,
  signIn,
  signOut,
  test,
  waitForHydration,
} from './app';

test('comes home signed out, and Cognito asks for the password again', async ({ page }) => {
  await signIn(page);
  await signOut(page);

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Account' }).click();
  await expectSignInPage(page);
  await expect(page.locator('input[name="password"]')).toHaveValue('');
});

test('Back shows nothing private', async ({ page }) => {
  await signIn(page);
  await expect(profile(page)).toContainText(DEMO.username);
  await signOut(page);

  await page.goBack();
  await expect(page.getByTestId('user-email')).toHaveCount(0);
  await expect(profile(page)).toHaveCount(0);
});

test('a page restored by the back/forward cache hides before it asks', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'a page without JavaScript is not cached: no-store');
  await signIn(page);
  await waitForHydration(page);
  await expect(profile(page)).toContainText(DEMO.username);

  // Signed out elsewhere, and the answer to the page's question is a while in coming.
  await context.clearCookies();
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/auth/session*', async (route) => {
    await held;
    await route.continue();
  });
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(page.getByTestId('user-email')).toHaveCount(0);
  await expect(page.getByRole('main')).not.toContainText(DEMO.username);

  answer();
  await expect(page.getByRole('main')).toContainText('You are signed out.');
  await expectSignedOut(page);

  await page.getByRole('link', { name: 'Sign in again' }).click();
  await fillSignIn(page, DEMO);
  await expect(page).toHaveURL(`${APP_URL}/account`);
});
