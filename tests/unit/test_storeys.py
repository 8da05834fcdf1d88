from __future__ import annotations

import pytest

from edgeassist.home import Area, Floor, Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.storeys import Storeys


def storeys(*floors: str, area: str = "Kitchen") -> Storeys:
    return Storeys(Lexicon.of(Home((), (Area(area, floors[0]),), tuple(map(Floor, floors)))))


@pytest.mark.parametrize(
    ("floors", "upstairs", "downstairs"),
    [
        (("Ground Floor", "First Floor"), "on the first floor", "on the ground floor"),
        (("First Floor", "Second Floor"), "on the second floor", "on the first floor"),
        (("Basement", "Main Floor", "Upper Floor"), "on the upper floor", "on the main floor"),
        (("Ground", "First", "Attic"), "on the first and on the attic", "on the ground"),
        # These names are said already, tell nothing, or may mean the basement.
        (("Downstairs", "Upstairs"), "upstairs", "downstairs"),
        (("EG", "OG"), "upstairs", "downstairs"),
        (("Main Floor", "Basement"), "upstairs", "downstairs"),
        (("First Floor", "Level 1"), "upstairs", "downstairs"),
    ],
)
def test_stairs_lead_to_the_floors_of_the_home(floors: tuple[str, ...], upstairs: str, downstairs: str) -> None:
    found = storeys(*floors)
    assert found.named("lights off upstairs") == f"lights off {upstairs}"
    assert found.named("is anything on downstairs") == f"is anything on {downstairs}"


def test_stairs_as_an_attribute_are_the_floors_name() -> None:
    assert (
        storeys("Ground Floor", "First Floor").named("all the upstairs lights off") == "all the first floor lights off"
    )


def test_ground_and_top_are_floors_by_another_name() -> None:
    found = storeys("Downstairs", "Upstairs", "Loft")
    assert found.named("lights off on the ground floor") == "lights off on the downstairs"
    assert found.named("top floor lights on") == "loft lights on"


def test_name_that_begins_so_stays() -> None:
    found = storeys("Ground Floor", "First Floor", area="Upstairs Hallway")
    assert found.named("upstairs hallway lights off") == "upstairs hallway lights off"
    assert found.named("lights off upstairs") == "lights off on the first floor"
