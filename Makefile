# make run   serve the app with Local Cognito; installs what is missing
# make test  everything that has to hold before a change lands
# make help  the other commands

CACHE := $(HOME)/.cache/leptos-cognito
TOOLS := $(CACHE)/tools
export CARGO_TARGET_DIR ?= $(CACHE)/target
export PATH := $(TOOLS)/bin:$(TOOLS)/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)
# Chromium comes from the system, never from Playwright's own download.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

# A failure before a pipe is one of the whole line.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

# What the browser loads is called so.
NAME := leptos-cognito
APP := leptos-cognito-app
SITE := target/site
RESULTS := target/baseline
PKG := $(SITE)/pkg
# Of its own, because cargo-leptos writes into $(PKG) too.
BINDGEN := target/bindgen
WASM := $(CARGO_TARGET_DIR)/wasm32-unknown-unknown/wasm-dev/leptos_cognito_browser.wasm
EXAMPLE_PKG := target/example-site/pkg
EXAMPLE_WASM := $(CARGO_TARGET_DIR)/wasm32-unknown-unknown/wasm-dev/lifted.wasm
SERVER := $(CARGO_TARGET_DIR)/debug/$(APP)
# Built together, so that they share everything.
CRATES := -p $(APP) -p leptos-cognito -p local-cognito --features $(APP)/local-cognito
# The command-line tool has to be of the crate's version to the digit.
WASM_BINDGEN_VERSION := $(shell sed -n 's/^wasm-bindgen = .*"=\([0-9.]*\)".*/\1/p' Cargo.toml)
WASM_BINDGEN := $(TOOLS)/wasm-bindgen-$(WASM_BINDGEN_VERSION).installed
CARGO_LEPTOS := $(TOOLS)/cargo-leptos-0.3.10.installed
CARGO_DENY := $(TOOLS)/cargo-deny-0.20.2.installed
CARGO_FUZZ := $(TOOLS)/cargo-fuzz-0.13.2.installed
GECKODRIVER := $(TOOLS)/geckodriver-0.37.1.installed
# How long make fuzz runs each of the ten targets.
FUZZ_SECONDS ?= 20
WASM_OPT := $(TOOLS)/node_modules/.bin/wasm-opt
END2END := end2end/node_modules/.package-lock.json
RELEASE_TOOLS := end2end/release/node_modules/.package-lock.json
EMULATORS := end2end/emulators
COGNITO_LOCAL_DIR := $(TOOLS)/cognito-local-$(shell sed -n 's/.*"cognito-local": "\(.*\)".*/\1/p' $(EMULATORS)/package.json)
MOTO_DIR := $(TOOLS)/moto-$(shell sed -n 's/^moto==//p' $(EMULATORS)/requirements.txt)

.PHONY: run local-cognito test help format clippy deny advisories emulators unit baseline baseline-table browser example https browsers production site example-site lifted server rust node chromium openssl bench outage hostile fuzz watch end-to-end release lighthouse screenshots other-browsers

run: site server
	@LEPTOS_SITE_ROOT=$(SITE) $(SERVER) serve

# make local-cognito  Local Cognito alone, for apps and tests in any language
local-cognito: server
	@$(CARGO_TARGET_DIR)/debug/local-cognito

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

test: format clippy deny advisories emulators unit production browser example https baseline-table
	@echo "make test: all good"

format: rust
	cargo fmt --all --check

# make clippy  the lints, of both builds and of the example (make format: the formatting)
clippy: rust
	@echo "== clippy, server build (about 4 minutes the first time)"
	cargo clippy $(CRATES) --all-targets -- -D warnings
	cargo clippy --features ssr -- -D warnings
	@echo "== clippy, browser build (about 1 minute the first time)"
	cargo clippy -p leptos-cognito-browser -p $(APP) -p leptos-cognito --lib --features $(APP)/hydrate,leptos-cognito/hydrate --target wasm32-unknown-unknown -- -D warnings
	@echo "== clippy, the example (about 1 minute the first time)"
	cargo clippy -p lifted --features ssr -- -D warnings
	cargo clippy -p lifted --lib --features hydrate --target wasm32-unknown-unknown -- -D warnings

