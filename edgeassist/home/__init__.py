"""The home: its floors, areas and devices, and what each device can do, whoever announced it."""

from .device import KINDS, Area, Device, Driver, Floor, Kind, State
from .home import Home

__all__ = ["KINDS", "Area", "Device", "Driver", "Floor", "Home", "Kind", "State"]
