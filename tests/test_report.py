"""The report: one file, nothing fetched, nothing that a run says is taken for HTML, and figures drawn offline."""

import hashlib
import inspect
import json
import re
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT
from plotly import graph_objs
from plotly.basedatatypes import BaseTraceType
from plotly.offline import get_plotlyjs_version
from sklearn.metrics import confusion_matrix
from streamlit.testing.v1 import AppTest
from synthetic import write_run

from fmnist.cli import main as cli
from fmnist.contenders.finding import find_contender, list_compared
from fmnist.contenders.seed_group import SeedGroup, group_seeds
from fmnist.dataset import CLASS_NAMES
from fmnist.recipes.config import RunConfig
from fmnist.report import plotly_js
from fmnist.report.build import build_report, save_report
from fmnist.report.document import Document
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.run import Run
from fmnist.views import verdicts
from fmnist.views.parts import Column, Table

MARKUP = '<script>alert("x")</script><img src=x onerror=alert(1)>'
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Collects what a document refers to, its text by tag, and whether its tags are closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.references: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append((tag, values))
        self.references += [values[name] for name in ("src", "href", "srcset", "action", "data") if values.get(name)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))

    def texts_in(self, tag: str) -> list[str]:
        return [text for inside, text in self.texts if inside == tag]


@pytest.fixture(autouse=True)
def shipped(tmp_path, monkeypatch) -> Path:
    """Put an empty folder in the place of the shipped runs."""
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(tmp_path / "shipped"))
    (tmp_path / "shipped").mkdir()
    return tmp_path / "shipped"


@pytest.fixture
def networks(shipped: Path) -> list[SeedGroup]:
    """Return a network of two seeds and one of a single seed."""
    for seed, right in enumerate((9_290, 9_310)):
        write_run(shipped, "deeper_cnn", seed, right, run_id=f"deeper_cnn-textbook-s{seed}")
    write_run(shipped, "ann", 0, 8_800, run_id="ann-textbook-s0")
    return [find_contender(name) for name in ("ann:textbook", "deeper_cnn:textbook")]


class Named(SeedGroup):
    """A model whose title is markup."""

    @property
    def title(self) -> str:
        return f"Named {MARKUP}"


def rewrite_config(run: Run, **environment: object) -> Run:
    path = run.directory / "config.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | {"environment": environment}))
    return load_run(run.directory)


def test_nothing_outside_the_file_is_referred_to(networks):
    html = build_report(networks)
    read = Reader(html)
    assert read.open == []
    assert read.references
    assert all(reference.startswith("#") for reference in read.references)
    assert html.count(plotly_js.read_plotly_js()) == 1
    assert "url(" not in "".join(read.texts_in("style"))
    assert not [tag for tag, _ in read.tags if tag in ("link", "iframe", "img")]
    (policy,) = (values["content"] for tag, values in read.tags if "http-equiv" in values)
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy


def test_the_summary_stands_first_and_the_contents_lead_to_each_section(networks):
    read = Reader(build_report(networks))
    results = ["Accuracy and cost", "Is the lead significant?", "Effects of architecture and recipe", "Training curves"]
    results += ["Confusion", "Scores by class", "Confidence", "Mistakes and disputed labels"]
    titles = [*results, "Settings", "Environment"]
    assert read.texts_in("h2") == ["Summary", "Contents", *titles]
    links = read.texts_in("a")
    assert links == [*results, *titles]  # from the summary, and from the contents
    places = [values["id"] for tag, values in read.tags if tag == "h2" and "section" in values.get("id", "")]
    targets = dict(zip(places, titles, strict=True))
    assert [targets[reference[1:]] for reference in read.references] == links
    assert [tag for tag, _ in read.tags if tag in ("h1", "h2", "h3", "h4")] == ["h1"] + ["h2"] * 12


def test_every_finding_of_a_section_is_in_the_summary(networks):
    html = build_report(networks)
    header = html[html.index("<header") : html.index("</header>")]
    findings = re.findall(r"<p class=finding>(.*?)</p>", html)
    assert len(findings) >= 8
    assert all(f"<p>{finding}</p>" in header for finding in findings)


def test_captions_and_text_alternatives(networks):
    read = Reader(build_report(networks))
    counts = {name: sum(tag == name for tag, _ in read.tags) for name in ("table", "caption", "figure", "figcaption")}
    assert counts["table"] == counts["caption"] == 8
    figures = [values for tag, values in read.tags if tag == "figure"]
    assert counts["figcaption"] == len(figures) == 10
    assert all(values["aria-label"] for values in figures)
    assert ("html", {"lang": "en"}) in read.tags


