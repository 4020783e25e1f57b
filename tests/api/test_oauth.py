# SPDX-License-Identifier: Apache-2.0
"""S13: sign-in with other services, against a real OpenID provider, a hostile one and GitHub's shapes."""
import re
import time
from datetime import datetime
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from conftest import Client, Server, check_answer, free_port
from oauth_providers import CLIENT, SECRET, GitHubStub, HostileProvider, RealProvider
from people import new_password

COOKIE = "__Host-cadlens_oauth"
OF_GOOGLE = {"CADLENS_OAUTH_GOOGLE_CLIENT_SECRET": SECRET}
OF_GITHUB = {"CADLENS_OAUTH_GITHUB_CLIENT_SECRET": SECRET}


def google_options(provider):
    return ["--oauth-google-client-id", CLIENT["google"], "--oauth-google-issuer", provider.base]


class Browser:
    """Somebody's browser: it keeps our cookie, and goes where it is sent."""

    def __init__(self, server):
        self.server = server
        self.client = Client(server.base, None)
        self.cookie = None
        self.seen = []  # every URL it was sent to

    def keep(self, answer):
        jar = SimpleCookie(answer.headers["Set-Cookie"])
        morsel = jar[COOKIE]
        assert morsel["secure"] and morsel["httponly"] and morsel["path"] == "/" and not morsel["domain"]
        assert morsel["samesite"] == "Lax" and 0 < int(morsel["max-age"]) <= 600
        self.cookie = morsel.value

    def begin(self, provider, **query):
        answer = self.client.get(f"/v1/auth/{provider}", params=query, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        self.keep(answer)
        return answer.headers["Location"]

    def visit(self, url):
        """The user agrees at the provider: the query that it sends back to our callback."""
        session = requests.Session()
        for _ in range(10):
            self.seen.append(url)
            answer = session.get(url, allow_redirects=False, timeout=10)
            assert answer.status_code in (302, 303), answer.text
            url = requests.compat.urljoin(url, answer.headers["Location"])
            if url.startswith(self.server.base):
                self.seen.append(url)
                return dict(parse_qsl(urlsplit(url).query))
        raise AssertionError(url)

    def finish(self, provider, query, **headers):
        cookie = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        return self.client.get(f"/v1/auth/{provider}/callback", params=query, headers={**cookie, **headers},
                               allow_redirects=False)

    def sign_in(self, provider, **query):
        return self.finish(provider, self.visit(self.begin(provider, **query)))


def signed_in(answer, new=None):
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["token"] and body["refreshToken"]
    assert body["profileComplete"] == body["user"]["profileComplete"]
    if new is not None:
        assert body["isNewUser"] is new
    return body


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.json()["code"] == code
    assert "PROVIDERS-OWN-WORDS" not in answer.text
    assert "token" not in answer.json()


def users_of(server):
    with server.database() as database:
        return database.execute("SELECT COUNT(*) FROM users").fetchone()[0]


@pytest.fixture(scope="module")
def providers():
    hostile, github = HostileProvider(), GitHubStub()
    yield hostile, github
    hostile.stop()
    github.stop()


@pytest.fixture(scope="module")
def server(providers, make_server):
    hostile, github = providers
    return make_server("--registration", "open", *google_options(hostile), *github.options(),
                       environment=OF_GOOGLE | OF_GITHUB)


@pytest.fixture
def hostile(providers):
    providers[0].reset()
    return providers[0]


@pytest.fixture
def github(providers):
    providers[1].reset()
    return providers[1]


@pytest.fixture(scope="module", params=["client_secret_basic", "client_secret_post"])
def real(request, make_server):
    port = free_port()
    users = {"sub-ann": {"email": f"ann-{port}@example.com", "email_verified": True, "name": "Ann"},
             "sub-bob": {"email": f"bob-{port}@example.com", "email_verified": False, "name": "Bob"}}
    provider = RealProvider(f"http://127.0.0.1:{port}/v1/auth/google/callback", users, request.param)
    try:
        server = make_server("--listen", f"127.0.0.1:{port}", "--registration", "open", *google_options(provider),
                             environment=OF_GOOGLE)
        yield server, provider, users
        server.stop()
    finally:
        provider.stop()


def test_S13_sign_in_with_a_real_OpenID_provider(real):
    server, provider, users = real
    provider.choose("sub-ann")
    url = Browser(server).begin("google")
    asked = dict(parse_qsl(urlsplit(url).query))
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert len(asked["state"]) == 43 and len(asked["nonce"]) == 43
    assert asked["redirect_uri"] == server.base + "/v1/auth/google/callback"
    first = signed_in(Browser(server).sign_in("google"), new=True)
    assert first["user"]["email"] == users["sub-ann"]["email"]
    assert first["user"]["primaryProvider"] == "google"
    again = signed_in(Browser(server).sign_in("google"), new=False)
    assert again["user"]["id"] == first["user"]["id"]
    me = Client(server.base, again["token"]).get("/v1/auth/me").json()
    assert me["id"] == first["user"]["id"]


def test_S13_a_real_provider_needs_our_verifier(real):
    server, provider, _ = real
    provider.choose("sub-ann")
    query = Browser(server).visit(Browser(server).begin("google"))
    stolen = {"grant_type": "authorization_code", "code": query["code"], "client_id": CLIENT["google"],
              "client_secret": SECRET, "redirect_uri": server.base + "/v1/auth/google/callback"}
    answer = requests.post(provider.base + "/token", data=stolen, timeout=10)
    assert answer.status_code in (400, 401) and "access_token" not in answer.json()


def test_S13_an_answer_of_a_real_provider_works_once_and_in_one_browser(real):
    server, provider, _ = real
    provider.choose("sub-ann")
    browser, other = Browser(server), Browser(server)
    query = browser.visit(browser.begin("google"))
    assert query["iss"] == provider.base
    signed_in(browser.finish("google", query))
    refused(browser.finish("google", query), 400, "SIGN_IN_REFUSED")
    query = browser.visit(browser.begin("google"))
    other.begin("google")
    refused(other.finish("google", query), 400, "SIGN_IN_REFUSED")
    refused(browser.finish("google", query), 400, "SIGN_IN_REFUSED")  # used up by the stranger


def test_S13_a_user_who_says_no_at_a_real_provider(real):
    server, provider, _ = real
    provider.choose("nobody")
    answer = Browser(server).sign_in("google")
    refused(answer, 400, "SIGN_IN_REFUSED")
    assert answer.json()["error"] == "The sign-in was cancelled at Google."


def test_S13_an_address_that_a_real_provider_has_not_verified(real):
    server, provider, _ = real
    provider.choose("sub-bob")
    refused(Browser(server).sign_in("google"), 403, "EMAIL_NOT_VERIFIED")


def test_a_sign_in_page_learns_which_providers_there_are(server):
    answer = Client(server.base, None).get("/v1/auth/options").json()
    assert answer == {"registration": "open", "providers": ["google", "github"], "mail": False}


def test_S13_sign_in_with_GitHub(server, github):
    first = signed_in(Browser(server).sign_in("github"), new=True)
    assert first["user"]["email"] == github.emails[1]["email"]
    assert first["user"]["primaryProvider"] == "github"
    github.user["login"] = "ann-renamed"
    github.emails[1]["email"] = "other-" + github.emails[1]["email"]
    assert signed_in(Browser(server).sign_in("github"), new=False)["user"]["id"] == first["user"]["id"]
    github.user["id"] += 1  # somebody else took the name
    assert signed_in(Browser(server).sign_in("github"), new=True)["user"]["id"] != first["user"]["id"]


def test_S13_GitHub_addresses_count_when_primary_and_verified(server, github):
    github.emails[1]["verified"] = False
    refused(Browser(server).sign_in("github"), 403, "EMAIL_NOT_VERIFIED")
    github.emails.clear()
    refused(Browser(server).sign_in("github"), 403, "EMAIL_NOT_VERIFIED")


def test_S13_code_and_state_may_be_handed_on_by_a_web_app(server, github):
    browser = Browser(server)
    query = browser.visit(browser.begin("github"))
    headers = {"Cookie": f"{COOKIE}={browser.cookie}", "Origin": server.base}
    body = {"code": query["code"], "state": query["state"]}
    bare = browser.client.call("POST", "/v1/auth/github/exchange", json=body)
    refused(bare, 400, "SIGN_IN_REFUSED")  # without the cookie; and now the state is used
    query = browser.visit(browser.begin("github"))
    headers["Cookie"] = f"{COOKIE}={browser.cookie}"
    body = {"code": query["code"], "state": query["state"]}
    signed_in(browser.client.call("POST", "/v1/auth/github/exchange", json=body, headers=headers), new=True)


def test_S13_a_browser_returns_to_where_it_was(server, github):
    answer = Browser(server).sign_in("github", returnTo="/app?tab=1")
    assert answer.status_code == 302 and answer.headers["Location"] == "/app?tab=1"
    cookies = answer.raw.headers.getlist("Set-Cookie")
    assert any(c.startswith("__Host-cadlens_access=") for c in cookies)
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = Client(server.base, None).get("/v1/auth/github", params={"returnTo": place}, allow_redirects=False)
        assert answer.status_code == 400


TOKEN_ATTACKS = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "wrong audience": {"claims": {"aud": "somebody-else"}},
    "audience of many without azp": {"claims": {"aud": [CLIENT["google"], "somebody-else"]}},
    "wrong azp": {"claims": {"azp": "somebody-else"}},
    "wrong issuer": {"claims": {"iss": "https://accounts.google.com"}},
    "expired": {"claims": {"exp": int(time.time()) - 3600}},
    "no end": {"claims": {"exp": None}},
    "old": {"claims": {"iat": int(time.time()) - 3600}},
    "wrong access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "no subject": {"claims": {"sub": None}},
    "alg none": {"forge": "unsigned"},
    "HS256 with the public key": {"forge": "by_hmac"},
    "a key of nobody": {"forge": "by_stranger"},
    "a known key's id": {"forge": "by_stranger_under_our_key_id"},
    "the key in the header": {"forge": "with_own_key_inside"},
    "no token": {"answer": (200, {}, '{"access_token":"a","token_type":"Bearer"}')},
    "a redirect": {"answer": (302, {"Location": "http://127.0.0.1:1/"}, "")},
    "an answer without end": {"answer": (200, {}, b"x" * (1 << 20))},
    "HTML": {"answer": (200, {"Content-Type": "text/html"}, "<h1>PROVIDERS-OWN-WORDS</h1>")},
    "an error": {"answer": (400, {}, '{"error":"PROVIDERS-OWN-WORDS"}')},
}


