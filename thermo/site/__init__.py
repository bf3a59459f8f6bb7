"""The block at its site: auxiliaries, hazards, degradation, hot days."""
