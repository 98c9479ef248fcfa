"""Workbooks that would take the process down are refused before the spreadsheet reader opens them."""

import io
import zipfile

import pytest

from ordering.domain.pasting import read_text
from ordering.web.quick_files import FileRefused, rows_of

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
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, text in parts.items():
            parcel.writestr(name, text)
    return packed.getvalue()


def strings(text: str) -> str:
    return f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>{text}</t></si></sst>'


def test_a_plain_sheet_is_read():
    named = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>3</v></c></row>'
    assert rows_of(workbook(named, {"xl/sharedStrings.xml": strings("JB-500")})) == [["JB-500", 3]]


FAR_APART = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{r}"><c r="{c}{r}"><v>2</v></c></row>'
NAMED_OFTEN = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5001))


@pytest.mark.parametrize(
    "content",
    [
        workbook(FAR_APART.format(r=1048576, c="XFD")),
        workbook(FAR_APART.format(r=2, c="XFD")),
        workbook(FAR_APART.format(r=2, c="xfd")),
        workbook("<row>" + "<c><v>1</v></c>" * 500_001 + "</row>"),
        workbook(NAMED_OFTEN, {"xl/sharedStrings.xml": strings("x" * 100_000)}),
        workbook("<row>&more;</row>"),
        workbook("", {"content.xml": "<a/>"}),
    ],
    ids=["far apart", "wide", "wide in small letters", "many cells", "a long string often", "no XML", "ods"],
)
def test_what_would_fill_the_memory_is_refused(content):
    with pytest.raises(FileRefused):
        rows_of(content)


def test_one_endless_row_is_too_long_and_not_taken_apart():
    _asked, unread = read_text("\ufdfa," * 100_000)
    assert [one.reason for one in unread] == ["too_long"]
    assert len(unread[0].text) <= 400
