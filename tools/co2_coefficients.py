"""Take the coefficients of CO2's equation of state out of CoolProp, whole and unchanged, into thermo/data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parent.parent / "thermo" / "data" / "co2_span_wagner.json"


def from_coolprop() -> dict[str, Any]:
    """Span and Wagner's equation with ideal part, critical point and saturation ancillaries, as CoolProp holds them."""
    import CoolProp.CoolProp as CP

    found = json.loads(CP.get_fluid_param_string("CO2", "JSON"))
    fluid = found[0] if isinstance(found, list) else found
    eos = fluid["EOS"][0]
    return {
        "source": "Span and Wagner, J. Phys. Chem. Ref. Data 25 (1996) 1509; coefficients as in CoolProp (MIT licence)",
        "EOS": {key: eos[key] for key in ("molar_mass", "gas_constant", "alpha0", "alphar")}
        | {"reducing": eos["STATES"]["reducing"]},
        "ANCILLARIES": {
            key: {part: fluid["ANCILLARIES"][key][part] for part in ("n", "t")}
            for key in ("pS", "rhoL", "rhoV")
        },
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(from_coolprop(), indent=1) + "\n", encoding="utf-8")
    print(PATH.name)
