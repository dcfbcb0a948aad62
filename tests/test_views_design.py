"""A design by its layers: what is said of it, by value; its figures and table."""

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.notation import read_layers
from fmnist.views import design, design_figure
from fmnist.views.design_words import FIELDS, KINDS, layer_title


def test_a_network_is_told_by_its_size():
    found = design.compute(ARCHITECTURES["resnet"].layers)
    said = design.finding(found)
    assert (found.problem, said.headline) == ("", "757,530 parameters, 34.3 million multiply-adds")
    assert [(card.label, card.value, card.note) for card in said.cards] == [
        ("Receptive field", "66 px", "the whole image"),
        ("Activations", "1,081 kB", "per image"),
        ("Most parameters", "51%", "Residual block, 160, stride 2"),
    ]
    assert design.describe_layers(found)[1] == "14×14×48 · 7,104 parameters · 5.4 million multiply-adds"
    assert design.describe_layers(found)[-1] == "2,560"


def test_what_does_not_fit_is_told_at_its_layer_with_what_to_do():
    found = design.compute(read_layers("conv8_pool-z7-s7_conv8_pool-z5_flat"))
    said = design.finding(found)
    assert said.headline == "Layer 4: 5×5 pooling of a 4×4 map."
    assert said.details == "Use a smaller one, or pool less before it."
    assert design.describe_layers(found)[3:] == [
        ":red[5×5 pooling of a 4×4 map. Use a smaller one, or pool less before it.]",
        "",
    ]
    assert len(design.table(found).rows) == 3


def test_a_network_without_its_end_or_too_large_says_so():
    assert design.finding(design.compute(())).headline == "The output needs one row of values."
    large = design.finding(design.compute(read_layers("conv256_conv256_gap")))
    assert large.headline == "464 million multiply-adds per image; at most 200 million are allowed."
    many = design.finding(design.compute(read_layers("flat_dense8") + read_layers("_".join(["drop0.1"] * 39))))
    assert many.headline == "41 layers; at most 40 are allowed."


def test_the_table_has_every_layer_with_its_costs():
    rows = design.table(design.compute(ARCHITECTURES["ann"].layers)).rows
    assert rows == [
        [1, "Flatten", "784", 0, 0, 0.0, 28],
        [2, "Dense, 128", "128", 100_480, 100_352, 0.512, 28],
        [3, "Dense, 64", "64", 8_256, 8_192, 0.256, 28],
        [4, "Output, 10 classes", "10", 650, 640, 0.04, 28],
    ]


def test_the_drawing_names_each_layer_and_bows_its_shortcuts():
    drawn = design_figure.figures(design.compute(ARCHITECTURES["efficientnet"].layers))
    assert "3. Inverted residual block, 32: 14×14×32; " in drawn["network"].alt
    assert len(drawn["network"].figure.layout.shapes) == 6  # not where stride or width change
    assert list(drawn["network"].figure.data[0].x[:3]) == [28, 28, 14]
    assert drawn["costs"].alt.endswith(
        "Most parameters: Inverted residual block, 96, most multiply-adds: Inverted residual block, 96"
    )
    assert sum(drawn["costs"].figure.data[0].x) == 100
    assert design_figure.figures(design.compute(read_layers("dense8")))["network"].figure.data


def test_every_kind_and_field_has_its_words():
    texts = "conv8-s2-p2_sep8-s2_res8-s2_inv8-s2_pool-average_gap_flat_dense8_drop0.5"
    assert [layer_title(layer) for layer in read_layers(texts)] == [
        "Convolution 3×3, 8, stride 2, pooled 2×2",
        "Separable convolution 3×3, 8, stride 2",
        "Residual block, 8, stride 2",
        "Inverted residual block, 8, stride 2",
        "Average-pooling 2×2",
        "Global average",
        "Flatten",
        "Dense, 8",
        "Dropout, 0.5",
    ]
    assert {field for kind in KINDS for field in kind.__struct_fields__} == set(FIELDS)
