// Promise.all over the fetch that Node brings: all calls of a batch at once.
//
//   fetchbench run -s sequential,goroutines -s 'exec:node examples/children/node/fetch_all.mjs'
//
// Node opens as many connections as there are calls.

import { serve, Unsupported } from "./fetchbench_child.mjs";

// Where Node keeps the pool of its fetch. There is none before the first call.
const pool = Symbol.for("undici.globalDispatcher.1");
await fetch("data:,");

serve({
  name: "node-fetch",
  lib: `undici ${process.versions.undici}, built in`,

  // A new pool drops the connections of the old one.
  async open(plan) {
    if (plan.keepalive === false) throw new Unsupported("keepalive");
    if (plan.max_conns && !(plan.concurrency && plan.concurrency <= plan.max_conns)) throw new Unsupported("max_conns");
    if (plan.reuse_client) return;
    const old = globalThis[pool];
    if (!old) throw new Unsupported("reuse_client"); // this Node keeps it elsewhere
    globalThis[pool] = new old.constructor();
    await old.destroy();
  },

  async run(plan) {
    await plan.all(async ({ url, ...how }) => {
      const answer = await fetch(url, { ...how, redirect: "manual" });
      return { status: answer.status, header: (name) => answer.headers.get(name), body: answer.body };
    });
  },
});
