"""The page Learn: every lesson can be read, its view opens, and its check agrees with the shipped results."""

import dataclasses

import numpy as np
import pytest
from served_pages import open_page

from fmnist.contenders.finding import find_contender
from fmnist.dataset import CLASS_NAMES, Dataset
from fmnist.ui.learn.checks import CHECKS, DONE
from fmnist.ui.learn.lesson import load_lessons, read_lesson

LESSONS = load_lessons()


def test_each_lesson_has_a_check_and_each_check_a_lesson():
    assert set(LESSONS) == set(CHECKS)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_the_view_of_a_lesson_opens_as_its_address_says(lesson, shipped_runs, dataset: Dataset):
    app = open_page(lesson.view.page.capitalize(), **{name: list(values) for name, values in lesson.view.query.items()})
    assert not app.warning  # about an address that names what is not there
    assert set(lesson.view.query) <= set(app.session_state["address.recorded"])


@pytest.mark.parametrize("key", [key for key in CHECKS if key != "labels"])
def test_what_a_lesson_holds_for_true_is_among_its_options(key, shipped_runs):
    lesson, check = LESSONS[key], CHECKS[key]()
    assert check.prediction.answer in lesson.prediction.options
    assert isinstance(check.task.answer, float) or check.task.answer in lesson.task.options


def test_the_shirts_of_the_lesson_are_counted_as_scikit_learn_counts_them(shipped_runs):
    from sklearn.metrics import confusion_matrix

    group = find_contender("ann:textbook")
    matrices = [confusion_matrix(group.labels("test"), row) for row in group.classes("test")]
    shirt = CLASS_NAMES.index("Shirt")
    share = np.mean([matrix[shirt, 0] / matrix[shirt].sum() for matrix in matrices])
    assert CHECKS["shirts"]().task.answer == pytest.approx(100 * share)


def test_the_lead_of_the_lesson_is_that_of_its_two_runs(shipped_runs):
    accuracies = [(find_contender(f"basic_cnn-tuned-s{seed}").runs[0]).evaluation.test_accuracy for seed in (4, 2)]
    assert all(f"{100 * accuracy:.2f}%" in LESSONS["lead"].prediction.text for accuracy in accuracies)


def test_a_task_is_solved_by_the_right_number_alone(shipped_runs):
    truth = CHECKS["shirts"]().task
    app = open_page("Learn", lesson="shirts")
    answer = app.number_input(key="shirts_task")
    answer.set_value(99.0).run()
    assert not app.success
    assert truth.words in [text.value for text in app.markdown]  # in the folded answer
    app.number_input(key="shirts_task").set_value(round(truth.answer, 1)).run()
    assert app.success[0].value == truth.words
    assert app.session_state["lessons_solved"] == {"shirts"}


def test_a_prediction_is_judged_where_one_sees_the_result(shipped_runs):
    app = open_page("Learn", lesson="depth")
    said = lambda: " ".join(text.value for text in app.markdown)  # noqa: E731
    assert "You predicted" not in said()
    app.radio(key="depth_prediction").set_value("depth").run()
    assert "You predicted something else." in said()
    app.radio(key="depth_prediction").set_value("recipe").run()
    assert "You predicted it." in said()


def test_own_runs_on_few_labels_solve_the_last_lesson(two_runs, monkeypatch):
    from fmnist.ui.learn import checks

    assert CHECKS["labels"]().task.answer is None
    few, more = (
        dataclasses.replace(two_runs[0].config, model="ann", recipe="textbook", train_limit=n) for n in (550, 5500)
    )
    run = dataclasses.replace(two_runs[0], config=few)
    runs = [run]
    monkeypatch.setattr(checks, "list_runs", lambda: runs)
    check = CHECKS["labels"]()
    assert check.task.answer is None
    assert f"{100 * run.evaluation.test_accuracy:.1f}%" in check.task.words
    runs.append(dataclasses.replace(run, config=more))
    monkeypatch.setattr(checks, "_accuracy", lambda key: 88.0)
    assert CHECKS["labels"]().task.answer == DONE


def test_a_lesson_whose_model_is_missing_says_so(single_store):
    assert "missing" in open_page("Learn", lesson="lead").warning[0].value


def test_the_page_for_teachers_is_one_of_the_choices():
    assert "submissions" in " ".join(text.value for text in open_page("Learn", lesson="teachers").markdown)


def test_a_file_without_its_sections_is_no_lesson(tmp_path):
    file = tmp_path / "1-short.md"
    file.write_text("# Short\n\n## Predict\n\nWhat?\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Look"):
        read_lesson(file)
