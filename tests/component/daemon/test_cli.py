"""Commands that speak to a daemon or to its broker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from edgeassist.cli import main
from tests.support.broker import Mosquitto, free_port
from tests.support.daemons import DEVICES, AnnouncedHome, ScriptedDaemon, config_for
from tests.support.model import real_model

BUNDLED = "edgeassist-135m"


def written(folder: Path, port: int, more: str = "") -> Path:
    """A configuration file for that broker."""
    config_for(folder, port)
    path = folder / "config.toml"
    path.write_text(
        f'node = "pi"\n[mqtt]\nhost = "127.0.0.1"\nport = {port}\n[home]\nfile = "{folder / "home.toml"}"\n'
        f'[paths]\nstate = "{folder / "state"}"\ncache = "{folder / "cache"}"\n{more}'
    )
    return path


@pytest.fixture
def with_model() -> str:
    """The bundled model, and all the time that it needs."""
    return f'models = "{real_model(BUNDLED).parent}"\n[model]\nname = "{BUNDLED}"\n[intent]\ndeadline_ms = 60000\n'


@pytest.fixture
def config(tmp_path: Path, broker: Mosquitto) -> Path:
    return written(tmp_path, broker.port)


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="edgeassist")


def document(result: Result) -> Any:
    return json.loads(result.stdout)


def test_ask_prints_the_daemons_result_as_json(daemon: ScriptedDaemon, config: Path) -> None:
    result = run("ask", "on lamp", "--json", "--config", config)
    assert result.exit_code == 0, result.output
    assert document(result)["outcome"] == "done"
    assert document(result)["calls"][0]["targets"] == ["light.lamp"]


@pytest.mark.parametrize(
    ("args", "outcome", "code"),
    [
        (("on lamp", "--dry-run"), "dry_run", 0),
        (("on lights here", "--room", "Kitchen"), "done", 0),
        (("unlock front door",), "confirm", 0),
        (("none",), "not_understood", 1),
        (("on gone plug",), "failed", 1),
        ((" ",), "rejected", 1),
        (("a\0b",), "rejected", 1),
        (("x" * 5000,), "rejected", 1),
        (("on lamp", "--room", "r" * 500), "rejected", 1),
        (("\udcff",), "rejected", 1),
    ],
)
def test_exit_code_of_ask_follows_the_outcome(
    daemon: ScriptedDaemon, config: Path, args: tuple[str, ...], outcome: str, code: int
) -> None:
    result = run("ask", *args, "--json", "--config", config)
    assert (document(result)["outcome"], result.exit_code) == (outcome, code)


def test_ask_says_what_the_daemon_says(daemon: ScriptedDaemon, config: Path) -> None:
    result = run("ask", "on lamp", "--config", config)
    assert result.stdout.splitlines()[0] == "Done: turn on Lamp."
    assert "light.lamp" in result.stdout


def test_ask_without_a_text_is_a_usage_error(config: Path) -> None:
    assert run("ask", "--config", config).exit_code == 2
    assert run("ask", "on", "lamp", "--config", config).exit_code == 2


def test_without_a_broker_the_devices_of_the_home_file_are_listed_and_the_broker_is_named(tmp_path: Path) -> None:
    port = free_port()
    result = run("devices", "--json", "--config", written(tmp_path, port))
    assert result.exit_code == 0, result.output
    assert [found["name"] for found in document(result)] == ["Horn"]
    assert f"no broker: waiting for broker: 127.0.0.1:{port}" in result.stderr


@pytest.mark.parametrize(("more", "outcome"), [(("--dry-run",), "dry_run"), ((), "failed")])
def test_without_a_broker_ask_answers_in_process_and_says_that_nothing_was_sent(
    tmp_path: Path, with_model: str, more: tuple[str, ...], outcome: str
) -> None:
    config = written(tmp_path, free_port(), with_model)
    (tmp_path / "home.toml").write_text('[[device]]\nname = "Pump"\nkind = "switch"\ncommand_topic = "dev/pump"\n')
    result = run("ask", "turn on the pump", *more, "--json", "--config", config)
    assert document(result)["outcome"] == outcome, result.output
    assert "nothing can be sent" in result.stderr
    assert "no broker" in result.stderr
    assert "Traceback" not in result.output


def test_a_broker_that_refuses_us_is_an_error(tmp_path: Path) -> None:
    with Mosquitto(config=("allow_anonymous false",)) as guarded:
        config = written(tmp_path, guarded.port)
        for args in (("ask", "on lamp"), ("devices",)):
            result = run(*args, "--config", config)
            assert result.exit_code == 1
            assert "refused" in result.output
            assert "Traceback" not in result.output


def test_devices_lists_the_home_and_how_it_is(home: AnnouncedHome, config: Path) -> None:
    listed = document(run("devices", "--json", "--config", config))
    assert len(listed) == len(DEVICES) + 1
    by_id = {found["id"]: found for found in listed}
    lamp = by_id["light.lamp"]
    assert lamp.keys() == {"id", "name", "kind", "class", "area", "aliases", "capabilities", "available", "state"}
    assert (lamp["name"], lamp["area"], lamp["available"]) == ("Lamp", "Kitchen", True)
    assert by_id["switch.gone"]["available"] is False
    table = run("devices", "--config", config)
    assert table.exit_code == 0
    assert "Garage Door\tcover" in table.stdout


def test_ask_without_a_daemon_answers_in_process(
    home: AnnouncedHome, tmp_path: Path, broker: Mosquitto, with_model: str
) -> None:
    config = written(tmp_path, broker.port, with_model)
    config.write_text(config.read_text().replace('node = "pi"', 'node = "nobody"'))
    result = run("ask", "turn on the lamp", "--dry-run", "--json", "--config", config)
    found = document(result)
    assert found["outcome"] == "dry_run", found
    assert (found["node"], found["model"]) == ("nobody", BUNDLED)
    rejected = run("ask", "a\0b", "--json", "--config", config)
    assert (document(rejected)["outcome"], rejected.exit_code) == ("rejected", 1)


def test_check_prints_what_is_in_force_and_no_secret(config: Path) -> None:
    secret = f'pin_hash = "{"a" * 16}${"b" * 64}"'
    config.write_text(config.read_text() + f"[policy]\n{secret}\n")
    config.write_text(config.read_text().replace("[mqtt]", '[mqtt]\nusername = "u"\npassword = "hunter2"'))
    result = run("check", "--json", "--config", config)
    assert result.exit_code == 0, result.output
    assert document(result)["node"] == "pi"
    assert "hunter2" not in result.output
    assert "b" * 64 not in result.output
    assert run("check", "--config", config).exit_code == 0


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("nodes = 1\n", ["config.toml:1", "nodes", "Did you mean 'node'"]),
        ('node = "a/b"\n', ["config.toml:1", "'a/b'"]),
        ("[mqtt]\nport = 99999\n", ["config.toml:2", "mqtt.port = 99999"]),
        ('[mqtt]\nusername = "u"\npasword = "hunter2"\n', ["config.toml:3", "pasword", "***"]),
        ('[policy]\npin_hash = "1234"\n', ["config.toml:2", "policy.pin_hash = ***"]),
        ('[[policy.rules]]\nverdict = "deny"\nfunctions = ["unlok"]\n', ["'unlok'", "Did you mean 'unlock'"]),
        ("[model]\nbatch = 1\n", ["config.toml:2", "model.batch = 1"]),
        ('[model]\ntemplate = "nonesuch"\n', ["nonesuch", "chatml"]),
        ('[profile]\nname = "pi-99"\n', ["pi-99"]),
        ('[home]\nfile = "/nonexistent/home.toml"\n', ["/nonexistent/home.toml"]),
        ("node = \n", ["config.toml:1", "TOML"]),
    ],
)
def test_configuration_that_cannot_be_used_is_78_and_says_where_and_what(
    tmp_path: Path, broken: str, said: list[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'{broken}\n[paths]\nstate = "{tmp_path / "state"}"\n')
    for command in ("check", "run"):
        result = run(command, "--config", config)
        assert result.exit_code == 78, (command, result.output)
        assert all(part in result.output for part in said), result.output
        assert "hunter2" not in result.output
        assert "1234" not in result.output
    boots = tmp_path / "state/boots"
    assert not boots.exists() or boots.read_text() == "0", "it counts as a crash"


def test_simulate_prints_the_home_file_that_goes_with_it() -> None:
    result = run("simulate", "--home-toml")
    assert result.exit_code == 0
    assert "[[area]]" in result.stdout
