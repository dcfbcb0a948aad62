"""Attacks on the Stress page: accuracy by their strength, what carries over between models, and attacks as a job."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.contenders.contender import Contender
from fmnist.contenders.single_run import SingleRun
from fmnist.jobs.libraries import describe_missing_libraries
from fmnist.stress.attacks import ATTACKS, IMAGES, LEVELS
from fmnist.stress.jobs import ATTACK_DESK, start_attacking
from fmnist.ui.aside import follow_work, offer_work
from fmnist.ui.choices import choose_contender, choose_option
from fmnist.ui.gallery import Tile, choose_page, show_gallery
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.image_detail import open_image, show_opened_image
from fmnist.ui.markup import plain
from fmnist.ui.remember import remember
from fmnist.ui.show import show_claim, show_drawn, show_evidence, show_finding, show_method, show_section, show_table
from fmnist.views import adversarial as view
from fmnist.views.adversarial_figure import draw_levels, draw_transfer
from fmnist.views.parts import Drawn, Finding, Table, file_stem
from fmnist.wording import shorten

_LEVELS = {str(level): f"{level}/255" for level in LEVELS}


@dataclass(frozen=True, eq=False)
class Parts:
    """What is said of attacked models; `complete` says whether each was shown what was made against the others."""

    finding: Finding
    claims: Sequence[Finding]
    table: Table
    file_name: str
    complete: bool


def show_attacks(models: Sequence[Contender], place: DeltaGenerator) -> None:
    """Show the attacked ones of some models, what is found in `place`, and offer to attack the others."""
    attacked = [model for model in models if view.attacked_results(model) is not None]
    parts = remember(_build, attacked) if attacked else None
    _offer_missing(models, attacked, parts is None or parts.complete)
    if parts is None:
        st.stop()
    with place:
        show_finding(parts.finding)
        for claim in parts.claims:
            show_claim(claim)
    attack = choose_option("Attack", ATTACKS, "attack", "pgd")
    show_drawn(remember(_draw_levels, attacked, attack), key="levels")
    st.caption("Each model meets the attack on itself, with 95% CIs that reflect the images.")
    if len(attacked) > 1:
        _show_transfer(attacked)
    show_table(parts.table, "attacks", parts.file_name)
    show_evidence("Images that flip", "flipped", lambda: _show_flips(attacked, attack))
    show_method([view.CAVEAT])


def _show_flips(models: Sequence[Contender], attack: str) -> None:
    """Show the images that one model gets right unless they are attacked, as they are unchanged."""
    dataset = dataset_or_offer()
    if dataset is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = choose_contender(models, "Model", "model")
        level = int(choose_option("Strength", _LEVELS, "flip_level", "4"))
    (line,) = remember(_read, [model]).lines
    positions, predicted = line.flipped(attack, level)
    st.markdown(plain(view.describe_flips(line, attack, level)))
    st.caption("The images are shown unchanged, as attacked ones are not kept.")
    shown = choose_page(positions, "page")
    note = f"{ATTACKS[attack]}, {level}/255"
    tiles = [
        Tile(int(index), dataset.test_images[index], int(dataset.test_labels[index]), int(said), None, note)
        for index, said in zip(positions[shown], predicted[shown], strict=True)
    ]
    show_gallery(tiles, "attacked_tiles", f"Images that {ATTACKS[attack]} flips for {model.title}", open_image)
    show_opened_image(models, dataset, positions)


def _show_transfer(models: Sequence[Contender]) -> None:
    show_section("Does an attack carry over to other models?")
    level = int(choose_option("Largest change", _LEVELS, "level", "8"))
    ink = str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))
    show_drawn(remember(_draw_transfer, models, level, ink), key="transfer")
    st.caption("Percent correct on the images that PGD made against one model (row), shown to each (column).")


def _offer_missing(models: Sequence[Contender], attacked: Sequence[Contender], complete: bool) -> None:
    able = [model for model in models if isinstance(model, SingleRun) and model.run.weights is not None]
    unable = [model.title for model in models if model not in able and model not in attacked]
    if unable:
        st.caption(plain(f"Left out: {shorten(unable)}. Only runs whose weights were kept can be attacked."))
    missing = [model.key for model in able if model not in attacked]
    if follow_work(ATTACK_DESK, view.describe_attacking, missing, "The attack") or not able:
        return
    if (missing or not complete) and dataset_or_offer() is not None:
        keys = [model.key for model in able]
        names = shorten([model.title for model in able if model.key in missing])
        what = f"Not attacked yet: {names}." if missing else "Some models were not shown what was made against others."
        with st.container(border=True, key="attacking"):
            st.markdown(plain(f"{what} All chosen models are attacked on {IMAGES:,} test images, which takes minutes."))
            offer_work("Attack", ":material/target:", lambda: start_attacking(keys), describe_missing_libraries())


def _read(models: Sequence[Contender]) -> view.Attacks:
    return view.compute(models)


def _build(models: Sequence[Contender]) -> Parts:
    attacks = view.compute(models)
    file = f"{file_stem('attacks', [model.key for model in models])}.csv"
    return Parts(view.finding(attacks), view.claims(attacks), view.table(attacks), file, attacks.is_complete)


def _draw_levels(models: Sequence[Contender], attack: str) -> Drawn:
    return draw_levels(view.compute(models), attack)


def _draw_transfer(models: Sequence[Contender], level: int, ink: str) -> Drawn:
    return draw_transfer(view.compute(models), level, ink)
