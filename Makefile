# Every target works as the first one in a fresh clone: `.venv` and `.tools` are made when something needs them.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
TOOLS := .tools/helm-3/helm .tools/helm-4/helm .tools/kubectl-1.35/kubectl

CI_PINS := compiler/egressc/templates/ci/requirements.txt
# One list for every version of Python from 3.11 on; of this project's settings alone, not of whoever runs it.
COMPILE_PINS := UV_CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/uv --no-config pip compile pyproject.toml --quiet \
	--universal --python-version 3.11 --generate-hashes
PINS ?= --upgrade
DIST ?= dist

.DEFAULT_GOAL := help
.PHONY: help setup pins tools demo test unit testbed test-cluster mutants code-mutants reading fuzz lint audit types drift site check golden generate bench bench-quick packages clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) tools  ## the environment for working here

pins: $(READY)  ## the newest packages that pyproject.toml allows, each file by its hash; PINS= changes as little as it takes
	$(COMPILE_PINS) --extra dev $(PINS) --output-file .ci/requirements.txt
	$(COMPILE_PINS) --constraint .ci/requirements.txt --only-binary :all: --emit-build-options $(PINS) --output-file $(CI_PINS)

tools: $(TOOLS)  ## the pinned builds of helm, 3 and 4, and of kubectl

demo: $(READY)  ## compile platform/ to values/, render every service, show what each may reach, prove it
	$(BIN)/egressc compile
	$(BIN)/egressc render --output-dir build/demo
	$(BIN)/egressc show --table
	$(BIN)/egressc verify

test: $(READY) $(TOOLS)  ## all tests
	$(BIN)/python -m pytest --numprocesses auto

unit: $(READY)  ## the quick tests of every module, on all cores
	$(BIN)/python -m pytest tests/unit -m "not slow" --numprocesses auto

mutants: $(READY)  ## break the rendered policies of every project on purpose; the proof must report each
	PYTHONPATH=tests $(BIN)/python -m mutants

code-mutants: $(READY)  ## break the compiler's own code on purpose, EGRESSC_CODE_MUTANTS changes a room; tests must notice 90 %
	PYTHONPATH=tests:compiler $(BIN)/python -m code_mutants

reading: $(READY)  ## how well the documents of tests/documents are read, as a table
	PYTHONPATH=tests $(BIN)/python -m reading

fuzz: $(READY)  ## the proof against other readings, with many more questions: EGRESSC_FUZZ each, EGRESSC_FUZZ_SEED for others
	EGRESSC_FUZZ=$${EGRESSC_FUZZ:-10000} $(BIN)/python -m pytest -q tests/oracles/test_against_nca.py \
		tests/oracles/test_cilium_verdicts.py --numprocesses auto
	EGRESSC_FUZZ=$${EGRESSC_FUZZ:-3000} $(BIN)/python -m pytest -q tests/oracles --ignore tests/oracles/test_against_nca.py \
		--ignore tests/oracles/test_cilium_verdicts.py

testbed: $(READY)  ## a real API server and network plugin, built once into a cache outside the tree
	PYTHONPATH=tests $(BIN)/python -m testbed.build

test-cluster: $(READY) $(TOOLS)  ## the tests that need a real API server and real packets; makes the testbed first
	PYTHONPATH=tests $(BIN)/python .ci/cluster.py

lint: $(READY)  ## format, lint and the layers of the house
	$(BIN)/ruff format --check compiler tests bench
	$(BIN)/ruff check compiler tests bench
	$(BIN)/lint-imports

audit: $(READY)  ## shellcheck, zizmor, actionlint, pip-audit; then the jobs of `egressc init` and the action, step by step
	.ci/audit .venv
	.ci/workflow .venv

types: $(READY)  ## mypy, strict
	$(BIN)/mypy compiler tests bench

drift: $(READY)  ## generated files are what the sources give
	$(BIN)/egressc check
	$(BIN)/egressc schema --check
	$(BIN)/python -m pytest -q tests/test_golden_document.py tests/test_commands_document.py \
		tests/test_dialect_document.py tests/reports/test_picture.py

site: $(READY)  ## the documentation as a site, to build/site
	rm -rf build/site
	$(BIN)/zensical build --clean --strict

check:  ## exactly what CI runs
	.ci/run

golden: $(READY) $(TOOLS)  ## rewrite the expected files of the tests; read the difference before you commit it
	$(BIN)/python -m pytest tests/test_golden.py tests/test_golden_document.py tests/test_dialect_document.py \
		tests/test_commands_document.py tests/reports/test_expected.py tests/manifests \
		tests/chart/test_rendering.py tests/chart/test_namespace.py tests/chart/test_guardrails.py \
		tests/chart/test_cilium.py tests/chart/test_host_policies.py tests/chart/test_istio.py \
		tests/chart/test_calico.py tests/chart/test_calico_guardrails.py \
		tests/chart/test_gateway.py tests/chart/test_probe.py --rewrite-golden

generate: $(READY)  ## schemas from the models, values from the example platform, the graph in docs/ if there is a browser
	$(BIN)/egressc schema
	$(BIN)/egressc compile
	PYTHONPATH=tests $(BIN)/python -m reports.picture

bench: $(READY) $(TOOLS)  ## every measurement, written as a table
	$(BIN)/python -m bench

bench-quick: $(READY) $(TOOLS)  ## the small fleets only, against the ratios to keep
	$(BIN)/python -m bench --quick

packages: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)
packages: $(READY) $(TOOLS)  ## what a release publishes, into DIST; the same bytes anywhere. SIGN: options of `helm package`
	@test ! -e $(DIST) || { echo "$(DIST) exists; remove it first" >&2; exit 1; }
	$(BIN)/python .ci/packages.py charts $(DIST) $(SIGN)
	$(BIN)/python .ci/packages.py python $(DIST)
	$(BIN)/twine check --strict $(DIST)/*.whl $(DIST)/*.tar.gz
	$(BIN)/cyclonedx-py requirements $(CI_PINS) --pyproject pyproject.toml --output-reproducible \
		--output-file $(DIST)/egressc.cdx.json
	cd $(DIST) && sha256sum * >SHA256SUMS

clean:  ## remove what the targets made
	rm -rf .venv .tools build dist .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find compiler tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(TOOLS) &: .ci/tools.py | $(READY)
	$(BIN)/python .ci/tools.py .tools

$(READY): pyproject.toml .ci/environment .ci/requirements.txt
	PYTHON=$(PYTHON) .ci/environment .venv
	@touch $@