# make deny  licences, crates in two versions, and where crates come from (deny.toml)
deny: $(CARGO_DENY)
	cargo deny --locked check -D unmatched-skip licenses bans sources

# make advisories  known vulnerabilities of the crates; their database is on the network, and without it nothing is checked
advisories: $(CARGO_DENY)
	@if $(if $(shell command -v timeout),timeout 120) cargo deny --locked fetch db; then \
	  cargo deny --locked check advisories; \
	else \
	  echo "== NOT CHECKED: the database of known vulnerabilities (RustSec) cannot be reached from here"; \
	fi

# make emulators  two other emulators of Cognito, for the flow tests; what cannot be installed is skipped there
emulators:
	@for installed in $(COGNITO_LOCAL_DIR)/installed $(MOTO_DIR)/installed; do \
	  $(MAKE) -s $$installed || echo "== not installed, the tests with it are skipped: $$(dirname $$installed)"; \
	done

# Shared by all clones, so a newer checkout alone is no reason to install again.
$(COGNITO_LOCAL_DIR)/installed: | $(EMULATORS)/package.json $(EMULATORS)/package-lock.json
	@echo "== installing $(@D) (about 1 minute, once)"
	@command -v node > /dev/null && command -v npm > /dev/null || $(call install,nodejs npm)
	@mkdir -p $(@D) && cp $| $(@D)
	npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000
	@touch $@

$(MOTO_DIR)/installed: | $(EMULATORS)/requirements.txt
	@echo "== installing $(@D) (about 1 minute, once)"
	@python3 -c 'import ensurepip' 2> /dev/null || $(call install,python3-venv)
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --retries 1 --requirement $|
	@touch $@

# make unit  unit and flow tests alone
unit: rust
	@echo "== unit and flow tests (about 5 minutes the first time)"
	@mkdir -p $(RESULTS)
	cargo test $(CRATES) --no-fail-fast 2>&1 | tee $(RESULTS)/cargo.txt

# make baseline  the statements of docs/security-baseline.md, each by its tests: a table, and docs/security.md (about 3 minutes)
# `make test` runs these tests among the others, and makes the table of them.
baseline: site server chromium openssl $(END2END)
	@rm -rf $(RESULTS) && mkdir -p $(RESULTS)
	-cargo test $(CRATES) --lib --test flows --no-fail-fast -- $(shell seq -f '::b%02g_' 1 51) 2>&1 | tee $(RESULTS)/cargo.txt
	-cd end2end && npx playwright test --grep $(NUMBERED)
	-cd end2end && npx playwright test --config https.config.ts --grep $(NUMBERED)
	@$(MAKE) --no-print-directory baseline-table

NUMBERED := '\bb[0-9][0-9] '

baseline-table:
	@node end2end/baseline/table.mjs

# make production  a build without Local Cognito: its pool's name must not be in the program
production: rust
	@echo "== production build, without Local Cognito (about 1 minute)"
	cargo build --features ssr
	@! grep -q "_LocalPool" $(SERVER) || { echo "Local Cognito is in the production build"; exit 1; }

# make browser  browser tests alone
browser: site server chromium $(END2END)
	@echo "== browser tests (about 1 minute)"
	cd end2end && npx playwright test

# make example  examples/lifted, a small app that uses the crate: built, and used in a browser
example: server example-site lifted chromium $(END2END)
	@echo "== browser tests of the example (about 1 minute)"
	cd end2end && npx playwright test --config example.config.ts

# make https  sign-in, sign-out and the session in a browser, behind a proxy that speaks https (about 90 seconds)
https: site server chromium openssl $(END2END)
	@echo "== browser tests behind a proxy that speaks https (about 90 seconds)"
	cd end2end && npx playwright test --config https.config.ts

