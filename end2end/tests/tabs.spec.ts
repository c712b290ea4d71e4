// Several tabs of one browser: what one learns the others hear, and nobody's pages are shown to somebody else.

import {
  ADMIN,
  APP_URL,
  DEMO,
  MINUTE_SECS,
  type BrowserContext,
  endSession,
  expect,
  expectNotReloaded,
  expectSignedOut,
  fillSignIn,
  forgetAtCognito,
  lookAt,
  menuButton,
  noteField,
  notice,
  openTab,
  settle,
  signIn,
  signOut,
  test,
  waitForHydration,
  watchQuestions,
} from './app';

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'without JavaScript a page stands still');

/** Time for a page's question: it asks at most once in five seconds. */
const ASKED = { timeout: 15_000 };

/** Signs somebody in over the session there is, in a tab of its own. */
async function signInOver(context: BrowserContext, user: typeof DEMO): Promise<void> {
  await forgetAtCognito(context);
  const tab = await context.newPage();
  await tab.goto('/api/auth/signin?return_to=/account');
  await fillSignIn(tab, user);
  await expect(tab.getByTestId('user-email')).toHaveText(user.username);
}

test('signed out in one tab, the others hide what is private before the server has answered', async ({ page, context }) => {
  await signIn(page);
  const other = await openTab(context);
  await expect(other.getByTestId('user-email')).toHaveText(DEMO.username);
  const questions = watchQuestions(other);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/api/auth/signout', async (route) => {
    await held;
    await route.continue();
  });

  await menuButton(page).click();
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click({ noWaitAfter: true });
  await expect(other.getByTestId('user-email')).toHaveCount(0);
  await expect(other.getByRole('main')).not.toContainText(DEMO.username);
  expect(await other.content(), 'nowhere in the page').not.toContain(DEMO.username);

  letGo();
  await expect(page).toHaveURL(`${APP_URL}/`);
  await expect(other.getByRole('main')).toContainText('You are signed out.');
  await expectSignedOut(other);
  expect(questions.all, 'it was told').toEqual([]);
});

test('a sign-out that fails gives the page back', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page);
  const other = await openTab(context);
  await settle(other);
  const questions = watchQuestions(other);
  await page.route('**/api/auth/signout', (route) => route.abort());
  await menuButton(page).click();
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click({ noWaitAfter: true });
  await expect(other.getByTestId('user-email')).toHaveCount(0);
  await other.waitForTimeout(300);
  expect(questions.all, 'the answer of now would be one of before the sign-out').toEqual([]);

  await other.clock.fastForward(6000);
  await expect(other.getByTestId('user-email')).toHaveText(DEMO.username);
});

test('somebody else signed in: the others say so, show nothing, and load anew', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page);
  const other = await openTab(context);
  await settle(page);
  await settle(other);
  await signInOver(context, ADMIN);

  for (const tab of [page, other]) {
    await expect(tab.getByTestId('user-email')).toHaveCount(0);
    await expect(tab.getByRole('main')).not.toContainText(DEMO.username);
  }
  // Who it is each tab asks for itself.
  for (const tab of [page, other]) {
    await expect(notice(tab)).toContainText('is signed in now', ASKED);
  }
  await expectNotReloaded(other);
  // By the button, and by itself when the tab is looked at.
  await page.getByRole('button', { name: 'Reload this page' }).click();
  await expect(page.getByTestId('user-email')).toHaveText(ADMIN.username);
  await lookAt(other);
  await expect(other.getByTestId('user-email')).toHaveText(ADMIN.username);
  await expect(notice(other)).toBeEmpty();
});

test('a page in the back/forward cache does not say who signed in instead', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await settle(page);
  await signInOver(context, ADMIN);
  await expect(notice(page)).toContainText('is signed in now', ASKED);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await expect(notice(page)).toBeEmpty();
});

