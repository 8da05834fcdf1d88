"""The role against machines without a network but their own: from bare ones to a fleet, and back again.

One broker with TLS, a user for each node and an ACL; three nodes, of which the first is the canary.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from edgeassist import __version__
from tests.e2e.conftest import HOME
from tests.support.machine import Machine
from tests.support.play import Played, altered, packed, play

NAMES = ("canary", "second", "third")
BROKER = "10.77.0.1"
BROKEN = b"raise SystemExit('this release is broken')\n"
INTENTS = 30


@pytest.fixture(autouse=True)
def fresh_service() -> None:
    """The role starts the service itself."""


@dataclass
class Fleet:
    broker: Machine
    nodes: dict[str, Machine]
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)

    def play(self, playbook: str = "site.yml", **more: object) -> Played:
        groups = {"brokers": {"broker": self.broker}, "edgeassist": self.nodes}
        return play(self.folder, playbook, groups, self.settings | more)

    def releases(self) -> dict[str, str]:
        return {name: node.sh("readlink /opt/edgeassist/current").strip() for name, node in self.nodes.items()}

    def answers(self) -> list[str]:
        """What comes of an intent to each node: asked at the broker's machine, by MQTT 5 request and response."""
        asked = (
            "mosquitto_rr -V 5 -t edgeassist/{}/intent -e edgeassist/clients/test -m 'turn on the ceiling light' -W 30"
        )
        return [str(json.loads(self.broker.sh(asked.format(name)))["outcome"]) for name in self.nodes]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    with ExitStack() as stack:
        machines = [
            stack.enter_context(Machine(f"role-{name}", {}, f"10.77.0.{number}"))
            for number, name in enumerate(("broker", *NAMES), 1)
        ]
        made = Fleet(machines[0], dict(zip(NAMES, machines[1:], strict=True)), folder)
        made.settings = settings(folder)
        yield made


def settings(folder: Path) -> dict[str, Any]:
    authority, certificate, key = certificates(folder)
    return {
        "mosquitto_tls_ca_pem": authority,
        "mosquitto_tls_cert_pem": certificate,
        "mosquitto_tls_key_pem": key,
        "mosquitto_users": [{"name": name, "hash": hashed(f"secret of {name}")} for name in (*NAMES, "operator")],
        "mosquitto_acl": ["pattern readwrite light/#", "user operator", "topic read edgeassist/#"],
        "edgeassist_mqtt_host": BROKER,
        "edgeassist_mqtt_tls_ca_pem": authority,
        "edgeassist_mqtt_username": "{{ inventory_hostname }}",
        "edgeassist_mqtt_password": "secret of {{ inventory_hostname }}",
        "edgeassist_room": "Kitchen",
        "edgeassist_home": HOME,
        # The bundle has no larger one, and a node that lacks what its profile wants says so.
        "edgeassist_model": "edgeassist-135m",
        # Here machines share a core with whatever else there is, and take long to start.
        "edgeassist_mqtt_session_expiry_s": 120,
        "edgeassist_min_disk_mb": 500,
        "edgeassist_serial": [1, 2],
    }


def certificates(folder: Path) -> tuple[str, str, str]:
    """An authority, and the broker's certificate for its address."""
    (folder / "san").write_text(f"subjectAltName=IP:{BROKER}\n")
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt",
        "req -newkey rsa:2048 -nodes -subj /CN=broker -keyout broker.key -out broker.csr",
        "x509 -req -days 2 -in broker.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile san -out broker.crt",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return (folder / "ca.crt").read_text(), (folder / "broker.crt").read_text(), (folder / "broker.key").read_text()


def hashed(password: str) -> str:
    """As mosquitto_passwd writes it."""
    salt = b"edgeassist12"
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101, 64)
    return f"$7$101${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


@pytest.fixture(scope="module")
def first(fleet: Fleet, bundle: Path) -> Path:
    return packed(Path(shutil.copytree(bundle, fleet.folder / "first")))


@pytest.fixture(scope="module")
def converged(fleet: Fleet, bundle: Path, first: Path) -> Fleet:
    """Bare machines; the first try is with a release that does not start, the second makes the fleet."""
    broken = altered(bundle, fleet.folder / "broken-at-first", "0.0.9", BROKEN)
    played = fleet.play(edgeassist_bundle=str(broken), edgeassist_verify_retries=3)
    assert played.code != 0
    assert "This one had no release before: its service is stopped and disabled" in played.output
    assert fleet.nodes["canary"].sh("ls /opt/edgeassist").split() == ["bundles", "models", "releases"]
    assert fleet.nodes["canary"].show("edgeassist", "ActiveState", "UnitFileState") == {
        "ActiveState": "inactive",
        "UnitFileState": "disabled",
    }
    assert fleet.nodes["second"].sh("ls /opt") == ""
    assert fleet.play(edgeassist_bundle=str(first)).code == 0
    return fleet


def test_bare_machines_answer_after_one_run_and_a_second_run_changes_nothing(converged: Fleet, first: Path) -> None:
    assert converged.answers() == ["done"] * 3
    again = converged.play(edgeassist_bundle=str(first))
    assert (again.code, again.changed) == (0, dict.fromkeys(("broker", *NAMES), 0))


