"""Numbers, lists, plurals and durations in words: what several sentences need, in one place."""

from collections.abc import Sequence

_FEW = 3  # more names than these would turn a sentence into a list
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def points(fraction: float, digits: int = 2) -> str:
    """Return a fraction in percentage points, as in "1.29" or "−0.51"."""
    rounded = round(100 * fraction, digits) + 0.0  # the sum turns minus zero into zero
    return true_minus(f"{rounded:.{digits}f}")


def signed_points(fraction: float, digits: int = 2) -> str:
    """Return a difference in percentage points with its sign, as in "+1.29"."""
    return true_minus(f"{100 * fraction:+.{digits}f}")


def span(low: float, high: float, digits: int = 2) -> str:
    """Return an interval of fractions in percentage points, as in "0.89 to 1.70"."""
    return f"{points(low, digits)} to {points(high, digits)}"


def percent(fraction: float, digits: int = 2) -> str:
    """Return a fraction in percent, as in "94.20%"."""
    return f"{points(fraction, digits)}%"


def true_minus(text: str) -> str:
    """Return a number's text with the minus sign of typography in place of the hyphen."""
    return text.replace("-", "−")


def plural(count: int, noun: str) -> str:
    """Return a count with its noun, as in "1 run", "1,200 runs" or "2 processes"."""
    ending = "" if count == 1 else "es" if noun.endswith("s") else "s"
    return f"{count:,} {noun}{ending}"


def be(count: int) -> str:
    """Return the verb that goes with so many subjects."""
    return "is" if count == 1 else "are"


def join(parts: Sequence[str]) -> str:
    """Return parts as a list in words, as in "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def shorten(names: Sequence[str], most: int = _FEW) -> str:
    """Return the first few names and how many more there are, as in "a, b, c and 4 more"."""
    listed = ", ".join(names[:most])
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed


def ordinal(number: int) -> str:
    """Return a place as in "1st", "12th" or "21st"."""
    ending = "th" if number % 100 in (11, 12, 13) else _ORDINALS.get(number % 10, "th")
    return f"{number:,}{ending}"


def duration(seconds: float) -> str:
    """Return a duration, rounded as one would say it: "less than a minute", "about 1 hour 20 minutes"."""
    if seconds < 50:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {plural(minutes, 'minute')}"
    minutes = 10 * round(seconds / 600)
    hours, rest = divmod(minutes, 60)
    return f"about {plural(hours, 'hour')}" + (f" {rest} minutes" if rest else "")


def brief_duration(seconds: float) -> str:
    """Return a duration in short, rounded as `duration` does and to tens of seconds: "20 s", "2 min", "1 h 20 min"."""
    if seconds < 55:
        return f"{10 * max(1, round(seconds / 10))} s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(10 * round(seconds / 600), 60)
    return f"{hours} h" + (f" {rest} min" if rest else "")


def sentence(text: str) -> str:
    """Return text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
