# make demo             real reports from a real web-server log, with nothing but Python
# make demo LOG=file    the same with an access log of your own (Apache or nginx; plain or .gz)
# make demo ARGS=--once make and deliver the reports, print where they are, and end
# make test             every check and every test; says what ran and what did not
# make chaos            the long chaos run (about half an hour): thousands of reports while everything is killed
# make docs             the documentation as HTML in docs/_build/html
# make clean            delete what the demo wrote, and caches

PYTHON = $(shell sh tools/find_python.sh)
VENV_PYTHON = .venv/bin/python

.PHONY: demo test chaos docs clean help

help:
	@sed -n 's/^# //p' Makefile

demo:
	@$(or $(PYTHON),false) -m tools.demo

test:
	@$(or $(PYTHON),false) -m tools.prepare test
	@$(VENV_PYTHON) -m tools.check

chaos:
	@$(or $(PYTHON),false) -m tools.prepare test
	@$(VENV_PYTHON) -m tests.chaos.long_run $(ARGS)

docs:
	@$(or $(PYTHON),false) -m tools.prepare test
	@$(VENV_PYTHON) -m sphinx -W --keep-going -b html docs docs/_build/html

clean:
	rm -rf example_project/var docs/_build build dist htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
