// What a browser fetches for the account page of the release build, in bytes as they travel (brotli), and whether it is
// within the budget.

import { brotliCompressSync } from 'node:zlib';
import { APP_URL, withRelease } from './servers.mjs';

const BUDGET = 125 * 1024;

await withRelease(async (cookie) => {
  const html = await (await fetch(`${APP_URL}/account`, { headers: { Accept: 'text/html', Cookie: cookie } })).text();
  if (!html.includes('data-testid="refresh-count"')) throw new Error('this is not the account page of somebody who is signed in');
  // The server leaves compressing its pages to the proxy in front of it.
  const sizes = [['/account', brotliCompressSync(html).length]];
  // The style sheet and the icon are links; the program is named in the script that starts it.
  const links = [...html.matchAll(/(?:<link [^>]*href=|[(] ?|, )"(\/[^"]+\.(?:css|svg|js|wasm))"/g)].map(([, href]) => href);
  for (const path of new Set(links)) sizes.push([path, await size(path)]);
  for (const kind of ['.wasm', '.js', '.css']) {
    if (!sizes.some(([path]) => path.endsWith(kind))) throw new Error(`the page names no ${kind}`);
  }
  const sum = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  for (const [path, bytes] of [...sizes, ['together', sum], ['budget', BUDGET]]) {
    console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KB  ${path}`);
  }
  if (sum > BUDGET) {
    console.error('what the browser fetches for the account page is over its budget');
    process.exitCode = 1;
  }
});

/** The length of the body as the server sends it to a browser. */
async function size(path) {
  const answer = await fetch(APP_URL + path, { headers: { 'Accept-Encoding': 'br' } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const length = answer.headers.get('content-length');
  if (length === null) throw new Error(`${path}: no length`);
  const isText = answer.headers.get('content-encoding') === 'br' || path.endsWith('.svg');
  if (!isText) throw new Error(`${path} is not compressed`);
  return Number(length);
}
