from __future__ import annotations

import pytest

from edgeassist.home import Area, Floor, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Lexicon.of(
    Home(
        (
            device("Extractor Hood", "fan", "Kitchen"),
            device("Desk Fan", "fan", "Study"),
            device("Aga Lamp", area="Kitchen"),
            device("Desk Lamp", area="Study"),
            device("Left Blind", "cover", "Study", device_class="blind"),
            device("Right Blind", "cover", "Study", device_class="blind"),
            device("Den Blind", "cover", "Den", device_class="blind"),
        ),
        tuple(map(Area, ("Kitchen", "Study", "Den", "Hall"))),
    )
)


def targets(line: str, said: str, room: str | None = None) -> list[tuple[str, ...]]:
    context = Context(HOME, HOME.home.find_area(room) if room else None, frozenset(said.split()))
    return [call.targets for call in resolve(syntax.read(line, FUNCTIONS, HOME), context)]


@pytest.mark.parametrize("room", [None, "Hall"])
def test_word_of_one_name_alone_tells_which_one_is_meant(room: str | None) -> None:
    assert targets(" speed50 here", "hood on 50 percent", room) == [("fan.extractor_hood",)]
    assert targets(" on lamp here", "put the lamp at the aga on", room) == [("light.aga_lamp",)]


def test_room_that_has_such_a_thing_is_what_here_means() -> None:
    assert targets(" speed50 here", "hood on 50 percent", "Study") == [("fan.desk_fan",)]


@pytest.mark.parametrize("said", ["fan to 50", "the desk hood to 50"])
def test_words_that_single_out_nothing_ask(said: str) -> None:
    with pytest.raises(Ambiguous, match="Which fan"):
        targets(" speed50 here", said)


def test_word_of_another_target_does_not_count() -> None:
    with pytest.raises(Ambiguous):
        targets(" on desk lamp; speed50 here", "desk lamp on and the fan to 50")


def test_place_of_the_sentence_holds_for_what_is_said_without_one() -> None:
    assert targets(" on lights study; open blinds here", "lights on in the study and open the blinds") == [
        ("light.desk_lamp",),
        ("cover.left_blind", "cover.right_blind"),
    ]


def test_two_places_of_the_sentence_ask() -> None:
    with pytest.raises(Ambiguous):
        targets(" on lights study, lights kitchen; open blinds here", "study and kitchen lights on and open the blinds")


@pytest.mark.parametrize("line", [" on lights kitchen", " on lights here", " on lights everywhere"])
def test_name_that_was_said_whole_is_meant_rather_than_a_kind(line: str) -> None:
    assert targets(line, "turn on the aga lamp in the kitchen", "Study") == [("light.aga_lamp",)]


def test_name_of_two_words_outweighs_the_place_that_was_said() -> None:
    assert targets(" on lights kitchen", "turn on the desk lamp in the kitchen") == [("light.desk_lamp",)]


def test_name_made_of_a_place_and_a_kind_leaves_both_as_they_are() -> None:
    found = targets(" close blinds den; open blinds study", "close the den blind and open the study blinds")
    assert found == [("cover.den_blind",), ("cover.left_blind", "cover.right_blind")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (" on lamp here", "turn on the lamp not the desk one"),
        (" on lamp here", "turn on the lamp the desk is tidy"),
    ],
)
def test_name_in_a_contrast_or_a_reason_singles_out_nothing(line: str, said: str) -> None:
    with pytest.raises(Ambiguous):
        targets(line, said)


def test_floor_of_the_sentence_is_too_much_for_one_thing() -> None:
    home = Home(
        (
            device("Hall Light", area="Hall"),
            device("Front Door", "lock", "Hall"),
            device("Back Door", "lock", "Porch"),
        ),
        (Area("Hall", "Downstairs"), Area("Porch", "Downstairs")),
        (Floor("Downstairs"),),
    )
    lexicon = Lexicon.of(home)
    readings = syntax.read(" on lights downstairs; unlock here", FUNCTIONS, lexicon)
    with pytest.raises(Ambiguous):
        resolve(readings, Context(lexicon, None, frozenset("lights on downstairs and unlock the door".split())))


