import pytest

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.text import normalise_utterance
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Home(
    (
        device("Front Gate", "cover", device_class="gate"),
        device("Up And Over Door", "cover", device_class="garage"),
        device("Water Main", "valve"),
        device("Blind", "cover", "Study", device_class="blind"),
    ),
    (Area("Study"),),
)
LEXICON = Lexicon.of(HOME)


def opened(text: str, line: str, *, inferred: bool = False) -> set[str]:
    words = frozenset(normalise_utterance(text).split())
    readings = syntax.read(line, FUNCTIONS, LEXICON)
    calls = resolve(readings, Context(LEXICON, HOME.find_area("Study"), words, inferred))
    return {target for call in calls for target in call.targets}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("see you at the front gate", " open front gate"),
        ("start with the front gate", " open front gate"),
        ("the up and over door lets light in", " open up and over door"),
        ("windy day for the water main", " open water main"),
    ],
)
def test_entrance_or_water_that_nobody_wished_to_open_asks(text: str, line: str) -> None:
    with pytest.raises(Ambiguous, match="Then say"):
        opened(text, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("front gate up please", " open front gate"),
        ("let the van in, front gate", " open front gate"),
        ("turn on the water main", " open water main"),
        ("see outside, blind", " open blind"),
        ("the up and over door open", " open up and over door"),
    ],
)
def test_what_was_wished_for_opens(text: str, line: str) -> None:
    assert len(opened(text, line)) == 1


def test_follow_up_needs_no_word_of_its_own() -> None:
    assert opened("and the front gate", " open front gate", inferred=True)


def test_greeting_of_another_time_of_day_runs_no_scene() -> None:
    lexicon = Lexicon.of(Home((device("Good Morning", "scene"), device("Movie Night", "scene"))))

    def run(text: str, line: str) -> tuple[str, ...]:
        (call,) = resolve(syntax.read(line, FUNCTIONS, lexicon), Context(lexicon, None, frozenset(text.split())))
        return call.targets

    with pytest.raises(Ambiguous, match="another time"):
        run("good night", " run good morning")
    assert run("good morning", " run good morning") == ("scene.good_morning",)
    assert run("rise and shine", " run good morning") == ("scene.good_morning",)
    assert run("a movie this evening would be good", " run movie night") == ("scene.movie_night",)
