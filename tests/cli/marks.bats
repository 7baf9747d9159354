#!/usr/bin/env bats
# The marks that consume writes, byte for byte: other programs read them, and a change needs a new version.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	topic=$(new_topic 2) group=$(unique_group)
}

# The marks of a stream, without the parts that differ in each run.
marks_of() { # marks_of FILE
	local run
	run=$(head -n 1 "$1" | grep -ao '"run":"[0-9a-f]*' | cut -d '"' -f 4)
	grep -a $'^\x17' "$1" | tr -d '\027' |
		sed "s/\"$run\"/\"RUN\"/g; s/\[\"[0-9a-f]\{16\}\",/[\"BEFORE\",/g; s/$topic/TOPIC/g; s/$group/GROUP/g; s/\"t\":\[[0-9]*,[0-9]*\]/\"t\":[T,T]/
			s/\"socket\":\"[^\"]*\"/\"socket\":\"SOCKET\"/; s/\"cluster\":\"[^\"]*\"/\"cluster\":\"CLUSTER\"/; s/\"crc\":\"[0-9a-f]\{8\}\"}/\"crc\":\"CRC\"}/
			s/,\"done\":[0-9]*//" # this depends on the speed of the sink
}

# Records with times of their own, so that `ts`, `wm` and `last` are always the same.
fill() { # fill PARTITION FIRST LAST
	local i
	for ((i = $2; i <= $3; i++)); do
		printf '{"key":"k","value":"%d","partition":%d,"timestamp":%d}\n' "$i" "$1" $((1700000000000 + i))
	done | weir produce --format json --keep partition,timestamp "$topic"
}

run_to_end() {
	weir consume -g "$group" --batch 1h,2 -p 0,1 --to end "$topic" | tee stream | weir lake-put lake
}

@test "a run from the beginning, and one that goes on" {
	fill 0 1 3
	run_to_end
	marks_of stream >first
	fill 1 4 5
	run_to_end
	marks_of stream >second
	assert_files_equal first "$WEIR_ROOT/tests/golden/marks/first"
	assert_files_equal second "$WEIR_ROOT/tests/golden/marks/second"
}
