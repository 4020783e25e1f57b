# SPDX-License-Identifier: Apache-2.0
"""People with accounts, for tests: registered, verified and signed in over the API."""
import re
import secrets

from conftest import Client


def new_password():
    return "correct " + secrets.token_hex(8)


class Person:
    """Who has an account: an address, a password, and a client that is signed in."""

    def __init__(self, server, email, password):
        self.server = server
        self.email = email
        self.password = password
        self.client = Client(server.base, None)

    def sign_in(self, **more):
        answer = self.client.call("POST", "/v1/auth/login", json={"email": self.email, "password": self.password, **more},
                                  headers={"Authorization": ""} if self.client.key else {})
        if answer.status_code == 200 and "token" in answer.json():
            self.session = answer.json()
            self.client.key = self.session["token"]
        return answer

    def call(self, method, path, **options):
        return self.client.call(method, path, **options)

    def get(self, path, **options):
        return self.client.get(path, **options)

    def make_key(self, **fields):
        answer = self.call("POST", "/v1/keys", json={"name": "k", **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def key_client(self, **fields):
        return Client(self.server.base, self.make_key(**fields)["key"])


def add_person(server, email=None, **options):
    """By the operator's hand: a user and the link to choose a password."""
    email = email or f"{secrets.token_hex(6)}@example.test"
    arguments = [x for name, value in options.items() for x in (f"--{name}", value)]
    made = server.run("admin", "add-user", email, *arguments)
    assert made.returncode == 0, made.stderr
    token = re.search(r"#token=(\S+)", made.stdout).group(1)
    person = Person(server, email, new_password())
    answer = person.call("POST", "/v1/auth/reset-password", json={"token": token, "password": person.password})
    assert answer.status_code == 204, answer.text
    assert person.sign_in().status_code == 200
    return person
