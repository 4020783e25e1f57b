# SPDX-License-Identifier: Apache-2.0
"""The upload gate: kinds by content, sizes, names."""
import io
import os
import pathlib
import re
import secrets
import time
import urllib.parse
import zipfile

import pytest

from conftest import ROOT, Client

ENCRYPTED_DWG = bytearray(b"AC1032" + b"\0" * 0x7a)
ENCRYPTED_DWG[0x18] = 1
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
DXF = b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n"


def package(*names, data=b"x"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, data)
    return out.getvalue()


def bomb():
    """Ten megabytes of nothing in ten kilobytes, a thousand times in one archive."""
    return package(*(f"{i}.bin" for i in range(50)), data=b"\0" * 1_000_000)


KINDS = {
    "dwf": (b"(DWF V06.00)" + package("manifest.xml"), "UNSUPPORTED_FORMAT"),
    "classic.dwf": (b"(DWF V00.55)\x02\x01", "UNSUPPORTED_FORMAT"),
    "w2d": (b"(W2D V06.00)\r\n", "UNSUPPORTED_FORMAT"),
    "dwfx": (package("dwf/documents/1/FixedDocument.fdoc", "DWFDocumentSequence.dwfseq"), "UNSUPPORTED_FORMAT"),
    "dgn": (b"\x08\x09\xfe\x02" + b"\0" * 600, "UNSUPPORTED_FORMAT"),
    "3d.dgn": (b"\xc8\x09\xfe\x02" + b"\0" * 600, "UNSUPPORTED_FORMAT"),
    "v8.dgn": (COMPOUND + "Dgn~Mf".encode("utf-16-le"), "UNSUPPORTED_FORMAT"),
    "pdf": (b"%PDF-1.7\n", "UNSUPPORTED_FORMAT"),
    "locked.pdf": (b"%PDF-1.7\n1 0 obj<</Encrypt 5 0 R>>", "ENCRYPTED_DRAWING"),
    "locked.dwg": (bytes(ENCRYPTED_DWG), "ENCRYPTED_DRAWING"),
    "old.dwg": (b"AC1009" + b"\0" * 600, "UNSUPPORTED_VERSION"),
    "xlsx": (package("xl/workbook.xml"), "NOT_A_DRAWING"),
    "docx": (package("word/document.xml"), "NOT_A_DRAWING"),
    "jar": (package("META-INF/MANIFEST.MF"), "NOT_A_DRAWING"),
    "doc": (COMPOUND, "NOT_A_DRAWING"),
    "zip": (bomb(), "NOT_A_DRAWING"),
    "pdf.zip": (b"PK\x03\x04" + b"\0" * 26 + b"%PDF-1.7\n", "NOT_A_DRAWING"),
    "gif": (b"GIF89a" + DXF, "NOT_A_DRAWING"),
    "html": (b"<html>\n" + DXF, "NOT_A_DRAWING"),
}


def leftovers(server):
    """Everything that a refusal must not change: files, objects, rows."""
    with server.database() as database:
        rows = [database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                for table in ("jobs", "parts", "idempotency")]
    return sorted(p.relative_to(server.data) for p in server.files()), sorted(server.objects()), rows


@pytest.fixture(scope="module")
def refusing(make_server):
    server = make_server("--max-upload", "2000000")
    server.client().get("/v1/jobs")
    return server


def test_S16_every_kind_under_every_extension_is_refused_by_its_content(refusing):
    client = refusing.client()
    before = leftovers(refusing)
    for content, code in KINDS.values():
        for extension in [*KINDS, "dxf", "dwg", "DXF", ""]:
            answer = client.parse(content, name=f"plan.{extension}", headers={"Idempotency-Key": "k"})
            assert (answer.status_code, answer.json()["code"]) == (400, code), extension
    assert leftovers(refusing) == before


def test_S16_readable_kinds_are_accepted_under_every_extension(server, client, house):
    for extension in [*KINDS, "exe", ""]:
        job = client.wait(client.submit(house, name=f"plan.{extension}"))
        assert job["status"] == "COMPLETED" and job["mimeType"] == "image/vnd.dxf"


def test_S16_no_byte_of_a_refused_file_is_on_disk(refusing):
    marker = secrets.token_bytes(24)
    for name, (content, code) in KINDS.items():
        answer = refusing.client().parse(content + marker * 5000, name="plan.dxf")
        assert answer.json()["code"] == code, name
    assert not [name for name, content in refusing.written() if marker in content]


def test_S16_advice_comes_with_the_refusal(refusing):
    def said(kind):
        return refusing.client().parse(KINDS[kind][0], name="plan.dxf").json()["error"]
    assert "DGN V8" in said("v8.dgn") and "save it as DXF or DWG" in said("v8.dgn")
    assert "password" in said("locked.dwg") and "password" in said("locked.pdf")
    assert "AC1009" in said("old.dwg") and "unpack it" in said("xlsx")


