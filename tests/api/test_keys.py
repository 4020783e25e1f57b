# SPDX-License-Identifier: Apache-2.0
"""Keys as the operator manages them beside a running server: made, bound, replaced without downtime, ended."""
import hashlib
import threading

import pytest

from conftest import Client


def admin(server, *arguments, fails=False):
    done = server.run("admin", *arguments)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stderr if fails else done.stdout


def id_of(server, key):
    """Of a raw key, by its prefix in the list."""
    return next(line.split()[0] for line in admin(server, "list-keys").splitlines() if f" {key[:12]} " in line)


@pytest.fixture(scope="module")
def house_of_keys(make_server):
    return make_server()


def new_key(server, *arguments):
    return admin(server, "add-key", "--account", "other", *arguments).strip()


def test_S24_a_key_is_replaced_without_downtime(house_of_keys, house):
    server = house_of_keys
    old = Client(server.base, new_key(server, "--name", "line", "--label", "production"))
    before = old.complete(house)
    stop, seen = threading.Event(), []
    new = None

    def work():
        """A customer's program that always has a key: the old one, then the new one."""
        while not stop.is_set():
            seen.append((new or old).get("/v1/jobs").status_code)
    worker = threading.Thread(target=work)
    worker.start()
    new = Client(server.base, admin(server, "rotate-key", id_of(server, old.key)).strip())
    admin(server, "revoke-key", id_of(server, old.key))
    assert old.get("/v1/jobs").status_code == 401, "with the next request"
    stop.set()
    worker.join()
    # One request with the old key may have been under way while it was revoked.
    assert len(seen) > 3 and seen.count(401) <= 1 and set(seen) <= {200, 401}
    assert new.get(f"/v1/jobs/{before['id']}").json()["id"] == before["id"]
    assert new.get(f"/v1/jobs/{before['id']}/result").status_code == 200
    assert new.delete(f"/v1/jobs/{before['id']}").status_code == 200


def test_S24_both_work_until_the_overlap_ends_and_only_the_new_one_sees_both(house_of_keys, house):
    server = house_of_keys
    old = Client(server.base, new_key(server, "--scopes", "parse jobs:read"))
    first = old.complete(house)
    new = Client(server.base, admin(server, "rotate-key", id_of(server, old.key), "--old-hours", "1").strip())
    second = new.complete(house)
    assert [j["id"] for j in new.get("/v1/jobs").json()["jobs"]] == [second["id"], first["id"]]
    assert [j["id"] for j in old.get("/v1/jobs").json()["jobs"]] == [first["id"]]
    for path in ("", "/result", "/image", "/entities"):
        assert old.get(f"/v1/jobs/{second['id']}{path}").status_code == 404
        assert new.get(f"/v1/jobs/{first['id']}{path}").status_code == 200
    assert new.delete(f"/v1/jobs/{first['id']}").status_code == 403, "the rights are inherited, not widened"
    third = Client(server.base, admin(server, "rotate-key", id_of(server, new.key), "--old-hours", "0").strip())
    assert new.get("/v1/jobs").status_code == 401 and old.get("/v1/jobs").status_code == 200
    assert len(third.get("/v1/jobs").json()["jobs"]) == 2


def test_S24_a_key_is_replaced_once_and_a_revoked_one_never(house_of_keys):
    server = house_of_keys
    key = id_of(server, new_key(server))
    admin(server, "rotate-key", key)
    assert "replaced before" in admin(server, "rotate-key", key, fails=True)
    admin(server, "revoke-key", key)
    assert "revoked before" in admin(server, "revoke-key", key, fails=True)
    assert "is revoked" in admin(server, "rotate-key", key, fails=True)
    assert "no such API key" in admin(server, "rotate-key", "key_none", fails=True)


def test_S24_what_fails_takes_no_key_from_its_file(house_of_keys, tmp_path):
    server, file = house_of_keys, tmp_path / "keys" / "line.key"
    file.parent.mkdir()
    old = new_key(server, "--key-file", str(file)) or file.read_text().strip()
    admin(server, "rotate-key", id_of(server, old), "--key-file", str(file))
    new = file.read_text().strip()
    assert new != old and file.stat().st_mode & 0o777 == 0o600
    assert "replaced before" in admin(server, "rotate-key", id_of(server, old), "--key-file", str(file), fails=True)
    assert file.read_text().strip() == new and [p.name for p in file.parent.iterdir()] == ["line.key"]
    before = admin(server, "list-keys")
    missing = str(tmp_path / "nowhere" / "k")
    assert missing in admin(server, "rotate-key", id_of(server, new), "--key-file", missing, fails=True)
    assert admin(server, "list-keys") == before, "no key is stored that nobody has"


def test_S08_the_list_shows_no_secret(house_of_keys):
    server = house_of_keys
    raw = new_key(server, "--label", "quotes", "--expires-in-days", "30", "--allow-from", "192.0.2.0/24")
    shown = admin(server, "list-keys", "--account", "other")
    assert raw[:12] in shown and "(quotes)" in shown and "from: 192.0.2.0/24" in shown
    assert raw[12:] not in shown and hashlib.sha256(raw.encode()).hexdigest() not in shown
    assert "no account" in admin(server, "list-keys", "--account", "nobody", fails=True)


def test_S21_a_key_can_be_bound_to_addresses(house_of_keys, house):
    server = house_of_keys
    here = Client(server.base, new_key(server, "--allow-from", "127.0.0.1", "--allow-from", "192.0.2.0/24"))
    elsewhere = Client(server.base, new_key(server, "--allow-from", "192.0.2.0/24"))
    assert here.get("/v1/jobs").status_code == 200
    for answer in (elsewhere.get("/v1/jobs"), elsewhere.parse(house)):
        assert answer.status_code == 403 and answer.json()["code"] == "FORBIDDEN"
        assert "may not be used from this address" in answer.json()["error"]
    moved = Client(server.base, admin(server, "rotate-key", id_of(server, elsewhere.key)).strip())
    assert moved.get("/v1/jobs").status_code == 403, "the replacement is bound, too"
    assert "is no network" in admin(server, "add-key", "--account", "other", "--allow-from", "everywhere", fails=True)
    assert "too wide" in admin(server, "add-key", "--account", "other", "--allow-from", "0.0.0.0/0", fails=True)


def test_S15_a_replacement_shares_the_rate_of_its_family(make_server):
    server = make_server("--rate-key", "1", "--burst-key", "4")
    old = server.client()
    assert [old.get("/v1/jobs").status_code for _ in range(4)] == [200] * 4
    new = Client(server.base, admin(server, "rotate-key", id_of(server, old.key)).strip())
    assert new.get("/v1/jobs").status_code == 429
