"""A stage opened: its equation, the same with the live numbers, where it comes from and how good that is."""

from __future__ import annotations

import re

import streamlit as st

from dcgrid.ledger import Stage
from ui.style import GRADES, digits

COOLING_PER_W = 0.08


def equations(stage: Stage) -> list[str]:
    """Balance of the stage, its law, and the load its curve is read at; powers in kW (LaTeX)."""
    kW = [digits(w / 1e3, 4) for w in (stage.p_out_w, stage.loss_w, stage.p_side_w, stage.p_in_w)]
    kW = [text.replace("\u202f", r"\,") for text in kW]
    side = r" + P_\text{tapped}" if stage.p_side_w else ""
    numbers = " + ".join([*kW[:2], *([kW[2]] if stage.p_side_w else [])])
    balance = rf"P_\text{{in}} = P_\text{{out}} + P_\text{{loss}}{side} = {numbers} = {kW[3]}\ \text{{kW}}"
    load = _module_load(stage)
    curve = [rf"x = P_\text{{out}} / (n P_r) = {load}\ \%"] if load else []
    return [balance, _law(stage, kW), *curve]


def _module_load(stage: Stage) -> str | None:
    """Load of each module [%] as the stage's note has it."""
    found = re.search(r"module load (\d+) %", stage.note)
    return found[1] if found else None


def _law(stage: Stage, kW: list[str]) -> str:
    if stage.key == "conductors":
        return rf"P_\text{{loss}} = \sum R\,I^2 = {kW[1]}\ \text{{kW}},\qquad R = \varrho\,L/A"
    if stage.name == "cooling of losses":
        hall = digits(stage.loss_w / COOLING_PER_W / 1e3, 4).replace("\u202f", r"\,")
        return rf"P_\text{{loss}} = c \sum P_\text{{loss, hall}} = {COOLING_PER_W} \cdot {hall} = {kW[1]}\ \text{{kW}}"
    if "standby" in stage.name:
        return rf"P_\text{{loss}} = \ell(0)\,P_\text{{rated}} = {kW[1]}\ \text{{kW}}"
    if "transformer" in stage.name and not _module_load(stage):
        return rf"P_\text{{loss}} = P_0 + P_k\,(S/S_r)^2 = {kW[1]}\ \text{{kW}}"
    share = digits(100 * stage.loss_w / stage.p_out_w) if stage.p_out_w else "0"
    return rf"P_\text{{loss}} = \frac{{\ell(x)}}{{x}}\,P_\text{{out}} = {share}\ \% \cdot {kW[0]} = {kW[1]}\ \text{{kW}}"


def stage_card(stage: Stage) -> None:
    """Show one stage."""
    with st.container(border=True):
        for text in equations(stage):
            st.latex(text)
        st.markdown(f"**Grade:** {GRADES[stage.grade]}. **Source:** {stage.source or 'none given'}.")
        if stage.note:
            st.caption(stage.note)
