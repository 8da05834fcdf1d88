from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import pytest
from llguidance import LLMatcher

from edgeassist.engine.constraint import _KEPT, Compiler, Constraint
from edgeassist.errors import ModelError
from edgeassist.functions import Function
from edgeassist.language import syntax
from edgeassist.language.grammar import MARK, Grammar
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.syntax import Reading
from edgeassist.text import normalise_utterance
from tests.support.engine import vocabulary
from tests.support.grammar import whole
from tests.support.homes import house
from tests.support.reading import FUNCTIONS, values_of

HOUSE = Lexicon.of(house())
SAID = normalise_utterance("add oat milk to the packing list and start a timer for the pasta water")
LONGEST = 40


@pytest.fixture
def compiler() -> Compiler:
    return Compiler(vocabulary().tokenizer, MARK)


def opened(
    compiler: Compiler, said: str = SAID, lexicon: Lexicon = HOUSE, functions: Mapping[str, Function] = FUNCTIONS
) -> Constraint:
    return Constraint(compiler, Grammar(functions, lexicon, said))


def closed(said: str = SAID, lexicon: Lexicon = HOUSE, functions: Mapping[str, Function] = FUNCTIONS) -> LLMatcher:
    """The grammar in one piece: what the pieces must not differ from."""
    compiled = LLMatcher.grammar_from_lark(whole(functions, lexicon, said))
    return LLMatcher(vocabulary().tokenizer, compiled, log_level=0)


def bits(mask: bytes) -> list[int]:
    return [8 * i + bit for i, octet in enumerate(mask) if octet for bit in range(8) if octet >> bit & 1]


#: Given the line so far and the tokens that may come next, the one to take.
Choose = Callable[[list[int], list[int]], int]


def end() -> int:
    return int(vocabulary().tokenizer.eos_token)


def text(tokens: list[int]) -> str:
    return str(vocabulary().tokenizer.decode_str([token for token in tokens if token != end()]))


def walk(constraint: Constraint, plain: LLMatcher, choose: Choose) -> list[int]:
    """One line by both, as the decoder goes about it; what one of them forces, admits or ends, the other does too."""
    line: list[int] = []
    while not plain.is_stopped() and len(line) < LONGEST:
        forced = constraint.compute_ff_tokens()
        assert forced == plain.compute_ff_tokens(), text(line)
        taken = forced
        if not forced:
            mask = plain.compute_bitmask()
            assert constraint.compute_bitmask() == mask, text(line)
            taken = [choose(line, bits(mask))]
        assert constraint.consume_tokens(taken)
        assert plain.consume_tokens(taken)
        line += taken
        assert constraint.is_stopped() == plain.is_stopped(), text(line)
    return line


def at_random(seed: int) -> Choose:
    draw = random.Random(seed)
    return lambda _line, admitted: draw.choice(admitted)


def spelling(wanted: str) -> Choose:
    """The longest token that goes on with the wanted line, and the end behind it."""

    def choose(line: list[int], admitted: list[int]) -> int:
        fitting = [token for token in admitted if token != end() and wanted.startswith(text([*line, token]))]
        return max(fitting, key=lambda token: len(text([token])), default=end())

    return choose


@pytest.mark.parametrize("seed", range(60))
def test_line_chosen_blindly_has_the_choices_of_the_closed_grammar_all_along(compiler: Compiler, seed: int) -> None:
    assert walk(opened(compiler), closed(), at_random(seed))


@pytest.mark.parametrize("verb", ["timer", "cancel", "remaining", "add"])
@pytest.mark.parametrize("seed", range(5))
def test_line_behind_an_open_place_has_the_choices_of_the_closed_grammar(
    compiler: Compiler, verb: str, seed: int
) -> None:
    draw = at_random(seed)
    start = spelling(f" {verb}")

    def choose(line: list[int], admitted: list[int]) -> int:
        return start(line, admitted) if len(text(line)) <= len(verb) else draw(line, admitted)

    assert text(walk(opened(compiler), closed(), choose)).startswith(f" {verb}")


def lines_with_words(words: str) -> list[str]:
    return [
        syntax.write([Reading(function, form, values, ())])
        for function in FUNCTIONS.values()
        for form in function.forms
        if form.naming == "nothing"
        for values in values_of(form, words)
    ]


@pytest.mark.parametrize("wanted", [*lines_with_words("pasta water"), " add oat milk> packing; on kettle; cancel"])
def test_timers_and_lists_are_written_in_the_words_that_were_said(compiler: Compiler, wanted: str) -> None:
    assert text(walk(opened(compiler), closed(), spelling(wanted))) == wanted


def test_word_that_was_not_said_cannot_be_written(compiler: Compiler) -> None:
    line = text(walk(opened(compiler), closed(), spelling(" add cheese")))
    assert not line.startswith(" add cheese")
    assert line.startswith(" add ")


def test_mark_itself_is_never_written(compiler: Compiler) -> None:
    constraint = opened(compiler)
    constraint.consume_tokens(vocabulary().tokenizer.tokenize_str(" add"))
    assert MARK not in text(constraint.compute_ff_tokens())


def test_pieces_are_compiled_once_and_where_a_line_comes_to_them(compiler: Compiler) -> None:
    before = compiler.compiled
    for said in ("lights on", "lights off", SAID):
        walk(opened(compiler, said), closed(said), spelling(" on kettle; on lights hall"))
    assert compiler.compiled == before + 3, "the first verbs, what follows the verb, and the verbs of another call"
    walk(opened(compiler), closed(), spelling(" add oat milk"))
    assert compiler.compiled == before + 4


def test_line_of_one_utterance_leaves_nothing_in_the_grammar_of_the_next(compiler: Compiler) -> None:
    for _ in range(2):
        assert text(walk(opened(compiler), closed(), spelling(" add oat milk"))) == " add oat milk"
        said = "add tea"
        assert text(walk(opened(compiler, said), closed(said), spelling(" add tea"))) == " add tea"


def test_least_recently_used_piece_is_dropped(compiler: Compiler) -> None:
    pieces = [f'start: "{number}"' for number in range(_KEPT + 1)]
    for lark in pieces[:_KEPT]:
        compiler.matcher(lark)
    compiler.matcher(pieces[0])
    compiler.matcher(pieces[-1])
    before = compiler.compiled
    compiler.matcher(pieces[0])
    assert compiler.compiled == before
    compiler.matcher(pieces[1])
    assert compiler.compiled == before + 1


def test_text_that_is_no_grammar_is_a_model_error(compiler: Compiler) -> None:
    for _ in range(2):
        with pytest.raises(ModelError, match="cannot be written as a grammar"):
            compiler.matcher("start: missing")


def test_no_first_word_of_a_verb_begins_another() -> None:
    words = {form.verb.split()[0] for function in FUNCTIONS.values() for form in function.forms} | {"none"}
    assert not [(one, other) for one in words for other in words if one != other and other.startswith(one)]


@pytest.mark.parametrize(
    ("guess", "good"),
    [
        (" on kettle", " on kettle"),
        (" on kettle; add oat milk", " on kettle; add oat milk"),
        (" add oat cakes", " add oat"),
        (" on castle", " on"),
        (" explode kettle", ""),
    ],
)
def test_guess_counts_as_far_as_it_is_good_and_something_is_decided_behind_it(
    compiler: Compiler, guess: str, good: str
) -> None:
    tokens = vocabulary().tokenizer.tokenize_str
    free = opened(compiler).free(tokens(guess))
    assert free[-1] == len(tokens(good))
    assert free == sorted(set(free))
