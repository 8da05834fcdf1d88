"""A broker, a home that announces itself and a daemon with a scripted reader: one of each for a file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from edgeassist.simulate.demo import running
from tests.support.broker import Mosquitto
from tests.support.daemons import AnnouncedHome, ScriptedDaemon, config_for, knows_the_home


@pytest.fixture(scope="module")
def broker() -> Iterator[Mosquitto]:
    with Mosquitto() as mosquitto:
        yield mosquitto


@pytest.fixture(scope="module")
def home(broker: Mosquitto) -> Iterator[AnnouncedHome]:
    with AnnouncedHome(broker.port) as announced:
        yield announced


@pytest.fixture(scope="module")
def daemon(
    broker: Mosquitto, home: AnnouncedHome, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ScriptedDaemon]:
    made = ScriptedDaemon(config_for(tmp_path_factory.mktemp("daemon"), broker.port))
    with running(made):
        knows_the_home(made)
        yield made
