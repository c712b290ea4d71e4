// Local Cognito's own pages: a person signs up, forgets the password, mistypes, uses the keyboard alone, and reads
// another language. Codes are not mailed; they come from the control API.

import { type APIRequestContext, type TestInfo } from '@playwright/test';
import { APP_URL, CONTROL_URL, DEMO, expect, expectSignInPage, fillSignIn, signOut, test, type Page } from './app';

// A mistake is answered with an error status, which Chromium reports.
test.use({ expectedConsole: [new RegExp(`status of 4\\d\\d.*${CONTROL_URL}`)] });

const PASSWORD = 'New-Passw0rd';
const OTHER_PASSWORD = 'Other-Passw0rd';

test('a newcomer signs up, confirms, and is where they wanted to be', async ({ page, request }, testInfo) => {
  const email = newAddress(testInfo);
  await page.goto('/account?tab=tokens');
  await expectSignInPage(page);
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(page).toHaveTitle('Sign up with a new account · Local Cognito');

  await fillSignUp(page, email, 'new-passw0rd');
  await expect(page.getByRole('alert')).toHaveText('Your password must contain: an upper case letter.');
  await expect(page.getByLabel('Email')).toHaveValue(email);
  await expect(page.getByLabel('Name')).toHaveValue('Nia New');
  await expect(page.getByLabel('Password')).toHaveValue('');
  await expect(page.getByLabel('Password')).toBeFocused();
  await fillSignUp(page, email, PASSWORD);

  await expect(page).toHaveTitle('Confirm your account · Local Cognito');
  await expect(page.getByRole('main').getByRole('link', { name: 'console' })).toHaveAttribute('href', '/_console');
  await enterCode(page, 'wrong', 'Confirm account');
  await expect(page.getByRole('alert')).toHaveText('Invalid verification code provided, please try again.');
  const first = await waitingCode(request, email);
  await page.getByRole('button', { name: 'Send another code' }).click();
  await expect(page.getByRole('status')).toContainText('A new code was made.');
  expect(await waitingCode(request, email)).toMatch(/^\d{6}$/);
  expect(first).toMatch(/^\d{6}$/);
  await enterCode(page, await waitingCode(request, email), 'Confirm account');

  await expect(page).toHaveURL(`${APP_URL}/account?tab=tokens`);
  await expect(page.getByTestId('user-email')).toHaveText(email);
});

test('who signed up and went away is led back to the code', async ({ page, request }, testInfo) => {
  const email = newAddress(testInfo);
  await openSignUp(page);
  await fillSignUp(page, email, PASSWORD);
  await expect(page).toHaveTitle('Confirm your account · Local Cognito');

  await page.goto('/account');
  await fillSignIn(page, { username: email, password: PASSWORD });
  await expect(page).toHaveTitle('Confirm your account · Local Cognito');
  await enterCode(page, await waitingCode(request, email), 'Confirm account');
  await expect(page).toHaveURL(`${APP_URL}/account`);
});

test('a forgotten password is reset, and the sign-in goes on', async ({ page, request }, testInfo) => {
  const email = newAddress(testInfo);
  await openSignUp(page);
  await fillSignUp(page, email, PASSWORD);
  await enterCode(page, await waitingCode(request, email), 'Confirm account');
  await expect(page).toHaveURL(`${APP_URL}/account`);
  await signOut(page);

  await page.goto('/account?tab=tokens');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Reset my password' }).click();
  const code = await waitingCode(request, email);
  await fillReset(page, code, OTHER_PASSWORD, PASSWORD);
  await expect(page.getByRole('alert')).toHaveText('The passwords do not match.');
  await fillReset(page, code, OTHER_PASSWORD, OTHER_PASSWORD);

  await expectSignInPage(page);
  await expect(page.getByRole('status')).toContainText('Your password has been changed.');
  await expect(page.getByLabel('Email')).toHaveValue(email);
  await fillSignIn(page, { username: email, password: OTHER_PASSWORD });
  await expect(page).toHaveURL(`${APP_URL}/account?tab=tokens`);
});

