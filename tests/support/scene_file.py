# SPDX-License-Identifier: Apache-2.0
"""Reads of a scene artefact (docs/scene-format.md) what tests compare with the result."""
import struct

ENTITIES = 6  # of the sections
NONE = 0xFFFFFFFF


def entities(scene):
    """(handle, index in the sheet's entities[] or None) of each entity that is drawn."""
    assert scene[:4] == b"CLSC"
    tag, record, offset, size = struct.unpack_from("<4sIQQ", scene, 128 + 24 * ENTITIES)
    assert (tag, record) == (b"ENTS", 32)
    for at in range(offset, offset + size, record):
        handle, index = struct.unpack_from("<QI", scene, at)
        yield handle, None if index == NONE else index
