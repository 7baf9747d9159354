# weir: one flat makefile.  `make help` prints the targets.
VERSION := 0.1.0

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/weir
MANDIR     ?= $(PREFIX)/share/man
BASHCOMP   ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMP    ?= $(PREFIX)/share/zsh/site-functions
FISHCOMP   ?= $(PREFIX)/share/fish/vendor_completions.d
-include config.mk

# SAN=address,undefined builds in a tree of its own; so does another CC.
comma   := ,
COMPILER := $(notdir $(firstword $(CC)))
VARIANT := $(if $(KILL),kill-)$(if $(SAN),$(subst $(comma),-,$(SAN)),release)$(if $(filter clang%,$(COMPILER)),-clang)
BUILD   ?= build/$(VARIANT)
# One name for one tree, or the dependencies of the other name are not seen.
override BUILD := $(patsubst $(CURDIR)/%,%,$(BUILD))

# With sanitizers -O2 -g takes half as long again to compile (52 files: 9.8 s and 6.2 s of CPU).
CFLAGS   ?= $(if $(filter address$(comma)undefined,$(SAN)),-O1 -g1,-O2 -g)
CXXFLAGS ?= $(CFLAGS)
WARN := -Wall -Wextra -Wshadow -Wvla -Wwrite-strings -Wpointer-arith -Wundef -Wformat=2 -Wcast-qual
WARN += $(if $(WERROR),-Werror)
CWARN := $(WARN) -Wstrict-prototypes -Wmissing-prototypes
# With its checks in between the compiler no longer sees how long a number can be.
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-format-truncation)
DEFS := -D_GNU_SOURCE -DWEIR_VERSION='"$(VERSION)"' -DWEIR_LIBEXEC='"$(LIBEXECDIR)"' -DWEIR_MANDIR='"$(MANDIR)"'
# How to get from the directory of weir to the others, so that an installed tree can be moved.
beside = $(shell realpath -ms --relative-to='$(BINDIR)' '$(1)')
DEFS += -DWEIR_LIBEXEC_BESIDE='"$(call beside,$(LIBEXECDIR))"' -DWEIR_MAN_BESIDE='"$(call beside,$(MANDIR))"'
DEFS += $(if $(KILL),-DWEIR_KILL_POINTS)
# Figures must have the same bytes whatever compiler and processor: no fusing of multiplications and additions.
ALLCFLAGS   = -std=c11 -ffp-contract=off -I. $(DEFS) $(CWARN) $(SANFLAGS) $(CFLAGS)
ALLCXXFLAGS = -std=c++17 -fno-rtti -I. $(DEFS) $(WARN) $(SANFLAGS) $(CXXFLAGS)
# --as-needed over an archive: each program is linked with the libraries that its objects call, no other.
LDLIBS  := -lrdkafka -ljansson -lz -lzstd -lsnappy -llz4 -lbrotlidec -ldeflate -lcrypto -lcurl -lgssapi_krb5 -lexpat -lpq -lsqlite3 -lpcre2-8 -lmicrohttpd -lsimdjson -lstdc++ -lm -lpthread
LINK     = $(CC) $(SANFLAGS) $(CFLAGS) $(LDFLAGS) -Wl,--as-needed -o $@ $(filter %.o %.a,$^) $(LDLIBS)

PROGRAMS := $(sort $(notdir $(basename $(wildcard cmd/*.c)) $(patsubst %/,%,$(dir $(wildcard cmd/*/*.c)))))
FILTERS  := $(filter-out weir,$(PROGRAMS))
COMMON   := $(sort $(wildcard common/*/*.c common/*/*.cc))
UNITS    := $(sort $(wildcard tests/unit/*_test.c))
FUZZERS  := $(sort $(wildcard tests/fuzz/*_fuzz.c))
HELPERS  := $(sort $(wildcard tests/servers/*.c tests/bench/*.c tests/demo/*.c))
SOURCES  := $(COMMON) $(sort $(wildcard cmd/*.c cmd/*/*.c)) $(UNITS) $(FUZZERS) $(HELPERS)
obj       = $(addprefix $(BUILD)/,$(addsuffix .o,$(basename $(1))))
BINS     := $(BUILD)/weir $(FILTERS:%=$(BUILD)/bin/%)
UNITBINS := $(UNITS:tests/unit/%.c=$(BUILD)/unit/%)
HELPERBINS := $(HELPERS:tests/%.c=$(BUILD)/%)
# Built with FUZZ=1 under clang these are libFuzzer targets; otherwise they replay the files that they are given.
REPLAY   := $(if $(FUZZ),,$(BUILD)/tests/fuzz/replay.o)
FUZZBINS := $(FUZZERS:tests/fuzz/%.c=$(BUILD)/fuzz/%)

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

