"""National Insurance, NHS and PNC numbers: read as people write them, refused where they cannot exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import Unreadable
from forms.numbers import NHS_NUMBER, NI_NUMBER, PNC_ID

KINDS = (NI_NUMBER, NHS_NUMBER, PNC_ID)

READ = [
    (NI_NUMBER, "qq123456c", "QQ 12 34 56 C"),
    (NI_NUMBER, " AB 12-34-56 D ", "AB 12 34 56 D"),
    (NHS_NUMBER, "999-000-0018", "999 000 0018"),
    (NHS_NUMBER, 9990000026, "999 000 0026"),
    (NHS_NUMBER, 9990000026.0, "999 000 0026"),
    (PNC_ID, "2003/0011985X", "2003/0011985X"),
    (PNC_ID, "03/11985x", "2003/0011985X"),
    (PNC_ID, "99/9999901 N", "1999/9999901N"),
]
REFUSED = [
    (NI_NUMBER, "QQ 12 34 56 E", "not-a-ni-number"),
    (NI_NUMBER, "BG 12 34 56 A", "not-a-ni-number"),
    (NI_NUMBER, "DA 12 34 56 A", "not-a-ni-number"),
    (NI_NUMBER, "QQ 12 34 5 C", "not-a-ni-number"),
    (NI_NUMBER, True, "not-a-ni-number"),
    (NHS_NUMBER, "999 000 0019", "not-an-nhs-number"),
    (NHS_NUMBER, "999 000 001", "not-an-nhs-number"),
    (NHS_NUMBER, "999 000 OO18", "not-an-nhs-number"),
    (NHS_NUMBER, ["999 000 0018"], "not-an-nhs-number"),
    (PNC_ID, "2003/0011985Y", "not-a-pnc-id"),
    (PNC_ID, "2003 0011985X", "not-a-pnc-id"),
    (PNC_ID, 20030011985, "not-a-pnc-id"),
]


@pytest.mark.parametrize(("kind", "typed", "kept"), READ)
def test_a_number_is_read_as_it_is_written_on_paper(kind, typed, kept):
    """Spaces, hyphens, small letters and a number of a cell do no harm; it is kept in its usual groups."""
    assert kind.read(typed) == kept
    assert kind.read(kind.write(kept)) == kept


@pytest.mark.parametrize(("kind", "typed", "code"), REFUSED)
def test_a_number_that_cannot_exist_is_refused(kind, typed, code):
    """A letter, a digit or a length that no such number has is told with the code of its kind."""
    with pytest.raises(Unreadable) as refused:
        kind.read(typed)
    assert refused.value.code == code


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_an_nhs_number_is_found(place, change):
    """Modulus 11 finds every single digit that is mistyped."""
    digits = "9990000018"
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    with pytest.raises(Unreadable):
        NHS_NUMBER.read(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_of_a_kind_can_be_read(kind):
    """What the help gives as an example is one."""
    assert kind.read(kind.sample) == kind.sample
