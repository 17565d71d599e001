# `make run` is all that a fresh clone needs; `make check` is what CI runs.
.DEFAULT_GOAL := help
.PHONY: help run test prove check fmt lint types arch openapi package locks rehearse deploy recount doctor clean \
	install-run install-test install-package

# The first of these that is Python 3.11 or newer.
PYTHON ?= $(shell for one in python3.11 python3.12 python3.13 python3; do \
	$$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done)
VENV := .venv/bin
# Without an engine: for what an operator does, on any system.
PACKAGING := .tools/packaging/bin
PYTEST_ARGS ?=
# A process for each core; tests/conftest.py says which tests stay together.
PYTEST := $(VENV)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

install-run install-test install-package: install-%:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@$(PYTHON) -m infra.local.install $*

run: install-run ## the whole service on this machine: PORT=8000 AWS_PORT=5001 LOGS=.local/logs
	@LOCAL_PARENT_PID=$$PPID exec $(VENV)/python -m infra.local

test: install-test ## all tests; some: make test PYTEST_ARGS="tests/unit -k name"
	@$(PYTEST) $(PYTEST_ARGS)

prove: install-test ## points and files under fire: SEED=n, OPERATIONS=20000, EXAMPLES=1000; BREAK=name shows that it fails
	@$(VENV)/python -m tests.prove $(if $(SEED),--seed $(SEED)) $(if $(OPERATIONS),--operations $(OPERATIONS)) \
		$(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(BREAK),--break $(BREAK))

fmt: install-run ## format the code
	@$(VENV)/ruff check --quiet --fix-only . && $(VENV)/ruff format .

lint: install-run ## formatting and lint rules
	@$(VENV)/ruff format --check . && $(VENV)/ruff check .

types: install-run ## mypy, strict; and the console's types against the API's description
	@$(VENV)/mypy
	@$(VENV)/python -m infra.console

arch: install-run ## the import rules
	@$(VENV)/lint-imports

openapi: install-run ## write docs/openapi.json from the code
	@$(VENV)/python -m chalicelib.api.openapi --write docs/openapi.json

package: install-package ## build/package: the template and archives to deploy
	@$(PACKAGING)/python -m infra.package

locks: install-package ## write the lists of what is installed on AWS, with hashes, after a change of requirements
	@$(PACKAGING)/python -m infra.locks

check: install-test lint types arch ## everything that CI checks
	@$(VENV)/python -m chalicelib.api.openapi --check docs/openapi.json
	@$(VENV)/python -m infra.package
	@$(VENV)/python -m infra.rehearsal static
	@$(PYTEST) $(PYTEST_ARGS)

rehearse: install-test ## the packaged service under Lambda's own conditions, as root on Debian; RECORD=1 for the documents
	@$(VENV)/python -m tests.rehearsal $(if $(RECORD),--record)

deploy: install-package ## STAGE=test ACCOUNT=small|normal EMAIL=you@example.com; DRY_RUN=1 prints each call
	@$(PACKAGING)/python -m infra.deploy --stage "$(STAGE)" $(if $(ACCOUNT),--account $(ACCOUNT)) \
		$(if $(EMAIL),--email $(EMAIL)) $(if $(TAG),--tag $(TAG)) $(if $(DRY_RUN),--dry-run) \
		$(foreach one,$(PARAMETERS),--parameter $(one))

recount: $(if $(STACK),install-package,install-run) ## compare the counters with the rows: STACK=name, WRITE=1 puts them right
	@$(if $(STACK),$(PACKAGING),$(VENV))/python -m infra.recount $(if $(STACK),--stack $(STACK)) $(if $(WRITE),--write)

doctor: $(if $(STACK),install-package,install-run) ## look for what should never be: STACK=name, FIX=1 repairs it
	@$(if $(STACK),$(PACKAGING),$(VENV))/python -m infra.doctor $(if $(STACK),--stack $(STACK)) $(if $(FIX),--fix)

clean: ## remove everything that was built or installed here
	@rm -rf .venv .engines .models .tools .local build .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .chalice/deployments \
		chalicelib/api/site/console console/node_modules console/src/generated
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
