# SPDX-License-Identifier: Apache-2.0
"""Accounts: registered, verified, signed in, changed, deleted (S10-S12). Nobody learns here who has one."""
import base64
import json
import re
import secrets
import statistics
import time

import pytest

from conftest import Client, wait_until
from people import Person, add_person, new_password


@pytest.fixture(scope="module")
def house_of(make_server, mailbox):
    """Registration is open, mails arrive."""
    return make_server("--registration", "open", "--smtp-url", f"smtp://127.0.0.1:{mailbox.port}", "--smtp-from",
                       "cad@example.com")


@pytest.fixture(scope="module")
def nobody(house_of):
    return Client(house_of.base, None)


def fresh_address():
    return f"{secrets.token_hex(6)}@example.test"


def token_for(mailbox, address, path):
    def found():
        return [t for text in mailbox.texts_to(address) for t in re.findall(path + r"#token=(\S+)", text)]
    wait_until(found, 30)
    return found()[-1]


def register(server, mailbox, address=None):
    person = Person(server, address or fresh_address(), new_password())
    answer = person.call("POST", "/v1/auth/register", json={"email": person.email, "password": person.password})
    assert answer.status_code == 202, answer.text
    token = token_for(mailbox, person.email, "/verify-email")
    answer = person.call("POST", "/v1/auth/verify-email", json={"token": token, "password": person.password})
    assert answer.json() == {"verified": True, "email": person.email}
    return person


@pytest.fixture
def person(house_of, mailbox):
    person = register(house_of, mailbox)
    assert person.sign_in().status_code == 200
    return person


def test_S10_register_verify_and_sign_in(house_of, mailbox, nobody):
    person = Person(house_of, fresh_address(), new_password())
    nobody.call("POST", "/v1/auth/register", json={"email": person.email, "password": person.password})
    token = token_for(mailbox, person.email, "/verify-email")
    assert person.sign_in().status_code == 401, "there is no account before the mail's link is followed"
    verify = lambda token, password: nobody.call("POST", "/v1/auth/verify-email",
                                                 json={"token": token, "password": password})
    assert verify("x" + token, person.password).status_code == 401
    strange = verify(token, new_password())
    assert (strange.status_code, strange.json()["code"]) == (401, "INVALID_CREDENTIALS"), "another's registration"
    assert verify(token, person.password).status_code == 200
    again = verify(token, person.password)
    assert (again.status_code, again.json()["code"]) == (401, "LINK_INVALID")
    session = person.sign_in().json()
    assert session["user"]["email"] == person.email and session["user"]["primaryProvider"] == "password"
    me = person.get("/v1/auth/me").json()
    assert me == session["user"] and me["hasPassword"] is True and me["identities"] == []
    stored = house_of.database().execute("SELECT password_hash FROM users WHERE email = ?", (person.email,)).fetchone()
    assert stored[0].startswith("$2b$12$")


def test_what_a_sign_in_page_offers(server, nobody):
    assert nobody.get("/v1/auth/options").json() == {"registration": "open", "providers": [], "mail": True}
    assert Client(server.base, None).get("/v1/auth/options").json() == {"registration": "closed", "providers": [],
                                                                        "mail": False}


def test_S10_who_has_an_account_is_nobodys_to_learn(house_of, mailbox, nobody, person):
    unknown = fresh_address()
    ask = lambda path, body: nobody.call("POST", path, json=body)
    bodies = []
    for address in (person.email, unknown):
        answers = [ask("/v1/auth/register", {"email": address, "password": new_password()}),
                   ask("/v1/auth/forgot-password", {"email": address}),
                   ask("/v1/auth/login", {"email": address, "password": new_password()})]
        bodies.append([(a.status_code, {k: v for k, v in a.json().items() if k != "requestId"}) for a in answers])
    assert bodies[0] == bodies[1]
    wait_until(lambda: any("Sign in with your password" in t for t in mailbox.texts_to(person.email)), 30)
    # What was written for the address that is taken opens nothing.
    assert person.sign_in().status_code == 200


def test_S10_time_does_not_tell_who_has_an_account(nobody, person):
    def seconds(address):
        start = time.monotonic()
        nobody.call("POST", "/v1/auth/login", json={"email": address, "password": new_password()})
        return time.monotonic() - start
    known, unknown = [], []
    for _ in range(5):
        known.append(seconds(person.email))
        unknown.append(seconds(fresh_address()))
    # Both hash: without it the second would be a hundred times faster.
    assert 0.4 < statistics.median(unknown) / statistics.median(known) < 2.5


