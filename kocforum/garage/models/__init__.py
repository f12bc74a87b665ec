"""Cars that people own, and the catalogue that staff keep: models, software versions, functions."""

from .catalogue import SoftwareVersion, Trim, VehicleModel
from .functions import FailureMode, Function
from .vehicles import InstalledVersion, Vehicle

__all__ = ["FailureMode", "Function", "InstalledVersion", "SoftwareVersion", "Trim", "Vehicle", "VehicleModel"]
