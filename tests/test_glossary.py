"""The glossary: short, plain, in order, and each term once."""

import re

import pytest

from fmnist.glossary import GLOSSARY

MOST_WORDS = 25


def test_each_term_is_there_once_and_in_order():
    terms = [term.casefold() for term in GLOSSARY]
    assert terms == sorted(set(terms))


@pytest.mark.parametrize("term", GLOSSARY)
def test_a_definition_is_short_and_does_not_begin_with_its_term(term):
    definition = GLOSSARY[term]
    assert len(definition.split()) <= MOST_WORDS
    assert definition.endswith(".")
    assert definition[0].isupper() or definition[0].isdigit()
    assert not re.match(rf"(an? |the )?{term}\b", definition, re.IGNORECASE)
    assert "so that" not in definition


@pytest.mark.parametrize(
    "term",
    [
        *("Architecture", "Recipe", "Model", "Run", "Seed", "Tied", "Calibration", "Temperature", "Unfamiliar", "F1"),
        *("Precision", "Recall", "Parameters", "Multiply-adds", "Early stopping", "Overfitting"),
        *("Confidence interval", "Expected calibration error"),
    ],
)
def test_the_words_of_the_pages_are_explained(term):
    assert term in GLOSSARY
