// The content policy in a browser: every page works under it, and what it forbids does not happen.

import { ADMIN, APP_URL, expect, goByNav, profile, signIn, test, waitForHydration, type Page } from './app';

/** Collects what the browser says was against the policy, from the next page on. */
async function watchViolations(page: Page): Promise<string[]> {
  const seen: string[] = [];
  await page.exposeFunction('tellViolation', (violation: string) => seen.push(violation));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      (window as unknown as { tellViolation(text: string): void }).tellViolation(`${effectiveDirective} ${blockedURI}`);
    });
  });
  return seen;
}

test.describe('every page', () => {
  // Without JavaScript a violation is told by the console alone, which nothing else may be in.
  test.use({ expectedConsole: [/status of 404/] });

  test('b45 every page works under its policy', async ({ page, isJs }) => {
    const violations = await watchViolations(page);
    for (const path of ['/', '/sign-in-failed?error=access_denied', '/no/such/page']) {
      const answer = await page.goto(path, { waitUntil: 'networkidle' });
      expect(answer?.headers()['content-security-policy'], path).toContain("'nonce-");
      // The style sheet is there: the page looks as it should.
      expect(await page.locator('main').evaluate((main) => getComputedStyle(main).maxWidth), path).not.toBe('none');
    }
    await signIn(page, '/account', ADMIN);
    await expect(profile(page)).toContainText(ADMIN.username);
    if (isJs) await waitForHydration(page);
    await goByNav(page, 'Admin');
    await expect(page.getByTestId('admin-overview')).toContainText('is in admin');
    expect(violations).toEqual([]);
  });
});

test.describe('what the policy forbids', () => {
  test.use({ expectedConsole: [/Content Security Policy|127\.0\.0\.1:9/] });

  test('b45 what the policy forbids does not happen', async ({ page, isJs }) => {
    test.skip(!isJs, 'without JavaScript nothing tries');
    const violations = await watchViolations(page);
    await page.goto('/', { waitUntil: 'networkidle' });
    const ran = await page.evaluate(async () => {
      const add = (name: string, values: object) => document.body.append(Object.assign(document.createElement(name), values));
      add('script', { textContent: 'window.ran = true' });
      add('script', { src: 'http://127.0.0.1:9/evil.js' });
      add('img', { src: 'http://127.0.0.1:9/evil.png' });
      add('object', { data: '/favicon.svg' });
      add('base', { href: 'http://127.0.0.1:9/' });
      // Later, when it is not the test any more that runs this: a test may evaluate what it likes.
      const evaluated = await new Promise((resolve) =>
        setTimeout(() => {
          try {
            resolve((0, eval)('1') === 1);
          } catch {
            resolve(false);
          }
        }),
      );
      const sent = await fetch('http://127.0.0.1:9/').then(() => true, () => false);
      return { inline: 'ran' in window, evaluated, sent, base: document.baseURI };
    });
    expect(ran).toEqual({ inline: false, evaluated: false, sent: false, base: `${APP_URL}/` });
    await expect(async () => {
      const told = new Set(violations.map((violation) => violation.split(' ')[0]));
      expect([...told].sort()).toEqual(['base-uri', 'connect-src', 'img-src', 'object-src', 'script-src', 'script-src-elem']);
    }).toPass();
  });

  test('b45 no other site can put the app into a frame', async ({ page, isJs }) => {
    test.skip(!isJs, 'told by the frame being empty, which a script has to ask');
    const other = APP_URL.replace('localhost', 'other.localhost');
    await page.route(`${other}/`, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${APP_URL}/"></iframe>` }),
    );
    await page.goto(other);
    await expect(async () => {
      const [, frame] = page.frames();
      expect(frame?.url()).toBe('chrome-error://chromewebdata/');
    }).toPass();
  });
});
