// Chromium's own back/forward cache, which Playwright turns off elsewhere: a page that comes back as it was left.

import {
  DEMO,
  endSession,
  expect,
  expectSignInPage,
  forgetAtCognito,
  profile,
  signIn,
  signOut,
  test,
  waitForHydration,
  type Page,
} from './app';
import playwright from '../playwright.config';

test.use({ launchOptions: { ...playwright.use?.launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

type Restored = { persisted: boolean; text: string };

/** What the page shows the moment it comes back, before any of its own code has run. */
async function watchReturn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.addEventListener('pageshow', ({ persisted }) => {
      const text = document.querySelector('main')?.innerText ?? '';
      Object.assign(window, { restored: { persisted, text } });
    });
  });
}

/** The page's next questions for the session wait; Playwright sees no request of a page that was restored. */
async function holdQuestions(page: Page): Promise<void> {
  await page.evaluate(() => {
    const [ask, held] = [window.fetch, new Promise<void>((resolve) => Object.assign(window, { letGo: resolve }))];
    window.fetch = async (input, init) => {
      if (input instanceof Request && input.url.includes('/api/auth/session')) await held;
      return ask(input, init);
    };
  });
}

/** The browser's Back. No restored page loads, so there is no waiting for that. */
async function goBack(page: Page): Promise<void> {
  await page.goBack({ waitUntil: 'commit' });
}

test('b40 a page that the browser restores shows nothing private before the session is confirmed', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript Chromium keeps no page that says no-store (Cache-Control)');
  await watchReturn(page);
  await signIn(page);
  // The way through the sign-in changed cookies; the page that is kept is one that was opened after it.
  await page.goto('/account');
  await waitForHydration(page);
  await expect(profile(page)).toContainText(DEMO.username);
  await holdQuestions(page);
  await page.goto('/');
  await goBack(page);
  const read = () => page.evaluate(() => (window as unknown as { restored: Restored }).restored);
  // Until it comes back, it has what it was first shown with.
  await expect.poll(async () => (await read()).persisted, 'restored, and not loaded anew').toBe(true);
  const restored = await read();
  expect(restored.text).toContain('your session is being checked');
  expect(restored.text).not.toContain(DEMO.username);
  await expect(page.getByRole('main')).not.toContainText(DEMO.username);
  await page.evaluate(() => (window as unknown as { letGo: () => void }).letGo());
  await expect(profile(page)).toContainText(DEMO.username);
});

test('b40 Back to a page whose session has ended meanwhile shows nothing private', async ({ page, context, isJs }) => {
  await signIn(page);
  await forgetAtCognito(context);
  await page.goto('/account');
  if (isJs) await waitForHydration(page);
  await page.goto('/');
  await endSession(context);
  await goBack(page);
  const isOver = async () => /^Sign in · /.test(await page.title()) || /signed out/.test(await page.locator('main').innerText());
  await expect.poll(isOver).toBe(true);
  if (!/^Sign in · /.test(await page.title())) await expect(page.locator('body')).not.toContainText(DEMO.username);
});

test('b40 Back after a sign-out leads to the sign-in', async ({ page, isJs }) => {
  await signIn(page);
  await page.goto('/account');
  if (isJs) await waitForHydration(page);
  await signOut(page);
  await goBack(page);
  await expectSignInPage(page);
});
