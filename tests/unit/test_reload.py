from __future__ import annotations

from pathlib import Path

import pytest

from edgeassist.config import Config, load_config
from edgeassist.errors import ConfigError
from edgeassist.home.toml import HomeFile
from edgeassist.reload import read_again


def config(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return load_config(file, {"HOME": str(tmp_path)})


def test_room_and_policy_are_taken_and_the_rest_is_named(tmp_path: Path) -> None:
    running = config(tmp_path, 'node = "a"\n[mqtt]\nhost = "x"\n')
    text = 'node = "b"\nroom = "Hall"\n[mqtt]\nhost = "y"\n[intent]\nqueue = 3\ndeadline_ms = 500\n'
    text += "[policy]\nconfirm_expires_s = 9\n"
    latest = read_again(lambda: config(tmp_path, text), running, HomeFile())
    assert (latest.config.room, latest.config.policy.confirm_expires_s) == ("Hall", 9)
    assert (latest.config.node, latest.config.mqtt.host) == ("a", "x")
    assert (latest.config.intent.queue, latest.config.intent.deadline_ms) == (running.intent.queue, 500)
    assert latest.restart_for == ("node", "mqtt", "intent.queue")


@pytest.mark.parametrize(
    ("name", "text"), [("home.toml", "[[device]]\nnam = 'x'\n"), ("functions.d/bad.toml", "name = 'Bad Name'\n")]
)
def test_one_bad_file_refuses_the_whole_reload(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "functions.d").mkdir()
    (tmp_path / "home.toml").write_text("")
    places = f'[home]\nfile = "{tmp_path}/home.toml"\nfunctions_dir = "{tmp_path}/functions.d"\n'
    running = config(tmp_path, places)
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError, match=name):
        read_again(lambda: config(tmp_path, places), running, HomeFile())


def test_changed_unit_of_the_home_waits_for_a_restart(tmp_path: Path) -> None:
    (tmp_path / "home.toml").write_text('unit = "F"\n')
    text = f'[home]\nfile = "{tmp_path}/home.toml"\n'
    latest = read_again(lambda: config(tmp_path, text), config(tmp_path, text), HomeFile())
    assert latest.declared.unit == "C"
    assert latest.restart_for == ("unit of the home file",)
