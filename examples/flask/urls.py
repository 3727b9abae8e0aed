"""A list of URLs and the status of each.

/urls/sync           one after the other, with requests
/urls/async-run      all at once: asyncio.run in an ordinary view
/urls/async          all at once: an asynchronous view
/urls/async-headers  the same, but it does not read the bodies

The last one is here as a warning. requests.get reads the body before it returns,
aiohttp's session.get returns after the headers. Who compares the first view with
the last compares work with half of it, and finds that half of it is faster.
"""

import asyncio

import aiohttp
import requests
from flask import Blueprint
from markupsafe import escape

import settings

pages = Blueprint("urls", __name__, url_prefix="/urls")


def listed(results):
    """The page. A status such as 404 is a result like any other."""
    lines = [f"<p>URL: {escape(r['url'])} --- Status Code: {r['status']}</p>" for r in results]
    return "<h1>URLs:</h1>" + "".join(lines)


@pages.get("/sync")
def sync():
    """Fetch one after the other; each waits for the one before."""
    results = []
    for url in settings.urls():
        answer = requests.get(url, timeout=30)
        results.append({"url": answer.url, "status": answer.status_code})
    return listed(results)


async def fetch(session, url, body=True):
    """Fetch one URL. Where session.get returns, the body is still on its way."""
    async with session.get(url) as answer:
        if body:
            await answer.read()
        return {"url": str(answer.url), "status": answer.status}


async def fetch_all(body=True):
    """Fetch all at once, in order.

    Without return_exceptions the first error is raised at once. What is still
    under way is then given up when the session closes.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        return await asyncio.gather(*(fetch(session, url, body) for url in settings.urls()))


@pages.get("/async-run")
def with_run():
    """An ordinary view with an event loop of its own, as before Flask 2."""
    return listed(asyncio.run(fetch_all()))


@pages.get("/async")
async def concurrent():
    """An asynchronous view: Flask makes the event loop."""
    return listed(await fetch_all())


@pages.get("/async-headers")
async def headers_only():
    """Does less than /urls/sync: the bodies are never read."""
    return listed(await fetch_all(body=False))