@pytest.mark.parametrize("password, reason", [
    ("short1!", "8"), ("x" * 73, "72"), ("ä" * 37, "72"), ("password123", "common"), ("nul\0inside it", "NUL"),
])
def test_S10_passwords_that_cannot_be_good_are_refused_with_the_reason(nobody, password, reason):
    answer = nobody.call("POST", "/v1/auth/register", json={"email": fresh_address(), "password": password})
    assert answer.status_code == 400
    assert reason.lower() in answer.json()["details"]["fieldErrors"]["password"][0].lower()


def test_S10_a_password_is_the_same_from_every_keyboard(house_of, mailbox):
    person = register(house_of, mailbox)
    composed, apart = "gr\u00fcne Stra\u00dfe 9", "gru\u0308ne Stra\u00dfe 9"
    person.sign_in()
    answer = person.call("POST", "/v1/auth/change-password",
                         json={"currentPassword": person.password, "newPassword": composed})
    assert answer.status_code == 204, answer.text
    person.password = apart
    assert person.sign_in().status_code == 200


def test_a_forgotten_password_is_chosen_anew_and_ends_every_session(house_of, mailbox, nobody, person):
    elsewhere = Person(house_of, person.email, person.password)
    assert elsewhere.sign_in().status_code == 200
    nobody.call("POST", "/v1/auth/forgot-password", json={"email": person.email})
    token = token_for(mailbox, person.email, "/reset-password")
    weak = nobody.call("POST", "/v1/auth/reset-password", json={"token": token, "password": "12345678"})
    assert weak.status_code == 400, "and the link is not used up by it"
    fresh = new_password()
    assert nobody.call("POST", "/v1/auth/reset-password", json={"token": token, "password": fresh}).status_code == 204
    assert nobody.call("POST", "/v1/auth/reset-password", json={"token": token, "password": fresh}).status_code == 401
    assert person.get("/v1/auth/me").status_code == 401 and elsewhere.get("/v1/auth/me").status_code == 401
    assert person.sign_in().status_code == 401
    person.password = fresh
    assert person.sign_in().status_code == 200
    wait_until(lambda: any("was changed just now" in t for t in mailbox.texts_to(person.email)), 30)


def test_a_changed_password_ends_the_other_sessions(house_of, person):
    elsewhere = Person(house_of, person.email, person.password)
    elsewhere.sign_in()
    wrong = person.call("POST", "/v1/auth/change-password",
                        json={"currentPassword": "wrong " + person.password, "newPassword": new_password()})
    assert wrong.status_code == 403
    right = person.call("POST", "/v1/auth/change-password",
                        json={"currentPassword": person.password, "newPassword": new_password()})
    assert right.status_code == 204
    assert person.get("/v1/auth/me").status_code == 200
    assert elsewhere.get("/v1/auth/me").status_code == 401


def test_an_address_is_changed_by_a_mail_to_the_new_one(mailbox, nobody, person):
    other = fresh_address()
    answer = person.call("POST", "/v1/auth/change-email", json={"email": other, "password": person.password})
    assert answer.status_code == 202
    assert person.get("/v1/auth/me").json()["email"] == person.email
    token = token_for(mailbox, other, "/confirm-email")
    assert nobody.call("POST", "/v1/auth/confirm-email", json={"token": token}).status_code == 204
    assert person.get("/v1/auth/me").json()["email"] == other
    wait_until(lambda: any("has another e-mail address" in t for t in mailbox.texts_to(person.email)), 30)
    person.email = other
    assert person.sign_in().status_code == 200


def test_two_accounts_never_share_an_address(house_of, mailbox, nobody, person):
    other = register(house_of, mailbox)
    other.sign_in()
    answer = other.call("POST", "/v1/auth/change-email",
                        json={"email": person.email.upper(), "password": other.password})
    assert answer.status_code == 202, "not to be told apart from a free address"
    wait_until(lambda: any("which has one" in " ".join(t.split()) for t in mailbox.texts_to(person.email.upper())), 30)
    assert other.get("/v1/auth/me").json()["email"] == other.email


def test_S12_refresh_tokens_work_once_and_their_reuse_ends_the_session(nobody, person):
    refresh = lambda token: nobody.call("POST", "/v1/auth/refresh", json={"refreshToken": token})
    first = person.session["refreshToken"]
    second = refresh(first).json()
    assert Client(nobody.base, second["token"]).get("/v1/auth/me").status_code == 200
    third = refresh(second["refreshToken"]).json()
    stolen = refresh(first)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "REFRESH_INVALID")
    assert refresh(third["refreshToken"]).status_code == 401
    assert Client(nobody.base, third["token"]).get("/v1/auth/me").status_code == 401


