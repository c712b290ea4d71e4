// Where the run in other browsers has its servers: the app over http, and another one behind a proxy that speaks https. Imported
// first by browsers.config.ts, in the runner and in every worker. No port is one of the other configurations'.

export const APP_PORT = 3160;
export const SECURE_APP_PORT = 3161;
export const PROXY_PORT = 3163;
export const SECURE_APP_URL = `https://localhost:${PROXY_PORT}`;
export const SECURE_CONTROL_URL = 'http://127.0.0.1:9461';

process.env.END2END_APP_URL = `http://localhost:${APP_PORT}`;
process.env.END2END_CONTROL_URL = 'http://127.0.0.1:9460';
