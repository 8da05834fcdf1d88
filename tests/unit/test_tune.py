from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from edgeassist import heat
from edgeassist.board import BoardFacts
from edgeassist.cli import main
from edgeassist.engine.options import EngineOptions
from edgeassist.errors import EdgeAssistError
from edgeassist.profiles import choose
from edgeassist.tune import override
from edgeassist.tune.search import Timing, Tuned, core_sets, thread_counts, tune

COOL, HOT = heat.Heat(50.0, (), ()), heat.Heat(84.0, ("throttled",), ())
QUAD = BoardFacts("aarch64", "Some Board", cpus=(0, 1, 2, 3), physical_cores=4, memory_mib=4000)
BIG_LITTLE = BoardFacts(
    "aarch64", cpus=tuple(range(6)), physical_cores=6, capacity={0: 400, 1: 400} | dict.fromkeys((2, 3, 4, 5), 1024)
)
START = EngineOptions(threads=4, threads_batch=4, mmap=True)
MIB = 1 << 20


def slow(_options: EngineOptions) -> float:
    """Milliseconds that a setting costs; nothing by default."""
    return 0.0


@dataclass
class FakeTimer:
    """Takes ``takes_s`` of its own clock for each candidate; every time is 10 ms and what ``cost`` adds."""

    cost: Callable[[EngineOptions], float] = slow
    prefix: Callable[[EngineOptions], float] = slow
    memory: Callable[[EngineOptions], float] = slow
    crashes: Callable[[EngineOptions], bool] = lambda _options: False
    drafted_ms: float = 5.0
    takes_s: float = 1.0
    now: float = 100.0
    tried: list[EngineOptions] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def __call__(self, options: EngineOptions) -> Timing:
        self.tried.append(options)
        self.now += self.takes_s
        if self.crashes(options):
            raise EdgeAssistError("did not run (code -11): no message")
        each = (10 + self.cost(options)) / 1000
        return Timing(
            prefix=(100 + self.prefix(options)) / 1000,
            utterance=each,
            drafted=each + self.drafted_ms / 1000,
            token=each,
            peak_rss=int((200 + self.memory(options)) * MIB),
        )


def tuned(timer: FakeTimer, facts: BoardFacts = QUAD, start: EngineOptions = START, seconds: float = 1000) -> Tuned:
    return tune(start, facts, timer, seconds=seconds, clock=timer.clock, throttled=lambda: COOL)


def test_each_setting_that_is_faster_is_kept() -> None:
    timer = FakeTimer(
        cost=lambda o: (
            2 * abs(o.threads - 2)
            + abs(o.threads_batch - 3)
            + 3 * o.flash
            + 4 * o.mmap
            + 5 * (not o.repack)
            + 6 * (o.kv_type != "f16")
        ),
        prefix=lambda o: abs(o.batch - 128),
    )
    best = tuned(timer).best
    assert (best.threads, best.threads_batch) == (2, 3)
    assert (best.flash, best.kv_type, best.mmap, best.repack, best.batch) == (False, "f16", False, True, 128)
    assert best.draft


def test_what_tuning_does_not_try_stays_as_it_was() -> None:
    start = START.model_copy(update={"context": 4096, "prefix_tokens": 700})
    best = tuned(FakeTimer(), start=start).best
    assert (best.context, best.prefix_tokens) == (4096, 700)


def test_difference_that_may_be_noise_changes_nothing() -> None:
    assert tuned(FakeTimer(cost=lambda o: 0.1 * o.threads)).best == START


def test_of_equally_fast_settings_the_one_with_less_memory_wins() -> None:
    best = tuned(FakeTimer(memory=lambda o: 100 * o.mmap)).best
    assert not best.mmap
    assert best.threads == START.threads


def test_guesses_are_switched_off_where_they_cost_more_than_they_save() -> None:
    assert not tuned(FakeTimer(drafted_ms=200)).best.draft


def test_candidate_that_crashes_is_noted_and_never_chosen() -> None:
    result = tuned(FakeTimer(cost=lambda o: -5.0 * (not o.mmap), crashes=lambda o: not o.mmap))
    assert result.best.mmap
    crashed = [trial for trial in result.trials if trial.timing is None]
    assert crashed
    assert all("code -11" in trial.note and not trial.chosen for trial in crashed)


def test_profile_that_does_not_run_itself_is_an_error() -> None:
    with pytest.raises(EdgeAssistError, match="did not run"):
        tuned(FakeTimer(crashes=lambda o: o == START))


@pytest.mark.parametrize("seconds", [1, 5, 12])
def test_time_is_kept_and_what_was_left_out_is_named(seconds: float) -> None:
    timer = FakeTimer(cost=lambda o: 3 * o.threads)
    result = tuned(timer, seconds=seconds)
    assert result.seconds <= seconds
    assert len(timer.tried) == seconds
    assert any(trial.note == "no time was left" for trial in result.trials)
    assert result.best in {options.model_copy(update={"draft": result.best.draft}) for options in timer.tried} | {START}


def test_only_the_winner_is_marked() -> None:
    result = tuned(FakeTimer(cost=lambda o: abs(o.threads - 2)))
    assert {trial.candidate for trial in result.trials if trial.chosen} == {result.best}


def test_throttled_board_is_refused_before_anything_is_measured() -> None:
    timer = FakeTimer()
    with pytest.raises(EdgeAssistError, match=r"throttled \(throttled, 84 degrees\); cool it"):
        tune(START, QUAD, timer, throttled=lambda: HOT)
    assert timer.tried == []


