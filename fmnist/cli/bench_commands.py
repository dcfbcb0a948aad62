"""What each race of `bench` does: parsed arguments in, an output as JSON document and as text out."""

import argparse
import json

from fmnist import dataset
from fmnist.bench import ingredients, time_to_accuracy, unlike
from fmnist.bench import train as train_race
from fmnist.cli.commands import train_and_follow
from fmnist.cli.output import Output, format_table
from fmnist.cli.picture_commands import default_run
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.processes import run_module
from fmnist.runs import layout


def bench_startup(arguments: argparse.Namespace) -> Output:
    """Measure how soon figures are on screen and what pages cost, beside bare apps."""
    from fmnist.bench import startup

    document = startup.measure(arguments.app)
    return Output(document, json.dumps(document, indent=2))


def bench_load(arguments: argparse.Namespace) -> Output:
    """Send many visitors at once to the app and to a bare one."""
    from fmnist.bench import load

    document = load.measure(arguments.sessions, arguments.app)
    rows = [*document["rows"], {"app": "ours / bare", **document["ratios"]}]
    return Output(document, f"{document['machine']}, {document['sessions']} visitors\n{format_table(rows)}")


def bench_memory(arguments: argparse.Namespace) -> Output:
    """Measure the memory of the dashboard's process."""
    from fmnist.bench import memory

    document = memory.measure(arguments.app, arguments.sessions)
    return Output(document, json.dumps(document, indent=2))


def bench_many_runs(arguments: argparse.Namespace) -> Output:
    """Measure what pages cost with many runs in the store."""
    from fmnist.bench import many_runs

    document = many_runs.measure(arguments.app)
    train = f"Train with {document['own_runs']:,} own runs: {document['train_s']:.2f} s"
    return Output(document, f"{document['machine']}\n{format_table(document['rows'])}\n{train}")


def bench_serve(arguments: argparse.Namespace) -> Output:
    """Ask the service of a run for arrays and photos, and count its answers."""
    from fmnist.bench import service

    document = service.measure(arguments.run)
    load = "unknown" if document["load_before"] is None else f"{document['load_before']:.1f}"
    head = f"{document['machine']}, load before: {load}, {document['clients']} clients"
    return Output(document, f"{head}\n{format_table(document['rows'])}")


def bench_predict(_: argparse.Namespace) -> Output:
    """Measure one answer's latency, beside Keras, in a process of its own."""
    require_training_libraries()
    document = run_module("fmnist.bench.predict")
    return Output(document, json.dumps(document, indent=2))


def bench_training(arguments: argparse.Namespace) -> Output:
    """Race the tutorial's script against ours for images a second."""
    require_training_libraries()
    dataset.download_dataset(progress=True)
    document = train_race.measure([arguments.model] if arguments.model else train_race.MODELS)
    return Output(document, f"{document['machine']}\n{format_table(document['rows'])}")


def bench_time_to_accuracy(arguments: argparse.Namespace) -> Output:
    """Race the tutorial's script against ours to validation accuracies."""
    require_training_libraries()
    dataset.download_dataset(progress=True)
    document = time_to_accuracy.measure(time_to_accuracy.configure_ours(arguments.model))
    rows = [dict(row) for row in document["rows"]]
    for row in rows:
        row |= {f"{level}% (s)": seconds for level, seconds in row.pop("seconds").items()}
    return Output(document, f"{document['machine']}\n{format_table(rows)}")


def bench_unlike(arguments: argparse.Namespace) -> Output:
    """Hold clothes against digits, noise and a folder of other pictures."""
    document = unlike.measure(default_run(), dataset.load_dataset(), arguments.folder)
    passed = f"{document['run']}: {document['clothes_passed']:.1%} of {document['clothes']:,} pictures of clothes pass"
    return Output(document, f"{passed}\n{format_table(document['rows'])}")


def bench_ingredients(_: argparse.Namespace) -> Output:
    """Leave the ingredients of the tuned recipe out one at a time."""
    require_training_libraries()
    dataset.download_dataset(progress=True)
    document = ingredients.measure(layout.user_store(), train_and_follow)
    return Output(document, f"{document['machine']}\n{format_table(document['rows'])}")
