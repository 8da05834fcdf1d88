"""The unit on a real systemd: what the README promises of the service."""

from __future__ import annotations

import json

from tests.e2e.conftest import CONFIG, ask, write
from tests.support.machine import Machine

UNIT = "edgeassist"


def outcome(answer: str) -> str:
    return str(json.loads(answer)["outcome"]) if answer.strip() else "no answer"


def test_started_service_answers_an_intent_inside_the_sandbox(machine: Machine) -> None:
    assert outcome(ask(machine, "turn on the ceiling light")) == "done"
    fields = json.loads(machine.sh(f"journalctl -u {UNIT} -o json OUTCOME=done -n 1"))
    assert fields["INTENT_ID"]
    assert fields["LOGGER"] == "edgeassist.desk"


def test_installed_unit_is_exposed_by_two_at_most(machine: Machine) -> None:
    printed = machine.sh(f"systemd-analyze security --no-pager --threshold=20 {UNIT}.service")
    print(printed.splitlines()[-1])


def test_restart_reads_no_prompt_again(machine: Machine) -> None:
    before = machine.sh("ls /var/cache/edgeassist/prefix")
    machine.sh(f"systemctl restart {UNIT}")
    machine.until(UNIT, StatusText="1 devices")
    assert machine.sh("ls /var/cache/edgeassist/prefix") == before != ""


def test_killed_daemon_comes_back_and_answers(machine: Machine) -> None:
    machine.sh(f"systemctl kill --kill-whom=main -s KILL {UNIT}")
    machine.until(UNIT, NRestarts="1", SubState="running", StatusText="1 devices")
    assert outcome(ask(machine, "turn off the ceiling light")) == "done"


def test_hung_model_is_killed_by_the_watchdog_and_given_up_after_two_attempts(machine: Machine) -> None:  # F09
    hanging = '{"id": "poison", "text": "hang", "deadline_ms": 120000}'
    machine.sh(f"mosquitto_pub -V 5 -q 1 -t edgeassist/canary/intent -m '{hanging}'")
    machine.until(UNIT, timeout=60, NRestarts="1")
    assert "Watchdog timeout" in machine.journal(UNIT)
    assert "the model's worker hangs" in machine.journal(UNIT)
    # The broker hands the message over again, once: then it is answered and acknowledged.
    machine.until(UNIT, timeout=60, NRestarts="2", SubState="running", StatusText="1 devices")
    assert outcome(ask(machine, "turn on the ceiling light")) == "done"
    assert machine.show(UNIT, "NRestarts")["NRestarts"] == "2"


def test_missing_model_degrades_and_does_not_restart(machine: Machine) -> None:  # F10
    machine.sh("mv /opt/edgeassist/models /opt/edgeassist/models.away; mkdir /opt/edgeassist/models")
    try:
        machine.sh(f"systemctl restart {UNIT}")
        machine.until(UNIT, StatusText="degraded: model", ActiveState="active")
        assert outcome(ask(machine, "turn on the ceiling light")) == "failed"
        assert machine.show(UNIT, "NRestarts")["NRestarts"] == "0"
    finally:
        machine.sh("rmdir /opt/edgeassist/models; mv /opt/edgeassist/models.away /opt/edgeassist/models")


def test_stop_answers_what_is_at_hand_and_says_offline(machine: Machine) -> None:  # F23
    script = f"""
        mosquitto_sub -V 5 -q 1 -t 'edgeassist/canary/action' -C 1 -W 20 > /tmp/answer &
        sleep 1
        mosquitto_pub -V 5 -q 1 -t edgeassist/canary/intent -m 'turn on the ceiling light'
        systemctl stop {UNIT}
        wait
        mosquitto_sub -t edgeassist/canary/status -C 1 -W 5
    """
    assert machine.sh(script).strip().endswith("offline")
    result = machine.show(UNIT, "Result", "ExecMainStatus", "ActiveState")
    assert result == {"Result": "success", "ExecMainStatus": "0", "ActiveState": "inactive"}
    answer = machine.sh("cat /tmp/answer")
    if not answer.strip():
        # It came after the daemon had begun to stop: the broker still has it for the next start.
        machine.sh("mosquitto_sub -V 5 -q 1 -t edgeassist/canary/action -C 1 -W 20 > /tmp/answer & sleep 1;"
                   f"systemctl start {UNIT}; wait")  # fmt: skip
        answer = machine.sh("cat /tmp/answer")
    assert outcome(answer) == "done"


def test_bad_configuration_ends_with_78_and_is_not_restarted(machine: Machine) -> None:  # F24
    write(machine, "config.toml", CONFIG.replace("room", "rom"))
    machine.sh(f"systemctl restart {UNIT}", check=False)
    machine.until(UNIT, ActiveState="failed")
    assert machine.show(UNIT, "ExecMainStatus", "NRestarts") == {"ExecMainStatus": "78", "NRestarts": "0"}
    assert "config.toml:2: rom = 'Kitchen': unknown key. Did you mean 'room'?" in machine.journal(UNIT)


def test_bad_reload_keeps_the_configuration_and_a_good_one_is_taken(machine: Machine) -> None:  # F23
    write(machine, "config.toml", CONFIG.replace("room", "rom"))
    machine.sh(f"systemctl reload {UNIT}")
    machine.until(UNIT, StatusText="reload: /etc/edgeassist/config.toml:2: rom", ActiveState="active")
    assert outcome(ask(machine, "turn on the ceiling light")) == "done"
    write(machine, "config.toml", CONFIG + '[policy]\nrules = [{ verdict = "deny", functions = ["turn_on"] }]\n')
    machine.sh(f"systemctl reload {UNIT}")
    machine.sh(f"timeout 10 sh -c 'until journalctl -u {UNIT} | grep -q reloaded:; do sleep 0.1; done'")
    assert outcome(ask(machine, "turn on the ceiling light")) == "denied"
