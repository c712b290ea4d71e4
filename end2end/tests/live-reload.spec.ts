// `cargo leptos watch` in small: the app with `LEPTOS_WATCH`, and a socket that tells its pages to reload. The page's policy
// lets the socket through, and nothing else is against it (B45).

import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { appBin, appEnv, projectRoot } from '../playwright.config';
import { expect, test } from './app';

const APP_PORT = 3101;
const COGNITO_PORT = 9411;
const RELOAD_PORT = 3102;
const URL = `http://localhost:${APP_PORT}/`;

let app: ChildProcess;
let socket: { server: http.Server; open: Set<Duplex> };

/** A WebSocket server that only ever sends (RFC 6455 §4.2.2). */
function startSocket() {
  const open = new Set<Duplex>();
  const server = http.createServer();
  server.on('upgrade', (request, connection) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    connection.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    connection.on('error', () => open.delete(connection));
  });
  server.listen(RELOAD_PORT, '127.0.0.1');
  return { server, open };
}

/** One text frame, shorter than 126 bytes (RFC 6455 §5.2). */
function frame(text: string) {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
}

test.beforeAll(async () => {
  socket = startSocket();
  app = spawn(appBin, ['serve'], {
    cwd: projectRoot,
    stdio: 'ignore',
    env: {
      ...process.env,
      ...appEnv,
      APP_URL: URL.slice(0, -1),
      LEPTOS_WATCH: 'ON',
      LEPTOS_RELOAD_PORT: `${RELOAD_PORT}`,
      LEPTOS_SITE_ADDR: `127.0.0.1:${APP_PORT}`,
      LOCAL_COGNITO_ADDR: `127.0.0.1:${COGNITO_PORT}`,
    },
  });
  await expect(async () => expect((await fetch(URL)).status).toBe(200)).toPass();
});

test.afterAll(() => {
  app.kill();
  socket.open.forEach((connection) => connection.destroy());
  socket.server.close();
});

test('b45 a page that is being developed reloads by itself, under its policy', async ({ page, isJs }) => {
  test.skip(!isJs, 'reloading is a script');
  await page.goto(URL);
  await expect.poll(() => socket.open.size, 'the page has connected').toBe(1);
  await page.evaluate(() => Object.assign(window, { isOld: true }));
  socket.open.forEach((connection) => connection.write(frame('{"all":true}')));
  await expect.poll(() => page.evaluate(() => 'isOld' in window).catch(() => true), 'a new document').toBe(false);
  // What is against the policy would stand in the console, which every test watches.
  await page.close();
});
