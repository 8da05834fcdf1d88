"""The decode loop under the real grammar, with a model that computes without rounding: equal means equal."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from edgeassist.engine.constraint import Compiler, Constraint
from edgeassist.engine.decoder import MAX_LINE_TOKENS, Decision, Decoded, decode_line
from edgeassist.errors import DeadlineExceeded, ModelError
from edgeassist.language.grammar import MARK, Grammar
from edgeassist.language.lexicon import Lexicon
from tests.support.engine import vocabulary
from tests.support.homes import house
from tests.support.reading import FUNCTIONS

HOUSE = Lexicon.of(house())
SAID = "put oat milk on the list"
PREFIX, SUFFIX = [7, 8, 9], [20, 21, 22, 23]


class FakeModel:
    """Its taste depends on what it has read and on nothing else; ``wanted`` tokens come first, in their order."""

    def __init__(self, seed: int = 0, wanted: Sequence[int] = ()) -> None:
        self.vocab_size: int = vocabulary().tokenizer.vocab_size
        self.eos: int = vocabulary().tokenizer.eos_token
        self.held = list(PREFIX)
        self.passes: list[list[int]] = []
        self.asked = self.kept = 0
        self._wanted = list(wanted)
        self._taste = np.random.default_rng(seed).normal(size=self.vocab_size).astype(np.float32)

    def decode(
        self, tokens: Sequence[int], position: int, sequence: int, *, logits_at: Collection[int] | None = None
    ) -> None:
        assert (position, sequence) == (len(self.held), 1), "a batch follows what the sequence holds"
        self.held += tokens
        self.passes.append(list(tokens))
        self._kept = {len(tokens) - 1} if logits_at is None else {*logits_at}
        self.kept += len(self._kept)

    def probabilities(self, index: int) -> Sequence[float]:
        assert index in self._kept, "only what was asked for is kept"
        self.asked += 1
        read = self.held[: len(self.held) - len(self.passes[-1]) + index + 1]
        logits: NDArray[np.float32] = np.roll(self._taste, sum(read) * 31 + len(read))
        said = read[len(PREFIX) + len(SUFFIX) :]
        if self._wanted[: len(said)] == said and len(said) < len(self._wanted):
            logits[self._wanted[len(said)]] += 50
        weights = np.exp(logits - logits.max(), dtype=np.float64)
        return [*map(float, weights / weights.sum())]

    def forget(self, sequence: int, position: int = 0) -> None:
        del self.held[position:]


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    return Compiler(vocabulary().tokenizer, MARK)


def opened(compiler: Compiler) -> Constraint:
    return Constraint(compiler, Grammar(FUNCTIONS, HOUSE, SAID))


def decoded(
    model: FakeModel,
    constraint: Constraint,
    draft: Sequence[int] = (),
    deadline: float = 60,
    odds: Mapping[int, float] | None = None,
) -> Decoded:
    until = time.monotonic() + deadline
    line = decode_line(
        model, constraint, SUFFIX, position=len(PREFIX), sequence=1, deadline=until, draft=draft, odds=odds
    )
    assert model.held == PREFIX, "what was read is forgotten"
    return line


def tokens(line: str) -> list[int]:
    return [*vocabulary().tokenizer.tokenize_str(line)]


def text(line: Decoded) -> str:
    end = vocabulary().tokenizer.eos_token
    return str(vocabulary().tokenizer.decode_str([token for token in line.tokens if token != end]))


def guesses(line: Decoded, draw: random.Random) -> list[list[int]]:
    """The line itself, its beginning, the line with one token changed, one that goes on too long, and another line."""
    own = list(line.tokens)
    changed = list(own)
    changed[draw.randrange(len(own))] = draw.randrange(100, 40_000)
    return [own, own[: draw.randrange(len(own))], changed, [*own, *own], tokens(" on lights kitchen")]


@pytest.mark.parametrize("seed", range(120))
def test_whatever_is_guessed_the_line_is_that_of_plain_decoding(compiler: Compiler, seed: int) -> None:
    plain = decoded(FakeModel(seed), opened(compiler))
    for guess in guesses(plain, random.Random(seed)):
        drafted = decoded(FakeModel(seed), opened(compiler), guess)
        assert drafted.tokens == plain.tokens
        assert drafted.decisions == plain.decisions
        assert drafted.steps <= plain.steps
        assert drafted.evaluated <= plain.evaluated + len(guess), "a wrong guess costs its tokens at most"
        assert drafted.accepted <= drafted.drafted <= len(guess)


def test_right_guess_takes_one_pass(compiler: Compiler) -> None:
    line = tokens(" brightness30 kitchen")
    end = vocabulary().tokenizer.eos_token
    plain = decoded(FakeModel(wanted=[*line, end]), opened(compiler))
    model = FakeModel(wanted=[*line, end])
    guessed = decoded(model, opened(compiler), line)
    assert text(plain) == text(guessed) == " brightness30 kitchen"
    assert (guessed.steps, guessed.drafted, guessed.accepted) == (1, len(line), len(line))
    assert model.kept == model.asked == len(guessed.decisions), "no logits of what is forced"
    assert plain.steps == len(plain.decisions) == 5


def test_odds_weigh_the_first_decision_and_none_behind_it(compiler: Compiler) -> None:
    first, *rest = tokens(" off lights downstairs")
    end = vocabulary().tokenizer.eos_token
    plain = decoded(FakeModel(wanted=[first, *rest, end]), opened(compiler))
    halved = decoded(FakeModel(wanted=[first, *rest, end]), opened(compiler), odds={first: 0.5, rest[0]: 1e-30})
    assert halved.tokens == plain.tokens
    assert halved.probability == pytest.approx(0.5 * plain.probability)
    certain = decoded(FakeModel(wanted=[first, *rest, end]), opened(compiler), odds={first: 2.0})
    assert certain.probability <= 1
    other = decoded(FakeModel(wanted=[first, *rest, end]), opened(compiler), odds={first: 1e-30})
    assert other.tokens[0] != first


def test_line_is_as_sure_as_its_weakest_part(compiler: Compiler) -> None:
    parts = [tokens(" off lights downstairs"), tokens(" brightness30 kitchen"), tokens(" on floor lamp")]
    end, following = vocabulary().tokenizer.eos_token, tokens(";")[0]
    whole = [*parts[0], following, *parts[1], following, *parts[2], end]
    line = decoded(FakeModel(wanted=whole), opened(compiler), odds={parts[0][0]: 0.5})
    places = [decision.at for decision in line.decisions]
    assert [line.tokens[place] for place in places] == [decision.token for decision in line.decisions]
    assert line.weakest({following}) == pytest.approx(0.5, rel=0.01)
    assert line.weakest(()) == pytest.approx(line.probability)
    three = Decoded(
        (1, 9, 2, 9, 3),
        tuple(Decision(t, p, p, at) for t, p, at in ((1, 0.5, 0), (2, 0.25, 2), (3, 0.8, 4))),
        1,
        5,
        0,
        0,
    )
    assert three.weakest({9}) == pytest.approx(0.25)


def test_what_the_grammar_rules_out_makes_a_line_unsure_at_its_first_decision_only() -> None:
    line = Decoded((1, 2), (Decision(1, 0.5, 0.9, 0), Decision(2, 0.1, 0.8, 1)), 1, 2, 0, 0)
    assert line.weakest(()) == pytest.approx(0.5 * 0.8)


def test_forced_tokens_are_never_chosen_and_ride_in_the_next_batch(compiler: Compiler) -> None:
    line = tokens(" off lights downstairs")
    model = FakeModel(wanted=[*line, vocabulary().tokenizer.eos_token])
    plain = decoded(model, opened(compiler))
    assert text(plain) == " off lights downstairs"
    assert model.asked == len(plain.decisions) == plain.steps == len(model.passes)
    assert len(plain.decisions) < len(plain.tokens), "the grammar forces some of this line"
    assert plain.evaluated == sum(map(len, model.passes)) <= len(SUFFIX) + len(plain.tokens)


def test_line_that_does_not_end_is_cut(compiler: Compiler) -> None:
    call = " on " + ", ".join(["floor lamp"] * 12)
    line = decoded(FakeModel(wanted=tokens(";".join([call] * 8))), opened(compiler))
    assert not line.complete
    assert MAX_LINE_TOKENS < len(line.tokens) <= MAX_LINE_TOKENS + 16


def test_deadline_cuts_between_passes_and_leaves_the_prefix(compiler: Compiler) -> None:
    model = FakeModel()
    with pytest.raises(DeadlineExceeded):
        decoded(model, opened(compiler), deadline=-1)
    assert model.held == PREFIX
    assert model.passes == []


def test_probability_is_that_of_the_free_decisions(compiler: Compiler) -> None:
    line = decoded(FakeModel(wanted=[*tokens(" none"), vocabulary().tokenizer.eos_token]), opened(compiler))
    assert text(line) == " none"
    assert line.probability == pytest.approx(np.prod([each.probability for each in line.decisions]))
    assert all(0 < each.probability <= each.admitted <= 1 for each in line.decisions)


class Nothing:
    def after(self, _line: str) -> str:
        return "start: /[^\\s\\S]/"


def test_grammar_without_any_line_is_a_model_error(compiler: Compiler) -> None:
    with pytest.raises(ModelError):
        decoded(FakeModel(), Constraint(compiler, Nothing()))


def probed(model: FakeModel, constraint: Constraint, draft: Sequence[int] = (), deadline: float = 60) -> Decoded:
    until = time.monotonic() + deadline
    line = decode_line(
        model, constraint, SUFFIX, position=len(PREFIX), sequence=1, deadline=until, draft=draft, doubt=1.0
    )
    assert model.held == PREFIX
    return line


@pytest.mark.parametrize("seed", range(60))
def test_doubtful_line_gives_way_to_a_more_probable_one_and_to_no_other(compiler: Compiler, seed: int) -> None:
    plain, found = decoded(FakeModel(seed), opened(compiler)), probed(FakeModel(seed), opened(compiler))
    assert found.cost <= plain.cost
    assert found.complete
    assert (found.tokens == plain.tokens) == (found.cost == plain.cost)
    assert found.probability == pytest.approx(float(np.prod([each.probability for each in found.decisions])), rel=1e-6)
    assert probed(FakeModel(seed), opened(compiler), list(plain.tokens)).tokens == found.tokens, "whatever was guessed"


def test_some_doubtful_lines_do_give_way(compiler: Compiler) -> None:
    pairs = [(decoded(FakeModel(s), opened(compiler)), probed(FakeModel(s), opened(compiler))) for s in range(20)]
    assert any(found.cost < plain.cost for plain, found in pairs)


@pytest.mark.parametrize("seed", range(20))
def test_what_a_doubtful_line_was_compared_with_is_told(compiler: Compiler, seed: int) -> None:
    plain, found = decoded(FakeModel(seed), opened(compiler)), probed(FakeModel(seed), opened(compiler))
    lines = {other.tokens: other.probability for other in found.others}
    assert len(lines) == len(found.others)
    assert found.tokens not in lines
    assert all(0 < probability <= found.probability for probability in lines.values())
    if plain.tokens != found.tokens:
        assert lines[plain.tokens] == pytest.approx(plain.probability, rel=1e-6)


def test_line_that_is_certain_is_compared_with_nothing(compiler: Compiler) -> None:
    line = [*tokens(" brightness30 kitchen"), vocabulary().tokenizer.eos_token]
    steps = decoded(FakeModel(wanted=line), opened(compiler)).steps
    model = FakeModel(wanted=line)
    until = time.monotonic() + 60
    found = decode_line(
        model, opened(compiler), SUFFIX, position=len(PREFIX), sequence=1, deadline=until, draft=(), doubt=0.3
    )
    assert found.steps == steps
    assert found.others == ()


def test_model_whose_numbers_are_no_numbers_is_an_error(compiler: Compiler) -> None:
    class Broken(FakeModel):
        def probabilities(self, index: int) -> Sequence[float]:
            return [math.nan] * self.vocab_size

    with pytest.raises(ModelError, match="no numbers"):
        decoded(Broken(), opened(compiler))


def test_choice_among_what_the_model_finds_impossible_is_made(compiler: Compiler) -> None:
    class Certain(FakeModel):
        def probabilities(self, index: int) -> Sequence[float]:
            chances = [0.0] * self.vocab_size
            chances[self.eos] = 1.0
            return chances

    found = decoded(Certain(), opened(compiler))
    assert found.probability < 1e-20
