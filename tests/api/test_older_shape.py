# SPDX-License-Identifier: Apache-2.0
"""The result in the shape 2024-01, which clients of before schema 2.0.0 read."""
import pytest

from conftest import Client
from test_keys import admin, id_of

OLDER = {"CADLens-Schema": "2024-01"}
NEWER = {"CADLens-Schema": "2.0.0"}


@pytest.fixture(scope="module")
def pinned(server):
    return Client(server.base, admin(server, "add-key", "--account", "old shop", "--result-schema", "2024-01").strip())


def is_older(answer):
    assert answer.status_code == 200, answer.text[:300]
    assert "CADLens-Schema" in answer.headers["Vary"]
    older = "vectorJson" in answer.json()
    assert answer.headers["CADLens-Schema"] == ("2024-01" if older else "2.0.0")
    assert older != ("sheets" in answer.json())
    return older


def expected(entity):
    """The older entity, by the rules of docs/result.md."""
    flat = {name: entity[name] for name in ("id", "type", "layer")}
    flat |= {"viewportId" if name == "id" else name: value for name, value in entity["geometry"].items()}
    if entity["text"]:
        flat |= {"text": entity["text"]["value"], "height": entity["text"]["height"]}
    if entity["reference"]:
        flat["blockName"] = entity["reference"]["blockName"]
    if entity["properties"]["colorIndex"] is not None:
        flat["colorIndex"] = entity["properties"]["colorIndex"]
    return flat


def same(older, newer):
    model = newer["sheets"][0]
    assert model["name"] == "Model" and model["entities"]
    assert older["vectorJson"]["entities"] == [expected(entity) for entity in model["entities"]]
    assert older["layersJson"] == [{name: value for name, value in layer.items() if name != "lineweight"}
                                   for layer in model["layers"]]
    names = ("filename", "format", "dwgVersion", "units", "boundingBox")
    assert older["metadata"] == {name: newer["metadata"][name] for name in names}
    for name in ("jobId", "status", "createdAt"):
        assert older[name] == newer[name]
    assert older["imageUrl"].split("?")[0] == newer["imageUrl"].split("?")[0]


def test_the_header_asks_for_either_shape(client, done):
    path = f"/v1/jobs/{done['id']}/result"
    older, newer = client.get(path, headers=OLDER), client.get(path, headers=NEWER)
    assert is_older(older) and not is_older(newer) and not is_older(client.get(path))
    same(older.json(), newer.json())
    assert list(older.json()) == ["jobId", "status", "vectorJson", "layersJson", "metadata", "imageUrl", "createdAt"]


def test_a_synchronous_answer_has_it_too(client, house):
    answer = client.parse(house, data={"mode": "sync"}, headers=OLDER)
    assert is_older(answer)
    body = answer.json()
    assert body["job_id"] == body["jobId"] and body["fileName"] == "drawing.dxf" and body["fileSize"] == len(house)
    same(body, client.get(f"/v1/jobs/{body['job_id']}/result").json())
    assert not is_older(client.parse(house, data={"mode": "sync"}))


def test_a_key_can_be_pinned_and_the_header_wins(pinned, house):
    path = f"/v1/jobs/{pinned.complete(house)['id']}/result"
    assert is_older(pinned.get(path)) and is_older(pinned.get(path, headers=OLDER))
    assert not is_older(pinned.get(path, headers=NEWER))
    assert is_older(pinned.parse(house, data={"mode": "sync"}))
    assert not is_older(pinned.parse(house, data={"mode": "sync"}, headers=NEWER))


def test_the_replacement_of_a_pinned_key_is_pinned(server, pinned, house):
    path = f"/v1/jobs/{pinned.complete(house)['id']}/result"
    key = admin(server, "rotate-key", id_of(server, pinned.key)).strip()
    assert is_older(Client(server.base, key).get(path))
    assert admin(server, "list-keys", "--account", "old shop").count("results: 2024-01") == 2


def test_another_value_is_refused_and_the_good_ones_are_named(server, client, done, house):
    path = f"/v1/jobs/{done['id']}/result"
    for value in ("2024-02", "2.0", "", "2024-01, 2.0.0"):
        for answer in (client.get(path, headers={"CADLens-Schema": value}),
                       client.parse(house, data={"mode": "sync"}, headers={"CADLens-Schema": value})):
            assert answer.status_code == 400
            assert answer.json()["details"]["fieldErrors"] == {"CADLens-Schema": ["Must be 2.0.0 or 2024-01."]}
    answer = client.get(path + "?include=blocks", headers=OLDER)
    assert answer.status_code == 400 and "blocks" in answer.text
    said = admin(server, "add-key", "--account", "a", "--result-schema", "1.0", fails=True)
    assert "2.0.0 and 2024-01" in said


def test_head_and_gzip_are_as_for_the_newer_shape(client, done):
    path = f"/v1/jobs/{done['id']}/result"
    head = client.call("HEAD", path, headers=OLDER)
    assert head.status_code == 200 and head.headers["CADLens-Schema"] == "2024-01" and not head.content
    plain = client.get(path, headers={**OLDER, "Accept-Encoding": "identity"})
    packed = client.get(path, headers={**OLDER, "Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert packed.json()["vectorJson"] == plain.json()["vectorJson"]
