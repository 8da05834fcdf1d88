from __future__ import annotations

from random import Random

from edgeassist.functions import builtin_functions
from edgeassist.home import Device, Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.syntax import read
from edgeassist.training.reasons import WISHES, wish
from edgeassist.training.sounds import compound, like
from edgeassist.training.template import phrases

FUNCTIONS = builtin_functions()


def test_reason_fits_what_is_wished_for() -> None:
    home = Home((Device("a", "Moon", "light"), Device("b", "Pump", "switch"), Device("c", "Gate", "cover")))
    lexicon = Lexicon.of(home)

    def heading(line: str) -> str | None:
        return wish(read(line, FUNCTIONS, lexicon), lexicon)

    assert heading(" on moon") == "light on"
    assert heading(" off pump") == "device off"
    assert heading(" open gate") == "open"
    assert heading(" open gate; on moon") is None
    assert heading(" toggle moon") is None


def test_every_heading_of_a_wish_has_reasons() -> None:
    headings = dict(phrases("reasons.txt"))
    wanted = {"reason", *WISHES.values(), *(f"{what} {verb}" for what in ("light", "device") for verb in ("on", "off"))}
    assert headings.keys() == wanted


def test_word_that_sounds_alike_differs_in_few_letters() -> None:
    for seed in range(400):
        rng = Random(seed)
        word = rng.choice(("landing", "greenhouse", "conservatory", "purifier", "bookshelf", "lamp", "tv", "40"))
        heard = like(rng, word)
        assert abs(len(heard) - len(word)) <= 2
        assert heard == word or (len(word) > 3 and heard[0] == word[0])


def test_compound_is_written_in_two_words_and_two_words_as_one() -> None:
    apart, together = "the greenhouse".split(), "the night light".split()
    command = "turn off lights".split()
    compound(Random(1), command)
    assert command == ["turn", "off", "lights"]
    compound(Random(1), apart)
    compound(Random(1), together)
    assert apart == ["the", "green", "house"]
    assert together == ["the", "nightlight"]
