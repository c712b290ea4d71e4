// A client of W3C WebDriver (https://www.w3.org/TR/webdriver2/), as small as browsers.spec.ts needs: one session, found by
// CSS selector, asked again until what is expected is there. geckodriver drives Firefox, WebKitWebDriver WebKitGTK's MiniBrowser.

import { existsSync, readdirSync } from 'node:fs';

export type Engine = 'firefox' | 'webkit';
export type Wishes = { engine: Engine; scripts: boolean };

export type Cookie = { name: string; value: string; secure: boolean; httpOnly: boolean };

/** Where the drivers listen; browsers.config.ts starts them. */
export const DRIVERS: Record<Engine, string> = { firefox: 'http://127.0.0.1:4460', webkit: 'http://127.0.0.1:4461' };

/** Debian has it in a folder of the machine's architecture. */
const folders = readdirSync('/usr/lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
const MINI_BROWSER = folders.map(({ name }) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`).find((path) => existsSync(path));
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

function capabilities({ engine, scripts }: Wishes): object {
  const common = { acceptInsecureCerts: true, timeouts: { pageLoad: 15_000, script: 10_000, implicit: 0 } };
  if (engine === 'firefox') {
    const options = { binary: '/usr/bin/firefox-esr', args: ['-headless'], prefs: { 'javascript.enabled': scripts } };
    return { ...common, browserName: 'firefox', 'moz:firefoxOptions': options };
  }
  const args = ['--automation', `--enable-javascript=${scripts}`];
  return { ...common, 'webkitgtk:browserOptions': { binary: MINI_BROWSER, args } };
}

async function send(url: string, method: string, body?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined });
  const { value } = (await answer.json()) as { value: { error?: string; message?: string } | null };
  if (!answer.ok) throw new Error(`${url}: ${value?.error}: ${value?.message}`);
  return value;
}

export class Browser {
  private constructor(private readonly session: string) {}

  static async open(wishes: Wishes): Promise<Browser> {
    const driver = DRIVERS[wishes.engine];
    const made = await send(`${driver}/session`, 'POST', { capabilities: { alwaysMatch: capabilities(wishes) } });
    return new Browser(`${driver}/session/${(made as { sessionId: string }).sessionId}`);
  }

  private get(path: string): Promise<unknown> {
    return send(this.session + path, 'GET');
  }

  private post(path: string, body?: object): Promise<unknown> {
    return send(this.session + path, 'POST', body);
  }

  async close(): Promise<void> {
    await send(this.session, 'DELETE');
  }

  async go(url: string): Promise<void> {
    await this.post('/url', { url });
  }

  async url(): Promise<string> {
    return String(await this.get('/url'));
  }

  async title(): Promise<string> {
    return String(await this.get('/title'));
  }

  async back(): Promise<void> {
    await this.post('/back');
  }

  async reload(): Promise<void> {
    await this.post('/refresh');
  }

  /** The document as it is now. */
  async source(): Promise<string> {
    return String(await this.get('/source'));
  }

  /** Runs the body of a function in the page; where its own scripts are off, too. */
  async run(script: string): Promise<unknown> {
    return this.post('/execute/sync', { script, args: [] });
  }

  private async find(css: string): Promise<string> {
    const found = await this.post('/element', { using: 'css selector', value: css });
    return `/element/${(found as Record<string, string>)[ELEMENT]}`;
  }

  async has(css: string): Promise<boolean> {
    return ((await this.post('/elements', { using: 'css selector', value: css })) as unknown[]).length > 0;
  }

  /** What a person reads there; nothing where it is not, or hidden. */
  async text(css = 'body'): Promise<string> {
    if (!(await this.has(css))) return '';
    return String(await this.get(`${await this.find(css)}/text`));
  }

  async click(css: string): Promise<void> {
    await this.post(`${await this.find(css)}/click`);
  }

  async fill(css: string, text: string): Promise<void> {
    await this.post(`${await this.find(css)}/value`, { text });
  }

  async value(css: string): Promise<string> {
    return String(await this.get(`${await this.find(css)}/property/value`));
  }

  async windows(): Promise<string[]> {
    return (await this.get('/window/handles')) as string[];
  }

  async switchTo(handle: string): Promise<void> {
    await this.post('/window', { handle });
  }

  async openTab(): Promise<string> {
    return ((await this.post('/window/new', { type: 'tab' })) as { handle: string }).handle;
  }

  async cookies(): Promise<Cookie[]> {
    return (await this.get('/cookie')) as Cookie[];
  }

  /** Those of the page's site. */
  async clearCookies(): Promise<void> {
    await send(`${this.session}/cookie`, 'DELETE');
  }
}
