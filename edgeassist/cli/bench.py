"""Measure latency, memory and starts against the stock paths and the floor of this machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from edgeassist.bench.contender import Clock
from edgeassist.bench.models import DEFAULT, QUICK, find
from edgeassist.bench.run import STOCK, XLLAMACPP, Plan, Progress, Results, run
from edgeassist.cli._output import json_option, print_json
from edgeassist.engine.options import EngineOptions
from edgeassist.models.store import Store
from edgeassist.profiles import choose, detect


@click.command(help=__doc__)
@click.option("--models", help="Names or files, with commas between; default: the small one in two forms, and the shape"
              " of TinyLlama.")  # fmt: skip
@click.option("--quick", is_flag=True, help="Fewer utterances, homes and starts, and no large model.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for bench.json, bench.md and the plots; without it nothing is written.",
)
@click.option(
    "--clock",
    type=click.Choice(["wall", "cpu"]),
    default="wall",
    show_default=True,
    help="cpu: the processor's seconds of one thread, for machines that others use as well.",
)
@click.option("--without", multiple=True, type=click.Choice([STOCK, XLLAMACPP]), help="Leave a rival out.")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), help="The folder of the models.")
@json_option
def command(
    models: str | None,
    quick: bool,
    out: Path | None,
    clock: Clock,
    without: tuple[str, ...],
    folder: Path | None,
    as_json: bool,
) -> None:
    from edgeassist.bench import report

    store = Store(folder)
    names = models.split(",") if models else QUICK if quick else DEFAULT
    options = _options()
    plan = Plan(
        models=tuple(find(name.strip(), store, lambda text: click.echo(text, err=True)) for name in names),
        options=options if clock == "wall" else options.model_copy(update={"threads": 1, "threads_batch": 1}),
        rivals=tuple(rival for rival in (STOCK, XLLAMACPP) if rival not in without),
        clock=clock,
    )
    if quick:
        plan = replace(plan, sizes=(100, 1000), utterances=12, starts=1)
    results = run(plan, _progress())
    written = _write(results, out) if out else []
    if as_json:
        print_json(report.as_json(results))
        return
    click.echo(report.markdown(results))
    for line in [*results.skipped, *(f"written: {path}" for path in written)]:
        click.echo(line, err=True)


def _options() -> EngineOptions:
    """This board's profile, but neither its model nor its memory: the same prefixes for every size of home."""
    choice = choose(detect())
    profile = choice.profile
    return EngineOptions(
        context=2048,
        threads=choice.threads,
        threads_batch=choice.threads_batch,
        batch=profile.batch,
        kv_type=profile.kv_type,
        flash=profile.flash,
        mmap=profile.mmap,
        mlock=profile.mlock,
        repack=profile.repack,
        prefix_tokens=864,
    )


def _write(results: Results, folder: Path) -> list[Path]:
    from edgeassist.bench import report
    from edgeassist.bench.plot import plot

    folder.mkdir(parents=True, exist_ok=True)
    texts = {"bench.json": json.dumps(report.as_json(results), indent=1), "bench.md": report.markdown(results)}
    for name, text in texts.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
    written = [folder / name for name in texts]
    try:
        return [*written, *plot(results, folder)]
    except ModuleNotFoundError as error:
        results.skipped.append(f"no plot was drawn: {error.name} is not installed (dependency group bench)")
        return written


def _progress() -> Progress:
    def tell(what: str, done: int, of: int) -> None:
        click.echo(f"[{done + 1}/{of}] {what}", err=True)

    return tell
