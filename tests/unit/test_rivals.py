import pytest

from edgeassist.home import Area, Floor, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Home(
    (
        device("Dyson Study", "fan", "Study", id="dyson_study"),
        device("Dyson Snug", "fan", "Snug", id="dyson_snug"),
        device("Dyson Dryer", "switch", "Study", id="dryer"),
        device("Wall Lamp", area="Guest Room 1", id="wall"),
        device("Reading Lamp", area="Guest Room 2", id="reading"),
        device("Wall Plug", "switch", "Hall", id="plug"),
        device("Kettle", "switch", "Kitchen", id="kettle"),
        device("TV On The Wall", "media_player", "Hall", id="tv"),
        device("Twin", area="Hall", id="twin1"),
        device("Twin", area="Kitchen", id="twin2"),
        device("Spot One", area="Kitchen", id="spot1"),
        device("Spot Two", area="Kitchen", id="spot2"),
        device("Kitchen Spots", area="Kitchen", id="spots"),
        device("Blackout Left", "cover", "Snug", device_class="blind", id="left"),
        device("Blackout Right", "cover", "Snug", device_class="blind", id="right"),
    ),
    (Area("Study", "Attic"), Area("Snug"), Area("Guest Room 1"), Area("Guest Room 2"), Area("Hall"), Area("Kitchen")),
    (Floor("Attic"),),
)


KITCHEN = {"spot1", "spot2", "spots", "twin2"}


def test_room_of_the_speaker_is_no_name() -> None:
    assert targets(" on wall lamp", "turn on the dyson dryer", room="Guest Room 1") == {"dryer"}


def test_lock_is_not_taken_for_another_one() -> None:
    lexicon = Lexicon.of(Home((device("Shed", "lock"), device("Bicycle Store", "lock"))))
    readings = syntax.read(" unlock shed", FUNCTIONS, lexicon)
    with pytest.raises(Ambiguous, match="Shed or Bicycle Store"):
        resolve(readings, Context(lexicon, None, frozenset({"unlock", "the", "bicycle", "store"})))


def targets(line: str, said: str, room: str | None = None) -> set[str]:
    lexicon = Lexicon.of(HOME)
    area = HOME.find_area(room) if room else None
    calls = resolve(syntax.read(line, FUNCTIONS, lexicon), Context(lexicon, area, frozenset(said.split())))
    return {target for call in calls for target in call.targets}


@pytest.mark.parametrize(
    ("line", "said", "question"),
    [
        (" on dyson study", "turn on the dyson", "Dyson Study, Dyson Snug or Dyson Dryer"),
        (" speed40 dyson snug", "dyson fan to 40 percent", "Which fan: Dyson Snug or Dyson Study?"),
        (" on lights guest room 1", "lights on in the guest room", "Guest Room 1 or Guest Room 2"),
        (" close blackout left", "close the blackout", "Blackout Left or Blackout Right"),
        # Of one not a word was said, and of others a whole name.
        (" on reading lamp", "turn on the twin", "Reading Lamp, Twin"),
        (" on wall plug", "switch on what's next to the kettle", "Wall Plug or Kettle"),
    ],
)
def test_half_a_name_that_fits_several_asks(line: str, said: str, question: str) -> None:
    with pytest.raises(Ambiguous, match=question.replace("?", r"\?")):
        targets(line, said)


