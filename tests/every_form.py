"""Every form there is, for tests that run over all of them: a new one is covered the day it is in the catalogue."""

import datetime as dt

import pytest

from forms import catalogue
from forms.definition import Form

DAY = dt.date(2026, 12, 1)
"""The day on which tests check; the samples of a form lie before it."""

FORMS: tuple[Form, ...] = tuple(catalogue.form(form_id) for form_id in catalogue.form_ids())
every_form = pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
