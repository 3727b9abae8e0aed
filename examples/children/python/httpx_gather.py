"""httpx with asyncio.gather: all calls of a batch at once, in one thread.

Without a number in the spec httpx opens at most 100 connections and keeps 20; what is
more waits for one of them.

    fetchbench run -s sequential,goroutines -s 'exec:python3 examples/children/python/httpx_gather.py'
"""

import asyncio
from contextlib import nullcontext

import httpx

from fetchbench_child import Contender, serve


class Gather(Contender):
    """One client for all calls of a batch."""

    name, lib = "python-httpx", f"httpx {httpx.__version__}"
    loop, client = asyncio.new_event_loop(), None

    def open(self, plan):
        """Make the client, or keep the one that there is. It loads the certificates
        that are trusted, which takes 20 ms."""
        if self.client is not None:
            if plan.reuse_client:
                return
            self.loop.run_until_complete(self.client.aclose())
        limits = httpx.Limits(max_connections=plan.max_conns or 100,
                              max_keepalive_connections=20 if plan.keepalive else 0)
        # Its own timeout is one for each read: the whole is limited below.
        self.client = httpx.AsyncClient(limits=limits, timeout=None, trust_env=False)

    def run(self, plan):
        """Fetch all at once, or as many as the plan allows."""
        self.loop.run_until_complete(self.gather(plan))

    async def gather(self, plan):
        """Start every call and wait for all of them."""
        slots = asyncio.Semaphore(plan.concurrency) if plan.concurrency else nullcontext()
        await asyncio.gather(*(self.fetch(plan, request, slots) for request in plan.requests))

    async def fetch(self, plan, request, slots):
        """Make one request, within the limit."""
        async with slots:
            with plan.record(request) as record:
                await asyncio.wait_for(self.read(plan, request, record), plan.timeout)

    async def read(self, plan, request, record):
        """Read an answer to the end, and that of where it redirects to."""
        url = request["url"]
        while url:
            async with self.client.stream(record.method, url, headers=request["headers"],
                                          follow_redirects=False) as answer:
                record.first()
                size = 0
                if plan.read_body:
                    async for part in answer.aiter_raw():
                        size += len(part)
                url = record.answered(url, answer.status_code, size, answer.headers)


serve(Gather())
