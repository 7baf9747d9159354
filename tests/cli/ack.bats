#!/usr/bin/env bats
# ack: ends a marked pipeline for foreign sinks.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
}

@test "records go out plain, into a file and into a pipe, and batches are acknowledged" {
	seq 5 | "$MARKER" -n 2 2>err | weir ack | cat >out
	assert_files_equal out <(seq 5)
	grep -qx 'acked 3' err
	seq 5 | "$MARKER" -n 2 2>err | weir ack >out
	assert_files_equal out <(seq 5)
}

@test "a plain stream is copied" {
	run_sh 'printf "a\nb" | weir ack'
	assert_success
	assert_output $'a\nb'
}

@test "a reader that has gone: 75, and what it did not take is not acknowledged" {
	run_sh 'seq 100000 | $MARKER -n 50000 2>err | weir ack | head -1'
	assert_status 75
	run ! grep -qx 'acked 2' err
}

@test "the source that has gone: 75" {
	seq 5 | "$MARKER" -n 2 2>err | weir each cat | tee saved | weir ack >/dev/null
	run_sh 'cat saved | weir ack'
	assert_status 75
	assert_stderr_contains 'cannot acknowledge to consume'
}

@test "batches are acknowledged while the stream goes on" {
	mkfifo hold
	"$MARKER" -n 1 <hold 2>err | weir ack >out 3>&- &
	exec 5>hold
	echo 1 >&5
	wait_for 10 grep -qx 'acked 1' err
	grep -qx 1 out
	exec 5>&-
	wait_for 10 grep -qx 'acked 2' err
}
