"""A strict server of the Messages API on this machine: no real model is needed to see that requests keep the API's rules,
and no real one misbehaves when a test wants it to.

    with ModelServer() as server:
        server.behave(status(529, retry_after=1), well())
        ...  # a client of server.url
        assert [request.status for request in server.requests] == [529, 200]
"""

from tests.model_server.behaviours import Asked, Behaviour, Raw, Reply, Said
from tests.model_server.pages import PageLine, PageRequest
from tests.model_server.rules import Limits
from tests.model_server.server import BEDROCK_MODELS, KEY, MODELS, ModelServer, Received

__all__ = [
    "BEDROCK_MODELS",
    "KEY",
    "MODELS",
    "Asked",
    "Behaviour",
    "Limits",
    "ModelServer",
    "PageLine",
    "PageRequest",
    "Raw",
    "Received",
    "Reply",
    "Said",
]
