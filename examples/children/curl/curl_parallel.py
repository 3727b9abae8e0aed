"""curl --parallel as a child: one process of curl for each batch.

Without a number in the spec curl has at most 50 in flight; exec/sequential: is curl without
--parallel. It waits for its first answer to know whether one connection can carry all, which is
in no latency; --parallel-immediate, like any argument, is handed on to it. It gets its URLs before
the clock, and ends with each batch, without its connections: --connections warm is refused.

    fetchbench run -s sequential,goroutines -s 'exec:python3 examples/children/curl/curl_parallel.py'
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
from fetchbench_child import Contender, Failed, Unsupported, serve  # noqa: E402, for it is found there

# What the exit codes of curl mean in the words of the protocol (man curl).
KINDS = {1: "protocol", 6: "dns", 7: "connect", 8: "protocol", 18: "body", 28: "timeout", 35: "tls", 52: "reset",
         55: "reset", 56: "reset", 60: "tls"}
TOLD = "%{http_code} %{size_download} %{local_port} %{time_starttransfer} %{time_total} %{redirect_url} %{errormsg}"


class Curl(Contender):
    """A process of curl, which says on its standard error, at once, what became of each URL."""

    name = "curl"
    lib = subprocess.run(["curl", "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().split(" (")[0]
    process = None

    def open(self, plan):
        """Start curl and tell it everything but the end."""
        plan.refuse("reuse_client")
        if not plan.read_body or plan.concurrency > 300:  # which is what --parallel-max takes
            raise Unsupported(["concurrency" if plan.read_body else "read_body"])
        most = min(filter(None, (plan.concurrency, plan.max_conns)), default=0)
        many = ["--parallel"] * (most != 1) + ["--parallel-max", str(most)] * (most > 1)
        self.process and self.process.kill()  # a plan that was given up
        self.process = subprocess.Popen(["curl", "--disable", "--silent", "--no-progress-meter", *many, *sys.argv[1:],
                                         "--config", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        text = "next\n".join("".join(f"{line}\n" for line in config(plan, request)) for request in plan.requests)
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def run(self, plan):
        """Let curl begin, and note when it says what."""
        self.process.stdin.close()
        free = {}  # since when a connection is, and a host for more than its first one
        for line in self.process.stderr:
            words = line.decode(errors="replace").rstrip("\n").split(" ", 8)
            with plan.record(plan.requests[int(words[0])]) as record:
                (code, status, size), (first, total) = map(int, words[1:4]), map(float, words[5:7])
                ends, port, host = record.start, words[4], plan.requests[int(words[0])]["url"].split("/")[2]
                # curl's clock for how long, ours for until when; its total has the wait for a connection, too
                waited = max(free.get(port, 0), free.get(host, 0))
                record.start = max(ends - int(total * 1e6), min(waited, ends - int(first * 1e6)))
                record.ttfb = record.start + int(first * 1e6)
                free[port], free[host] = ends, free.get(host, record.ttfb)
                if code:
                    raise Failed(KINDS.get(code, "other"), f"curl: ({code}) {words[8]}")
                if words[7] and plan.redirects:  # it would take the headers along
                    raise Failed("redirect", f"curl follows no redirects here: {words[7]}")
                record.status, record.bytes = status, size
        self.process.wait()


def config(plan, request):
    """The lines of a request in a file for --config."""
    def quoted(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    yield "url = " + quoted(request["url"])
    yield "head" if request["method"] == "HEAD" else "request = " + quoted(request["method"])
    yield from (f"header = {quoted(f'{k}: {v}')}" for k, v in request["headers"].items())
    yield from ['header = "connection: close"'] * (not plan.keepalive)
    yield f"max-time = {plan.timeout:.3f}" if plan.timeout else ""
    yield f'globoff\noutput = "/dev/null"\nwrite-out = "%{{stderr}}{request["i"]} %{{exitcode}} {TOLD}\\n"'


serve(Curl())
