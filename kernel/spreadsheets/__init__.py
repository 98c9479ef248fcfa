"""The one reader of spreadsheets and CSV files, with one set of guards, for every importer.

`read_table` reads an uploaded file by its content; `CsvFile` streams a large CSV file from disk.
Both return rows of typed cells and refuse a file with a BadTable that names line, column and reason.
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
