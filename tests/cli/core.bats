#!/usr/bin/env bats
# The cores of sources and of sinks have no side effects: they link with only libc and a few files of common/base.
load ../lib/weir

# Link the tests TEST with the files CORE of common/stream and with little else, run them, and set $scripts.
run_alone() { # run_alone TEST-GLOB CORE...
	local source test objects=() flags=()
	scripts=0
	for source in "${@:2}"; do objects+=("$BUILD/common/stream/$source.o"); done
	for source in $(<"$WEIR_ROOT/tests/model/base"); do objects+=("$BUILD/common/base/$source.o"); done
	[[ $BUILD != *address-undefined* ]] || flags=("-fsanitize=address,undefined")
	for test in "$BUILD"/tests/unit/$1_test.o; do
		cc "${flags[@]}" -o "$BATS_TEST_TMPDIR/core" "$test" "${objects[@]}"
		run "$BATS_TEST_TMPDIR/core"
		[ "$status" = 0 ]
		scripts=$((scripts + $(grep -c ^ok <<<"$output")))
	done
}

# The names of the files of common/stream that GLOBs match, without .c.
stems() { # stems GLOB...
	(cd "$WEIR_ROOT/common/stream" && eval "ls ${*/%/.c}" | sed 's/\.c$//')
}

@test "the core of sources links with libc, strbuf and alloc alone, and passes its scripts so" {
	mapfile -t core < <(stems 'session*' cursors progress starts where recreated)
	run_alone 'session*' "${core[@]}"
	[ "$scripts" -gt 35 ]
}

@test "the core of sinks links with libc, strbuf and alloc alone, and passes its scripts so" {
	run_alone 'sink_core*' sink_core chain
	[ "$scripts" -gt 8 ]
}

@test "nothing of the cores knows Kafka, descriptors, clocks or messages" {
	cd "$WEIR_ROOT/common/stream"
	run grep -nE 'rdkafka|unistd|poll\.h|time\.h|clock_|warn\(|printf|jansson' session*.[ch] cursors.[ch] progress.[ch] starts.[ch] where.[ch] recreated.[ch] sink_core.[ch] chain.[ch]
	[ "$status" = 1 ]
}