@pytest.mark.parametrize("attack", TOKEN_ATTACKS.values(), ids=TOKEN_ATTACKS.keys())
def test_S13_tokens_of_a_hostile_provider(server, hostile, attack):
    before = users_of(server)
    hostile.claims = attack.get("claims", {})
    hostile.forge = getattr(hostile, attack["forge"]) if "forge" in attack else None
    if "answer" in attack:
        hostile.answers["/token"] = attack["answer"]
    refused(Browser(server).sign_in("google"), 502, "PROVIDER_ANSWER_INVALID")
    assert users_of(server) == before
    hostile.reset()
    signed_in(Browser(server).sign_in("google"), new=True)


@pytest.mark.parametrize("iss", [None, "https://evil.example", ""])
def test_S13_answers_of_another_issuer(server, hostile, iss):
    hostile.callback = {} if iss is None else {"iss": iss}
    asked = hostile.count("/token")
    refused(Browser(server).sign_in("google"), 400, "SIGN_IN_REFUSED")
    assert hostile.count("/token") == asked


def test_S13_providers_are_not_mixed_up(server, hostile, github):
    """The code of one provider never reaches the other."""
    browser = Browser(server)
    query = browser.visit(browser.begin("google"))
    asked = github.count("/login/oauth/access_token")
    refused(browser.finish("github", {**query, "iss": github.base}), 400, "SIGN_IN_REFUSED")
    assert github.count("/login/oauth/access_token") == asked
    query = browser.visit(browser.begin("github"))
    asked = hostile.count("/token")
    refused(browser.finish("google", {**query, "iss": hostile.base}), 400, "SIGN_IN_REFUSED")
    assert hostile.count("/token") == asked


