"""CO2 in the loop and its vessel."""
