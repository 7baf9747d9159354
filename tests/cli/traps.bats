#!/usr/bin/env bats
# tests/fault/TRAPS.md names a test for every trap; each of them exists.
load ../lib/weir

@test "every known trap has tests, and they exist" {
	run_logged python3 "$WEIR_ROOT/tests/lib/traps.py" "$WEIR_ROOT/tests/fault/TRAPS.md"
	assert_success
	assert_output ''
}

@test "a test that does not exist, and a trap that is missing, are found" {
	sed 's/test_a_zombie_commits_nothing/test_never/; /^| T7 /d' "$WEIR_ROOT/tests/fault/TRAPS.md" >"$BATS_TEST_TMPDIR/TRAPS.md"
	run_logged python3 "$WEIR_ROOT/tests/lib/traps.py" "$BATS_TEST_TMPDIR/TRAPS.md"
	assert_output 'F1: unit/lake_log_test.c has no test "test_never"
not all traps are there, each once and in their order'
}