def test_S11_logout_ends_the_session_at_once(nobody, person):
    assert person.call("POST", "/v1/auth/logout").status_code == 204
    assert person.get("/v1/auth/me").status_code == 401
    answer = nobody.call("POST", "/v1/auth/refresh", json={"refreshToken": person.session["refreshToken"]})
    assert answer.status_code == 401


def test_sessions_are_listed_and_ended(house_of, person):
    elsewhere = Person(house_of, person.email, person.password)
    elsewhere.sign_in()
    sessions = person.get("/v1/auth/sessions").json()["sessions"]
    assert len(sessions) == 2
    mine = [s for s in sessions if s["current"]]
    assert [s["id"] for s in mine] == [person.session["sessionId"]]
    assert mine[0]["userAgent"].startswith("python-requests") and mine[0]["address"] == "127.0.0.1"
    other = elsewhere.session["sessionId"]
    assert person.call("DELETE", "/v1/auth/sessions/" + other).status_code == 204
    assert elsewhere.get("/v1/auth/me").status_code == 401
    assert person.call("DELETE", "/v1/auth/sessions/" + other).status_code == 404
    elsewhere.client.key = None
    elsewhere.sign_in()
    assert person.call("DELETE", "/v1/auth/sessions").json() == {"ended": 1}
    assert person.get("/v1/auth/me").status_code == 200


def test_profile(person, house_of):
    assert person.get("/v1/me/profile").json()["fullName"] is None
    fields = {"fullName": "Ada Beispiel", "companyName": "Werk 1", "country": "DE", "marketingOptIn": True}
    saved = person.call("PUT", "/v1/me/profile", json=fields).json()
    assert saved["profileComplete"] and saved["marketingOptIn"] and saved["phone"] is None
    assert person.call("PUT", "/v1/me/profile", json={"phone": "1", "country": None}).json()["country"] is None
    assert not person.get("/v1/auth/me").json()["profileComplete"]
    long = person.call("PUT", "/v1/me/profile", json={"phone": "1" * 51})
    assert "phone" in long.json()["details"]["fieldErrors"]
    stored = house_of.database().execute("SELECT profile FROM users WHERE email = ?", (person.email,)).fetchone()[0]
    assert stored.startswith("1.") and "Beispiel" not in stored


def test_an_account_is_deleted_with_everything(house_of, mailbox, person, house):
    key = person.key_client()
    job = key.complete(house)
    prints = {p.name for p in house_of.objects()}
    assert prints
    account = person.get("/v1/auth/me").json()["id"]
    assert person.call("DELETE", "/v1/me/account").status_code == 204
    assert person.get("/v1/auth/me").status_code == 401 and key.get("/v1/jobs").status_code == 401
    assert person.sign_in().status_code == 401
    with house_of.database() as database:
        for table, columns in house_of.tables().items():
            for column in columns:
                if table != "audit":
                    found = database.execute(f"SELECT count(*) FROM {table} WHERE CAST({column} AS TEXT) IN (?, ?)",
                                             (account, person.email)).fetchone()[0]
                    assert found == 0, (table, column)
    assert not [p for p in house_of.objects() if job["id"] in str(p)]
    wait_until(lambda: any("was deleted" in t for t in mailbox.texts_to(person.email)), 30)


def test_registration_is_closed_unless_it_is_opened(server):
    answer = Client(server.base, None).call("POST", "/v1/auth/register",
                                            json={"email": fresh_address(), "password": new_password()})
    assert (answer.status_code, answer.json()["code"]) == (403, "REGISTRATION_CLOSED")


def test_registration_by_invitation(make_server, mailbox):
    server = make_server("--registration", "invite", "--smtp-url", f"smtp://127.0.0.1:{mailbox.port}", "--smtp-from",
                         "cad@example.com")
    nobody = Client(server.base, None)
    ask = lambda **more: nobody.call("POST", "/v1/auth/register", json={"password": new_password(), **more})
    assert ask(email=fresh_address()).json()["code"] == "INVITATION_NEEDED"
    invited = fresh_address()
    invite = server.run("admin", "invite", "--email", invited, "--plan", "STARTER").stdout.strip()
    assert ask(email=fresh_address(), invite=invite).status_code == 403
    password = new_password()
    assert ask(email=invited, invite=invite, password=password).status_code == 202
    nobody.call("POST", "/v1/auth/verify-email", json={"token": token_for(mailbox, invited, "/verify-email"), "password": password})
    person = Person(server, invited, password)
    assert person.sign_in().json()["user"]["plan"] == "STARTER"
    assert ask(email=invited, invite=invite).json()["code"] == "INVITATION_NEEDED"


