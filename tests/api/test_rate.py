# SPDX-License-Identifier: Apache-2.0
"""S14, S15: who asks too often is asked to wait: by address without a key, by key with one."""
import threading
import time

import pytest
import requests

from conftest import Client
from people import add_person


def statuses(call, count):
    return [call().status_code for _ in range(count)]


def check_refusal(answer, limit):
    assert answer.status_code == 429
    body = answer.json()
    assert body["code"] == "RATE_LIMITED" and body["requestId"]
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Limit"] == str(limit) and answer.headers["RateLimit-Remaining"] == "0"
    assert int(answer.headers["RateLimit-Reset"]) >= 1


@pytest.fixture
def strict(make_server):
    return make_server("--rate-address", "60", "--burst-address", "5", "--rate-key", "60", "--burst-key", "8")


def test_S14_open_paths_are_limited_by_address(strict):
    nobody = Client(strict.base, None)
    assert statuses(lambda: nobody.get("/v1/formats"), 5) == [200] * 5
    check_refusal(nobody.get("/v1/formats"), 5)
    # Paths that do not exist, and guesses of keys, come out of the same bucket.
    check_refusal(nobody.get("/nothing"), 5)
    check_refusal(nobody.get("/v1/jobs"), 5)
    # A valid key is not locked out by others behind the same address.
    assert strict.client().get("/v1/jobs").status_code == 200
    time.sleep(1.1)
    assert nobody.get("/v1/formats").status_code == 200
    check_refusal(nobody.get("/v1/formats"), 5)


def test_S14_probes_are_not_counted(strict):
    """A balancer's address is that of all who come through it."""
    nobody = Client(strict.base, None)
    for path in ("/live", "/health", "/ready"):
        answers = [nobody.get(path) for _ in range(7)]
        assert {answer.status_code for answer in answers} == {200}
        assert not any("RateLimit-Limit" in answer.headers for answer in answers)
    assert statuses(lambda: nobody.get("/v1/formats"), 6) == [200] * 5 + [429]
    assert nobody.get("/live").status_code == 200


def test_S14_guessing_keys_is_limited_by_address(strict):
    guess = Client(strict.base, "cadl_" + "0" * 48)
    assert statuses(lambda: guess.get("/v1/jobs"), 6) == [401] * 5 + [429]


def test_S14_a_key_that_is_used_from_elsewhere_is_limited_by_address(strict):
    made = strict.run("admin", "add-key", "--account", "bound", "--allow-from", "192.0.2.1").stdout.strip()
    elsewhere = Client(strict.base, made)
    assert statuses(lambda: elsewhere.get("/v1/jobs"), 6) == [403] * 5 + [429]


def test_S15_keys_are_limited_one_by_one(strict, house):
    one, other = strict.client(), Client(strict.base, strict.add_key())
    first = one.get("/v1/jobs")
    assert first.headers["RateLimit-Limit"] == "8" and first.headers["RateLimit-Remaining"] == "7"
    assert statuses(lambda: one.get("/v1/jobs"), 7) == [200] * 7
    refused = one.get("/v1/jobs")
    check_refusal(refused, 8)
    check_refusal(one.parse(house), 8)
    assert other.get("/v1/jobs").status_code == 200
    assert one.get("/v1/formats").status_code == 200, "open paths are another bucket"
    time.sleep(int(refused.headers["Retry-After"]))
    assert one.get("/v1/jobs").status_code == 200, "Retry-After tells when"


def test_S15_many_at_once_get_exactly_the_burst(make_server):
    server = make_server("--rate-key", "1", "--burst-key", "50")
    answers, lock = [], threading.Lock()

    def ask():
        session = requests.Session()
        for _ in range(20):
            status = session.get(server.base + "/v1/jobs", headers={"Authorization": "Bearer " + server.key},
                                 timeout=60).status_code
            with lock:
                answers.append(status)
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(200) == 50 and answers.count(429) == 110


