#!/usr/bin/env bats
# aggregate beside DuckDB, Miller and exact arithmetic, on random, real and many records.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

peers() { # peers ARGUMENT...
	python3 "$WEIR_ROOT/tests/lib/peersdiff.py" "$@"
}

@test "aggregate: counts, sums, means, variances, quantiles of small groups are DuckDB's and Miller's, and exact" {
	for seed in 1 2 3; do peers random $seed; done
}

@test "aggregate: windows are those of DuckDB" {
	for seed in 1 2; do peers windows $seed; done
}

@test "aggregate: sketches keep their bounds on uniform, Zipf, log-normal, sorted and adversarial numbers" {
	peers sketches
}

@test "aggregate: the packages of this machine by section and by day" {
	peers packages
}

@test "aggregate: a million events, as DuckDB" {
	"$BUILD/bench/gen" events 150M >a.json
	peers events "$PWD/a.json"
}
