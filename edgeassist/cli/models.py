"""List, fetch and verify model files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from edgeassist.cli._output import json_option, print_json, print_table, progress_bars
from edgeassist.errors import ModelError
from edgeassist.models import catalogue
from edgeassist.models.pull import pull as pull_entry
from edgeassist.models.speech import pull_speech
from edgeassist.models.store import Store, Stored
from edgeassist.profiles import choose, detect, select_model


def _store_option(function: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--dir",
        "store",
        type=click.Path(file_okay=False, path_type=Path),
        callback=lambda _context, _option, folder: Store(folder),
        help="The folder of the models, instead of the configured one.",
    )(function)


@click.group(help=__doc__)
def command() -> None:
    pass


@command.command("list")
@_store_option
@json_option
def list_(store: Store, as_json: bool) -> None:
    """Models by name: those of the catalogue, and those that were added here."""
    names = [entry.name for entry in catalogue.entries()]
    names += [name for name in store.names() if name not in names]
    if as_json:
        print_json([_described(name, store) for name in names])
        return
    rows = []
    for name in names:
        entry, stored = catalogue.find(name), store.find(name)
        size = stored.size if stored else entry.size if entry else None
        rows.append(
            (
                name,
                entry.title if entry else "added here",
                f"{size / 1e6:.0f} MB" if size else "",
                entry.licence if entry else "",
                "here" if stored else "",
                "" if entry and entry.verified else "unverified",
            )
        )
    for name, known in catalogue.speech().items():
        here = "here" if (store.folder / name).is_dir() else ""
        digest = "" if known.verified else "unverified"
        rows.append(
            (name, known.title, f"{known.size / 1e6:.0f} MB" if known.size else "", known.licence, here, digest)
        )
    print_table(("name", "title", "size", "licence", "present", "digest"), rows)


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--quiet", is_flag=True, help="Print nothing where all went well.")
@_store_option
@json_option
def pull(names: tuple[str, ...], quiet: bool, store: Store, as_json: bool) -> None:
    """Fetch models and check their digests; without a NAME, the one that suits this board.

    What is there already is not fetched again. A download that broke off is taken up where it ended.
    """
    pulled = []
    spoken = [name for name in names if name in catalogue.speech()]
    texts = [name for name in names if name not in spoken] if names else [_suited(store)]
    wanted = [catalogue.get(name) for name in texts]
    for name in spoken:
        with progress_bars() as bar:
            folder = pull_speech(catalogue.speech()[name], store, bar(name))
        pulled.append(name)
        if not quiet and not as_json:
            click.echo(f"{name}: {folder}; as recogniser_model under [voice]")
    for entry in wanted:
        if not entry.verified and entry.source.kind != "built":
            click.echo(f"{entry.name}: unverified: no digest is known, so nothing vouches for the file", err=True)
        with progress_bars() as bar:
            stored = pull_entry(entry, store, bar(entry.name), bar(f"{entry.name}: sha256"))
        pulled.append(entry.name)
        if not quiet and not as_json:
            _tell(stored)
    if as_json:
        print_json([_described(name, store) for name in pulled])


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="What to call it; a name of the catalogue demands the catalogue's digest.")
@click.option("--template", type=click.Choice(get_args(catalogue.Template)), help="Its chat template.")
@click.option("--context", type=click.IntRange(min=256), help="The longest context it was trained for, in tokens.")
@_store_option
@json_option
def add(
    file: Path, name: str, template: catalogue.Template | None, context: int | None, store: Store, as_json: bool
) -> None:
    """Copy a GGUF FILE into the folder of the models, for machines without a network."""
    stored = store.add(file, name, template, context)
    if as_json:
        print_json(_described(name, store))
    else:
        _tell(stored)


@command.command("build")
@click.argument("name")
@click.option(
    "--form",
    type=click.Choice(["q4_0", "q8_0", "q4_k_m"]),
    default="q4_0",
    show_default=True,
    help="What to quantise it to; for q4_0 llama.cpp has the fastest kernels on small boards.",
)
@click.option(
    "--adapter", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What training made of it."
)
@click.option("--as", "called", help="What to call it with the adapter; NAME-tuned by default.")
@_store_option
@json_option
def build(name: str, form: Any, adapter: Path | None, called: str | None, store: Store, as_json: bool) -> None:
    """Quantise a model anew by llama.cpp's own quantiser, to NAME-FORM, or merge an adapter of yours into it (q4_0).

    The digest of what comes out is recorded.
    """
    from edgeassist.models.built import tuned
    from edgeassist.models.requantise import requantise

    if adapter is None:
        stored = requantise(store, name, form)
    else:
        with progress_bars() as bar:
            stored = tuned(store, name, adapter, called or f"{name}-tuned", bar(f"{name}: merge"))
    if as_json:
        print_json(_described(stored.name, store))
    else:
        _tell(stored)


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_store_option
@json_option
def verify(names: tuple[str, ...], store: Store, as_json: bool) -> None:
    """Read model files from the first byte to the last and compare digests; without a NAME, all that are here."""
    problems: dict[str, str | None] = {}
    for name in names or store.names():
        with progress_bars() as bar:
            try:
                stored = store.verify(name, bar(name))
            except ModelError as error:
                problems[name] = str(error)
            else:
                problems[name] = None
                if not as_json:
                    _tell(stored)
    failed = {name: problem for name, problem in problems.items() if problem}
    if as_json:
        print_json([{"name": name, "ok": not problem, "error": problem} for name, problem in problems.items()])
    if failed:
        raise ModelError("\n".join(failed.values()))


@command.command()
@click.argument("name")
@_store_option
def path(name: str, store: Store) -> None:
    """Print where the file of a model lies."""
    if name in catalogue.speech() and (store.folder / name).is_dir():
        click.echo(store.folder / name)
        return
    click.echo(store.check(name).path)


def _suited(store: Store) -> str:
    facts = detect()
    return select_model(choose(facts).profile, facts, store.names()).wanted


def _tell(stored: Stored) -> None:
    trust = "as in the catalogue" if stored.verified else "which no catalogue vouches for"
    click.echo(f"{stored.name}: {stored.path} ({stored.size / 1e6:.0f} MB), sha256 {stored.sha256[:12]}, {trust}")


def _described(name: str, store: Store) -> dict[str, Any]:
    if spoken := catalogue.speech().get(name):
        folder = store.folder / name
        return spoken.model_dump(mode="json") | {"present": {"path": str(folder)} if folder.is_dir() else None}
    entry, stored = catalogue.find(name), store.find(name)
    known = entry.model_dump(mode="json") if entry else {"name": name, "verified": False}
    present = None
    if stored:
        present = {"path": str(stored.path), "size": stored.size, "sha256": stored.sha256, "verified": stored.verified}
    return known | {"present": present}
