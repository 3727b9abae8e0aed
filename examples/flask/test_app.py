"""The app asked without a server: python3 -m unittest test_app"""

import asyncio
import contextlib
import http.server
import tempfile
import threading
import unittest

import aiohttp

import comics
import settings
import summaries
import urls
from app import app


class Greeter(http.server.BaseHTTPRequestHandler):
    """A server that says hello to whoever asks."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"Hello")

    def log_message(self, *_):
        """Keep quiet."""


@contextlib.contextmanager
def upstream():
    """A server on loopback, by its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Greeter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Pages(unittest.TestCase):
    def test_heading(self):
        with upstream() as url, tempfile.NamedTemporaryFile("w") as listed:
            listed.write(url + "\n")
            listed.flush()
            settings.URLS_FILE = listed.name
            for path in ("/urls/sync", "/urls/async-run", "/urls/async", "/urls/async-headers"):
                answer = app.test_client().get(path)
                self.assertEqual(answer.status_code, 200)
                self.assertIn(b"URLs", answer.data)

    def test_fetch(self):
        async def fetch(url):
            async with aiohttp.ClientSession() as session:
                return await urls.fetch(session, url)

        with upstream() as url:
            self.assertEqual(asyncio.run(fetch(url)), {"url": url, "status": 200})

    def test_data(self):
        settings.DATA_SECONDS = 0
        self.assertEqual(app.test_client().get("/data").data, b"Done!")

    def test_bounds_of_random_comics(self):
        with app.test_request_context():
            drawn = {number for _ in range(2000) for number in comics.picks()}
        self.assertEqual((min(drawn), max(drawn)), (0, comics.LAST))

    def test_limit_of_a_summary(self):
        self.assertEqual(settings.SUMMARY_SECONDS, 180)
        with app.test_request_context("/summaries?id=a&id=b"):
            self.assertEqual(list(summaries.sources()), ["a", "b"])

    def test_visitors_cannot_ask_for_too_much(self):
        client = app.test_client()
        for page, name in (("/comics/sync", "pick"), ("/comics/async", "pick"), ("/summaries", "id"), ("/summaries/sync", "id")):
            answer = client.get(page + "?" + "&".join([name + "=1"] * (settings.MOST + 1)))
            self.assertEqual(answer.status_code, 400, page)
        self.assertEqual(client.get("/comics/async?pick=x").status_code, 400)
        with app.test_request_context("/summaries?" + "&".join(f"id={i}" for i in range(settings.MOST))):
            self.assertEqual(len(summaries.sources()), settings.MOST)


if __name__ == "__main__":
    unittest.main()