def test_S13_a_stolen_code_is_worth_nothing(server, hostile):
    """The attacker's browser has a sign-in of its own under way and brings the victim's code to it: its verifier is
    another one."""
    victim, attacker = Browser(server), Browser(server)
    stolen = victim.visit(victim.begin("google"))["code"]
    query = attacker.visit(attacker.begin("google"))
    refused(attacker.finish("google", {**query, "code": stolen}), 502, "PROVIDER_ANSWER_INVALID")


def test_S13_a_forged_link_signs_nobody_in(server, hostile):
    """CSRF on sign-in: the attacker's finished answer, opened in the victim's browser."""
    attacker, victim = Browser(server), Browser(server)
    query = attacker.visit(attacker.begin("google"))
    refused(victim.finish("google", query), 400, "SIGN_IN_REFUSED")


def test_S13_without_a_state_or_with_a_made_up_one(server, hostile):
    browser = Browser(server)
    query = browser.visit(browser.begin("google"))
    for state in ("", "x", "A" * 43, "A" * 3000, "' OR 1=1"):
        refused(browser.finish("google", {**query, "state": state}), 400, "SIGN_IN_REFUSED")
    del query["state"]
    assert browser.finish("google", query).status_code == 400


def test_S13_an_account_of_the_same_address_is_linked_only_after_proof(server, hostile, github):
    owner = signed_in(Browser(server).sign_in("github"), new=True)
    hostile.user["email"] = github.emails[1]["email"].upper()
    refused(Browser(server).sign_in("google"), 409, "ACCOUNT_EXISTS")

    session = Client(server.base, owner["token"])
    begun = session.call("POST", "/v1/auth/google/link", json={})
    assert begun.status_code == 200, begun.text
    browser = Browser(server)
    browser.keep(begun)
    answer = browser.finish("google", browser.visit(begun.json()["authorizationUrl"]))
    assert answer.status_code == 200 and answer.json() == {"linked": True, "provider": "google"}, answer.text
    assert signed_in(Browser(server).sign_in("google"), new=False)["user"]["id"] == owner["user"]["id"]

    assert session.delete("/v1/auth/google/link").status_code == 204
    refused(Browser(server).sign_in("google"), 409, "ACCOUNT_EXISTS")
    refused(session.delete("/v1/auth/google/link"), 404, "NOT_FOUND")
    refused(session.delete("/v1/auth/github/link"), 409, "LAST_SIGN_IN")


