// What a page says by itself: that the session ends soon, with what helps, and that Cognito is away.

import {
  DAY_SECS,
  DEMO,
  IDLE_DAYS,
  MINUTE_SECS,
  type Page,
  comeNearTheEnd,
  expect,
  expectNotReloaded,
  fillSignIn,
  forgetAtCognito,
  noteField,
  notice,
  signIn,
  test,
  waitForHydration,
} from './app';

/** Presses the tab key until the element has the focus, from the top of the page. */
async function tabTo(page: Page, name: string): Promise<void> {
  await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const target = page.locator('.notice__action').locator('a, button').filter({ hasText: name });
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(target).toBeFocused({ timeout: 100 });
  }).toPass();
}

test('minutes before the session ends for good a notice offers to sign in again', async ({ page, context, advance, isJs }) => {
  if (isJs) await context.clock.install();
  await signIn(page, '/notes');
  // Seen every six days, up to an hour before the end.
  await comeNearTheEnd(page, advance, 60);
  await expect(notice(page)).toBeEmpty();
  await expect(notice(page), 'the region is there before there is anything to say').toHaveRole('status');
  if (isJs) {
    await waitForHydration(page);
    await noteField(page).fill('half a sentence');
  }

  await advance(56 * MINUTE_SECS);
  if (isJs) await page.clock.fastForward(56 * MINUTE_SECS * 1000);
  else await page.reload();
  await expect(notice(page)).toContainText('Your session ends soon.');
  await expect(page.locator('.notice__left')).toHaveText(/^It ends in [34] minutes\.$/);
  if (!isJs) {
    await expect(page.getByRole('link', { name: 'Sign in again' })).toHaveAttribute('target', '_blank');
    return;
  }

  await forgetAtCognito(context);
  const opened = page.waitForEvent('popup');
  await tabTo(page, 'Sign in again');
  await page.keyboard.press('Enter');
  const popup = await opened;
  const closed = popup.waitForEvent('close');
  await fillSignIn(popup, DEMO);
  await closed;
  await page.clock.fastForward(6000);
  await expect(notice(page)).toBeEmpty();
  await expect(noteField(page)).toHaveValue('half a sentence');
  await expectNotReloaded(page);

  // What it said would have been true.
  await advance(6 * MINUTE_SECS);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Notes' })).toBeVisible();
});

test('minutes before the idle limit a notice asks whether somebody is there', async ({ page, advance, isJs }) => {
  if (isJs) await page.clock.install();
  await signIn(page);
  if (!isJs) {
    // To load a page is to be there: there is nothing to ask.
    await advance(IDLE_DAYS * DAY_SECS - 4 * MINUTE_SECS);
    await page.reload();
    await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
    await expect(notice(page)).toBeEmpty();
    return;
  }
  await waitForHydration(page);
  await advance(IDLE_DAYS * DAY_SECS - 4 * MINUTE_SECS);
  await page.clock.fastForward(56 * MINUTE_SECS * 1000);
  await expect(notice(page)).toContainText('Are you still there?');
  await expect(page.locator('.notice__left')).toHaveText(/^It ends in [23] minutes\.$/);

  await tabTo(page, 'Stay signed in');
  await page.keyboard.press('Enter');
  await expect(notice(page)).toBeEmpty();
  await advance(5 * MINUTE_SECS);
  await page.reload();
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
});

test.describe('while Cognito is away', () => {
  test.use({ expectedConsole: [/status of 503/] });

  test('the notice counts down to the next try, and goes by itself', async ({ page, advance, failRenewals, isJs }) => {
    if (isJs) await page.clock.install();
    await signIn(page, '/notes');
    if (isJs) await waitForHydration(page);
    await failRenewals(1000);
    await advance(61 * MINUTE_SECS);
    if (!isJs) {
      await page.reload();
      await expect(notice(page)).toContainText('the sign-in service cannot be reached right now');
      await expect(page.locator('.notice__left')).toHaveText(/^Next try in /);
      return;
    }
    // Each question that fails makes the wait longer, so that there is something to count.
    await page.clock.runFor(57 * MINUTE_SECS * 1000);
    await expect(notice(page)).toContainText('the sign-in service cannot be reached right now');
    const left = page.locator('.notice__left');
    await expect(async () => {
      await page.clock.runFor(1000);
      await expect(left).toHaveText(/in \d+ seconds/, { timeout: 500 });
      const before = Number.parseInt((await left.innerText()).replace(/\D+/g, ''), 10);
      expect(before).toBeGreaterThan(5);
      await page.clock.runFor(3000);
      await expect(left).toHaveText(`Next try in ${before - 3} seconds.`, { timeout: 500 });
    }).toPass();

    await failRenewals(0);
    await advance(MINUTE_SECS);
    await page.clock.runFor(MINUTE_SECS * 1000);
    await expect(notice(page)).toBeEmpty();
  });
});
