"""Files that mean harm, or hold what nobody may let in: refused by name, before they are parsed."""

import io
import logging
import struct
import tracemalloc
import zipfile

import pytest

from gapmap.intake.intake import Upload, prepare
from gapmap.reading import zip_safety
from gapmap.reading.reading import read_table
from gapmap.reading.refusal import Unreadable
from gapmap.reading.workbook import read_workbook
from gapmap.reading.workbook_safety import FORBIDDEN, inspect
from gapmap.stores.store import Store
from tests.spreadsheets import (
    RELATION,
    SHEET,
    SHEET_XML,
    ods_bytes,
    ods_with,
    plain_xlsx,
    unzipped,
    xlsx_with,
    zipped,
)
from tests.uploads import TODAY, xlsx_bytes

OOXML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ROW = '<table:table-row><table:table-cell office:value-type="float" office:value="1">{}<text:p>1'
ROW += "</text:p></table:table-cell></table:table-row>"


def codes(content: bytes, name: str = "x.xlsx") -> list[str]:
    """The codes of what is wrong with a file; empty when it is read."""
    try:
        read_table(content, name)
    except Unreadable as fault:
        return [issue.code for issue in fault.issues]
    return []


def inspected(content: bytes) -> list[str]:
    """The codes of what is forbidden in a workbook, without parsing it."""
    try:
        inspect(content)
    except Unreadable as fault:
        return [issue.code for issue in fault.issues]
    return []


def xlsx_related(kind: str, more: str = "") -> bytes:
    return xlsx_with({"xl/worksheets/_rels/sheet1.xml.rels": RELATION.format(kind=kind, more=more)})


def xlsx_declaring(content_type: str) -> bytes:
    types = unzipped(plain_xlsx())["[Content_Types].xml"].decode()
    override = f'<Override PartName="/odd" ContentType="{content_type}"/></Types>'
    return xlsx_with({"[Content_Types].xml": types.replace("</Types>", override)})


# --- what a workbook may hold --------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        plain_xlsx(),
        ods_bytes({"S": [["a"], [1]]}),
        xlsx_with({"xl/printerSettings/printerSettings1.bin": b"\x00\x01"}),
        xlsx_with({"xl/persons/person.xml": "<personList/>"}),
        xlsx_with({"xl/media/image1.png": b"\x89PNG\r\n\x1a\n<!doctype"}),
        xlsx_with({"docProps/custom.xml": "<Properties/>"}),
        xlsx_with({"customXml/item1.xml": "<labels/>"}),
        xlsx_related("hyperlink", ' TargetMode="External"'),
        xlsx_related("printerSettings"),
        ods_with({"S": ROW.format("")}, "<table:calculation-settings/>"),
    ],
)
def test_what_workbooks_hold_every_day_passes(content: bytes) -> None:
    assert inspected(content) == []


# --- what it may not -----------------------------------------------------------------------------

BAD_PARTS = {
    "macros": ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"),
    "external_links": ("xl/externalLinks/externalLink1.xml",),
    "embedded_objects": ("xl/embeddings/oleObject1.bin", "xl/activeX/activeX1.xml"),
    "comments": ("xl/comments1.xml", "xl/threadedComments/threadedComment1.xml"),
    "pivot_cache": ("xl/pivotCache/pivotCacheRecords1.xml", "xl/slicerCaches/slicerCache1.xml"),
    "connections": ("xl/connections.xml", "xl/queryTables/queryTable1.xml"),
    "data_model": ("xl/model/item.data",),
    "tracked_changes": ("xl/revisions/revisionHeaders.xml",),
}
BAD_RELATIONS = {
    "macros": ("vbaProject", "xlMacrosheet"),
    "external_links": ("externalLink", "externalLinkPath"),
    "embedded_objects": ("oleObject", "package", "control", "ctrlProp"),
    "comments": ("comments", "threadedComment"),
    "pivot_cache": ("pivotCacheDefinition", "pivotTable", "slicerCache"),
    "connections": ("connections", "queryTable"),
    "data_model": ("powerPivotData",),
    "tracked_changes": ("revisionHeaders",),
}
BAD_TYPES = {
    "macros": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "external_links": f"{OOXML}.externalLink+xml",
    "comments": f"{OOXML}.comments+xml",
    "pivot_cache": f"{OOXML}.pivotCacheDefinition+xml",
    "connections": f"{OOXML}.connections+xml",
    "embedded_objects": "application/vnd.openxmlformats-officedocument.oleObject",
}
BAD_ODS = {
    "macros": '<script:event-listener script:event-name="dom:load"/>',
    "external_links": '<table:table-source xlink:href="../other.ods"/>',
    "embedded_objects": '<draw:object xlink:href="./Object 1"/>',
    "comments": "<office:annotation><text:p>A note</text:p></office:annotation>",
    "pivot_cache": '<table:data-pilot-table table:name="p"/>',
    "connections": '<table:database-source-sql table:sql-statement="x"/>',
    "tracked_changes": "<table:tracked-changes/>",
}


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(code, one) for code, several in table.items() for one in several]


