# SPDX-License-Identifier: Apache-2.0
"""S22 as an account sees it: tests of endpoints, what became of each delivery, sending it again."""
import json

import pytest

from conftest import wait_until
from people import add_person
from receiver import Receiver, check_signatures

LIST = "/v1/me/webhooks/deliveries"


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="module")
def hooks(make_server):
    return make_server("--webhook-allow", "127.0.0.0/8", "--webhook-allow-http")


@pytest.fixture
def person(hooks):
    return add_person(hooks)


def add_endpoint(person, url, **more):
    answer = person.call("POST", "/v1/me/webhooks", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def send_test(person, endpoint):
    answer = person.call("POST", f"/v1/me/webhooks/{endpoint['id']}/test", json={})
    assert answer.status_code == 202, answer.text
    return answer.json()["deliveryId"]


def ended(person, delivery):
    wait_until(lambda: person.get(f"{LIST}/{delivery}").json()["state"] != "pending", 30)
    return person.get(f"{LIST}/{delivery}").json()


def test_S22_a_test_is_signed_as_every_other(person, receiver):
    endpoint = add_endpoint(person, receiver.url("/x"))
    sent = ended(person, send_test(person, endpoint))
    [(path, headers, body, payload)] = receiver.wait(1)
    check_signatures(endpoint["secret"], headers, body)
    assert path == "/x" and payload == {"eventId": sent["eventId"], "sequence": 0, "event": "webhook.test"}
    assert sent["payload"] == body.decode()
    assert {k: sent[k] for k in ("webhookId", "url", "event", "jobId", "state", "attempts", "lastStatus", "lastError",
                                 "nextTryAt")} == {
        "webhookId": endpoint["id"], "url": endpoint["url"], "event": "webhook.test", "jobId": None,
        "state": "delivered", "attempts": 1, "lastStatus": 200, "lastError": None, "nextTryAt": None}
    assert sent["deliveredAt"] >= sent["createdAt"]
    wait_until(lambda: any(e["message"] == "Webhook webhook.test delivered"
                           for e in person.get("/v1/me/logs?source=webhook").json()["logs"]))


def test_S22_a_test_is_tried_once_and_may_be_sent_again(person, receiver):
    receiver.answers += [(500, {})]
    endpoint = add_endpoint(person, receiver.url(), isActive=False)
    failed = ended(person, send_test(person, endpoint))
    assert (failed["state"], failed["attempts"], failed["lastStatus"]) == ("failed", 1, 500)
    assert failed["lastError"] == "The receiver answered 500." and failed["deliveredAt"] is None
    again = person.call("POST", f"{LIST}/{failed['id']}/resend", json={})
    assert again.status_code == 202 and again.json() == {"deliveryId": failed["id"]}
    sent = ended(person, failed["id"])
    assert (sent["state"], sent["attempts"], sent["eventId"]) == ("delivered", 2, failed["eventId"])
    assert len(receiver.events()) == 2


def test_S22_a_test_goes_nowhere_that_webhooks_do_not(make_server, receiver):
    person = add_person(make_server("--webhook-allow", "127.0.0.2/32", "--webhook-allow-http"))
    endpoint = add_endpoint(person, f"http://127.0.0.2:{receiver.port}/")
    with person.server.database() as database:
        database.execute("UPDATE webhook_endpoints SET url = ?", (receiver.url(),))
    failed = ended(person, send_test(person, endpoint))
    assert failed["state"] == "failed" and "loopback" in failed["lastError"]
    assert receiver.events() == []


def test_S22_deliveries_of_jobs_are_listed_and_sent_again(person, receiver, house):
    endpoint = add_endpoint(person, receiver.url(), setAsDefault=True)
    job = person.client.complete(house)["id"]
    other = Receiver()
    own = person.client.complete(house, data={"webhookUrl": other.url()})["id"]
    receiver.wait(2)
    other.wait(2)
    listed = lambda query="": person.get(LIST + query).json()["deliveries"]
    wait_until(lambda: [d["state"] for d in listed()] == ["delivered"] * 4)
    every = listed()
    assert [(d["jobId"], d["event"], d["webhookId"], d["url"]) for d in every] == [
        (own, "job.completed", None, other.url()), (own, "job.processing", None, other.url()),
        (job, "job.completed", endpoint["id"], endpoint["url"]),
        (job, "job.processing", endpoint["id"], endpoint["url"])]
    assert listed("?state=failed") == [] and listed("?state=delivered") == every
    assert listed(f"?webhookId={endpoint['id']}") == every[2:]
    page = person.get(LIST + "?limit=3").json()
    assert page["deliveries"] == every[:3]
    rest = person.get(f"{LIST}?limit=3&cursor={page['nextCursor']}").json()
    assert rest == {"deliveries": every[3:], "nextCursor": None}
    payload = json.loads(person.get(f"{LIST}/{every[2]['id']}").json()["payload"])
    assert payload["event"] == "job.completed" and payload["jobId"] == job and payload["result"]["entityCount"] > 0
    assert person.call("POST", f"{LIST}/{every[2]['id']}/resend", json={}).status_code == 202
    again = receiver.wait(3)[2]
    assert again[3]["eventId"] == every[2]["eventId"] and len(other.events()) == 2
    wait_until(lambda: person.get(f"{LIST}/{every[2]['id']}").json()["attempts"] == 2)
    person.client.delete(f"/v1/jobs/{job}")
    assert [d["jobId"] for d in listed()] == [own, own], "they go with their job"
    other.close()


def test_what_waits_says_when_it_is_tried_again(person, receiver, house):
    receiver.answers += [(503, {"Retry-After": "600"})]
    add_endpoint(person, receiver.url(), setAsDefault=True)
    person.client.complete(house)
    receiver.wait(1)

    def waiting():
        return [d for d in person.get(LIST + "?state=pending").json()["deliveries"] if d["attempts"] == 1]
    wait_until(lambda: len(waiting()) == 1)
    [delivery] = waiting()
    assert delivery["nextTryAt"] > delivery["createdAt"] and delivery["lastStatus"] == 503
    assert delivery["deliveredAt"] is None


def test_of_a_removed_endpoint_the_url_is_gone(person, receiver):
    endpoint = add_endpoint(person, receiver.url())
    delivery = ended(person, send_test(person, endpoint))["id"]
    assert person.client.delete("/v1/me/webhooks/" + endpoint["id"]).status_code == 204
    gone = person.get(f"{LIST}/{delivery}").json()
    assert (gone["url"], gone["webhookId"]) == (None, endpoint["id"])
    person.call("POST", f"{LIST}/{delivery}/resend", json={})
    wait_until(lambda: person.get(f"{LIST}/{delivery}").json()["attempts"] == 2)
    assert person.get(f"{LIST}/{delivery}").json()["lastError"] == "The endpoint has been removed."


def test_S19_deliveries_of_another_account_are_not_there(hooks, person, receiver):
    endpoint = add_endpoint(person, receiver.url())
    delivery = ended(person, send_test(person, endpoint))["id"]
    stranger = add_person(hooks)
    assert stranger.get(LIST).json()["deliveries"] == []
    assert stranger.get(f"{LIST}?webhookId={endpoint['id']}").json()["deliveries"] == []
    assert stranger.call("POST", f"/v1/me/webhooks/{endpoint['id']}/test", json={}).status_code == 404
    for answer in (stranger.get(f"{LIST}/{delivery}"), stranger.get(f"{LIST}/del_none"),
                   stranger.call("POST", f"{LIST}/{delivery}/resend", json={})):
        assert (answer.status_code, answer.json()["error"]) == (404, "There is no such delivery.")
    assert person.get(f"{LIST}/{delivery}").json()["attempts"] == 1


@pytest.mark.parametrize("wrong", ["limit=0", "limit=101", "state=skipped", "cursor=x"])
def test_queries_that_make_no_sense_are_refused(person, wrong):
    answer = person.get(f"{LIST}?{wrong}")
    assert answer.status_code == 400
    assert list(answer.json()["details"]["fieldErrors"]) == [wrong.split("=")[0]]
