#!/usr/bin/env bats
# Acknowledgements that nobody reads.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo stream
}

# The sink reports what it waits for, and one signal ends it.
assert_told() { # assert_told DEAF_OPTION...
	start_bg source bash -c 'exec python3 "$@" >stream' - "$WEIR_ROOT/tests/lib/deaf.py" "$@"
	start_bg sink weir lake-put T <stream
	wait_for 20 grep -q 'waiting for the source, which takes no acknowledgements' sink.err
	stop_bg sink
	assert_status 75
	assert_stderr_contains 'cannot acknowledge to consume: Connection timed out'
	[ ! -e T ]
	stop_bg source
}

@test "a source that takes no acknowledgements: told after a second, and a signal ends the sink" {
	assert_told 20000
}

@test "a source that accepts nobody: told after a second, and a signal ends the sink" {
	assert_told 1 full
}
