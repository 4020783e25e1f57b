# SPDX-License-Identifier: Apache-2.0
"""Drawings that are small to send and endless to draw: each is shown, plainer than it would like, or refused
with a reason, and nothing else suffers. bench/bombs.py says how long they take."""
import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests/support"))
from bombs import BOMBS  # noqa: E402

# What is left out of these is said, in words like these.
WARNED = {
    "arrays_in_arrays": "more cells than the limit", "one_array_of_a_billion": "more cells than the limit",
    "two_of_the_next_forty_times": "nested so often", "blocks_that_hold_themselves": "contains itself",
    "hatches_of_short_dashes": "patterns as a tint",
    "fills_over_fills": "paints over itself too often", "array_of_fills": "paints over itself too often",
    "array_of_texts": "more to draw than the limit"}
REFUSED = {"a_line_without_end": ("DAMAGED_DRAWING",)}


@pytest.fixture(scope="module")
def guarded(make_server):
    """Far more time than any of them may need, so that a slow machine does not decide; far less than what they
    ask for."""
    return make_server("--job-memory", "1GB", "--job-cpu-seconds", "20", "--job-wall-seconds", "150")


@pytest.mark.parametrize("name", BOMBS)
def test_S18_bombs_are_contained(guarded, name):
    client = guarded.client()
    content = BOMBS[name]()
    job = client.wait(client.submit(content, name=name + ".dxf"), 150)
    if name in REFUSED:
        assert (job["status"], job["errorCode"] in REFUSED[name]) == ("FAILED", True), job
        return
    assert job["status"] == "COMPLETED", job
    result = client.get(f"/v1/jobs/{job['id']}/result").json()
    said = " ".join(result["parseInfo"]["warnings"])
    assert WARNED.get(name, "") in said, said
    client.delete(f"/v1/jobs/{job['id']}")