@pytest.mark.parametrize(("code", "part"), pairs(BAD_PARTS))
def test_forbidden_parts_of_a_workbook(code: str, part: str) -> None:
    assert inspected(xlsx_with({part: b"<x/>"})) == [code]


@pytest.mark.parametrize(("code", "kind"), pairs(BAD_RELATIONS))
def test_forbidden_relationships_under_any_name(code: str, kind: str) -> None:
    assert inspected(xlsx_related(kind)) == [code]
    assert inspected(xlsx_related(kind.replace("o", "&#111;"))) == [code]


@pytest.mark.parametrize(("code", "content_type"), BAD_TYPES.items())
def test_forbidden_types_under_any_name(code: str, content_type: str) -> None:
    assert inspected(xlsx_declaring(content_type)) == [code]


@pytest.mark.parametrize(("code", "xml"), BAD_ODS.items())
def test_forbidden_elements_of_an_opendocument_sheet(code: str, xml: str) -> None:
    assert inspected(ods_with({"S": ROW.format(xml)})) == [code]


def test_every_forbidden_thing_has_its_bad_file() -> None:
    tried = {*BAD_PARTS, *BAD_RELATIONS, *BAD_TYPES, *BAD_ODS, "xml_entities"}
    assert {forbidden.code for forbidden in FORBIDDEN} == tried


def test_other_forbidden_things() -> None:
    assert inspected(xlsx_related("image", ' TargetMode="External"')) == ["external_links"]
    query = '<?xml version="1.0"?><DataMashup>x</DataMashup>'
    assert inspected(xlsx_with({"customXml/item1.xml": query})) == ["connections"]
    assert inspected(xlsx_with({"customXml/item1.xml": query.encode("utf-16")})) == ["connections"]
    assert inspected(zipped(unzipped(ods_bytes({"S": [["a"]]})) | {"Basic/x.xml": b"<x/>"})) == [
        "macros"
    ]
    assert codes(plain_xlsx(), "x.xlsm") == ["macros"]


