"""Show how boards run their models, and what was chosen for this one."""

from __future__ import annotations

import click

from edgeassist.cli._output import json_option, print_json, print_table
from edgeassist.models.store import Store
from edgeassist.profiles import Choice, ModelChoice, choose, detect, load_all, select_model


@click.group(help=__doc__)
def command() -> None:
    pass


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """All profiles, this machine's marked."""
    profiles = [profile for profile, _ in load_all().values()]
    chosen = choose(detect()).profile.name
    if as_json:
        print_json([profile.model_dump(mode="json") | {"chosen": profile.name == chosen} for profile in profiles])
        return
    columns = ("name", "title", "model", "context", "threads", "deadline", "")
    print_table(
        columns,
        [
            (p.name, p.title, p.models[0], p.context, p.threads, f"{p.deadline_ms} ms", "*" if p.name == chosen else "")
            for p in profiles
        ],
    )


@command.command()
@click.argument("name", required=False)
@json_option
def show(name: str | None, as_json: bool) -> None:
    """What was chosen for this machine and why; or the profile NAME as it would run here."""
    facts = detect()
    choice = choose(facts, name)
    model = select_model(choice.profile, facts, Store().names())
    if as_json:
        print_json(_described(choice, model))
        return
    print_table(("setting", "value"), [(key, _spelled(value)) for key, value in _described(choice, model).items()])


def _described(choice: Choice, model: ModelChoice) -> dict[str, object]:
    shown: dict[str, object] = choice.profile.model_dump(mode="json", exclude={"match"})
    return shown | {
        "reasons": list(choice.reasons),
        "threads": choice.threads,
        "threads_batch": choice.threads_batch,
        "cpus": None if choice.cpus is None else list(choice.cpus),
        "model": model.use,
        "model_wanted": model.wanted,
        "model_reasons": list(model.reasons),
        "files": [str(path) for path in choice.files],
    }


def _spelled(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value)) if any(" " in str(item) for item in value) else ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
