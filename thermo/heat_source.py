"""The gas-fired heater by its former name: see `heat_sources.fired_heater`."""

from .heat_sources.combustion import Burner, burner
from .heat_sources.fired_heater import FiredHeaterResult, fired_heater, resolve
from .heat_sources.gases import sensible_enthalpy

__all__ = ["Burner", "FiredHeaterResult", "burner", "fired_heater", "resolve", "sensible_enthalpy"]
