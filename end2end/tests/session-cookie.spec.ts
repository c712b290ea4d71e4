// The session cookie by another's hand: opened and sealed by the npm package jose (on node's cryptography), with the keys
// that docs/architecture.md ("The session") derives. Run by https.config.ts alone, whose app has secrets known here.

import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { SESSION_SECRETS } from '../https.addresses';
import {
  ADMIN,
  APP_URL,
  CONTROL_URL,
  DAY_SECS,
  DEMO,
  MINUTE_SECS,
  expect,
  expectSignInPage,
  signIn,
  test,
  type Page,
} from './app';
import { openSealed, seal, sealKey, type Claims } from './jwe';
import { send } from './raw';

const [FIRST, SECOND] = SESSION_SECRETS;

/** The value of the one cookie of this name. */
async function cookieValue(page: Page, name: string | RegExp): Promise<string> {
  const found = (await page.context().cookies(APP_URL)).filter((cookie) => cookie.name.match(name));
  expect(found.map((cookie) => cookie.name)).toHaveLength(1);
  return found[0].value;
}

/** What the app says to somebody with this session cookie. */
async function sessionOf(sealed: string) {
  const headers = { accept: 'application/json' };
  const { status, body } = await send('/api/auth/session', 'through the proxy', { headers, cookie: `__Host-session=${sealed}` });
  expect(status).toBe(200);
  return JSON.parse(body);
}

async function localCognito() {
  return (await fetch(`${CONTROL_URL}/_control/state`)).json();
}

/** As Local Cognito shows a token. */
function shortHash(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 8);
}

function secsOf(instant: string): number {
  return Date.parse(instant) / 1000;
}

async function signInAndOpen(page: Page, user = DEMO) {
  await signIn(page, '/account', user);
  const sealed = await cookieValue(page, /^__Host-session$/);
  return { sealed, ...(await openSealed(sealed, 'session+jwt', FIRST)) };
}

test('b22 another implementation opens the session, and what is in it is true', async ({ page }) => {
  const { sealed, header, claims } = await signInAndOpen(page, ADMIN);
  const { kid } = sealKey(FIRST, 'session+jwt');
  expect(header).toEqual({ alg: 'dir', enc: 'A256GCM', kid, typ: 'session+jwt', zip: 'DEF' });

  const { now, pools, users, sign_ins } = await localCognito();
  const user = users.find(({ email }: { email: string }) => email === ADMIN.username);
  const issued = sign_ins[0].events[0].what.issued;
  const session = await sessionOf(sealed);
  expect(claims).toEqual({
    ver: 1,
    iss: pools[0].issuer,
    client_id: sign_ins[0].client_id,
    sub: user.sub,
    username: decodeJwt(claims.at).username,
    ...(user.attributes.name ? { name: user.attributes.name } : {}),
    email: ADMIN.username,
    // They are in the access token, and stand there only.
    gat: true,
    sid: expect.stringMatching(/^[\w-]{22}$/),
    iat: secsOf(session.signed_in_at),
    exp: claims.iat + 30 * DAY_SECS,
    gen: 0,
    upd: claims.iat,
    seen: claims.iat,
    at: expect.any(String),
    ate: decodeJwt(claims.at).exp,
    rt: expect.any(String),
  });
  expect({ access: shortHash(claims.at), refresh: shortHash(claims.rt) }).toEqual(issued);
  expect(session).toMatchObject({
    user: { sub: claims.sub, name: claims.name ?? null, email: claims.email, groups: ['admin'] },
    refresh_count: claims.gen,
    refreshed_at: null,
    degraded: false,
  });
  expect(secsOf(session.ends_at)).toBe(claims.exp);
  expect(Math.abs(claims.ate - now - session.access_token_expires_in_secs)).toBeLessThan(MINUTE_SECS);

  // The access token too, by the keys that the pool publishes.
  const keys = createRemoteJWKSet(new URL(`${claims.iss}/.well-known/jwks.json`));
  const rules = { issuer: claims.iss, algorithms: ['RS256'], subject: claims.sub, currentDate: new Date(now * 1000) };
  const { payload } = await jwtVerify(claims.at, keys, rules);
  expect(payload).toMatchObject({ token_use: 'access', client_id: sign_ins[0].client_id });
});

test('b25 b27 b33 a renewal changes the tokens and leaves the rest', async ({ page, advance }) => {
  const { claims: before } = await signInAndOpen(page);
  await advance(61 * MINUTE_SECS);
  await page.reload();
  await expect(page.getByTestId('refresh-count')).toHaveText('1');
  const { claims: after } = await openSealed(await cookieValue(page, /^__Host-session$/), 'session+jwt', FIRST);

  const changed = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name] && name !== 'groups');
  expect(changed.sort()).toEqual(['at', 'ate', 'gen', 'seen', 'upd']);
  expect(after.gen).toBe(1);
  const { sign_ins } = await localCognito();
  expect(sign_ins[0].events[1].what.renewed).toEqual({ access: shortHash(after.at), refresh: shortHash(before.rt) });

  await page.context().clearCookies();
  const { claims: anew } = await signInAndOpen(page);
  expect(anew.sid).not.toBe(before.sid);
});

