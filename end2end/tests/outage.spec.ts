// While Cognito is away: the session stays, a notice says so, and goes by itself when Cognito is back.

import { MINUTE_SECS, expect, profile, signIn, test, waitForHydration } from './app';

test.use({ expectedConsole: [/status of 503/] });

test('a session outlives its token while Cognito is away', async ({ page, advance, failRenewals, isJs }) => {
  if (isJs) await page.clock.install();
  await signIn(page);
  await failRenewals(1000);
  await advance(61 * MINUTE_SECS);
  await page.reload();
  const notice = page.getByRole('status').filter({ hasText: 'the sign-in service cannot be reached right now' });
  await expect(notice).toBeVisible();
  if (isJs) await waitForHydration(page);
  await expect(page.getByTestId('user-email')).toHaveText('demo@example.com');
  await expect(page.getByTestId('token-expires-in')).toHaveText('expired');
  await expect(page.locator('.life .life-times')).toContainText('ended');
  await expect(profile(page)).toContainText('The sign-in service cannot be reached right now.');
  await expect(page.getByTestId('timeline')).toContainText('the session was kept');

  await failRenewals(0);
  await advance(MINUTE_SECS);
  if (isJs) {
    await page.clock.fastForward(2 * MINUTE_SECS * 1000);
  } else {
    await page.reload();
  }
  await expect(notice).toBeHidden();
  await expect(profile(page)).toContainText('demo@example.com');
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await expect(page.getByTestId('timeline')).toContainText('The access token was renewed.');
});

test('the notice goes half a minute after the fault was cleared, also where the clock was set back', async ({
  page,
  advance,
  failRenewals,
  isJs,
}) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await failRenewals(1000);
  await advance(180 * MINUTE_SECS);
  await page.clock.runFor(57 * MINUTE_SECS * 1000);
  const notice = page.getByRole('status').filter({ hasText: 'the sign-in service cannot be reached right now' });
  await expect(notice).toBeVisible();
  await advance(-60 * MINUTE_SECS);
  await failRenewals(0);
  // Time goes on for both, second by second.
  for (let secs = 0; secs < 33; secs += 1) {
    await advance(1);
    await page.clock.runFor(1000);
  }
  await expect(notice).toBeHidden();
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
});

test('an open page tells of the outage where it tells of its session', async ({ page, advance, failRenewals, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await expect(page.getByTestId('timeline')).not.toContainText('the session was kept');
  await failRenewals(1000);
  await advance(61 * MINUTE_SECS);
  await page.clock.runFor(57 * MINUTE_SECS * 1000);
  await expect(page.getByRole('status').filter({ hasText: 'the sign-in service cannot be reached right now' })).toBeVisible();
  await expect(page.getByTestId('timeline')).toContainText('the session was kept');
});
