// A person signs in from a deep link, mistypes, declines, and never leaves a token in the browser's reach.

import { APP_URL, DEMO, MINUTE_SECS, expect, expectSignInPage, fillSignIn, goByNav, menuButton, profile, signIn, test } from './app';

test('b07 a deep link leads through Cognito back to itself', async ({ page }) => {
  await page.goto('/account?tab=tokens');
  await fillSignIn(page, DEMO);

  await expect(page).toHaveURL(`${APP_URL}/account?tab=tokens`);
  await expect(page).toHaveTitle('Account · Leptos Cognito');
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
  await expect(page.getByTestId('refresh-count')).toHaveText('0');
  await expect(page.getByTestId('token-expires-in')).toHaveText(/^valid for (60|59) minutes$/);
  await expect(page.getByTestId('signed-in-at').locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
  await expect(profile(page)).toContainText(DEMO.username);
});

test('the home page offers to sign in, and leads on afterwards', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await fillSignIn(page, DEMO);

  await expect(page).toHaveURL(`${APP_URL}/account`);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Go to your account' }).click();
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);
});

test.describe('with a wrong password', () => {
  // Local Cognito may answer the mistake with an error status, which Chromium reports.
  test.use({ expectedConsole: [/status of 4\d\d.*127\.0\.0\.1:\d+/] });

  test('Cognito says so, and the sign-in still succeeds', async ({ page }) => {
    await page.goto('/account?tab=tokens');
    await fillSignIn(page, { ...DEMO, password: 'Wrong-Passw0rd' });

    await expect(page.getByText('Incorrect username or password.')).toBeVisible();
    await fillSignIn(page, DEMO);
    await expect(page).toHaveURL(`${APP_URL}/account?tab=tokens`);
  });
});

test('b08 who declines gets a sentence and can try again', async ({ page }) => {
  const authorize = page.waitForRequest(/\/oauth2\/authorize/);
  await page.goto('/account');
  const state = new URL((await authorize).url()).searchParams.get('state') ?? '';
  await expectSignInPage(page);

  await page.goto(`/api/auth/callback/cognito?error=access_denied&state=${encodeURIComponent(state)}`);
  await expect(page).toHaveTitle('Sign-in failed · Leptos Cognito');
  await expect(page.getByRole('alert')).toHaveText('The sign-in was declined.');

  await page.getByRole('link', { name: 'Try again' }).click();
  await fillSignIn(page, DEMO);
  await expect(page).toHaveURL(`${APP_URL}/account`);
});

test('b04 a forged callback starts a sign-in of this browser, which works', async ({ page }) => {
  await page.goto('/api/auth/callback/cognito?code=x&state=y');
  await fillSignIn(page, DEMO);
  await expect(menuButton(page)).toBeVisible();
});

test('b07 b08 the sign-in failed page reflects nothing of its address', async ({ page }) => {
  await page.goto('/sign-in-failed?error=%3Cb%3Eboo%3C/b%3E&ref=%3Ci%3E&return_to=https://evil.example');
  await expect(page.getByRole('alert')).toHaveText('Something went wrong on our side.');
  await expect(page.getByRole('main')).not.toContainText(/boo|Reference|evil/);

  await page.goto('/sign-in-failed?error=provider_unavailable&ref=0190f3c2-7d1e');
  await expect(page.getByRole('main')).toContainText('Reference: 0190f3c2-7d1e');
});

test('b20 b21 b28 the session cookie is out of reach, and no token is in storage, addresses or answers', async ({
  page,
  context,
  advance,
  isJs,
}) => {
  const addresses: string[] = [];
  const answers: Promise<string>[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    // A redirect has no body.
    if (origin === APP_URL && !pathname.startsWith('/pkg/')) answers.push(response.text().catch(() => ''));
  });
  await signIn(page);
  await expect(profile(page)).toContainText(DEMO.username);
  await advance(61 * MINUTE_SECS);
  await page.reload();
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await goByNav(page, 'Home');
  await goByNav(page, 'Account');
  await expect(profile(page)).toContainText(DEMO.username);

  const cookies = await context.cookies(APP_URL);
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie, cookie.name).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  }

  const html = await (await page.goto('/account'))?.text();
  expect(html).toContain(DEMO.username);
  expect(html).not.toContain('eyJ');
  expect(await page.content()).not.toContain('eyJ');
  if (isJs) {
    const stored = await page.evaluate(async () => ({
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      cookie: document.cookie,
      name: window.name,
    }));
    expect(stored).toEqual({ local: {}, session: {}, databases: [], caches: [], cookie: '', name: '' });
    expect(await page.evaluate(() => JSON.stringify(history.state ?? null))).not.toContain('eyJ');
  }
  expect(addresses.length).toBeGreaterThan(5);
  expect(addresses.filter((address) => address.includes('eyJ'))).toEqual([]);
  const bodies = await Promise.all(answers);
  expect(bodies.some((body) => body.includes(DEMO.username))).toBe(true);
  expect(bodies.filter((body) => body.includes('eyJ'))).toEqual([]);
});
