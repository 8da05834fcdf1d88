"""Names that mean two things are said, with what to do about them."""

from __future__ import annotations

from edgeassist.home import Area, Device, Floor, Home
from edgeassist.home.naming import troubles


def lamp(id_: str, name: str, area: str | None = "Kitchen", *, kind: str = "light", alias: str = "") -> Device:
    return Device(id_, name, kind, area=area, aliases=(alias,) if alias else ())  # type: ignore[arg-type]


def test_two_devices_of_one_name_in_one_room_are_told() -> None:
    home = Home((lamp("light.a", "Lamp"), lamp("switch.b", "lamp!", kind="switch"), lamp("light.c", "Lamp", "Hall")))
    (trouble,) = troubles(home)
    assert "'lamp' in Kitchen means light.a and switch.b" in trouble
    assert "[[override]]" in trouble


def test_alias_that_is_the_name_of_another_is_told() -> None:
    home = Home(
        (
            lamp("light.a", "Lamp", None),
            lamp("light.b", "Spot", None, alias="the lamp"),
            lamp("light.c", "Lamp", "Hall"),
        )
    )
    assert troubles(home) == []
    home = Home((lamp("light.a", "Lamp", None), lamp("light.b", "Spot", None, alias="LAMP")))
    assert "without an area means light.a and light.b" in troubles(home)[0]


def test_sensor_beside_its_plug_is_no_trouble() -> None:
    home = Home((lamp("switch.a", "Heater", kind="switch"), lamp("sensor.a", "Heater", kind="sensor")))
    assert troubles(home) == []


def test_area_and_floor_of_one_name_are_told() -> None:
    home = Home(areas=(Area("Attic", "Attic"), Area("Loft", "Attic")), floors=(Floor("Attic"),))
    (trouble,) = troubles(home)
    assert "'attic' means the area 'Attic' and the floor 'Attic'" in trouble
