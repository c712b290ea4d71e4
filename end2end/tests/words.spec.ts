// What people read on the pages for everybody names no identity provider. The home page is about one, for developers.

import { ADMIN, DEMO, MINUTE_SECS, REFUSALS, endSession, expect, noteField, notice, profile, signIn, test, type Page } from './app';

test.use({ expectedConsole: [REFUSALS] });

async function expectPlain(page: Page): Promise<void> {
  const text = await page.locator('main, .notice').allInnerTexts();
  expect(text.join('\n')).not.toMatch(/cognito/i);
}

test('pages, notices and errors say "the sign-in service"', async ({ page, context, advance, failRenewals }) => {
  test.slow();
  for (const error of ['access_denied', 'provider_unavailable', 'configuration', 'sign_in_failed', 'internal']) {
    await page.goto(`/sign-in-failed?error=${error}&ref=0190f3c2-7d1e`);
    await expectPlain(page);
  }
  await page.goto('/no/such/page');
  await expectPlain(page);
  await signIn(page, '/admin', ADMIN);
  await expectPlain(page);
  await context.clearCookies();
  await signIn(page);
  await expect(profile(page)).toContainText(DEMO.username);
  await expectPlain(page);
  await failRenewals(500);
  await advance(56 * MINUTE_SECS);
  await page.reload();
  await advance(5 * MINUTE_SECS);
  await page.reload();
  await expect(notice(page)).toContainText('the sign-in service cannot be reached right now');
  await expect(page.getByTestId('timeline')).toContainText('The sign-in service could not be reached');
  await expectPlain(page);
  await page.goto('/admin');
  await expectPlain(page);
  await failRenewals(0);
  await page.goto('/notes');
  await expectPlain(page);
  await noteField(page).fill('half a sentence');
  await endSession(context);
  await page.locator('form.note-form').evaluate((form: HTMLFormElement) => form.submit());
  await expect(page).toHaveTitle(/^Sign in again/);
  await expectPlain(page);
  await page.goto('/signed-in');
  await expectPlain(page);
});
