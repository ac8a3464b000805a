"""Files that are no rosters: refused in a sentence or read as text, and nothing is kept of them.
Goal G13 of docs/reliability.md.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.abuse.conftest import HERE
from tests.billing.stories import undone
from tests.pages.test_bad_input import fingerprint

HEAD: Final = b"employee,name,email\n"
PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40


def a_zip(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.csv", content)
    return target.getvalue()


FILES: Final[dict[str, bytes]] = {
    "of no bytes": b"",
    "of a line end": b"\n",
    "of 6 MB": HEAD + b"x" * (6 << 20),
    "of one endless line": b"x" * (1 << 20),
    "of one endless cell": HEAD + b'"' + b"x" * 200_000 + b'",\n',
    "of a million columns": b"," * 1_000_000,
    "of too many rows": HEAD + b"".join(b"E%d,a,\n" % n for n in range(20_001)),
    "with a quote that never ends": HEAD + b'E1,"a\nE2,b\n' * 500,
    "with NUL": HEAD + b"E1\x00,a,\n",
    "with controls": HEAD + b"E1,a\x1b[31m,\n",
    "that is no text": bytes(range(256)) * 64,
    "in UTF-16": "employee,name\nE1,김\n".encode("utf-16"),
    "in UTF-32": "employee,name\nE1,김\n".encode("utf-32"),
    "in EUC-KR": "employee,name\nE1,김\n".encode("euc-kr"),
    "with half a letter": HEAD + b"E1,\xed\xa0\x80,\n",
    "with a mark in the middle": HEAD + "E1,\ufeff,\n".encode(),
    "of old line ends": b"employee,name\rE1,a\r",
    "with the same column twice": b"employee,employee\nE1,E2\n",
    "with no column that is known": b"a,b\n1,2\n",
    "with rows of other lengths": HEAD + b"E1\nE2,a,b,c,d\n",
    "with dates of nonsense": b"employee,registered_on\nE1,9999-12-31\nE2,0000-00-00\nE3,1e9\n",
    "with huge numbers": HEAD + b"9" * 5000 + b",a,\n",
    "with full-width digits": "employee,name\n１２３,a\n".encode(),
    "with a formula": HEAD + b"=1+1,=cmd|' /C calc'!A0,\n",
    "with markup": HEAD + b"E1,<script>alert(1)</script>,\n",
    "that is a picture": PNG,
    "that is a picture and a roster": PNG + HEAD + b"E1,a,\n",
    "that is an SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "that is HTML": b"<!doctype html><script>alert(1)</script>",
    "that is XML which grows": b"<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><a>&d;</a>",
    "that is a PDF": b"%PDF-1.7\n1 0 obj\n",
    "that is a workbook": a_zip(b"x"),
    "that is a ZIP which grows": a_zip(b"0" * (20 << 20)),
    "that is a program": b"MZ\x90\x00" + b"\x00" * 60,
    "that is gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 20,
    "that is Python's": b"\x80\x04cos\nsystem\n",
}
NAMES: Final = (
    *("../../../../etc/passwd", "..\\..\\x.csv", "CON", "a" * 300 + ".csv", "한글\u202e.csv"),
    *("a.csv\x00.png", ".htaccess", "%2e%2e%2fa", "a\r\nX: y.csv", " ", "a;b.csv"),
)
UPLOADS: Final = (
    f"/c/{HERE}/accounts/import/",
    pytest.param(f"/c/{HERE}/departments/import/", marks=pytest.mark.thorough),
)


@pytest.mark.parametrize("url", UPLOADS)
def test_a_file_of_nonsense_is_answered_and_changes_nothing(
    clients: dict[str, Client], url: str
) -> None:
    before = fingerprint()
    wrong = []
    for name, content in FILES.items():
        with undone():
            # Without "act": a good file would be shown, and nothing done.
            answer = clients["owner"].post(url, {"file": SimpleUploadedFile("a.csv", content)})
            said = answer.content
            is_inert = b"<script>alert" not in said and b"<svg xmlns='http" not in said
            if answer.status_code >= 500 or not is_inert or fingerprint() != before:
                wrong.append((name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("url", UPLOADS)
def test_what_is_wrong_with_it_is_said_beside_the_field(
    clients: dict[str, Client], url: str
) -> None:
    for name in ("of no bytes", "that is a picture", "in UTF-32", "of 6 MB"):
        data = {"file": SimpleUploadedFile("a.csv", FILES[name]), "act": "apply"}
        said = clients["owner"].post(url, data).content.decode()
        assert re.search(r'class="[^"]*error', said), name


@pytest.mark.parametrize("url", UPLOADS)
def test_what_a_file_is_called_is_never_used(
    clients: dict[str, Client], url: str, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    for name in NAMES:
        part = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
            + name.encode()
            + b'"\r\nContent-Type: image/png\r\n\r\n'
            + b"x" * (3 << 20)  # too great for memory: it goes to a file for as long as it is read
            + b"\r\n--x--\r\n"
        )
        answer = clients["owner"].generic(
            "POST", url, part, content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code < 500, name
        answer.wsgi_request.close()
        assert list(tmp_path.iterdir()) == [], name
