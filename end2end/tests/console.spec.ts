// The console of Local Cognito beside the app: what a person sees of a sign-in there, and what the buttons do to the app.

import { APP_URL, CONTROL_URL, DEMO, MINUTE_SECS, expect, expectSignInPage, profile, signIn, test, type Page } from './app';

test.use({ expectedConsole: [/status of 503/] });

const CONSOLE_URL = `${CONTROL_URL}/_console`;
const PAGES = ['', '/sign-ins', '/users', '/clients', '/requests', '/faults'];

/** Opens a page of the console beside the app. */
async function openConsole(page: Page, path: string): Promise<Page> {
  const beside = await page.context().newPage();
  beside.on('pageerror', (error) => expect(error, 'an error on a console page').toBeUndefined());
  await beside.goto(CONSOLE_URL + path);
  return beside;
}

/** Signs in to the app, and opens the page of that sign-in. */
async function openOwnSignIn(page: Page): Promise<Page> {
  await signIn(page);
  const beside = await openConsole(page, '/sign-ins');
  await beside.getByRole('row').nth(1).getByRole('link').first().click();
  await expect(beside.getByRole('heading', { level: 1, name: 'Sign-in', exact: true })).toBeVisible();
  return beside;
}

/** Presses a button and waits for what the console says about it, where the person is looking. */
async function press(beside: Page, name: string, answer: RegExp): Promise<void> {
  const button = beside.getByRole('button', { name, exact: true });
  await button.click();
  const told = beside.getByRole('status').filter({ hasText: answer });
  await expect(told).toHaveText(answer);
  await expect(told).toBeInViewport();
  await expect(beside.locator('.notice')).toHaveCount(1);
}

function timeline(beside: Page, event: string) {
  return beside.getByRole('heading', { level: 3, name: event, exact: true });
}

test('a sign-in appears, and is seen renewing after the clock was moved', async ({ page, isJs }) => {
  const look = async (beside: Page) => {
    // With JavaScript an open page looks by itself.
    if (!isJs) await beside.reload();
  };
  const list = await openConsole(page, '/sign-ins');
  const rows = list.getByRole('row').filter({ hasText: DEMO.username });
  const before = await rows.count();
  await signIn(page);
  await look(list);
  await expect(rows).toHaveCount(before + 1);
  await rows.first().getByRole('link').first().click();
  await expect(timeline(list, 'Issued')).toBeVisible();
  await expect(timeline(list, 'Renewed')).toHaveCount(0);

  await press(list, '+1 h', /^The clock is now .* ahead of the real time\.$/);
  await page.reload();
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await expect(profile(page)).toContainText(DEMO.username);
  await look(list);
  await expect(timeline(list, 'Renewed')).toBeVisible();
});

test('a sign-in that is revoked ends the session of the app', async ({ page, advance }) => {
  const beside = await openOwnSignIn(page);
  await press(beside, 'Revoke', /^Revoked 1 sign-in, with all tokens\.$/);
  await expect(timeline(beside, 'Revoked')).toBeVisible();

  await advance(61 * MINUTE_SECS);
  await page.goto('/account');
  await expectSignInPage(page);
});

test('access tokens that expire at Cognito alone do not end the session', async ({ page, advance }) => {
  const beside = await openOwnSignIn(page);
  await press(beside, 'Expire access tokens', /^The access tokens of 1 sign-in have run out\.$/);
  await expect(timeline(beside, 'Expired')).toBeVisible();
  await expect(beside.getByText('a server that only verifies the JWT cannot know')).toBeVisible();

  await page.reload();
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
  await advance(61 * MINUTE_SECS);
  await page.reload();
  await expect(profile(page)).toContainText(DEMO.username);
});

test('throttled, the app keeps the session and recovers', async ({ page, advance }) => {
  await signIn(page);
  const beside = await openConsole(page, '/faults');
  await beside.getByLabel('requests for').selectOption('InitiateAuth');
  await beside.getByLabel('The next').fill('500');
  await beside.getByLabel('Throttle').check();
  await press(beside, 'Let requests fail', /^The next 500 requests for InitiateAuth will fail as ordered\.$/);
  await expect(beside.getByRole('listitem').filter({ hasText: 'The next 500 for InitiateAuth' })).toBeVisible();

  await advance(61 * MINUTE_SECS);
  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: 'the sign-in service cannot be reached right now' })).toBeVisible();
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);

  await press(beside, 'Clear all faults', /^Nothing is ordered for any operation any more\.$/);
  await advance(MINUTE_SECS);
  await page.reload();
  await expect(profile(page)).toContainText(DEMO.username);
});

