"""requests as most scripts use it: requests.get, one call after the other.

Each call makes a session and drops it, so that each has a new connection.

    fetchbench run -s sequential -s 'exec/sequential:python3 examples/children/python/requests_plain.py'
"""

import requests

from fetchbench_child import Contender, serve
from requests_limited import fetch, session


class Plain(Contender):
    """One call after the other is all there is."""

    name, lib, modes = "python-requests", f"requests {requests.__version__}", ("sequential",)

    def open(self, plan):
        """There is nothing to make ready, and nothing that could stay open."""
        plan.refuse("reuse_client")

    def run(self, plan):
        """Fetch as requests.get does: with a session for each call."""
        for request in plan.requests:
            with session() as client:
                fetch(client, plan, request)


serve(Plain())
