// Requests as no browser sends them: with a Host, an Origin and forwarding headers of one's own, through the proxy or past it.

import http from 'node:http';
import https from 'node:https';
import { APP_PORT, PROXY_PORT } from '../https.addresses';
import { APP_URL } from './app';

export type Way = 'through the proxy' | 'straight to the app';
export const WAYS: Way[] = ['through the proxy', 'straight to the app'];

export type Raw = {
  method?: string;
  headers?: Record<string, string>;
  /** The `Cookie` header. */
  cookie?: string;
};

export type Answer = {
  status: number;
  /** Name in lower case and value, in the order in which they came. */
  headers: [name: string, value: string][];
  body: string;
};

export async function send(path: string, way: Way, { method = 'GET', headers = {}, cookie }: Raw = {}): Promise<Answer> {
  const isProxied = way === 'through the proxy';
  const options = {
    host: '127.0.0.1',
    port: isProxied ? PROXY_PORT : APP_PORT,
    method,
    path,
    agent: false as const,
    rejectUnauthorized: false,
    headers: {
      host: new URL(APP_URL).host,
      accept: 'text/html',
      ...(method === 'POST' ? { 'content-length': '0' } : {}),
      ...(cookie ? { cookie } : {}),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const request = isProxied ? https.request(options) : http.request(options);
    request.on('error', reject);
    request.on('response', async (response) => {
      response.setEncoding('utf8');
      let body = '';
      for await (const part of response) body += part;
      const { statusCode: status = 0, rawHeaders: raw } = response;
      const pairs = raw.flatMap((name, at): [string, string][] => (at % 2 ? [] : [[name.toLowerCase(), raw[at + 1]]]));
      resolve({ status, headers: pairs, body });
    });
    request.end();
  });
}

/** All values of a header. */
export function values(answer: Answer, name: string): string[] {
  return answer.headers.filter(([own]) => own === name).map(([, value]) => value);
}

/** Where a redirect leads. */
export function location(answer: Answer): URL {
  return new URL(values(answer, 'location')[0], APP_URL);
}
