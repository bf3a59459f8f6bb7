"""CO2 properties: the Helmholtz equation, flashes, the table, transport properties, saturation."""