all: $(BINS) ## build every program
tests-bin: all $(UNITBINS) $(HELPERBINS) kill-bin ## build the unit tests and the helpers of the tests too
# Programs with kill points (common/base/killpoint.h), for tests/fault.
KILLED := aggregate consume split clean map lake-cat lake-compact lake-put produce db-put
kill-bin:
	@$(if $(SAN)$(KILL),,$(MAKE) --no-print-directory -s KILL=1 BUILD=$(BUILD)/kill CFLAGS='-O0 -g' $(KILLED:%=$(BUILD)/kill/bin/%))

$(BUILD)/libcommon.a: $(call obj,$(COMMON))
	@rm -f $@
	$(AR) rcs $@ $^

# A program is cmd/NAME.c, cmd/NAME/*.c, or both.
define program
$(if $(filter weir,$(1)),$(BUILD)/weir,$(BUILD)/bin/$(1)): \
    $(call obj,$(sort $(wildcard cmd/$(1).c cmd/$(1)/*.c))) $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	$$(LINK)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	$(LINK)
# tests/unit/NAME__PART_test.c tests a part of program NAME: it is linked with its objects, too; so is NAME__PART_fuzz.c.
parts = $(filter-out %/main.o,$(call obj,$(sort $(wildcard cmd/$(1)/*.c))))
define program_tests
$(BUILD)/unit/$(1)__%: $(BUILD)/tests/unit/$(1)__%.o $(call parts,$(1)) $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	$$(LINK)
$(BUILD)/fuzz/$(1)__%: $(BUILD)/tests/fuzz/$(1)__%.o $(REPLAY) $(call parts,$(1)) $(BUILD)/libcommon.a
	@mkdir -p $$(@D)
	$$(LINK)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_tests,$(p))))
$(HELPERBINS): $(BUILD)/%: $(BUILD)/tests/%.o $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	$(LINK)
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(REPLAY) $(BUILD)/libcommon.a
	@mkdir -p $(@D)
	$(LINK)
$(BUILD)/%.o: %.c Makefile $(wildcard config.mk)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALLCFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/%.o: %.cc Makefile $(wildcard config.mk)
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(ALLCXXFLAGS) -MMD -MP -c -o $@ $<
.SECONDARY:
-include $(addsuffix .d,$(basename $(call obj,$(SOURCES) tests/fuzz/replay.c)))

deps: ## install Debian's packages that the build needs (as root)
	@tests/deps build
test-deps: deps ## install what the tests need beside
	@tests/deps test
demo: deps $(if $(DEMO),test-deps) ## the main job with the embedded broker: from a topic to counts and to a lake (DEMO=s3: in a bucket, DEMO=delta: a Delta table)
	@$(MAKE) --no-print-directory -s -j2 all
	@tests/demo/demo $(BUILD)
# Each says beforehand what it fetches or builds.
SERVERS := kafka minio versitygw azurite hdfs spark postgres
test-servers: test-deps ## install the real servers of the tests, once per machine (about 10 minutes, most of it for MinIO and Spark)
	@set -e; for server in $(SERVERS); do tests/servers/$$server install; done
test: test-servers ## all tests: check, real servers, a sample of the fault matrix, sanitizers
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 tests-bin fuzz-replay
	@BUILD=$(BUILD) tests/run all
check: test-deps ## the fast tests: unit, cli, lint; no server
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 tests-bin fuzz-replay
	@BUILD=$(BUILD) tests/run check
check-san: test-deps ## unit and cli tests under AddressSanitizer and UBSan
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 BUILD=build/address-undefined SAN=address,undefined tests-bin fuzz-replay
	@BUILD=build/address-undefined tests/run san
check-tsan: test-deps ## look for data races where there are threads, in lake-compact, db-put's watch and meter, under ThreadSanitizer
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 BUILD=build/thread SAN=thread tsan-bin
	@BUILD=build/thread tests/tsan
tsan-bin: $(addprefix $(BUILD)/,bin/lake-put bin/lake-cat bin/lake-check bin/lake-compact bin/meter unit/lake-compact__crew_test unit/watch_test)
fuzz-replay: $(FUZZBINS)
fuzz: test-deps ## 30 s of fuzzing a target (clang's libFuzzer), SECONDS_EACH=N for longer; 1,000 expressions by lake-cat and filter
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 CC=clang CXX=clang++ FUZZ=1 SAN=fuzzer-no-link,address,undefined \
	    BUILD=build/fuzz LDFLAGS=-fsanitize=fuzzer fuzz-replay
	@tests/fuzz/run build/fuzz $(or $(SECONDS_EACH),30)
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 all
	@tests/fuzz/where $(BUILD) 1000
model: test-deps ## check the protocol by a model, the model by mutations of it, and the core's scripts in the same way (3 minutes)
	@tests/model/run
	@tests/model/guards
fault: test-servers ## pipelines from Kafka to the lake under every fault: nothing lost, nothing doubled (hours; a part: tests/fault/matrix REGEX)
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 tests-bin
	@BUILD=$(BUILD) tests/fault/matrix
bench: test-deps ## the figures of doc/benchmarks.md, each beside a peer in the same run
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 tests-bin
	@tests/bench/run $(BUILD)
golden: test-deps ## rewrite the golden files (look at the diff)
	@tests/lib/cached $(MAKE) --no-print-directory -s -j2 all
	@BUILD=$(BUILD) tests/golden/run --write
lint: test-deps ## clang-format, shellcheck, mandoc, cppcheck: no finding
	@tests/lint

# weir is compiled anew, because it names the places, and those of `make` may be others.
WEIR := $(wildcard cmd/weir.c cmd/weir/*.c) $(BUILD)/libcommon.a
install: all ## install under DESTDIR and PREFIX
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBEXECDIR) $(MANDIR)/man1 $(MANDIR)/man5 $(MANDIR)/man7 $(BASHCOMP) $(ZSHCOMP) $(FISHCOMP))
	$(CC) $(CPPFLAGS) $(ALLCFLAGS) $(LDFLAGS) -Wl,--as-needed -o $(DESTDIR)$(BINDIR)/weir $(WEIR) $(LDLIBS)
	install -m755 $(FILTERS:%=$(BUILD)/bin/%) $(DESTDIR)$(LIBEXECDIR)
	install -m644 $(wildcard man/*.1) $(DESTDIR)$(MANDIR)/man1
	install -m644 $(wildcard man/*.5) $(DESTDIR)$(MANDIR)/man5
	install -m644 $(wildcard man/*.7) $(DESTDIR)$(MANDIR)/man7
	install -m644 completions/weir.bash $(DESTDIR)$(BASHCOMP)/weir
	install -m644 completions/weir.zsh $(DESTDIR)$(ZSHCOMP)/_weir
	install -m644 completions/weir.fish $(DESTDIR)$(FISHCOMP)/weir.fish
uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/weir $(addprefix $(DESTDIR)$(MANDIR)/man1/,$(notdir $(wildcard man/*.1)))
	rm -f $(addprefix $(DESTDIR)$(MANDIR)/man5/,$(notdir $(wildcard man/*.5)))
	rm -f $(addprefix $(DESTDIR)$(MANDIR)/man7/,$(notdir $(wildcard man/*.7)))
	rm -f $(DESTDIR)$(BASHCOMP)/weir $(DESTDIR)$(ZSHCOMP)/_weir $(DESTDIR)$(FISHCOMP)/weir.fish
	rm -rf $(DESTDIR)$(LIBEXECDIR)
html: deps ## the manuals as pages to browse, in build/html
	@tests/deps html
	@$(MAKE) --no-print-directory -s -j2 all
	@packaging/site/make $(BUILD)/weir build/html
	@echo 'html: build/html/index.html'
deb: deps ## Debian packages of HEAD in build/deb: built twice with the same bytes, and without a finding of lintian
	@tests/deps deb
	@packaging/deb
deb-test: deb ## install the packages into a bare Debian 12, run the first recipe, upgrade, remove, purge (as root)
	@tests/deps bare
	@packaging/bare bookworm
deb-13: ## the same of packages that are built in a bare Debian 13 (as root; minutes)
	@tests/deps bare
	@packaging/deb-in trixie
	@packaging/bare trixie build/deb-trixie
first-count: deb all $(BUILD)/servers/kadmin ## the commands of README from a bare Debian 12 to a count from a real Kafka, by the package (as root)
	@tests/deps bare
	@tests/deps test
	@tests/servers/kafka install
	@packaging/first-count bookworm $(BUILD)
image: ## both stages of packaging/Containerfile, each in a bare Debian 12; what they make runs a pipeline (as root; minutes)
	@tests/deps bare
	@packaging/image
sbom: all ## what the programs are linked with, as SPDX, in build
	@tests/deps sbom
	@packaging/sbom $(BUILD) >build/weir-$(VERSION).spdx.json
dist: ## a source archive of HEAD; what is in it builds without a network
	@tests/deps git
	@mkdir -p build
	git archive --prefix=weir-$(VERSION)/ -o build/weir-$(VERSION).tar.gz HEAD
dist-test: deps dist ## build and install what is in the source archive, without a network (as root; minutes)
	@packaging/dist-test build/weir-$(VERSION).tar.gz
clean: ## remove what was built
	rm -rf build
help: ## print this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

.PHONY: all tests-bin kill-bin deps test-deps test-servers demo test check check-san check-tsan tsan-bin fuzz fuzz-replay fault model bench golden lint install uninstall html deb deb-test deb-13 first-count image sbom dist dist-test clean help
