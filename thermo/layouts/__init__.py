"""Cycle layouts: one file each, all composed of the same machines and exchangers."""
