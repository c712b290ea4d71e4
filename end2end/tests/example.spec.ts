// The auth folder in an app of its own, examples/lifted: signing in, a server function, a form, a renewal, signing out.

import {
  ADMIN,
  APP_URL,
  CONTROL_URL,
  DEMO,
  MINUTE_SECS,
  type Page,
  endSession,
  expect,
  expectSignInPage,
  fillSignIn,
  signIn,
  test,
} from './app';

const motto = (page: Page) => page.getByLabel('Your motto');
const profile = (page: Page) => page.getByRole('list', { name: 'Profile' });

/** Signs in at the page with the form; where there is JavaScript, waits until a click stays in the browser: the page is live. */
async function openForm(page: Page, isJs: boolean): Promise<void> {
  await signIn(page, '/me');
  if (!isJs) return;
  await expect(async () => {
    await page.evaluate(() => Object.assign(window, { stillHere: true }));
    await page.getByRole('link', { name: 'Home' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome');
    await page.getByRole('link', { name: 'Your page' }).click();
    await expect(motto(page)).toBeVisible();
    expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);
  }).toPass();
}

test('the protected page leads a stranger to the sign-in, and has their name afterwards', async ({ page, request }) => {
  const refused = await request.get('/me', { maxRedirects: 0 });
  expect([refused.status(), await refused.text()]).toEqual([302, '']);
  expect((await request.get('/api/profile')).status()).toBe(401);

  await page.goto('/');
  await expect(page.getByRole('main')).toContainText('Nobody is signed in.');
  await page.getByRole('link', { name: 'Your page' }).click();
  if (page.url() === `${APP_URL}/me`) {
    // The browser went there by itself: the page offers the sign-in that the guard would have begun.
    await expect(profile(page)).toHaveCount(0);
    await page.getByRole('link', { name: 'Sign in to see this page' }).click();
  }
  await fillSignIn(page, DEMO);
  await expect(page).toHaveURL(`${APP_URL}/me`);
  await expect(page.getByRole('main')).toContainText('Hello, Demo User!');
});

test('the server function asks Cognito with a token that is renewed where it is refused', async ({ page, advance, playwright }) => {
  await signIn(page, '/me');
  await expect(profile(page)).toContainText(DEMO.username);
  await expect(page.getByTestId('renewals')).toHaveText('0');

  // The app keeps its own clock, and takes the token to be good: that Cognito refuses it is what it goes by.
  await advance(61 * MINUTE_SECS);
  try {
    await page.reload();
    await expect(profile(page)).toContainText(DEMO.username);
    await page.reload();
    await expect(page.getByTestId('renewals')).toHaveText('1');
  } finally {
    const control = await playwright.request.newContext({ baseURL: CONTROL_URL });
    await control.post('/_control/clock', { data: { offset_secs: 0 } });
    await control.dispose();
  }
});

test('a handler of its own calls an API with the token', async ({ page }) => {
  await signIn(page, '/me');
  const answer = await page.request.get('/orders');
  expect((await answer.json()).email).toBe(DEMO.username);
});

test('from page to page in the browser, the server function is called by it', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript every page is loaded');
  await signIn(page, '/me');
  await page.getByRole('link', { name: 'Home' }).click();
  await expect(page.getByRole('main')).toContainText('Signed in as Demo User.');
  const asked = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/profile');
  await page.getByRole('link', { name: 'Your page' }).click();
  expect((await asked).status()).toBe(200);
  await expect(profile(page)).toContainText(DEMO.username);
});

test('the form is sent', async ({ page, isJs }) => {
  await openForm(page, isJs);
  await motto(page).fill('Festina lente');
  await page.getByRole('button', { name: 'Save' }).click();
  if (isJs) await expect(page.getByText('Saved. Demo User: Festina lente')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your page');
});

test.describe('after the session has ended', () => {
  test.use({ expectedConsole: [/status of 401/] });

  test('what was typed is not lost', async ({ page, context, isJs }) => {
    await openForm(page, isJs);
    await motto(page).fill('Festina lente');
    await endSession(context);
    await page.getByRole('button', { name: 'Save' }).click();
    if (isJs) {
      await expect(page.getByText('Your session has ended.')).toBeVisible();
      const opened = page.waitForEvent('popup');
      await page.getByRole('link', { name: 'Sign in again' }).click();
      // It may be over before anybody could wait for it.
      const popup = await opened;
      await expect.poll(() => popup.isClosed(), { timeout: 15_000 }).toBe(true);
      await expect(page.getByText('Saved. Demo User: Festina lente')).toBeVisible();
    } else {
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your session had ended');
      const opened = context.waitForEvent('page');
      await page.getByRole('link', { name: 'Sign in again' }).click();
      await expect((await opened).getByRole('heading', { level: 1 })).toHaveText(/Close this tab/);
      await expect(page.getByLabel('motto')).toHaveValue('Festina lente');
      await page.getByRole('button', { name: 'Send it again' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your page');
    }
  });
});

test.describe('a page for a group', () => {
  // The plain page names no icon, so the browser asks for /favicon.ico, which the example does not have.
  test.use({ expectedConsole: [/status of 40[34]/] });

  test('says so, and another account comes back to it', async ({ page }) => {
    await signIn(page, '/me');
    const answer = await page.goto('/staff');
    expect(answer?.status()).toBe(403);
    await expect(page.getByText("This page isn't for your account.")).toBeVisible();
    await page.getByRole('button', { name: 'Sign out to use another account' }).click();
    await fillSignIn(page, ADMIN);
    await expect(page).toHaveURL(`${APP_URL}/staff`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Staff');
  });
});

test.describe('paths that lead nowhere', () => {
  test.use({ expectedConsole: [/status of 404/] });

  test('get a page with their status', async ({ page }) => {
    const answer = await page.goto('/no/such/page');
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  });
});

test('a callback of no sign-in starts one, and one that fails gets a sentence and another try', async ({ page }) => {
  await page.goto('/api/auth/callback/cognito?code=x&state=y');
  await expectSignInPage(page);
  await page.goto('/sign-in-failed?error=provider_unavailable');
  await expect(page.getByRole('alert')).toContainText('The sign-in service cannot be reached right now.');
  await page.getByRole('link', { name: 'Try again' }).click();
  await expectSignInPage(page);
});

test('a slash too many leads to the page', async ({ page }) => {
  await signIn(page, '/me');
  await page.goto('/me/');
  await expect(page).toHaveURL(`${APP_URL}/me`);
});

test('signing out comes home through Cognito', async ({ page }) => {
  await signIn(page, '/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${APP_URL}/`);
  await expect(page.getByRole('main')).toContainText('Nobody is signed in.');
  await page.goto('/me');
  await expectSignInPage(page);
});
