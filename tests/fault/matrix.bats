#!/usr/bin/env bats
# A sample of the fault matrix, which `make fault` runs in full: nothing lost, nothing doubled.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

matrix() { # matrix REGEX...: a sample of the cases of these names
	run_logged "$WEIR_ROOT/tests/fault/matrix" --sample --jobs 6 "$@"
	assert_status 0
}

@test "kill -9 at kill points: every record is in the lake once" {
	matrix '^kill -9 .* at '
}

@test "kill -9, SIGTERM and SIGSTOP, zombies, pipelines that join and leave: every record is in the lake once" {
	matrix 'random times' SIGSTOP zombie 'join and leave'
}

@test "brokers and connections that break, requests that are refused: every record is in the lake once" {
	matrix broker connections answer
}

@test "full disks, a lake that becomes read-only: every record is in the lake once" {
	needs_mounts
	matrix '^no .* left' read-only
}

@test "transactions, compaction, retention, topics made anew: every record is in the lake once, or an error" {
	matrix transactions compaction retention "^topic made anew"
}

@test "a filter with state dies, or those around it: the lake holds what a run without faults gives, row for row" {
	matrix ' --state at ' 'beside state at' 'behind state at' 'with state' 'state directory'
}

@test "windows are open while programs die: the lake has each of them once, with all that is in it" {
	matrix '^windows: '
}
