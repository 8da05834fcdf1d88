from __future__ import annotations

from pathlib import Path

import pytest

from edgeassist.board import BoardFacts
from edgeassist.errors import ConfigError
from edgeassist.models import catalogue
from edgeassist.profiles import choose, detect, folder, load_all, select_model
from tests.support.boards import BOARDS, make

TINY = "tinyllama-1.1b-chat-q4_0"
SMALL = "smollm2-135m"


@pytest.mark.parametrize("name", BOARDS)
def test_each_board_gets_its_profile(tmp_path: Path, name: str) -> None:
    board = BOARDS[name]
    choice = choose(detect(make(tmp_path, board)), local_dir=tmp_path / "none")
    assert choice.profile.name == board.profile
    assert choice.reasons
    if board.model and board.profile != "generic-arm64":
        assert f"the device tree says {board.model}" in choice.reasons


@pytest.mark.parametrize("name", ["4-2gb", "4-4gb", "4-8gb", "400", "5-4gb", "5-8gb", "5-16gb"])
def test_a_pi_4_and_a_pi_5_want_tinyllama_q4(tmp_path: Path, name: str) -> None:
    facts = detect(make(tmp_path, BOARDS[name]))
    profile = choose(facts, local_dir=tmp_path / "none").profile
    assert select_model(profile, facts, [TINY, SMALL]).use == TINY
    without = select_model(profile, facts, [SMALL])
    assert (without.wanted, without.use) == (TINY, SMALL)
    assert any("models pull tinyllama" in reason for reason in without.reasons)


def test_a_board_whose_memory_is_too_small_takes_a_small_model(tmp_path: Path) -> None:
    facts = detect(make(tmp_path, BOARDS["4-1gb"]))
    chosen = select_model(choose(facts, local_dir=tmp_path / "none").profile, facts, [TINY, SMALL])
    assert chosen.wanted != TINY
    assert chosen.use == SMALL
    assert "memory" in chosen.reasons[0]


def test_no_model_at_all_is_said() -> None:
    profile, _ = load_all()["pi-5"]
    chosen = select_model(profile, BoardFacts("aarch64", memory_mib=8000), [])
    assert chosen.use is None
    assert "no model of this profile is here" in chosen.reasons


@pytest.mark.parametrize(("shipped", "wanted"), [(True, "edgeassist-135m"), (False, SMALL)])
def test_a_tuned_small_model_goes_before_the_plain_one_where_it_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: bool, wanted: str
) -> None:
    adapter = tmp_path / "adapter"
    adapter.touch() if shipped else None
    monkeypatch.setattr("edgeassist.profiles.adapter_of", lambda _source: adapter)
    profile, _ = load_all()["pi-3"]
    facts = BoardFacts("aarch64", memory_mib=920)
    assert select_model(profile, facts, [SMALL, "edgeassist-135m"]).use == "edgeassist-135m"
    assert select_model(profile, facts, [SMALL]).wanted == wanted


def test_rk3588_runs_on_its_big_cores_only(tmp_path: Path) -> None:
    choice = choose(detect(make(tmp_path, BOARDS["orange-pi-5"])), local_dir=tmp_path / "none")
    assert choice.cpus == (4, 5, 6, 7)
    assert choice.threads == choice.threads_batch == 4
    assert "its 4 fast cores only: cpu 4, 5, 6, 7" in choice.reasons


def test_threads_never_exceed_the_cores(tmp_path: Path) -> None:
    choice = choose(detect(make(tmp_path, BOARDS["server"])), "pi-5", tmp_path / "none")
    assert choice.threads == 2


def test_a_profile_can_be_asked_for(tmp_path: Path) -> None:
    choice = choose(detect(make(tmp_path, BOARDS["laptop"])), "pi-3", tmp_path)
    assert choice.profile.name == "pi-3"
    assert choice.reasons == ("it was asked for by name",)


def test_an_unknown_profile_names_close_ones() -> None:
    with pytest.raises(ConfigError, match=r"'pi4'; did you mean pi-4"):
        choose(BoardFacts("aarch64"), "pi4")


def test_a_machine_that_none_is_for_is_told_all_names(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"riscv64.*pi-zero-2-w"):
        choose(BoardFacts("riscv64"), local_dir=tmp_path)


def test_local_values_go_over_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "pi-4.toml").write_text("threads = 3\n")
    choice = choose(BoardFacts("aarch64", cpus=(0, 1, 2, 3)), "pi-4", tmp_path)
    assert choice.threads == 3
    assert choice.profile.context == load_all(tmp_path / "none")["pi-4"][0].context
    assert choice.files == (folder() / "pi-4.toml", tmp_path / "pi-4.toml")


def test_a_new_local_profile_is_found(tmp_path: Path) -> None:
    shipped = (folder() / "rk3588.toml").read_text().replace("rockchip,rk3588", "rockchip,rk3576")
    (tmp_path / "rk3576.toml").write_text(shipped)
    facts = BoardFacts("aarch64", compatible=("some,board", "rockchip,rk3576"))
    assert choose(facts, local_dir=tmp_path).profile.name == "rk3576"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("threads = 'many'", r"pi-4.toml:1: threads.* = 'many'"),
        ("contxt = 12", r"pi-4.toml:1: contxt = 12.*Did you mean .context"),
        ("context = 1", r"pi-4.toml:1: context = 1"),
        ("context = = 1", r"pi-4.toml:1: not TOML: Invalid value"),
        ("kv_type = 'q4_0'", r"pi-4.toml:1: kv_type = 'q4_0': must be 'f16', 'q8_0/f16' or 'q8_0'"),
    ],
)
def test_a_bad_local_file_is_named_with_its_key(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "pi-4.toml").write_text(text)
    with pytest.raises(ConfigError, match=says):
        load_all(tmp_path)


def test_shipped_profiles_name_models_of_the_catalogue(tmp_path: Path) -> None:
    for profile, _ in load_all(tmp_path).values():
        for name in profile.models:
            assert catalogue.find(name), f"{profile.name}: {name}"
        assert profile.prefix_tokens < profile.context
