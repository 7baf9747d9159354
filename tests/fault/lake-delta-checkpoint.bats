#!/usr/bin/env bats
# lake-put when it is killed around a checkpoint of a Delta table.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
	log=T/_delta_log
	killed=$BUILD/kill/bin/lake-put
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
}

put() { # put NUMBER [NAME=VALUE...]: a commit of its own, with an id; a checkpoint is due after two more
	echo "{\"n\":$1}" >in
	env WEIR_CHECKPOINT_EVERY=2 "${@:2}" "$killed" --table delta --schema 'n int' --id "$1" T in
}

@test "killed around a checkpoint: the commit is there, and the next run makes one" {
	for n in 1 2 3 4; do
		put "$n"
	done
	assert_equal "$(cd "$log" && echo *.checkpoint.parquet)" 00000000000000000002.checkpoint.parquet
	cp -r T before
	for point in committed published before-checkpoint before-link:2 after-link:2 checkpoint-written; do
		rm -rf T
		cp -r before T
		run put 5 WEIR_KILL_AT="$point"
		assert_equal "$point $status" "$point 137"
		put 5 2>/dev/null
		put 6
		put 7
		[ "$(cd "$log" && echo *.checkpoint.parquet)" != 00000000000000000002.checkpoint.parquet ]
		rm -f "$log"/0000000000000000000[0-3].json
		assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | jq .n | paste -sd ' ')" '1 2 3 4 5 6 7'
	done
}
