"""Recuperators and printed-circuit exchangers."""
