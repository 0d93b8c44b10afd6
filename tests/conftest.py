"""Two running services for the tests that need one: as it is, and with a page reader that misbehaves on purpose."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from infra.local.service import Service
from tests.integration.dropping import Customer, customer_of
from tests.integration.support import EVENTS, FAULTS, ROOMY, Api, served_by, shorten_visibility, sold_by
from tests.model_server import ModelServer
from tests.model_server.behaviours import well
from tests.stripe_server import StripeServer

# How long an example takes says how busy the machine is.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def model_server() -> Iterator[ModelServer]:
    with ModelServer(key=None) as server:
        yield server


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[StripeServer]:
    with StripeServer() as server:
        yield server


@pytest.fixture(scope="session")
def service(
    tmp_path_factory: pytest.TempPathFactory, model_server: ModelServer, stripe_server: StripeServer
) -> Iterator[Service]:
    """Its tier vlm asks the local model server, and its credits are sold by the local server of Stripe's API."""
    state, model = tmp_path_factory.mktemp("state"), served_by(model_server)
    with Service(0, state, Plans=ROOMY, model=model, stripe=sold_by(stripe_server)) as running:
        stripe_server.endpoint = running.url + EVENTS
        yield running


@pytest.fixture
def model(model_server: ModelServer) -> Iterator[ModelServer]:
    """It answers well until it is told otherwise; `requests` are those of the test."""
    model_server.behave(well())
    model_server.requests.clear()
    yield model_server
    model_server.behave(well())


@pytest.fixture
def api(service: Service) -> Iterator[Api]:
    with Api(service) as client:
        yield client


@pytest.fixture(scope="session")
def faulty_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Its messages come back after five seconds, so that redelivery can be waited for."""
    log = tmp_path_factory.mktemp("faults") / "attempts"
    os.environ["FAULT_LOG"] = str(log)
    with Service(0, tmp_path_factory.mktemp("faulty"), overlay=FAULTS, Plans=ROOMY) as running:
        shorten_visibility(running)
        yield running
    del os.environ["FAULT_LOG"]


@pytest.fixture
def faulty(faulty_service: Service) -> Iterator[Api]:
    Path(os.environ["FAULT_LOG"]).unlink(missing_ok=True)
    with Api(faulty_service) as client:
        yield client


@pytest.fixture
def customer(service: Service) -> Iterator[Customer]:
    yield from customer_of(service, "free")