# make browsers  the main flows in Firefox and in WebKitGTK, the engine of Safari, from Debian's packages (about 5 minutes, at most 15)
# No part of `make test`. Run it before a release, and for a change to style/, to src/pages/program.js, to what the browser does
# in crates/leptos-cognito/src/client, to redirects, cookies or headers of pages, or to `with_session` and the small window.
browsers: site server openssl other-browsers $(GECKODRIVER) $(END2END)
	@echo "== browser tests in Firefox and WebKitGTK (about 5 minutes)"
	cd end2end && npx playwright test --config browsers.config.ts

other-browsers: node
	@command -v firefox-esr > /dev/null && command -v WebKitWebDriver > /dev/null && command -v xvfb-run > /dev/null || \
	  $(call install,firefox-esr webkit2gtk-driver xvfb xauth)

# make screenshots  pictures of every page, into target/screenshots, and the README's
screenshots: site server chromium $(END2END)
	cd end2end && SCREENSHOTS=$(CURDIR)/target/screenshots npx playwright test --project=screenshots
	cp target/screenshots/account-top-desktop-light.png docs/images/account.png

# make bench  how long a session cookie takes to open, and how large it is
bench: rust
	cargo bench --features ssr --bench session_cookie

# make outage  twenty people while Cognito is away, in four ways (about 2 minutes)
outage: rust
	cargo bench --features local-cognito --bench outage