def test_broker_lets_a_node_have_its_own_topics_only(converged: Fleet) -> None:
    node = converged.nodes["canary"]
    login = f"-h {BROKER} -p 8883 --cafile /etc/edgeassist/ca.pem -V 5 -u canary"
    send = f"mosquitto_pub {login} -P '{{}}' -q 1 -t edgeassist/second/intent -m 'turn on the ceiling light' 2>&1"
    assert "Not authorized" in node.sh(send.format("secret of canary"), check=False)
    assert "Not authorized" in node.sh(send.format("guessed"), check=False)
    plain = f"mosquitto_pub -h {BROKER} -p 1883 -t a -m b 2>&1"
    assert "Connection refused" in node.sh(plain, check=False)


def test_killed_node_loses_no_intent(converged: Fleet) -> None:
    """Killed in the middle of a stream of intents for any node; systemd brings it back."""
    converged.broker.sh("""
        stdbuf -oL mosquitto_sub -d -V 5 -t 'edgeassist/+/action' > /tmp/actions 2>&1 &
        timeout 30 sh -c 'until grep -q Subscribed /tmp/actions; do sleep 0.1; done'
    """)
    for number in range(INTENTS):
        if number == INTENTS // 3:
            converged.nodes["second"].sh("systemctl kill --kill-whom=main -s KILL edgeassist")
        intent = json.dumps({"id": f"i{number}", "text": "turn on the ceiling light", "deadline_ms": 60_000})
        converged.broker.sh(f"mosquitto_pub -V 5 -q 1 -t edgeassist/any/intent -m '{intent}'")
    converged.nodes["second"].until("edgeassist", 120, NRestarts="1", StatusText="1 devices")
    answered = f"[ $(grep -c ^{{ /tmp/actions) -ge {INTENTS} ]"
    converged.broker.sh(f"timeout 100 sh -c 'until {answered}; do sleep 0.2; done'")
    answers = [json.loads(line) for line in converged.broker.sh("grep ^{ /tmp/actions").splitlines()]
    assert {answer["id"] for answer in answers} == {f"i{number}" for number in range(INTENTS)}
    print(Counter((answer["node"], answer["outcome"]) for answer in answers))
    assert {answer["node"] for answer in answers} == set(NAMES)


def test_fleet_is_listed_with_version_model_profile_and_lag(converged: Fleet) -> None:
    def listed(node: str, environment: str) -> dict[str, Any]:
        command = "/opt/edgeassist/current/bin/edgeassist fleet --json --config /etc/edgeassist/config.toml"
        return {row["node"]: row for row in json.loads(converged.nodes[node].sh(f"{environment} {command}"))}

    operator = "EDGEASSIST_MQTT__USERNAME=operator EDGEASSIST_MQTT__PASSWORD='secret of operator'"
    rows = listed("canary", operator)
    assert {name: row["status"] for name, row in rows.items()} == dict.fromkeys(NAMES, "online")
    for row in rows.values():
        assert row["version"] == __version__
        assert row["model"] == "edgeassist-135m"
        assert row["profile"].startswith("generic-")
        assert row["lag_s"] < 60
        assert row["degraded"] == []
    # To the ACL, a node is no operator.
    assert set(listed("second", "CREDENTIALS_DIRECTORY=/etc/edgeassist")) == {"second"}


def test_broken_release_stops_at_the_canary_which_goes_back(converged: Fleet, bundle: Path) -> None:
    before = converged.releases()
    broken = altered(bundle, converged.folder / "broken", "0.2.0", BROKEN)
    # With configuration of its own, that the release before would refuse.
    played = converged.play(
        edgeassist_bundle=str(broken), edgeassist_config_extra="# of 0.2.0", edgeassist_verify_retries=3
    )
    assert played.code != 0
    assert f"This one is back on {before['canary'].partition('/')[2]} and answers" in played.output
    assert converged.releases() == before
    assert "of 0.2.0" not in converged.nodes["canary"].sh("cat /etc/edgeassist/config.toml")
    assert [played.changed.get(name, 0) for name in ("second", "third")] == [0, 0]
    assert "0.2.0" not in converged.nodes["second"].sh("ls /opt/edgeassist/releases")
    assert converged.answers() == ["done"] * 3


def test_upgrade_reaches_every_node_and_is_rolled_back_by_a_playbook(converged: Fleet, bundle: Path) -> None:
    before = converged.releases()
    better = altered(bundle, converged.folder / "better", "0.3.0")
    played = converged.play(edgeassist_bundle=str(better), edgeassist_config_extra="# of 0.3.0")
    assert played.code == 0
    assert all("0.3.0" in release for release in converged.releases().values())
    assert converged.answers() == ["done"] * 3
    assert converged.play("rollback.yml", edgeassist_bundle=str(better)).code == 0
    assert converged.releases() == before
    assert "of 0.3.0" not in converged.nodes["third"].sh("cat /etc/edgeassist/config.toml")
    assert converged.answers() == ["done"] * 3
