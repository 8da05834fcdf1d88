"""The example configuration of Mosquitto, as it is but for its paths and port, with the daemon and others on it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.broker import Mosquitto, free_port
from tests.support.node import Node, until

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "mosquitto"
LAMP = """
[[device]]
name = "Desk Lamp"
kind = "light"
command_topic = "zigbee2mqtt/desk/set"
[[device]]
name = "Front Door"
kind = "lock"
command_topic = "zigbee2mqtt/door/set"
"""
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certs")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=home")
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1")
    for name in ("server", "kitchen-pi", "satellite-hall", "anna", "zigbee2mqtt", "stranger"):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                f"{name}.crt", "-days", "2", "-extfile", "san")  # fmt: skip
    return folder


@pytest.fixture
def broker(certificates: Path, tmp_path: Path) -> Iterator[Mosquitto]:
    port = free_port()
    text = (EXAMPLE / "edgeassist.conf").read_text()
    for old, new in (
        ("listener 8883", f"listener {port} 127.0.0.1"),
        ("/etc/mosquitto/certs", str(certificates)),
        ("/etc/mosquitto/acl", str(EXAMPLE / "acl")),
        ("persistence true\npersistence_location /var/lib/mosquitto/", ""),
    ):
        assert old in text
        text = text.replace(old, new)
    with Mosquitto(config=tuple(text.splitlines()), port=port, listen=False) as mosquitto:
        yield mosquitto


class Client:
    """mosquitto_pub and mosquitto_sub as one of the users."""

    def __init__(self, name: str, broker: Mosquitto, certificates: Path) -> None:
        self._options = ["-h", "127.0.0.1", "-p", str(broker.port), "-V", "5", "-q", "1"]
        self._options += ["--cafile", f"{certificates}/ca.crt"]
        self._options += ["--cert", f"{certificates}/{name}.crt", "--key", f"{certificates}/{name}.key"]

    def publish(self, topic: str, payload: str) -> None:
        subprocess.run(["mosquitto_pub", *self._options, "-t", topic, "-m", payload], check=True, capture_output=True)

    def listen(self, file: Path, *topics: str) -> subprocess.Popen[bytes]:
        filters = [part for topic in topics for part in ("-t", topic)]
        with file.open("wb") as out:
            return subprocess.Popen(["mosquitto_sub", *self._options, *filters, "-v"], stdout=out)


def test_each_can_do_what_it_is_for_and_nothing_else(broker: Mosquitto, certificates: Path, tmp_path: Path) -> None:
    files = "".join(
        f'{key} = "{certificates}/{name}"\n'
        for key, name in (("tls_ca", "ca.crt"), ("tls_cert", "kitchen-pi.crt"), ("tls_key", "kitchen-pi.key"))
    )
    config = f'[mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\n{files}'
    node = Node(tmp_path, broker.port, config, LAMP)
    node.file.write_text(node.file.read_text().replace('node = "pi"', 'node = "kitchen-pi"'))
    seen, commanded = tmp_path / "seen", tmp_path / "commanded"
    anna, hall, bridge, stranger = (
        Client(name, broker, certificates) for name in ("anna", "satellite-hall", "zigbee2mqtt", "stranger")
    )
    listeners = [anna.listen(seen, "edgeassist/#"), bridge.listen(commanded, "zigbee2mqtt/#")]
    try:
        node.start()
        until(lambda: "kitchen-pi/status online" in seen.read_text(), trouble=node.log)
        hall.publish("edgeassist/kitchen-pi/intent", '{"id": "lamp", "text": "do on desk lamp"}')
        until(lambda: "zigbee2mqtt/desk/set ON" in commanded.read_text(), trouble=node.log)
        hall.publish("edgeassist/kitchen-pi/intent", '{"id": "door", "text": "do unlock front door"}')
        until(lambda: "kitchen-pi/confirm " in seen.read_text(), trouble=node.log)
        hall.publish("edgeassist/kitchen-pi/confirm/door", "yes")
        hall.publish("zigbee2mqtt/door/set", "UNLOCK")
        stranger.publish("edgeassist/kitchen-pi/intent", '{"id": "stranger", "text": "do off desk lamp"}')
        anna.publish("edgeassist/kitchen-pi/intent", '{"id": "last", "text": "do off desk lamp"}')
        until(lambda: "zigbee2mqtt/desk/set OFF" in commanded.read_text(), trouble=node.log)
        assert "UNLOCK" not in commanded.read_text()
        assert '"id":"stranger"' not in seen.read_text()
        anna.publish("edgeassist/kitchen-pi/confirm/door", "yes")
        until(lambda: "zigbee2mqtt/door/set UNLOCK" in commanded.read_text(), trouble=node.log)
    finally:
        node.kill()
        for listener in listeners:
            listener.kill()
            listener.wait()


def test_client_without_a_certificate_is_refused(broker: Mosquitto, certificates: Path) -> None:
    options = ["-h", "127.0.0.1", "-p", str(broker.port), "--cafile", f"{certificates}/ca.crt"]
    refused = subprocess.run(
        ["mosquitto_pub", *options, "-t", "edgeassist/kitchen-pi/intent", "-m", "x"], check=False, capture_output=True
    )
    assert refused.returncode != 0