def ways_in(session):
    """What /v1/auth/me tells about them: the password, and by whom one is known elsewhere."""
    me = session.get("/v1/auth/me").json()
    for identity in me["identities"]:
        assert set(identity) == {"provider", "email", "linkedAt"}
        assert abs(time.time() - datetime.fromisoformat(identity["linkedAt"].replace("Z", "+00:00")).timestamp()) < 60
    return me["hasPassword"], [(identity["provider"], identity["email"]) for identity in me["identities"]]


def test_S13_an_account_tells_its_ways_in(server, hostile, github):
    owner = signed_in(Browser(server).sign_in("github"), new=True)
    session = Client(server.base, owner["token"])
    by_github = ("github", github.emails[1]["email"])
    assert ways_in(session) == (False, [by_github])
    assert owner["user"] == session.get("/v1/auth/me").json()
    refused(session.delete("/v1/auth/github/link"), 409, "LAST_SIGN_IN")

    hostile.user["email_verified"] = False
    browser = Browser(server)
    begun = session.call("POST", "/v1/auth/google/link", json={})
    browser.keep(begun)
    assert browser.finish("google", browser.visit(begun.json()["authorizationUrl"])).status_code == 200
    assert ways_in(session) == (False, [by_github, ("google", None)]), "an address that nobody has verified is not told"
    assert session.delete("/v1/auth/github/link").status_code == 204
    assert ways_in(session) == (False, [("google", None)])
    refused(session.delete("/v1/auth/google/link"), 409, "LAST_SIGN_IN")

    printed = server.run("admin", "user-link", owner["user"]["email"])
    token = re.search(r"#token=(\S+)", printed.stdout).group(1)
    chosen = Client(server.base, None).call("POST", "/v1/auth/reset-password",
                                            json={"token": token, "password": new_password()})
    assert chosen.status_code == 204, chosen.text
    session = Client(server.base, signed_in(Browser(server).sign_in("google"), new=False)["token"])
    assert ways_in(session) == (True, [("google", None)])
    assert session.delete("/v1/auth/google/link").status_code == 204, "the password is another way in"
    assert ways_in(session) == (True, [])


