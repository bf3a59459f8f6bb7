"""Operation away from the design: hardware, control, search, map."""
