// What somebody typed is not lost when their session ends: with JavaScript it is sent by itself after they signed in
// again, without it a page has it in a form again.

import {
  ADMIN,
  APP_URL,
  DEMO,
  type BrowserContext,
  type Page,
  endSession,
  expect,
  expectNotReloaded,
  expectSignInPage,
  fillSignIn,
  forgetAtCognito,
  lookAt,
  menuButton,
  noteField,
  notice,
  openTab,
  signIn,
  signOut,
  test,
  waitForHydration,
} from './app';

test.use({ expectedConsole: [/status of 401/] });

const TEXT = 'Zwölf <b>Boxkämpfer</b> & "eine" Zeile\n  und noch eine';
/** Without JavaScript Leptos adds a question mark. */
const BACK_AT_NOTES = new RegExp(`^${APP_URL}/notes\\??$`);

async function openNotes(page: Page, isJs: boolean): Promise<void> {
  await signIn(page, '/notes');
  if (isJs) await waitForHydration(page);
}

/** The session ends while somebody types; they send what they typed. */
async function sendTooLate(page: Page, context: BrowserContext, text: string): Promise<void> {
  await noteField(page).fill(text);
  await endSession(context);
  await page.getByRole('button', { name: 'Save' }).click();
}

test('a note is kept', async ({ page, isJs }) => {
  await openNotes(page, isJs);
  await noteField(page).fill(TEXT);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(BACK_AT_NOTES);
  await expect(page.getByTestId('last-note')).toHaveText(TEXT);
  await expect(noteField(page)).toHaveValue('');
});

test('a small window signs in, closes itself, and the note is sent by itself', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript the next test');
  await openNotes(page, isJs);
  await sendTooLate(page, context, `${TEXT} 1`);
  await expect(page.getByRole('main')).toContainText('Your session has ended. Your note is kept here');
  await expect(noteField(page)).toHaveValue(`${TEXT} 1`);
  await expect(page.getByTestId('last-note'), 'nothing of the server is shown').toHaveCount(0);

  await forgetAtCognito(context);
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Sign in again' }).click();
  const popup = await opened;
  const closed = popup.waitForEvent('close');
  await expectSignInPage(popup);
  expect(await popup.evaluate(() => window.innerWidth), 'it is small').toBe(520);
  expect(context.pages(), 'and the only one').toHaveLength(2);
  await fillSignIn(popup, DEMO);
  await closed;
  await expect(page.getByTestId('last-note')).toHaveText(`${TEXT} 1`, { timeout: 15_000 });
  await expect(noteField(page)).toHaveValue('');
  await expectNotReloaded(page);
});

test('where small windows are blocked it is a new tab', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript the next test');
  await context.addInitScript(() => (window.open = () => null));
  await openNotes(page, isJs);
  await sendTooLate(page, context, `${TEXT} 2`);
  await forgetAtCognito(context);
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Sign in again' }).click();
  const tab = await opened;
  await fillSignIn(tab, DEMO);
  await expect(page.getByTestId('last-note')).toHaveText(`${TEXT} 2`, { timeout: 15_000 });
  await expectNotReloaded(page);
});

test('signing in anywhere else will do, also where tabs cannot tell each other', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript the next test');
  await context.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'));
  await openNotes(page, isJs);
  await sendTooLate(page, context, `${TEXT} 3`);
  await expect(page.getByRole('link', { name: 'Sign in again' })).toBeVisible();
  await openTab(context);
  await lookAt(page);
  await expect(page.getByTestId('last-note')).toHaveText(`${TEXT} 3`, { timeout: 15_000 });
  await expectNotReloaded(page);
});

test('nothing is sent in the name of somebody else', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript the person sends it');
  await openNotes(page, isJs);
  await sendTooLate(page, context, 'not for the admin');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(new URL(request.url()).pathname));
  await forgetAtCognito(context);
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Sign in again' }).click();
  const popup = await opened;
  const closed = popup.waitForEvent('close');
  await fillSignIn(popup, ADMIN);
  await closed;
  await expect(notice(page)).toContainText('is signed in now', { timeout: 15_000 });
  await expect(noteField(page)).toBeHidden();
  expect(sent, 'not even to be refused').not.toContain('/api/notes/save');
  const admins = await openTab(context, 'Notes');
  await expect(admins.getByRole('main')).not.toContainText('not for the admin');
});

test('what is typed while a note is being saved stays', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript the page is loaded anew');
  await openNotes(page, isJs);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/api/notes/save', async (route) => {
    await held;
    await route.continue();
  });
  const save = page.getByRole('button', { name: 'Save' });
  await noteField(page).fill('the first');
  await save.click();
  await expect(save, 'it is sent once').toBeDisabled();
  await noteField(page).fill('the first, and more');
  letGo();
  await expect(page.getByTestId('last-note')).toHaveText('the first');
  await expect(save).toBeEnabled();
  await expect(noteField(page)).toHaveValue('the first, and more');
});

test('what is sent before it is known who is signed in is sent then', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript it is always known');
  await openNotes(page, isJs);
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/auth/session*', async (route) => {
    await held;
    await route.continue();
  });
  const sent: string[] = [];
  page.on('request', (request) => sent.push(new URL(request.url()).pathname));
  await noteField(page).fill('a little too early');
  await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    document.querySelector<HTMLFormElement>('form.note-form')?.requestSubmit();
  });
  await expect(noteField(page)).toBeHidden();
  expect(sent).not.toContain('/api/notes/save');
  answer();
  await expect(page.getByTestId('last-note')).toHaveText('a little too early');
  await expect(noteField(page)).toHaveValue('');
});

