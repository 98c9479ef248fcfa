"""Spreadsheets and CSV files: what is read, and what is refused with its line, column and reason."""

import gzip
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from kernel.spreadsheets import BadTable, CsvFile, Formula, Limits, column_name, read_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/xml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml"'
    f' ContentType="{TYPE}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a"'
    f' Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="s" sheetId="1"'
    ' r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a"'
    f' Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(cells: str, more: dict[str, str] | None = None) -> bytes:
    packed = io.BytesIO()
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    parts = PARTS | {"xl/worksheets/sheet1.xml": sheet} | (more or {})
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def strings(text: str) -> dict[str, str]:
    return {
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>{text}</t></si></sst>'
    }


def rows(content, **limits):
    return [(row.number, list(row.cells)) for row in read_table(content, Limits(**limits))]


def refusal(content, **limits) -> tuple[str, int]:
    with pytest.raises(BadTable) as caught:
        read_table(content, Limits(**limits))
    assert caught.value.message
    return caught.value.reason, caught.value.line


# What is read


def test_a_workbook_is_read_by_its_first_sheet_with_typed_cells():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["SKU", 3, 2.5, True])
        sheet.write_datetime(0, 4, date(2026, 6, 1), day)
        book.add_worksheet().write(0, 0, "second sheet")
    [(number, cells)] = rows(out.getvalue())
    assert number == 1
    assert cells[:4] == ["SKU", 3, Decimal("2.5"), True]
    assert str(cells[4]).startswith("2026-06-01")


def test_rows_keep_the_number_that_the_spreadsheet_shows():
    named = '<row r="3"><c r="B3"><v>1</v></c></row><row r="5"><c r="B5"><v>2</v></c></row>'
    assert rows(workbook(named)) == [(3, [1]), (5, [2])]


def test_a_computed_cell_is_a_formula_with_its_stored_result():
    cells = '<row r="2"><c r="B2"><v>3</v></c><c r="C2"><f>B2*2</f><v>6</v></c><c r="D2"><f>B2</f></c></row>'
    assert rows(workbook(cells)) == [(2, [3, Formula(6), Formula("")])]


def test_a_formula_without_a_stored_result_is_not_lost_beyond_the_last_value():
    cells = '<row r="1"><c r="C1"><v>3</v></c></row><row r="2"><c r="B2"><f>C1</f></c></row>'
    assert rows(workbook(cells)) == [(1, ["", 3]), (2, [Formula("")])]


def test_every_cell_of_an_array_formula_is_a_formula():
    cells = '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>'
    cells += '<row r="2"><c r="A2"><v>2</v></c></row>'
    assert rows(workbook(cells)) == [(1, [Formula(1)]), (2, [Formula(2)])]


def test_a_formula_of_another_sheet_marks_nothing_in_the_first():
    computed = '<row r="1"><c r="A1"><f>1</f></c></row>'
    more = f'<worksheet xmlns="{MAIN}"><sheetData>{computed}</sheetData></worksheet>'
    assert rows(workbook('<row r="1"><c r="A1"><v>7</v></c></row>', {"xl/worksheets/sheet2.xml": more})) == [
        (1, [7])
    ]


def test_a_cell_without_a_reference_stands_beside_the_one_before():
    assert rows(workbook("<row><c><v>1</v></c><c><f>A1</f><v>2</v></c></row>")) == [(1, [1, Formula(2)])]


@pytest.mark.parametrize(
    "content",
    [
        "SKU,名称\nA,酱油\n".encode("gb18030"),
        "\ufeffSKU;名称\nA;酱油\n".encode(),
        "SKU\t名称\r\nA\t酱油".encode(),
        "SKU,名称\rA,酱油\r".encode(),
    ],
    ids=["gb18030", "utf-8 with a mark", "tabs", "returns of an old Mac"],
)
def test_a_csv_file_is_read_in_each_usual_form(content):
    assert rows(content) == [(1, ["SKU", "名称"]), (2, ["A", "酱油"])]


def test_lines_are_counted_as_an_editor_counts_them():
    assert rows(b'A,"two\nlines"\n\nB,1\n') == [(1, ["A", "two\nlines"]), (4, ["B", "1"])]


def test_a_formula_in_a_csv_file_is_text():
    assert rows(b"A,=1+1\n") == [(1, ["A", "=1+1"])]


