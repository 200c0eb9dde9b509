"""The workbook of a form: made blank, read when filled, and given back with what is to be put right."""

from pipeline.workbook.drawing import Begun
from pipeline.workbook.making import blank
from pipeline.workbook.reading import read
from pipeline.workbook.returning import returned

__all__ = ["Begun", "blank", "read", "returned"]
