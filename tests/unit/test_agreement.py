import math

import pytest

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.agreement import Alternative, confidence
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Context
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Home(
    (
        device("Ceiling Light", area="Hall"),
        device("Desk Lamp", area="Study"),
        device("Floor Lamp", area="Study"),
        device("Heater", "switch", "Study"),
    ),
    (Area("Hall"), Area("Study")),
)
LEXICON = Lexicon.of(HOME)


def alternatives(*lines: tuple[str, float]) -> tuple[Alternative, ...]:
    return tuple(Alternative(syntax.read(line, FUNCTIONS, LEXICON), probability) for line, probability in lines)


def sure(*lines: tuple[Alternative, ...], room: str | None = "Hall", least: float = 0.0) -> float:
    area = HOME.find_area(room) if room else None
    return confidence(least, lines, Context(LEXICON, area, frozenset({"light", "on"})))


def test_lines_that_do_the_same_in_this_room_agree() -> None:
    lines = alternatives((" on lights here", 0.3), (" on ceiling light", 0.2), (" on heater", 0.1), (" none", 0.2))
    assert sure(lines) == pytest.approx(math.sqrt(0.5 * 0.5 / 0.8))
    assert sure(lines, room="Study") == pytest.approx(math.sqrt(0.3 * 0.3 / 0.8)), "two other lamps are here"


def test_calls_that_are_grouped_otherwise_agree() -> None:
    one = (" on desk lamp, floor lamp", 0.4)
    assert sure(alternatives(one, (" on floor lamp; on desk lamp", 0.4))) == pytest.approx(math.sqrt(0.8))
    assert sure(alternatives(one, (" on desk lamp", 0.4))) == pytest.approx(math.sqrt(0.4 * 0.5))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (" brightness30 ceiling light", " brightness40 ceiling light"),
        (" toggle heater", " toggle heater; toggle heater"),
        (" on heater; off heater", " off heater; on heater"),
        (" timer10m", " timer10m; timer10m"),
        (" timer10m", " timer10m pasta"),
        (" is heater", " on heater"),
    ],
)
def test_other_effects_do_not_agree(one: str, other: str) -> None:
    assert sure(alternatives((one, 0.4), (other, 0.4))) == pytest.approx(math.sqrt(0.4 * 0.5))


def test_question_that_a_line_raises_is_what_it_does() -> None:
    lines = alternatives((" on desk lamp", 0.2), (" on lamp here", 0.6))
    assert sure(lines) == pytest.approx(math.sqrt(0.2 * 0.25))


def test_model_that_finds_every_line_absurd_is_sure_of_none() -> None:
    assert sure(alternatives((" on heater", 0.01), (" off heater", 1e-9))) == pytest.approx(0.1)
    assert sure(alternatives((" on heater", 0.0), (" off heater", 0.0))) == 0


def test_of_several_lines_the_least_sure_counts_but_none_is_less_sure_than_by_itself() -> None:
    certain, doubtful = alternatives((" on heater", 0.4)), alternatives((" on desk lamp", 0.1), (" none", 0.3))
    assert sure(certain, doubtful) == pytest.approx(math.sqrt(0.1 * 0.25))
    assert sure(certain, doubtful, least=0.3) == pytest.approx(0.3)
    assert sure(least=0.7) == pytest.approx(0.7)
