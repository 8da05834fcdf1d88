from __future__ import annotations

import time

from hypothesis import given

from edgeassist.home import Area, Device, Floor, Home
from edgeassist.language.lexicon import EVERYWHERE, Lexicon, Place
from edgeassist.language.shortlist import Shortlister
from tests.support.homes import device, homes, house


def lexicon(*devices: Device, areas: tuple[str, ...] = (), floors: tuple[Floor, ...] = ()) -> Lexicon:
    return Lexicon.of(Home(devices, tuple(Area(name) for name in areas), floors))


def test_empty_home_has_nothing_but_everywhere() -> None:
    empty = lexicon()
    assert (empty.labels, empty.nouns, empty.places) == ({}, {}, {})
    assert empty.within == {EVERYWHERE: frozenset()}


def test_name_and_alias_both_name_the_device() -> None:
    found = Lexicon.of(house())
    assert found.labels["ceiling light"] == found.labels["big light"] == "light.ceiling_light"
    assert found.labels_of["light.ceiling_light"] == ["ceiling light", "big light"]


def test_name_of_two_devices_is_a_noun_of_both() -> None:
    found = lexicon(device("Lamp", area="A", id="a"), device("lamp!", area="B", id="b"), areas=("A", "B"))
    assert "lamp" not in found.labels
    assert found.nouns["lamp"] == {"a", "b"}
    assert "lamp" in found.shared


def test_words_of_a_name_that_two_devices_have_are_words_of_the_home() -> None:
    lexicon = Lexicon.of(Home((device("Reclining Lamp", id="a"), device("Reclining Lamp", id="b"))))
    assert "reclining" in lexicon.words


def test_ending_that_two_names_share_is_a_noun_of_both() -> None:
    found = Lexicon.of(house())
    assert found.nouns["lamp"] == {"light.floor_lamp", "light.desk_lamp"}
    assert "blind" not in found.shared, "a kind's own word is no shared name"


def test_device_named_like_an_area_keeps_its_kind_in_its_name() -> None:
    found = lexicon(device("Kitchen", area="Kitchen"), device("Kitchen", "media_player", "Kitchen"), areas=("Kitchen",))
    assert found.labels == {"kitchen light": "light.kitchen", "kitchen media player": "media_player.kitchen"}
    assert found.places["kitchen"] == Place("area", "Kitchen")


def test_devices_named_like_a_kind_do_not_hide_the_other_devices_of_it() -> None:
    found = lexicon(device("Lights", area="A", id="a"), device("Lights", area="B", id="b"), device("Desk", id="c"))
    assert found.nouns["lights"] == {"a", "b", "c"}
    assert "lights" not in found.shared


def test_reserved_words_are_no_names() -> None:
    found = lexicon(*(device(name) for name in ("Here", "Everywhere", "None", "Everything")), areas=("here", "None"))
    assert set(found.labels) == {"here light", "everywhere light", "none light", "everything light"}
    assert not found.places


def test_area_and_floor_aliases_are_places() -> None:
    found = Lexicon.of(house())
    assert found.places["lounge"] == Place("area", "Living Room")
    assert found.places["ground floor"] == Place("floor", "Downstairs")
    assert found.within["ground floor"] == found.within["downstairs"]


def test_names_of_other_scripts_are_labels() -> None:
    found = lexicon(
        device("Кухня лампа", id="a"), device("客厅灯", id="b"), device("रसोई", id="c"), device("रसाई", id="d")
    )
    assert sorted(found.labels.values()) == ["a", "b", "c", "d"]


def test_name_without_a_letter_is_no_label_but_has_its_kind() -> None:
    found = lexicon(device("💡", id="a"))
    assert not found.labels
    assert found.nouns["lights"] == {"a"}


def test_everything_leaves_out_what_must_not_be_switched_by_the_way() -> None:
    kinds = {found.kind for found in house().devices if found.id in Lexicon.of(house()).nouns["everything"]}
    assert kinds == {"light", "switch", "fan", "media_player"}


def test_covers_leave_out_entrances() -> None:
    found = Lexicon.of(house())
    assert found.nouns["covers"] == {"cover.bedroom_blind", "cover.office_blind"}
    assert found.nouns["garage doors"] == {"cover.garage_door"}


@given(homes())
def test_any_home_has_a_lexicon_of_its_own_devices_only(home: Home) -> None:
    found = Lexicon.of(home)
    ids = set(home.by_id)
    assert set(found.labels.values()) <= ids
    assert all(held <= ids for held in (*found.nouns.values(), *found.within.values()))
    assert found.shared <= found.nouns.keys()
    assert not found.shared & found.labels.keys()


def test_thousand_devices_are_narrowed_to_the_ones_that_were_said() -> None:
    rooms = tuple(f"Room {number}" for number in range(50))
    home = Home(
        tuple(device(f"{rooms[n % 50]} Thing {n}", area=rooms[n % 50], id=f"d{n}") for n in range(1000)),
        tuple(Area(room) for room in rooms),
    )
    whole = Lexicon.of(home)
    shortlister = Shortlister(whole)
    before = time.process_time()
    narrow = shortlister.narrow("turn on room 7 thing 357 please")
    assert time.process_time() - before < 0.5
    assert "room 7 thing 357" in narrow.labels
    assert "room 7" in narrow.places
    assert len(narrow.labels) <= 48
    assert narrow.nouns["lights"] == whole.nouns["lights"]


def test_misspelt_and_joined_words_are_shortlisted() -> None:
    names = ["Book Shelf", *(f"Object {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(100))]
    shortlister = Shortlister(lexicon(*(device(name, id=name) for name in names)))
    assert "book shelf" in shortlister.narrow("turn on the book shelv").labels
    assert "book shelf" in shortlister.narrow("bok shelf on").labels


def test_small_home_is_not_narrowed() -> None:
    whole = Lexicon.of(house())
    assert Shortlister(whole).narrow("tell me a joke") is whole


def test_area_that_is_called_like_its_floor_does_not_vanish() -> None:
    rooms = (Area("Attic", "Attic"), Area("Study", "Attic"))
    devices = (device("Lamp", id="a", area="Attic"), device("Desk", id="b", area="Study"))
    found = Lexicon.of(Home(devices, rooms, (Floor("Attic", ("top",)),)))
    assert found.places["attic"] == Place("area", "Attic")
    assert found.within["attic"] == {"a"}
    assert found.places["attic floor"] == found.places["top"] == Place("floor", "Attic")
    assert found.within["attic floor"] == {"a", "b"}
