# make demo    try everything out with an invented borough, in demo/
# make test    ruff, mypy and every test
# make readme  put what the commands print today into the README
# make wheel   build dist/sealpack-….whl
# make lock    renew requirements.lock
# make clean   remove what the others made
#
# They work in .venv, which the first of them makes; with another Python: make demo PYTHON=python3.13

NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name $(NEW_ENOUGH) 2> /dev/null && echo $$name && break; done)
BIN := .venv/bin
WORKERS ?= auto

.PHONY: demo test check bench readme wheel lock clean

demo: .venv/installed
	@$(BIN)/sealpack demo

test: check
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 --dist loadfile

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed
	$(BIN)/python -m tests.bench

readme: .venv/installed
	$(BIN)/python -m tests.test_readme --update

wheel: .venv/installed
	$(BIN)/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

# Every package is pinned, and its files are known by their digests.
.venv/installed: pyproject.toml requirements.lock
	@test -n "$(PYTHON)" && $(PYTHON) $(NEW_ENOUGH) || { echo "sealpack needs Python 3.11 or newer."; \
		echo "Install it and run this again, or say where it is: make demo PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { echo "On Debian and Ubuntu this needs a package: sudo apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	rm -f requirements.lock
	.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
		--group dev --output-file requirements.lock pyproject.toml
	rm -r .venv-lock

clean:
	rm -rf .venv demo dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