test('a tab that nobody looked at meanwhile loads itself anew', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page);
  const other = await openTab(context);
  await other.evaluate(() => {
    // Nobody touched them, and the browser gives them values.
    const untouched = '<input type="checkbox"><input type="range"><input type="color">';
    document.querySelector('main')?.insertAdjacentHTML('beforeend', untouched);
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  await signInOver(context, ADMIN);
  await expect(other.getByTestId('user-email')).toHaveCount(0);

  await other.clock.fastForward(6000);
  await other.evaluate(() => {
    Reflect.deleteProperty(document, 'visibilityState');
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  await expect(other.getByTestId('user-email')).toHaveText(ADMIN.username, { timeout: 15_000 });
});

test('a slider that somebody moved is not dropped for somebody else', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await page.evaluate(() => {
    document.querySelector('main')?.insertAdjacentHTML('beforeend', '<input type="range">');
    for (const slider of document.querySelectorAll<HTMLInputElement>('input[type=range]')) slider.value = '70';
  });
  await page.clock.fastForward(6000);
  await signInOver(context, ADMIN);
  await expect(page.locator('.notice')).toContainText('What was typed here is kept, out of sight', ASKED);
  await page.clock.fastForward(6000);
  await lookAt(page);
  await expectNotReloaded(page);
});

test('what was typed is not dropped for somebody else, and comes back', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page, '/notes');
  await waitForHydration(page);
  await noteField(page).fill('half a sentence');
  await page.clock.fastForward(6000);
  await signInOver(context, ADMIN);
  await expect(notice(page)).toContainText('is signed in now', ASKED);
  await expect(noteField(page)).toBeHidden();
  await expect(page.locator('.notice')).toContainText('What was typed here is kept, out of sight');

  await page.clock.fastForward(6000);
  await lookAt(page);
  await page.clock.fastForward(6000);
  await expect(notice(page)).toContainText('is signed in now', ASKED);
  await expectNotReloaded(page);

  await signInOver(context, DEMO);
  await page.clock.fastForward(6000);
  await expect(noteField(page)).toBeVisible();
  await expect(noteField(page)).toHaveValue('half a sentence');
  await expect(notice(page)).toBeEmpty();
  await expectNotReloaded(page);
});

test('after a sign-out elsewhere what was typed is out of sight, and comes back', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page, '/notes');
  await waitForHydration(page);
  await noteField(page).fill('half a sentence');
  const other = await openTab(context);
  await signOut(other);
  await expect(noteField(page)).toBeHidden();
  await signIn(other);
  await page.clock.fastForward(6000);
  await expect(noteField(page)).toHaveValue('half a sentence');
  await expect(noteField(page)).toBeVisible();
  await expectNotReloaded(page);
});

test('where the session ended by itself what was typed stays in sight', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page, '/notes');
  await waitForHydration(page);
  await noteField(page).fill('half a sentence');
  const other = await openTab(context);
  await endSession(context);
  // The page itself never gets an answer: it hears of it.
  await page.route('**/api/auth/session*', () => {});
  await other.clock.fastForward(6000);
  await lookAt(other);
  await expect(other.getByRole('main')).toContainText('You are signed out.');
  await expect(menuButton(page)).toHaveCount(0);
  await expect(noteField(page)).toBeVisible();
  await expect(noteField(page)).toHaveValue('half a sentence');
});

test('whoever signs out everywhere hides what is private in the other tabs at once', async ({ page, context }) => {
  await signIn(page);
  const other = await openTab(context);
  await expect(other.getByTestId('user-email')).toHaveText(DEMO.username);
  await context.route('**/api/auth/session*', () => {});
  await page.route('**/api/auth/signout-everywhere', () => {});
  await page.getByRole('button', { name: 'Sign out everywhere' }).click({ noWaitAfter: true });
  await expect(other.getByTestId('user-email')).toHaveCount(0);
  await expect(other.getByRole('main')).not.toContainText(DEMO.username);
});

test('whatever was changed on a page counts as typed, and what it came with does not', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await settle(page);
  await page.evaluate(() => {
    const form = document.createElement('form');
    form.innerHTML = `<input id="text" value="as it came"><input id="box" type="checkbox" value="yes" checked>
      <select id="list"><option>one</option><option>two</option></select>
      <select id="chosen"><option>one</option><option selected>two</option></select>`;
    document.body.append(form);
  });
  await signInOver(context, ADMIN);
  await expect(notice(page)).toContainText('is signed in now', ASKED);
  const changes = [
    () => page.locator('#text').fill('typed'),
    () => page.locator('#box').uncheck(),
    () => page.locator('#list').selectOption('two'),
    () => page.locator('#chosen').selectOption('one'),
  ];
  const questions = watchQuestions(page);
  for (const [index, change] of changes.entries()) {
    await change();
    await lookAt(page);
    await page.clock.fastForward(6000);
    await expect.poll(() => questions.all.length, 'it asks, and does not load itself').toBe(index + 1);
    await expectNotReloaded(page);
    await page.locator('#text').evaluate((input: HTMLInputElement) => input.form?.reset());
  }
  await lookAt(page);
  await expect(page.getByTestId('user-email')).toHaveText(ADMIN.username);
});

