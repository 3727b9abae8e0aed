// Promise.all over requests of undici, the library that Node's fetch is made of, with a
// pool of its own: all calls of a batch at once.
//
//   npm install --prefix examples/children/node
//   fetchbench run -s sequential,goroutines -s 'exec:node examples/children/node/undici_pool.mjs'
//
// The pool opens as many connections as there are calls.

import fs from "node:fs";
import { createRequire } from "node:module";
import { Agent } from "undici";
import { serve, Unsupported } from "./fetchbench_child.mjs";

const { version } = JSON.parse(fs.readFileSync(createRequire(import.meta.url).resolve("undici/package.json")));
let agent;

serve({
  name: "node-undici",
  lib: `undici ${version}`,

  // An agent has a pool for each origin. A new one drops the connections of the old one.
  async open(plan) {
    const origins = new Set(plan.requests.map((request) => new URL(request.url).origin));
    if (plan.max_conns && origins.size > 1) throw new Unsupported("max_conns");
    if (agent && plan.reuse_client) return;
    await agent?.destroy();
    // Pipelining 0 closes each connection after its request.
    agent = new Agent({ connections: plan.max_conns || null, pipelining: plan.keepalive === false ? 0 : 1 });
  },

  async run(plan) {
    await plan.all(async ({ url, ...how }) => {
      const { origin, pathname, search } = new URL(url);
      const answer = await agent.request({ origin, path: pathname + search, ...how });
      return { status: answer.statusCode, header: (name) => answer.headers[name], body: answer.body };
    });
  },
});
