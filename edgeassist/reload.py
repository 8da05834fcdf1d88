"""What SIGHUP reads again: rules, room, home file and functions at once; the rest is named, and waits for a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from edgeassist.config import Config
from edgeassist.functions import Function, all_functions
from edgeassist.home.toml import HomeFile, load_home
from edgeassist.policy import check_rules

#: Sections that were used to build the connection, the model or the files; they stay as they are until a restart.
_FIXED = ("node", "mqtt", "model", "profile", "announce", "metrics", "paths")


@dataclass(frozen=True)
class Reloaded:
    """``config`` is the running one with what may change taken over; ``restart_for`` names what else was changed."""

    config: Config
    declared: HomeFile
    functions: Mapping[str, Function]
    restart_for: tuple[str, ...]


def read_again(reread: Callable[[], Config], running: Config, declared: HomeFile) -> Reloaded:
    """Read and check everything before anything is changed. Raises ConfigError, and then nothing is."""
    latest = reread()
    home = load_home(latest.home.file) if latest.home.file else HomeFile()
    functions = all_functions(latest.home.functions_dir)
    check_rules(latest.policy, functions)
    restart_for = [name for name in _FIXED if getattr(latest, name) != getattr(running, name)]
    if latest.intent.queue != running.intent.queue:
        restart_for.append("intent.queue")
    if latest.home.roots != running.home.roots:
        restart_for.append("home: the topics of discovery")
    limits = ("open_questions", "rate_limit")
    new, old = latest.policy, running.policy
    restart_for += [f"policy.{name}" for name in limits if getattr(new, name) != getattr(old, name)]
    if home.unit != declared.unit:
        restart_for.append("unit of the home file")
        home = home.model_copy(update={"unit": declared.unit})
    intent = latest.intent.model_copy(update={"queue": running.intent.queue})
    changed = {"room": latest.room, "intent": intent, "home": latest.home, "policy": latest.policy}
    return Reloaded(running.model_copy(update=changed), home, functions, tuple(restart_for))
