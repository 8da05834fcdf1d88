"""TLS to a real Mosquitto with certificates made here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from edgeassist.bus.values import BusState
from edgeassist.errors import ConfigError
from tests.support.broker import Mosquitto

from .conftest import MakeBus, in_state, started

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def openssl(*arguments: str, folder: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``ca``, ``other`` (an authority that signed nothing), and ``server`` and ``client`` signed by ``ca``."""
    folder = tmp_path_factory.mktemp("certificates")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name in ("ca", "other"):
        openssl("req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-days", "2", "-subj",
                f"/CN={name}", folder=folder)  # fmt: skip
    for name in ("server", "client"):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", folder=folder)
        (folder / "san").write_text("subjectAltName=IP:127.0.0.1")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                f"{name}.crt", "-days", "2", "-extfile", "san", folder=folder)  # fmt: skip
    return folder


def tls_broker(folder: Path, *more: str) -> Mosquitto:
    return Mosquitto(
        config=(f"cafile {folder}/ca.crt", f"certfile {folder}/server.crt", f"keyfile {folder}/server.key", *more)
    )


def test_broker_with_our_authority_is_trusted(certificates: Path, make_bus: MakeBus) -> None:
    with tls_broker(certificates) as broker:
        bus = started(make_bus(broker.port, tls_ca=certificates / "ca.crt"))
        handles = [bus.publish("x", b"y" * 2000) for _ in range(200)]
        assert all(handle.wait(5) for handle in handles)


def test_broker_of_another_authority_is_a_state_of_its_own(certificates: Path, make_bus: MakeBus) -> None:
    with tls_broker(certificates) as broker:
        bus = make_bus(broker.port, tls_ca=certificates / "other.crt")
        bus.start()
        in_state(bus, BusState.TLS_FAILED)
        assert "certificate" in bus.detail


def test_name_that_is_not_in_the_certificate_is_refused(certificates: Path, make_bus: MakeBus) -> None:
    with tls_broker(certificates) as broker:
        bus = make_bus(broker.port, host="localhost", tls_ca=certificates / "ca.crt")
        bus.start()
        in_state(bus, BusState.TLS_FAILED)
        assert "localhost" in bus.detail


def test_client_certificate_is_shown(certificates: Path, make_bus: MakeBus) -> None:
    with tls_broker(certificates, "require_certificate true") as broker:
        own = {"tls_cert": certificates / "client.crt", "tls_key": certificates / "client.key"}
        assert started(make_bus(broker.port, tls_ca=certificates / "ca.crt", **own)).state is BusState.CONNECTED


def test_broker_without_tls_is_not_talked_to_in_clear(broker: Mosquitto, certificates: Path, make_bus: MakeBus) -> None:
    bus = make_bus(broker.port, tls_ca=certificates / "ca.crt", username="pi", password="secret")
    bus.start()
    assert not bus.wait_ready(0.5)
    assert bus.state in (BusState.TLS_FAILED, BusState.WAITING, BusState.CONNECTING)
    assert "pi" not in broker.log().replace("edgeassist-pi", "")


@pytest.mark.parametrize("name", ["tls_ca", "tls_cert"])
def test_file_that_is_missing_is_a_configuration_error(make_bus: MakeBus, name: str) -> None:
    with pytest.raises(ConfigError, match=rf"{name} = /nowhere/x: .*No such file|{name} = /nowhere/x, tls_key"):
        make_bus(1, **{name: Path("/nowhere/x")})