@pytest.mark.parametrize(
    ("line", "said", "meant"),
    [
        (" on dyson study", "turn on the dyson study", {"dyson_study"}),
        (" speed40 dyson study", "dyson in the study to 40 percent", {"dyson_study"}),
        (" speed40 dyson study", "dyson in the attic to 40 percent", {"dyson_study"}),
        (" on wall lamp", "wall light on", {"wall"}),
        # Of one not a word was said, and of one other a whole name, or enough of it to mean nothing else.
        (" on wall lamp", "turn on the dyson dryer", {"dryer"}),
        (" on wall lamp", "turn on the dryer", {"dryer"}),
        (" on wall plug", "switch on the kettle", {"kettle"}),
        (" on tv on the wall", "turn on the kettle", {"kettle"}),
        (" close blackout left, blackout right", "close the blackout blinds", {"left", "right"}),
        (" on lights guest room 1", "lights on in guest room 1", {"wall"}),
        # Another word for something is the model's to know.
        (" on dyson study", "turn on the dyson ventilator", {"dyson_study"}),
        # Of a name that nothing was said of, nothing can be counted.
        (" on wall lamp", "it is too dark", {"wall"}),
        (" on wall lamp", "switch the light by the dyson dryer on", {"wall"}),
        (" off tv on the wall; off lights kitchen", "telly and the kitchen lights off", {"tv", *KITCHEN}),
        # What is named word for word is meant by its name, whatever kind and place the model saw in it.
        (" off tv on the wall; off lights kitchen", "tv and the kitchen spots off", {"tv", "spots"}),
        (" off lights kitchen", "turn the kettle and all the kitchen lights off", KITCHEN),
        (" on wall lamp, dyson dryer", "dyson dryer and the sconce on", {"wall", "dryer"}),
    ],
)
def test_what_was_said_singles_it_out(line: str, said: str, meant: set[str]) -> None:
    assert targets(line, said) == meant


def test_room_decides_between_rivals_unless_both_are_in_it() -> None:
    assert targets(" speed40 dyson snug", "dyson to 40 percent", room="Snug") == {"dyson_snug"}
    with pytest.raises(Ambiguous):
        targets(" on dyson study", "turn on the dyson", room="Study")


@pytest.mark.parametrize(
    ("line", "said", "target"),
    [
        (" is hall door contact", "is the hall door open", "binary_sensor.hall_door_contact"),
        (" is hall door lock", "is the hall door locked", "lock.hall_door_lock"),
    ],
)
def test_question_is_about_what_can_be_so(line: str, said: str, target: str) -> None:
    doors = Lexicon.of(
        Home(
            (
                device("Hall Door Contact", "binary_sensor", "Hall", device_class="door"),
                device("Hall Door Lock", "lock", "Hall"),
            ),
            (Area("Hall"),),
        )
    )
    (call,) = resolve(syntax.read(line, FUNCTIONS, doors), Context(doors, None, frozenset(said.split())))
    assert call.targets == (target,)


@pytest.mark.parametrize(
    ("line", "said"), [(" off hall light", "turn off the hall lamp"), (" off stairs light", "stair light off")]
)
def test_lamp_is_a_light_and_a_name_has_a_singular(line: str, said: str) -> None:
    able = ("brightness",)
    lamps = (device("Hall Light", area="Hall", able=able), device("Stairs Light", area="Stairs", able=able))
    home = Home((*lamps, device("TV", "media_player", "Hall")), (Area("Hall"), Area("Stairs")))
    lexicon = Lexicon.of(home)
    (call,) = resolve(syntax.read(line, FUNCTIONS, lexicon), Context(lexicon, None, frozenset(said.split())))
    assert len(call.targets) == 1


def test_lamp_is_the_one_that_is_called_so() -> None:
    home = Home((device("Bedside Lamp", area="Hall"), device("Main Light", area="Hall")), (Area("Hall"),))
    lexicon = Lexicon.of(home)
    reading = syntax.read(" off bedside lamp", FUNCTIONS, lexicon)
    (call,) = resolve(reading, Context(lexicon, None, frozenset("lamp off".split())))
    assert call.targets == ("light.bedside_lamp",)


def test_room_of_another_sort_is_not_taken_for_the_one_that_was_said() -> None:
    home = Home((), tuple(map(Area, ("Main Bathroom", "Guest Bedroom", "Loft Bedroom", "Kitchen"))))
    lexicon = Lexicon.of(Home((device("Basin Light", area="Main Bathroom"),), home.areas))
    readings = syntax.read(" off lights main bathroom", FUNCTIONS, lexicon)
    for said, question in (
        ("main bedroom light off", "Guest Bedroom"),
        ("main bathroom light off", None),
        # The other room is said for itself, beside this one.
        ("lights off in the main one and in the guest bedroom", "Loft Bedroom"),
        ("lights off in the main one and the kitchen", None),
    ):
        context = Context(lexicon, None, frozenset(said.split()))
        if question:
            with pytest.raises(Ambiguous, match=question):
                resolve(readings, context)
        else:
            assert resolve(readings, context)
