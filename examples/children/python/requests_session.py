"""requests with a Session, which keeps its connection, one call after the other.

    fetchbench run -s sequential -s 'exec/sequential:python3 examples/children/python/requests_session.py'
"""

import requests

from fetchbench_child import Contender, serve
from requests_limited import fetch, session


class WithSession(Contender):
    """One session for all calls of a batch."""

    name, lib, modes = "python-requests-session", f"requests {requests.__version__}", ("sequential",)
    client = None

    def open(self, plan):
        """Make the session, or keep the one that there is."""
        if self.client is None or not plan.reuse_client:
            if self.client is not None:
                self.client.close()
            self.client = session()

    def run(self, plan):
        """Fetch one after the other."""
        for request in plan.requests:
            fetch(self.client, plan, request)


serve(WithSession())
