// The child's side of the child protocol, so that a contender in Node has only to say
// how it fetches a batch. docs/children.md is the protocol.
//
// Only Node itself is used. Times are whole microseconds since the plan began.

import fs from "node:fs";
import readline from "node:readline";

// Whatever is printed by mistake goes to standard error.
console.log = console.info = console.debug = console.error;
process.stdout.write = process.stderr.write.bind(process.stderr);

/** Write lines to the harness. A pipe that is full is tried again, else they would be cut off. */
function say(...lines) {
  let text = Buffer.from(lines.map((line) => JSON.stringify(line) + "\n").join(""));
  while (text.length > 0) {
    try {
      text = text.subarray(fs.writeSync(1, text));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

/** A request went wrong in a way that no library calls an error. */
class Failed extends Error {
  constructor(kind, text) {
    super(text);
    this.kind = kind;
  }
}

/** A plan has fields that this contender cannot honour. */
export class Unsupported extends Error {
  constructor(...fields) {
    super("unsupported: " + fields.join(", "));
    this.fields = fields;
  }
}

// What codes and names of errors mean in the words of the protocol. The first row that
// fits anything in the chain of causes wins.
const kinds = [
  ["timeout", /Timeout|TIMEOUT|TIMEDOUT/],
  ["dns", /ENOTFOUND|EAI_AGAIN/],
  ["connect", /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/],
  ["tls", /CERT|TLS|SSL|ALTNAME/],
  ["body", /RES_CONTENT_LENGTH_MISMATCH|terminated|HPE_INVALID_(CHUNK_SIZE|EOF_STATE)/],
  ["reset", /ECONNRESET|EPIPE|UND_ERR_SOCKET/],
  ["protocol", /HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW|INVALID/],
];

/** The word of the protocol for an error or for what caused it. */
function kindOf(error) {
  const chain = [];
  for (let one = error; one && chain.length < 20; one = one.cause) chain.push(one);
  const fits = (row) => chain.some((one) => [one.code, one.name, one.message].some((text) => row[1].test(String(text))));
  return error.kind ?? kinds.find(fits)?.[0] ?? "other";
}

/** How a batch is to be fetched, with its requests and what became of them. */
class Plan {
  constructor(line) {
    Object.assign(this, line);
    // How many may be in flight; 0 leaves that to the client.
    this.concurrency = line.mode === "sequential" ? 1 : line.concurrency ?? 0;
    this.requests = [];
    this.records = [];
  }

  /** Microseconds since the plan began. */
  now() {
    return Number((process.hrtime.bigint() - this.begun) / 1000n);
  }

  /** Fetch every request: all at once, or as many as the plan allows. */
  async all(fetchOne) {
    const left = this.requests.values();
    const worker = async () => {
      for (const request of left) await this.record(request, fetchOne);
    };
    const most = Math.min(this.concurrency || this.n, this.n);
    await Promise.all(Array.from({ length: most }, worker));
  }

  /** Time a request and keep what becomes of it, an error included. fetchOne makes it
   * once, with {url, method, headers, signal}, and returns the parts of an answer:
   * {status, header(name), body}. */
  async record(request, fetchOne) {
    const r = { type: "rec", id: this.id, i: request.i, start_us: this.now(), ttfb_us: null, end_us: 0, status: 0, bytes: 0, err: null };
    this.records.push(r);
    try {
      const signal = this.timeout_ms ? AbortSignal.timeout(this.timeout_ms) : undefined;
      let next = { url: request.url, method: request.method, headers: request.headers, signal };
      for (let hop = 0; next; hop++) {
        const answer = await fetchOne(next);
        r.ttfb_us = this.now();
        r.bytes = this.read_body ? await drain(answer, next.method) : await drop(answer);
        r.status = answer.status;
        next = this.redirect(answer, next, hop);
      }
    } catch (error) {
      Object.assign(r, { status: 0, bytes: 0, ttfb_us: null });
      // A name and not the code, which may be a number.
      r.err = { kind: kindOf(error), class: String(error.name), msg: String(error.cause ?? error.message ?? error).slice(0, 300) };
    }
    r.end_us = this.now();
  }

  /** The request that an answer redirects to, if that is to be followed. One to another
   * origin would take the headers there. */
  redirect(answer, from, hop) {
    const location = answer.header("location");
    if (!this.redirects || !location || ![301, 302, 303, 307, 308].includes(answer.status)) return null;
    const to = new URL(location, from.url);
    if (hop >= this.redirects || to.origin !== new URL(from.url).origin) throw new Failed("redirect", `redirect ${hop + 1} to ${to}`);
    const same = from.method === "HEAD" || answer.status >= 307;
    return { ...from, url: to.href, method: same ? from.method : "GET" };
  }
}

/** Read a body to its end and count it. */
async function drain(answer, method) {
  let size = 0;
  if (answer.body) for await (const part of answer.body) size += part.length;
  const length = answer.header("content-length");
  const whole = method === "HEAD" || answer.status === 204 || answer.status === 304 || answer.header("content-encoding");
  if (length && !whole && size < Number(length)) throw new Failed("body", `${size} bytes of ${length}`);
  return size;
}

/** Leave a body unread. */
async function drop(answer) {
  await (answer.body?.cancel?.() ?? answer.body?.dump?.());
  return 0;
}

/** Fetch the plan, say at once that it has ended, and then tell of the requests. */
async function go(contender, plan) {
  const before = process.resourceUsage();
  plan.begun = process.hrtime.bigint();
  await contender.run(plan);
  const wall = plan.now();
  say({ type: "finished", id: plan.id, wall_us: wall });
  const after = process.resourceUsage();
  const ok = plan.records.filter((r) => r.err === null).length;
  say(...plan.records, {
    type: "done", id: plan.id, n: plan.records.length, ok, wall_us: wall, maxrss_kib: after.maxRSS,
    user_us: after.userCPUTime - before.userCPUTime, sys_us: after.systemCPUTime - before.systemCPUTime,
  });
}

/** Get ready, or say what cannot be honoured. */
async function arm(contender, plan) {
  try {
    if (plan.hash) throw new Unsupported("hash");
    if (plan.requests.length !== plan.n) throw new Error(`${plan.requests.length} requests of ${plan.n}`);
    await contender.open(plan);
    say({ type: "armed", id: plan.id, n: plan.n });
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    say({ type: "unsupported", id: plan.id, fields: error.fields, msg: `${contender.name} cannot do that` });
  }
}

/** Speak the protocol until the input ends or the harness says bye. contender is
 * {name, lib, open(plan), run(plan)}. */
export async function serve(contender) {
  let plan;
  for await (const text of readline.createInterface({ input: process.stdin })) {
    const line = JSON.parse(text);
    switch (line.type) {
      case "hello":
        if (!line.versions.includes(1)) {
          say({ type: "error", fatal: true, msg: `no version in common: have 1, got ${line.versions}` });
          process.exit(3);
        }
        say({ type: "ready", version: 1, name: contender.name, lang: `node ${process.versions.node}`, lib: contender.lib,
          pid: process.pid, modes: ["sequential", "concurrent"], caps: ["ttfb", "read_body"] });
        break;
      case "plan": plan = new Plan(line); break;
      case "req": plan.requests.push(line); break;
      case "arm": await arm(contender, plan); break;
      case "go": await go(contender, plan); break;
      case "cancel": break; // it came after the plan had ended
      case "bye": process.exit(0); // whatever connections are still open
      default: throw new Error(`there is no type ${line.type}`);
    }
  }
  process.exit(0);
}
