"""The views of the Stress page: heat map, severities, sweeps and confidence, each remembered as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.seed_group import group_seeds
from fmnist.runs.run import CompleteRun
from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES, SWEEPS
from fmnist.ui.choices import choose_name, choose_option
from fmnist.ui.frame import sized
from fmnist.ui.models import listed_key
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_drawn, show_evidence, show_finding, show_section, show_table
from fmnist.views import stress, stress_figure, stress_images, stress_tables, stress_words
from fmnist.views.parts import Drawn, Finding, Table, file_stem
from fmnist.views.stress import MEAN, Options

VIEWS = {
    "kinds": "By corruption",
    "severity": "By severity",
    "sweeps": "Sweeps",
    "confidence": "Confidence",
    "attacks": "Attacks",
    "flips": "Images that flip",
    "pictures": "Pictures",
}
_KINDS = {MEAN: "All corruptions"} | {key: one.title for key, one in CORRUPTIONS.items()}
_SEVERITIES = {"all": "Mean"} | {str(severity): str(severity) for severity in SEVERITIES}
_FIRST = ("basic_cnn:textbook", "deeper_cnn:tuned", "deeper_cnn:robust")
_UNITS = {"accuracy": "Accuracy", "error": "Relative errors"}


@dataclass(frozen=True, eq=False)
class Parts:
    """What is said of all chosen models together."""

    finding: Finding
    claims: Sequence[Finding]
    baseline: str


def show_found(models: Sequence[Contender]) -> None:
    """Say what the chosen models show."""
    parts = remember(_build, models)
    show_finding(parts.finding)
    for claim in parts.claims:
        show_claim(claim)


def show_kinds(models: Sequence[Contender]) -> None:
    """Show the heat map of models by corruption; a click on a cell shows the images that flip there."""
    baseline = remember(_build, models).baseline
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = choose_option("Numbers", _UNITS if baseline else {"accuracy": "Accuracy"}, "unit")
        severity = choose_option("Severity", _SEVERITIES, "severity")
    options = Options("error" if unit == "error" else "accuracy", None if severity == "all" else int(severity))
    ink = str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))
    _show_clickable(remember(_draw_heat, models, options, ink))
    if unit == "error":
        st.caption(
            f"Errors divided by those of {baseline}: below 1 means fewer. The stronger the blue, the more errors."
        )
    else:
        st.caption("Percent correct. The stronger the blue, the more errors. Click a cell to see the images that flip.")
    file = f"{file_stem('stress', [one.key for one in models])}.csv"
    show_evidence("All numbers", "numbers", lambda: show_table(remember(_list_numbers, models), "stress", file))


def show_severities(models: Sequence[Contender]) -> None:
    """Show accuracy by severity, and the verdicts on the same images."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = choose_kind()
    show_drawn(remember(_draw_severities, models, kind), key="severities")
    st.caption("95% CIs reflect the images; severity 0 is the unchanged images.")
    if len(models) > 1:
        show_section("Is the difference significant?")
        severity = choose_option("Severity", _SEVERITIES, "severity")
        found, table = remember(_compare, models, kind, None if severity == "all" else int(severity))
        show_claim(found)
        file = f"{file_stem(f'verdicts-{kind}', [one.key for one in models])}.csv"
        show_table(table, "verdicts", file)


def show_sweeps(models: Sequence[Contender]) -> None:
    """Show accuracy as the images are turned, shifted, zoomed or mirrored step by step."""
    key = choose_option("Sweep", {key: sweep.title for key, sweep in SWEEPS.items()}, "sweep")
    show_drawn(remember(_draw_sweep, models, key), key="sweep_figure")
    st.caption("On 1,000 of the test images at most, with 95% CIs.")


def show_confidence(models: Sequence[Contender]) -> None:
    """Show whether models notice that they break: confidence, and what looks unfamiliar to them."""
    kind = choose_kind()
    show_drawn(remember(_draw_confidence, models, kind), key="confidence_figure")
    st.caption("One marker for each severity, from unchanged images to severity 5. Below the diagonal: overconfident.")
    file = f"{file_stem(f'confidence-{kind}', [one.key for one in models])}.csv"
    show_table(remember(_list_confidences, models, kind), "stress_confidence", file)
    st.caption("Unfamiliar: unlike the training images, of 500 images. Runs for pictures alone know it.")


def choose_kind() -> str:
    """Let the user choose one kind of corruption, or all."""
    with st.container(width=260):
        return choose_name("Corruption", _KINDS, "corruption", "corruption")


def default_keys(runs: Sequence[CompleteRun]) -> list[str]:
    """Return the models to show at first: what the page says of recipes takes these; none where they are not there."""
    groups = {group.key: group for group in group_seeds(runs)}
    found = [listed_key(groups[key]) for key in _FIRST if key in groups]
    return found if len(found) > 1 else []


def _build(models: Sequence[Contender]) -> Parts:
    found = stress.compute(models)
    baseline = found.baseline.name if found.baseline else ""
    return Parts(stress_words.finding(found), stress_words.claims(found), baseline)


def _draw_heat(models: Sequence[Contender], options: Options, ink: str) -> Drawn:
    return stress_figure.draw_heat(stress.compute(models), options, ink)


def _draw_severities(models: Sequence[Contender], kind: str) -> Drawn:
    return stress_figure.draw_severities(stress.compute(models), kind)


def _draw_sweep(models: Sequence[Contender], key: str) -> Drawn:
    return stress_figure.draw_sweep(stress.compute(models), key)


def _draw_confidence(models: Sequence[Contender], kind: str) -> Drawn:
    return stress_figure.draw_confidence(stress.compute(models), kind)


def _list_numbers(models: Sequence[Contender]) -> Table:
    return stress_tables.numbers_table(stress.compute(models))


def _list_confidences(models: Sequence[Contender], kind: str) -> Table:
    return stress_tables.confidences_table(stress.compute(models), kind)


def _compare(models: Sequence[Contender], kind: str, severity: int | None) -> tuple[Finding, Table]:
    return stress_images.compare_with_best(stress.compute(models), kind, severity)


def _show_clickable(drawn: Drawn) -> None:
    key = sized(drawn.file_name)

    def pick() -> None:
        points = st.session_state[key].selection.points
        if points:
            # what the other view does not show yet takes its value from the address
            st.query_params["corruption"], st.query_params["model"] = points[0]["customdata"]
            st.session_state["view"] = "flips"

    picture = {"format": "png", "scale": 2, "filename": drawn.file_name}
    st.plotly_chart(
        drawn.figure,
        key=key,
        on_select=pick,
        selection_mode="points",
        alt=f"{drawn.description} “Images that flip” opens the images of a cell without a mouse.",
        config={"displaylogo": False, "toImageButtonOptions": picture},
    )
