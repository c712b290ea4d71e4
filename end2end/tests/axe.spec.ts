// Nothing that axe knows how to find is wrong with any page, in any state: phone and desktop, light and dark. axe is a
// script, so it runs where scripts do; without JavaScript the pages are the same.

import AxeBuilder from '@axe-core/playwright';
import {
  ADMIN,
  CONTROL_URL,
  MINUTE_SECS,
  REFUSALS,
  comeNearTheEnd,
  endSession,
  expect,
  expectSignInPage,
  menuButton,
  noteField,
  notice,
  profile,
  signIn,
  test,
  waitForHydration,
  type Page,
} from './app';

// The pages are walked with what they refuse.
test.use({ expectedConsole: [REFUSALS] });
test.slow();
test.beforeEach(({ isJs }) => test.skip(!isJs, 'axe is a script'));

const SIZES = { phone: { width: 320, height: 640 }, desktop: { width: 1280, height: 800 } };

test('signed out', async ({ page }) => {
  await page.goto('/');
  await expectNothing(page, 'home');
  await page.goto('/no/such/page');
  await expectNothing(page, 'not found');
  for (const error of ['access_denied', 'provider_unavailable', 'configuration']) {
    await page.goto(`/sign-in-failed?error=${error}&ref=0190f3c2-7d1e`);
    await expectNothing(page, `sign-in failed, ${error}`);
  }
});

test('signed in', async ({ page, advance }) => {
  await signIn(page);
  await expect(profile(page).getByRole('definition').first()).toBeVisible();
  await expectNothing(page, 'account, fresh');
  await page.getByRole('link', { name: 'Call userInfo' }).click();
  await expect(page.getByTestId('user-info')).toBeVisible();
  await expectNothing(page, 'account, with an answer from upstream');
  await menuButton(page).click();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign out' })).toBeVisible();
  await expectNothing(page, 'account, menu open');
  for (let renewal = 0; renewal < 8; renewal += 1) {
    await advance(57 * MINUTE_SECS);
    await page.reload();
  }
  await page.getByText('3 earlier').click();
  await expect(page.getByText('You signed in.')).toBeVisible();
  await expectNothing(page, 'account, long timeline');
  await page.goto('/');
  await expectNothing(page, 'home, signed in');
  await page.goto('/admin');
  await expectNothing(page, 'not allowed');
});

test('notes, while the session lasts and after', async ({ page, context }) => {
  await signIn(page, '/notes');
  await expectNothing(page, 'notes');
  await waitForHydration(page);
  await noteField(page).fill('half a sentence');
  await endSession(context);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('main')).toContainText('Your session has ended.');
  await expectNothing(page, 'notes, signed out');
  // As without JavaScript.
  await page.locator('form.note-form').evaluate((form: HTMLFormElement) => form.submit());
  await expect(page).toHaveTitle(/^Sign in again/);
  await expectNothing(page, 'a form that was kept');
  await page.goto('/signed-in');
  await expectNothing(page, 'the end of a sign-in that keeps a page, signed out');
});

test('minutes before the end', async ({ page, advance }) => {
  await signIn(page);
  await comeNearTheEnd(page, advance, 4);
  await expect(notice(page)).toContainText('Your session ends soon.');
  await expectNothing(page, 'account, ending');
  await page.goto('/signed-in');
  await expectNothing(page, 'the end of a sign-in that keeps a page');
});

test('while Cognito is away', async ({ page, advance, failRenewals }) => {
  await signIn(page);
  await failRenewals(500);
  await advance(61 * MINUTE_SECS);
  await page.reload();
  await expect(notice(page)).toContainText('the sign-in service cannot be reached right now');
  await expectNothing(page, 'account, degraded');
});

test('a session that ended on an open page', async ({ page, context }) => {
  await signIn(page);
  await waitForHydration(page);
  await context.clearCookies();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(page.getByRole('main')).toContainText('You are signed out.');
  await expectNothing(page, 'account, signed out');
});

test('an admin', async ({ page }) => {
  await signIn(page, '/admin', ADMIN);
  await expect(page.getByTestId('admin-overview')).toBeVisible();
  await expectNothing(page, 'admin');
});

test('the hosted UI', async ({ page }) => {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await page.goto('/account');
  await expectSignInPage(page);
  await expectNothing(page, 'sign in');
  await press('Sign in');
  await page.getByLabel('Email').fill('demo@example.com');
  await page.getByLabel('Password').fill('wrong');
  await press('Sign in');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectNothing(page, 'sign in, refused');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expectNothing(page, 'sign up');
  await page.getByLabel('Email').fill(`axe-${Date.now()}@example.com`);
  await page.getByLabel('Password').fill('New-Passw0rd');
  await press('Sign up');
  await expect(page).toHaveTitle(/^Confirm/);
  await expectNothing(page, 'confirm');
  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expectNothing(page, 'forgot password');
  await page.getByLabel('Email').fill('nobody@example.com');
  await press('Reset my password');
  await expect(page).toHaveTitle(/^Reset/);
  await expectNothing(page, 'reset');
  await page.getByRole('link', { name: 'Français' }).click();
  await expectNothing(page, 'reset in French');
  await page.goto(`${CONTROL_URL}/oauth2/authorize?client_id=nobody&response_type=code&redirect_uri=http://localhost/`);
  await expectNothing(page, 'refused authorize request');
});

test('the console', async ({ page }) => {
  // Somebody has to be there to be listed.
  await signIn(page);
  for (const name of ['', '/sign-ins', '/users', '/clients', '/requests', '/faults']) {
    await page.goto(`${CONTROL_URL}/_console${name}`);
    await expectNothing(page, `console${name}`);
  }
  for (const list of ['sign-ins', 'users']) {
    await page.goto(`${CONTROL_URL}/_console/${list}`);
    await page.getByRole('row').nth(1).getByRole('link').first().click();
    await expectNothing(page, `console, one of ${list}`);
  }
});

/** Asks axe, with every rule it has on by default. */
async function expectNothing(page: Page, state: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      // Colours that are on their way are nobody's choice.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
      expect.soft(found, `${state}, ${size}, ${colorScheme}`).toEqual([]);
    }
    const overflows = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect.soft(overflows, `${state}, ${size} scrolls sideways`).toBe(false);
  }
}
