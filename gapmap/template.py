"""The template of an extract, made from its contract: the headings, and what each cell may hold."""

from __future__ import annotations

import csv
import io
from typing import Any

from gapmap.column_types import ANSWERS
from gapmap.contract import Contract, Field

ROWS_READY = 2000
_TITLE_AT_MOST = 32
_MESSAGE_AT_MOST = 255
_LIST_AT_MOST = 255
_WIDEST = 40


def csv_template(contract: Contract) -> bytes:
    """The headings alone, as CSV in UTF-8 with the mark that Excel wants."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([field.name for field in contract.fields])
    return text.getvalue().encode("utf-8-sig")


def workbook_template(contract: Contract) -> bytes:
    """One sheet with the headings; its cells offer what is allowed and say what is meant.

    It is filled and uploaded as it is: no second sheet, no comment, nothing hidden.
    """
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": contract.title, "comments": contract.one_row_is})
        heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet(contract.name[:31])
        sheet.freeze_panes(1, 0)
        for column, field in enumerate(contract.fields):
            sheet.write_string(0, column, field.name, heading)
            sheet.set_column(column, column, _width(field), text if _is_text(field) else None)
            sheet.data_validation(1, column, ROWS_READY, column, _validation(field))
    return content.getvalue()


def _width(field: Field) -> int:
    longest = max((len(word) for word in (field.name, *field.enum)), default=0)
    return min(longest + 3, _WIDEST)


def _is_text(field: Field) -> bool:
    """Kept as text, so that Excel turns neither a month into a date nor a code into a number."""
    return field.type not in ("integer", "year", "published", "urn")


def _validation(field: Field) -> dict[str, Any]:
    said = {
        "input_title": field.name[:_TITLE_AT_MOST],
        "input_message": field.description[:_MESSAGE_AT_MOST],
        "ignore_blank": not field.required,
        "error_title": "Not allowed here",
        "error_message": (field.message or field.description)[:_MESSAGE_AT_MOST],
    }
    allowed = ANSWERS if field.type == "answer" else field.enum
    if allowed and len(",".join(allowed)) <= _LIST_AT_MOST:
        return {"validate": "list", "source": list(allowed), **said}
    if field.type == "integer":
        return {
            "validate": "integer",
            "criteria": ">=",
            "value": field.minimum or 0,
            **said,
        }
    return {"validate": "any", **said}