def test_the_script_is_of_the_version_that_plotly_draws_for_and_as_it_was_published():
    script = plotly_js.BUNDLE.read_bytes()
    assert get_plotlyjs_version() == plotly_js.VERSION
    assert f"plotly.js (cartesian - minified) v{plotly_js.VERSION}".encode() in script[:200]
    assert hashlib.sha256(script).hexdigest() == plotly_js.SHA256
    assert plotly_js.BUNDLE.with_name("LICENSE").read_text().startswith("MIT License")


def test_the_script_draws_every_figure_there_is(networks):
    html = build_report(networks)
    used = set(re.findall(r'"type":"([a-z0-9]+)"', html[html.index("<main") :]))
    known = {trace.__name__.lower() for _, trace in inspect.getmembers(graph_objs, is_trace)}
    statistical = {"bar", "box", "violin", "contour", "histogram", "histogram2d", "histogram2dcontour"}
    held = {"scatter", "heatmap", "image", "pie", *statistical}
    assert held < known
    assert {"scatter", "heatmap"} <= used & known <= held


def is_trace(part: object) -> bool:
    return inspect.isclass(part) and issubclass(part, BaseTraceType)


def test_numbers_are_flush_right_and_break_nowhere_but_between_words():
    document = Document("Title", "Introduction")
    document.add_section("Section")
    columns = [Column(title) for title in ("Name", "Interval", "p", "Winner", "Unknown")]
    rows = [["A", "93.20 – 94.15, images only", "< 0.001", "first", None], ["B", "−1.00 to +2.00", "0.5", None, None]]
    document.add_table("Caption", Table(columns, rows))
    body = re.search("<tbody>(.*?)</tbody>", document.to_html())[1]
    number, whole = "<td class=number>", "<span class=whole>"
    assert body == (
        f'<tr><th scope="row">A</th>{number}{whole}93.20 – 94.15,</span> images only</td>'
        f"{number}{whole}&lt; 0.001</span></td><td>first</td><td>–</td></tr>"
        f'<tr><th scope="row">B</th>{number}{whole}−1.00 to +2.00</span></td>{number}0.5</td><td>–</td><td>–</td></tr>'
    )


def test_a_table_without_rows_keeps_its_head():
    document = Document("Title", "Introduction")
    document.add_section("Section")
    document.add_table("Caption", Table([Column("Name"), Column("Value")], []))
    assert '<th scope="col">Name</th><th scope="col">Value</th></tr></thead><tbody></tbody>' in document.to_html()


def test_settings_have_titles_and_no_keys(networks):
    read = Reader(build_report(networks))
    shared = dict(zip(read.texts_in("dt"), read.texts_in("dd"), strict=False))
    assert (shared["Weight decay"], shared["Batch size"], shared["Mirroring"]) == ("0", "64", "no")
    keys = {field.name for field in fields(RunConfig) if "_" in field.name}
    assert not keys & {*read.texts_in("dt"), *read.texts_in("th"), *read.texts_in("td")}


def test_a_report_on_all_shipped_models_stays_under_two_and_a_half_megabytes(monkeypatch, shipped_runs):
    monkeypatch.delenv("FMNIST_PRETRAINED_DIR")
    groups = group_seeds(shipped_runs)
    assert len(groups) > 16
    assert len(build_report(groups[:8]).encode()) < 2_000_000
    assert len(build_report(groups).encode()) < 2_500_000


def test_the_numbers_are_those_of_the_pages(networks):
    read = Reader(build_report(networks))
    cells, sentences = read.texts_in("td"), read.texts_in("p")
    assert {"93.00", "0.14", "88.00"} <= set(cells)  # mean, standard deviation, the other's accuracy
    verdict = "Of these runs, Deeper CNN (textbook) beats ANN (textbook, 1 run) by 5.00 points"
    assert any(sentence.startswith(verdict) for sentence in sentences)
    matrix = sum(
        confusion_matrix(stored.test_labels, stored.test_probs.argmax(axis=1))
        for stored in map(load_predictions, networks[1].runs)
    )
    support = matrix.sum(axis=1)
    matrix[range(10), range(10)] = 0
    true, predicted = np.unravel_index(matrix.argmax(), matrix.shape)
    assert f"{CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}" in cells
    assert f"{matrix.max():,} of {support[true]:,}" in cells
    assert "0.3000" in cells  # the lowest validation loss
    assert {"deeper_cnn-textbook-s1", "ann-textbook-s0"} <= set(cells)


