# SPDX-License-Identifier: Apache-2.0
"""S08, S10: runs last, and looks through all that the servers of the whole run wrote: no credential that went over the
wire is in a database, a log or another file of the data directory."""
import pathlib
import re

from conftest import SECRETS, SERVERS

# What any of our credentials looks like; what is found is then looked up among those that were used.
WORDS = re.compile(rb"cadl_[0-9a-f]{48}|whsec_[A-Za-z0-9+/=]{44}|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+"
                   rb"|correct [0-9a-f]{16}|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def is_kept_on_purpose(path):
    """Files that hold keys by design, for their owner alone."""
    return path.suffix in (".key", ".keys") or "blobs" in path.parts


def test_S08_S10_no_credential_of_the_whole_run_is_in_a_database_or_a_log():
    used = {value.encode() for value in SECRETS}
    assert used and SERVERS, "nothing was recorded"
    looked = 0
    for server in SERVERS:
        written = [(path, content) for path, content in server.written() if not is_kept_on_purpose(pathlib.Path(path))]
        for path, content in [(server.log, server.log.read_bytes()), *written]:
            looked += len(content)
            found = {word for word in WORDS.findall(content) if word in used}
            assert not found, f"{path}: {[w[:12] for w in found]}"
    assert looked > 1000


def test_S08_S10_the_look_would_find_one():
    alike = [value for value in SECRETS if value.startswith(("cadl_", "eyJ", "correct "))]
    assert len({value[:4] for value in alike}) >= 3, "a key, an access token and a password at least"
    for value in alike:
        assert WORDS.findall(b"x=" + value.encode() + b" y")[0] == value.encode()
