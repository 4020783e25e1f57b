# SPDX-License-Identifier: Apache-2.0
"""The owner of a fresh installation comes in by a link, and chooses an address and a password then."""
import re
import secrets
import stat

import pytest

from conftest import Client, OPENAPI
from people import Person, add_person, new_password


def token_in(link):
    return re.fullmatch(r"(https?://\S+)/welcome#(\S{43})\n", link).group(2)



@pytest.fixture
def fresh(make_server, tmp_path):
    return make_server("--owner-link-file", str(tmp_path / "owner.link"))


@pytest.fixture
def nobody(fresh):
    return Client(fresh.base, None)


def enter(client, token, **more):
    return client.call("POST", "/v1/auth/one-time", json={"token": token, **more})


def owner_of(server, token):
    owner = Person(server, None, None)
    answer = enter(owner.client, token)
    assert answer.status_code == 200, answer.text
    owner.session = answer.json()
    owner.client.key = owner.session["token"]
    return owner


def link_of(server, *more):
    made = server.run("admin", "owner-link", *more)
    assert made.returncode == 0, made.stderr
    return made.stdout


def test_S11_the_owners_link_works_once(fresh, nobody, tmp_path, house):
    file = tmp_path / "owner.link"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    token = token_in(file.read_text())
    assert token not in fresh.out.read_text() and str(file) in fresh.out.read_text()
    assert token not in fresh.dump() and token not in fresh.log.read_text()
    owner = owner_of(fresh, token)
    again = enter(nobody, token)
    assert (again.status_code, again.json()["code"]) == (401, "LINK_INVALID")
    assert enter(nobody, "x" * 43).json()["code"] == "LINK_INVALID"
    assert owner.session["user"]["email"] is None and owner.session["user"]["primaryProvider"] == "link"
    assert owner.get("/v1/auth/me").json() == owner.session["user"]
    assert owner.session["user"]["hasPassword"] is False and owner.session["user"]["identities"] == []
    # It is the account of the first key: its jobs, keys and usage.
    job = fresh.client().complete(house)
    assert owner.get(f"/v1/jobs/{job['id']}").status_code == 200
    assert [k["name"] for k in owner.get("/v1/keys").json()["keys"]] == ["owner"]
    assert owner.get("/v1/me/usage").json()["used"] == 1
    assert owner.call("PUT", "/v1/me/profile", json={"fullName": "Ada Beispiel"}).status_code == 200
    assert len(owner.get("/v1/auth/sessions").json()["sessions"]) == 1
    assert owner.call("POST", "/v1/auth/change-password", json={
        "currentPassword": "none", "newPassword": new_password()}).json()["code"] == "NO_PASSWORD"


def test_S11_a_link_ends_in_half_an_hour(make_server, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("0")
    server = make_server("--owner-link-file", str(tmp_path / "owner.link"), "--clock-file", str(clock))
    token = token_in((tmp_path / "owner.link").read_text())
    clock.write_text(str(31 * 60))
    assert enter(Client(server.base, None), token).status_code == 401


def test_S11_a_new_link_ends_the_one_before(fresh, nobody):
    first, second = token_in(link_of(fresh)), token_in(link_of(fresh, "--public-url", "https://cad.example.com"))
    assert enter(nobody, first).status_code == 401
    assert enter(nobody, second).status_code == 200


def test_the_session_may_come_as_cookies(fresh, nobody):
    answer = enter(nobody, token_in(link_of(fresh)), cookies=True)
    assert answer.status_code == 200 and "token" not in answer.json()
    assert "__Host-cadlens_access=" in answer.headers["Set-Cookie"]


def test_address_and_password_are_chosen_once(fresh, nobody, tmp_path):
    owner, elsewhere = owner_of(fresh, token_in(link_of(fresh))), owner_of(fresh, token_in(link_of(fresh)))
    left = token_in(link_of(fresh))
    set_up = lambda who, **fields: who.call("POST", "/v1/auth/set-up", json=fields)
    taken = add_person(fresh)
    assert set_up(owner, email=taken.email, password=new_password()).json()["code"] == "ACCOUNT_EXISTS"
    assert "email" in set_up(owner, email="nobody", password=new_password()).json()["details"]["fieldErrors"]
    assert "password" in set_up(owner, email="a@example.test", password="12345678").json()["details"]["fieldErrors"]
    owner.email, owner.password = f"{secrets.token_hex(6)}@example.test", new_password()
    assert set_up(owner, email=owner.email, password=owner.password).status_code == 204
    again = set_up(owner, email="b@example.test", password=new_password())
    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_SET_UP")
    assert elsewhere.get("/v1/auth/me").status_code == 401, "other sessions are over"
    assert enter(nobody, left).status_code == 401, "and so are links"
    me = owner.get("/v1/auth/me").json()
    assert (me["email"], me["primaryProvider"], me["hasPassword"]) == (owner.email, "password", True)
    owner.client.key = None
    assert owner.sign_in().json()["user"] == me
    assert (tmp_path / "owner.link").exists()
    assert fresh.stop() == 0
    fresh.restart()
    assert not (tmp_path / "owner.link").exists(), "there is another way in"


def test_each_start_gives_a_link_until_there_is_a_password(fresh, tmp_path):
    first = (tmp_path / "owner.link").read_text()
    fresh.stop()
    fresh.restart()
    second = (tmp_path / "owner.link").read_text()
    assert first != second
    assert enter(Client(fresh.base, None), token_in(first)).status_code == 401
    owner_of(fresh, token_in(second))


def test_the_operator_may_still_give_the_owner_an_address(fresh):
    account = owner_of(fresh, token_in(link_of(fresh))).get("/v1/auth/me").json()["id"]
    person = add_person(fresh, account="owner")
    assert person.get("/v1/auth/me").json()["id"] == account
    assert fresh.run("admin", "add-user", "other@example.test", "--account", "owner").returncode != 0


def test_a_suspended_owner_stays_out(fresh, nobody):
    token = token_in(link_of(fresh))
    assert fresh.run("admin", "suspend", "owner").returncode == 0
    assert enter(nobody, token).json()["code"] == "ACCOUNT_SUSPENDED"


def test_links_are_in_the_audit_log(fresh, nobody):
    assert enter(nobody, token_in(link_of(fresh))).status_code == 200
    log = fresh.run("admin", "list-audit").stdout
    assert "signin.link_made" in log and "signin.link_used" in log


def test_tries_are_counted_as_costly(make_server):
    server = make_server("--rate-costly", "2", "--burst-costly", "2")
    codes = [enter(Client(server.base, None), "x" * 43).status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    assert "429" in OPENAPI["paths"]["/v1/auth/one-time"]["post"]["responses"]
