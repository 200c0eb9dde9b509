"""The sealed format is the public one: the C2SP/CCTV age vectors, each with exactly one fault or none.

They are looked for in the folder AGE_VECTORS names, or in a folder `shared/age-vectors` beside the repository.
"""

import hashlib
import io
import os
import zlib
from pathlib import Path

import pytest

from keys import age

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "age-vectors"
FOLDER = Path(os.environ.get("AGE_VECTORS", BESIDE))
VECTORS = sorted(FOLDER.iterdir()) if FOLDER.is_dir() else []
CLASSES = {
    "success": None,
    "header failure": age.HeaderError,
    "no match": age.NoMatchError,
    "HMAC failure": age.HmacError,
    "payload failure": age.PayloadError,
    "armor failure": age.ArmorError,
}


def test_the_vectors_are_there():
    """Without the vectors, conformance is not proved, and this says so."""
    if not VECTORS:
        pytest.skip("no folder of C2SP/CCTV age vectors beside the repository, and AGE_VECTORS names none")
    assert len(VECTORS) > 80


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.name)
def test_vector(path):
    """The outcome is of the class the vector names, and what is released is what may be released."""
    head, _, body = path.read_bytes().partition(b"\n\n")
    facts = [line.split(": ", 1) for line in head.decode().split("\n")]
    one = dict(facts)
    if one.get("compressed") == "zlib":
        body = zlib.decompress(body)
    identities = [age.parse_identity(value) for key, value in facts if key == "identity"]
    identities += [age.ScryptIdentity(value) for key, value in facts if key == "passphrase"]
    out = io.BytesIO()
    failure = CLASSES[one["expect"]]
    if failure:
        with pytest.raises(age.AgeError) as caught:
            age.decrypt(io.BytesIO(body), out, identities)
        assert caught.type is failure
        assert caught.value.hint
    else:
        header = age.decrypt(io.BytesIO(body), out, identities)
        assert header.armored == (one.get("armored") == "yes")
        assert age.read_header(io.BytesIO(body)) == header
    if "payload" in one:
        assert hashlib.sha256(out.getvalue()).hexdigest() == one["payload"]
