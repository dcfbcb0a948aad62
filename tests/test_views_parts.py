import csv
import io

import pytest

from fmnist.views.parts import Column, Table, file_stem


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (Column("Gap", "%+.4f"), 0.05, "+0.0500"),
        (Column("Time (s)", "localized"), 1234, "1,234"),
        (Column("Epochs"), 12, "12"),
        (Column("Model"), "ANN", "ANN"),
        (Column("Latency (ms)", "%.2f"), None, "–"),
    ],
)
def test_a_column_writes_its_values(column: Column, value: object, text: str):
    assert column.write(value) == text


def test_columns_for_machines_are_not_for_people():
    table = Table([Column("key", machine=True), Column("Model"), Column("Epochs", "%d")], [["ann:tuned", "ANN", 3]])
    assert [column.title for column in table.shown] == ["Model", "Epochs"]
    assert table.texts == [["ANN", "3"]]


def test_a_csv_has_the_columns_for_machines_and_numbers_without_noise():
    columns = [Column("key", machine=True), Column("Model"), Column("Accuracy (%)", "%.2f"), Column("SD (points)")]
    table = Table(columns, [["ann:tuned", "ANN, tuned", 91.23456789, None], ["cnn:tuned", "CNN", float("nan"), 3]])
    assert table.to_csv().splitlines() == [
        "key,Model,Accuracy (%),SD (points)",
        'ann:tuned,"ANN, tuned",91.23456789,',
        "cnn:tuned,CNN,,3",
    ]


def test_a_csv_has_neither_columns_for_people_nor_noise():
    columns = [Column("Model"), Column("95% CI", people=True), Column("low", machine=True)]
    table = Table(columns, [["ANN", "94.20 – 94.60", 100 * 0.942]])
    assert table.to_csv() == "Model,low\nANN,94.2\n"
    assert table.texts == [["ANN", "94.20 – 94.60"]]


def test_the_file_has_all_columns_and_names_contenders_by_their_keys():
    columns = [Column("key", machine=True), Column("Model"), Column("CNN, seed 1", "%d", key="cnn-s1")]
    table = Table(columns, [["ann:tuned", "ANN, tuned", 3], ["cnn:tuned", "CNN", None]])
    assert table.to_csv() == 'key,Model,cnn-s1\nann:tuned,"ANN, tuned",3\ncnn:tuned,CNN,\n'
    assert [column.title for column in table.shown] == ["Model", "CNN, seed 1"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "-HYPERLINK(1)", "@SUM(1)", " =1", "=cmd|' /C x'!A1"])
def test_a_text_that_a_spreadsheet_would_compute_stays_text(text: str):
    table = Table([Column(text), Column("Share")], [[text, -0.5], ["plain - text", -3]])
    names, first, second = csv.reader(io.StringIO(table.to_csv(), newline=""))
    assert names == [f"'{text}", "Share"]
    assert first == [f"'{text}", "-0.5"]
    assert second == ["plain - text", "-3"]


def test_a_true_minus_is_no_formula():
    assert Table([Column("Gap")], [["−0.20 to 0.27"]]).to_csv() == "Gap\n−0.20 to 0.27\n"


@pytest.mark.parametrize("sign", ["\t", "\r", "\n", "\0", "\r\n"])
def test_a_control_character_neither_begins_a_cell_nor_breaks_a_line(sign: str):
    table = Table([Column("Picture")], [[f"{sign}=1"], [f"shoe{sign}=1"]])
    blank = " " * len(sign)
    assert table.to_csv() == f"Picture\n'{blank}=1\nshoe{blank}=1\n"


def test_a_file_is_named_by_its_content():
    assert file_stem("difference", ["ann:tuned", "cnn_bn:tuned@5c1e"]) == "difference-ann.tuned-cnn_bn.tuned.5c1e"
    assert file_stem("scores", ["a", "b", "c", "d"]) == "scores"
    assert file_stem("confusion", ["../x"]) == "confusion-...x"