def test_S14_proxies_tell_whom_to_count(make_server):
    server = make_server("--rate-address", "60", "--burst-address", "2", "--trusted-proxy", "127.0.0.1",
                         "--proxy-terminates-tls")

    def status(client):
        return requests.get(server.base + "/v1/formats", timeout=60, headers={
            "X-Forwarded-For": client, "X-Forwarded-Proto": "https"}).status_code
    assert [status("198.51.100.1") for _ in range(3)] == [200, 200, 429]
    assert status("198.51.100.2") == 200
    # One IPv6 customer has a whole /64.
    assert [status(f"2001:db8:0:1::{i}") for i in range(1, 4)] == [200, 200, 429]
    assert status("2001:db8:0:2::1") == 200


def test_S14_S15_limits_hold_unless_turned_off(make_server):
    limited, free = make_server(limited=True), make_server()
    assert limited.client().get("/v1/jobs").headers["RateLimit-Limit"] == "1000"
    assert Client(limited.base, None).get("/v1/formats").headers["RateLimit-Limit"] == "200"
    assert "RateLimit-Limit" not in free.client().get("/v1/jobs").headers


@pytest.fixture(scope="module")
def guarded(make_server):
    """Usual limits but for requests as such."""
    return make_server("--rate-address", "0", "--rate-key", "0", "--rate-costly", "60", "--burst-costly", "40",
                       "--rate-sign-in", "1", "--burst-sign-in", "3", "--rate-account-sign-in", "1",
                       "--burst-account-sign-in", "5", "--rate-mailbox", "1", "--burst-mailbox", "2")


def sign_in(client, address, password="wrong password 17"):
    return client.call("POST", "/v1/auth/login", json={"email": address, "password": password})


def test_S14_guessing_a_password_is_limited_by_account_and_address(guarded):
    person, other = add_person(guarded), add_person(guarded)
    nobody = Client(guarded.base, None)
    assert [sign_in(nobody, person.email).status_code for _ in range(3)] == [401, 401, 429]
    check_refusal(sign_in(nobody, person.email.upper()), 3)
    # Who does not exist is limited in the same way, and others behind the same address are not.
    assert [sign_in(nobody, "nobody@example.test").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert sign_in(nobody, other.email, other.password).status_code == 200


def test_S14_guessing_from_many_addresses_is_limited_by_account(make_server):
    server = make_server("--trusted-proxy", "127.0.0.1", "--rate-address", "0", "--rate-key", "0", "--rate-costly", "0",
                         "--rate-sign-in", "1", "--burst-sign-in", "3", "--rate-account-sign-in", "1",
                         "--burst-account-sign-in", "5")
    person = add_person(server)
    nobody = Client(server.base, None)
    answers = [nobody.call("POST", "/v1/auth/login", json={"email": person.email, "password": "wrong password 17"},
                           headers={"X-Forwarded-For": f"198.51.100.{i}", "X-Forwarded-Proto": "https"}).status_code
               for i in range(8)]
    assert answers.count(401) == 4 and answers[-3:] == [429] * 3  # one of the five was the person's own


def test_S14_nobodys_mailbox_is_flooded(guarded):
    nobody = Client(guarded.base, None)
    ask = lambda address: nobody.call("POST", "/v1/auth/forgot-password", json={"email": address}).status_code
    assert [ask("flooded@example.test") for _ in range(4)] == [202, 202, 429, 429]
    assert ask("another@example.test") == 202


def test_S14_what_costs_is_limited_beside_the_usual_limit(make_server):
    server = make_server("--rate-costly", "60", "--burst-costly", "6", "--rate-address", "0", "--rate-key", "0")
    nobody = Client(server.base, None)
    ask = lambda i: nobody.call("POST", "/v1/auth/verify-email", json={"token": f"guess {i}", "password": "x" * 9}).status_code
    assert [ask(i) for i in range(8)] == [401] * 6 + [429] * 2
    assert nobody.get("/v1/formats").status_code == 200


def test_S15_making_keys_is_limited_by_account(make_server):
    server = make_server("--rate-costly", "60", "--burst-costly", "8", "--rate-address", "0", "--rate-key", "0")
    person = add_person(server)
    make = lambda: person.call("POST", "/v1/keys", json={"name": "k"}).status_code
    answers = [make() for _ in range(10)]
    assert answers[:8] == [201] * 8 and answers[-1] == 429
    assert person.get("/v1/keys").status_code == 200
