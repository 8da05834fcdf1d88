"""Say one utterance: to the running daemon, or in this process where none answers."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json, print_table, warn

if TYPE_CHECKING:
    from edgeassist.client import KnownHome
    from edgeassist.config import Config
    from edgeassist.errors import IntentError
    from edgeassist.messages import Utterance

_GOOD = frozenset({"done", "dry_run", "confirm"})


@click.command(help=__doc__)
@click.argument("text")
@click.option("--room", help="The area where it is said.")
@click.option("--dry-run", is_flag=True, help="Understand and judge it, and publish nothing to a device.")
@config_option
@json_option
def command(text: str, room: str | None, dry_run: bool, config_file: Path | None, as_json: bool) -> None:
    from edgeassist.client import DaemonClient, declared_home, followed_home
    from edgeassist.config import load_config
    from edgeassist.errors import IntentError, NoBrokerError

    config = load_config(config_file)
    try:
        _parsed(config, text, room, dry_run=dry_run)
    except IntentError as error:
        _end(_rejected(config, error), as_json=as_json)
    utterance = (text, room or config.room)
    with DaemonClient(config) as client:
        try:
            online = client.daemon_is_online()
        except NoBrokerError as error:
            warn(f"{error}; only the devices of home.toml are known, and nothing can be sent to them")
            result = _in_process(config, declared_home(config, str(error)), *utterance, dry_run=dry_run)
            _end(result, as_json=as_json)
        if online:
            result = client.ask(text, room=room, dry_run=dry_run)
            if result["outcome"] == "confirm" and sys.stdin.isatty() and not as_json:
                result = client.confirm(result["id"], "yes" if click.confirm(result["say"]) else "no", _ask_pin)
        else:
            with followed_home(config) as home:
                result = _in_process(config, home, *utterance, dry_run=dry_run)
    _end(result, as_json=as_json)


def _end(result: dict[str, Any], *, as_json: bool) -> NoReturn:
    _show(result, as_json=as_json)
    raise SystemExit(0 if result["outcome"] in _GOOD else 1)


def _in_process(config: Config, home: KnownHome, text: str, room: str | None, *, dry_run: bool) -> dict[str, Any]:
    from edgeassist.bus.intents import render_result
    from edgeassist.choosing import choose_model, choose_profile, with_thresholds
    from edgeassist.engine.store import StateStore
    from edgeassist.functions import all_functions
    from edgeassist.household import Household
    from edgeassist.messages import Result
    from edgeassist.pipeline import Pipeline, waiting
    from edgeassist.understanding import Understanding

    functions = all_functions(config.home.functions_dir)
    chosen = choose_model(config, choose_profile(config))
    store = StateStore(config.paths.cache / "prefix")
    understanding = Understanding(
        chosen.path, chosen.options, functions, template=chosen.template, digest=chosen.sha256, store=store
    )
    understanding.prepare(home.registry.snapshot())
    # Not on the utterance's time: on a small board this takes longer than any deadline.
    while not understanding.advance():
        pass
    pipeline = Pipeline(
        understanding,
        home.registry,
        lambda message: _ignore(home.publish(message)),
        functions,
        with_thresholds(config.policy, chosen.template),
        Household(config.paths.state / "household.json", lambda _timer: None),
    )
    begun = pipeline.begin(_parsed(config, text, room, dry_run=dry_run))
    if isinstance(begun, Result):
        result = begun
    elif begun.confirm and not _confirmed(begun.prompt, config.policy.pin_hash):
        result = waiting(begun)
    else:
        pipeline.command(begun)
        result = pipeline.finish(begun)
    understanding.close()
    document: dict[str, Any] = json.loads(render_result(result, config.node, chosen.name))
    return document


def _confirmed(prompt: str, pin_hash: str | None) -> bool:
    """Whether a person at this terminal says yes, with the PIN where there is one."""
    from edgeassist.confirmations import pin_fits

    if not sys.stdin.isatty() or not click.confirm(prompt):
        return False
    return pin_hash is None or pin_fits(_ask_pin("This needs a PIN."), pin_hash)


def _ask_pin(prompt: str) -> str:
    given: str = click.prompt(f"{prompt}\nPIN", hide_input=True)
    return given


def _parsed(config: Config, text: str, room: str | None, *, dry_run: bool) -> Utterance:
    """The intent as the daemon takes it. Raises IntentError: of one that is too long not even the id is read."""
    from edgeassist.bus.intents import parse_intent

    intent = {"text": text, "room": room, "source": "cli", "dry_run": dry_run}
    return parse_intent(
        json.dumps(intent, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        now=time.monotonic(),
        default_deadline_s=config.intent.deadline_ms / 1000,
        max_bytes=config.intent.max_bytes,
    )


def _rejected(config: Config, error: IntentError) -> dict[str, Any]:
    from edgeassist.bus.intents import render_result
    from edgeassist.messages import Outcome, Result

    result = Result(error.intent_id or "", "", Outcome.REJECTED, say=str(error))
    document: dict[str, Any] = json.loads(render_result(result, config.node, ""))
    return document


def _ignore(_handle: object) -> None:
    """A command's proof is the device's report, not the broker's receipt."""


def _show(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(result)
        return
    click.echo(result["say"] or result["outcome"])
    if result["calls"]:
        columns = ("call", "arguments", "targets", "status", "error")
        print_table(
            columns,
            [
                (
                    call["name"],
                    ", ".join(f"{name} {value}" for name, value in call["arguments"].items()),
                    ", ".join(call["targets"]),
                    call["status"],
                    call.get("error"),
                )
                for call in result["calls"]
            ],
        )
