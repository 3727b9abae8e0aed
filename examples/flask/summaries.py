"""A summary for each id, gathered into a map of id to text.

/summaries?id=bob&id=bill     all at once
/summaries/sync?id=bob        one after the other
"""

import asyncio

import aiohttp
import requests
from flask import Blueprint, jsonify, request

import settings

pages = Blueprint("summaries", __name__, url_prefix="/summaries")


def sources():
    """The ids asked for, and the address of each, which has the key in it.

    That is why no address is shown or logged, nor the text of an error: many
    libraries put the address into it.
    """
    key = {"api_key": settings.API_KEY} if settings.API_KEY else {}
    names = settings.asked(request, "id") or ["bob", "bill", "betty"]
    return {name: {"name": name, **key} for name in names}


def told(wanted, found, errors):
    """What was found and what was not, both in the order of the question."""
    return jsonify(
        summaries={name: found[name] for name in wanted if name in found},
        errors={name: errors[name] for name in wanted if name in errors},
    )


@pages.get("/sync")
def sync():
    """Fetch one after the other."""
    wanted, found, errors = sources(), {}, {}
    for name, query in wanted.items():
        try:
            answer = requests.get(f"{settings.UPSTREAM}/greet/", params=query, timeout=settings.SUMMARY_SECONDS)
            answer.raise_for_status()
            found[name] = answer.text
        except requests.RequestException as error:
            errors[name] = type(error).__name__
    return told(wanted, found, errors)


async def fill(session, query, into, name):
    """Put one summary into the map: nobody else writes this key of it.

    An answer with an error status is no summary; the session raises it.
    """
    async with session.get(f"{settings.UPSTREAM}/greet/", params=query) as answer:
        into[name] = await answer.text()


@pages.get("")
async def concurrent():
    """Fetch all at once. The map fills as answers come, in any order.

    Each has its time, from connecting to the last byte. One that fails leaves
    the others alone. A loop of its own for each visitor is what lets several
    of them come at once, in threads.
    """
    wanted, found = sources(), {}
    limit = aiohttp.ClientTimeout(total=settings.SUMMARY_SECONDS)
    async with aiohttp.ClientSession(timeout=limit, raise_for_status=True) as session:
        calls = (fill(session, query, found, name) for name, query in wanted.items())
        ended = await asyncio.gather(*calls, return_exceptions=True)
    errors = {name: type(e).__name__ for name, e in zip(wanted, ended) if e is not None}
    return told(wanted, found, errors)
