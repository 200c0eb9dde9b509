"""Bech32 text comes out and goes in exactly, and nothing nearly right goes in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import bech32

HRPS = st.sampled_from(["age", "age1pq", "age-secret-key-", "age-secret-key-pq-"])


@given(hrp=HRPS, data=st.binary(max_size=1300))
def test_round_trip(hrp, data):
    """Any bytes come back, far beyond 90 characters, and in capitals too."""
    text = bech32.encode(hrp, data)
    assert bech32.decode(text) == (hrp, data)
    assert bech32.decode(text.upper()) == (hrp, data)


@given(
    data=st.binary(min_size=1, max_size=64), at=st.integers(min_value=0), other=st.sampled_from(bech32._CHARSET)
)
def test_one_wrong_character_is_found(data, at, other):
    """One character exchanged for another is always refused."""
    text = bech32.encode("age", data)
    at = 4 + at % (len(text) - 4)
    wrong = text[:at] + other + text[at + 1 :]
    if wrong != text:
        with pytest.raises(ValueError, match="check characters"):
            bech32.decode(wrong)


@pytest.mark.parametrize(
    "text",
    ["a12uel5l", "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs"],
)
def test_bip173_examples_are_read(text):
    """Valid examples of BIP 173 are read."""
    assert bech32.decode(text)[1] == b""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "too short", id="nothing"),
        pytest.param("age1", "too short", id="no checksum"),
        pytest.param("1qzzfhee", "too short", id="no human-readable part (BIP 173)"),
        pytest.param("A12uEL5L", "mixed", id="capital and small letters mixed"),
        pytest.param("x1b4n0q5v", "does not belong", id="a character outside the alphabet (BIP 173)"),
        pytest.param("de1lg7wt\xff", "does not belong", id="a character outside ASCII (BIP 173)"),
        pytest.param("A1G7SGD8", "check characters", id="a checksum over the wrong case (BIP 173)"),
    ],
)
def test_faulty_text_is_refused(text, why):
    """Each fault is refused with its reason."""
    with pytest.raises(ValueError, match=why):
        bech32.decode(text)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param("q" * 3, "length", id="five-bit groups that make no whole bytes"),
        pytest.param("qp", "last bits", id="left-over bits that are not zero"),
    ],
)
def test_a_right_checksum_does_not_excuse_a_wrong_body(body, why):
    """Groups that no encoder writes are refused although the checksum fits."""
    checksum = bech32._polymod("age", body + "qqqqqq") ^ 1
    text = f"age1{body}" + "".join(bech32._CHARSET[checksum >> 5 * (5 - i) & 31] for i in range(6))
    with pytest.raises(ValueError, match=why):
        bech32.decode(text)


def test_the_message_never_repeats_a_secret():
    """A mistyped secret key does not appear in the message."""
    secret = bech32.encode("age-secret-key-", bytes(range(32))).upper()
    with pytest.raises(ValueError, match="check") as caught:
        bech32.decode(secret[:-1] + ("Q" if secret[-1] != "Q" else "P"))
    assert secret[20:40] not in str(caught.value)
