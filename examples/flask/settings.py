"""What the app is told by its environment, read once when it starts."""

import os

from flask import abort

# The base URL of the server that has comics and greetings.
UPSTREAM = os.environ.get("FETCHBENCH_UPSTREAM", "http://127.0.0.1:8080").rstrip("/")

# A file with the URLs that /urls fetches, one a line. Without it: none.
URLS_FILE = os.environ.get("FETCHBENCH_URLS", "")

# What the upstream of the summaries wants to see. It is shown to nobody else.
API_KEY = os.environ.get("API_KEY", "")

PORT = int(os.environ.get("PORT", "5000"))

# Seconds that each hook waits, before and after a request; 0 means no hooks.
HOOK_SECONDS = float(os.environ.get("HOOK_SECONDS", "0"))

# Seconds that /data waits.
DATA_SECONDS = float(os.environ.get("DATA_SECONDS", "1"))

# Seconds that a summary may take, from connecting to the last byte.
SUMMARY_SECONDS = float(os.environ.get("SUMMARY_SECONDS", "180"))


# The most that one page fetches: a visitor decides how much, but not how much at most.
MOST = 1000


def asked(request, name):
    """The values of a parameter; more than MOST are answered with 400."""
    values = request.args.getlist(name)
    if len(values) > MOST:
        abort(400, f"{name} may stand {MOST} times at most")
    return values


def urls():
    """The URLs of the file; empty lines and what follows a # are left out."""
    if not URLS_FILE:
        return []
    with open(URLS_FILE, encoding="utf-8") as lines:
        found = [line.split("#")[0].strip() for line in lines]
    return [url for url in found if url]
