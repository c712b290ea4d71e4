// Signing out ends everything: here, at Cognito, and in what the browser keeps of pages seen before.

import {
  ADMIN,
  APP_URL,
  DEMO,
  expect,
  expectSignInPage,
  expectSignedOut,
  fillSignIn,
  menuButton,
  noteField,
  profile,
  signIn,
  signOut,
  test,
  waitForHydration,
} from './app';

test('b38 comes home signed out, and Cognito asks for the password again', async ({ page }) => {
  await signIn(page);
  await signOut(page);

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Account' }).click();
  await expectSignInPage(page);
  await expect(page.locator('input[name="password"]')).toHaveValue('');
});

test('b40 neither Back nor Forward shows anything private', async ({ page }) => {
  await signIn(page);
  await expect(profile(page)).toContainText(DEMO.username);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
  await expect(page).toHaveURL(`${APP_URL}/`);
  await signOut(page);

  for (const move of [() => page.goBack(), () => page.goBack(), () => page.goForward(), () => page.goBack()]) {
    await move();
    await expect(page.getByTestId('user-email')).toHaveCount(0);
    await expect(profile(page)).toHaveCount(0);
    // Cognito's own page, where a protected one leads, offers the demo users.
    if (page.url().startsWith(APP_URL)) await expect(page.locator('body')).not.toContainText(DEMO.username);
  }
});

test('b40 the browser drops what the app stored', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript nothing is stored');
  await signIn(page);
  await page.evaluate(async () => {
    localStorage.setItem('note', 'private');
    await (await caches.open('notes')).put('/note', new Response('private'));
  });
  const answer = page.waitForResponse(`${APP_URL}/api/auth/signout`);
  await signOut(page);
  expect(await (await answer).headerValue('clear-site-data')).toBe('"cache", "storage"');
  expect(await page.evaluate(async () => [localStorage.length, await caches.keys()])).toEqual([0, []]);
});

for (const [path, heading] of [
  ['/account', 'Your account'],
  ['/admin', 'Admin'],
]) {
  test(`b39 there is a way out of ${path}`, async ({ page }) => {
    await signIn(page, path, ADMIN);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await signOut(page);
  });
}

test('b40 a page restored by the back/forward cache hides before it asks', async ({ page, context, isJs }) => {
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

test('a page in the back/forward cache keeps nothing in sight and no channel open', async ({ page, isJs }) => {
  test.skip(!isJs, 'a page without JavaScript is not cached: no-store');
  await page.addInitScript(() => {
    Object.assign(window, { channels: 0 });
    const count = (by: number) => ((window as unknown as { channels: number }).channels += by);
    window.BroadcastChannel = class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        count(1);
      }

      override close() {
        super.close();
        count(-1);
      }
    };
  });
  await signIn(page, '/notes');
  await waitForHydration(page);
  await noteField(page).fill('half a sentence');
  const channels = () => page.evaluate(() => (window as unknown as { channels: number }).channels);
  expect(await channels()).toBe(1);

  const turn = (type: string) =>
    page.evaluate((type) => window.dispatchEvent(new PageTransitionEvent(type, { persisted: true })), type);
  await turn('pagehide');
  await expect(noteField(page)).toBeHidden();
  await expect(menuButton(page)).toHaveCount(0);
  expect(await channels(), 'a browser may refuse to keep a page with a channel').toBe(0);

  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/auth/session*', async (route) => {
    await held;
    await route.continue();
  });
  await turn('pageshow');
  expect(await channels(), 'it hears again what the others tell').toBe(1);
  await expect(noteField(page)).toBeHidden();
  answer();
  await expect(noteField(page)).toBeVisible();
  await expect(noteField(page)).toHaveValue('half a sentence');
});

test('what was typed stays out of sight where a page comes back from the back/forward cache', async ({ page, isJs }) => {
  test.skip(!isJs, 'a page without JavaScript is not cached: no-store');
  await signIn(page, '/notes');
  await waitForHydration(page);
  await noteField(page).fill('half a sentence');
  await page.route('**/api/auth/session*', () => {});
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(noteField(page)).toBeHidden();
});
