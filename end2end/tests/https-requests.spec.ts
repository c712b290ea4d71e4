// What the app answers behind a proxy that speaks https, whatever the request's headers say of where it came from: raw
// requests, by node. Run by https.config.ts alone.

import { APP_URL, CONTROL_URL, expect, signIn, test, type Page } from './app';
import { WAYS, location, send, values, type Answer, type Raw } from './raw';

const EVIL = 'evil.example';
const CALLBACK = `${APP_URL}/api/auth/callback/cognito`;

const JSON_ONLY = { accept: 'application/json' };

/** One header at a time, then all of them. */
const FORGERIES: Record<string, string>[] = [
  { host: EVIL },
  { host: 'localhost' },
  { 'x-forwarded-host': EVIL },
  { 'x-forwarded-proto': 'http' },
  { 'x-forwarded-port': '80' },
  { 'x-forwarded-server': EVIL },
  { 'x-forwarded-prefix': `/${EVIL}` },
  { forwarded: `for=192.0.2.1;host=${EVIL};proto=http` },
  { 'x-original-host': EVIL, 'x-host': EVIL },
  { 'x-original-url': `https://${EVIL}/admin`, 'x-rewrite-url': '/admin' },
];
FORGERIES.push(Object.assign({}, ...FORGERIES, { host: EVIL }));

const REQUESTS: [path: string, request?: Raw][] = [
  ['/'],
  ['/account?tab=tokens'],
  ['/no/such/page'],
  ['/favicon.svg'],
  ['/pkg/leptos-cognito.js'],
  ['/api/auth/session', { headers: JSON_ONLY }],
  ['/api/account/profile'],
  ['/api/auth/signin?return_to=/account'],
  ['/api/auth/callback/cognito?code=x&state=y'],
  ['/api/auth/signout', { method: 'POST' }],
];

/** The session cookie of somebody who has just signed in. */
async function sessionCookie(page: Page): Promise<string> {
  await signIn(page);
  const cookies = await page.context().cookies(APP_URL);
  return `__Host-session=${cookies.find(({ name }) => name === '__Host-session')?.value}`;
}

/** An answer without what is made anew for each: times, ids, nonces, what is sealed. */
function lasting({ status, headers, body }: Answer) {
  const nonce = /'nonce-([^']+)'/.exec(headers.join('\n'))?.[1] ?? 'no nonce';
  const settle = (text: string) =>
    text
      .replaceAll(nonce, '*')
      .replace(/\b(state|nonce|code_challenge|ref)=[\w.-]+/g, '$1=*')
      .replace(/"reference":"[\w-]+"/, '"reference":"*"')
      .replace(/^(__Host-[a-z-]+)(\.[\w-]+)?=[^;]+/, '$1=*');
  const kept = headers.filter(([name]) => !['date', 'x-request-id'].includes(name));
  return { status, headers: kept.map(([name, value]) => `${name}: ${settle(value)}`), body: settle(body) };
}

