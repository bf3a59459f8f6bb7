"""Coolers, towers, pads, winter control and condensing."""
