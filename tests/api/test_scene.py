# SPDX-License-Identifier: Apache-2.0
"""What a sheet's scene says of an entity is what the result says of it: who selects something in a viewer is shown
the values at the scene's index, so that has to be the very entity."""
import os
import pathlib

import pytest

from conftest import ROOT
import scene_file

CORPUS = pathlib.Path(os.environ.get("CADLENS_CORPUS", ROOT / "../shared/corpus"))
DRAWINGS = ["dwg/acadsharp/samples__sample_AC1015.dwg", "dwg/acadsharp/samples__sample_AC1032.dwg",
            "dwg/tika/architectural_-_annotation_scaling_and_multileaders.dwg",
            "dxf/acadsharp/samples__sample_AC1027_binary.dxf"]


def met_in_scenes(client, job):
    """Type by type, how many entities of the scenes stand where they say."""
    counts = {}
    for sheet in client.get(f"/v1/jobs/{job}/result").json()["sheets"]:
        scene = client.get(f"/v1/jobs/{job}/scene?sheet={sheet['key']}")
        assert scene.status_code == 200
        for handle, index in scene_file.entities(scene.content):
            assert index is not None and index < len(sheet["entities"])
            entity = sheet["entities"][index]
            assert int(entity["handle"] or "0", 16) == handle, (sheet["name"], index)
            counts[entity["type"]] = counts.get(entity["type"], 0) + 1
    return counts


def test_a_scenes_entities_are_the_results(client):
    counts = met_in_scenes(client, client.complete((ROOT / "examples/house.dxf").read_bytes())["id"])
    assert counts["ATTRIB"] == 3
    assert counts["MTEXT"] == 3 and counts["LINE"] == 3  # behind the attributes in entities[]


def test_a_scenes_entities_are_the_results_in_real_drawings(client):
    if not CORPUS.is_dir():
        assert os.environ.get("CI") != "true", "no corpus"
        pytest.skip("no corpus: set CADLENS_CORPUS")
    attributes = 0
    for path in DRAWINGS:
        job = client.complete((CORPUS / path).read_bytes(), name=pathlib.Path(path).name)
        attributes += met_in_scenes(client, job["id"]).get("ATTRIB", 0)
    assert attributes > 0
