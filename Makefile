# Two commands: `make run` opens the workspace, `make test` runs everything that proves it.
# PORT, HOST, JOBS and PYTHON may be set: `make run PORT=9000 HOST=0.0.0.0`.

PORT ?= 8501
HOST ?= 127.0.0.1
PYTHON ?= python3
# One more than there are cores: the tests with a browser wait more than they work.
JOBS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
PY := .venv/bin/python

.PHONY: run test quick check words revision docs screenshots demo pins clean help system-run system-test
.DEFAULT_GOAL := help

help:
	@echo "make run          install what is needed, make the demo on the first start, open http://localhost:$(PORT)"
	@echo "make test         every test, on SQLite and PostgreSQL and in a browser"
	@echo "make quick        the tests that need neither a browser nor a server"
	@echo "make check        style and types only"
	@echo "make words        the message ids without Chinese words (FROM=pages/ for those of one folder)"
	@echo "make revision     write a migration (SAYS=\"what changes\")"
	@echo "make docs         write anew what the documents take from the code"
	@echo "make screenshots  take the pictures of the README anew, from a fresh demo"
	@echo "make demo         start afresh with the demo, after moving the data folder aside"
	@echo "make pins         write requirements.txt anew from requirements.in"
	@echo "make clean        remove .venv and what the tools keep; the data folder stays"

run: system-run .venv/installed
	@scripts/first-start
	@export YIQI_PUBLIC_URL="$${YIQI_PUBLIC_URL-$$($(PY) scripts/public_address.py $(HOST) $(PORT))}"; \
	echo "Yiqi opens on $${YIQI_PUBLIC_URL:-http://localhost:$(PORT)} (Ctrl-C ends it)"; \
	YIQI_DEMO=$${YIQI_DEMO:-true} exec $(PY) -m streamlit run app.py --server.port $(PORT) --server.address $(HOST)

test: system-test .venv/installed .cache/axe
	@$(PY) -m pytest -n $(JOBS)

quick: .venv/installed
	@$(PY) -m pytest -n $(JOBS) tests/rules tests/house tests/services tests/reads tests/real

check: .venv/installed
	@$(PY) -m ruff check .
	@$(PY) -m mypy

words: .venv/installed
	@$(PY) scripts/missing_words.py $(FROM)

revision: .venv/installed
	@$(PY) scripts/revision.py "$(or $(SAYS),$(error say what changes: make revision SAYS="…"))"

docs: .venv/installed
	@$(PY) scripts/documents.py

screenshots: system-test .venv/installed
	@$(PY) scripts/screenshots.py

demo: .venv/installed
	@scripts/first-start --again

pins:
	@scripts/pins $(PYTHON)

clean:
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

system-run system-test: system-%:
	@scripts/system-packages $* $(PYTHON)

# The file's age says whether requirements.txt has changed since the last installation.
.venv/installed: requirements.txt
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@echo "Installing the Python packages named in requirements.txt"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.cache/axe: scripts/axe
	@scripts/axe
