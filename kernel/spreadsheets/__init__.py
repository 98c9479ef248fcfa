"""The reader of spreadsheets and CSV files for every importer, with one set of limits.

`read_table` reads an uploaded file by its content; `CsvFile` streams a large CSV file from disk.
Both raise BadTable, which names the line, the column and the reason.
"""

from kernel.spreadsheets.column_choice import ColumnQuestion, ask_about, chosen_headings
from kernel.spreadsheets.csv_file import ENCODINGS, CsvFile, TextRow
from kernel.spreadsheets.headings import Headings, Meaning, read_headings
from kernel.spreadsheets.plain_rows import PlainRow, pack_rows, plain_row, unpack_rows
from kernel.spreadsheets.reader import read_table
from kernel.spreadsheets.table import BadTable, Cell, Formula, Limits, Row, column_name

__all__ = [
    "ENCODINGS",
    "BadTable",
    "Cell",
    "ColumnQuestion",
    "CsvFile",
    "Formula",
    "Headings",
    "Limits",
    "Meaning",
    "PlainRow",
    "Row",
    "TextRow",
    "ask_about",
    "chosen_headings",
    "column_name",
    "pack_rows",
    "plain_row",
    "read_headings",
    "read_table",
    "unpack_rows",
]
