// The main promise: the session outlives the access token, clicking about or idle, and the account page tells of it.

import { DEMO, MINUTE_SECS, expect, goByNav, profile, signIn, test, waitForHydration } from './app';

test('clicking about for hours', async ({ page, advance }) => {
  await signIn(page);
  const signedInAt = await page.getByTestId('signed-in-at').locator('time').getAttribute('datetime');

  for (let renewals = 1; renewals <= 5; renewals++) {
    // Four minutes before the access token ends, a renewal is due.
    await advance(56 * MINUTE_SECS);
    await goByNav(page, 'Home');
    await goByNav(page, 'Account');
    await expect(page.getByTestId('refresh-count')).toHaveText(`${renewals}`);
    await expect(page.getByTestId('token-expires-in')).toHaveText(/^valid for (60|59) minutes$/);
    await expect(profile(page)).toContainText(DEMO.username);
  }
  await expect(page.getByTestId('signed-in-at').locator('time')).toHaveAttribute('datetime', signedInAt ?? '');
  await expect(page.getByTestId('refreshed-at').locator('time')).toBeVisible();
});

test('away until the token has expired', async ({ page, advance }) => {
  await signIn(page);
  await advance(61 * MINUTE_SECS);
  await goByNav(page, 'Home');
  await goByNav(page, 'Account');

  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await expect(profile(page)).toContainText(DEMO.username);
});

test('idle on an open page', async ({ page, advance, isJs }) => {
  if (isJs) await page.clock.install();
  await signIn(page);
  await expect(page.getByTestId('refresh-count')).toHaveText('0');
  if (isJs) await waitForHydration(page);
  // A call that is under way when the clock jumps would bring Cognito a token that has just expired.
  await expect(profile(page)).toContainText(DEMO.username);

  await advance(61 * MINUTE_SECS);
  if (isJs) {
    // Nothing is clicked: the page itself looks up the renewal that was due.
    await page.clock.fastForward(61 * MINUTE_SECS * 1000);
  } else {
    await page.reload();
  }
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await expect(page.getByTestId('token-expires-in')).toHaveText(/^valid for (60|59) minutes$/);
});

test('an open page counts down what is left of the token', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  const minutesLeft = async () => Number.parseInt((await page.getByTestId('token-expires-in').innerText()).replace(/\D+/, ''), 10);
  const asRendered = await minutesLeft();
  // The first minutes pass unnoticed if the page is not live yet.
  await expect(async () => {
    await page.clock.runFor(MINUTE_SECS * 1000);
    expect(await minutesLeft()).toBeLessThan(asRendered);
  }).toPass();

  // From here on no time passes by itself, or a minute might be over just between the two.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
  const before = await minutesLeft();
  await page.clock.runFor(10 * MINUTE_SECS * 1000);
  expect(await minutesLeft()).toBe(before - 10);
});

test('hydration asks for nothing that came with the page', async ({ page, isJs }) => {
  test.skip(!isJs, 'there is no hydration without JavaScript');
  await signIn(page);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/')) asked.push(request.url());
  });
  await page.reload({ waitUntil: 'networkidle' });
  await expect(profile(page)).toContainText(DEMO.username);
  expect(asked).toEqual([]);
});