def test_both_of_one_command_says_nothing_of_another() -> None:
    with pytest.raises(Ambiguous):
        targets(" close left blind, right blind; on lamp here", "close both the left and right blind and the lamp on")


def test_lock_is_not_singled_out_by_one_word() -> None:
    lexicon = Lexicon.of(Home((device("Front Door", "lock", "Hall"), device("Back Door", "lock", "Porch"))))
    with pytest.raises(Ambiguous):
        resolve(syntax.read(" unlock here", FUNCTIONS, lexicon), Context(lexicon, None, frozenset({"unlock", "front"})))


def test_what_was_not_decoded_from_these_words_is_not_changed_by_them() -> None:
    readings = syntax.read(" on lights kitchen", FUNCTIONS, HOME)
    words = frozenset("and the desk lamp".split())
    (call,) = resolve(readings, Context(HOME, None, words, inferred=True))
    assert call.targets == ("light.aga_lamp",)


NUMBERED = Lexicon.of(
    Home(
        (
            device("Grow Light 1", area="Greenhouse"),
            device("Grow Light 2", area="Greenhouse"),
            device("Bench Light", area="Greenhouse"),
            device("Shed Door", "lock", "Shed"),
            device("Roof Lamp", area="Shed"),
            device("Booth Light", area="Booth"),
            device("Big Fan", "fan", "Booth"),
            device("Old Fan", "fan", "Shed"),
        ),
        tuple(map(Area, ("Greenhouse", "Shed", "Booth"))),
    )
)


def numbered(line: str, said: str, room: str | None = None) -> list[tuple[str, ...]]:
    context = Context(NUMBERED, NUMBERED.home.find_area(room) if room else None, frozenset(said.split()))
    return [call.targets for call in resolve(syntax.read(line, FUNCTIONS, NUMBERED), context)]


def test_plural_of_numbered_names_means_all_of_them() -> None:
    both = [("light.grow_light_1",), ("light.grow_light_2",)]
    assert numbered(" off grow light 1", "turn the grow lights off because it is late") == both
    assert numbered(" off grow light 1, grow light 2", "turn both grow lights off") == both
    assert numbered(" off grow light 2", "turn grow light 2 off") == [("light.grow_light_2",)]


@pytest.mark.parametrize("said", ["turn off just one of the grow lights", "grow lights in the shed off"])
def test_plural_beside_a_number_or_a_place_does_not_mean_all_of_them(said: str) -> None:
    with pytest.raises(Ambiguous, match="Grow Light 1 or Grow Light 2"):
        numbered(" off grow light 1", said)


@pytest.mark.parametrize("room", [None, "Greenhouse"])
def test_there_is_the_room_of_the_sentence(room: str | None) -> None:
    said = "unlock the shed door and turn on the light in there somebody is coming"
    assert numbered(" unlock shed door; on lights here", said, room) == [("lock.shed_door",), ("light.roof_lamp",)]


def test_room_that_is_a_part_of_a_name_holds_for_the_rest() -> None:
    assert numbered(" on booth light, fans here", "turn on booth light and fan") == [
        ("light.booth_light",),
        ("fan.big_fan",),
    ]


PAIRED = Lexicon.of(
    Home(
        (
            device("Hue Play Left", area="Den"),
            device("Hue Play Right", area="Den"),
            device("Left Nightstand", area="Bedroom"),
            device("Right Nightstand", area="Bedroom"),
            device("Desk Lamp", area="Den"),
        ),
        (Area("Den"), Area("Bedroom")),
    )
)


@pytest.mark.parametrize(
    ("line", "said", "ids"),
    [
        (" off hue play right", "turn off both hue plays", {"light.hue_play_left", "light.hue_play_right"}),
        (" off left nightstand", "both nightstands off", {"light.left_nightstand", "light.right_nightstand"}),
        (
            " off hue play left, desk lamp",
            "both hue play left and desk lamp",
            {"light.hue_play_left", "light.desk_lamp"},
        ),
    ],
)
def test_both_are_the_two_that_differ_in_a_word_that_was_not_said(line: str, said: str, ids: set[str]) -> None:
    context = Context(PAIRED, None, frozenset(said.split()))
    found = [call.targets for call in resolve(syntax.read(line, FUNCTIONS, PAIRED), context)]
    assert {id_ for targets in found for id_ in targets} == ids


