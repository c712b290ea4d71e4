// How pages look where that is more than taste: on a phone, on paper, in the reader's own colours and time zone.

import {
  APP_URL,
  DEMO,
  MINUTE_SECS,
  expect,
  menuButton,
  noteField,
  signIn,
  test,
  waitForHydration,
  type Locator,
  type Page,
} from './app';

async function box(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${locator} is not shown`);
  return { ...box, right: box.x + box.width, bottom: box.y + box.height };
}

for (const [width, text] of [[320, 100], [390, 100], [479, 100], [390, 200]]) {
  test(`the menu leaves its button free at ${width} pixels, text at ${text} %`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await signIn(page);
    await page.evaluate((text) => (document.documentElement.style.fontSize = `${text}%`), text);
    if (text === 100) {
      const [brand, who, nav] = [page.locator('.brand'), menuButton(page), page.locator('.site-nav')];
      const rows = [await box(brand), await box(who), await box(nav)];
      expect(rows[1].y, 'brand and menu share a row').toBeLessThan(rows[0].bottom);
      expect(rows[2].bottom - Math.min(rows[0].y, rows[1].y), 'two rows').toBeLessThan(120);
      expect((await box(page.locator('.person-name'))).width, 'initials alone').toBeLessThan(2);
    }
    await expect(menuButton(page)).toHaveAccessibleName(/Demo User|demo@example\.com/);
    await menuButton(page).click();
    const [button, menu] = [await box(menuButton(page)), await box(page.locator('#person-menu'))];
    expect(menu.y).toBeGreaterThanOrEqual(button.bottom);
    expect(menu.x).toBeGreaterThanOrEqual(0);
    expect(menu.right).toBeLessThanOrEqual(width);
    await menuButton(page).click();
    await expect(page.locator('#person-menu')).toBeHidden();
  });
}

test('on a phone a value has lines of its own, and no e-mail address breaks', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await signIn(page);
  for (const part of ['#person', '#profile']) {
    const row = page.locator(`${part} .facts > div`).filter({ hasText: DEMO.username });
    const [label, value] = [await box(row.locator('dt')), await box(row.locator('dd'))];
    expect(label.bottom, part).toBeLessThanOrEqual(value.y + 1);
    const lines = await row.locator('dd').evaluate((dd) => {
      const range = document.createRange();
      range.selectNodeContents(dd);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    });
    expect(lines, `${part}: in one line`).toBe(1);
  }
});

test.describe('far from Greenwich', () => {
  test.use({ timezoneId: 'Asia/Tokyo' });

  test('every time is local, and without JavaScript it says that it is UTC', async ({ page, advance, isJs }) => {
    if (isJs) await page.clock.install();
    await signIn(page);
    if (isJs) await waitForHydration(page);
    await expectTimes(page, isJs);
    await advance(56 * MINUTE_SECS);
    if (isJs) await page.clock.runFor(56 * MINUTE_SECS * 1000);
    else await page.reload();
    await expect(page.getByTestId('refresh-count')).toHaveText('1');
    await expectTimes(page, isJs);
  });
});

const FORMATS: Record<string, Intl.DateTimeFormatOptions> = {
  full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  clock: { hour: '2-digit', minute: '2-digit' },
};

async function expectTimes(page: Page, isJs: boolean): Promise<void> {
  await expect(async () => {
    const times = await page.locator('time').evaluateAll((all) =>
      (all as HTMLTimeElement[]).map(({ dateTime, dataset, textContent }) => [dateTime, dataset.local ?? '', textContent ?? '']),
    );
    const told = times.filter(([dateTime]) => dateTime);
    expect(told.length).toBeGreaterThan(8);
    for (const [dateTime, format, text] of told) {
      const options = { ...FORMATS[format], timeZone: isJs ? 'Asia/Tokyo' : 'UTC' };
      const clock = new Intl.DateTimeFormat('en-GB', options).format(new Date(dateTime));
      // The server's months have three letters.
      expect(text.replace('Sept', 'Sep')).toBe((isJs ? clock : `${clock} UTC`).replace('Sept', 'Sep'));
    }
  }).toPass({ timeout: 10_000 });
}

test('one event is a dot, and not an exclamation mark', async ({ page }) => {
  await signIn(page);
  await expect(page.getByTestId('timeline').getByRole('listitem')).toHaveCount(1);
  const line = await page.locator('.events li').evaluate((event) => getComputedStyle(event, '::before').content);
  expect(line).toBe('none');
});

test('a button that waits for its answer looks it', async ({ page, isJs }) => {
  test.skip(!isJs, 'without JavaScript the page waits');
  await signIn(page, '/notes');
  await waitForHydration(page);
  const save = page.getByRole('button', { name: 'Save' });
  const ground = () => save.evaluate((button) => getComputedStyle(button).backgroundColor);
  const before = await ground();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/api/notes/save', async (route) => {
    await held;
    await route.continue();
  });
  await noteField(page).fill('slow');
  await save.click();
  // Under the pointer it has another colour.
  await page.mouse.move(0, 0);
  await expect(save).toBeDisabled();
  await expect.poll(ground).not.toBe(before);
  letGo();
  await expect(save).toBeEnabled();
  await expect.poll(ground).toBe(before);
});

test('on paper there is what can be read, and nothing to press', async ({ page }) => {
  await signIn(page);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const left of ['.site-nav', '.who', '.site-footer', '.actions >> nth=0']) await expect(page.locator(left)).toBeHidden();
  await expect(page.getByTestId('user-email')).toBeVisible();
  await expect(page.locator('.life')).toBeVisible();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(255, 255, 255)');
});

test("in the reader's own colours everything that is drawn is seen", async ({ page }) => {
  await signIn(page);
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  const seen = await page.evaluate(() => {
    const ground = getComputedStyle(document.documentElement).backgroundColor;
    const style = (selector: string, pseudo?: string) => {
      const element = document.querySelector(selector);
      if (!element) throw new Error(selector);
      return getComputedStyle(element, pseudo);
    };
    const colours = [
      style('.events li', '::after').backgroundColor,
      style('.key-session', '::before').backgroundColor,
      style('.key-token', '::before').backgroundColor,
      style('.relay-session').stroke,
      style('.relay-tokens').stroke,
      style('.token-left').stroke,
      style('.token-used').stroke,
    ];
    return colours.map((colour) => colour !== ground && !/rgba\(.*, 0\)/.test(colour));
  });
  expect(seen).toEqual(seen.map(() => true));
});

test('the current entry of the navigation is underlined', async ({ page }) => {
  await page.goto('/');
  const line = await page.locator('.site-nav a[aria-current]').evaluate((link) => {
    const { textDecorationLine, textDecorationThickness } = getComputedStyle(link);
    return [textDecorationLine, textDecorationThickness];
  });
  expect(line).toEqual(['underline', '3px']);
});

test('the program is fetched once where scripts run, and else not at all', async ({ page, isJs }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('/', { waitUntil: 'networkidle' });
  expect(fetched.filter((path) => path.endsWith('.wasm')).length).toBe(isJs ? 1 : 0);
  expect(fetched.filter((path) => path.startsWith('/pkg/') && path.endsWith('.js')).length).toBe(isJs ? 1 : 0);
  expect(new URL(page.url()).origin).toBe(APP_URL);
});

test.describe('where a part meets no session any more', () => {
  test.use({ expectedConsole: [/status of 401/] });

  test('the page asks at once, and does not say that the session is good', async ({ page, order, isJs }) => {
    await signIn(page);
    // Cognito refuses the access token from now on, and the refresh token.
    await order('users', { email: DEMO.username, action: 'revoke' });
    await page.reload();
    if (!isJs) {
      await expect(page.getByRole('main')).toContainText('Please sign in to go on.');
      return;
    }
    await expect(page.getByRole('main')).toContainText('You are signed out.', { timeout: 4000 });
    await expect(page.getByText(/valid for \d+ minutes/)).toBeHidden();
  });
});
