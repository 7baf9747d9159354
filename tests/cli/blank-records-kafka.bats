#!/usr/bin/env bats
# Blank records from and to Kafka, where a tombstone or an empty value is one (mock cluster).
# shellcheck disable=SC2154 # status and stderr come from the helpers
load ../lib/weir
load ../lib/lake

setup_file() {
	export BLANKS=$WEIR_ROOT/tests/lib/blanks.py STREAMS=$BATS_FILE_TMPDIR
	"$BLANKS" make "$STREAMS"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	start_bg broker weir mock-broker --topic t:1 --port-file port
	wait_for 10 test -s port
	WEIR_BROKERS=$(<port)
	export WEIR_BROKERS
}

# Records as `consume --format json` writes them: a tombstone, an empty value, a value.
record() { # record KEY VALUE, as JSON
	printf '{"key":"%s","value":%s}\n' "$1" "$2"
}

numbers() { # numbers FROM TO
	local i
	for ((i = $1; i <= $2; i++)); do record "k$i" "\"{\\\"a\\\":$i}\""; done
}

@test "blank records: produce, and consume of what it has written" {
	local place blank plain null
	for blank in empty cr space dle etb; do
		for place in first edge nul; do
			plain=() null=()
			[ "$place" != nul ] || null=(-0)
			[[ $blank/$place != etb/@(first|nul) ]] || plain=(--plain)
			echo "$place, $blank"
			weir produce "${plain[@]}" "${null[@]}" -p 0 "$place-$blank" "$STREAMS/$place-$blank"
			weir consume "${plain[@]}" "${null[@]}" --to end "$place-$blank" >out
			assert_files_equal out "$STREAMS/$place-$blank"
		done
	done
}

@test "blank records: produce --format json names the record" {
	local blank
	for blank in empty cr space dle; do
		run_weir produce --format json t "$STREAMS/first-$blank"
		assert_status 65
		assert_stderr_contains 'record 1'
		run_weir produce --format json t "$STREAMS/edge-$blank"
		assert_status 65
	done
}

# Run the topic t through `weir $@` into the table `lake`; the statuses go to the file `codes`.  The group is not joined:
# the mock cluster would let the next run wait for the session of the one before to end.
pipeline() {
	rm -f codes
	weir consume -g g -p 0 --batch 100ms --to end t 2>consume.err | weir "$@" 2>filter.err |
		weir lake-put lake 2>lake.err && echo "${PIPESTATUS[*]}" >codes || echo "${PIPESTATUS[*]}" >codes
	cat consume.err filter.err lake.err
}

@test "a tombstone before 2000 records: filter says where it is, clean --rejects goes on" {
	local -a filter
	local line
	{ record k null && numbers 1 2000; } | weir produce --format json t
	for line in 'filter .a' 'filter --fields .a true' 'aggregate -g .a count' \
		'detect --state none --by .a --value .a zscore'; do
		read -ra filter <<<"$line"
		pipeline "${filter[@]}"
		assert_equal "$(cut -d ' ' -f 2 codes)" 65
		grep -q 'record 1, byte 1: a value was expected' filter.err
		[ ! -e lake/_weir_log ]
	done
	pipeline clean -e 'require .a' --rejects rejects
	assert_equal "$(<codes)" '0 1 0'
	assert_lake lake <(seq -f '{"a":%.0f}' 2000)
	assert_equal "$(jq -c '[.record, .data]' rejects)" '[1,""]'
}

@test "an empty value after what is committed: the restart goes on by clean --rejects" {
	local run
	numbers 1 3 | weir produce -p 0 --format json t
	pipeline filter .a
	assert_equal "$(<codes)" '0 0 0'
	{ record x '""' && record x '" \r"' && numbers 4 6; } | weir produce -p 0 --format json t
	for run in 1 2; do
		echo "run $run"
		pipeline filter .a
		assert_equal "$(cut -d ' ' -f 2 codes)" 65
		grep -q 'record 1, byte 1: a value was expected' filter.err
	done
	pipeline clean -e 'require .a' --rejects rejects
	assert_equal "$(<codes)" '0 1 0'
	assert_lake lake <(seq -f '{"a":%.0f}' 6)
	assert_equal "$(jq -c '[.record, .data]' rejects)" $'[1,""]\n[2," \\r"]'
}

@test "a tombstone first: lake-put with the time of a field names it" {
	{ record k null && numbers 1 3; } | weir produce --format json t
	weir consume -g g -p 0 --batch 100ms --to end t 2>consume.err |
		run_weir lake-put --partition-by d=%Y --time .a lake >out || true
	cat out
	grep -q 'record 1, byte 1: a value was expected' out
	grep -q '^status: 65$' out
}
