"""The child's side of the child protocol, so that a contender in Python has only to
say how it fetches a batch. docs/children.md is the protocol.

Only the standard library is used. Times are microseconds since the plan began.
"""

import json
import os
import resource
import socket
import ssl
import sys
import time
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

# What exceptions mean in the words of the protocol. Libraries are not imported for it:
# their classes are told by name. The first row that fits anything in the chain of
# causes wins; "!" stands before a text that the message must have. To urllib3 a
# connection that is refused is a time-out too.
KINDS = (
    ("dns", (socket.gaierror,), "NameResolutionError"),
    ("tls", (ssl.SSLError, ssl.CertificateError), "ClientSSLError"),
    ("connect", (ConnectionRefusedError,), "NewConnectionError ClientConnectorError ConnectError"),
    ("timeout", (TimeoutError, socket.timeout), "TimeoutError ReadTimeout ConnectTimeout PoolTimeout WriteTimeout"),
    ("body", (), "IncompleteRead InvalidChunkLength ClientPayloadError RemoteProtocolError!body"),
    ("reset", (ConnectionError,), "ClientOSError ServerDisconnectedError ReadError RemoteProtocolError!disconnected"),
    ("protocol", (), "HTTPException ProtocolError ClientResponseError RemoteProtocolError InvalidHeader"),
)


class Unsupported(Exception):
    """A plan has fields that this contender cannot honour."""


class Failed(Exception):
    """A request went wrong in a way that no library calls an error."""

    def __init__(self, kind, text):
        super().__init__(text)
        self.kind = kind


class Plan:
    """How a batch is to be fetched, with its requests and what became of them."""

    def __init__(self, line):
        self.id, self.n = line["id"], line["n"]
        # How many may be in flight; 0 leaves that to the client.
        self.concurrency = 1 if line["mode"] == "sequential" else line.get("concurrency", 0)
        self.timeout = line.get("timeout_ms", 0) / 1000 or None
        self.redirects = line.get("redirects", 0)
        self.keepalive = line.get("keepalive", True)
        self.max_conns = line.get("max_conns", 0)
        self.reuse_client = line.get("reuse_client", False)
        self.read_body = line.get("read_body", True)
        self.hash = line.get("hash", False)
        self.requests, self.records, self.begun = [], [], 0

    def refuse(self, *fields):
        """Refuse the plan if it asks for any of what cannot be done."""
        asked = [f for f in fields if getattr(self, f)]
        if asked:
            raise Unsupported(asked)

    def now(self):
        """Microseconds since the plan began."""
        return (time.monotonic_ns() - self.begun) // 1000

    @contextmanager
    def record(self, request):
        """Time a request and keep what becomes of it, an exception included."""
        record = Record(self, request)
        try:
            yield record
        except Exception as error:  # whatever it is, it belongs into the record
            record.failed(error)
        record.end = self.now()
        self.records.append(record)


class Record:
    """What became of one request."""

    def __init__(self, plan, request):
        self.plan, self.request, self.start = plan, request, plan.now()
        self.method = request["method"]  # of the next request, which a redirect may change
        self.ttfb = self.end = self.error = None
        self.status = self.bytes = self.hops = 0

    def first(self):
        """Note that the first byte of an answer is here."""
        self.ttfb = self.plan.now()

    def answered(self, url, status, size, headers):
        """Take an answer of size bytes; return where it redirects to, if that is to be
        followed. A redirect to another origin would take the headers there."""
        self.status, self.bytes = status, size
        length = headers.get("content-length")
        whole = self.method == "HEAD" or status in (204, 304) or headers.get("content-encoding")
        if self.plan.read_body and length and not whole and size < int(length):
            raise Failed("body", f"{size} bytes of {length}")
        target = headers.get("location") if status in (301, 302, 303, 307, 308) else None
        if not target or not self.plan.redirects:
            return None
        target, self.hops = urljoin(url, target), self.hops + 1
        if self.hops > self.plan.redirects or urlsplit(target)[:2] != urlsplit(url)[:2]:
            raise Failed("redirect", f"redirect {self.hops} to {target}")
        if self.method != "HEAD" and status not in (307, 308):
            self.method = "GET"
        return target

    def failed(self, error):
        """Note what went wrong, as strings whatever the library has."""
        self.error = {"kind": kind_of(error), "class": type(error).__name__, "msg": str(error)[:300]}
        self.status, self.bytes, self.ttfb = 0, 0, None

    def line(self):
        """The record as a line of the protocol."""
        request = self.request["i"]
        return {"type": "rec", "id": self.plan.id, "i": request, "start_us": self.start, "ttfb_us": self.ttfb,
                "end_us": self.end, "status": self.status, "bytes": self.bytes, "err": self.error}


