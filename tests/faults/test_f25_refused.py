"""F25: a broker that does not want us, and a twin that wants our place."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.broker import Mosquitto
from tests.support.manager import Manager
from tests.support.node import Node, Person


def test_wrong_password_has_a_status_of_its_own(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-c", "-b", passwords, "pi", "right"], check=True)
    passwords.chmod(0o644)
    with (
        Mosquitto(config=("allow_anonymous false", f"password_file {passwords}")) as broker,
        Manager(tmp_path) as manager,
    ):
        config = f'[mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\nusername = "pi"\npassword = "wrong"\n'
        node = Node(tmp_path, broker.port, config)
        try:
            node.start(environ=manager.environ)
            assert "refused: bad credentials" in manager.until("STATUS=refused")
            assert "wrong" not in node.log()
            assert node.running
        finally:
            node.kill()


def test_twin_is_reported_and_not_fought(tmp_path: Path, broker: Mosquitto) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with Manager(tmp_path / "a") as manager, Person(broker.port) as person:
        one, two = (Node(tmp_path / name, broker.port) for name in "ab")
        try:
            one.start(environ=manager.environ)
            person.online()
            two.start()
            manager.until("STATUS=taken over")
            assert one.running
            assert two.running
        finally:
            one.kill()
            two.kill()
