"""The unit against systemd's own judgement. What it does when it runs is in tests/e2e."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = SYSTEMD / "edgeassist.service"
#: systemd-analyze counts in tenths: 20 is an exposure of 2.0.
EXPOSURE = 20

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")


def directives() -> list[tuple[str, str]]:
    return re.findall(r"^([A-Z]\w+)=(.*)$", UNIT.read_text(), re.MULTILINE)


@needs_systemd
def test_exposure_is_at_most_two() -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE}", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


@needs_systemd
def test_unit_has_no_unknown_directive(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    # The programs and the user are there on an installed machine only.
    text = re.sub(r"/opt/edgeassist/current/bin/edgeassist", "/bin/true", UNIT.read_text())
    unit.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []


def test_configuration_errors_are_not_restarted() -> None:
    found = dict(directives())
    assert found["RestartPreventExitStatus"] == "78"
    assert found["Restart"] == "on-failure"
    assert int(found["StartLimitIntervalSec"]) > int(found["StartLimitBurst"]) * int(found["RestartSec"])


def test_stop_leaves_time_for_the_daemon_to_drain() -> None:
    from edgeassist.daemon import _STOP_S

    assert int(dict(directives())["TimeoutStopSec"]) > _STOP_S + 5 + 5  # and the devices' reports, and the broker's


def test_secrets_come_as_credentials_only() -> None:
    assert ("LoadCredential", "mqtt-password:/etc/edgeassist/mqtt-password") in directives()
    assert not [value for key, value in directives() if key == "Environment" and "PASSWORD" in value.upper()]
