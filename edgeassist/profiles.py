"""How a board runs its model: ``profiles/*.toml``, and which of them is this machine's."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from edgeassist.board import BoardFacts, detect
from edgeassist.engine.options import KVType
from edgeassist.errors import ConfigError
from edgeassist.models import catalogue
from edgeassist.models.built import adapter_of
from edgeassist.tomlfile import Key, key_lines, read_toml, validate

__all__ = ["BoardFacts", "Choice", "ModelChoice", "Profile", "choose", "detect", "load_all", "select_model"]

#: A number of threads, or as many as there are cores, physical cores, or fast cores.
Threads = int | Literal["all", "physical", "big"]

#: Beside the weights a model needs its cache and buffers, and the daemon, broker and system need room, in MiB.
_ROOM_MIB = 300


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Frozen):
    """Which machines a profile is for. All rules that are given must hold; of a list, one entry must."""

    machine: str | None = None
    model: tuple[str, ...] = ()
    compatible: tuple[str, ...] = ()
    memory_gib: tuple[float, float] | None = None
    features: tuple[str, ...] = ()

    def reasons(self, facts: BoardFacts) -> list[str] | None:
        """Why the machine fits, in words; None if it does not."""
        board = f"the device tree says {facts.model or ', '.join(facts.compatible)}"
        memory = self.memory_gib or (0, 0)
        rules = [
            (self.machine, facts.machine == self.machine, f"the CPU is {facts.machine}"),
            (self.model, any(name in (facts.model or "") for name in self.model), board),
            (self.compatible, any(name in facts.compatible for name in self.compatible), board),
            (self.memory_gib, memory[0] <= facts.memory_gib < memory[1], f"{facts.memory_gib:.1f} GiB of memory"),
            (self.features, facts.features.issuperset(self.features), f"the CPU has {', '.join(self.features)}"),
        ]
        given = [(holds, reason) for rule, holds, reason in rules if rule]
        if not given or not all(holds for holds, _ in given):
            return None
        return list(dict.fromkeys(reason for _, reason in given))

    @property
    def weight(self) -> int:
        """A profile for one board goes before one for many."""
        board = bool(self.model) + bool(self.compatible)
        return 8 * board + 2 * bool(self.memory_gib) + bool(self.features) + bool(self.machine)


class Profile(_Frozen):
    """How to run a model. ``context``, ``batch``, ``ubatch`` and ``prefix_tokens`` are in tokens.

    ``prefix_tokens`` is the most that the part of the prompt may take that stays the same from utterance to utterance.
    """

    name: str
    title: str
    match: Match = Match()
    models: tuple[str, ...] = Field(min_length=1)
    context: int = Field(ge=256)
    threads: Threads
    threads_batch: Threads
    batch: int = Field(ge=1)
    ubatch: int = Field(ge=1)
    kv_type: KVType
    flash: bool = False
    mmap: bool = False
    mlock: bool = False
    repack: bool = True
    draft: bool = True
    prefix_tokens: int = Field(ge=64)
    deadline_ms: int = Field(ge=100)
    cmake_args: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The profile of this machine with its numbers settled. ``cpus``: the cores to run on, None for any."""

    profile: Profile
    reasons: tuple[str, ...]
    threads: int
    threads_batch: int
    cpus: tuple[int, ...] | None
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """``wanted`` is the model that suits the board best, ``use`` the best that is there, if any."""

    wanted: str
    use: str | None
    reasons: tuple[str, ...]


def folder() -> Path:
    """Where the shipped profiles are: in the installed package, or at the top of the repository."""
    package = Path(__file__).parent
    installed = package / "profiles"
    return installed if installed.is_dir() else package.parent / "profiles"


def local_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where this machine's own values are, which ``tune`` writes. ``$EDGEASSIST_PATHS__PROFILES`` says it, if set."""
    if configured := environ.get("EDGEASSIST_PATHS__PROFILES"):
        return Path(configured).expanduser()
    if state := environ.get("STATE_DIRECTORY"):  # set by systemd
        return Path(state.partition(":")[0]) / "profiles"
    if os.geteuid() == 0:
        return Path("/var/lib/edgeassist/profiles")
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "edgeassist/profiles"


