# SPDX-License-Identifier: Apache-2.0
"""S26: who finds a vulnerability learns whom to tell, and what follows."""
import datetime
import re

from conftest import ROOT


def test_S26_security_txt_is_as_RFC_9116_wants_it(make_server):
    server = make_server("--security-contact", "mailto:security@example.com", "--security-contact",
                         "https://example.com/report", "--public-url", "https://cad.example.com/")
    answer = server.client().get("/.well-known/security.txt")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    fields = [line.split(": ", 1) for line in lines]
    assert all(len(field) == 2 for field in fields), lines
    assert [value for name, value in fields if name == "Contact"] == ["mailto:security@example.com",
                                                                      "https://example.com/report"]
    expires = [value for name, value in fields if name == "Expires"]
    assert len(expires) == 1
    ahead = datetime.datetime.fromisoformat(expires[0].replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(days=30) < ahead < datetime.timedelta(days=365)
    assert ["Canonical", "https://cad.example.com/.well-known/security.txt"] in fields
    for word in ("In scope", "Out of scope", "2 business days", "within 7", "within 30", "no bounty", "credited"):
        assert word in re.sub(r"\n# ?", " ", answer.text), word


def test_S26_without_a_contact_nothing_is_invented(client):
    answer = client.get("/.well-known/security.txt")
    assert answer.status_code == 404
    assert "--security-contact" in answer.json()["error"]


def test_S26_the_policy_says_what_is_promised():
    policy = re.sub(r"\s+", " ", (ROOT / "SECURITY.md").read_text())
    for words in ("within 2 business days", "within 7 days", "within 30", "In scope", "Out of scope", "no bounty",
                  "credited"):
        assert words in policy, words