def test_S16_drawings_of_others_are_known_by_their_content(server, client):
    corpus = pathlib.Path(os.environ.get("CADLENS_CORPUS", ROOT / "../shared/corpus"))
    if not corpus.is_dir():
        assert os.environ.get("CI") != "true", "no corpus"
        pytest.skip("no corpus: set CADLENS_CORPUS")
    for kind in ("dwf", "dwfx", "dgn", "pdf"):
        for path in sorted((corpus / kind).rglob("*.*")):
            answer = client.parse(path.read_bytes(), name="plan.dxf")
            protected = "protected" in path.name
            assert answer.json()["code"] == ("ENCRYPTED_DRAWING" if protected else "UNSUPPORTED_FORMAT"), path


def streamed(start, endless, block=b"9" * 65536, most=600_000_000):
    sent = {"bytes": 0}

    def body():
        yield start
        while endless and sent["bytes"] < most:
            sent["bytes"] += len(block)
            yield block
    return body(), sent


@pytest.mark.parametrize("start, code", [
    (b"", "INVALID_ARGUMENT"),  # a preamble without end
    (b"--b\r\nX: ", "INVALID_ARGUMENT"),  # a part's header without end
    (b'--b\r\nContent-Disposition: form-data; name="mode"\r\n\r\n', "INVALID_ARGUMENT"),  # a field without end
    (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + DXF + b"\r\n--b--", "INVALID_ARGUMENT"),
    (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + DXF, "FILE_TOO_LARGE")])
def test_S17_nothing_streams_for_ever(refusing, start, code):
    before = leftovers(refusing)
    body, sent = streamed(start, endless=True)
    try:
        answer = refusing.client().call("POST", "/v1/parse", data=body,
                                        headers={"Content-Type": "multipart/form-data; boundary=b"})
        assert answer.json()["code"] == code
    except OSError:
        pass  # the client library may see the closed connection before the answer
    assert sent["bytes"] < 400_000_000, "what follows a refusal is dropped for a while, not for ever"
    assert leftovers(refusing) == before


def test_S17_an_upload_that_breaks_off_leaves_nothing(refusing, house):
    before = leftovers(refusing)

    def ended():
        return refusing.log.read_text().count("event=request method=POST route=/v1/parse")
    ended_before = ended()
    with refusing.connect() as connection:
        connection.sendall(f"POST /v1/parse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {refusing.key}\r\n"
                           "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n"
                           '--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n'.encode()
                           + house + b"999\r\nx\r\n" * 20_000)
    end = time.monotonic() + 30
    while ended() == ended_before:  # before that, the server may not even have begun with it
        assert time.monotonic() < end
        time.sleep(0.02)
    assert leftovers(refusing) == before


NAMES = {
    'filename="../../../etc/passwd"': "passwd",
    r'filename="..\\..\\boot.ini"': "boot.ini",
    'filename="/abs/plan.dxf"': "plan.dxf",
    'filename=".."': "drawing",
    'filename=""': "drawing",
    "filename*=UTF-8''..%2F..%2Fa%0D%0ASet-Cookie%3A%20x%00.dxf": "aSet-Cookie: x.dxf",
    "filename=\"plain.dxf\"; filename*=UTF-8''Stra%C3%9Fe.dxf": "Straße.dxf",
    "filename*0*=UTF-8''Gr%C3%BC; filename*1=\"n.dxf\"": "Grün.dxf",
    "filename*=UTF-8''plan%E2%80%AEgwd.exe": "plangwd.exe",
    "filename*=latin1''%ff; filename=\"kept.dxf\"": "kept.dxf",
    'filename="a\\"b;c.dxf"': 'a"b;c.dxf',
    f'filename="{"x" * 400}.dxf"': "x" * 255,
    "filename=\"<script>alert(1)</script>.dxf\"": "script>.dxf",
}


@pytest.mark.parametrize("given", NAMES)
def test_S16_names_are_data_in_and_out(server, client, house, given):
    body = (f'--b\r\nContent-Disposition: form-data; name="file"; {given}\r\n\r\n').encode() + house + b"\r\n--b--\r\n"
    answer = client.call("POST", "/v1/parse", data=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 202 and answer.json()["fileName"] == NAMES[given]
    job = client.wait(answer.json()["job_id"])
    assert job["status"] == "COMPLETED" and job["fileName"] == NAMES[given]
    header = client.get(f"/v1/jobs/{job['id']}/result").headers["Content-Disposition"]
    assert header.isascii() and header.isprintable()
    told = urllib.parse.unquote(re.search(r"filename\*=UTF-8''(\S+)", header)[1])
    assert told.startswith(NAMES[given].rsplit(".", 1)[0]), header
    assert not [p for p in [*server.files(), *server.objects()] if NAMES[given] in p.name], "a name became a path"


def test_S19_a_refusal_tells_no_more_without_a_key(server):
    assert Client(server.base, None).parse(KINDS["pdf"][0], name="a.pdf").status_code == 401