def test_columns_are_named_as_spreadsheets_name_them():
    assert [column_name(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# What is refused

FAR_APART = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{r}"><c r="{c}{r}"><v>2</v></c></row>'
NAMED_OFTEN = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5001))


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (workbook(FAR_APART.format(r=1048576, c="XFD")), "too_many_rows", 1048576),
        (workbook(FAR_APART.format(r=2, c="XFD")), "too_many_columns", 2),
        (workbook(FAR_APART.format(r=2, c="xfd")), "too_many_columns", 2),
        (workbook(FAR_APART.format(r=20_000, c="DD")), "too_large", 20_000),
        (workbook("<row/>" * 20_001), "too_many_rows", 20_001),
        (workbook("<row>" + "<c r='A1'><v>1</v></c>" * 500_001 + "</row>"), "too_large", 1),
        (workbook("<row><c><f t='array' ref='A1:Z20000'>1</f></c></row>"), "too_large", 1),
        (workbook(NAMED_OFTEN, strings("x" * 100_000)), "too_large", 0),
        (workbook("<row>&more;</row>"), "bad_workbook", 0),
        (workbook("", {"xl/worksheets/sheet1.xml": "<!DOCTYPE a><sheetData/>"}), "bad_workbook", 0),
        (workbook("<row><c r='1A'/></row>"), "bad_workbook", 0),
        (workbook("<row r='x'/>"), "bad_workbook", 0),
        (workbook("", {"content.xml": "<a/>"}), "bad_workbook", 0),
        (workbook("", {f"part{n}": "" for n in range(2_000)}), "too_large", 0),
    ],
    ids=[
        "far apart",
        "wide",
        "wide in small letters",
        "a large grid",
        "many rows",
        "many cells",
        "a wide array formula",
        "a long string often",
        "no XML",
        "a document type",
        "no reference",
        "no row number",
        "ods",
        "many parts",
    ],
)
def test_a_workbook_that_would_fill_the_memory_is_refused(content, reason, line):
    assert refusal(content) == (reason, line)


def test_a_plain_sheet_with_shared_strings_is_read():
    named = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>3</v></c></row>'
    assert rows(workbook(named, strings("JB-500"))) == [(1, ["JB-500", 3])]


def bomb(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * size)
    return packed.getvalue()


def test_a_zip_bomb_is_refused_by_its_size_and_by_its_ratio():
    assert refusal(bomb(3 * 2**20), max_unpacked_bytes=2**20) == ("too_large", 0)
    assert refusal(bomb(3 * 2**20), ratio_from_bytes=2**20) == ("too_large", 0)
    assert refusal(bomb(70 * 2**20)) == ("too_large", 0)


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"PK nothing", "bad_workbook", 0),
        (b"\x89PNG\r\n\x00\x00", "not_a_table", 0),
        (b"\xd0\xcf\x11\xe0old", "not_a_table", 0),
        (gzip.compress(b"A,1\n"), "not_a_table", 0),
        (b"A,1\nB,\xff\xff\n", "wrong_encoding", 2),
        (b'A,1\n"B,2\n', "bad_csv", 2),
        (b"A,1\nB," + b"x" * 2**16, "line_too_long", 2),
        (b"A,1\n" * 20_001, "too_many_rows", 20_001),
        (b"A,1\n" + b"," * 1_000, "too_many_columns", 2),
    ],
    ids=[
        "no zip",
        "an image",
        "an old workbook",
        "gzip",
        "another encoding",
        "an open quote",
        "an endless line",
        "many rows",
        "many columns",
    ],
)
def test_a_file_that_is_no_table_is_refused(content, reason, line):
    assert refusal(content) == (reason, line)


def test_a_file_larger_than_an_upload_may_be_is_refused_unread():
    assert refusal(b"A,1\n" * 10, max_file_bytes=20) == ("too_large", 0)


def test_a_csv_file_on_disk_can_be_read_twice_and_packed(tmp_path):
    path = tmp_path / "sales.csv.gz"
    path.write_bytes(gzip.compress("A,酱油\n".encode("gb18030")))
    file = CsvFile(path)
    assert list(file.rows()) == list(file.rows()) == [(1, ["A", "酱油"])]
    assert file.encoding == "gb18030"


def test_an_encoding_is_used_only_where_it_is_known(tmp_path):
    assert list(CsvFile(b"caf\xe9,1\n", encoding="latin-1").rows()) == [(1, ["café", "1"])]
    with pytest.raises(BadTable) as caught:
        CsvFile(b"A", encoding="ebcdic")
    assert caught.value.reason == "unknown_encoding"
    with pytest.raises(BadTable) as caught:
        list(CsvFile(tmp_path / "nowhere.csv").rows())
    assert caught.value.reason == "unreadable"


def test_a_workbook_whose_first_sheet_has_no_part_is_refused():
    computed = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
    links = PARTS["xl/_rels/workbook.xml.rels"]
    elsewhere = links.replace('Id="a"', 'Id="b"')
    assert refusal(workbook("", {"xl/_rels/workbook.xml.rels": elsewhere}))[0] == "bad_workbook"
    assert refusal(workbook(computed, {"xl/_rels/workbook.xml.rels": elsewhere}))[0] == "bad_workbook"
    no_sheet = PARTS["xl/workbook.xml"].replace('<sheet name="s" sheetId="1" r:id="a"/>', "")
    assert refusal(workbook(computed, {"xl/workbook.xml": no_sheet}))[0] == "bad_workbook"


def test_a_file_whose_named_encoding_is_wrong_is_refused_with_its_line(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_bytes(b"a,b\n\xff\xfe,1\n")
    with pytest.raises(BadTable) as caught:
        list(CsvFile(path, encoding="utf-8").rows())
    assert (caught.value.reason, caught.value.line) == ("wrong_encoding", 2)
