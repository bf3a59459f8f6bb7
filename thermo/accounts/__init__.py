"""Exergy, diagrams and cost of a solved cycle."""