def test_everything_forbidden_is_told_at_once() -> None:
    content = xlsx_with({"xl/vbaProject.bin": b"x", "xl/comments1.xml": "<!DOCTYPE x><x/>"})
    assert codes(content) == ["macros", "comments", "xml_entities"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets(state: str) -> None:
    parts = unzipped(xlsx_bytes({"S": [["a"], [1]], "Secret": [["x"]]}))
    sheet = 'name="Secret" sheetId="2" state="{}"'
    book = parts["xl/workbook.xml"].decode()
    assert sheet.format("visible") in book
    parts["xl/workbook.xml"] = book.replace(sheet.format("visible"), sheet.format(state)).encode()
    with pytest.raises(Unreadable) as raised:
        read_workbook(zipped(parts))
    (issue,) = raised.value.issues
    assert (issue.code, issue.message) == (
        "hidden_sheets",
        "the workbook holds hidden sheets (sheet 2)",
    )


def test_a_hidden_opendocument_sheet() -> None:
    style = '<style:style style:name="ta1" style:family="table">'
    style += '<style:table-properties table:display="false"/></style:style>'
    assert codes(ods_with({"S": ROW.format("")}, styles=style), "x.ods") == ["hidden_sheets"]


# --- XML that reaches out or explodes ------------------------------------------------------------

XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize("xml", [XXE, LAUGHS], ids=["external", "exploding"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "x/y.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_document_types_and_entities(xml: str, part: str, encoding: str) -> None:
    assert inspected(xlsx_with({part: xml.encode(encoding)})) == ["xml_entities"]


def test_a_document_type_across_two_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_safety, "_PIECE", 7)
    assert inspected(xlsx_with({"xl/styles.xml": XXE})) == ["xml_entities"]
    opendocument = unzipped(ods_bytes({"S": [["a"]]}))
    assert inspected(zipped(opendocument | {"styles.xml": LAUGHS})) == ["xml_entities"]


def test_damaged_xml_on_which_the_parser_would_never_end() -> None:
    assert codes(ods_with({"S": ROW.format("<f>")}), "x.ods") == ["not_a_workbook"]
    assert codes(ods_with({"S": ROW.format("") + "<"}), "x.ods") == ["not_a_workbook"]
    parts = unzipped(ods_bytes({"S": [["a"], ["b"]]}))
    parts["content.xml"] = parts["content.xml"].replace(b"UTF-8", b"UTX-8")
    assert codes(zipped(parts), "x.ods") == ["not_a_workbook"]


# --- archives ------------------------------------------------------------------------------------


def test_a_bomb_is_refused_while_it_grows() -> None:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "A" * (100 << 20) + "</t></is></c></row>"
    bomb = xlsx_with({SHEET: SHEET_XML.format(rows=cell)})
    del cell
    assert len(bomb) < 150_000
    tracemalloc.start()
    try:
        assert inspected(bomb) == ["too_large"]
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
    assert codes(bomb) == ["too_large"]


def test_the_limit_on_everything_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {f"xl/media/image{n}.png": bytes(range(256)) * 4096 for n in range(4)}
    assert inspected(xlsx_with(parts)) == []
    monkeypatch.setattr(zip_safety, "MOST_UNZIPPED_BYTES", 3 << 20)
    assert inspected(xlsx_with(parts)) == ["too_large"]


def test_an_archive_that_lies_about_its_sizes() -> None:
    content = bytearray(plain_xlsx())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.getinfo(SHEET)
    directory = content.index(b"PK\x01\x02")
    entry = content.index(SHEET.encode(), directory) - 46
    struct.pack_into("<L", content, entry + 24, sheet.file_size // 2)
    assert inspected(bytes(content)) == ["not_a_workbook"]


@pytest.mark.parametrize(
    "name",
    ["../x.xml", "xl/../../x.xml", "/etc/x", "C:/x.xml", "xl\\x.xml", "..\\x.xml", "xl/\x01"],
)
def test_names_that_lead_out(name: str) -> None:
    with pytest.raises(Unreadable) as raised:
        inspect(xlsx_with({name: b"x"}))
    (issue,) = raised.value.issues
    assert issue.code == "unsafe_member"
    assert name not in issue.message + issue.fix


def test_a_name_cut_off_at_a_nul() -> None:
    content = xlsx_with({"xl/a_../x": b"x"}).replace(b"xl/a_../x", b"xl/a\x00../x")
    assert inspected(content) == ["unsafe_member"]


def test_two_members_of_one_name() -> None:
    content = xlsx_with({"XL/Workbook.XML": b"<x/>"})
    assert inspected(content) == ["not_a_workbook"]


def test_too_many_members() -> None:
    parts = {f"xl/media/{n}.png": b"" for n in range(990)}
    assert inspected(xlsx_with(parts)) == []
    parts |= {f"xl/media/more{n}.png": b"" for n in range(20)}
    assert inspected(xlsx_with(parts)) == ["too_many_members"]
    assert inspected(xlsx_with({f"xl/media/{n:050}.png": b"" for n in range(15_000)})) == [
        "too_many_members"
    ]


def test_encrypted_members_and_unusual_packing() -> None:
    content = bytearray(plain_xlsx())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert inspected(bytes(content)) == ["encrypted_workbook"]
    assert inspected(zipped(unzipped(plain_xlsx()), zipfile.ZIP_BZIP2)) == ["not_a_workbook"]
    assert inspected(zipped(unzipped(plain_xlsx()), zipfile.ZIP_STORED)) == []
    sheet = unzipped(ods_bytes({"S": [["a"]]}))
    manifest = b'<manifest:manifest><manifest:encryption-data x="1"/></manifest:manifest>'
    assert inspected(zipped(sheet | {"META-INF/manifest.xml": manifest})) == ["encrypted_workbook"]


@pytest.mark.parametrize("end", [b"\x00", b"<script>", plain_xlsx()[-22:]])
def test_something_after_the_end(end: bytes) -> None:
    # The last one is a second directory end, which another parser might find first.
    assert inspected(plain_xlsx() + end) == ["not_a_workbook"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_workbooks(share: float) -> None:
    content = plain_xlsx()
    assert codes(content[: int(len(content) * share)]) == ["not_a_workbook"]


# --- files of another kind -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"%PDF-1.7\n%", "not_a_table", "a PDF document"),
        (b"\x1f\x8b\x08\x00", "not_a_table", "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0", "not_a_table", "a picture (JPEG)"),
        (b"{\\rtf1\\ansi", "not_a_table", "a rich text document"),
        (b"PAR1\x15\x04", "not_a_table", "a Parquet file"),
        (b"\n<!DOCTYPE html><table>", "not_a_table", "a web page (HTML)"),
        (b"\xef\xbb\xbf<html>", "not_a_table", "a web page (HTML)"),
        ("<html>".encode("utf-16"), "not_a_table", "a web page (HTML)"),
        (b'<?xml version="1.0"?><Workbook/>', "not_a_table", "an XML file"),
        (zipped({"word/document.xml": "<w/>"}), "not_a_workbook", "a Word document"),
        (zipped({"ppt/presentation.xml": "<p/>"}), "not_a_workbook", "a PowerPoint presentation"),
        (zipped({"xl/workbook.bin": b"\x00"}), "not_a_workbook", "a binary workbook (.xlsb)"),
        (zipped({"a.csv": "a,b\n1,2\n"}), "not_a_workbook", "a zip archive and not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "old_workbook", "Excel 97–2003"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "not_a_table",
            "a Word 97–2003 document",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted_workbook",
            "protected by a password",
        ),
    ],
)
def test_other_kinds_of_file_are_named(content: bytes, code: str, what: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_table(content, "x.csv")
    (issue,) = raised.value.issues
    assert issue.code == code
    assert what in issue.message


def test_the_zip_of_an_empty_archive() -> None:
    assert codes(zipped({})) == ["not_a_table"]


# --- text that is too much -----------------------------------------------------------------------


def places(content: bytes) -> list[tuple[str, int | None]]:
    with pytest.raises(Unreadable) as raised:
        read_table(content, "x.csv")
    return [(issue.code, issue.row) for issue in raised.value.issues]


def test_two_hundred_thousand_columns() -> None:
    assert places(b",".join([b"c"] * 200_000) + b"\n") == [("too_many_columns", 1)]
    assert places(b"a" + b"," * 200_000 + b"\n") == [("too_many_columns", 1)]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_fields_of_ten_megabytes(quote: bytes) -> None:
    long = quote + b"z" * 10_000_000 + quote
    assert places(b"a,b\n1,2\n3," + long + b"\n") == [("field_too_long", 3)]
    assert places(b"a,b\n1,2\n3," + b"z" * 100_000 + b"\n") == [("field_too_long", 3)]
    assert places(b"a," + long + b"\n1,2\n") == [("field_too_long", 1)]


def test_a_quotation_mark_that_swallows_megabytes() -> None:
    assert places(b'a,b\n1,"2\n' + b"3,4\n" * 2_000_000) == [("unbalanced_quote", 2)]
    assert places(b'a,b\n1,"2\n' + b"3,4\n" * 2_000_000 + b'5,6"\n') == [("field_too_long", 2)]


def test_more_rows_than_the_largest_file_holds() -> None:
    content = b"a,b\n" + b"1,2\n" * 99
    assert read_table(content, "x.csv", most_rows=100).row_count == 99
    blank = b"a,b\n" + b"\n" * 99 + b"1,2\n"
    with pytest.raises(Unreadable, match="has 101 rows, more than the 100 that are taken"):
        read_table(blank, "x.csv", most_rows=100)
    assert read_table(blank, "x.csv").row_count == 1


def test_the_number_of_rows_follows_from_the_largest_upload(store: Store) -> None:
    one_megabyte = b"quarter\n" + b"\n" * 52_428 + b"x\n"
    handed_in = Upload(one_megabyte, "x.csv", "training")
    refused = prepare(store, handed_in, most_bytes=2**20, today=TODAY)
    (issue,) = refused.issues
    assert issue.code == "too_many_rows"
    assert "52,430 rows, more than the 52,428" in issue.message
    assert "GAPMAP_MAX_UPLOAD_MB" in issue.fix
    taken = prepare(store, handed_in, most_bytes=2**21, today=TODAY)
    assert "too_many_rows" not in {issue.code for issue in taken.issues}


def test_headings_that_differ_by_case_alone() -> None:
    assert places(b"urn,URN\n1,2\n") == [("duplicate_heading", 1)]


# --- silence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        xlsx_with({"xl/comments1.xml": "<x>B801200005001</x>"}),
        xlsx_with({SHEET: "<worksheet>B801200005001"}),
        b'a,b\n1,"B801200005001\n',
        b"a,b\nB801200005001\n",
    ],
)
def test_nothing_is_said_of_a_refused_file(
    content: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Unreadable) as raised:
        read_table(content, "x.xlsx" if content[:2] == b"PK" else "x.csv")
    assert all("B8012" not in repr(issue) for issue in raised.value.issues)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