def test_S13_nobody_is_told_of_another_accounts_identities(server, hostile, github):
    signed_in(Browser(server).sign_in("github"), new=True)
    other = signed_in(Browser(server).sign_in("google"), new=True)
    assert ways_in(Client(server.base, other["token"])) == (False, [("google", hostile.user["email"])])


def test_S13_an_identity_of_one_account_is_not_linked_to_another(server, hostile, github):
    signed_in(Browser(server).sign_in("google"), new=True)
    other = signed_in(Browser(server).sign_in("github"), new=True)
    browser = Browser(server)
    begun = Client(server.base, other["token"]).call("POST", "/v1/auth/google/link", json={})
    browser.keep(begun)
    refused(browser.finish("google", browser.visit(begun.json()["authorizationUrl"])), 409, "IDENTITY_TAKEN")


def test_S13_a_link_is_for_the_browser_and_the_session_that_began_it(server, hostile, github):
    owner = signed_in(Browser(server).sign_in("github"), new=True)
    session = Client(server.base, owner["token"])
    refused(Client(server.base, None).call("POST", "/v1/auth/google/link", json={}), 401, "UNAUTHORIZED")
    refused(server.client().call("POST", "/v1/auth/google/link", json={}), 403, "SESSION_NEEDED")
    begun = session.call("POST", "/v1/auth/google/link", json={})
    victim = Browser(server)
    refused(victim.finish("google", victim.visit(begun.json()["authorizationUrl"])), 400, "SIGN_IN_REFUSED")

    browser = Browser(server)
    begun = session.call("POST", "/v1/auth/google/link", json={})
    browser.keep(begun)
    query = browser.visit(begun.json()["authorizationUrl"])
    assert session.call("POST", "/v1/auth/logout", json={}).status_code == 204
    refused(browser.finish("google", query), 400, "SIGN_IN_REFUSED")


def test_S13_no_secret_of_a_sign_in_is_stored_or_logged(server, hostile, github):
    secrets, browsers = {SECRET}, []
    for name in ("google", "github"):
        browser = Browser(server)
        signed_in(browser.sign_in(name), new=True)
        browsers.append(browser)
        waiting = Browser(server)
        waiting.visit(waiting.begin(name))  # never finished: its row is in the database
        browsers.append(waiting)
    for browser in browsers:
        secrets.add(browser.cookie)
        for url in browser.seen:
            query = dict(parse_qsl(urlsplit(url).query))
            secrets |= {query[name] for name in ("code", "state", "nonce") if name in query}
    for provider in (hostile, github):
        for path, _, body, headers in provider.asked[-12:]:
            secrets |= {value for name, value in parse_qsl(body) if name in ("code_verifier", "code")}
            if path.startswith("/user"):
                secrets.add(headers["Authorization"].split()[1])
    assert len(secrets) > 15
    written = b"".join(content for _, content in server.written()) + server.log.read_bytes()
    for secret in secrets:
        assert len(secret) > 15 and secret.encode() not in written


