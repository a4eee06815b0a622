# Two commands on a fresh machine do everything: `make demo` and `make test`.
# Each makes .venv from the machine's python3, installs the locked packages and runs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
KERNEL_SOURCES := $(wildcard engine/*.py engine/*.pxd engine/*/*.py) setup.py engine/kernel_modules.json
HOLD := $(shell mkdir -p build)

.PHONY: help demo test check bench format build clean golden
.DEFAULT_GOAL := help

help:
	@echo "make demo    run a shipped strategy over embedded real prices and write its report"
	@echo "make test    run all tests"
	@echo "make check   format, lint, strict types, tests"
	@echo "make bench   measure speed and memory (docs/performance.md explains the figures)"
	@echo "make format  put the code into its one layout"
	@echo "make golden  rewrite the golden files; review the difference before you commit it"

demo: $(VENV)/.installed build/.kernels
	@$(BIN)/python -m rulewright demo

test: $(VENV)/.installed-dev build/.kernels
	@$(BIN)/python -m pytest -n auto

check: $(VENV)/.installed-dev build/.kernels
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto

bench: $(VENV)/.installed-dev build/.kernels
	@$(BIN)/python -m tests.bench.run

format: $(VENV)/.installed-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

golden: $(VENV)/.installed-dev build/.kernels
	@$(BIN)/python -m pytest --update-golden

build: build/.kernels

# Installing compiles them as well; this is for sources edited after it.
build/.kernels: $(KERNEL_SOURCES) | $(VENV)/.installed
	@echo "Compiling the kernels that changed …"
	@$(BIN)/python setup.py --quiet build_ext --inplace > build/kernels.log 2>&1 || (cat build/kernels.log; exit 1)
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Rulewright needs Python 3.11 or newer; this python3 is " + sys.version.split()[0] + ". Install a newer one and run: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@echo "Installing the locked packages into $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@echo "Compiling the kernels (without a compiler they run interpreted, slower, with the same results) …"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ build/.kernels

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing the locked tools for tests …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf build $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis reports
	find engine -name '*.so' -o -name '*.c' -o -name 'compiled.json' | xargs rm -f