test('a reset looks the same for somebody who does not exist', async ({ page, request }) => {
  await page.goto('/account');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Reset my password' }).click();
  await expect(page.getByText('If the account exists, a code was made for n***@e***.')).toBeVisible();
  await fillReset(page, '123456', OTHER_PASSWORD, OTHER_PASSWORD);
  await expect(page.getByRole('alert')).toHaveText('Invalid verification code provided, please try again.');
  expect((await waitingCodes(request)).filter(({ email }) => email === 'nobody@example.com')).toEqual([]);
});

test('the keyboard is enough', async ({ page, request }, testInfo) => {
  const email = newAddress(testInfo);
  const type = (text: string) => page.keyboard.type(text);
  const press = (key: string) => page.keyboard.press(key);
  await page.goto('/account');
  await expect(page.getByLabel('Email')).toBeFocused();
  for (const name of ['Password', 'Sign in', 'Forgot your password?', 'Sign up']) {
    await press('Tab');
    await expect(page.locator(':focus')).toHaveAccessibleName(name);
  }
  await press('Enter');

  await expect(page.getByRole('button', { name: 'Sign up' })).toBeVisible();
  await expect(page.getByLabel('Email')).toBeFocused();
  await type(email);
  await press('Tab');
  await press('Tab');
  await type(PASSWORD);
  await press('Enter');
  await expect(page.getByLabel('Code')).toBeFocused();
  await type(await waitingCode(request, email));
  await press('Enter');
  await expect(page).toHaveURL(`${APP_URL}/account`);
  await expect(page.getByTestId('user-email')).toHaveText(email);
});

test('another language stays until the app is reached', async ({ page }) => {
  await page.goto('/account');
  await expectSignInPage(page);
  for (const [language, lang, heading, forgot, back] of [
    ['Español', 'es', 'Iniciar sesión', '¿Olvidó su contraseña?', 'Volver al inicio de sesión'],
    ['Français', 'fr', 'Se connecter', 'Mot de passe oublié ?', 'Retour à la connexion'],
    ['Deutsch', 'de', 'Anmelden', 'Passwort vergessen?', 'Zurück zur Anmeldung'],
  ]) {
    await page.getByRole('link', { name: language }).click();
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    await page.getByRole('link', { name: forgot }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    await page.getByRole('link', { name: back }).click();
  }
  await page.getByLabel('E-Mail').fill(DEMO.username);
  await page.getByLabel('Passwort').fill('Wrong-Passw0rd');
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await expect(page.getByRole('alert')).toHaveText('Benutzername oder Passwort ist falsch.');
  await page.getByLabel('Passwort').fill(DEMO.password);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await expect(page).toHaveURL(`${APP_URL}/account`);
});

/** The server outlives each test, and both projects use it. */
function newAddress(testInfo: TestInfo): string {
  return `${testInfo.project.name}-${testInfo.testId}-${testInfo.repeatEachIndex}-${testInfo.retry}@example.com`;
}

async function openSignUp(page: Page): Promise<void> {
  await page.goto('/account');
  await expectSignInPage(page);
  await page.getByRole('link', { name: 'Sign up' }).click();
}

async function fillSignUp(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Name').fill('Nia New');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign up' }).click();
}

async function fillReset(page: Page, code: string, password: string, again: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('Enter new password again').fill(again);
  await enterCode(page, code, 'Change password');
}

async function enterCode(page: Page, code: string, button: string): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: button }).click();
}

type WaitingCode = { email: string; purpose: string; code: string; expires_at: number };

async function waitingCodes(request: APIRequestContext): Promise<WaitingCode[]> {
  const answer = await request.get(`${CONTROL_URL}/_control/codes`);
  expect(answer.ok(), `codes: ${answer.status()} ${await answer.text()}`).toBe(true);
  return (await answer.json()).codes;
}

/** The code that Cognito would have mailed. The page that asks for it has to be there already. */
async function waitingCode(request: APIRequestContext, email: string): Promise<string> {
  let code: string | undefined;
  await expect(async () => {
    code = (await waitingCodes(request)).find((waiting) => waiting.email === email)?.code;
    expect(code, `a code for ${email}`).toBeDefined();
  }).toPass();
  return code ?? '';
}
