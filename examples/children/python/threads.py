"""requests in a ThreadPoolExecutor, with a session for each thread.

Without a number in the spec there are as many threads as Python likes: four more than
there are processors, at most 32. On two processors that is six, and no more than six
requests are ever in flight.

    fetchbench run -s sequential,goroutines -s 'exec:python3 examples/children/python/threads.py'
    fetchbench run -s sequential,goroutines -s 'exec/32:python3 examples/children/python/threads.py'
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import requests

from fetchbench_child import Contender, serve
from requests_limited import fetch, session


class Threads(Contender):
    """As many calls at once as there are threads."""

    name, lib = "python-threads", f"requests {requests.__version__}"
    pool = None

    def open(self, plan):
        """Make the threads and forget their sessions, or keep both. A thread has one
        connection at most, so that their number is that of the connections too."""
        workers = min(filter(None, (plan.concurrency, plan.max_conns)), default=None)
        if self.pool is None or not plan.reuse_client:
            if self.pool is not None:
                self.pool.shutdown()
            self.pool, self.own = ThreadPoolExecutor(workers), threading.local()

    def run(self, plan):
        """Hand the requests to the threads and wait for all of them."""
        def call(request):
            if not hasattr(self.own, "session"):
                self.own.session = session()
            fetch(self.own.session, plan, request)
        for _ in self.pool.map(call, plan.requests):
            pass  # it was waited for


serve(Threads())
