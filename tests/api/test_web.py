# SPDX-License-Identifier: Apache-2.0
"""The web app as the program serves it: files that are compiled in, documents for the app's paths, and the
policies that a browser holds them to. What the pages do is tested in a browser, in web/tests.
"""
import gzip
import hashlib
import http.client
import json
import re

import pytest
import requests

from conftest import ROOT, cluster_backends

DIST = ROOT / "web/dist"
PERSON = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".png": "image/png", ".txt": "text/plain; charset=utf-8"}


@pytest.fixture(scope="module")
def site(server):
    """Where the app is, if this program was built with it."""
    if requests.get(server.base + "/", timeout=60).status_code == 404:
        pytest.skip("this program was built without the web app (CADLENS_WEB=OFF)")
    return server.base


def ask(base, path, method="GET", headers=None):
    """As it is on the wire: no library tidies the path up or unpacks what comes."""
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=60)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def files():
    found = [p for p in DIST.rglob("*") if p.is_file() and p.suffix != ".html" and p.name != "documents.json"]
    assert any(p.suffix == ".js" for p in found)
    return found


def table():
    """Of each document its paths and the Trusted Types policies of its scripts."""
    return json.loads((DIST / "documents.json").read_text())


def documents():
    """(a path that the pattern takes, the document)"""
    return [(re.sub(r":\w+", "some-1", path), name) for name, row in table().items() for path in row["paths"]]


def policy(answer):
    """The directives of its Content-Security-Policy, of which there is exactly one."""
    found = answer.headers.get_all("Content-Security-Policy")
    assert len(found) == 1
    directives = [part.split() for part in found[0].split(";")]
    return {words[0]: set(words[1:]) for words in directives}


def test_each_file_is_served_as_it_was_built(site):
    for path in files():
        name = "/" + path.relative_to(DIST).as_posix()
        answer, content = ask(site, name)
        assert answer.status == 200, name
        assert content == path.read_bytes(), name
        assert answer.headers["Content-Type"] == TYPES[path.suffix], name
        assert "Content-Encoding" not in answer.headers
        kept = "public, max-age=31536000, immutable" if name.startswith("/assets/") else "no-cache"
        assert answer.headers["Cache-Control"] == kept, name
        assert answer.headers.get_all("Vary") == ["Accept-Encoding"], name
        assert "Set-Cookie" not in answer.headers


