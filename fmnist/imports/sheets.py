"""Read predictions from sheets: CSV and Parquet, with or without a head and row numbers."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.errors import InputError
from fmnist.imports.values import Values
from fmnist.wording import join

_NUMBERS = frozenset({"", "id", "index", "row", "image", "imageid", "image_id", "unnamed: 0", "__index_level_0__"})
_POSITIONS = frozenset({"position", "positions", "train_index", "val_index"})
_MOST_COLUMNS, _MOST_ROWS = 20, 70_000
_COUNTS = (5_000, 10_000, 60_000)  # of rows that a whole part has
_LONGEST_LINE = 2_000


def parse_csv(data: bytes) -> Values:
    """Return the numbers of a CSV file; separators are commas, semicolons or tabs.

    Raises:
        InputError: if a cell is no number, or rows differ in length.
    """
    lines = [line for line in _decode(data).splitlines() if line.strip()]
    if not lines:
        raise InputError("is empty.")
    delimiter = _find_delimiter(lines[0])
    head = next(csv.reader([lines[0]], delimiter=delimiter))
    has_head = not all(map(_is_number, head))
    table = _parse_lines(lines[has_head:], delimiter)
    if not has_head and len(table) - 1 in _COUNTS and _counts_up(table[0]):
        has_head, table = True, table[1:]  # pandas and others name columns 0, 1, 2 …
    if has_head and len(head) != table.shape[1]:
        raise InputError(f"has {len(head)} names in its head, and {table.shape[1]} columns.")
    names = [name.strip().lower() for name in head] if has_head else [str(place) for place in range(len(head))]
    return _split(names, table, named=has_head)


def parse_parquet(data: bytes) -> Values:
    """Return the numbers of a Parquet file.

    Raises:
        InputError: if it is damaged or a column holds no numbers.
    """
    import pyarrow as pa  # Streamlit brings it; nothing else needs it
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        if file.metadata.num_columns > _MOST_COLUMNS or file.metadata.num_rows > _MOST_ROWS:
            raise InputError(f"has {file.metadata.num_rows:,} rows and {file.metadata.num_columns:,} columns.")
        numeric = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)
        other = [field.name for field in file.schema_arrow if not any(test(field.type) for test in numeric)]
        if other:
            raise InputError(f"has columns that are not numbers: {join(other)}.")
        table = file.read()
        columns = [np.asarray(column.to_numpy(), np.float64) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("is damaged, or not a Parquet file.") from error
    if not columns:
        raise InputError("holds no column.")
    return _split([name.strip().lower() for name in table.column_names], np.column_stack(columns), named=True)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text.") from error


def _find_delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _counts_up(row: np.ndarray) -> bool:
    return bool((row == np.arange(len(row))).all())


def _parse_lines(lines: Sequence[str], delimiter: str) -> np.ndarray:
    """Return lines of numbers as an array (n, k)."""
    if not lines:
        raise InputError("holds no rows.")
    if len(lines) > _MOST_ROWS or max(map(len, lines)) > _LONGEST_LINE:
        raise InputError(f"has {len(lines):,} rows, or rows far too long.")
    try:
        return np.loadtxt(lines, np.float64, delimiter=delimiter, ndmin=2, comments=None, quotechar='"')
    except ValueError as error:
        raise InputError(f"cannot be read as numbers: {_explain(lines, delimiter)}.") from error


def _explain(lines: Sequence[str], delimiter: str) -> str:
    """Return where lines are no table of numbers."""
    rows = csv.reader(lines, delimiter=delimiter)
    width = None
    for number, row in enumerate(rows, start=1):
        width = len(row) if width is None else width
        if len(row) != width:
            return f"row {number:,} has {len(row)} cells, and the first has {width}"
        text = next((cell for cell in row if not _is_number(cell)), None)
        if text is not None:
            return f"row {number:,} holds {text[:30]!r}" if text.strip() else f"row {number:,} has an empty cell"
    return "its rows are not a table"


def _split(names: Sequence[str], table: np.ndarray, *, named: bool) -> Values:
    """Separate row numbers and positions from predictions, and put named classes into their order."""
    columns = list(range(table.shape[1]))
    numbers = positions = None
    if len(columns) in (2, N_CLASSES + 1):
        first = names[0] if named else ""
        if first in _POSITIONS:
            positions, columns = table[:, 0], columns[1:]
        elif first in _NUMBERS or (not named and _numbers_rows(table[:, 0])):
            numbers, columns = table[:, 0], columns[1:]
    columns, notes = _order_classes([names[column] for column in columns] if named else [], columns)
    array = table[:, columns]
    return Values(array[:, 0] if array.shape[1] == 1 else array, numbers, positions, notes)


def _numbers_rows(column: np.ndarray) -> bool:
    return bool((np.sort(column) - column.min() == np.arange(len(column))).all())


def _order_classes(names: Sequence[str], columns: list[int]) -> tuple[list[int], tuple[str, ...]]:
    """Return the columns in the order of the classes where their names are those of the classes, and what was done."""
    for wanted in ([name.lower() for name in CLASS_NAMES], [str(label) for label in range(N_CLASSES)]):
        if sorted(names) == sorted(wanted) and list(names) != wanted:
            order = [columns[names.index(name)] for name in wanted]
            return order, ("The columns were put into the order of the classes, by their names.",)
    return columns, ()