def test_without_mail_the_operator_gives_the_links(make_server):
    server = make_server("--registration", "open")
    person = Person(server, fresh_address(), new_password())
    asked = person.call("POST", "/v1/auth/register", json={"email": person.email, "password": person.password})
    assert "sends no mail" in asked.json()["message"], "nobody waits for a mail that will not come"
    made = server.run("admin", "user-link", person.email, "--verify", "--public-url", "https://cad.example.com")
    link = re.fullmatch(r"https://cad\.example\.com/verify-email#token=(\S+)\n", made.stdout)
    assert person.call("POST", "/v1/auth/verify-email",
                       json={"token": link.group(1), "password": person.password}).status_code == 200
    assert person.sign_in().status_code == 200
    assert server.run("admin", "user-link", fresh_address(), "--verify").returncode != 0
    link = server.run("admin", "user-link", person.email).stdout.strip()
    fresh = new_password()
    reset = person.call("POST", "/v1/auth/reset-password", json={"token": link.split("=")[1], "password": fresh},
                        headers={"Authorization": ""})
    assert reset.status_code == 204
    person.client.key, person.password = None, fresh
    assert person.sign_in().status_code == 200


def test_the_first_keys_account_gets_its_user(make_server, house):
    server = make_server()
    job = server.client().complete(house)
    person = add_person(server, account="owner")
    assert person.get(f"/v1/jobs/{job['id']}").status_code == 200
    assert person.email in server.run("admin", "list-users").stdout
    again = server.run("admin", "add-user", fresh_address(), "--account", "owner")
    assert again.returncode != 0


def test_a_suspended_account_is_out_at_once_and_comes_back(make_server):
    server = make_server()
    person = add_person(server)
    key = person.key_client()
    assert server.run("admin", "suspend", person.email).returncode == 0
    for answer in (key.get("/v1/jobs"), person.sign_in()):
        assert (answer.status_code, answer.json()["code"]) == (403, "ACCOUNT_SUSPENDED")
    assert person.get("/v1/auth/me").status_code == 401, "its sessions are over"
    assert server.run("admin", "resume", person.email).returncode == 0
    assert key.get("/v1/jobs").status_code == 200 and person.sign_in().status_code == 200


def test_S11_signing_keys_rotate_without_signing_anybody_out(make_server):
    server = make_server()
    person = add_person(server)
    before = {k["kid"] for k in person.get("/.well-known/jwks.json").json()["keys"]}
    made = server.run("admin", "rotate-session-key")
    assert made.returncode == 0, made.stderr
    assert server.stop() == 0
    server.restart()
    person.client.base = server.base
    kids = [k["kid"] for k in person.get("/.well-known/jwks.json").json()["keys"]]
    assert set(kids) == before | {made.stdout.strip()} and len(kids) == 2
    assert person.get("/v1/auth/me").status_code == 200
    other = Person(server, person.email, person.password)
    header = json.loads(base64.urlsafe_b64decode(other.sign_in().json()["token"].split(".")[0] + "=="))
    assert header == {"alg": "RS256", "kid": made.stdout.strip(), "typ": "at+jwt"}


