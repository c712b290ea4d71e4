// What the server rendered on an open page: it comes anew when the session goes on, and is gone when it ends, while the
// page, the keyboard and what was unfolded stay where they are. And a page can be used before any of the program has come.

import {
  ADMIN,
  APP_URL,
  CONTROL_URL,
  DEMO,
  MINUTE_SECS,
  endSession,
  expect,
  expectNotReloaded,
  fillSignIn,
  goByNav,
  lookAt,
  menuButton,
  noteField,
  profile,
  settle,
  signIn,
  signOut,
  test,
  waitForHydration,
} from './app';

test('after a renewal what the server rendered comes anew, and nothing is lost of where somebody was', async ({
  page,
  advance,
  isJs,
}) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  for (let renewal = 0; renewal < 7; renewal += 1) {
    await advance(57 * MINUTE_SECS);
    await page.reload();
  }
  await waitForHydration(page);
  await page.getByText('2 earlier').click();
  await expect(page.getByText('You signed in.')).toBeVisible();
  const call = page.getByRole('link', { name: 'Call userInfo' });
  await call.focus();

  await advance(56 * MINUTE_SECS);
  await page.clock.runFor(56 * MINUTE_SECS * 1000);
  await expect(page.getByTestId('refresh-count')).toHaveText('8');
  await expect(page.getByText('3 earlier')).toBeVisible();
  await expect(page.getByText('You signed in.')).toBeVisible();
  await expect(call).toBeFocused();
  await expect(profile(page)).toContainText(DEMO.username);
  await expectNotReloaded(page);
});

test('what the address asks for is asked for again', async ({ page, advance, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  await page.getByRole('link', { name: 'Call userInfo' }).click();
  await expect(page.getByTestId('user-info')).toContainText(DEMO.username);
  await waitForHydration(page);
  await advance(56 * MINUTE_SECS);
  await page.clock.runFor(56 * MINUTE_SECS * 1000);
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await expect(page.getByTestId('user-info')).toContainText(DEMO.username);
});

test('a script that asks for the page anew starts no sign-in', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await signIn(page, '/notes');
  await waitForHydration(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await noteField(page).fill('one');
  // The note is kept, and then the session is gone.
  await page.route('**/notes?by_itself=true', async (route) => {
    await endSession(context);
    await route.continue();
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect.poll(() => asked).toContain('/notes');
  // The page hears by it that something is wrong, and asks.
  await expect(page.getByRole('main')).toContainText('Your session has ended.', { timeout: 10_000 });
  expect(asked.filter((path) => path.startsWith('/api/auth/signin'))).toEqual([]);
  expect(await context.cookies(APP_URL)).toEqual([]);
});

test('what was rendered for another session is not shown', async ({ page, advance, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await expect(profile(page)).toContainText(DEMO.username);
  // Somebody else signed in between the page's question and this answer.
  await page.route('**/account?by_itself=true', async (route) => {
    const answer = await route.fetch();
    const html = (await answer.text()).replaceAll(DEMO.username, 'someone@example.com');
    await route.fulfill({ response: answer, body: html.replace(/data-fresh="[^"]+"/g, 'data-fresh="another"') });
  });
  await advance(56 * MINUTE_SECS);
  const answered = page.waitForResponse('**/account?by_itself=true');
  await page.clock.runFor(56 * MINUTE_SECS * 1000);
  await (await answered).finished();
  await page.clock.runFor(1000);
  await expect(page.getByRole('main')).not.toContainText('someone@example.com');
  await expect(profile(page)).toContainText(DEMO.username);
});

test('an answer that comes after the session was lost brings nothing back', async ({ page, context, advance, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await expect(profile(page)).toContainText(DEMO.username);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/account?by_itself=true', async (route) => {
    const answer = await route.fetch();
    await held;
    await route.fulfill({ response: answer });
  });
  await advance(56 * MINUTE_SECS);
  const asked = page.waitForRequest('**/account?by_itself=true');
  const answered = page.waitForResponse('**/account?by_itself=true');
  await page.clock.runFor(56 * MINUTE_SECS * 1000);
  await asked;

  await endSession(context);
  await page.clock.runFor(6000);
  await lookAt(page);
  await expect(page.getByRole('main')).toContainText('You are signed out.');
  letGo();
  await (await answered).finished();
  await page.clock.runFor(1000);
  expect(await page.content(), 'nowhere in the page').not.toContain(DEMO.username);
});

test('of two answers the newer counts, whichever comes first', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await signIn(page, '/notes');
  await waitForHydration(page);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let answers = 0;
  await page.route('**/notes?by_itself=true', async (route) => {
    const answer = await route.fetch();
    answers += 1;
    if (answers === 1) await held;
    await route.fulfill({ response: answer });
  });
  for (const note of ['the older one', 'the newer one']) {
    await noteField(page).fill(note);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(noteField(page)).toHaveValue('');
    await expect.poll(() => answers).toBeGreaterThan(note === 'the older one' ? 0 : 1);
  }
  await expect(page.getByTestId('last-note')).toHaveText('the newer one');
  const late = page.waitForResponse('**/notes?by_itself=true');
  letGo();
  await late;
  await expect(page.getByTestId('last-note')).toHaveText('the newer one');
});

test('who signs in in another tab is signed in on every page', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await page.goto('/');
  await waitForHydration(page);
  const other = await context.newPage();
  await signIn(other);
  await page.clock.runFor(6000);
  await lookAt(page);
  await expect(menuButton(page)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Go to your account' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Sign in', exact: true })).toHaveCount(0);
  await expectNotReloaded(page);
});

test('a session that follows another at once brings its own parts', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript a page stands still');
  await page.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await settle(page);
  const part = page.locator('[data-fresh]').first();
  const before = await part.getAttribute('data-fresh');
  const other = await context.newPage();
  await other.goto('/api/auth/signin?return_to=/account');
  await expect(other).toHaveURL(`${APP_URL}/account`);
  const { id } = await (await page.request.get('/api/auth/session')).json();
  expect(id).not.toBe(before);
  await page.clock.runFor(6000);
  await lookAt(page);
  await expect(part).toHaveAttribute('data-fresh', id);
  await expect(profile(page)).toContainText(DEMO.username);
});