test('what is sent anew takes the place of what waits', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript nothing waits');
  await context.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'));
  await openNotes(page, isJs);
  await sendTooLate(page, context, 'the older one');
  await expect(page.getByRole('main')).toContainText('Your note is kept here');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(new URL(request.url()).pathname));
  const other = await openTab(context);
  await noteField(page).fill('the newer one');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(noteField(page)).toHaveValue('');
  await lookAt(page);
  await expect(page.getByTestId('last-note')).toHaveText('the newer one', { timeout: 15_000 });
  expect(sent.filter((path) => path === '/api/notes/save')).toHaveLength(1);
  await other.close();
});

test('a page whose call is refused tells the others before it has asked', async ({ page, context, isJs }) => {
  test.skip(!isJs, 'without JavaScript no page tells another');
  await openNotes(page, isJs);
  const other = await openTab(context);
  await expect(other.getByTestId('user-email')).toHaveText(DEMO.username);
  await context.route('**/api/auth/session*', () => {});
  await sendTooLate(page, context, 'too late');
  await expect(other.getByTestId('user-email')).toHaveCount(0);
});

test('a page of somebody else sends nothing', async ({ page, context, isJs }) => {
  await openNotes(page, isJs);
  // The server's answer never comes; another tab tells that somebody else signed in.
  if (isJs) await page.route('**/api/auth/session*', () => {});
  await noteField(page).fill('not for the admin');
  await forgetAtCognito(context);
  const admins = await context.newPage();
  await admins.goto('/api/auth/signin?return_to=/notes');
  await fillSignIn(admins, ADMIN);
  await expect(admins.getByRole('heading', { level: 1 })).toHaveText('Notes');

  if (isJs) {
    const sent: string[] = [];
    page.on('request', (request) => sent.push(new URL(request.url()).pathname));
    // The field is out of sight by now; the form is sent all the same.
    await expect(noteField(page)).toBeHidden();
    await page.locator('form.note-form').evaluate((form: HTMLFormElement) => form.requestSubmit());
    await page.waitForTimeout(500);
    expect(sent).not.toContain('/api/notes/save');
  } else {
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page).toHaveTitle('Sign in again · Leptos Cognito');
    await expect(page.locator('textarea, input:visible').first()).toHaveValue('not for the admin');
    await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Send it again' }).click();
    await expect(page).toHaveTitle('Sign in again · Leptos Cognito');
  }
  await admins.reload();
  await expect(admins.getByRole('main')).not.toContainText('not for the admin');
});

test('what one person typed is not there for the next who goes back', async ({ page, isJs }) => {
  await openNotes(page, isJs);
  await noteField(page).fill('half a secret');
  await page.goto('/');
  await signOut(page);
  await signIn(page, '/account', ADMIN);
  for (let steps = 0; steps < 12 && !/\/notes$/.test(page.url()); steps += 1) await page.goBack();
  await expect(page).toHaveURL(`${APP_URL}/notes`);
  await expect(noteField(page)).toHaveValue('');
});

test('what is refused again in the same session is not sent for ever', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript nothing is sent by itself');
  await page.clock.install();
  await openNotes(page, isJs);
  let sent = 0;
  await page.route('**/api/notes/save', async (route) => {
    sent += 1;
    await route.fulfill({ status: 401, headers: { serverfnerror: '/api/notes/save' }, json: { code: 'signed_out' } });
  });
  await noteField(page).fill('again and again');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.clock.runFor(60_000);
  await expect(page.getByRole('main')).toContainText('Please sign in to go on.');
  expect(sent).toBe(1);
  await expect(noteField(page)).toHaveValue('again and again');
});

test.describe('where a note is refused for its length', () => {
  test.use({ expectedConsole: [/status of 400/] });

  test('it says so, and nobody is signed out', async ({ page, isJs }) => {
    test.skip(!isJs, 'without JavaScript the page is loaded anew');
    await openNotes(page, isJs);
    await page.route('**/api/auth/session*', () => {});
    await noteField(page).evaluate((field) => field.removeAttribute('maxlength'));
    await noteField(page).fill('x'.repeat(4097));
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.locator('.note-form__outcome')).not.toBeEmpty();
    await expect(page.getByRole('main')).not.toContainText('Your session has ended');
    await expect(menuButton(page)).toBeVisible();
  });
});

test('without JavaScript what was typed is in a form again', async ({ page, context, isJs }) => {
  test.skip(isJs, 'with JavaScript the page stays');
  await openNotes(page, isJs);
  await sendTooLate(page, context, `\n${TEXT} 4`);
  await expect(page).toHaveTitle('Sign in again · Leptos Cognito');
  await expect(page.locator('textarea[name="note"]')).toHaveValue(`\n${TEXT} 4`);

  await forgetAtCognito(context);
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Sign in again, in a new tab' }).click();
  const tab = await opened;
  await fillSignIn(tab, DEMO);
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText('You are signed in');
  await tab.close();

  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect(page).toHaveURL(BACK_AT_NOTES);
  await expect(page.getByTestId('last-note')).toHaveText(`${TEXT} 4`);
});
