#!/usr/bin/env bats
# The life of consume in a group: when it has read everything, and when it is over.
# bats file_tags=server
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	group=$(unique_group)
}

# Two partitions with one record in each that no pipe holds.
two_large_records() {
	topic=$(new_topic 2)
	for partition in 0 1; do
		head -c 600000 /dev/zero | tr '\0' "$partition" | weir produce -p "$partition" "$topic"
	done
}

has_bytes() { # has_bytes FILE COUNT
	[ "$(stat -c %s "$1")" -ge "$2" ]
}

@test "partitions go to another member while a record is half written: 0 only when all was read" {
	two_large_records
	local options=(-g "$group" -X session.timeout.ms=6000 -X max.poll.interval.ms=6000 "$topic")
	mkfifo pipe go
	start_bg reader bash -c 'exec <pipe; head -c 100; read -r _ <go; cat'
	start_bg first bash -c 'exec weir consume --to end "$@" >pipe' - "${options[@]}"
	wait_for 30 has_bytes reader.out 100
	# The other member reads one of them, which the first one gives up after 3 s, and leaves.
	run_weir consume -n 1 "${options[@]}"
	assert_status 0
	assert_equal "${#output}" 600000
	printf '%s\n' "$output" >second.out
	echo >go
	wait_bg first
	assert_status 0
	wait_bg reader
	assert_equal "$(cut -c 1 reader.out second.out | sort -u | tr -d '\n')" 01
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}
