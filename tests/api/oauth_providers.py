# SPDX-License-Identifier: Apache-2.0
"""Providers to sign in with, on loopback: a real OpenID provider (npm oidc-provider), a hostile one that does
whatever a test wants, and GitHub's shapes. Each counts what it was asked.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import threading
import time
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from conftest import SECRETS
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENT = {"google": "client-of-google", "github": "client-of-github"}
SECRET = "a client secret: +/&=%"  # to be escaped in forms and headers


def b64(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else data.encode()).rstrip(b"=").decode()


def challenge_of(verifier):
    return b64(hashlib.sha256(verifier.encode()).digest())


class Key:
    def __init__(self):
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = secrets.token_hex(8)

    def jwk(self):
        numbers = self.private.public_key().public_numbers()
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
                "n": b64(numbers.n.to_bytes(256, "big")), "e": b64(numbers.e.to_bytes(3, "big"))}

    def sign(self, claims, header=None):
        head = {"alg": "RS256", "kid": self.kid, "typ": "JWT", **(header or {})}
        text = b64(json.dumps(head)) + "." + b64(json.dumps(claims))
        return text + "." + b64(self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))


class Stub:
    """A server on loopback. A handler gives (status, headers, body); `answers[path]` goes before all handlers."""

    def __init__(self):
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                url = urlsplit(self.path)
                told = dict(parse_qsl(body))
                SECRETS.update(told[name] for name in ("code", "code_verifier") if len(told.get(name, "")) > 15)
                provider.asked.append((url.path, dict(parse_qsl(url.query)), body, dict(self.headers)))
                answer = provider.answers.get(url.path) or provider.answer(url.path, dict(parse_qsl(url.query)), body,
                                                                   self.headers)
                status, headers, content = answer
                content = content if isinstance(content, bytes) else content.encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try:
                    self.wfile.write(content)
                except OSError:
                    pass  # the client had enough

            do_GET = do_POST = handle_any

            def log_message(self, *_):
                pass

        self.asked, self.answers = [], {}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.codes = {}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def count(self, path):
        return sum(asked[0] == path for asked in self.asked)

    def agree(self, query, extra):
        """The user agrees: the browser is sent back with a code."""
        code = "code-" + secrets.token_hex(16)
        self.codes[code] = query
        back = {"code": code, "state": query["state"], **extra}
        return 302, {"Location": query["redirect_uri"] + "?" + urlencode(back)}, ""

    def take_code(self, form):
        """What was asked for with the code, if it is redeemed as it must be."""
        asked = self.codes.pop(form.get("code"), None)
        good = (asked and form.get("grant_type") == "authorization_code"
                and form.get("redirect_uri") == asked["redirect_uri"] and asked["code_challenge_method"] == "S256"
                and asked["code_challenge"] == challenge_of(form.get("code_verifier", "")))
        return asked if good else None


def error(code, status=400):
    return status, {}, json.dumps({"error": code, "error_description": "PROVIDERS-OWN-WORDS"})


class HostileProvider(Stub):
    """An OpenID provider that is honest until a test changes one of its attributes."""

    def __init__(self):
        super().__init__()
        self.key, self.stranger = Key(), Key()
        self.reset()

    def reset(self):
        self.answers.clear()
        self.claims, self.discovery, self.callback = {}, {}, {"iss": self.base}
        self.user = {"sub": "user-" + secrets.token_hex(4), "email": f"{secrets.token_hex(4)}@example.com",
                     "email_verified": True, "name": "Ann"}
        self.forge = None  # claims -> token

    def answer(self, path, query, body, headers):
        if path == "/.well-known/openid-configuration":
            return 200, {}, json.dumps({
                "issuer": self.base, "authorization_endpoint": self.base + "/authorize",
                "token_endpoint": self.base + "/token", "jwks_uri": self.base + "/jwks",
                "code_challenge_methods_supported": ["S256"], "id_token_signing_alg_values_supported": ["RS256"],
                "authorization_response_iss_parameter_supported": True, **self.discovery})
        if path == "/jwks":
            return 200, {}, json.dumps({"keys": [self.key.jwk()]})
        if path == "/authorize":
            return self.agree(query, self.callback)
        if path == "/token":
            return self.token(dict(parse_qsl(body)), headers)
        return error("not_found", 404)

    def token(self, form, headers):
        user, _, password = base64.b64decode(headers.get("Authorization", "Basic ").split()[-1]).decode().partition(":")
        parts = parse_qs(f"u={user}&p={password}")
        if parts.get("u") != [CLIENT["google"]] or parts.get("p") != [SECRET]:
            return error("invalid_client", 401)
        asked = self.take_code(form)
        if not asked:
            return error("invalid_grant")
        now = int(time.time())
        claims = {"iss": self.base, "aud": CLIENT["google"], "nonce": asked["nonce"], "iat": now, "exp": now + 300,
                  **self.user, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.forge(claims) if self.forge else self.key.sign(claims)
        return 200, {}, json.dumps({"access_token": "at-" + secrets.token_hex(8), "token_type": "Bearer",
                                    "expires_in": 3600, "id_token": token})

    # Forgeries, for `forge`.
    def unsigned(self, claims):
        return b64(json.dumps({"alg": "none"})) + "." + b64(json.dumps(claims)) + "."

    def by_hmac(self, claims):
        text = b64(json.dumps({"alg": "HS256", "kid": self.key.kid})) + "." + b64(json.dumps(claims))
        return text + "." + b64(hmac.new(json.dumps(self.key.jwk()).encode(), text.encode(), "sha256").digest())

    def by_stranger(self, claims):
        return self.stranger.sign(claims)

    def by_stranger_under_our_key_id(self, claims):
        return self.stranger.sign(claims, {"kid": self.key.kid})

    def with_own_key_inside(self, claims):
        return self.stranger.sign(claims, {"jwk": self.stranger.jwk(), "kid": self.key.kid})


class GitHubStub(Stub):
    """GitHub's shapes: a form-encoded answer unless JSON is accepted, errors with status 200, a numeric id, and mail
    addresses at an endpoint of their own."""

    def __init__(self):
        super().__init__()
        self.reset()

    def reset(self):
        self.answers.clear()
        self.tokens = set()
        self.user = {"login": "ann", "id": secrets.randbelow(10**8) + 1, "node_id": "MDQ6VXNlcjE=", "name": "Ann",
                     "email": "shown@example.com", "type": "User"}
        self.emails = [{"email": "old@example.com", "primary": False, "verified": True, "visibility": None},
                       {"email": f"{secrets.token_hex(4)}@example.com", "primary": True, "verified": True,
                        "visibility": "private"}]

    def options(self):
        return ["--oauth-github-client-id", CLIENT["github"],
                "--oauth-github-authorize-url", self.base + "/login/oauth/authorize",
                "--oauth-github-token-url", self.base + "/login/oauth/access_token",
                "--oauth-github-api-url", self.base]

    def answer(self, path, query, body, headers):
        if path == "/login/oauth/authorize":
            return self.agree(query, {})
        if path == "/login/oauth/access_token":
            form = dict(parse_qsl(body))
            if form.get("client_id") != CLIENT["github"] or form.get("client_secret") != SECRET:
                return self.token_answer(headers, {"error": "incorrect_client_credentials"})
            if not self.take_code(form):
                return self.token_answer(headers, {"error": "bad_verification_code",
                                                   "error_description": "PROVIDERS-OWN-WORDS"})
            token = "gho_" + secrets.token_hex(18)
            self.tokens.add(token)
            return self.token_answer(headers, {"access_token": token, "scope": "read:user,user:email",
                                               "token_type": "bearer"})
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 401, {}, json.dumps({"message": "Bad credentials", "status": "401"})
        if not headers.get("User-Agent"):
            return 403, {}, "Request forbidden by administrative rules."
        if path == "/user":
            return 200, {}, json.dumps(self.user)
        if path == "/user/emails":
            return 200, {}, json.dumps(self.emails)
        return 404, {}, json.dumps({"message": "Not Found", "status": "404"})

    @staticmethod
    def token_answer(headers, fields):
        if "application/json" in headers.get("Accept", ""):
            return 200, {}, json.dumps(fields)
        return 200, {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields)


def missing_here(what):
    """Skipped by name on somebody's machine; where everything must be there, a failure."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def check_node():
    found = subprocess.run(["node", "--version"], capture_output=True, text=True) if shutil.which("node") else None
    if not found or int(found.stdout.lstrip("v").split(".")[0]) < 18:
        missing_here("Node.js 18 or later is not installed, so the real OpenID provider is not tried")