def test_board_that_becomes_hot_while_it_is_measured_is_refused() -> None:
    timer = FakeTimer()
    with pytest.raises(EdgeAssistError, match="throttled"):
        tune(START, QUAD, timer, clock=timer.clock, throttled=lambda: HOT if len(timer.tried) > 2 else COOL)
    assert len(timer.tried) == 3


def test_progress_comes_before_each_trial_and_does_not_pass_its_end() -> None:
    told: list[tuple[int, int]] = []
    timer = FakeTimer()
    tune(
        START,
        QUAD,
        timer,
        clock=timer.clock,
        throttled=lambda: COOL,
        seconds=1000,
        progress=lambda _what, done, of: told.append((done, of)),
    )
    assert len(told) == len(timer.tried)
    assert all(done < of for done, of in told)


def test_core_sets_and_thread_counts() -> None:
    assert core_sets(QUAD) == [(0, 1, 2, 3)]
    assert core_sets(BIG_LITTLE) == [(0, 1, 2, 3, 4, 5), (2, 3, 4, 5)]
    assert thread_counts(4) == [4, 3, 2, 1]
    assert thread_counts(2) == [2, 1]
    assert thread_counts(1) == [1]


def written(folder: Path, result: Tuned, facts: BoardFacts, kept: dict[str, object] | None = None) -> Path:
    path = folder / "generic-arm64.toml"
    override.write(path, override.text(result, facts, "some-model", kept or {}))
    return path


def test_override_gives_the_winner_when_the_profiles_are_loaded(tmp_path: Path) -> None:
    result = tuned(FakeTimer(cost=lambda o: 2 * abs(o.threads - 2) + 4 * o.mmap, prefix=lambda o: abs(o.batch - 32)))
    path = written(tmp_path, result, QUAD)
    choice = choose(QUAD, local_dir=tmp_path)
    assert choice.files[-1] == path
    assert (choice.threads, choice.threads_batch, choice.cpus) == (2, result.best.threads_batch, None)
    for key in ("batch", "kv_type", "flash", "mmap", "mlock", "repack", "draft"):
        assert getattr(choice.profile, key) == getattr(result.best, key), key
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o644, "the service's user reads it as well"


@pytest.mark.parametrize("threads", [4, 3, 1])
def test_winner_on_the_big_cores_stays_on_them(tmp_path: Path, threads: int) -> None:
    def cost(options: EngineOptions) -> float:
        return 5.0 * (options.cpus is None) + 2 * abs(options.threads - threads)

    result = tuned(FakeTimer(cost=cost), BIG_LITTLE, EngineOptions(threads=6, threads_batch=6))
    assert result.best.cpus == (2, 3, 4, 5)
    written(tmp_path, result, BIG_LITTLE)
    choice = choose(BIG_LITTLE, local_dir=tmp_path)
    assert (choice.cpus, choice.threads) == ((2, 3, 4, 5), threads)


def test_override_holds_the_table_that_justifies_it(tmp_path: Path) -> None:
    result = tuned(FakeTimer(cost=lambda o: 2 * abs(o.threads - 2), crashes=lambda o: o.repack is False))
    lines = written(tmp_path, result, QUAD).read_text().splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert comments[0].startswith("# Measured with some-model on Some Board, 4 cores")
    for trial in result.trials:
        assert any(trial.setting in line and trial.value in line for line in comments)
    assert any(line.endswith("chosen") for line in comments)


def test_what_tuning_does_not_decide_is_kept_from_the_override_before(tmp_path: Path) -> None:
    before: dict[str, object] = {
        "threads": 1,
        "context": 1024,
        "models": ["a", "b"],
        "notes": 'mine, "quoted"',
        "match": {"machine": "aarch64", "memory_gib": [0.0, 9.5]},
    }
    path = written(tmp_path, tuned(FakeTimer()), QUAD, before)
    table = tomllib.loads(path.read_text())
    assert {name: table[name] for name in before if name != "threads"} == {
        name: value for name, value in before.items() if name != "threads"
    }
    assert table["threads"] == START.threads


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeTimer:
    """The command on a made-up model, measured by a fake timer."""
    timer = FakeTimer(cost=lambda options: 2 * options.flash)
    model = tmp_path / "some.gguf"
    model.write_bytes(b"GGUF")
    monkeypatch.setenv("EDGEASSIST_MODEL__PATH", str(model))
    monkeypatch.setenv("EDGEASSIST_PATHS__PROFILES", str(tmp_path / "profiles"))
    monkeypatch.setattr("edgeassist.tune.trial.ProcessTimer", lambda _path: timer)
    monkeypatch.setattr(heat, "read", lambda: COOL)
    return timer


def test_command_writes_the_override_once_and_says_where(command: FakeTimer, tmp_path: Path) -> None:
    for _ in range(2):
        done = CliRunner().invoke(main, ["tune"])
        assert done.exit_code == 0, done.output
    (path,) = (tmp_path / "profiles").iterdir()
    assert str(path) in done.output.replace("\n", "")
    assert tomllib.loads(path.read_text())["flash"] is False
    assert "chosen" in done.output


def test_command_as_json_has_every_trial(command: FakeTimer, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["tune", "--json", "--dry-run"])
    document = json.loads(done.stdout)
    assert document["file"] is None
    assert len([trial for trial in document["trials"] if trial["timing"]]) == len(command.tried)
    assert document["settings"]["draft"] is True
    assert not (tmp_path / "profiles").exists()


def test_command_on_a_throttled_board_fails_and_measures_nothing(
    command: FakeTimer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heat, "read", lambda: HOT)
    done = CliRunner().invoke(main, ["tune"])
    assert done.exit_code == 1
    assert "throttled" in done.output
    assert command.tried == []