test.describe('where the server does not answer', () => {
  test.use({ expectedConsole: [/ERR_FAILED/] });

  test('what could not be had anew is asked for the next time', async ({ page, advance, isJs }) => {
    test.skip(!isJs, 'without JavaScript a page stands still');
    await page.clock.install();
    await signIn(page);
    await waitForHydration(page);
    await page.route('**/account?by_itself=true', (route) => route.abort(), { times: 1 });
    const failed = page.waitForEvent('requestfailed');
    await advance(56 * MINUTE_SECS);
    await page.clock.runFor(56 * MINUTE_SECS * 1000);
    await failed;
    await expect(page.getByTestId('token-expires-in')).toHaveText(/^valid for (60|59) minutes$/);
    await expect(page.getByTestId('refresh-count'), 'what there was stays').toHaveText('0');

    await page.clock.runFor(6000);
    await lookAt(page);
    await expect(page.getByTestId('refresh-count')).toHaveText('1');
  });
});

test.describe('without the program', () => {
  test.use({ expectedConsole: [/ERR_FAILED|Failed to fetch/] });

  test('all of it works before any of the program has come', async ({ page, context }) => {
    await context.route('**/pkg/*.wasm', (route) => route.abort());
    await page.goto('/');
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await fillSignIn(page, DEMO);
    await expect(profile(page)).toContainText(DEMO.username);
    await goByNav(page, 'Notes');
    await noteField(page).fill('by the browser alone');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByTestId('last-note')).toHaveText('by the browser alone');
    await page.getByRole('button', { name: 'Dark' }).click();
    await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
    await signOut(page);
  });
});

test.describe('a group that is taken away', () => {
  test.use({ expectedConsole: [/status of 403/] });

  test('takes what it showed from an open page', async ({ page, advance, isJs, playwright }) => {
    test.skip(!isJs, 'a page without JavaScript stays as the server rendered it');
    const api = await playwright.request.newContext({ baseURL: CONTROL_URL });
    const administer = async (operation: string) => {
      const pool = (await (await api.get('/_control/state')).json()).pools[0].id;
      const headers = { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`, 'content-type': 'application/x-amz-json-1.1' };
      const data = JSON.stringify({ UserPoolId: pool, Username: ADMIN.username, GroupName: 'admin' });
      expect((await api.post('/', { headers, data })).status(), operation).toBe(200);
    };
    await signIn(page, '/admin', ADMIN);
    await waitForHydration(page);
    await expect(page.getByTestId('admin-overview')).toBeVisible();
    await administer('AdminRemoveUserFromGroup');
    try {
      await advance(56 * MINUTE_SECS);
      await lookAt(page);
      await expect(page.getByTestId('admin-overview')).toHaveCount(0);
      await expect(menuButton(page)).toBeVisible();
    } finally {
      await administer('AdminAddUserToGroup');
      await api.dispose();
    }
  });
});