def test_S11_sessions_end_in_time(make_server, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("0")
    server = make_server("--clock-file", str(clock))
    person = add_person(server)
    claims = json.loads(base64.urlsafe_b64decode(person.session["token"].split(".")[1] + "=="))
    assert claims["exp"] - claims["iat"] == 2 * 3600 and claims["aud"] == "cadlens-api" and claims["jti"]
    clock.write_text(str(2 * 3600 - 60))
    assert person.get("/v1/auth/me").status_code == 200
    clock.write_text(str(2 * 3600 + 1))
    assert person.get("/v1/auth/me").status_code == 401
    clock.write_text(str(7 * 86400 - 60))
    refreshed = person.call("POST", "/v1/auth/refresh", json={"refreshToken": person.session["refreshToken"]})
    assert refreshed.status_code == 200
    clock.write_text(str(14 * 86400))
    late = person.call("POST", "/v1/auth/refresh", json={"refreshToken": refreshed.json()["refreshToken"]})
    assert late.status_code == 401


def test_a_cookie_session_changes_things_from_our_own_pages_only(house_of, mailbox):
    person = register(house_of, mailbox)
    answer = person.sign_in(cookies=True)
    assert answer.status_code == 200 and "token" not in answer.json() and "refreshToken" not in answer.json()
    jar = {}
    for line in answer.raw.headers.getlist("Set-Cookie"):
        name, value = line.split(";")[0].split("=", 1)
        assert name.startswith("__Host-") and "; Path=/; Secure; HttpOnly; SameSite=Strict" in line
        jar[name] = value
    cookies = {"Cookie": "; ".join(f"{n}={v}" for n, v in jar.items())}
    person.client.session.cookies.clear()
    assert person.get("/v1/auth/me", headers=cookies).status_code == 200
    make = lambda **headers: person.call("POST", "/v1/keys", json={"name": "k"}, headers={**cookies, **headers})
    assert make().json()["code"] == "CROSS_SITE"
    assert make(Origin="https://evil.example").status_code == 403
    assert make(**{"Sec-Fetch-Site": "cross-site", "Origin": house_of.base}).status_code == 403
    assert make(**{"Sec-Fetch-Site": "same-site"}).status_code == 403
    assert make(Origin=house_of.base).status_code == 201
    assert make(**{"Sec-Fetch-Site": "same-origin"}).status_code == 201
    # Two cookies of one name: one of them is somebody else's.
    double = {"Cookie": cookies["Cookie"] + "; __Host-cadlens_access=x"}
    assert person.get("/v1/auth/me", headers=double).status_code == 401
    assert person.call("POST", "/v1/auth/refresh", headers=cookies).status_code == 403
    refreshed = person.call("POST", "/v1/auth/refresh", headers={**cookies, "Origin": house_of.base})
    assert refreshed.status_code == 200 and "token" not in refreshed.json()
    person.client.session.cookies.clear()
    out = person.call("POST", "/v1/auth/logout", headers={**cookies, "Origin": house_of.base})
    assert out.status_code == 204 and all("Max-Age=0" in c for c in out.raw.headers.getlist("Set-Cookie"))
    assert person.get("/v1/auth/me", headers=cookies).status_code == 401


@pytest.mark.parametrize("body, status", [
    (b"", 415), (b"[]", 400), (b"{", 400), (b'{"email":5,"password":[]}', 400), (b'{"email":null}', 400),
    (b'{"a":' * 12000, 400), (b'{"a":"' + b"x" * 70000 + b'"}', 413), (b'{"email":"\xff"}', 400),
], ids=["empty", "list", "half", "types", "null", "deep", "large", "no UTF-8"])
def test_bodies_that_are_no_forms(nobody, body, status):
    headers = {"Content-Type": "application/json"} if body else {}
    assert nobody.call("POST", "/v1/auth/login", data=body, headers=headers).status_code == status


def test_a_plan_must_be_one_of_the_service(make_server, tmp_path):
    server = make_server()
    person = add_person(server)
    assert server.run("admin", "set-plan", person.email, "GROWTH").returncode == 0
    assert person.get("/v1/auth/me").json()["plan"] == "GROWTH"
    for command in (["set-plan", person.email, "GOLD"], ["invite", "--plan", "GOLD"],
                    ["add-user", fresh_address(), "--plan", "GOLD"]):
        refused = server.run("admin", *command)
        assert refused.returncode != 0 and "GROWTH" in refused.stderr
    assert server.run("admin", "set-plan", person.email).returncode == 0
    assert person.get("/v1/auth/me").json()["plan"] == "SELF_HOSTED"


def test_links_in_mails_never_lead_where_the_request_says(house_of, mailbox, person):
    nobody = Client(house_of.base, None)
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        nobody.call("POST", "/v1/auth/forgot-password", json={"email": person.email}, headers=headers)
    wait_until(lambda: len([t for t in mailbox.texts_to(person.email) if "/reset-password#" in t]) == 2, 30)
    assert not any("evil" in text for text in mailbox.texts_to(person.email))


def test_a_changed_address_ends_the_links_that_went_to_the_old_one(mailbox, nobody, person):
    other = fresh_address()
    person.call("POST", "/v1/auth/change-email", json={"email": other, "password": person.password})
    confirm = token_for(mailbox, other, "/confirm-email")
    nobody.call("POST", "/v1/auth/forgot-password", json={"email": person.email})
    reset = token_for(mailbox, person.email, "/reset-password")
    assert nobody.call("POST", "/v1/auth/confirm-email", json={"token": confirm}).status_code == 204
    late = nobody.call("POST", "/v1/auth/reset-password", json={"token": reset, "password": new_password()})
    assert late.status_code == 401


def test_a_password_is_not_the_address(mailbox, nobody, person):
    nobody.call("POST", "/v1/auth/forgot-password", json={"email": person.email})
    token = token_for(mailbox, person.email, "/reset-password")
    answer = nobody.call("POST", "/v1/auth/reset-password", json={"token": token, "password": person.email})
    assert answer.status_code == 400 and answer.json()["details"]["fieldErrors"]["password"]
