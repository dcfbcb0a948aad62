"""Who leads, who else can be the best, and what the figures of the leaderboard show, in sentences."""

from collections import Counter
from collections.abc import Sequence

from fmnist.contenders.titles import architecture_title
from fmnist.views.leaderboard import COSTS, LATENCIES_ARE_ROUGH, LISTED, Cost, Leaderboard, Options, Row
from fmnist.views.parts import Badge, Card, Finding
from fmnist.wording import join, percent, span

_CHEAPER = 0.8  # of the leader's cost: what is hardly cheaper is not worth a word


def finding(board: Leaderboard) -> Finding:
    """Say which contender has the highest accuracy; the details have its interval and what that leaves out."""
    leader, count = board.rows[0], len(board.rows)
    reached = f"{percent(leader.accuracy.mean, 1)} test accuracy"
    details = [f"{percent(leader.accuracy.mean)}, 95% CI {span(*leader.accuracy.interval)}."]
    if leader.accuracy.runs == 1:
        details.append("The interval reflects images only; another seed may give a different result.")
    cards = _list_cards(board)
    if count == 1:
        return Finding(f"{leader.name} reaches {reached}.", " ".join(details), cards=cards)
    details.append(f"It ignores that this is the highest of {count} models; the ranks do not.")
    best = [row for row in board.rows if row.can_be_best]
    badge = Badge("best model", "good") if len(best) == 1 else Badge(f"{len(best)} models can be the best")
    return Finding(f"{leader.name} leads with {reached}.", " ".join(details), (badge,), cards)


def standing(board: Leaderboard, key: str) -> Finding:
    """Say what one contender reaches and where that places it among all."""
    row = next(row for row in board.rows if row.key == key)
    reached = f"{row.name} reaches {percent(row.accuracy.mean, 1)} test accuracy."
    images = f"{row.accuracy.images:,} test images"
    limits = f"The interval reflects the {images}; another training may give a different result."
    details = limits if row.accuracy.runs == 1 else ""
    accuracy = Card("Test accuracy", percent(row.accuracy.mean), f"95% CI {span(*row.accuracy.interval)}", details)
    if len(board.rows) == 1:
        return Finding(reached, cards=(accuracy,))
    low, high = row.ranks
    place = f"{low}" if low == high else f"{low} to {high}"
    rank = Card("Rank", place, f"of {len(board.rows)} models", "Ranks that its true accuracy can have (95% confidence)")
    badge = Badge("can be the best", "good") if row.can_be_best else Badge("not the best")
    return Finding(reached, badges=(badge,), cards=(accuracy, rank))


def best_set(board: Leaderboard) -> str:
    """Say which contenders can be the best one; with one contender there is nothing to say."""
    best = [row.name for row in board.rows if row.can_be_best]
    if len(board.rows) == 1:
        return ""
    if len(best) == 1:
        return f"{best[0]} is the best model (95% confidence)."
    return f"The best model is one of {len(best)} (95% confidence): {join(best)}."


def captions(board: Leaderboard, options: Options) -> dict[str, str]:
    """Say what each of the figures shows, by its name."""
    cost = COSTS[options.cost]
    said = {"accuracies": _describe_accuracies(len(board.rows))}
    if board.with_cost(cost):
        said["accuracy_cost"] = _describe_frontier(board, cost)
    return said


def describe_range(board: Leaderboard) -> str:
    """Say what the first and the last of the contenders reach."""
    ends = dict.fromkeys(f"{row.title} with {percent(row.accuracy.mean)}" for row in (board.rows[0], board.rows[-1]))
    return f"From {' to '.join(ends)}." if len(ends) > 1 else f"{next(iter(ends))}."


def short_titles(rows: Sequence[Row]) -> dict[str, str]:
    """Return a short title for each row, by key: the architecture's, where that tells it apart from the others."""
    counts = Counter(row.architecture for row in rows)
    return {
        row.key: architecture_title(row.architecture)
        if row.architecture and counts[row.architecture] == 1
        else row.title
        for row in rows
    }


def _list_cards(board: Leaderboard) -> tuple[Card, ...]:
    """Return the best accuracy, the smallest model that is tied with the leader, and the lowest latency."""
    leader = board.rows[0]
    interval = f"95% CI {span(*leader.accuracy.interval)}"
    cards = [Card("Best accuracy", percent(leader.accuracy.mean, 1), leader.name, interval)]
    tied = [row for row in board.rows if row is leader or row.tied]
    if small := [row for row in tied if row.costs.params]:
        smallest = min(small, key=COSTS["params"].of)
        what = "Smallest tied model" if smallest is not leader else "Its size"
        note = f"{percent(smallest.accuracy.mean)} test accuracy. Tied: within 0.3 points of the leader."
        cards.append(Card(what, f"{_count(smallest.costs.params)} params", smallest.name, note))
    if timed := board.with_cost(COSTS["latency"]):
        fastest = min(timed, key=COSTS["latency"].of)
        note = f"{percent(fastest.accuracy.mean)} test accuracy. One image, served from LiteRT. {LATENCIES_ARE_ROUGH}"
        cards.append(Card("Lowest latency", f"{fastest.costs.latency_ms:.2g} ms", fastest.name, note))
    return tuple(cards)


def _count(number: int | None) -> str:
    """Return a number of parameters as in "99 k" or "1.2 M"."""
    value = float(number or 0)
    return f"{value / 1e6:.1f} M" if value >= 1e6 else f"{value / 1e3:.0f} k" if value >= 1e3 else f"{value:.0f}"


def _describe_accuracies(count: int) -> str:
    which = f", first {LISTED} of {count} models" if count > LISTED else ""
    return f"Test accuracy (dot: mean, line: 95% CI, tick: one run){which}"


def _describe_frontier(board: Leaderboard, cost: Cost) -> str:
    """Say what more of a cost gains in accuracy, as far as the tests say so."""
    leader, what = board.rows[0], cost.name.lower()
    labels = short_titles(board.with_cost(cost))
    tied = [row for row in board.rows if row.tied and 0 < cost.of(row) < _CHEAPER * cost.of(leader)]
    if tied:
        cheapest = min(tied, key=cost.of)
        share = percent(cost.of(cheapest) / cost.of(leader), 0)
        return f"{labels[cheapest.key]} is tied with {labels[leader.key]} at {share} of its {what}"
    steps = [labels[row.key] for row in board.frontier(cost)]
    if len(steps) == 1:
        return f"No model is significantly better than {steps[0]}, the cheapest in {what}"
    return f"Significant gains for more {what}: {', '.join(steps)}"
