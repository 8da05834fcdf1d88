import numpy as np
import pytest

from edgeassist.training.packing import BOS, EOS, Packed, pack


def _letters(text: str) -> list[int]:
    return [10 + ord(letter) for letter in text]


def _packed(*turns: tuple[str, str]) -> Packed:
    return pack(" hall\n", turns, _letters)


def test_turn_after_the_listing_is_laid_out_as_the_runtime_reads_it() -> None:
    packed = _packed(("on", " x"))
    assert packed.tokens.tolist() == [BOS, *_letters(" hall\n"), *_letters(" on\n"), *_letters(" x")]
    assert packed.positions.tolist() == list(range(len(packed.tokens)))


def test_answers_are_the_line_and_the_end_behind_the_newline() -> None:
    packed = _packed(("on", " x"))
    assert packed.answers.tolist() == [*_letters(" x"), EOS]
    assert packed.tokens[packed.asked].tolist() == [*_letters("\n"), *_letters(" x")]


def test_positions_of_every_turn_restart_behind_the_listing() -> None:
    packed = _packed(("on", " x"), ("off", " yy"))
    for turn in (1, 2):
        assert packed.positions[packed.segment == turn][0] == packed.start


def test_mask_shows_a_turn_the_listing_and_itself_only() -> None:
    packed = _packed(("on", " x"), ("off", " yy"))
    mask = packed.mask()
    second = np.flatnonzero(packed.segment == 2)
    assert mask[second][:, packed.segment == 0].all()
    assert not mask[second][:, packed.segment == 1].any()
    assert not np.triu(mask, 1).any()
    assert mask.diagonal().all()


@pytest.mark.parametrize("turns", [[], [("on", " x")], [("on", " x"), ("everything off", " yy")]])
def test_grid_holds_every_token_of_the_turns_once(turns: list[tuple[str, str]]) -> None:
    packed = _packed(*turns)
    cells = packed.grid()
    assert cells[cells >= 0].tolist() == list(range(packed.start, len(packed.tokens)))
    assert len(cells) == len(turns)
