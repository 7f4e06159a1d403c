// Runs the audits of the package graphql-http against a server and prints each with what came of it, as one JSON array.
//
//   node audit.mjs URL

import { serverAudits } from 'graphql-http';

const audits = serverAudits({ url: process.argv[2], fetchFn: fetch });
const results = [];
for (const { id, name, fn } of audits) {
  const { status, reason } = await fn();
  results.push({ id, name, status, reason });
}
console.log(JSON.stringify(results));