# make fuzz  ten fuzz targets, FUZZ_SECONDS each (20); what they find more than the seeds stays in fuzz/corpus
fuzz: rust $(CARGO_FUZZ)
	@command -v c++ > /dev/null || $(call install,g++)
	@echo "== fuzz build (about 8 minutes the first time)"
	cargo fuzz build --sanitizer none
	@for target in $(basename $(notdir $(wildcard fuzz/targets/*.rs))); do \
	  echo "== fuzzing $$target for $(FUZZ_SECONDS) s"; mkdir -p fuzz/corpus/$$target; \
	  cargo fuzz run --sanitizer none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
	    -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_funcs=0 -print_final_stats=1 || exit 1; \
	done

# make hostile  the program under hostile clients of every kind, and one user whose renewals fail, while others go on asking (about 90 seconds)
hostile: rust
	cargo bench --profile dev --features local-cognito --bench hostile

# The site, where cargo-leptos would put it.
site: rust $(WASM_BINDGEN)
	@echo "== browser build (about 2 minutes the first time)"
	cargo build -p leptos-cognito-browser --target wasm32-unknown-unknown --profile wasm-dev
	@mkdir -p $(PKG)
	@test $(BINDGEN)/$(NAME).js -nt $(WASM) || \
	  wasm-bindgen --target web --no-typescript --out-dir $(BINDGEN) --out-name $(NAME) $(WASM)
	@cp $(BINDGEN)/$(NAME).js $(PKG)/$(NAME).js
	@cp $(BINDGEN)/$(NAME)_bg.wasm $(PKG)/$(NAME).wasm
	@cp style/main.css $(PKG)/$(NAME).css
	@rm -f $(SITE)/*.br $(SITE)/*.gz
	@cp -R public/. $(SITE)/

example-site: rust $(WASM_BINDGEN)
	@echo "== the example's browser build (about 1 minute the first time)"
	cargo build -p lifted --lib --target wasm32-unknown-unknown --profile wasm-dev --features hydrate
	@mkdir -p $(EXAMPLE_PKG)
	@test $(EXAMPLE_PKG)/lifted.js -nt $(EXAMPLE_WASM) || { \
	  wasm-bindgen --target web --no-typescript --out-dir $(EXAMPLE_PKG) --out-name lifted $(EXAMPLE_WASM) && \
	  mv $(EXAMPLE_PKG)/lifted_bg.wasm $(EXAMPLE_PKG)/lifted.wasm; }

lifted: rust
	@echo "== the example's server (about 1 minute the first time)"
	cargo build -p lifted --features ssr

server: rust
	@echo "== server build (about 5 minutes the first time)"
	cargo build $(CRATES)

rust:
	@command -v rustup > /dev/null || { echo "rustup is missing; install it from https://rustup.rs, then run make again"; exit 1; }
	@rustup target list --installed | grep -q wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

# Optimised a little: half the time to compile, and fast enough for what it does here.
$(WASM_BINDGEN): | rust
	@echo "== installing wasm-bindgen $(WASM_BINDGEN_VERSION) (about 2 minutes, once)"
	CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_LTO=off \
	  cargo install wasm-bindgen-cli --version $(WASM_BINDGEN_VERSION) --locked --force --root $(TOOLS) \
	  --target-dir $(CARGO_TARGET_DIR)/tools
	@touch $@

node:
	@command -v node > /dev/null && command -v npm > /dev/null || $(call install,nodejs npm)

chromium: node
	@test -n "$$CHROMIUM" || command -v chromium > /dev/null || $(call install,chromium)

openssl:
	@command -v openssl > /dev/null || $(call install,openssl)

$(END2END): end2end/package.json end2end/package-lock.json | chromium
	cd end2end && npm ci --no-audit --no-fund
	@touch $@

# make watch  cargo leptos watch: rebuilds and reloads at every change, and signs nobody out; open http://localhost:3000
watch: rust $(WASM_BINDGEN) $(CARGO_LEPTOS)
	cargo leptos watch

# make end-to-end  the browser tests by cargo-leptos
end-to-end: rust $(WASM_BINDGEN) $(CARGO_LEPTOS) chromium $(END2END)
	cargo leptos end-to-end

# make release  the production build: optimised, compressed, hashed file names, no Local Cognito; fails where a browser fetches too much
# (a debug build with Local Cognito is the user pool that it is measured with)
release: rust server $(WASM_BINDGEN) $(CARGO_LEPTOS) $(WASM_OPT) node
	@rm -rf $(SITE)
	LEPTOS_HASH_FILES=true cargo leptos build --release --precompress --bin-features ssr
	@node end2end/release/size.mjs

# make lighthouse  Lighthouse on what make release built: Home and Account, phone and desktop, at least 95 in each category
lighthouse: chromium $(RELEASE_TOOLS)
	@node end2end/release/lighthouse.mjs

$(RELEASE_TOOLS): end2end/release/package.json end2end/release/package-lock.json | node
	cd end2end/release && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

$(CARGO_LEPTOS): | rust
	@echo "== installing cargo-leptos 0.3.10 (about 10 minutes, once)"
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
	  cargo install cargo-leptos --version 0.3.10 --locked --features no_downloads --force --root $(TOOLS) \
	  --target-dir $(CARGO_TARGET_DIR)/tools
	@touch $@

# Barely optimised: it compiles in a minute or two, and a check takes two seconds all the same.
$(CARGO_DENY): | rust
	@echo "== installing cargo-deny 0.20.2 (about 2 minutes, once)"
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
	  cargo install cargo-deny --version 0.20.2 --locked --force --root $(TOOLS) --target-dir $(CARGO_TARGET_DIR)/tools
	@touch $@

$(CARGO_FUZZ): | rust
	@echo "== installing cargo-fuzz 0.13.2 (about half a minute, once)"
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
	  cargo install cargo-fuzz --version 0.13.2 --locked --force --root $(TOOLS) --target-dir $(CARGO_TARGET_DIR)/tools
	@touch $@

# Drives Firefox. Debian has no package of it, and npm's downloads it from elsewhere.
$(GECKODRIVER): | rust
	@echo "== installing geckodriver 0.37.1 (about 3 minutes, once)"
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
	  cargo install geckodriver --version 0.37.1 --locked --force --root $(TOOLS) --target-dir $(CARGO_TARGET_DIR)/tools
	@touch $@

$(WASM_OPT):
	@command -v npm > /dev/null || $(call install,nodejs npm)
	npm install --prefix $(TOOLS) --no-audit --no-fund --no-save binaryen@132.0.0

# Installs Debian packages where that is possible, else says what to install.
define install
{ if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
    echo "== installing $(1) (about 1 minute)"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1) > /dev/null; \
  else echo "please install $(1), then run make again"; exit 1; fi; }
endef
