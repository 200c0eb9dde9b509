"""The workbook of a form: made blank, read when filled, and given back with what is to be put right."""

from pipeline.workbook.making import blank
from pipeline.workbook.reading import read

__all__ = ["blank", "read"]
