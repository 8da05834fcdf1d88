from __future__ import annotations

import pytest

from edgeassist.language.listed import listed


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("add gym to my daily list", " add gym> daily"),
        ("put the doctor's appointment on my list please", " add doctor's appointment"),
        ("i want to add my son's birthday to the grocery list", " add son's birthday"),
        ("add to my shopping list new shoes", " add new shoes"),
        ("open my list and add bread", " add bread"),
        ("put the washing on my to do list", " add washing> to do"),
        ("add oats to my wishlist", " add oats> wishlist"),
        ("update the list with onions", " add onions"),
    ],
)
def test_what_goes_on_a_list_is_told_by_its_form(said: str, line: str) -> None:
    assert listed(said) == line


@pytest.mark.parametrize(
    "said",
    [
        "add this song to my list",
        "add a new item to the list",
        "add the missing ingredients to my list",
        "add items to my shopping list",
        "remove gym from my daily list",
        "what is on my list",
        "add some light to the hall",
        "i put it on a list of things that i'll never do",
    ],
)
def test_what_names_no_item_is_left_alone(said: str) -> None:
    assert listed(said) is None
