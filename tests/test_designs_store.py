"""Designs on disk, and a run of one: it carries name and layers, whatever becomes of the design."""

import json
from dataclasses import replace

import pytest
from synthetic import write_run

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.layers import Dense, Flatten, Layers
from fmnist.architectures.notation import read_layers
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import architecture_title
from fmnist.designs import store
from fmnist.designs.store import DESIGNS, find_architecture, list_architectures, list_designs, list_stored, save_design
from fmnist.errors import InputError
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.command import train_command
from fmnist.runs.life_cycle import create_run
from fmnist.runs.reading import load_run
from fmnist.runs.shelf import BrokenItem
from fmnist.runs.writing import write_file

LAYERS: Layers = (Flatten(), Dense(32))


def test_a_design_is_saved_found_and_deleted():
    saved = save_design("My net", LAYERS)
    assert (saved.title, saved.layers, saved.params) == ("My net", LAYERS, 785 * 32 + 330)
    assert saved.name.startswith("my_net_")
    assert find_architecture(saved.name) == find_architecture("my NET") == saved
    assert list(list_architectures()) == [*ARCHITECTURES, saved.name]
    assert save_design("My net", LAYERS).name == saved.name
    other = save_design("My net", (*LAYERS, Dense(8)))
    assert [design.name for design in list_designs()] == [other.name, saved.name]
    with pytest.raises(InputError, match=r"^Several networks are called 'My net'; choose one of ann, "):
        find_architecture("My net")
    DESIGNS.delete(other.name)
    assert find_architecture("My net") == saved


@pytest.mark.parametrize(
    ("name", "beginning"), [("Größer & tiefer!", "groer_tiefer_"), ("3 layers", "net_3_layers_"), ("深い", "net_")]
)
def test_a_key_is_made_of_plain_letters(name: str, beginning: str):
    assert save_design(name, LAYERS).name.startswith(beginning)


@pytest.mark.parametrize(
    ("name", "layers", "words"),
    [
        ("<>", LAYERS, "Give the design a name"),
        ("Net", (Dense(8),), "Layer 1: A dense layer needs one row"),
        ("Net", read_layers("conv512_conv512_flat_dense2048"), "parameters; at most 5,000,000"),
    ],
)
def test_what_cannot_be_trained_is_not_saved(name: str, layers: Layers, words: str, own_store):
    with pytest.raises(InputError, match=words):
        save_design(name, layers)
    assert not (own_store / "designs").exists()


def test_there_is_an_end_to_designs(monkeypatch):
    monkeypatch.setattr(store, "MOST_DESIGNS", 1)
    saved = save_design("Net", LAYERS)
    with pytest.raises(InputError, match="There are 1 designs. Delete one first."):
        save_design("Other", LAYERS)
    assert save_design("Net", LAYERS).name == saved.name


@pytest.mark.parametrize("layers", ["nothing", [{"layer": "dense", "units": 8}], [{"layer": "conv", "width": -1}]])
def test_a_damaged_design_hides_no_other(own_store, layers):
    kept, damaged = save_design("Net", LAYERS), save_design("Other", LAYERS)
    path = own_store / "designs" / damaged.name / "design.json"
    write_file(path, json.dumps(json.loads(path.read_text()) | {"layers": layers}).encode())
    assert list_designs() == [kept]
    assert [item.key for item in DESIGNS.list_items() if isinstance(item, BrokenItem)] == [damaged.name]


@pytest.mark.parametrize("key", ["basic_cnn", "My-net", "net_12345678"])
def test_a_key_stands_for_a_name_and_layers_alone(own_store, key: str):
    saved = save_design("Net", LAYERS)
    (own_store / "designs" / saved.name).rename(own_store / "designs" / key)
    assert list_architectures() == ARCHITECTURES
    (item,) = list_stored()
    assert item.problem == "design.json has another name or other layers than it was saved with"


def test_a_run_of_a_design_keeps_its_name_and_layers(own_store):
    saved = save_design("VGG wide", LAYERS)
    config = RECIPES["tuned"].configure_for(saved, seed=1)
    run = create_run(config, own_store)
    DESIGNS.delete(saved.name)
    read = load_run(run.directory).config
    assert (read.title, read.network) == ("VGG wide", LAYERS)
    assert SingleRun(load_run(run.directory)).short_title == "VGG wide (tuned)"
    assert architecture_title(saved.name) == "VGG wide"
    assert train_command(read) == f"python -m fmnist train {saved.name} --recipe tuned --seed 1"


def test_seeds_of_a_design_are_one_model_and_another_design_is_another(own_store):
    nets = [save_design("Net", LAYERS), save_design("Net", (*LAYERS, Dense(8)))]
    settings = RECIPES["quick"].settings_of("net")
    runs = [
        write_run(own_store, net.name, seed, recipe="quick", title=net.title, layers=net.layers, **settings)
        for net in nets
        for seed in (0, 1)
    ]
    groups = group_seeds(runs)
    assert [(group.key, group.title, len(group.runs)) for group in groups] == [
        (f"{net.name}:quick", "Net (quick)", 2) for net in nets
    ]
    assert groups[0].look.color != groups[1].look.color or groups[0].look.symbol != groups[1].look.symbol


def test_the_title_of_a_run_is_plain():
    config = RECIPES["quick"].configure("ann", 0)
    with pytest.raises(InputError, match="title must be a plain name"):
        replace(config, title="<script>")
