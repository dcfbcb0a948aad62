"""What comes from files is shown as it is: markup in it is text, so that no visitor's browser fetches what it names."""

import json
import shutil
from pathlib import Path

import pytest
from every_page import TITLES
from served_pages import open_page
from streamlit.testing.v1 import AppTest

from fmnist.runs.run import CompleteRun
from fmnist.ui.markup import plain

IMAGE = "![seen](https://evil.example/seen.png)"
HOSTILE = f"{IMAGE} [a link](https://evil.example) **bold** `code` :red[red] $x$"
KINDS = ("markdown", "caption", "warning", "error", "info", "success", "toast", "title", "header", "subheader")


OTHERS = (
    "a*b_[c](d):e – ü 50 % (CNN-3, 3×3)",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quoted",
    "=====",
    "---",
    "|a|b|\n|-|-|\n|1|2|",
    "~~gone~~ ~sub~",
    "```code```",
    "&lt;b&gt; &#33;[x](y)",
    "<https://evil.example> <b>",
    "trailing backslash \\",
    "[a]: https://evil.example\n\n[a] ![a]",
    "first line\n    second line",
)


@pytest.mark.parametrize("text", [HOSTILE, *OTHERS])
def test_a_text_from_outside_has_no_markup(text: str):
    markdown_it = pytest.importorskip("markdown_it")
    reader = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = reader.parse(f"{plain(text)}\n")
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    parts = [part for token in tokens for part in token.children or ()]
    assert {part.type for part in parts} <= {"text", "text_special", "softbreak"}
    assert "".join("".join(part.content for part in parts).split()) == "".join(text.split())


def markup(app: AppTest) -> str:
    """Return everything on a page that the browser reads as Markdown."""
    texts = [element.value for kind in KINDS for element in app.get(kind)]
    texts += [text for radio in app.radio for text in [*radio.options, *radio.proto.captions]]
    texts += [button.label for button in app.button] + [box.label for box in app.expander]
    return "\n".join(texts)


def damage(directory: Path, name: str, **values: object) -> None:
    """Change values in a JSON file of a run."""
    known = json.loads((directory / name).read_text())
    (directory / name).write_text(json.dumps(known | values))


@pytest.fixture
def hostile_store(two_runs: list[CompleteRun], single_store: Path, busy: None) -> Path:
    """Hold runs whose files say what nobody should believe: failed, queued, lost, and broken in three ways."""
    sound = two_runs[0].directory
    states = {
        "failed": {"state": "failed", "reason": HOSTILE},
        "queued": {"state": "queued", "note": HOSTILE},
        "lost": {"state": "running", "host": HOSTILE, "note": HOSTILE, "worker": 1, "heartbeat": 1.0},
        "unknown": {"state": HOSTILE},
        "phase": {"state": "running", "phase": HOSTILE, "worker": 1, "heartbeat": 1e10},
    }
    for name, status in states.items():
        directory = Path(shutil.copytree(sound, single_store / f"{sound.name}-{name}"))
        damage(directory, "status.json", **status)
    for name in ("schema", "history"):
        shutil.copytree(sound, single_store / f"{sound.name}-{name}")
    damage(single_store / f"{sound.name}-schema", "config.json", schema=HOSTILE)
    (single_store / f"{sound.name}-history" / "history.csv").write_text(f"epoch,loss\n{HOSTILE},1\n")
    return single_store


def test_no_page_shows_markup_out_of_a_runs_files(hostile_store: Path, subtests):
    for title in TITLES:
        with subtests.test(title):
            assert IMAGE not in markup(open_page(title))


def test_the_train_page_shows_what_a_run_says_as_text(hostile_store: Path, subtests):
    for name in ("failed", "queued", "lost", "unknown", "phase", "schema", "history"):
        with subtests.test(name):
            run_id = next(path.name for path in hostile_store.iterdir() if path.name.endswith(f"-{name}"))
            shown = markup(open_page("Train", run=run_id))
            assert IMAGE not in shown
            if name in ("failed", "queued", "unknown"):
                assert plain(IMAGE) in shown


def test_a_refusal_is_shown_as_text(hostile_store: Path):
    app = open_page("Train")
    app.session_state["refusals"] = [HOSTILE]
    app.run()
    assert plain(IMAGE) in markup(app)
    assert IMAGE not in markup(app)
