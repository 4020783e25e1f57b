# SPDX-License-Identifier: Apache-2.0
"""Every endpoint as the contract says; Client holds each answer to openapi.yaml."""
import json
import pathlib
import re
import struct

import jsonschema
import pytest

from conftest import OPENAPI, ROOT


def test_openapi_paths_equal_the_routes():
    rows = re.findall(r'Route\{"(\w+)",\s*"([^"]+)"', (ROOT / "src/http/routes.cpp").read_text())
    documented = {(method.upper(), path) for path, item in OPENAPI["paths"].items() for method in item
                  if method in ("get", "post", "put", "patch", "delete")}
    assert set(rows) == documented
    assert len(rows) == len(set(rows))


def test_openapi_says_the_same_about_access_as_the_routes():
    wanted = {"open": [], "session": [{"session": []}, {"cookie": []}],
              "with": [{"apiKey": []}, {"session": []}, {"cookie": []}]}
    rows = re.findall(r'Route\{"(\w+)",\s*"([^"]+)",\s*Access::(\w+)', (ROOT / "src/http/routes.cpp").read_text())
    assert len(rows) > 30
    for method, path, access in rows:
        operation = OPENAPI["paths"][path][method.lower()]
        assert operation.get("security", OPENAPI["security"]) == wanted[access], path
        if access != "open":
            assert {"401", "403"} <= set(operation["responses"]), path


def test_openapi_json_is_the_yaml_file(client):
    assert client.get("/openapi.json").json() == OPENAPI


def test_health(client):
    assert client.get("/health").json() == {"status": "ok", "db": "ok"}


def test_formats_lists_what_is_readable_only(client):
    formats = {f["format"]: f for f in client.get("/v1/formats").json()["formats"]}
    assert ".dxf" in formats["DXF"]["extensions"]
    assert ".dwg" in formats["DWG"]["extensions"]
    assert "PDF" not in formats


@pytest.mark.parametrize("head, code", [
    (b"AC1009" + b"\0" * 200, "UNSUPPORTED_VERSION"),
    (b"AC1018" + b"\0" * 18 + b"\1" + b"\0" * 200, "ENCRYPTED_DRAWING"),
])
def test_dwg_that_cannot_be_read_is_refused_at_the_door(client, head, code):
    answer = client.parse(head, name="plan.dwg")
    assert answer.status_code == 400
    assert answer.json()["code"] == code


def test_a_damaged_dwg_fails_with_a_reason(client):
    job = client.wait(client.submit(b"AC1032" + b"\0" * 5000, name="plan.dwg"))
    assert job["status"] == "FAILED"
    assert job["errorCode"] == "DAMAGED_DRAWING" and "RECOVER" in job["errorMsg"]


def test_async_parse_answers_pending_then_completed(client, house):
    answer = client.parse(house, name="plan \u00df.dxf")
    assert answer.status_code == 202
    body = answer.json()
    assert body["status"] == "PENDING"
    assert body["fileName"] == "plan \u00df.dxf"
    assert body["fileSize"] == len(house)
    assert answer.headers["Location"] == "/v1/jobs/" + body["job_id"]
    job = client.wait(body["job_id"])
    assert job["status"] == "COMPLETED"
    assert job["progress"]["percent"] == 100
    assert job["startedAt"] and job["completedAt"]
    assert job["imageUrl"].startswith(client.base)


def test_result_is_the_published_schema(client, done):
    result = client.get(f"/v1/jobs/{done['id']}/result").json()
    schema = ROOT / "schema/result.schema.json"
    if schema.exists():
        jsonschema.Draft202012Validator(json.loads(schema.read_text())).validate(result)
    assert result["jobId"] == done["id"]
    assert result["status"] == "COMPLETED"
    assert result["createdAt"] == done["createdAt"]
    assert result["file"]["format"] == "DXF"
    assert result["summary"]["statistics"]["byType"]["CIRCLE"] == 1
    images = [s["imageUrl"] for s in result["sheets"]]
    assert [i for i in images if i] == result["imageUrls"]
    assert result["imageUrl"] == result["imageUrls"][0]
    assert "blocks" not in result
    assert not any("xdata" in e for s in result["sheets"] for e in s["entities"])


