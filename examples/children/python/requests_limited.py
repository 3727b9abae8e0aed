"""What requests lacks to be compared: a limit for a whole request.

Its timeout is one for each read of the socket, so that a body which drips is never too
late. Here a thread looks every few milliseconds for requests that are, and shuts their
sockets down. requests does not notice a truncated body either: see Record.answered.
"""

import socket
import threading
import time

import requests
import urllib3

from fetchbench_child import Failed

PERIOD = 0.02
under_way = {}  # the id of a thread: [until when, its socket]


def noting(base):
    """A class of connections that note which socket their thread uses."""
    class Noting(base):
        def request(self, *args, **kwargs):
            super().request(*args, **kwargs)  # which connects, within its own timeout
            under_way[threading.get_ident()][1] = self.sock
    return Noting


for pool in (urllib3.HTTPConnectionPool, urllib3.HTTPSConnectionPool):
    pool.ConnectionCls = noting(pool.ConnectionCls)


def watch():
    """Shut down what is late."""
    while True:
        time.sleep(PERIOD)
        for until, sock in list(under_way.values()):
            if sock is not None and time.monotonic() > until:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it has ended meanwhile


threading.Thread(target=watch, daemon=True).start()


def session():
    """A session without the proxies and passwords of its surroundings."""
    made = requests.Session()
    made.trust_env = False
    return made


def fetch(client, plan, request):
    """Make one request with a session and read its answer to the end."""
    url, headers = request["url"], dict(request["headers"])
    if not plan.keepalive:
        headers["connection"] = "close"
    with plan.record(request) as record:
        until = time.monotonic() + (plan.timeout or 1e9)
        under_way[threading.get_ident()] = [until, None]
        try:
            while url:
                left = max(0.001, until - time.monotonic()) if plan.timeout else None
                with client.request(record.method, url, headers=headers, timeout=left,
                                    allow_redirects=False, stream=True) as answer:
                    record.first()
                    body = answer.raw.stream(1 << 16, decode_content=False) if plan.read_body else ()
                    if answer.is_redirect:
                        body = [answer.content]  # requests has read it
                    size = sum(map(len, body))
                    url = record.answered(url, answer.status_code, size, answer.headers)
        finally:
            del under_way[threading.get_ident()]
            if time.monotonic() > until:  # whatever a socket that was shut down looks like
                raise Failed("timeout", f"more than {plan.timeout} s")
