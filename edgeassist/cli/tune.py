"""Find the fastest settings for this board and keep them as its own profile values."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json

if TYPE_CHECKING:
    from edgeassist.tune.search import Progress, Tuned

#: Waiting programs for each core from which measurements are doubtful.
_BUSY = 0.5


@click.command(help=__doc__)
@click.option("--dry-run", is_flag=True, help="Measure and print, and write nothing.")
@click.option("--seconds", type=click.IntRange(5, 3600), default=170, show_default=True, help="When to stop trying.")
@config_option
@json_option
def command(dry_run: bool, seconds: int, config_file: Path | None, as_json: bool) -> None:
    from edgeassist import heat
    from edgeassist.choosing import choose_model, choose_profile
    from edgeassist.config import load_config
    from edgeassist.profiles import detect
    from edgeassist.tune import override
    from edgeassist.tune.search import check_cool, tune
    from edgeassist.tune.trial import ProcessTimer

    check_cool(heat.read())
    config, facts = load_config(config_file), detect()
    profile = choose_profile(config)
    chosen = choose_model(config, profile)
    if (load := os.getloadavg()[0]) > _BUSY * len(facts.cpus):
        click.echo(
            f"other programs use this machine (load {load:.1f} on {len(facts.cpus)} cores): what is measured now holds"
            " beside them; stop them and tune again for better settings",
            err=True,
        )
    with _bar() as progress:
        tuned = tune(chosen.options, facts, ProcessTimer(chosen.path), seconds=seconds, progress=progress)
    path = config.paths.profiles / f"{profile.profile.name}.toml"
    kept = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    content = override.text(tuned, facts, chosen.name, kept)
    if not dry_run:
        override.write(path, content)
    if as_json:
        print_json(_described(tuned, override.settings(tuned.best, facts), None if dry_run else path))
        return
    click.echo("\n".join([*override.table(tuned.trials), ""]))
    click.echo(content[content.index("\n\n") + 2 :] if dry_run else f"written: {path}; restart the service to use it")


def _described(tuned: Tuned, settings: dict[str, object], path: Path | None) -> dict[str, object]:
    return {
        "settings": settings,
        "seconds": round(tuned.seconds, 1),
        "file": str(path) if path else None,
        "trials": [
            {
                "setting": trial.setting,
                "value": trial.value,
                "chosen": trial.chosen,
                "note": trial.note,
                "timing": {name: getattr(trial.timing, name) for name in trial.timing.__dataclass_fields__}
                if trial.timing
                else None,
            }
            for trial in tuned.trials
        ],
    }


@contextmanager
def _bar() -> Iterator[Progress]:
    """A bar where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("tuning", total=None)
        yield lambda what, done, of: bars.update(task, description=what, completed=done, total=of)
