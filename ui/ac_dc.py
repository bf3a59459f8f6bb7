"""The AC-against-DC page: where the watts go on the same racks, stage by stage, and when DC does not win."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from campus import ac_dc as halls
from campus.ac_dc import Hall, View
from campus.figures.gap import gap_figure
from campus.figures.twin_sankey import twin_sankey_figure
from dcgrid.comparison import CURVES_NOTE
from dcgrid.ledger import Ledger, Stage
from ui.ac_dc_beyond import published, reach, voltages
from ui.stage_card import stage_card
from ui.style import CSS, GRADES, MARKS, digits, draw, points, table

COLOURS = {"DC better": "#0072b2", "AC better": "#e69f00", "undecided": "#808c98"}
KEY = "acdc_"


def ac_dc() -> None:
    """The page."""
    st.html(CSS)
    if KEY + "rack" not in st.session_state:
        _start()
    st.title("AC against DC")
    st.markdown(
        f"The same {halls.N_RACKS} racks fed both ways, every stage with its loss. Move the slider; open a stage; "
        "ask what would turn the verdict."
    )
    for problem in st.session_state[KEY + "problems"]:
        st.warning(f"The address could not be used as it is. {problem}.", icon="⚠️")
    _warm()
    _live()


@st.cache_resource(
    show_spinner="Loading the network solver (a new installation compiles it once: about half a minute)"
)
def _warm() -> bool:
    """Solve once, so that no slider waits for the solver to load."""
    return isinstance(halls.view(Hall()), View)


def _start() -> None:
    """Settings from the address, once a visit."""
    hall, problems = halls.from_query(st.query_params.to_dict())
    state = st.session_state
    state[KEY + "problems"] = problems
    for name in ("rack", "load", "redundancy", "ups_redundancy", "distance", "boundary"):
        state[KEY + name] = getattr(hall, name)
    state[KEY + "ac_" + hall.boundary], state[KEY + "dc_" + hall.boundary] = hall.ac, hall.dc


def _chosen() -> Hall:
    """The controls."""
    wide, middle, narrow = st.columns([5, 4, 1.4], vertical_alignment="bottom")
    low, high, step, _ = halls.RANGES["rack"]
    rack = wide.slider("Rack power, kW", low, high, step=step, key=KEY + "rack")
    left, right = st.columns([5, 5.4], vertical_alignment="center")
    boundary = left.segmented_control(
        "Where both chains start", list(halls.BOUNDARIES), key=KEY + "boundary", required=True,
        format_func=lambda b: f"{b}: {halls.BOUNDARIES[b]}", label_visibility="collapsed",
    )  # fmt: skip
    right.toggle("Predict first, then reveal", key=KEY + "predict")
    hall = halls.settled(Hall(rack=int(rack), boundary=str(boundary or "A")))
    with narrow.popover("More", width="stretch"):
        low, high, step, _ = halls.RANGES["load"]
        load = st.slider("Loading of the racks, %", low, high, step=step, key=KEY + "load")
        kept = st.segmented_control(
            "Redundancy of power shelves and sidecars",
            ["N", "N+1", "2N"],
            key=KEY + "redundancy",
            required=True,
        )
        ups = st.segmented_control(
            "Redundancy of UPS and 800 V rectifiers",
            ["N", "N+1", "2N"],
            key=KEY + "ups_redundancy",
            required=True,
        )
        low, high, step, _ = halls.RANGES["distance"]
        distance = st.slider("Distance from blocks or grid, m", low, high, step=step, key=KEY + "distance")
        options = halls.dc_choices(hall.boundary)
        dc = st.selectbox(
            "DC side", list(options), format_func=options.__getitem__, key=f"{KEY}dc_{hall.boundary}"
        )
    options = halls.ac_choices(hall.boundary)
    key = f"{KEY}ac_{hall.boundary}"
    if key not in st.session_state:
        st.session_state[key] = hall.ac
    ac = middle.selectbox("AC architecture", list(options), format_func=options.__getitem__, key=key)
    return replace(
        hall,
        load=int(load),
        redundancy=str(kept),
        ups_redundancy=str(ups),
        distance=int(distance),
        dc=dc,
        ac=ac,
    )


@st.fragment
def _live() -> None:
    """All that follows the controls."""
    hall = _chosen()
    if st.query_params.to_dict() != hall.query():
        st.query_params.from_dict(hall.query())
    seen = halls.view(hall)
    if isinstance(seen, str):
        st.error(f"No answer at these settings: {seen}")
        return
    covered = _predict(seen)
    if not covered:
        _verdict(seen)
        draw(twin_sankey_figure(_flows(seen.dc), _flows(seen.ac)), KEY + "sankey")
        _stages(seen)
    _more(seen, covered)


def _more(seen: View, covered: bool) -> None:
    """What goes beyond the two chains; only the tab that is open is worked out."""
    parts = {
        "What would make AC win?": lambda: _turning(seen.hall),
        "Voltage and copper": lambda: voltages(seen.hall),
        "How far 800 V reaches": reach,
        "Published studies": lambda: published(None if covered else seen.comparison),
        "Take it with you": lambda: _downloads(seen),
    }
    for tab, show in zip(
        st.tabs(list(parts), on_change="rerun", key=KEY + "tab"), parts.values(), strict=True
    ):
        if tab.open:
            with tab:
                show()


def _flows(ledger: Ledger) -> pd.DataFrame:
    return pd.DataFrame([row for row in ledger.to_rows() if row["stage"] != "total" and not row["tail"]])


def verdict_words(seen: View) -> tuple[str, str]:
    """Answer in a few words, and the sentence under it."""
    c = seen.comparison
    head = {
        "DC better": f"DC better by {points(abs(c.points))[1:]} points",
        "AC better": f"AC better by {points(abs(c.points))[1:]} points",
        "undecided": f"Undecided: {points(c.points)} points",
    }[c.answer]
    loss = [f"{100 * x.loss_fraction:.1f} %" for x in (seen.dc, seen.ac)]
    text = (
        f"DC loses {loss[0]}, AC {loss[1]} of the power at the start ({seen.hall.boundary}: "
        f"{halls.BOUNDARIES[seen.hall.boundary]}), at the nominal curves. With what is not known of the equipment: "
        f"{points(c.p10_points)} to {points(c.p90_points)} points (P10 to P90). At this load all year: "
        f"{digits(abs(c.input_saved_MWh), 2)} MWh {'saved' if c.input_saved_MWh >= 0 else 'more taken'} by DC."
    )
    return head, text


def _verdict(seen: View) -> None:
    head, text = verdict_words(seen)
    answer = seen.comparison.answer
    st.html(
        f'<div class="verdict" role="status" style="border-color:{COLOURS[answer]}"><div class="head">{MARKS[answer]} '
        f"{escape(head)}</div>{escape(text)}</div>"
    )


def largest(ledger: Ledger) -> Stage:
    """The stage that loses most."""
    return max(ledger.stages, key=lambda s: s.loss_w)


def _predict(seen: View) -> bool:
    """Ask first, show after; True while the answer is covered."""
    if not st.session_state.get(KEY + "predict"):
        st.session_state[KEY + "guess"] = None
        return False
    names = sorted({s.name for s in seen.ac.stages}, key=str.lower)
    guess = st.pills("Where is the biggest loss of the AC chain?", names, key=KEY + "guess")
    if guess is None:
        st.info("Choose a stage: the answer and the flows appear then.")
        return True
    ac, dc = largest(seen.ac), largest(seen.dc)
    right = guess == ac.name
    st.markdown(
        f"{'✔ Yes' if right else '✘ Not that one'}: the AC chain loses most in its **{ac.name}** "
        f"({digits(ac.loss_w / 1e3)} kW), the DC chain in its **{dc.name}** ({digits(dc.loss_w / 1e3)} kW)."
        + (" It stands in both chains, so it decides nothing." if ac.name == dc.name else "")
    )
    return False


def stage_rows(ledger: Ledger) -> list[tuple[str, list[str]]]:
    """Rows of the stage table."""
    rows = []
    for r in ledger.to_rows():
        kind = "total" if r["stage"] == "total" else "tail" if r["tail"] else ""
        grade = GRADES.get(str(r["grade"]), "")
        share = f"{100 * float(r['loss_share'] or 0.0):.2f}"
        rows.append((kind, [str(r["stage"]), digits(float(r["loss_w"] or 0.0) / 1e3), share, grade]))
    return rows


def _stages(seen: View) -> None:
    left, right = st.columns(2, gap="large")
    heads = ("Stage", "Loss, kW", "% of start", "Grade of the number")
    for column, name, ledger in ((left, "DC", seen.dc), (right, "AC", seen.ac)):
        with column:
            st.html(table(f"{name}: {ledger.name}", heads, stage_rows(ledger), (1, 2)))
            stages = {s.name: s for s in (*ledger.stages, *ledger.tails)}
            opened = st.selectbox(
                f"Open a stage of the {name} chain", list(stages), index=None, placeholder="its equation with these numbers",
                key=KEY + "open" + name + ledger.name,
            )  # fmt: skip
            if opened in stages:
                stage_card(stages[opened])
    st.caption(
        "In italics: what follows the 50 V rack bus, the same in both chains, shown and not counted. "
        + CURVES_NOTE
    )


def _turning(hall: Hall) -> None:
    steps = halls.what_would_make_ac_win(hall)
    st.markdown(
        "Each step helps AC and stays for the next. The mark is at the nominal curves; the bar reaches from P10 to P90 of "
        "what is not known, for some stages further up than down, so a mark can lie outside its bar. The verdict needs a "
        "bar on one side of zero."
    )
    if not steps:
        st.info("No step has an answer at these settings.")
        return
    rows = [(s.words, c.points, c.p10_points, c.p90_points, c.answer) for s in steps for c in (s.comparison,)]
    draw(gap_figure(pd.DataFrame(rows, columns=["step", "points", "P10", "P90", "answer"])), KEY + "gap")
    cells = [
        ("", [words, points(at), f"{points(low)} to {points(high)}", f"{MARKS[answer]} {answer}"])
        for words, at, low, high, answer in rows
    ]
    st.html(table("The same in numbers", ("Step", "Points for DC", "P10 to P90", "Verdict"), cells, (1, 2)))


def ledger_csv(seen: View) -> str:
    """Both ledgers in full precision."""
    tables = [pd.DataFrame(x.to_rows()).assign(chain=x.name, start=x.start) for x in (seen.dc, seen.ac)]
    return pd.concat(tables).to_csv(index=False)


def _downloads(seen: View) -> None:
    st.markdown("**Three lines of Python that give the same numbers** (by the full power flow):")
    st.code(halls.three_lines(seen.hall), language="python", wrap_lines=True)
    name = f"ac_dc_{seen.hall.boundary}_{seen.hall.rack}kW.csv"
    st.download_button("Both ledgers (CSV)", ledger_csv(seen), name, "text/csv", on_click="ignore")
    st.caption("The address of this page holds these settings: copy it to come back to this view.")
