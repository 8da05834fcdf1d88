from __future__ import annotations

import pytest

from edgeassist.functions import builtin_functions
from edgeassist.home import Home
from tests.support.homes import device


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("Office Blinds", "blind"),
        ("Dining Room Curtain", "curtain"),
        ("Garage Door Curtain", "curtain"),
        ("Garage", "garage"),
        ("Garage Shutter", "garage"),
        ("Front Gate", "gate"),
        ("Barn Door", "door"),
        ("Garage Roller", "garage"),
        ("Gate Shutter", "gate"),
        ("Door Shutter", "door"),
        ("Double Garage Door 2", "garage"),
        ("Garage Window Blind", "blind"),
        ("Cover 3", None),
    ],
)
def test_cover_without_a_class_has_that_of_its_name(name: str, sort: str | None) -> None:
    (found,) = Home((device(name, "cover"),)).devices
    assert found.device_class == sort


def test_name_that_lets_somebody_in_counts_before_the_others() -> None:
    (found,) = Home((device("Front Roller", "cover", aliases=("Garage Door",)),)).devices
    assert found.device_class == "garage"


def test_class_that_was_announced_stays() -> None:
    (found,) = Home((device("Garage Door", "cover", device_class="blind"),)).devices
    assert found.device_class == "blind"


def test_garage_that_nobody_classed_is_asked_about_before_it_opens() -> None:
    (garage,) = Home((device("Garage Door", "cover"),)).devices
    assert builtin_functions()["open"].risk(garage) == "confirm"