def test_what_compresses_well_comes_compressed_to_who_takes_it(site):
    script = max((p for p in files() if p.suffix == ".js"), key=lambda p: p.stat().st_size)
    name, plain = "/" + script.relative_to(DIST).as_posix(), script.read_bytes()
    forms = {}
    for accepted, coding in (("identity", None), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"), ("br;q=0, gzip", "gzip"),
                             ("gzip;q=0, br;q=0", None)):
        answer, content = ask(site, name, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding, accepted
        assert int(answer.headers["Content-Length"]) == len(content)
        forms[coding] = (answer.headers["ETag"], content)
    assert forms[None][1] == plain
    assert gzip.decompress(forms["gzip"][1]) == plain
    assert len(forms["br"][1]) < len(forms["gzip"][1]) < len(plain)
    assert len({tag for tag, _ in forms.values()}) == 3, "a strong tag is of one form alone"
    font = next(p for p in files() if p.suffix == ".woff2")
    answer, content = ask(site, "/" + font.relative_to(DIST).as_posix(), headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers and content == font.read_bytes()


def test_brotli_holds_the_same(site):
    brotli = pytest.importorskip("brotli", reason="python3-brotli is not installed")
    for path in files():
        answer, content = ask(site, "/" + path.relative_to(DIST).as_posix(), headers={"Accept-Encoding": "br"})
        if answer.headers["Content-Encoding"] == "br":
            content = brotli.decompress(content)
        assert hashlib.sha256(content).digest() == hashlib.sha256(path.read_bytes()).digest(), path


def test_what_the_browser_has_is_not_sent_again(site):
    for name in ("/", "/icon.svg", "/" + next(p for p in files() if p.suffix == ".css").relative_to(DIST).as_posix()):
        first, _ = ask(site, name, headers=PERSON)
        tag = first.headers["ETag"]
        assert re.fullmatch(r'"[\w-]{22}"', tag)
        again, content = ask(site, name, headers={**PERSON, "If-None-Match": tag})
        assert (again.status, content) == (304, b"")
        # A browser puts the fields of a 304 in place of those that it keeps.
        for field in ("ETag", "Cache-Control", "Content-Security-Policy", "Permissions-Policy", "Vary",
                      "Cross-Origin-Resource-Policy"):
            assert again.headers[field] == first.headers[field], field
        other, _ = ask(site, name, headers={**PERSON, "If-None-Match": '"another"'})
        assert other.status == 200


def test_HEAD_tells_what_GET_would(site):
    for name in ("/", "/icon.svg"):
        whole, content = ask(site, name, headers=PERSON)
        head, nothing = ask(site, name, "HEAD", PERSON)
        assert head.status == 200 and nothing == b""
        for field in ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Content-Security-Policy"):
            assert head.headers[field] == whole.headers[field], field
        assert int(head.headers["Content-Length"]) == len(content)


def test_each_path_of_the_app_has_its_document(site):
    assert len(documents()) > 15
    for path, name in documents():
        for asked in (path, path + "?x=1", path.rstrip("/") + "/"):
            answer, content = ask(site, asked, headers=PERSON)
            assert answer.status == 200, asked
            assert content == (DIST / name).read_bytes(), asked
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert answer.headers["Cache-Control"] == "no-cache", "who comes back gets the app of today"
            assert answer.headers.get_all("Vary") == ["Accept, Accept-Encoding"]
            assert "Set-Cookie" not in answer.headers


def test_other_paths_are_404_to_people_as_a_page(site):
    index = (DIST / "index.html").read_bytes()
    for path in ("/nothing", "/drawings/a/b/c", "/index.html", "/documents.json", "/assets/", "/assets/none.js", "/metrics"):
        answer, content = ask(site, path, headers=PERSON)
        assert (answer.status, content) == (404, index), path
        assert "ETag" not in answer.headers and answer.headers["Cache-Control"] == "no-cache"
        assert "script-src" in policy(answer)
        answer, content = ask(site, path)
        assert answer.status == 404 and json.loads(content)["code"] == "NOT_FOUND", path


def test_the_API_answers_its_own_paths(site, server):
    for path in ("/v1", "/v1/", "/v1/nothing", "/v1/jobs/x/y", "/health/", "/.well-known/nothing", "/openapi.json/x"):
        answer, content = ask(site, path, headers=PERSON)
        assert answer.status == 404 and json.loads(content)["code"] == "NOT_FOUND", path
        assert policy(answer) == {"default-src": {"'none'"}, "frame-ancestors": {"'none'"}}
    for path, status in (("/openapi.json", 200), ("/health", 200), ("/v1/formats", 200), ("/v1/jobs", 401),
                         ("/.well-known/jwks.json", 200)):
        answer, _ = ask(site, path, headers=PERSON)
        assert answer.status == status, path
        assert answer.headers["Content-Type"].startswith("application/json")


def test_programs_that_take_no_HTML_get_none(site):
    answer, content = ask(site, "/", headers={"Accept": "application/json"})
    assert answer.status == 404 and json.loads(content)["code"] == "NOT_FOUND"
    assert ask(site, "/", headers={"Accept": "*/*"})[0].status == 200


@pytest.mark.parametrize("path", [
    "/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/..%2findex.html", "/..%2f..%2fetc%2fpasswd",
    "/assets/%2e%2e%2f%2e%2e%2fdocuments.json", "//assets", "/assets//", "/./icon.svg", "/%2e/icon.svg", "/icon.svg%20",
    "/icon.svg%2f", "/icon%2esvg%3f", "//icon.svg", "/assets\\..\\icon.svg", "/ICON.SVG"])
def test_nothing_but_the_table_is_looked_up(site, path):
    answer, content = ask(site, path)
    assert answer.status == 404 and json.loads(content)["code"] == "NOT_FOUND"
    assert b"root:" not in content


def test_paths_with_control_characters_are_refused(site):
    for path in ("/icon.svg%00", "/icon.svg%0d%0aSet-Cookie:%20a=b"):
        answer, _ = ask(site, path)
        assert answer.status == 400 and "Set-Cookie" not in answer.headers


def test_nothing_of_the_app_takes_anything(site):
    for path in ("/", "/icon.svg", "/sign-in"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer, content = ask(site, path, method, {"Content-Length": "0"})
            assert answer.status == 405, (method, path)
            assert answer.headers["Allow"] == "GET, HEAD"
            assert json.loads(content)["code"] == "METHOD_NOT_ALLOWED"


def test_documents_are_held_to_a_strict_policy(site):
    for path, name in documents():
        answer, _ = ask(site, path, headers=PERSON)
        policies = table()[name]["trusted_types"]
        assert all(re.fullmatch(r"[\w-]+", policy_name) for policy_name in policies), "no wildcards, no duplicates"
        assert policy(answer) == {
            "default-src": {"'none'"}, "script-src": {"'self'"}, "style-src": {"'self'"}, "img-src": {"'self'", "blob:"},
            "font-src": {"'self'"}, "connect-src": {"'self'"}, "worker-src": {"'self'"}, "manifest-src": {"'self'"},
            "base-uri": {"'none'"}, "form-action": {"'self'"}, "frame-ancestors": {"'none'"},
            "require-trusted-types-for": {"'script'"}, "trusted-types": set(policies) or {"'none'"}}
        expected = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
                    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}
        assert {name: answer.headers[name] for name in expected} == expected
        permissions = answer.headers["Permissions-Policy"].split(", ")
        assert {"camera=()", "microphone=()", "geolocation=()", "usb=()", "payment=()"} <= set(permissions)
        assert all(permission.endswith("=()") for permission in permissions)
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_workers_and_styles_are_held_to_it_too(site):
    """A worker's rights come from the answer that brought its script."""
    document, _ = ask(site, "/", headers=PERSON)
    for path in files():
        answer, _ = ask(site, "/" + path.relative_to(DIST).as_posix())
        assert policy(answer) == {**policy(document), "trusted-types": {"'none'"}}
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_documents_need_nothing_that_the_policy_refuses(site):
    for _, name in set(documents()):
        text = (DIST / name).read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|data:", text), name
        for script in re.findall(r"<script\b[^>]*>(.*?)</script>", text, re.S):
            assert script.strip() == "", name
        for url in re.findall(r'(?:src|href)="([^"]+)"', text):
            assert url.startswith("/") and not url.startswith("//"), url
            assert ask(site, url)[0].status == 200, url


@pytest.mark.cluster("needs previews in an object store that browsers reach (CADLENS_BACKENDS=cluster)")
def test_pictures_may_come_from_where_links_to_previews_lead(site, make_server):
    urls = cluster_backends().fresh()
    if "CADLENS_S3_URL" not in urls:
        pytest.skip("no object store: OpenStack Swift is not installed")
    store = urls["CADLENS_S3_URL"] + "&public=https://pictures.example.com"
    server = make_server(environment={"CADLENS_S3_URL": store})
    images = {base: policy(ask(base, "/", headers=PERSON)[0])["img-src"] for base in (site, server.base)}
    assert images[server.base] - images[site] == {"https://pictures.example.com"}
    assert images[site] <= images[server.base]


def test_S14_a_page_of_many_files_is_not_taken_for_a_flood(make_server, site):
    server = make_server("--rate-address", "6", "--burst-address", "3")
    paths = ["/" + p.relative_to(DIST).as_posix() for p in files()] + ["/", "/sign-in"]
    for path in paths * 3:
        answer, _ = ask(server.base, path, headers=PERSON)
        assert answer.status == 200 and "RateLimit-Limit" not in answer.headers
    # Paths that do not exist still count, however they are answered.
    statuses = [ask(server.base, "/nothing", headers=PERSON)[0].status for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert ask(server.base, "/sign-in", headers=PERSON)[0].status == 200


def test_a_provider_sends_people_to_the_page_that_tells_them_what_came_of_it(site, make_server):
    if "/sign-in/:provider" not in table()["index.html"]["paths"]:
        pytest.skip("the app has no such page yet")
    server = make_server("--oauth-github-client-id", "some-client",
                         environment={"CADLENS_OAUTH_GITHUB_CLIENT_SECRET": "no real one"})
    path = "/v1/auth/github/callback?code=a%20b&state=c%2Fd&iss=e"
    answer, content = ask(server.base, path, headers=PERSON)
    assert (answer.status, answer.headers["Location"]) == (302, "/sign-in/github?code=a%20b&state=c%2Fd&iss=e")
    assert content == b"" and answer.headers["Cache-Control"] == "no-store"
    assert ask(server.base, "/sign-in/github", headers=PERSON)[0].status == 200
    answer, content = ask(server.base, path)
    assert answer.status == 400 and json.loads(content)["code"] == "SIGN_IN_REFUSED", "programs get the answer itself"
    for other in ("/v1/auth/google/callback?code=a&state=b", "/v1/auth/%0ax/callback"):
        assert ask(server.base, other, headers=PERSON)[0].status in (400, 404), other


def test_S26_the_security_page_is_public(site):
    answer, content = ask(site, "/security", headers=PERSON)
    assert answer.status == 200 and content == (DIST / "index.html").read_bytes()


def test_S26_security_txt_is_not_the_apps(site, make_server):
    server = make_server("--security-contact", "mailto:security@example.com")
    answer, content = ask(server.base, "/.well-known/security.txt", headers=PERSON)
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain")
    assert b"Contact: mailto:security@example.com" in content


def test_without_the_app_its_paths_are_unknown(server):
    if requests.get(server.base + "/", timeout=60).status_code != 404:
        pytest.skip("this program was built with the web app")
    for path in ("/", "/sign-in", "/icon.svg", "/assets/", "/nothing"):
        answer, content = ask(server.base, path, headers=PERSON)
        assert answer.status == 404 and json.loads(content)["code"] == "NOT_FOUND"
        assert policy(answer) == {"default-src": {"'none'"}, "frame-ancestors": {"'none'"}}