def test_include_selects_long_after_the_parse(client, done):
    path = f"/v1/jobs/{done['id']}/result"
    client.get(path)  # the upload is gone from here on
    assert "DOOR" in [b["name"] for b in client.get(path + "?include=blocks").json()["blocks"]]
    both = client.get(path + "?include=blocks,xdata").json()
    assert "blocks" in both
    carriers = [e for s in both["sheets"] for e in s["entities"] if "xdata" in e]
    assert [e["type"] for e in carriers] == ["INSERT"]
    assert "oak" in json.dumps(carriers[0]["xdata"])
    assert client.get(path + "?include=everything").status_code == 400


def test_result_length_is_announced_and_gzip_is_the_same_document(client, done):
    path = f"/v1/jobs/{done['id']}/result"
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert int(plain.headers["Content-Length"]) == len(plain.content)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"

    def without_signatures(answer):
        return re.sub(rb"\?expires=\d+&key=\w+&signature=\w+", b"", answer.content)
    assert without_signatures(packed) == without_signatures(plain)
    head = client.call("HEAD", path, headers={"Accept-Encoding": "identity"})
    assert head.status_code == 200 and head.content == b""
    assert int(head.headers["Content-Length"]) == len(plain.content)


def test_result_before_the_end_is_409(make_server, idle_worker, house):
    server = make_server("--workers", "1", "--worker", idle_worker)
    client = server.client()
    job = client.submit(house)
    for tail in ("result", "summary", "image", "entities", "scene"):
        answer = client.get(f"/v1/jobs/{job}/{tail}")
        assert answer.status_code in (409,), answer.text
        assert answer.json()["code"] == "RESULT_NOT_READY"
    server.stop()


def test_the_summary_is_the_result_without_entities(client, done):
    summary = client.get(f"/v1/jobs/{done['id']}/summary", headers={"Accept-Encoding": "identity"})
    assert int(summary.headers["Content-Length"]) == len(summary.content)
    result = client.get(f"/v1/jobs/{done['id']}/result").json()
    for sheet in result["sheets"]:
        assert len(sheet.pop("entities")) == sheet["entityCount"]

    def without_signatures(document):
        return re.sub(r"\?expires=\d+&key=\w+&signature=\w+", "", json.dumps(document))
    assert without_signatures(summary.json()) == without_signatures(result)


@pytest.mark.parametrize("ask", [{"data": {"mode": "sync"}}, {"data": {"wait": "true"}},
                                 {"path": "/v1/parse?wait=true"}])
def test_sync_parse_answers_with_the_result(client, house, ask):
    answer = client.parse(house, name="house.dxf", **ask)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["job_id"] == body["jobId"]
    assert body["fileName"] == "house.dxf" and body["fileSize"] == len(house)
    assert body["completedAt"] >= body["createdAt"]
    assert body["sheets"][0]["entityCount"] > 0


def test_sync_parse_of_a_large_file_does_not_wait(client, house):
    answer = client.parse(house + b"999\r\n" + b"x" * 10_000_000 + b"\r\n", data={"mode": "sync"})
    assert answer.status_code == 202
    assert "message" in answer.json()
    client.delete("/v1/jobs/" + answer.json()["job_id"])


def test_jobs_pages_and_filters(make_server, house):
    client = make_server().client()
    ids = [client.submit(house) for _ in range(7)]
    for job in ids:
        client.wait(job)
    seen, cursor = [], ""
    while True:
        page = client.get("/v1/jobs?limit=3" + cursor).json()
        assert len(page["jobs"]) <= 3
        seen += [j["id"] for j in page["jobs"]]
        if page["nextCursor"] is None:
            break
        cursor = "&cursor=" + page["nextCursor"]
    assert sorted(seen) == sorted(ids) and len(set(seen)) == 7
    times = [j["createdAt"] for j in client.get("/v1/jobs").json()["jobs"]]
    assert times == sorted(times, reverse=True)
    assert client.get("/v1/jobs?status=FAILED").json()["jobs"] == []
    assert len(client.get("/v1/jobs?status=COMPLETED").json()["jobs"]) == 7
    for wrong in ("limit=0", "limit=101", "limit=x", "status=DONE", "cursor=nonsense"):
        answer = client.get("/v1/jobs?" + wrong)
        assert answer.status_code == 400
        assert list(answer.json()["details"]["fieldErrors"]) == [wrong.split("=")[0]]


