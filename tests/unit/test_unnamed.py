from __future__ import annotations

import pytest

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.unnamed import unnamed
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Lexicon.of(
    Home(
        (
            device("Coffee Machine", "switch", "Kitchen", aliases=("Sage",)),
            device("Fireplace", "switch", "Parlour"),
            device("Kettle", "switch", "Kitchen"),
            device("Moon", area="Parlour"),
            device("Speaker", "media_player", "Kitchen"),
            device("Priya's Lamp", area="Parlour"),
            device("Radio", "media_player"),
            device("Bedroom Fan", "fan", "Parlour", able=("percentage",)),
            device("Rosie", "vacuum"),
        ),
        (Area("Kitchen"), Area("Parlour")),
    )
)


@pytest.mark.parametrize(
    ("words", "line", "confidence", "asked"),
    [
        ("the lawn looks thirsty", " on fireplace", 0.35, "If you mean Fireplace, call it so."),
        ("i fancy a brew", " on kettle", 0.98, None),
        # The kind, the place and another name are words for it.
        ("light on", " on moon", 0.5, None),
        ("something on in the parlour", " on fireplace", 0.5, None),
        ("sage on", " on coffee machine", 0.5, None),
        ("is there any coffee", " is kettle", 0.3, None),
        ("light on", " on lights here", 0.3, None),
        (
            "start the washing machine",
            " on coffee machine",
            0.95,
            "I know no washing machine here, only Coffee Machine.",
        ),
        ("start the coffee machine", " on coffee machine", 0.95, None),
        ("the moon's too dim", " off moon", 0.5, None),
        ("i'm off to lectures speaker off", " off speaker", 0.9, None),
        ("start the machine", " on coffee machine", 0.95, None),
        ("turn my machine on", " on coffee machine", 0.95, None),
        ("garage speaker on", " on speaker", 0.95, "I know no garage speaker here, only Speaker."),
        ("mow the lawn", " clean rosie", 0.9, "I know no lawn mower here."),
        ("hoover the lawn", " clean rosie", 0.9, None),
        ("humidifier to 50", " speed50 fans here", 0.6, "I know no humidifier here."),
        ("dim the bedroom", " slower bedroom fan", 0.9, "Bedroom Fan cannot be dimmed. Which light do you mean?"),
        ("dim the bedroom fan", " slower bedroom fan", 0.9, None),
        ("speaker on and kitchen kettle on", " on speaker; on kettle", 0.9, None),
        (
            "speaker off and kettle on in the garage speaker",
            " off speaker; on kettle",
            0.9,
            "I know no garage speaker here, only Speaker.",
        ),
        ("garage radio on", " on radio", 0.95, None),
        ("the kitchen speaker on", " on speaker", 0.95, None),
        ("close priya's blinds", " off priya's lamp", 0.95, "I know no priya's blinds here, only Priya's Lamp."),
        ("priya's lamp off and the kitchen blinds", " off priya's lamp", 0.95, None),
    ],
)
def test_device_of_which_nobody_spoke_is_asked_about(
    words: str, line: str, confidence: float, asked: str | None
) -> None:
    assert unnamed(syntax.read(line, FUNCTIONS, HOME), words, HOME, confidence) == asked