def test_S13_without_registration_only_known_identities_come_in(providers, hostile, github, tmp_path):
    server = Server(tmp_path, *google_options(hostile), *github.options(),
                    environment=OF_GOOGLE | OF_GITHUB)
    try:
        refused(Browser(server).sign_in("google"), 403, "REGISTRATION_CLOSED")
        refused(Browser(server).sign_in("github"), 403, "REGISTRATION_CLOSED")
        assert users_of(server) == 0
    finally:
        server.stop()


def test_S13_a_provider_that_is_not_configured_is_not_offered(tmp_path, github):
    server = Server(tmp_path, *github.options(),
                    environment=OF_GITHUB)
    try:
        client = Client(server.base, None)
        for name in ("google", "apple"):
            refused(client.get(f"/v1/auth/{name}", allow_redirects=False), 404, "NOT_FOUND")
            refused(client.get(f"/v1/auth/{name}/callback", params={"code": "c", "state": "s"}), 404, "NOT_FOUND")
        assert Browser(server).begin("github")
    finally:
        server.stop()


@pytest.mark.parametrize("options, environment, words", [
    (["--oauth-github-client-id", "x"], {}, "CADLENS_OAUTH_GITHUB_CLIENT_SECRET"),
    ([], {"CADLENS_OAUTH_GOOGLE_CLIENT_SECRET": "y"}, "--oauth-google-client-id"),
    (["--oauth-google-client-id", "x", "--oauth-google-issuer", "http://op.example"],
     {"CADLENS_OAUTH_GOOGLE_CLIENT_SECRET": "y"}, "https"),
    (["--oauth-github-client-id", "x", "--oauth-github-token-url", "http://192.0.2.1/t"],
     {"CADLENS_OAUTH_GITHUB_CLIENT_SECRET": "y"}, "https")])
def test_S13_half_a_configuration_is_refused_at_the_start(tmp_path, options, environment, words):
    with pytest.raises(AssertionError, match=words):
        Server(tmp_path, *options, environment=environment)


def test_S13_a_provider_that_is_away_is_told_so(tmp_path):
    hostile = HostileProvider()
    server = Server(tmp_path, *google_options(hostile), environment=OF_GOOGLE)
    hostile.stop()
    try:
        answer = Client(server.base, None).get("/v1/auth/google", allow_redirects=False)
        assert answer.status_code == 503, answer.text
        check_answer(answer)
    finally:
        server.stop()


def test_S13_an_invitation_lets_one_new_identity_in(hostile, tmp_path):
    server = Server(tmp_path, "--registration", "invite", *google_options(hostile), environment=OF_GOOGLE)
    try:
        refused(Browser(server).sign_in("google"), 403, "INVITATION_NEEDED")
        refused(Browser(server).sign_in("google", invite="x" * 43), 403, "INVITATION_NEEDED")
        assert users_of(server) == 0
        invite = server.run("admin", "invite", "--plan", "STARTER").stdout.strip()
        came = signed_in(Browser(server).sign_in("google", invite=invite), new=True)
        assert came["user"]["plan"] == "STARTER"
        signed_in(Browser(server).sign_in("google"), new=False)
        hostile.user = {**hostile.user, "sub": "somebody-else", "email": "else@example.com"}
        refused(Browser(server).sign_in("google", invite=invite), 403, "INVITATION_NEEDED")
        assert users_of(server) == 1
    finally:
        server.stop()
