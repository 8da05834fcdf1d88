from __future__ import annotations

import pytest

from edgeassist.home import Area, Floor, Home
from edgeassist.language.clauses import asked, asks_and_commands, clauses, paused
from edgeassist.language.lexicon import Lexicon
from tests.support.homes import device

HOME = Lexicon.of(
    Home(
        (
            device("Desk Lamp", area="Study"),
            device("Floor Lamp", area="Lounge"),
            device("Telly", "media_player", "Lounge"),
            device("Curtains", "cover", "Lounge", device_class="curtain"),
            device("Tumble Dryer", "switch", "Kitchen"),
            device("Towel Rail", "switch", "Kitchen"),
            device("Bedroom 2 Lamp", area="Bedroom 2"),
            device("Door", "lock", "Hall"),
            device("Open Shelf Light", area="Kitchen"),
        ),
        (Area("Study"), Area("Lounge", "First Floor"), Area("Kitchen"), Area("Bedroom 2"), Area("Hall")),
        (Floor("First Floor"),),
    )
)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("close the curtains and lock the door", ["close the curtains", "lock the door"]),
        ("close the curtains then could you lock the door", ["close the curtains", "could you lock the door"]),
        ("lock the door turn off the telly", ["lock the door", "turn off the telly"]),
        ("turn everything off but lock the door", ["turn everything off", "lock the door"]),
        ("curtains shut telly on", ["curtains shut", "telly on"]),
        ("tumble dryer off and the towel rail on", ["tumble dryer off", "towel rail on"]),
        ("desk lamp to 20 floor lamp to 40 percent", ["desk lamp to 20", "floor lamp to 40 percent"]),
        ("desk lamp blue floor lamp off telly on", ["desk lamp blue", "floor lamp off", "telly on"]),
        ("telly off in the lounge and tumble dryer off", ["telly off in the lounge", "tumble dryer off"]),
        ("is the door locked and turn the telly off", ["is the door locked", "turn the telly off"]),
        ("add olive oil to the list and cancel the timer", ["add olive oil to the list", "cancel the timer"]),
    ],
)
def test_clause_stands_by_itself(words: str, parts: list[str]) -> None:
    assert clauses(words, HOME) == tuple(parts)


@pytest.mark.parametrize(
    "words",
    [
        "turn on the desk lamp",
        "turn off the desk lamp and the telly",
        "turn on the desk lamp and make it blue",
        "close the curtains sorry i mean open the curtains",
        "could you quickly turn on the desk lamp",
        "if you could turn off the telly",
        "lights on the first floor off",
        "telly on in the lounge",
        "bedroom 2 lamp on",
        "is the desk lamp on and the telly off",
        "switch on the desk lamp",
        # One half would say what the whole does not.
        "lock the door but don't open the curtains",
        "turn on the telly and never open the curtains",
        "turn on the desk lamp so the dog doesn't open the curtains",
        "if the door is locked open the curtains",
        "turn on the desk lamp when i get home and lock the door",
        "add salt and open the curtains to the list",
        "remind me to turn off the telly and lock the door",
        "set a timer called turn the chicken and close the curtains",
        "turn off the telly and open shelf light",
        "",
    ],
)
def test_what_belongs_together_stays_together(words: str) -> None:
    assert clauses(words, HOME) == (words,)


@pytest.mark.parametrize(
    ("words", "apart"),
    [
        ("is the door locked and turn the telly off", True),
        ("is the door locked and if you could turn the telly off", True),
        ("has the tumble dryer finished and close the curtains", True),
        ("did you turn off the telly and lock the door", False),
        ("is the telly on , desk lamp on , door unlocked", False),
        ("is the telly on , desk lamp off", False),
        ("how do i turn on the telly and close the curtains", False),
        ("close the curtains and lock the door", False),
    ],
)
def test_command_behind_a_question_stands_by_itself_where_it_is_no_part_of_it(words: str, apart: bool) -> None:
    assert asks_and_commands(clauses(words, HOME)) == apart


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Telly off, lamp on.", "telly off , lamp on ."),
        ("Set the lamp to 19.5; then... the telly", "set the lamp to 19.5 . then . the telly"),
        ("at 7:30, turn off the telly", "at 7:30 , turn off the telly"),
        ("no punctuation at all", "no punctuation at all"),
        ("Is the door locked?! Lamp: off", "is the door locked ? lamp , off"),
        ("Is Mr. Coffee on, or Dr. Who at St. Ives", "is mr coffee on , or dr who at st ives"),
        ("set it to twenty, five", "set it to 25"),
        ("one hundred, and five", "105"),
        ("lamp off\uff0ctelly off", "lamp off telly off"),
    ],
)
def test_punctuation_is_a_stop(text: str, words: str) -> None:
    assert paused(text) == words


def test_many_marks_take_no_longer_than_as_many_letters() -> None:
    assert paused("lamp" + 100_000 * "." + "x").startswith("lamp")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Door locked? Telly off!", "is door locked ? telly off ."),
        ("the telly, the door, unlocked?", "the telly , the door , unlocked ?"),
        ("telly off, door unlocked?", "is telly off , is door unlocked ?"),
        ("Shut the curtains. Lamp on, telly off?", "shut the curtains . is lamp on , is telly off ?"),
        ("the telly and the lamp in the study on?", "is the telly and the lamp in the study on ?"),
        # Who asks so politely wants it done, and what is no state of this home is nobody's question.
        ("turn the telly off?", "turn the telly off ?"),
        ("can I have the lamp on?", "can i have the lamp on ?"),
        ("okay could you switch the lamp on?", "okay could you switch the lamp on ?"),
        ("any chance of the telly off?", "any chance of the telly off ?"),
        ("i'd like the lamp off?", "i'd like the lamp off ?"),
        ("come on?", "come on ?"),
    ],
)
def test_state_of_things_with_a_question_mark_is_asked_about(text: str, words: str) -> None:
    assert asked(paused(text), HOME) == words


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("telly on , curtains shut , desk lamp to 30", ["telly on", "curtains shut", "desk lamp to 30"]),
        ("turn on the telly , the desk lamp , please", ["turn on the telly the desk lamp please"]),
        ("in the lounge , telly off , curtains shut", ["in the lounge telly off curtains shut"]),
        ("telly off , and then shut the curtains , thanks", ["telly off", "shut the curtains thanks"]),
        ("telly off , don't shut the curtains", ["telly off don't shut the curtains"]),
        ("telly off , all but the desk lamp , curtains shut", ["telly off all but the desk lamp curtains shut"]),
        ("desk lamp on , make it blue", ["desk lamp on make it blue"]),
    ],
)
def test_pause_parts_what_stands_by_itself(words: str, parts: list[str]) -> None:
    assert clauses(words, HOME) == tuple(parts)
