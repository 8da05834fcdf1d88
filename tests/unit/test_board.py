from __future__ import annotations

from pathlib import Path

import pytest

from edgeassist import heat
from edgeassist.board import detect
from tests.support.boards import BOARDS, make, write


def test_a_pi_is_read_from_its_device_tree(tmp_path: Path) -> None:
    facts = detect(make(tmp_path, BOARDS["5-8gb"]))
    assert facts.machine == "aarch64"
    assert facts.model == "Raspberry Pi 5 Model B Rev 1.0"
    assert facts.compatible == ("raspberrypi,5-model-b", "brcm,bcm2712")
    assert facts.memory_mib == 8060
    assert facts.cpus == facts.big_cpus == (0, 1, 2, 3)


def test_the_old_place_of_the_device_tree_is_read_too(tmp_path: Path) -> None:
    write(tmp_path, {"proc/device-tree/model": "Raspberry Pi 3 Model B\0"})
    assert detect(tmp_path).model == "Raspberry Pi 3 Model B"


def test_big_cores_are_told_from_small_ones(tmp_path: Path) -> None:
    assert detect(make(tmp_path, BOARDS["rock-5b"])).big_cpus == (4, 5, 6, 7)


def test_threads_of_one_core_are_counted_once(tmp_path: Path) -> None:
    facts = detect(make(tmp_path, BOARDS["laptop"]))
    assert (len(facts.cpus), facts.physical_cores) == (8, 4)


def test_an_empty_root_gives_defaults(tmp_path: Path) -> None:
    facts = detect(tmp_path)
    assert facts.model is None
    assert facts.memory_mib == 0
    assert facts.cpus == (0,)
    assert facts.cgroup_memory is None


def test_a_gap_among_the_cores_is_seen(tmp_path: Path) -> None:
    write(tmp_path, {"sys/devices/system/cpu/online": "0,2-3\n"})
    assert detect(tmp_path).cpus == (0, 2, 3)


@pytest.mark.parametrize(
    ("files", "works"),
    [
        ({"sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n"}, True),
        ({"sys/fs/cgroup/cgroup.controllers": "cpuset cpu io pids\n"}, False),
        ({"proc/cgroups": "#subsys_name\thierarchy\tnum\tenabled\nmemory\t0\t1\t0\n"}, False),
    ],
)
def test_the_memory_controller_is_looked_for(tmp_path: Path, files: dict[str, str], works: bool) -> None:
    write(tmp_path, files)
    assert detect(tmp_path).cgroup_memory is works


def test_this_machine_is_detected() -> None:
    facts = detect()
    assert facts.memory_mib > 100
    assert len(facts.cpus) >= facts.physical_cores >= 1


def test_heat_of_a_throttled_pi_is_spelled_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "sys/class/thermal/thermal_zone0/temp": "84212\n",
            "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
            "sys/class/thermal/thermal_zone1/temp": "91000\n",
            "sys/class/thermal/thermal_zone1/type": "nvme\n",
            "sys/devices/platform/soc/soc:firmware/get_throttled": "50004\n",
        },
    )
    state = heat.read(tmp_path)
    assert state.temperature_c == pytest.approx(84.212)
    assert state.now == ("throttled",)
    assert state.since_boot == ("under-voltage", "throttled")


def test_under_voltage_is_read_from_hwmon_where_the_firmware_file_is_absent(tmp_path: Path) -> None:
    write(tmp_path, {"sys/class/hwmon/hwmon1/name": "rpi_volt\n", "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"})
    assert heat.read(tmp_path).now == ("under-voltage",)


@pytest.mark.parametrize("junk", ["", "N/A", "-"])
def test_unreadable_sensors_are_unknown(tmp_path: Path, junk: str) -> None:
    write(
        tmp_path,
        {
            "sys/class/thermal/thermal_zone0/temp": junk,
            "sys/devices/platform/soc/soc:firmware/get_throttled": junk,
        },
    )
    assert heat.read(tmp_path) == heat.Heat(None, None, None)