def test_kind_and_place_that_describe_a_named_thing_are_no_second_one() -> None:
    assert targets(" on aga lamp, lamp kitchen", "turn on the aga lamp lamp in the kitchen") == [("light.aga_lamp",)]
    assert targets(" close left blind, blinds den", "close the left blind and the blinds in the den") == [
        ("cover.left_blind",),
        ("cover.den_blind",),
    ]


BESIDE = Lexicon.of(
    Home(
        (
            device("Bedside Lamp", area="Twin Room"),
            device("Left Bedside Lamp", area="Bedroom"),
            device("Right Bedside Lamp", area="Bedroom"),
            device("Reading Bedside Lamp", area="Study"),
            device("Kettle", "switch", "Study"),
            device("Pane", "binary_sensor", "Study", device_class="window"),
        ),
        (Area("Twin Room", "Upstairs"), *map(Area, ("Bedroom", "Study", "Hall"))),
        (Floor("Upstairs"),),
    )
)


@pytest.mark.parametrize(
    ("line", "said", "room", "meant"),
    [
        (
            " off bedside lamp",
            "both bedside lamps off",
            "Bedroom",
            ["light.left_bedside_lamp", "light.right_bedside_lamp"],
        ),
        (
            " off bedside lamp",
            "all bedside lamps off",
            "Bedroom",
            ["light.left_bedside_lamp", "light.right_bedside_lamp"],
        ),
        (" off bedside lamp", "bedside lamp off", "Bedroom", None),
        (" off bedside lamp", "bedside lamp off", "Study", ["light.reading_bedside_lamp"]),
        (" off bedside lamp", "twin room bedside lamp off", "Bedroom", ["light.bedside_lamp"]),
        (" off bedside lamp", "bedside lamp off", "Hall", ["light.bedside_lamp"]),
        (" off bedside lamp", "the twin bedside lamp off", "Bedroom", ["light.bedside_lamp"]),
        (" off bedside lamp", "bedside lamp upstairs off", "Bedroom", ["light.bedside_lamp"]),
        (" off bedside lamp", "bedside lamp in my room off", "Study", ["light.reading_bedside_lamp"]),
        (" off bedside lamp", "bedside lamp off", None, ["light.bedside_lamp"]),
        (" on lights here; on kettle", "turn the kettle on", "Study", ["light.reading_bedside_lamp", "switch.kettle"]),
        (
            " on lights here; on reading bedside lamp",
            "put the light by the bedside for reading on",
            "Study",
            ["light.reading_bedside_lamp"],
        ),
        (
            " is lights study",
            "is anything on in the study",
            None,
            ["light.reading_bedside_lamp", "switch.kettle"],
        ),
        (" is lights study", "is any light on in the study", None, ["light.reading_bedside_lamp"]),
        (" is windows study", "is anything open in the study", None, ["binary_sensor.pane"]),
        (" is windows study", "is anything on the window in the study", None, ["binary_sensor.pane"]),
        (
            " off lamp here, left bedside lamp",
            "i am off and that lamp of mine the left bedside lamp off",
            None,
            ["light.left_bedside_lamp"],
        ),
        (
            " is lamp here",
            "is anyone's lamp on",
            None,
            [
                "light.bedside_lamp",
                "light.left_bedside_lamp",
                "light.right_bedside_lamp",
                "light.reading_bedside_lamp",
            ],
        ),
    ],
)
def test_what_is_near_and_what_is_one_thing(line: str, said: str, room: str | None, meant: list[str] | None) -> None:
    context = Context(BESIDE, BESIDE.home.find_area(room) if room else None, frozenset(said.split()))
    readings = syntax.read(line, FUNCTIONS, BESIDE)
    if meant is None:
        with pytest.raises(Ambiguous, match="Left Bedside Lamp, Right Bedside Lamp or Bedside Lamp"):
            resolve(readings, context)
    else:
        assert [target for call in resolve(readings, context) for target in call.targets] == meant
