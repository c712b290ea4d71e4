// When an open page asks the server about its session, and that neither a wrong clock nor a machine that slept matters.

import { MINUTE_SECS, type Page, expect, goByNav, lookAt, settle, signIn, test, waitForHydration, watchQuestions } from './app';

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'without JavaScript a page stands still');
test.use({ expectedConsole: [/ERR_INTERNET_DISCONNECTED/] });

async function openAccount(page: Page): Promise<void> {
  await page.clock.install();
  await signIn(page);
  await waitForHydration(page);
  await settle(page);
}

test('a tab that somebody comes back to asks, at most once in five seconds', async ({ page }) => {
  await openAccount(page);
  const questions = watchQuestions(page);
  for (let times = 0; times < 5; times++) await lookAt(page);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await expect.poll(() => questions.all).toEqual(['for a person']);
  await page.clock.runFor(4000);
  await expect.poll(() => questions.all).toEqual(['for a person']);
  // Somebody was there within the five seconds: that is not forgotten.
  await page.clock.runFor(2000);
  await expect.poll(() => questions.all).toEqual(['for a person', 'for a person']);
  await page.clock.runFor(60_000);
  expect(questions.all).toEqual(['for a person', 'for a person']);
});

test('a network that returns is a reason to ask; while it is away nobody is signed out', async ({ page, context }) => {
  await openAccount(page);
  const questions = watchQuestions(page);
  await context.setOffline(true);
  await lookAt(page);
  await expect.poll(() => questions.all.length).toBe(1);
  await page.clock.runFor(6000);
  await expect(page.getByTestId('user-email')).toBeVisible();

  const before = questions.all.length;
  await context.setOffline(false);
  await expect.poll(() => questions.all.length).toBe(before + 1);
  await page.clock.runFor(30_000);
  expect(questions.all.length, 'it was answered').toBe(before + 1);
});

for (const [what, hours] of [
  ['is set on by a year', 365 * 24],
  ['is set back by a day', -24],
] as const) {
  test(`a client clock that ${what} changes nothing, and is a reason to ask`, async ({ page }) => {
    await openAccount(page);
    const questions = watchQuestions(page);
    const left = page.getByTestId('token-expires-in');
    await expect(left).toHaveText(/^valid for (60|59) minutes$/);
    await page.evaluate((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, hours * 3_600_000);
    await page.clock.runFor(2000);
    await expect.poll(() => questions.byItself()).toBe(1);
    await page.clock.runFor(20_000);
    await expect(left).toHaveText(/^valid for (60|59) minutes$/);
    expect(questions.all).toEqual(['by itself']);
  });
}

test('after a sleep the page asks what has become of its session', async ({ page, advance }) => {
  await openAccount(page);
  // Two hours go by, and the steady clock stood still, as some do.
  await advance(120 * MINUTE_SECS);
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 120 * 60_000;
  });
  await page.clock.runFor(2000);
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await expect(page.getByTestId('token-expires-in')).toHaveText(/^valid for (60|59) minutes$/);
});

test('a renewal is looked up a second after it was due, and not before', async ({ page, advance }) => {
  await openAccount(page);
  const questions = watchQuestions(page);
  // Due five minutes before the hour is over.
  await page.clock.runFor(54 * MINUTE_SECS * 1000);
  expect(questions.all).toEqual([]);
  await advance(56 * MINUTE_SECS);
  await page.clock.runFor(62_000);
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  await page.clock.runFor(5 * MINUTE_SECS * 1000);
  expect(questions.all).toEqual(['by itself']);
});

test('a page keeps one timer, and none while nobody looks', async ({ page }) => {
  await page.clock.install();
  // The test's clock gives its timers numbers that do not fit where a browser's do, so none of them could be cleared.
  await page.addInitScript(() => {
    const [set, clear] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
    const ids = [0 as unknown as ReturnType<typeof set>];
    Object.assign(window, { timers: 0 });
    window.setTimeout = ((...all: Parameters<typeof set>) => {
      (window as unknown as { timers: number }).timers += 1;
      return ids.push(set(...all)) - 1;
    }) as typeof window.setTimeout;
    window.clearTimeout = (id) => clear(ids[Number(id)]);
  });
  await signIn(page);
  await waitForHydration(page);
  const timersInAMinute = async () => {
    await page.clock.runFor(1000);
    await page.evaluate(() => Object.assign(window, { timers: 0 }));
    await page.clock.runFor(60_000);
    return page.evaluate(() => (window as unknown as { timers: number }).timers);
  };
  // The account page counts the seconds, the home page does not.
  const counting = await timersInAMinute();
  expect(counting).toBeGreaterThan(50);
  expect(counting).toBeLessThan(70);
  await goByNav(page, 'Home');
  await waitForHydration(page);
  expect(await timersInAMinute()).toBeLessThan(5);
  await goByNav(page, 'Account');
  await waitForHydration(page);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  expect(await timersInAMinute()).toBe(0);
});
