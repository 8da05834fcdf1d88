"""Which areas come with an utterance in a home that is too large to be shown."""

from __future__ import annotations

import pytest

from edgeassist.home import Area, Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.mentioned import mentioned
from tests.support.homes import device

LARGE = Lexicon.of(
    Home(
        (
            device("North Kitchen Lamp", area="North Kitchen", id="north"),
            device("Kitchen Lamp", area="Kitchen", id="lamp"),
            device("Dyson", "fan", area="Attic", id="dyson"),
            device("Doorbell", "switch", area=None, id="bell"),
        ),
        tuple(Area(name) for name in ("Kitchen", "North Kitchen", "Attic", "Cellar")),
    )
)


@pytest.mark.parametrize(
    ("said", "areas"),
    [
        ("lights off in the kitchen", ["Kitchen"]),
        ("lights off in the north kitchen", ["North Kitchen"]),
        ("turn on the dyson", []),
        ("lights off in the cellar and start the dyson", ["Cellar"]),
        ("north kitchen lamp on and kitchen lamp off", []),
        ("turn on the dison", ["Attic"]),
        ("ring the doorbell", []),
        ("lights in the kichen for the dyson", ["Kitchen"]),
        ("tell me a joke", []),
    ],
)
def test_areas_that_are_named_and_those_of_what_is_named(said: str, areas: list[str]) -> None:
    assert mentioned(said, LARGE) == areas