test('of several tabs one asks, and tells the others', async ({ page, context, advance }) => {
  await context.clock.install();
  await signIn(page);
  await waitForHydration(page);
  const tabs = [page, await openTab(context), await openTab(context)];
  for (const tab of tabs) await settle(tab);
  await advance(56 * MINUTE_SECS);
  const questions = watchQuestions(context);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await context.route('**/api/auth/session*', async (route) => {
    await held;
    await route.continue();
  });

  // All of them learn of the network at once.
  for (const tab of tabs) await tab.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect.poll(() => questions.all.length).toBe(1);
  letGo();
  for (const tab of tabs) await expect(tab.getByTestId('refresh-count')).toHaveText('1');
  expect(questions.all).toEqual(['by itself']);
});

test('the tab that asks may close: another asks for itself', async ({ page, context, advance }) => {
  await context.clock.install();
  await signIn(page);
  await waitForHydration(page);
  const other = await openTab(context);
  for (const tab of [page, other]) await settle(tab);
  await advance(56 * MINUTE_SECS);
  const questions = watchQuestions(context);
  await page.route('**/api/auth/session*', () => {});
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect.poll(() => questions.all.length).toBe(1);
  await other.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.close();
  await other.clock.fastForward(6000);
  await expect(other.getByTestId('refresh-count')).toHaveText('1');
});

test('without BroadcastChannel and Web Locks each tab works alone', async ({ page, context }) => {
  await context.clock.install();
  await context.addInitScript(() => {
    Reflect.deleteProperty(window, 'BroadcastChannel');
    Object.defineProperty(navigator, 'locks', { value: undefined });
  });
  await signIn(page);
  const other = await openTab(context);
  await signOut(page);
  await expect(other.getByTestId('user-email')).toHaveText(DEMO.username);

  await other.clock.fastForward(6000);
  await lookAt(other);
  await expect(other.getByRole('main')).toContainText('You are signed out.');
});

test('what another tab tells signs nobody in and is not shown', async ({ page, context }) => {
  await context.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await settle(page);
  const session = await (await page.request.get('/api/auth/session')).json();
  const questions = watchQuestions(page);
  const tell = (message: object | string) =>
    page.evaluate((text) => {
      const channel = new BroadcastChannel('leptos-cognito/session');
      channel.postMessage(text);
      channel.close();
    }, typeof message === 'string' ? message : JSON.stringify(message));
  const told = (user: object, more: object = {}) => ({
    v: 1,
    event: 'told',
    session: { ...session, refresh_count: 99, ...more, user: { ...session.user, ...user } },
    age_ms: 0,
    is_of_a_person: false,
  });

  // Somebody else, this person in another session, another version, and nothing that can be read.
  const someone = told({ sub: 'someone', email: 'someone@example.com' });
  const messages = [someone, told({}, { id: 'other' }), { ...told({}), v: 2 }, '{'];
  for (const [index, message] of messages.entries()) {
    await page.clock.fastForward(6000);
    await tell(message);
    await expect.poll(() => questions.byItself(), `question ${index + 1}`).toBe(index + 1);
    await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
    await expect(page.getByTestId('refresh-count')).toHaveText(`${session.refresh_count}`);
  }
  // Of this very session it is believed, and what the server renders is asked for.
  const parts = page.waitForRequest(/\/account\?by_itself=true$/);
  await tell(told({}, { access_token_expires_in_secs: 600 }));
  await expect(page.getByTestId('token-expires-in')).toHaveText(/^valid for (10|9) minutes$/);
  await parts;
  await expect(page.getByTestId('refresh-count')).toHaveText(`${session.refresh_count}`);
  expect(questions.byItself()).toBe(messages.length);
});