def test_a_pair_has_the_numbers_of_the_overview_whatever_else_is_in_the_report(networks, shipped):
    write_run(shipped, "basic_cnn", 0, 9_100)
    basic = find_contender("basic_cnn:textbook")
    models = list_compared()
    assert len(verdicts.compute(models).questions.family) == 3
    some, every = build_report([networks[1], basic], models), build_report(models, models)
    for html in (some, every):
        assert "Deeper CNN (textbook) beats Basic CNN (textbook, 1 run) by 2.00 points (adjusted 95% CI " in html
        assert "Adjusted for 3 comparisons" in html
    said = re.compile(r"Deeper CNN \(textbook\) beats Basic CNN \(textbook, 1 run\)[^<]*")
    assert said.search(some).group() == said.search(every).group()


def test_what_the_architecture_and_the_recipe_change_are_planned_comparisons(networks, shipped):
    textbook = tuple(write_run(shipped, "basic_cnn", seed, 9_090 + 20 * seed) for seed in (0, 1))
    tuned = tuple(write_run(shipped, "basic_cnn", seed, 9_390 + 20 * seed, recipe="tuned") for seed in (0, 1))
    crossed = [
        SeedGroup("basic_cnn:textbook", textbook, {}),
        SeedGroup("basic_cnn:tuned", tuned, {}),
    ]
    words = " ".join(Reader(build_report([*networks, *crossed])).texts_in("p"))
    assert "Compared with Basic CNN, Deeper CNN gains 2.00 points (textbook)." in words
    assert "Tuned scores 3.00 points higher than textbook on Basic CNN (significant)." in words


def test_what_a_run_says_is_text_and_never_html(shipped):
    run = write_run(shipped, "ann", run_id="ann-textbook-s0")
    run = rewrite_config(run, machine=MARKUP, libraries={MARKUP: [1, None]}, **{MARKUP: {"a": "</dd>"}})
    html = build_report([Named("ann:textbook", (run,), {})])
    read = Reader(html)
    assert read.open == []
    assert not [tag for tag, _ in read.tags if tag == "img"]
    assert "alert(" not in "".join(text for tag, text in read.texts if tag != "script").replace(MARKUP, "")
    assert MARKUP in read.texts_in("dd")
    assert "<script>alert" not in html


def test_a_damaged_history_costs_the_curve_alone(networks):
    (networks[0].runs[0].directory / "history.csv").write_text("epoch,loss\none,two\n")
    html = build_report(networks)
    assert "Without a readable history: ANN (textbook)." in html
    (networks[1].runs[0].directory / "history.csv").write_text("")
    (networks[1].runs[1].directory / "history.csv").write_text("")
    assert "<h2" in build_report(networks)


def test_a_report_is_written_whole_or_not_at_all(networks, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("before")

    def refuse(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OSError, match=r"report.html cannot be written: No space left on device"):
        save_report(networks, path)
    assert path.read_text() == "before"
    assert {found.name for found in tmp_path.iterdir()} == {"report.html", "shipped"}


def test_the_command_writes_what_it_says(networks, tmp_path, capsys):
    path = tmp_path / "report.html"
    named = ["ann-textbook-s0", "deeper_cnn:textbook", "ann-textbook-s0"]
    assert cli.main(["report", *named, "-o", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "path": str(path),
        "bytes": path.stat().st_size,
        "networks": ["ANN (textbook), seed 0", "Deeper CNN (textbook)"],
        "runs": ["ann-textbook-s0", "deeper_cnn-textbook-s0", "deeper_cnn-textbook-s1"],
    }
    for arguments, words in ((["gone"], "There is no run 'gone'"), (["ann:tuned"], "no finished run of 'ann:tuned'")):
        assert cli.main(["report", *arguments, "-o", str(path)]) == 1
        assert words in capsys.readouterr().err
    assert cli.main(["report", "ann-textbook-s0", "-o", str(tmp_path / "no" / "report.html")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_overview_offers_the_best_networks_first(networks):
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120).run()
    assert not app.exception
    assert app.multiselect(key="reported").value == ["deeper_cnn:textbook", "ann:textbook"]
    (button,) = (button for button in app.get("download_button") if button.proto.label == "Download as HTML")
    assert not button.proto.disabled
    app.multiselect(key="reported").set_value([]).run()
    (button,) = (button for button in app.get("download_button") if button.proto.label == "Download as HTML")
    assert button.proto.disabled


def test_the_chosen_networks_are_found_again_by_the_address(networks):
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.query_params["reported"] = "ANN (textbook)"
    app.run()
    assert app.multiselect(key="reported").value == ["ann:textbook"]
    app.query_params["reported"] = "No such network"
    assert any("The link has an unknown model: No such network" in warning.value for warning in app.run().warning)
