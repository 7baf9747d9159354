#!/usr/bin/env bats
# lake-put --table delta on marked streams: a new table without --schema, and messages that are printed once per
# commit. `marker` replaces consume --batch.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
	export MARKER=$BUILD/servers/marker
}

put_marked() { # put_marked OPTION...: the file in as batches of two records
	"$MARKER" -n 2 <in 2>err | weir lake-put --table delta "$@" T
}

@test "a value that fits into no column is found before the schema is inferred, in the batch that has it" {
	printf '%s\n' '{"n":1}' '{"n":1e400}' '{"n":2}' '{"n":3,"s":["\ud800"]}' '{"n":4.5}' >in
	run_logged put_marked --rejects aside --commit-every 1h
	assert_status 1
	assert_equal "$(jq -c '[.record, .batch, .reason]' aside)" '[2,1,"column n: 1e400 is larger than any double"]
[4,2,"column s.element: \"\\ud800\" has one half of a surrogate pair"]'
	assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | paste -sd ' ')" '{"n": 1.0} {"n": 2.0} {"n": 4.5}'
	rm -r T
	run_logged put_marked --commit-every 1h
	assert_status 65
	[[ $stderr == *'batch 1, record 2, column n: 1e400 is larger than any double'* ]]
	[ ! -e T ]
}

@test "a name that cannot be a column's is found in the batch that has it, while the schema is inferred" {
	printf '%s\n' '{"n":1}' '{"N":2}' '{"":2}' '{"n":3}' >in
	run_logged put_marked --rejects aside --commit-every 1h
	assert_status 1
	assert_equal "$(jq -c '[.record, .batch]' aside | paste -sd ' ')" '[2,1] [3,2]'
	assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | paste -sd ' ')" '{"n": 1} {"n": 3}'
}

@test "--on-new-field ignore names each field once a commit" {
	for n in 1 2 3 4 5 6; do echo "{\"n\":$n,\"x\":1,\"g\":{\"y\":$n}}"; done >in
	run_logged put_marked --schema 'n int, g struct<z int>' --on-new-field ignore --commit-records 4
	assert_status 0
	[ "$(grep -c 'field x: the table has no such column, and it is ignored' <<<"$stderr")" = 2 ]
	[ "$(grep -c 'field g.y: ' <<<"$stderr")" = 2 ]
	rm -r T
	run_logged put_marked --schema 'n int' --on-new-field ignore --commit-every 1h
	assert_status 0
	[ "$(grep -c 'it is ignored' <<<"$stderr")" = 2 ]
}
