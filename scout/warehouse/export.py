# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Tables for other programs: CSV for sheets, Parquet for engines. Arrow comes without types for its classes."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from scout.warehouse._replace import told

Column = Sequence[object] | NDArray[Any]


def write_table(folder: Path, name: str, columns: Mapping[str, Column]) -> tuple[Path, Path]:
    """Write a table as `name.csv` and `name.parquet`, each put in its place when it is whole.

    Args:
        folder: made when it is missing.
        name: of the table.
        columns: of equal length, in order; NaN is written as empty.

    Returns:
        The two files.

    Raises:
        StoreError: the folder cannot be written.
    """
    table = pa.table({column: pa.array(values, from_pandas=True) for column, values in columns.items()})
    writers: tuple[tuple[str, Callable[[Any, Path], object]], ...] = (
        ("csv", pc.write_csv),
        ("parquet", pq.write_table),
    )
    made: list[Path] = []
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for kind, write in writers:
            place, beside = folder / f"{name}.{kind}", folder / f".{name}.{kind}.new"
            write(table, beside)
            beside.replace(place)
            made.append(place)
    return made[0], made[1]
