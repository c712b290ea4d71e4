// Where the run of examples/lifted has its servers. Imported first by example.config.ts, in the runner and in every worker,
// because tests/app.ts reads the two URLs when it is loaded. No port is one of the other configurations'.

export const APP_PORT = 3150;

process.env.END2END_APP_URL = `http://localhost:${APP_PORT}`;
process.env.END2END_CONTROL_URL = 'http://127.0.0.1:9450';
