// Pictures of every page, phone and desktop, light and dark, into the folder that SCREENSHOTS names.

import { join } from 'node:path';
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
  signOut,
  test,
  waitForHydration,
  type Page,
} from './app';

// Many pages in one go.
test.slow();
test.use({ contextOptions: { reducedMotion: 'reduce' }, expectedConsole: [REFUSALS] });

for (const [device, viewport] of Object.entries({
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
})) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${device}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme, deviceScaleFactor: 2 });

      test('every page', async ({ page, advance, failRenewals }) => {
        const shoot = (name: string) => takePicture(page, `${name}-${device}-${colorScheme}`);
        await page.goto('/');
        await shoot('home');
        await page.getByRole('link', { name: 'Skip to the content' }).focus();
        await shoot('home-skip-link');
        await page.goto('/sign-in-failed?error=access_denied&ref=0190f3c2-7d1e');
        await shoot('sign-in-failed');
        await page.goto('/sign-in-failed?error=provider_unavailable&ref=0190f3c2-7d1e');
        await shoot('sign-in-failed-unavailable');
        await page.goto('/no/such/page');
        await shoot('not-found');
        await page.goto('/account');
        await expectSignInPage(page);
        await shoot('local-cognito');
        await shootAccountPages(page, shoot);
        await page.goto('/account');

        await signIn(page);
        await expect(profile(page).getByRole('definition').first()).toBeVisible();
        await shoot('account-fresh');
        await page.getByRole('link', { name: 'Call userInfo' }).click();
        await expect(page.getByTestId('user-info')).toBeVisible();
        await shoot('account-upstream');
        await menuButton(page).click();
        await shoot('account-menu');
        await page.keyboard.press('Escape');
        for (let renewal = 0; renewal < 3; renewal += 1) {
          await advance(57 * MINUTE_SECS);
          await page.goto('/account');
        }
        await expect(profile(page).getByRole('definition').first()).toBeVisible();
        await shoot('account');
        await takePicture(page, `account-top-${device}-${colorScheme}`, 860);
        await failRenewals(500);
        await advance(61 * MINUTE_SECS);
        await page.reload();
        await expect(notice(page)).toContainText('the sign-in service cannot be reached right now');
        await shoot('account-degraded');
        await failRenewals(0);
        for (let renewal = 0; renewal < 6; renewal += 1) {
          await advance(57 * MINUTE_SECS);
          await page.reload();
        }
        await page.getByText('earlier').click();
        await shoot('account-long');
        await page.goto('/');
        await shoot('home-signed-in');
        await page.goto('/admin');
        await shoot('not-allowed');
        await page.goto('/notes');
        await waitForHydration(page);
        await noteField(page).fill('Buy milk.');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByTestId('last-note')).toHaveText('Buy milk.');
        await noteField(page).fill('Half a sentence');
        await shoot('notes');
        const cookies = await page.context().cookies();
        await endSession(page.context());
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByRole('main')).toContainText('Your session has ended.');
        await shoot('notes-signed-out');
        await page.locator('form.note-form').evaluate((form: HTMLFormElement) => form.submit());
        await expect(page).toHaveTitle(/^Sign in again/);
        await shoot('kept-form');
        await page.context().addCookies(cookies);
        await page.goto('/signed-in');
        await shoot('signed-in');
        await page.goto('/account');
        await waitForHydration(page);
        await endSession(page.context());
        await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
        await expect(page.getByRole('main')).toContainText('You are signed out.');
        await shoot('account-signed-out');
        await page.context().addCookies(cookies);
        await page.goto('/');
        await signOut(page);

        await signIn(page);
        await comeNearTheEnd(page, advance, 4);
        await expect(notice(page)).toContainText('Your session ends soon.');
        await shoot('account-ending');
        await signOut(page);

        await signIn(page, '/admin', ADMIN);
        await expect(page.getByTestId('admin-overview')).toBeVisible();
        await shoot('admin');

        for (const name of ['', 'sign-ins', 'users', 'clients', 'requests', 'faults']) {
          await page.goto(`${CONTROL_URL}/_console/${name}`.replace(/\/$/, ''));
          await shoot(`console-${name || 'overview'}`);
        }
        for (const list of ['sign-ins', 'users']) {
          await page.goto(`${CONTROL_URL}/_console/${list}`);
          await page.getByRole('row').nth(1).getByRole('link').first().click();
          await shoot(`console-${list}-one`);
        }
      });
    });
  }
}

/** The hosted UI's pages beside sign-in, fresh and with something wrong. */
async function shootAccountPages(page: Page, shoot: (name: string) => Promise<void>): Promise<void> {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(page).toHaveTitle(/^Sign up/);
  await shoot('local-cognito-sign-up');
  await page.getByLabel('Email').fill(`shown-${Date.now()}@example.com`);
  await page.getByLabel('Password').fill('short');
  await press('Sign up');
  await expect(page.getByRole('alert')).toBeVisible();
  await shoot('local-cognito-sign-up-again');
  await page.getByLabel('Password').fill('New-Passw0rd');
  await press('Sign up');
  await expect(page).toHaveTitle(/^Confirm/);
  await shoot('local-cognito-confirm');
  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(page).toHaveTitle(/^Forgot/);
  await shoot('local-cognito-forgot-password');
  await page.getByLabel('Email').fill('nobody@example.com');
  await press('Reset my password');
  await expect(page).toHaveTitle(/^Reset/);
  await shoot('local-cognito-reset');
  await page.getByRole('link', { name: 'Français' }).click();
  await expect(page).toHaveTitle(/^Réinitialiser/);
  await shoot('local-cognito-reset-fr');
}

/** The whole page, or its first `height` pixels. */
async function takePicture(page: Page, name: string, height?: number): Promise<void> {
  // The console looks for news every second, and half a second without is idle enough.
  await page.waitForLoadState('networkidle');
  const overflows = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(overflows, `${name} scrolls sideways`).toBe(false);
  const clip = height ? { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, height } : undefined;
  await page.screenshot({ path: join(process.env.SCREENSHOTS ?? '.', `${name}.png`), fullPage: true, clip });
}