test('b02 b03 b22 the cookie of a sign-in under way holds what the browser took to Cognito', async ({ page }) => {
  const authorize = page.waitForRequest(/\/oauth2\/authorize/);
  await page.goto('/account?tab=tokens');
  await expectSignInPage(page);
  const asked = new URL((await authorize).url()).searchParams;
  const { header, claims } = await openSealed(await cookieValue(page, /^__Host-sign-in\./), 'sign-in+jwt', FIRST);

  const { kid } = sealKey(FIRST, 'sign-in+jwt');
  expect(header).toEqual({ alg: 'dir', enc: 'A256GCM', kid, typ: 'sign-in+jwt' });
  const challenge = createHash('sha256').update(claims.cv).digest('base64url');
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(Object.fromEntries(['state', 'nonce', 'code_challenge'].map((name) => [name, asked.get(name)]))).toEqual({
    state: claims.state,
    nonce: claims.nonce,
    code_challenge: challenge,
  });
  expect(claims.ret).toBe('/account?tab=tokens');
  expect(claims.cv.length, '256 bits in base64url').toBeGreaterThanOrEqual(43);
});

test('b22 b23 what another implementation seals with any of the secrets is a session', async ({ page }) => {
  const { claims } = await signInAndOpen(page);
  for (const [secret, name] of [[FIRST, 'Sealed elsewhere'], [SECOND, 'Sealed with the old secret']]) {
    const sealed = await seal({ ...claims, name }, 'session+jwt', secret);
    expect((await sessionOf(sealed)).user.name).toBe(name);
    await page.context().addCookies([{ name: '__Host-session', value: sealed, url: APP_URL, secure: true, httpOnly: true }]);
    await page.goto('/account');
    await expect(page.getByRole('main')).toContainText(name);
  }
});

test('b22 b27 what is sealed otherwise, or says something else, is no session', async ({ page }) => {
  const { sealed, claims } = await signInAndOpen(page);
  const foreign = Buffer.alloc(32, 'foreign').toString('base64');
  const { kid } = sealKey(FIRST, 'session+jwt');
  const session = (more: Partial<Claims>) => seal({ ...claims, ...more }, 'session+jwt', FIRST);
  const refused: Record<string, string> = {
    'another purpose': await seal(claims, 'sign-in+jwt', FIRST),
    'another purpose that says it is this one': await seal(claims, 'session+jwt', FIRST, { key: 'sign-in+jwt' }),
    'this key, another typ': await seal(claims, 'session+jwt', FIRST, { header: { typ: 'sign-in+jwt' } }),
    'this key, typ JWT': await seal(claims, 'session+jwt', FIRST, { header: { typ: 'JWT' } }),
    'this key, not compressed': await seal(claims, 'session+jwt', FIRST, { header: { zip: undefined } }),
    'another secret': await seal(claims, 'session+jwt', foreign),
    'another secret under this kid': await seal(claims, 'session+jwt', foreign, { header: { kid } }),
    'the other secret under this kid': await seal(claims, 'session+jwt', SECOND, { header: { kid } }),
    'another issuer': await session({ iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other' }),
    'an end in the past': await session({ exp: claims.iat - 1 }),
    'nobody seen for eight days': await session({ seen: claims.seen - 8 * DAY_SECS }),
    'another version': await session({ ver: 2 }),
    'no claims': await seal({}, 'session+jwt', FIRST),
  };
  await page.context().clearCookies();
  await page.goto('/account');
  await expectSignInPage(page);
  refused['the cookie of a sign-in under way'] = await cookieValue(page, /^__Host-sign-in\./);

  expect((await sessionOf(sealed)).user.email).toBe(DEMO.username);
  expect((await sessionOf(await session({}))).user.email).toBe(DEMO.username);
  for (const [what, value] of Object.entries(refused)) {
    expect(await sessionOf(value), what).toBeNull();
  }
});

test('b22 with any one bit flipped, or any part cut, it is no session', async ({ page }) => {
  const { sealed } = await signInAndOpen(page);
  const parts = sealed.split('.');
  expect(parts.map((part) => part.length > 0)).toEqual([true, false, true, true, true]);
  const refused: Record<string, string> = { 'a key where there is none': sealed.replace('..', '.AA.') };
  for (const [index, part] of parts.entries()) {
    const bytes = Buffer.from(part, 'base64url');
    const bits = bytes.length * 8;
    for (const bit of [0, 1, 7, bits >> 2, bits >> 1, bits - 8, bits - 1].filter(() => bits > 0)) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] ^= 0x80 >> (bit & 7);
      refused[`bit ${bit} of part ${index}`] = parts.with(index, flipped.toString('base64url')).join('.');
    }
    refused[`without part ${index}`] = parts.toSpliced(index, 1).join('.');
    if (part) refused[`part ${index} one character short`] = parts.with(index, part.slice(0, -1)).join('.');
  }
  expect(Object.keys(refused).length).toBeGreaterThan(30);

  expect((await sessionOf(sealed)).user.email).toBe(DEMO.username);
  for (const [what, value] of Object.entries(refused)) {
    expect(await sessionOf(value), what).toBeNull();
  }
});