def test_jobs_are_found_by_name_and_format(make_server, house):
    client = make_server().client()
    ids = {name: client.submit(house, name=name)
           for name in ("Floor 1.dxf", "floor 2.dxf", "roof_100%.dxf", "roof 1000.dxf", "Gr\u00fcn.dxf")}
    for job in ids.values():
        assert client.wait(job)["format"] == "DXF"

    def found(**query):
        page = client.get("/v1/jobs", params=query).json()
        return {j["fileName"] for j in page["jobs"]}
    assert found(q="FLOOR") == {"Floor 1.dxf", "floor 2.dxf"}
    assert found(q="_100%") == {"roof_100%.dxf"}, "no text is a pattern"
    assert found(q="gr\u00fc") == {"Gr\u00fcn.dxf"}
    assert found(q="nowhere") == set()
    assert found(format="DXF") == set(ids) and found(format="DWG") == set()
    assert found(q="floor", format="DXF", status="COMPLETED") == {"Floor 1.dxf", "floor 2.dxf"}
    first = client.get("/v1/jobs", params={"q": "floor", "limit": 1}).json()
    second = client.get("/v1/jobs", params={"q": "floor", "limit": 1, "cursor": first["nextCursor"]}).json()
    assert second["nextCursor"] is None
    assert {j["fileName"] for j in first["jobs"] + second["jobs"]} == {"Floor 1.dxf", "floor 2.dxf"}
    for wrong in ("format=PDF", "format=dxf", "q=" + "x" * 201):
        answer = client.get("/v1/jobs?" + wrong)
        assert answer.status_code == 400
        assert list(answer.json()["details"]["fieldErrors"]) == [wrong.split("=")[0]]


def test_entities_by_filter_equal_the_result(client, done):
    result = client.get(f"/v1/jobs/{done['id']}/result").json()
    every = [e for s in result["sheets"] for e in s["entities"]]
    path = f"/v1/jobs/{done['id']}/entities"

    def ask(query):
        return client.get(f"{path}?{query}").json()["entities"]
    assert ask("limit=1000") == every
    assert ask("layer=NOTES") == [e for e in every if e["layer"] == "NOTES"] != []
    assert ask("layer=notes&type=TEXT") == [e for e in every if e["layer"] == "NOTES" and e["type"] == "TEXT"]
    assert ask("type=LINE,CIRCLE") == [e for e in every if e["type"] in ("LINE", "CIRCLE")]
    assert ask("layer=none") == []
    for sheet in result["sheets"]:
        assert ask(f"limit=1000&sheet={sheet['key']}") == sheet["entities"]
        assert ask(f"limit=1000&sheet={sheet['index']}") == sheet["entities"]
        for number, entity in enumerate(sheet["entities"]):
            assert ask(f"sheet={sheet['key']}&index={number}") == [entity]
            if entity["handle"]:
                assert entity in ask(f"handle={entity['handle'].lower()}")
        assert ask(f"sheet={sheet['key']}&index={len(sheet['entities'])}") == []
    assert ask("handle=FFFFFFFFFFFF") == []
    box = ask("type=CIRCLE&bbox=6,3,7,5")
    assert [e["type"] for e in box] == ["CIRCLE"]
    assert ask("type=CIRCLE&bbox=60,3,70,5") == []
    seen, cursor = [], ""
    while True:
        page = client.get(f"{path}?limit=4{cursor}").json()
        seen += page["entities"]
        if page["nextCursor"] is None:
            break
        cursor = "&cursor=" + page["nextCursor"]
    assert seen == every
    assert client.get(path + "?sheet=nowhere").status_code == 404
    for wrong in ("limit=1001", "bbox=1,2,3", "bbox=2,0,1,1", "bbox=a,b,c,d", "bbox=nan,0,1,1", "cursor=x",
                  "handle=0", "handle=xyz", "handle=", "index=-1", "index=x"):
        assert client.get(f"{path}?{wrong}").status_code == 400


