# The two commands a newcomer needs are `make demo` and `make test`; README.md tells the rest.
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
CATALOGUES := exam_server/translations/id/LC_MESSAGES/messages.mo exam_server/translations/en/LC_MESSAGES/messages.mo

# A server that starts again and again, as in tests, need not compile every module each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check gevent faults bench lock tools catalogue gallery clean

demo: .venv/.run $(CATALOGUES) ## both offices on an embedded database, on PORT
	@exec $(BIN)/exam-server demo --port $(PORT)

JOURNEYS := tests/journeys
LIVE := tests/sockets tests/races
FAULTS := tests/faults
FAULTS_IN_BROWSER := $(addprefix tests/journeys/,test_f08_client_clock.py test_offline_room.py)
# These start the server under each async mode by themselves, so it is the same beside which round they run.
OWN_SERVERS := tests/documents/test_uploads_server.py tests/outbox/test_leaving.py tests/outbox/test_carrier.py
# What the other async mode answers to browsers; a page does the same whoever serves it (`make gevent` walks all).
OTHER_MODE := $(LIVE) $(OWN_SERVERS) tests/journeys/test_exam_day.py

# About half of what needs no server of its own; the rest is found by leaving these out.
HALF := $(addprefix tests/,question_bank exam ranking documents verify corrections recruitments imports)

test: .venv/.dev $(CATALOGUES) tools ## everything: under eventlet, and what drives sockets again under gevent
	@mkdir -p var && rm -f var/*.log var/*.status
	@# Side by side: what drives real servers mostly waits for clocks of its own.
	@($(MAKE) --no-print-directory lint >var/lint.log 2>&1; echo $$? >var/lint.status) & \
	(EXAM_ASYNC=eventlet $(BIN)/pytest -q $(JOURNEYS) >var/journeys.log 2>&1; echo $$? >var/journeys.status) & \
	(EXAM_ASYNC=eventlet $(BIN)/pytest -q $(LIVE) $(FAULTS) >var/eventlet.log 2>&1; echo $$? >var/eventlet.status; \
	EXAM_ASYNC=gevent $(BIN)/pytest -q $(OTHER_MODE) >var/gevent.log 2>&1; echo $$? >var/gevent.status) & \
	($(BIN)/pytest -q $(HALF) $(addprefix --ignore=,$(OWN_SERVERS)) >var/half.log 2>&1; echo $$? >var/half.status) & \
	$(BIN)/pytest -q tests $(addprefix --ignore=,$(HALF) $(JOURNEYS) $(LIVE) $(FAULTS) $(OWN_SERVERS)); \
	first=$$?; wait; \
	echo "lint, types and imports:"; cat var/lint.log; \
	echo "the other half:"; cat var/half.log; \
	echo "journeys in a browser:"; cat var/journeys.log; \
	echo "sockets, races and faults, under eventlet:"; cat var/eventlet.log; \
	echo "sockets, races and a journey again, under gevent:"; cat var/gevent.log; \
	exit $$(( first || $$(cat var/lint.status) || $$(cat var/half.status) || $$(cat var/journeys.status) \
		|| $$(cat var/eventlet.status) || $$(cat var/gevent.status) ))

gevent: .venv/.dev $(CATALOGUES) tools ## whatever drives a real server, whole, under the other async mode
	EXAM_ASYNC=gevent $(BIN)/pytest -q $(LIVE) $(OWN_SERVERS) $(JOURNEYS)

check: .venv/.dev $(CATALOGUES) ## lint, types, import contracts and the quick tests, in under a minute
	@mkdir -p var && rm -f var/lint.*
	@($(MAKE) --no-print-directory lint >var/lint.log 2>&1; echo $$? >var/lint.status) & \
	$(BIN)/pytest -q -m "not slow and not browser" -k "not postgresql" tests/test_laws.py tests/question_bank \
		tests/exam tests/selection; first=$$?; wait; cat var/lint.log; \
	exit $$(( first || $$(cat var/lint.status) ))

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

faults: .venv/.dev $(CATALOGUES) tools ## the fault tests in full, with their negative controls, seed printed
	EXAM_FAULTS=full EXAM_ASYNC=eventlet $(BIN)/pytest -q -s $(FAULTS) $(FAULTS_IN_BROWSER) \
		tests/exam/test_every_interleaving.py tests/question_bank tests/races/test_stampede.py

bench: .venv/.dev $(CATALOGUES) tools ## every benchmark beside its floor; writes bench/out/latest.json
	$(BIN)/python -m bench

gallery: .venv/.dev $(CATALOGUES) tools ## today's screens of the demo in docs/gallery/
	$(BIN)/python -m tests.gallery

# Tools that pip does not bring: Chromium, PostgreSQL, Redis.
tools:
	@tests/tools.sh

catalogue: .venv/.dev ## collect the sentences of code and templates into both catalogues
	mkdir -p var
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output -o var/messages.pot .
	for language in id en; do $(BIN)/pybabel -q update -i var/messages.pot -d exam_server/translations \
		-l $$language --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date; done
	$(BIN)/python -c "$$AS_WRITTEN"

# The sentences of the code are Indonesian, so the Indonesian catalogue says them as they are written.
define AS_WRITTEN
from pathlib import Path
from babel.messages.pofile import read_po, write_po
path = Path("exam_server/translations/id/LC_MESSAGES/messages.po")
with path.open("rb") as file:
    catalogue = read_po(file, "id")
for message in filter(lambda one: one.id, catalogue):
    message.string = message.id[-1:] if message.pluralizable else message.id
with path.open("wb") as file:
    write_po(file, catalogue)
endef
export AS_WRITTEN

lock: .venv/.dev ## resolve requirements*.in into locked files with hashes and without any address
	$(BIN)/pip install --quiet uv==0.13.8
	for name in requirements requirements-dev; do $(BIN)/uv pip compile --quiet --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --python-version 3.11 \
		$$name.in -o $$name.txt; done

%.mo: %.po .venv/.run
	$(BIN)/pybabel -q compile -i $< -o $@

.venv/bin/python:
	@$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv; echo "python3 -m venv does not work here:" \
		"trying apt-get install python3-venv"; apt-get install -y -qq python3-venv >/dev/null \
		&& $(PYTHON) -m venv .venv; }

.venv/.run: requirements.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv var bench/out .pytest_cache .mypy_cache .ruff_cache
