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
  fillSignIn,
  forgetAtCognito,
  lookAt,
  noteField,
  notice,
  openTab,
  signIn,
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
  await fillSignIn(popup, DEMO);
  await closed;
  await expect(page.getByTestId('last-note')).toHaveText(`${TEXT} 1`);
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
  await expect(page.getByTestId('last-note')).toHaveText(`${TEXT} 2`);
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
  await forgetAtCognito(context);
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Sign in again' }).click();
  const popup = await opened;
  const closed = popup.waitForEvent('close');
  await fillSignIn(popup, ADMIN);
  await closed;
  await expect(notice(page)).toContainText('is signed in now', { timeout: 15_000 });
  await expect(noteField(page)).toBeHidden();
  const admins = await openTab(context, 'Notes');
  await expect(admins.getByRole('main')).not.toContainText('not for the admin');
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
