"""Five comics picked at random, from an API like that of xkcd.

/comics/sync asks for one after the other, /comics/async for all at once.
"?pick=7&pick=12" picks them by hand, so that a page can be had twice.
"""

import asyncio
import random

import httpx
import requests
from flask import Blueprint, abort, request
from markupsafe import escape

import settings

pages = Blueprint("comics", __name__, url_prefix="/comics")

COUNT = 5
LAST = 300  # 0 is among the picks and is no comic: the API answers 404


def picks():
    """The comics asked for, else COUNT of them at random, both ends included."""
    try:
        asked = [int(number) for number in settings.asked(request, "pick")]
    except ValueError:
        abort(400, "pick must be a whole number")
    return asked or [random.randint(0, LAST) for _ in range(COUNT)]


def shown(number, found):
    """One comic of the page. An error is shown as one, in the comic's place."""
    if isinstance(found, Exception):
        return f"<p>comic {number}: {escape(found)}</p>"
    return f'<img src="{escape(found)}" alt="comic {number}">'


@pages.get("/sync")
def sync():
    """Fetch one after the other. The first error is that of the whole page."""
    numbers, found = picks(), []
    for number in numbers:
        answer = requests.get(f"{settings.UPSTREAM}/{number}/info.0.json", timeout=30)
        found.append(answer.json()["img"])
    return "".join(map(shown, numbers, found))


async def image(client, number):
    """The address of a comic's image. What is no JSON is an error, as is 404."""
    answer = await client.get(f"/{number}/info.0.json")
    return answer.json()["img"]


@pages.get("/async")
async def concurrent():
    """Fetch all at once, over one client that is closed in the end.

    gather returns results in the order of its arguments, whichever came first.
    With return_exceptions an error takes the place of its result.
    """
    numbers = picks()
    # httpx follows no redirect unless it is told to; requests does.
    async with httpx.AsyncClient(base_url=settings.UPSTREAM, follow_redirects=True, timeout=30) as client:
        found = await asyncio.gather(*(image(client, n) for n in numbers), return_exceptions=True)
    return "".join(map(shown, numbers, found))
