// Light or dark: the system decides until somebody chooses; the choice stays, and every page comes in it.

import { APP_URL, DEMO, expect, goByNav, signIn, test, type Page } from './app';

test.use({ colorScheme: 'light' });

test('a choice holds at once, on every page, and can be taken back', async ({ page, context }) => {
  await signIn(page);
  expect(await ground(page)).toBe('light');
  await choose(page, 'Dark');
  expect(await ground(page)).toBe('dark');
  await expect(page).toHaveURL(`${APP_URL}/account`);
  await expect(page.getByTestId('user-email')).toHaveText(DEMO.username);

  await goByNav(page, 'Home');
  expect(await ground(page)).toBe('dark');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
  expect(await ground(page)).toBe('dark');
  // The server's own words, before any script: nothing flashes.
  const html = await (await context.request.get(APP_URL, { headers: { Accept: 'text/html' } })).text();
  expect(html).toContain('data-theme="dark"');

  await choose(page, 'System');
  expect(await ground(page)).toBe('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ground(page)).toBe('dark');
});

test('with JavaScript nothing is loaded anew for it', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript the form is sent');
  await page.goto('/', { waitUntil: 'networkidle' });
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  await choose(page, 'Dark');
  expect(await ground(page)).toBe('dark');
  expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);
});

async function choose(page: Page, theme: 'System' | 'Light' | 'Dark'): Promise<void> {
  const answered = page.waitForResponse(`${APP_URL}/api/theme`);
  await page.getByRole('button', { name: theme }).click();
  await answered;
  await expect(page.getByRole('button', { name: theme })).toHaveAttribute('aria-pressed', 'true');
}

/** What the page is painted on. */
async function ground(page: Page): Promise<'light' | 'dark'> {
  const color = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const [red = NaN] = color.match(/\d+/g)?.map(Number) ?? [];
  expect(red, color).not.toBeNaN();
  return red > 128 ? 'light' : 'dark';
}
