// A proxy that speaks https to browsers and http to the app, for https.config.ts: `node tls-proxy.mjs <port> <app's port>`.
// It treats headers as AWS's load balancer does (Elastic Load Balancing, "HTTP headers and Application Load Balancers"):
// Host is kept, X-Forwarded-For appended to, X-Forwarded-Proto and X-Forwarded-Port set, and every other header passed on,
// whoever wrote it. So a client's own Forwarded and X-Forwarded-Host reach the app.

import { execFileSync } from 'node:child_process';
import http from 'node:http';
import https from 'node:https';

const [port, appPort] = process.argv.slice(2).map(Number);

/** A key and a certificate for localhost, together in one PEM; neither touches the disk. */
function makeCertificate() {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '-'];
  const certificate = ['-x509', '-out', '-', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  return execFileSync('openssl', ['req', ...key, ...certificate], { stdio: ['ignore', 'pipe', 'ignore'] });
}

function forward(request, response) {
  const { headers, socket } = request;
  const addresses = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ');
  const forwarded = { 'x-forwarded-for': addresses, 'x-forwarded-proto': 'https', 'x-forwarded-port': String(port) };
  const onward = http.request({
    host: '127.0.0.1',
    port: appPort,
    method: request.method,
    path: request.url,
    headers: { ...headers, ...forwarded },
  });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
    answer.pipe(response);
  });
  onward.on('error', () => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  // A browser that goes away takes its request with it.
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

const pem = makeCertificate();
https.createServer({ key: pem, cert: pem }, forward).listen(port, '127.0.0.1');
