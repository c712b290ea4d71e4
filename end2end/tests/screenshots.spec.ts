// Pictures of every page, phone and desktop, light and dark, into the folder that SCREENSHOTS names.

import { join } from 'node:path';
import { ADMIN, CONTROL_URL, MINUTE_SECS, expect, expectSignInPage, profile, signIn, signOut, test, type Page } from './app';

test.use({ expectedConsole: [/status of (40[34]|503)/] });

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
        await page.goto('/sign-in-failed?error=provider_unavailable&ref=0190f3c2-7d1e');
        await shoot('sign-in-failed');
        await page.goto('/no/such/page');
        await shoot('not-found');
        await page.goto('/account');
        await expectSignInPage(page);
        await shoot('local-cognito');

        await signIn(page);
        for (let renewal = 0; renewal < 3; renewal += 1) {
          await advance(57 * MINUTE_SECS);
          await page.reload();
        }
        await expect(profile(page).getByRole('definition').first()).toBeVisible();
        await shoot('account');
        await failRenewals(500);
        await advance(61 * MINUTE_SECS);
        await page.reload();
        await expect(page.getByText('Cognito cannot be reached right now')).toBeVisible();
        await shoot('account-degraded');
        await failRenewals(0);
        await advance(MINUTE_SECS);
        await page.goto('/');
        await shoot('home-signed-in');
        await page.goto('/admin');
        await shoot('not-allowed');
        await page.goto('/');
        await signOut(page);

        await signIn(page, '/admin', ADMIN);
        await expect(page.getByTestId('admin-overview')).toBeVisible();
        await shoot('admin');

        for (const name of ['', 'sign-ins', 'users', 'clients', 'requests', 'torment']) {
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

async function takePicture(page: Page, name: string): Promise<void> {
  // The console looks for news every second, and half a second without is idle enough.
  await page.waitForLoadState('networkidle');
  const overflows = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(overflows, `${name} scrolls sideways`).toBe(false);
  await page.screenshot({ path: join(process.env.SCREENSHOTS ?? '.', `${name}.png`), fullPage: true });
}
