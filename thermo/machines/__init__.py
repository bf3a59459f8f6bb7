"""Wheels, shafts, losses, generator, materials, and machines that exist."""
