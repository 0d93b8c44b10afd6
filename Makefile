PORT ?= 8000
PYTHON_BIN := .venv/bin/python
# Modules are shared out between two processes, each with services of its own: much of a test's time is waiting.
PYTEST := $(PYTHON_BIN) -m pytest -n $(or $(PROCESSES),2) --dist loadfile --no-loadscope-reorder \
	--durations 20 --durations-min 5

.DEFAULT_GOAL := help
.PHONY: help setup demo serve site site-upload token grant test unit soak chaos fuzz contract load lint audit build\
	openapi languages tools plans metrics licences site-tables packs requirements format clean\
	bench-pipeline bench-packages\
	bench-accuracy bench-speed bench-tables bench-exports bench-grounding bench-chat\
	bench-cost bench-scale bench-cold

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install everything into .venv (the other targets do it, too)
	@scripts/setup.sh

demo: setup ## read a sample document, or FILE=..., and print the result
	@scripts/packs.sh --try eng osd
	@$(PYTHON_BIN) -m infra.local demo $(if $(FILE),"$(FILE)")

packs: setup ## install the language packs of all languages
	@scripts/packs.sh

# exec: Ctrl-C then reaches the service itself, and no shell outlives it.
serve: setup ## run the service on http://localhost:8000, or PORT=...; MODEL=... (docs/vlm.md); STRIPE_KEY=...; Ctrl-C stops it
	@scripts/packs.sh --try eng osd
	@scripts/site.sh --try
	@exec $(PYTHON_BIN) -m infra.local serve --port $(PORT) $(if $(MODEL),--model "$(MODEL)") \
		$(if $(CHAT_MODEL),--chat-model "$(CHAT_MODEL)") \
		$(if $(PROVIDER),--provider "$(PROVIDER)") $(if $(MODEL_URL),--model-url "$(MODEL_URL)") \
		$(if $(WORKER),--worker "$(WORKER)") $(if $(STRIPE_URL),--stripe-url "$(STRIPE_URL)")

token: setup ## print a token of the running service; EMAIL=... PLAN=paid CREDITS=1000 ARGS=--aws
	@$(PYTHON_BIN) -m infra.operate token $(if $(EMAIL),--email "$(EMAIL)") $(if $(PLAN),--plan "$(PLAN)") \
		$(if $(CREDITS),--credits "$(CREDITS)") $(ARGS)

grant: setup ## give an account credits: ACCOUNT=... CREDITS=... REASON=...; KEY=... ARGS=--aws
	@$(PYTHON_BIN) -m infra.operate grant $(if $(KEY),--key "$(KEY)") $(ARGS) -- "$(ACCOUNT)" "$(CREDITS)" "$(REASON)"

site: ## build the website into web/dist; PUBLIC_URL=https://... is where it will be
	@PUBLIC_URL="$(PUBLIC_URL)" scripts/site.sh

site-upload: setup ## bring the built website to STACK=..., the name of a stack on AWS
	@$(PYTHON_BIN) -m infra.site_upload "$(STACK)"

test: setup ## run the whole test suite; PROCESSES=... (2)
	@scripts/system-packages.sh
	@scripts/packs.sh
	@scripts/site.sh
	$(PYTEST)

unit: setup ## run the tests that open no sockets
	@scripts/packs.sh
	$(PYTEST) tests/unit

soak: setup ## drive the books through STEPS=... random steps (100,000 by default)
	SOAK_STEPS=$(or $(STEPS),100000) $(PYTHON_BIN) -m pytest tests/integration/test_books.py

chaos: setup ## attack the running service until FAULTS=... (1000) faults have happened; SEED=... (1) REPORT=FILE.md
	PYTHONPATH=layers/core:functions:. $(PYTHON_BIN) -m tests.faults --seed $(or $(SEED),1) --faults $(or $(FAULTS),1000) \
		$(if $(REPORT),--report "$(REPORT)") $(ARGS)

# The group `fuzz` of pyproject.toml, on top of what setup installs.
FUZZ_SYNC = $(subst --group bench,--group fuzz,$(BENCH_SYNC))
fuzz: setup ## attack with all hostile files, and TIME=... (600) seconds of mutations of them; SEED=... OUT=FILE.md
	@$(FUZZ_SYNC)
	CORPUS=all $(PYTHON_BIN) -m pytest tests/hostile
	PYTHONPATH=functions:layers/core:. $(PYTHON_BIN) -m tests.hostile.fuzz --seconds $(or $(TIME),600) \
		--seed $(or $(SEED),1) --keep .state/fuzz $(if $(OUT),> "$(OUT)")

contract: setup ## hold a service to its OpenAPI document with EXAMPLES=... requests of each kind (1,000 by default)
	EXAMPLES=$(or $(EXAMPLES),1000) $(PYTHON_BIN) -m pytest --timeout 3600 tests/integration/test_contract.py

load: setup ## have CLIENTS=... (20) send JOBS=... (50) each, at once; SEED=... (1) OUT=FILE.md ARGS=...
	PYTHONPATH=functions:layers/core:. $(PYTHON_BIN) -m benchmarks.load --seed $(or $(SEED),1) \
		--clients $(or $(CLIENTS),20) --jobs $(or $(JOBS),50) $(if $(OUT),--out "$(OUT)") $(ARGS)