def kind_of(error):
    """The word of the protocol for an exception or for what caused it."""
    chain, waiting = [], [error]
    while waiting and len(chain) < 20:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and one not in chain:
            chain.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    if isinstance(error, Failed):
        return error.kind
    for kind, classes, names in KINDS:
        if any(isinstance(one, classes) or named(one, names.split()) for one in chain):
            return kind
    return "other"


def named(error, names):
    """Whether the class of an exception, or one that it is made of, has such a name."""
    classes = [c.__name__ for c in type(error).__mro__]
    return any(n.partition("!")[0] in classes and n.partition("!")[2] in str(error) for n in names)


class Contender:
    """What a contender overrides."""

    name = lib = "?"
    modes = ("sequential", "concurrent")

    def open(self, plan):
        """Make clients and threads, before the clock starts."""

    def run(self, plan):
        """Fetch the requests of a plan, each within a record of it."""
        raise NotImplementedError


def serve(contender):
    """Speak the protocol until the input ends or the harness says bye."""
    # Whatever is printed by mistake goes to standard error: the lines have a
    # descriptor of their own.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(**line):
        out.write(json.dumps(line) + "\n")

    plan = None
    for text in sys.stdin.buffer:
        line = json.loads(text)
        kind = line["type"]
        if kind == "hello":
            if 1 not in line["versions"]:
                say(type="error", fatal=True, msg=f"no version in common: have 1, got {line['versions']}")
                out.flush()
                sys.exit(3)
            say(type="ready", version=1, name=contender.name, lang=f"python {sys.version.split()[0]}", lib=contender.lib,
                pid=os.getpid(), modes=contender.modes, caps=["ttfb", "keepalive", "read_body"])
        elif kind == "plan":
            plan = Plan(line)
        elif kind == "req":
            plan.requests.append(line)
        elif kind == "arm":
            arm(contender, plan, say)
        elif kind == "go":
            go(contender, plan, say, out.flush)
        elif kind == "bye":
            break
        elif kind != "cancel":  # which comes after the plan has ended: nothing reads during one
            raise ValueError(f"there is no type {kind!r}")
        if kind != "req":
            out.flush()


def arm(contender, plan, say):
    """Get ready, or say what cannot be honoured."""
    try:
        plan.refuse("hash")
        if len(plan.requests) != plan.n:
            raise ValueError(f"{len(plan.requests)} requests of {plan.n}")
        contender.open(plan)
        say(type="armed", id=plan.id, n=plan.n)
    except Unsupported as refused:
        say(type="unsupported", id=plan.id, fields=refused.args[0], msg=f"{contender.name} cannot do that")


def go(contender, plan, say, flush):
    """Fetch the plan, say at once that it has ended, and then tell of the requests."""
    before, plan.begun = usage(), time.monotonic_ns()
    contender.run(plan)
    wall = plan.now()
    say(type="finished", id=plan.id, wall_us=wall)
    flush()
    user, system, held = usage()
    for record in plan.records:
        say(**record.line())
    ok = sum(record.error is None for record in plan.records)
    say(type="done", id=plan.id, n=len(plan.records), ok=ok, wall_us=wall, user_us=user - before[0],
        sys_us=system - before[1], maxrss_kib=held)


def usage():
    """Processor time in microseconds, user's and system's, and the most memory of one
    process in KiB: of this one, and of those that it has started and waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    unit = 1024 if sys.platform == "darwin" else 1
    return (int(sum(used.ru_utime for used in both) * 1e6), int(sum(used.ru_stime for used in both) * 1e6),
            max(used.ru_maxrss for used in both) // unit)