test('a number that makes no sense is answered on the page', async ({ page }) => {
  const beside = await openConsole(page, '/users');
  await beside.getByLabel('E-mail address').fill('new@example.com');
  await beside.getByLabel('Password').fill('short');
  await press(beside, 'Create a user', /^Nothing was done: Password did not conform with policy/);
});

test('on a phone an answer is where its button was, and a form keeps what was typed', async ({ page }) => {
  const beside = await openConsole(page, '/faults');
  await beside.setViewportSize({ width: 360, height: 640 });
  await beside.getByLabel('The next').fill('7');
  await beside.getByLabel('requests for').selectOption('RevokeToken');
  await beside.getByLabel('Answer with a status').check();
  await press(beside, 'Let requests fail', /^The next 7 requests for RevokeToken will fail as ordered\.$/);
  await expect(beside.getByRole('button', { name: 'Let requests fail' })).toBeInViewport();
  await expect(beside.getByLabel('The next')).toHaveValue('7');
  await expect(beside.getByLabel('requests for')).toHaveValue('RevokeToken');
  await expect(beside.getByLabel('Answer with a status')).toBeChecked();
  await press(beside, 'Clear all faults', /^Nothing is ordered for any operation any more\.$/);
  await expect(beside.getByText('Nothing is ordered: every request is answered properly.')).toBeInViewport();
});

test('a user who was created is not typed twice', async ({ page }) => {
  const beside = await openConsole(page, '/users');
  await beside.getByLabel('E-mail address').fill(`once-${Date.now()}@example.com`);
  await beside.getByLabel('Password').fill('New-Passw0rd');
  await press(beside, 'Create a user', /can sign in\.$/);
  await expect(beside.getByLabel('E-mail address')).toHaveValue('');
  await expect(beside.getByLabel('Password')).toHaveValue('');
});

test('the app is one click away', async ({ page }) => {
  const beside = await openConsole(page, '');
  await beside.getByRole('banner').getByRole('link', { name: 'Back to the app' }).click();
  await expect(beside).toHaveURL(`${APP_URL}/`);
});

test('the secret of a client is shown on demand', async ({ page }) => {
  const beside = await openConsole(page, '/clients');
  await expect(beside.getByText('Client secret')).toHaveCount(0);
  await beside.getByRole('button', { name: /^Show the secret of/ }).first().click();
  await expect(beside.getByText('Client secret')).toBeVisible();
  await beside.getByRole('link', { name: 'Back to the clients' }).click();
  await expect(beside.getByText('Client secret')).toHaveCount(0);
});

test('no page scrolls sideways on the smallest phone, nor does a table', async ({ page }) => {
  const beside = await openOwnSignIn(page);
  await beside.setViewportSize({ width: 320, height: 640 });
  const paths = [...PAGES.map((path) => CONSOLE_URL + path), beside.url()];
  for (const path of paths) {
    await beside.goto(path);
    await beside.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
    const overflows = await beside.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(overflows, `${path} scrolls sideways`).toBe(false);
    const wide = await beside.evaluate(() =>
      [...document.querySelectorAll('.scroll')].filter((part) => part.scrollWidth > part.clientWidth).length,
    );
    expect(wide, `${path} has a table that scrolls sideways`).toBe(0);
  }
});

test('by keyboard alone', async ({ page, isJs }) => {
  const beside = await openConsole(page, '');
  await beside.keyboard.press('Tab');
  await expect(beside.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await beside.keyboard.press('Enter');
  const button = beside.getByRole('button', { name: '+5 min' });
  const isFocused = () => button.evaluate((element) => element === document.activeElement);
  for (let steps = 0; !(await isFocused()) && steps < 10; steps += 1) await beside.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await beside.keyboard.press('Enter');
  await expect(beside.getByRole('status').filter({ hasText: /^The clock is now/ })).toBeInViewport();
  if (isJs) await expect(button).toBeFocused();
});

test('news leave alone what is open, focused and typed', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  const ask = () => page.request.get(`${CONTROL_URL}/nowhere`);
  await ask();
  const beside = await openConsole(page, '/requests');
  const summaries = beside.locator('summary');
  const before = await summaries.count();
  const summary = summaries.first();
  const name = await summary.innerText();
  await summary.click();
  await beside.getByLabel('Operation').selectOption('GetUser');
  await summary.focus();
  await ask();
  await ask();
  await expect(summaries.nth(2)).toBeFocused();
  await expect(summaries.nth(2)).toHaveText(name.replaceAll('\n', ' '), { useInnerText: true });
  await expect(beside.locator('details[open]')).toHaveCount(1);
  await expect(beside.getByLabel('Operation')).toHaveValue('GetUser');
  expect(await summaries.count()).toBeGreaterThanOrEqual(Math.min(before + 2, 100));
});
