"""Data for the DC side: inertia, ramps, starts, overspeed."""