def test_scene_is_binary_and_takes_ranges(client, done):
    path = f"/v1/jobs/{done['id']}/scene"
    whole = client.get(path)
    assert whole.status_code == 200
    assert whole.headers["Content-Type"] == "application/vnd.cadlens.scene"
    assert whole.headers["Cache-Control"] == "no-store", "another account in the same browser, or after its deletion"
    assert len(whole.content) == int(whole.headers["Content-Length"]) > 16
    part = client.get(path, headers={"Range": "bytes=4-11"})
    assert part.status_code == 206
    assert part.content == whole.content[4:12]
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(whole.content)}"
    assert client.get(path, headers={"Range": f"bytes={len(whole.content)}-"}).status_code == 416
    assert client.get(path, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert client.get(path + "?sheet=nowhere").status_code == 404


def test_the_original_comes_back_as_it_was_sent(make_server, idle_worker, house):
    client = make_server("--workers", "1", "--worker", idle_worker).client()
    job = client.submit(house, name="Haus \u00df.dxf")
    path = f"/v1/jobs/{job}/upload"
    whole = client.get(path)
    assert whole.status_code == 200 and whole.content == house
    assert whole.headers["Content-Disposition"].startswith("attachment; ")
    assert "Haus%20%C3%9F.dxf" in whole.headers["Content-Disposition"]
    assert whole.headers["ETag"] == '"' + client.get(f"/v1/jobs/{job}").json()["sha256"] + '"'
    assert client.get(path, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert client.get(path, headers={"Range": "bytes=3-9"}).content == house[3:10]
    assert client.get(path, headers={"Range": f"bytes={len(house)}-"}).status_code == 416
    assert client.get(f"/v1/jobs/job_{'0' * 32}/upload").json()["code"] == "NOT_FOUND"


def test_images_are_pngs(client, done):
    urls = client.get(f"/v1/jobs/{done['id']}/image").json()
    assert urls["imageUrl"] == urls["imageUrls"][0]
    for url in urls["imageUrls"]:
        image = client.get(url)
        assert image.status_code == 200
        assert image.headers["Content-Type"] == "image/png"
        assert image.headers["Cache-Control"] == "no-store"
        assert image.content.startswith(b"\x89PNG\r\n\x1a\n")


def size_of(png):
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_a_list_has_small_pictures(server, client, done):
    listed = next(job for job in client.get("/v1/jobs").json()["jobs"] if job["id"] == done["id"])
    small = client.get(listed["thumbnailUrl"])
    assert small.status_code == 200 and small.headers["Content-Type"] == "image/png"
    assert small.headers["X-Content-Type-Options"] == "nosniff"
    large = client.get(listed["imageUrl"]).content
    (width, height), (wide, high) = size_of(small.content), size_of(large)
    assert 160 < max(width, height) <= 320 < max(wide, high)
    assert abs(width / height - wide / high) < 0.05
    assert len(small.content) < len(large) / 2
    assert client.get(listed["thumbnailUrl"], headers={"If-None-Match": small.headers["ETag"]}).status_code == 304
    assert client.get(listed["thumbnailUrl"], headers={"Range": "bytes=1-3"}).content == b"PNG"
    assert "thumbnail" not in client.get(f"/v1/jobs/{done['id']}/result").text, "it is for lists alone"


def test_a_job_of_before_there_were_thumbnails_has_none(make_server, house):
    server = make_server()
    client = server.client()
    job = client.complete(house)
    assert client.get(job["thumbnailUrl"]).status_code == 200
    with server.database() as database:
        database.execute("UPDATE jobs SET has_thumbnail = 0")
    assert client.get(f"/v1/jobs/{job['id']}").json()["thumbnailUrl"] is None
    assert client.get(job["thumbnailUrl"]).status_code == 404
    assert client.get(client.get(f"/v1/jobs/{job['id']}").json()["imageUrl"]).status_code == 200


@pytest.mark.parametrize("pixels", [0, 320])
def test_without_previews_or_with_small_ones_there_are_no_thumbnails(make_server, house, pixels):
    client = make_server("--preview-px", str(pixels)).client()
    job = client.complete(house)
    assert job["thumbnailUrl"] is None
    assert (job["imageUrl"] is None) == (pixels == 0)


def test_delete_removes_everything(make_server, house):
    server = make_server()
    client = server.client()
    job = client.complete(house)
    assert server.objects()
    answer = client.delete("/v1/jobs/" + job["id"]).json()
    assert answer["deleted"] is True and answer["id"] == job["id"] and answer["artefacts"] >= 4
    assert server.objects() == []
    assert client.get("/v1/jobs/" + job["id"]).status_code == 404
    assert client.delete("/v1/jobs/" + job["id"]).status_code == 404
    assert client.get(job["imageUrl"]).status_code == 404
    assert client.get(job["thumbnailUrl"]).status_code == 404
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_watching_is_noted(server, client, done):
    assert client.get(f"/v1/jobs/{done['id']}?watch=1").status_code == 200
    with server.database() as database:
        assert database.execute("SELECT watched FROM jobs WHERE id=?", (done["id"],)).fetchone() == (1,)


def read_events(answer):
    events, current = [], {}
    for line in answer.iter_lines(decode_unicode=True, chunk_size=1):
        if not line:
            if current:
                events.append(current)
            current = {}
        elif not line.startswith(":"):
            name, value = line.split(": ", 1)
            current[name] = value
    return events


def test_events_until_the_end(client, house):
    job = client.submit(house)
    answer = client.get(f"/v1/jobs/{job}/events", stream=True)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    events = read_events(answer)
    assert events[-1]["event"] == "completed"
    assert json.loads(events[-1]["data"])["status"] == "COMPLETED"
    ids = [int(e["id"]) for e in events]
    assert ids == sorted(set(ids))
    again = read_events(client.get(f"/v1/jobs/{job}/events", stream=True))
    assert [e["event"] for e in again] == ["completed"]
    seen = client.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": events[-1]["id"]})
    assert seen.status_code == 204
    assert client.get(f"/v1/jobs/job_{'0' * 32}/events").status_code == 404


def test_events_tell_of_a_deletion(make_server, idle_worker, house):
    server = make_server("--workers", "1", "--worker", idle_worker)
    client = server.client()
    job = client.submit(house)
    answer = client.get(f"/v1/jobs/{job}/events", stream=True)
    server.client().delete(f"/v1/jobs/{job}")
    assert read_events(answer)[-1]["event"] == "deleted"
    server.stop()


def test_a_drawing_that_cannot_be_read_fails_with_a_reason(client):
    broken = b"  0\nSECTION\n  2\nENTITIES\n"
    job = client.parse(broken)
    if job.status_code == 400:
        pytest.skip("refused at once")
    job = client.wait(job.json()["job_id"])
    if job["status"] == "FAILED":
        assert job["errorCode"] and job["errorMsg"].endswith(".")
        sync = client.parse(broken, data={"mode": "sync"})
        assert sync.status_code == 422
        assert sync.json()["code"] == job["errorCode"]


def test_idempotency(client, house):
    key = {"Idempotency-Key": "order-1"}
    first = client.submit(house, headers=key)
    assert client.submit(house, headers=key) == first
    other = client.parse(house + b"\r\n", headers=key)
    assert other.status_code == 422 and other.json()["code"] == "IDEMPOTENCY_CLASH"
    assert client.submit(house, headers={"Idempotency-Key": "order-2"}) != first
    assert client.parse(house, headers={"Idempotency-Key": "x" * 256}).status_code == 400
