"""aiohttp with asyncio.gather: all calls of a batch at once, in one thread.

Without a number in the spec aiohttp opens at most 100 connections; what is more waits
for one of them.

    fetchbench run -s sequential,goroutines -s 'exec:python3 examples/children/python/aiohttp_gather.py'
"""

import asyncio
from contextlib import nullcontext

import aiohttp

from fetchbench_child import Contender, serve


class Gather(Contender):
    """One session for all calls of a batch."""

    name, lib = "python-aiohttp", f"aiohttp {aiohttp.__version__}"
    loop, session = asyncio.new_event_loop(), None

    def open(self, plan):
        """Make the session, or keep the one that there is."""
        self.loop.run_until_complete(self.make(plan))

    async def make(self, plan):
        """Sessions and their connectors want to be made while the loop runs."""
        if self.session is not None:
            if plan.reuse_client:
                return
            await self.session.close()
        limits = {"limit": plan.max_conns} if plan.max_conns else {}
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=not plan.keepalive, **limits),
            timeout=aiohttp.ClientTimeout(total=plan.timeout), auto_decompress=False)

    def run(self, plan):
        """Fetch all at once, or as many as the plan allows."""
        self.loop.run_until_complete(self.gather(plan))

    async def gather(self, plan):
        """Start every call and wait for all of them."""
        slots = asyncio.Semaphore(plan.concurrency) if plan.concurrency else nullcontext()
        await asyncio.gather(*(self.fetch(plan, request, slots) for request in plan.requests))

    async def fetch(self, plan, request, slots):
        """Make one request and read its answer to the end."""
        async with slots:
            with plan.record(request) as record:
                url = request["url"]
                while url:
                    async with self.session.request(record.method, url, headers=request["headers"],
                                                    allow_redirects=False) as answer:
                        record.first()
                        size = 0
                        if plan.read_body:
                            async for part in answer.content.iter_any():
                                size += len(part)
                        url = record.answered(url, answer.status, size, answer.headers)


serve(Gather())
