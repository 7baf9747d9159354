#!/usr/bin/env bats
# The source's core decides and touches nothing: it links with libc and a few files of common/base.
load ../lib/weir

@test "the core of sources links with libc, strbuf and alloc alone, and passes its scripts so" {
	objects=() scripts=0
	for source in common/stream/{session*,cursors,progress,starts,where,anew}.c common/base/{alloc,strbuf,diag,control}.c; do
		[ -e "$BATS_TEST_DIRNAME/../../$source" ]
		objects+=("$BUILD/${source%.c}.o")
	done
	flags=()
	[[ $BUILD != *address-undefined* ]] || flags=("-fsanitize=address,undefined")
	for test in "$BUILD"/tests/unit/session*_test.o; do
		cc "${flags[@]}" -o "$BATS_TEST_TMPDIR/core" "$test" "${objects[@]}"
		run "$BATS_TEST_TMPDIR/core"
		[ "$status" = 0 ]
		scripts=$((scripts + $(grep -c ^ok <<<"$output")))
	done
	[ "$scripts" -gt 35 ]
}

@test "nothing of the core knows Kafka, descriptors, clocks or messages" {
	cd "$BATS_TEST_DIRNAME/../../common/stream"
	run grep -nE 'rdkafka|unistd|poll\.h|time\.h|clock_|warn\(|printf|jansson' session*.[ch] cursors.[ch] progress.[ch] starts.[ch] where.[ch] anew.[ch]
	[ "$status" = 1 ]
}
