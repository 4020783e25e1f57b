# SPDX-License-Identifier: Apache-2.0
"""The cadlens executable from outside: output, exit codes, messages. CADLENS names it."""
import json
import os
import pathlib
import stat
import subprocess
import threading

import pytest

CADLENS = os.environ["CADLENS"]


def groups(*pairs):
    return "".join(f"{code:>3}\n{value}\n" for code, value in zip(pairs[::2], pairs[1::2]))


def line(handle, layer, x):
    return groups(0, "LINE", 5, handle, 8, layer, 10, x, 20, 0.0, 30, 0.0, 11, x + 1, 21, 1.0, 31, 0.0)


DRAWING = (
    groups(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015", 9, "$INSUNITS", 70, 4, 0, "ENDSEC")
    + groups(0, "SECTION", 2, "TABLES", 0, "TABLE", 2, "LAYER", 70, 2)
    + groups(0, "LAYER", 2, "0", 70, 0, 62, 7, 6, "CONTINUOUS")
    + groups(0, "LAYER", 2, "WALLS", 70, 0, 62, 1, 6, "CONTINUOUS", 0, "ENDTAB", 0, "ENDSEC")
    + groups(0, "SECTION", 2, "ENTITIES") + line("2A", "WALLS", 0.5) + line("2B", "0", 3.0)
    + groups(0, "TEXT", 5, "2C", 8, "0", 10, 1.0, 20, 2.0, 30, 0.0, 40, 0.5, 1, "%%c20")
    + groups(0, "ENDSEC", 0, "EOF"))


@pytest.fixture
def drawing(tmp_path):
    path = tmp_path / "house.dxf"
    path.write_text(DRAWING)
    return path


def run(*arguments, stdin=None):
    return subprocess.run([CADLENS, *map(str, arguments)], input=stdin, capture_output=True, timeout=120)


def fails(result, code):
    assert result.returncode == code, result
    message = result.stderr.decode()
    assert message.startswith("cadlens: error: ") and message.count("\n") == 1, message
    assert result.stdout == b""
    return message


def test_parse_writes_the_document_to_stdout(drawing):
    result = run("parse", drawing)
    assert result.returncode == 0 and result.stderr == b""
    document = json.loads(result.stdout)
    assert document["file"] == {"name": "house.dxf", "format": "DXF", "version": "AC1015", "units": "mm"}
    entities = document["sheets"][0]["entities"]
    assert [e["id"] for e in entities] == ["2A", "2B", "2C"]
    assert entities[0]["geometry"] == {"start": {"x": 0.5, "y": 0}, "end": {"x": 1.5, "y": 1}}
    assert entities[0]["bbox"] == {"minX": 0.5, "minY": 0, "maxX": 1.5, "maxY": 1}
    assert entities[2]["text"]["value"] == "\u00d820"
    assert "createdAt" in document and "durationMs" in document["parseInfo"]
    assert "jobId" not in document and "blocks" not in document


def test_stdin_gives_the_same_as_the_file(drawing):
    from_file = json.loads(run("parse", drawing, "--reproducible").stdout)
    from_pipe = json.loads(run("parse", "-", "--reproducible", stdin=DRAWING.encode()).stdout)
    assert from_pipe["file"].pop("name") == "stdin" and from_pipe["metadata"].pop("filename") == "stdin"
    del from_file["file"]["name"], from_file["metadata"]["filename"]
    assert from_pipe == from_file


def test_reproducible_means_the_same_bytes(drawing):
    first, second = (run("parse", drawing, "--reproducible").stdout for _ in range(2))
    assert first == second
    document = json.loads(first)
    assert "createdAt" not in document and "durationMs" not in document["parseInfo"]


def test_pretty_is_the_same_document(drawing):
    plain, pretty = (run("parse", drawing, "--reproducible", *p).stdout for p in ([], ["--pretty"]))
    assert plain.count(b"\n") == 1 and pretty.startswith(b'{\n  "schemaVersion": "2.0.0",\n')
    assert json.loads(plain) == json.loads(pretty)


def test_summary_has_no_entities(drawing):
    summary = json.loads(run("parse", drawing, "--summary").stdout)
    assert summary["entityCount"] == 3 and summary["layerCount"] == 2
    assert "entities" not in summary["sheets"][0] and "layers" not in summary["sheets"][0]


def test_layers_are_chosen_by_name(drawing):
    document = json.loads(run("parse", drawing, "--layers", "walls").stdout)
    assert [e["id"] for e in document["sheets"][0]["entities"]] == ["2A"]
    assert "has no layer" in fails(run("parse", drawing, "--layers", "WALLS,DOORS"), 2)


def test_sheets_are_chosen_by_key(drawing):
    document = json.loads(run("parse", drawing, "--sheet", "model").stdout)
    assert [s["key"] for s in document["sheets"]] == ["model"]
    assert "it has: model" in fails(run("parse", drawing, "--sheet", "layout1"), 2)


def test_max_entities_truncates_and_says_so(drawing):
    document = json.loads(run("parse", drawing, "--max-entities", "2").stdout)
    assert document["summary"]["truncated"] is True and document["summary"]["totalEntities"] == 2
    assert document["metadata"]["truncated"] is True


def test_png_of_each_sheet(drawing, tmp_path):
    folder = tmp_path / "a" / "b"
    document = json.loads(run("parse", drawing, "--png", folder, "--px", 64).stdout)
    image = folder / "house-model.png"
    assert image.read_bytes().startswith(b"\x89PNG")
    assert document["sheets"][0]["imageUrl"] == str(image)
    assert os.listdir(folder) == ["house-model.png"]


def test_output_appears_complete_or_not_at_all(drawing, tmp_path):
    out = tmp_path / "out.json"
    result = run("parse", drawing, "-o", out)
    assert result.returncode == 0 and result.stdout == b""
    before = out.read_bytes()
    assert json.loads(before)["schemaVersion"] == "2.0.0"
    assert not stat.S_IMODE(out.stat().st_mode) & stat.S_IXUSR
    broken = tmp_path / "broken.dxf"
    broken.write_bytes(b"no drawing")
    fails(run("parse", broken, "-o", out), 3)
    assert out.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["broken.dxf", "house.dxf", "out.json"]


def test_output_into_a_missing_folder(drawing, tmp_path):
    assert "No such file" in fails(run("parse", drawing, "-o", tmp_path / "no" / "out.json"), 4)


def test_output_to_a_pipe_that_is_no_file(drawing):
    assert run("parse", drawing, "-o", "/dev/null").returncode == 0


def test_a_full_disk_is_an_error(drawing):
    with open("/dev/full", "wb") as full:
        result = subprocess.run([CADLENS, "parse", str(drawing)], stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 4 and b"No space left" in result.stderr


@pytest.mark.parametrize("content, code, word", [
    (b"", 3, "empty"),
    (b"Hello, world. This is a letter.", 3, "no drawing"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 3, "no drawing"),
    (b"%PDF-1.7\n" + b"x" * 100, 3, "PDF"),
    (b"AC1009" + b"\0" * 200, 3, "AC1009"),
])
def test_what_is_no_readable_drawing(tmp_path, content, code, word):
    path = tmp_path / "x.dxf"
    path.write_bytes(content)
    assert word in fails(run("parse", path), code)
    assert word in fails(run("parse", "-", stdin=content), code)
    assert word in fails(run("inspect", path), code)


def test_files_that_cannot_be_read(tmp_path):
    assert "No such file" in fails(run("parse", tmp_path / "none.dxf"), 4)
    assert "folder" in fails(run("parse", tmp_path), 4)


@pytest.mark.parametrize("arguments", [
    [], ["parse"], ["draw", "x.dxf"], ["parse", "x.dxf", "--colour"], ["parse", "x.dxf", "--px", "many"],
    ["parse", "x.dxf", "--max-entities", "0"], ["parse", "x.dxf", "--px", "99999999"],
])
def test_wrong_command_lines(arguments):
    fails(run(*arguments), 2)


def test_messages_cannot_steer_a_terminal(tmp_path):
    message = fails(run("parse", tmp_path / "a\x1b[31m\nb"), 4)
    assert "\x1b" not in message


def test_inspect(drawing):
    table = run("inspect", drawing).stdout.decode()
    assert "DXF AC1015 (AutoCAD 2000)" in table and "WALLS" in table and "LINE" in table
    facts = json.loads(run("inspect", "-", "--json", stdin=DRAWING.encode()).stdout)
    assert facts["units"] == "mm" and facts["entities"] == 3 and facts["byType"] == {"LINE": 2, "TEXT": 1}
    assert [(l["name"], l["entityCount"]) for l in facts["layers"]] == [("0", 2), ("WALLS", 1)]


def test_formats_lists_what_is_readable():
    names = [f["format"] for f in json.loads(run("formats", "--json").stdout)]
    assert "DXF" in names
    table = run("formats").stdout.decode()
    assert [row.split()[0] for row in table.splitlines()] == names


def test_version_and_help():
    assert run("--version").stdout.decode().startswith("cadlens ")
    assert b"Exit codes" in run("--help").stdout
    assert b"--max-entities" in run("parse", "--help").stdout


def test_no_progress_in_a_pipe(drawing):
    assert run("parse", drawing).stderr == b""


def test_drawing_from_a_named_pipe(tmp_path):
    path = tmp_path / "pipe.dxf"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_text(DRAWING))
    writer.start()
    result = run("parse", path)
    writer.join()
    assert json.loads(result.stdout)["summary"]["totalEntities"] == 3