for (const way of WAYS) {
  test(`b06 no header says where the app is, ${way}`, async () => {
    for (const [path, request] of REQUESTS) {
      const plain = lasting(await send(path, way, request));
      for (const headers of FORGERIES) {
        const forged = await send(path, way, { ...request, headers: { ...request?.headers, ...headers } });
        const what = `${path} with ${JSON.stringify(headers)}`;
        if ('host' in headers && path.startsWith('/api/auth/signin')) {
          // A browser at another address goes to the app's own first, which the configuration knows.
          expect(values(forged, 'location'), what).toEqual([`${APP_URL}/api/auth/signin?return_to=%2Faccount&sent_on=true`]);
        } else {
          expect(lasting(forged), what).toEqual(plain);
        }
        expect(JSON.stringify(forged), what).not.toContain(EVIL);
      }
    }
  });

  test(`b06 b38 redirect_uri and logout_uri are APP_URL's, ${way}`, async () => {
    for (const headers of [{}, ...FORGERIES]) {
      const what = JSON.stringify(headers);
      let authorize = location(await send('/api/auth/signin', way, { headers }));
      if ('host' in headers) {
        expect(authorize.origin, what).toBe(APP_URL);
        authorize = location(await send(authorize.pathname + authorize.search, way, { headers }));
      }
      expect(authorize.origin + authorize.pathname, what).toBe(`${CONTROL_URL}/oauth2/authorize`);
      expect(authorize.searchParams.get('redirect_uri'), what).toBe(CALLBACK);

      const logout = location(await send('/api/auth/signout', way, { method: 'POST', headers }));
      expect(logout.origin + logout.pathname, what).toBe(`${CONTROL_URL}/logout`);
      expect(logout.searchParams.get('logout_uri'), what).toBe(`${APP_URL}/`);
    }
  });

  test(`b06 a request line that names another site leads nowhere else, ${way}`, async () => {
    const page = await send(`http://${EVIL}/account`, way);
    expect([page.status, values(page, 'location')]).toEqual([302, ['/api/auth/signin?return_to=%2Faccount']]);
    const own = location(await send(`http://${EVIL}/api/auth/signin`, way));
    expect(own.origin + own.pathname).toBe(`${APP_URL}/api/auth/signin`);
    const authorize = location(await send(`http://${EVIL}${own.pathname}${own.search}`, way));
    expect(authorize.searchParams.get('redirect_uri')).toBe(CALLBACK);
  });

  test(`b45 every answer tells to stay on https for two years, ${way}`, async ({ page }) => {
    const cookie = await sessionCookie(page);
    const crossSite = { method: 'POST', headers: { origin: `https://${EVIL}` } };
    const requests: [number, string, Raw?][] = [
      [200, '/'],
      [200, '/', { method: 'HEAD' }],
      [200, '/account', { cookie }],
      [200, '/favicon.svg'],
      [200, '/pkg/leptos-cognito.js'],
      [200, '/pkg/leptos-cognito.wasm', { method: 'HEAD' }],
      [200, '/api/auth/session', { headers: JSON_ONLY, cookie }],
      [302, '/account'],
      [302, '/api/auth/signin'],
      [302, '/api/auth/callback/cognito?code=x&state=y'],
      [403, '/admin', { cookie }],
      [401, '/api/account/profile'],
      [403, '/api/auth/signout', crossSite],
      [404, '/no/such/page'],
      [404, '/pkg/no.js', { headers: { accept: '*/*' } }],
      [405, '/', { method: 'PUT' }],
      [303, '/api/auth/signout', { method: 'POST', cookie }],
    ];
    for (const [status, path, request] of requests) {
      const answer = await send(path, way, request);
      expect([path, answer.status]).toEqual([path, status]);
      expect(values(answer, 'strict-transport-security'), path).toEqual(['max-age=63072000']);
    }
  });

  test(`b38 b42 a sign-out from another site is refused and ends nothing, ${way}`, async ({ page }) => {
    const cookie = await sessionCookie(page);
    const refused: Record<string, string>[] = [
      { origin: `https://${EVIL}` },
      { origin: 'null' },
      { origin: `${APP_URL}.${EVIL}` },
      { origin: APP_URL.replace(/:\d+$/, '') },
      { origin: `https://${EVIL}`, 'sec-fetch-site': 'cross-site' },
      { origin: APP_URL.replace('https:', 'http:'), 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: `https://${EVIL}`, 'x-forwarded-host': EVIL },
      { origin: `https://${EVIL}`, forwarded: `host=${EVIL};proto=https` },
      { origin: `https://${EVIL}`, referer: `${APP_URL}/account` },
      { origin: `https://${EVIL}`, host: EVIL },
      { origin: APP_URL.replace('https:', 'http:') },
    ];
    for (const headers of refused) {
      const answer = await send('/api/auth/signout', way, { method: 'POST', headers, cookie });
      expect([answer.status, values(answer, 'set-cookie')], JSON.stringify(headers)).toEqual([403, []]);
    }
    await page.reload();
    await expect(page.getByTestId('user-email')).toBeVisible();

    const own = { origin: APP_URL, 'sec-fetch-site': 'same-origin' };
    const answer = await send('/api/auth/signout', way, { method: 'POST', headers: own, cookie });
    expect(answer.status).toBe(303);
    expect(values(answer, 'set-cookie')).toEqual([
      '__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0',
      expect.stringMatching(/^__Host-signed-out=here\.\d+\.[\w-]{16}; HttpOnly; SameSite=Lax; Secure; Path=\/; Max-Age=\d+$/),
    ]);
  });
}
