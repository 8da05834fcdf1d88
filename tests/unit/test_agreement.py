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
    assert sure(lines) == pytest.approx(0.5 / 0.8)
    assert sure(lines, room="Study") == pytest.approx(0.3 / 0.8), "two other lamps are here"


def test_calls_that_are_grouped_otherwise_agree() -> None:
    one = (" on desk lamp, floor lamp", 0.4)
    assert sure(alternatives(one, (" on floor lamp; on desk lamp", 0.3))) == 1
    assert sure(alternatives(one, (" on desk lamp", 0.4))) == 0.5


def test_other_values_do_not_agree() -> None:
    lines = alternatives((" brightness30 ceiling light", 0.3), (" brightness40 ceiling light", 0.1))
    assert sure(lines) == pytest.approx(0.75)


def test_question_that_a_line_raises_is_what_it_does() -> None:
    lines = alternatives((" on desk lamp", 0.2), (" on lamp here", 0.6))
    assert sure(lines) == pytest.approx(0.25)


def test_of_several_lines_the_least_sure_counts_but_none_is_less_sure_than_by_itself() -> None:
    certain, doubtful = alternatives((" on heater", 0.4)), alternatives((" on desk lamp", 0.1), (" none", 0.3))
    assert sure(certain, doubtful) == pytest.approx(0.25)
    assert sure(certain, doubtful, least=0.3) == pytest.approx(0.3)
    assert sure(least=0.7) == pytest.approx(0.7)
