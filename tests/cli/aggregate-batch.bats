#!/usr/bin/env bats
# aggregate --batch-time: rows with the times of their batch; and the groups.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKS=$WEIR_ROOT/tests/lib/marks.py
	cd "$BATS_TEST_TMPDIR" || return
	printf 'S\nR 0 0:-:0\n{"k":"b"}\n{"k":"a"}\n{"k":"b"}\nB 1 0:0:3\n{"k":"a"}\nB 2 0:3:4 t=1000000013500\nB 3 0:4:4\nF 3\n' |
		python3 "$MARKS" >in
}

@test "batch-time: the times of the mark, before the key" {
	run_sh "weir aggregate --batch-time -g .k count <in | grep -av '^.{\"v\"'"
	assert_status 0
	assert_output '{"batch_start":"2001-09-09T01:46:42Z","batch_end":"2001-09-09T01:46:43Z","k":"a","count":1}
{"batch_start":"2001-09-09T01:46:42Z","batch_end":"2001-09-09T01:46:43Z","k":"b","count":2}
{"batch_start":"2001-09-09T01:46:52.500Z","batch_end":"2001-09-09T01:46:53.500Z","k":"a","count":1}'
	# they are columns like any other
	run_sh "weir aggregate --batch-time -g .k --sort -batch_end,-count --having '.batch_start < \"2001-09-09T01:46:45Z\"' --format tsv count <in | grep -av '^.{\"v\"'"
	assert_status 0
	assert_output $'batch_start\tbatch_end\tk\tcount
2001-09-09T01:46:42Z\t2001-09-09T01:46:43Z\tb\t2
2001-09-09T01:46:42Z\t2001-09-09T01:46:43Z\ta\t1'
	# a rate is of the same time
	run_sh "weir aggregate --batch-time rate <in | grep -av '^.{\"v\"' | head -n 1"
	assert_output '{"batch_start":"2001-09-09T01:46:42Z","batch_end":"2001-09-09T01:46:43Z","rate":3.0}'
}

@test "batch-time: a plain stream has no batches, windows and partial results have no one batch" {
	local input
	for input in '{"k":1}' ''; do
		run_sh "printf '%s' '$input' | weir aggregate --batch-time count"
		assert_status 2
		assert_output ''
		assert_stderr "weir aggregate: --batch-time is for marked streams (consume --batch): a plain one has no batches (try 'weir aggregate --help')"
	done
	for input in '--window=tumbling 1m --time .t --lateness 0s' --partial --merge; do
		run_sh "weir aggregate --batch-time ${input/=tumbling 1m/ \"tumbling 1m\"} count <in"
		assert_status 2
		assert_stderr_contains '--batch-time cannot be combined with'
	done
	run_weir aggregate --batch-time -g .batch_start count in
	assert_status 2
	assert_stderr_contains "two columns are called 'batch_start'"
	run_weir aggregate --batch-time batch_end=count in
	assert_status 2
}

@test "grouping is -g or --by in programs for records, and nothing else" {
	printf '{"k":"a","v":1}\n{"k":"b","v":9}\n{"k":"a","v":1}\n' >plain
	run_weir aggregate -g .k count plain
	printf '%s\n' "$output" >one
	run_weir aggregate --by .k count plain
	assert_status 0
	assert_output "$(cat one)"
	run_weir detect --by .k 'new .v' --all plain
	printf '%s\n' "$output" >one
	run_weir detect -g .k 'new .v' --all plain
	assert_status 0
	assert_output "$(cat one)"
	assert_equal "$(wc -l <one)" 3
	run_weir aggregate --group .k count plain
	assert_status 2
}