lint: setup ## check style, types, the direction of imports, the templates, the lock files; look for secrets
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	PYTHONPATH=functions:. .venv/bin/lint-imports
	scripts/secrets.sh
	$(PYTHON_BIN) -m infra.locks
	.tools/uv/bin/uv lock --check --offline --quiet
	.venv/bin/cfn-lint infra/template.yaml infra/watching.yaml infra/gpu.yaml
	@scripts/aws-tools.sh sam checkov
	SAM_CLI_TELEMETRY=0 .tools/aws/bin/sam validate --lint --region us-east-1 --template infra/template.yaml
	.tools/aws/bin/checkov --config-file .checkov.yaml

audit: setup ## ask what is known about the locked packages: vulnerabilities, what was withdrawn
	$(PYTHON_BIN) -m infra.advisories

build: setup ## build the zip functions and the layers for AWS, and weigh them; `sam build` does the image, too
	@scripts/build.sh

openapi: setup ## write the OpenAPI document anew from the routes
	PYTHONPATH=functions:. $(PYTHON_BIN) -m infra.openapi

languages: setup ## write the page of languages anew from their table
	$(PYTHON_BIN) -m infra.languages

tools: setup ## write the page of tools anew from their table
	$(PYTHON_BIN) -m infra.tools

plans: setup ## write the page of plans and prices anew from their table
	$(PYTHON_BIN) -m infra.plans

metrics: setup ## write the page of metrics anew from their table
	$(PYTHON_BIN) -m infra.metrics

licences: setup ## write the list of licences anew from the packages
	$(PYTHON_BIN) -m infra.licences

site-tables: setup ## write the tables of the website anew from those of the code
	PYTHONPATH=functions:. $(PYTHON_BIN) -m infra.site

# Of rapidocr only the models are used, not what its own code asks for.
UNUSED = certifi charset-normalizer colorama colorlog idna omegaconf pyclipper pyyaml requests shapely tqdm
EXPORT = .tools/uv/bin/uv export --quiet --frozen --no-hashes --no-annotate --no-header --no-emit-workspace
requirements: setup ## write the pinned packages of the layers and the images anew from uv.lock
	$(EXPORT) --only-group core -o layers/core/requirements.txt
	$(EXPORT) --only-group web -o layers/web/requirements.txt
	$(EXPORT) --only-group pdf -o layers/pdf/requirements.txt
	$(EXPORT) --only-group office -o layers/office/requirements.txt
	$(EXPORT) --only-group llm -o layers/llm/requirements.txt
	$(EXPORT) --only-group payments -o layers/payments/requirements.txt
	$(EXPORT) --only-group image $(UNUSED:%=--no-emit-package %) -o functions/ocr_page/requirements.txt
	$(EXPORT) --only-group worker -o functions/vlm_page/requirements.txt

format: setup ## put the code into its common form
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

clean: ## remove what setup and the tools made; the jobs in .state stay
	rm -rf .venv .tools .aws-sam web/node_modules web/dist web/.pages
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

bench-pipeline: setup ## measure pages a second and latency, end to end
	$(PYTHON_BIN) -m benchmarks.pipeline

# The group `bench` of pyproject.toml, on top of what setup installs; setup takes it out when the lock file changes.
BENCH_SYNC = UV_PYTHON_DOWNLOADS=never $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),UV_SYSTEM_CERTS=1) \
	.tools/uv/bin/uv sync --frozen --quiet --group bench
bench-packages: setup
	@$(BENCH_SYNC)

bench-accuracy: bench-packages ## measure how right the text is, on the pages in DATA=...; OUT=FILE.md, ARGS=...
	$(PYTHON_BIN) -m benchmarks.accuracy --data "$(DATA)" $(if $(OUT),--out "$(OUT)") $(ARGS)

bench-cold: setup ## measure how long the functions take to start
	$(PYTHON_BIN) -m benchmarks.cold

bench-tables: setup ## count the tables found on the pages in DATA=..., beside PyMuPDF's
	$(PYTHON_BIN) -m benchmarks.tables --data "$(DATA)"

bench-speed: bench-packages ## measure CPU seconds a page and memory, on the pages in DATA=...; OUT=FILE.md, ARGS=...
	$(PYTHON_BIN) -m benchmarks.speed --data "$(DATA)" $(if $(OUT),--out "$(OUT)") $(ARGS)

bench-exports: bench-packages ## measure what is downloaded: text of PDFs, size, CPU, memory; DATA=... OUT=FILE.md, ARGS=...
	$(PYTHON_BIN) -m benchmarks.exports --data "$(DATA)" $(if $(OUT),--out "$(OUT)") $(ARGS)

bench-grounding: bench-packages ## measure how what a model writes is put on the page; DATA=... OUT=FILE.md, ARGS=...
	PYTHONPATH=functions:. $(PYTHON_BIN) -m benchmarks.grounding --data "$(DATA)" $(if $(OUT),--out "$(OUT)") $(ARGS)

bench-chat: setup ## measure whether a chat finds the page that answers, on the pages in DATA=...; OUT=FILE.md, ARGS=...
	PYTHONPATH=functions:. $(PYTHON_BIN) -m benchmarks.chat --data "$(DATA)" $(if $(OUT),--out "$(OUT)") $(ARGS)

bench-cost: setup ## compute what 1,000 pages cost on AWS; OUT=FILE.md, ARGS=--measure takes CPU times anew
	PYTHONPATH=functions:. $(PYTHON_BIN) -m benchmarks.cost $(if $(OUT),--out "$(OUT)") $(ARGS)

bench-scale: setup ## simulate 1, 100 and 10,000 pages a second on AWS, and name what breaks first; OUT=FILE.md
	PYTHONPATH=functions:. $(PYTHON_BIN) -m benchmarks.scale $(if $(OUT),--out "$(OUT)") $(ARGS)
