"""Three small web apps whose pages fetch from other servers, in one Flask app.

    python3 app.py --port 5000
    gunicorn -w 1 --threads 4 -b 127.0.0.1:5000 app:app

Each page has a synchronous form and an asynchronous one. The asynchronous one
does not make the app serve more visitors: it lets one request of a visitor wait
for many answers at once. How many visitors are served at once is what threads
and workers of the server decide.

What is fetched comes from the environment: see settings.py.
"""

import argparse
import asyncio

from flask import Flask, g

import comics
import settings
import summaries
import urls

app = Flask(__name__)
app.json.sort_keys = False  # summaries come in the order they were asked for
for page in (comics.pages, urls.pages, summaries.pages):
    app.register_blueprint(page)


@app.get("/")
def index():
    """List the pages; a harness can ask here whether the app is ready."""
    rules = sorted(str(r) for r in app.url_map.iter_rules() if r.endpoint != "static")
    return "".join(f'<p><a href="{rule}">{rule}</a></p>' for rule in rules)


@app.get("/noop")
def noop():
    """Fetch nothing: what the app itself costs."""
    return "Done!"


@app.get("/data")
async def data():
    """Wait without fetching anything."""
    await asyncio.sleep(settings.DATA_SECONDS)
    return "Done!"


@app.errorhandler(500)
async def failed(_error):
    """Report the error somewhere, which takes time, and answer with few words."""
    await asyncio.sleep(settings.HOOK_SECONDS)
    return "500 error", 500


async def before():
    """Ask somebody about the visitor, say, before each request."""
    await asyncio.sleep(settings.HOOK_SECONDS)
    g.hooks = ["before"]


async def after(response):
    """Tell somebody about the answer, which may also be replaced here."""
    await asyncio.sleep(settings.HOOK_SECONDS)
    response.headers["X-Hooks"] = ",".join(g.get("hooks", []) + ["after"])
    return response


# An asynchronous hook costs a thread and an event loop a request even if it does
# nothing, so there are none unless they were asked for.
if settings.HOOK_SECONDS > 0:
    app.before_request(before)
    app.after_request(after)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="pages that fetch, with Flask's own server")
    arguments.add_argument("--port", type=int, default=settings.PORT, help="0: one that is free")
    app.run(host="127.0.0.1", port=arguments.parse_args().port)