def node_modules():
    """Where npm ci put tests/oauth/package-lock.json's packages; once for each lock file."""
    lock = ROOT / "tests/oauth/package-lock.json"
    folder = ROOT / "build/check/openid-provider" / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if (folder / "installed").exists():
        return folder / "node_modules"
    if not shutil.which("npm"):
        missing_here("npm is not installed, so the real OpenID provider is not tried")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "tests/oauth" / name, folder)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                          capture_output=True, text=True, timeout=300)
    if done.returncode:
        missing_here("npm could not install the real OpenID provider: " + done.stderr[-300:])
    (folder / "installed").touch()
    return folder / "node_modules"


class RealProvider:
    """npm oidc-provider: PKCE required, one client, a user who always agrees."""

    def __init__(self, redirect_uri, users, auth_method="client_secret_basic"):
        settings = {"clientId": CLIENT["google"], "clientSecret": SECRET, "redirectUris": [redirect_uri],
                    "users": users, "authMethod": auth_method}
        check_node()
        modules = node_modules()
        self.process = subprocess.Popen(["node", ROOT / "tests/oauth/openid_provider.mjs", json.dumps(settings)],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env={**os.environ, "CADLENS_TEST_NODE_MODULES": str(modules)})
        line = self.process.stdout.readline()
        assert line.startswith("issuer http://127.0.0.1:"), line
        self.base = line.split()[1]

    def choose(self, user):
        assert requests.get(self.base + "/test/user", params={"sub": user}, timeout=10).ok

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()