def load_all(local_dir: Path | None = None) -> dict[str, tuple[Profile, tuple[Path, ...]]]:
    """All profiles by name, each with its files: a local file overrides the shipped one key by key."""
    tables: dict[str, dict[str, Any]] = {}
    origins: dict[str, tuple[Path, ...]] = {}
    places: dict[str, dict[Key, str]] = {}
    for place in (folder(), local_dir or local_folder()):
        for path in sorted(place.glob("*.toml")):
            name = path.stem
            table, text = read_toml(path)
            tables[name] = tables.get(name, {}) | table
            origins[name] = (*origins.get(name, ()), path)
            lines = {key: f"{path}:{line}" for key, line in key_lines(text).items()}
            places[name] = places.get(name, {}) | lines
    return {
        name: (validate(Profile, {"name": name, **table}, _locator(places[name], origins[name][-1])), origins[name])
        for name, table in tables.items()
    }


def _locator(places: Mapping[Key, str], latest: Path) -> Callable[[Key], str]:
    """Where a key was written; one that is missing is missed in the latest file."""
    return lambda key: next((places[key[:end]] for end in range(len(key), 0, -1) if key[:end] in places), f"{latest}:1")


def choose(facts: BoardFacts, override: str | None = None, local_dir: Path | None = None) -> Choice:
    """The profile called ``override``, else the most special one that fits; a :class:`ConfigError` if there is none."""
    profiles = load_all(local_dir)
    if override:
        if override not in profiles:
            close = get_close_matches(override, profiles, n=3, cutoff=0.4) or sorted(profiles)
            raise ConfigError(f"no profile is called {override!r}; did you mean {' or '.join(close)}?")
        name, reasons = override, ["it was asked for by name"]
    else:
        name, reasons = _best(facts, {name: profile for name, (profile, _) in profiles.items()})
    profile, files = profiles[name]
    cpus = facts.big_cpus if "big" in {profile.threads, profile.threads_batch} else facts.cpus
    partly = len(cpus) < len(facts.cpus)
    if partly:
        reasons.append(f"its {len(cpus)} fast cores only: cpu {', '.join(map(str, cpus))}")
    if len(files) > 1:
        reasons.append(f"with this machine's own values from {files[-1]}")
    return Choice(
        profile=profile,
        reasons=tuple(reasons),
        threads=_settle(profile.threads, facts),
        threads_batch=_settle(profile.threads_batch, facts),
        cpus=cpus if partly else None,
        files=files,
    )


def select_model(profile: Profile, facts: BoardFacts, present: Collection[str]) -> ModelChoice:
    """Which of the profile's models to run, where those named in ``present`` are there."""
    reasons = []
    fitting = []
    for name in profile.models:
        entry = catalogue.find(name)
        need = (entry.size or 0 if entry else 0) / (1 << 20) + _ROOM_MIB
        if facts.memory_mib and need > facts.memory_mib:
            reasons.append(f"{name} needs {need:.0f} MiB of memory, there are {facts.memory_mib}")
        else:
            fitting.append(name)
    wanted = next((name for name in fitting if name in present or _obtainable(name)), profile.models[-1])
    use = next((name for name in fitting if name in present), None)
    if use != wanted:
        reasons.append(f"{wanted} is not here; get it with: edgeassist models pull {wanted}")
        reasons.append(f"{use} runs in its place" if use else "no model of this profile is here")
    return ModelChoice(wanted, use, tuple(reasons))


def _obtainable(name: str) -> bool:
    """False for a model whose adapter does not come with this release."""
    entry = catalogue.find(name)
    return entry is None or entry.source.kind != "built" or adapter_of(entry.source).is_file()


def _best(facts: BoardFacts, profiles: dict[str, Profile]) -> tuple[str, list[str]]:
    fitting = [
        (profile.match.weight, name, reasons)
        for name, profile in profiles.items()
        if (reasons := profile.match.reasons(facts)) is not None
    ]
    if not fitting:
        raise ConfigError(
            f"no profile is for this machine ({facts.machine}, {facts.memory_gib:.1f} GiB);"
            f" name one of {', '.join(sorted(profiles))}"
        )
    _, name, reasons = max(fitting)
    return name, reasons


def _settle(threads: Threads, facts: BoardFacts) -> int:
    match threads:
        case "all":
            return len(facts.cpus)
        case "physical":
            return facts.physical_cores
        case "big":
            return len(facts.big_cpus)
        case number:
            return min(number, len(facts.cpus))
