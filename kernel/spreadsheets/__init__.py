"""The reader of spreadsheets and CSV files for every importer, with one set of limits.

`read_table` reads an uploaded file by its content; `CsvFile` streams a large CSV file from disk.
Both raise BadTable, which names the line, the column and the reason.
"""

from kernel.spreadsheets.csv_file import ENCODINGS, CsvFile, TextRow
from kernel.spreadsheets.reader import read_table
from kernel.spreadsheets.table import BadTable, Cell, Formula, Limits, Row, column_name

__all__ = [
    "ENCODINGS",
    "BadTable",
    "Cell",
    "CsvFile",
    "Formula",
    "Limits",
    "Row",
    "TextRow",
    "column_name",
    "read_table",
]
