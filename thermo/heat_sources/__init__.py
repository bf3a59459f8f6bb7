"""Where a block's heat comes from, one file per source, each ending in what the cycle needs: a `HeatStream`.

fired_heater, heater_tubes   natural gas: burner, coils, air preheater, stack, tube metal, emissions
reactor, reactor_fit         catalogue of reactors; which cycle meets a reactor's return temperature
bottoming                    a second CO2 cycle on the heat that the first leaves
intermediate_loop            sodium or salt between reactor and CO2
decay_heat                   heat after shutdown and the path that takes it without the block
thermal_battery, solar_tower, waste_heat
primary_heater               the exchanger between any of them and CO2, in segments
gases, combustion, coolants  properties that they share
"""
