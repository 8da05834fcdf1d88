"""The configuration: search order, environment, secrets, messages."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pydantic import ValidationError

from edgeassist import config as config_module
from edgeassist.bus.settings import mqtt_settings
from edgeassist.config import Config, load_config
from edgeassist.errors import ConfigError


@pytest.fixture(autouse=True)
def _no_system_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_module, "SYSTEM_FILE", tmp_path / "etc" / "config.toml")


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(folder / "home"), **more}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def refusal(folder: Path, text: str, **more: str) -> str:
    path = write(folder / "c.toml", text)
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ(folder, **more))
    return str(caught.value).replace(f"{folder}/", "")


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    config = load_config(None, environ(tmp_path))
    assert config.node == socket.gethostname()
    assert (config.mqtt.host, config.mqtt.port) == ("localhost", 1883)
    assert config.paths.state == tmp_path / "home/.local/state/edgeassist"


def test_explicit_file_wins_over_the_systems_and_the_users(tmp_path: Path) -> None:
    explicit = write(tmp_path / "x.toml", 'node = "explicit"')
    write(tmp_path / "home/.config/edgeassist/config.toml", 'node = "user"')
    assert load_config(None, environ(tmp_path)).node == "user"
    write(tmp_path / "etc/config.toml", 'node = "system"')
    assert load_config(None, environ(tmp_path)).node == "system"
    assert load_config(explicit, environ(tmp_path)).node == "explicit"


def test_explicit_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: No such file"):
        load_config(tmp_path / "gone.toml", environ(tmp_path))


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "c.toml", 'node = "file"\n[mqtt]\nhost = "file"\nport = 1\n')
    config = load_config(
        path,
        environ(
            tmp_path,
            EDGEASSIST_NODE="7",
            EDGEASSIST_MQTT__HOST="env",
            EDGEASSIST_MODEL__MMAP="false",
            EDGEASSIST_MODEL__KV_TYPE="q8_0",
            EDGEASSIST_CRASH_AT="started",
        ),
    )
    assert (config.node, config.mqtt.host, config.mqtt.port) == ("7", "env", 1)
    assert config.model.mmap is False
    assert config.model.kv_type == "q8_0"


def test_wrong_variable_is_named_in_the_message(tmp_path: Path) -> None:
    text = refusal(tmp_path, "[mqtt]\n", EDGEASSIST_MQTT__PORT="many", EDGEASSIST_MQTT__HSOT="x")
    assert text.splitlines() == [
        (
            "environment EDGEASSIST_MQTT__PORT: mqtt.port = 'many': must be a valid integer, "
            "unable to parse string as an integer."
        ),
        "environment EDGEASSIST_MQTT__HSOT: mqtt.hsot = 'x': unknown key. Did you mean 'host'?",
    ]


def test_every_problem_of_a_file_is_a_line_of_the_message(tmp_path: Path) -> None:
    text = refusal(tmp_path, 'node = "a/b"\n[mqtt]\nport = 70000\nhots = "x"\n[polcy]\n[intent]\nqueue = 0\n')
    assert text.splitlines() == [
        "c.toml:1: node = 'a/b': must be printable and without '/', '+' and '#'.",
        "c.toml:3: mqtt.port = 70000: must be less than or equal to 65535.",
        "c.toml:4: mqtt.hots = 'x': unknown key. Did you mean 'host'?",
        "c.toml:7: intent.queue = 0: must be greater than or equal to 1.",
        "c.toml:5: polcy = {...}: unknown key. Did you mean 'policy'?",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[mqtt]\npassword = 5555\nusername = "u"',
        '[mqtt]\npassword = "5555"',
        '[mqtt]\nusername = "u"\npassword = "5555"\npassword_file = "/x"',
        '[mqtt]\nusername = "u"\npasword = "5555"',
        '[mqt]\npassword = "5555"',
        "[policy]\npin_hash = 5555",
        "[policy]\npin = 5555",
    ],
)
def test_secret_in_a_wrong_file_is_not_shown(tmp_path: Path, text: str) -> None:
    assert "5555" not in refusal(tmp_path, text)


def test_secret_is_not_in_the_repr(tmp_path: Path) -> None:
    config = load_config(write(tmp_path / "c.toml", '[mqtt]\nusername = "u"\npassword = "5555"'), environ(tmp_path))
    assert "5555" not in repr(config)
    assert "5555" not in repr(mqtt_settings(config, None))
    assert mqtt_settings(config, None).password == "5555"


def test_password_comes_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "geheim\n")
    path = write(tmp_path / "c.toml", f'[mqtt]\nusername = "u"\npassword_file = "{secret}"')
    assert mqtt_settings(load_config(path, environ(tmp_path)), None).password == "geheim"


def test_password_comes_from_the_credentials_of_systemd(tmp_path: Path) -> None:
    write(tmp_path / "credentials/mqtt-password", "geheim")
    path = write(tmp_path / "c.toml", '[mqtt]\nusername = "u"')
    config = load_config(path, environ(tmp_path, CREDENTIALS_DIRECTORY=str(tmp_path / "credentials")))
    assert mqtt_settings(config, None).password == "geheim"


def test_password_file_that_is_missing_or_empty_names_key_and_line(tmp_path: Path) -> None:
    text = refusal(tmp_path, '[mqtt]\nusername = "u"\npassword_file = "/nowhere/secret"')
    assert text.startswith("c.toml:3: mqtt.password_file = '/nowhere/secret': No such file or directory.")
    empty = write(tmp_path / "empty", "\n")
    assert "is empty" in refusal(tmp_path, f'[mqtt]\nusername = "u"\npassword_file = "{empty}"')


def test_directories_of_systemd_are_used(tmp_path: Path) -> None:
    config = load_config(
        None, environ(tmp_path, STATE_DIRECTORY="/var/lib/edgeassist:/x", CACHE_DIRECTORY="/var/cache/edgeassist")
    )
    assert config.paths.state == Path("/var/lib/edgeassist")
    assert config.paths.cache == Path("/var/cache/edgeassist")
    assert config.paths.models == Path("/var/lib/edgeassist/models")


def test_port_with_tls_is_8883_unless_given(tmp_path: Path) -> None:
    assert load_config(write(tmp_path / "a.toml", "[mqtt]\ntls = true"), environ(tmp_path)).mqtt.port == 8883
    given = write(tmp_path / "b.toml", "[mqtt]\ntls = true\nport = 1884")
    assert load_config(given, environ(tmp_path)).mqtt.port == 1884


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[mqtt]\ntls_key = "/k"', "tls_key is given without tls_cert"),
        ('[model]\nname = "a"\npath = "/b"', "name and path are both given"),
        ('[home]\ndiscovery_prefix = "a/#"', "must be a topic"),
        ('[[policy.rules]]\nverdict = "deny"\nbetween = ["25:00", "06:00"]', "policy.rules[1].between[1]"),
    ],
)
def test_keys_that_do_not_go_together_are_refused(tmp_path: Path, text: str, word: str) -> None:
    assert word in refusal(tmp_path, text)


def test_configuration_cannot_be_changed() -> None:
    config = Config(node="pi")
    with pytest.raises(ValidationError):
        config.node = "other"  # type: ignore[misc]
