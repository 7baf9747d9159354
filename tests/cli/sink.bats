#!/usr/bin/env bats
# The sink driver (common/stream/sink.h) carries more than lake-put: the smallest sink that holds positions,
# tests/servers/filesink.c, is killed and restarted and has each record once.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA MARKER=$BUILD/servers/marker SINK=$BUILD/servers/filesink
	cd "$BATS_TEST_TMPDIR" || return
}

# The command line of a pipeline from the topic to FILE.
pipeline() { # pipeline ARG...
	echo "weir consume -g $group --batch 100ms -X session.timeout.ms=6000 $* $topic | weir split | $SINK FILE"
}

@test "a plain stream: all of it, or what was there before" {
	seq 3 >in
	run_logged "$SINK" FILE in
	assert_status 0
	assert_files_equal FILE in
	mkfifo fifo
	start_bg sink "$SINK" FILE fifo
	exec 7>fifo
	seq 100000 >&7
	wait_for 10 test "$(stat -c %s FILE)" -gt 6
	stop_bg sink TERM
	exec 7>&-
	assert_status 75
	assert_stderr_contains 'ended by signal 15, nothing is committed'
	run_logged "$SINK" FILE /dev/null
	assert_status 0
	assert_files_equal FILE in
}

@test "a marked stream: it says where it is, and goes on from there" {
	seq 5 | "$MARKER" -n 2 2>err | "$SINK" FILE
	grep -qx 'at -1' err
	seq 9 | "$MARKER" -n 2 2>err | "$SINK" FILE
	grep -qx 'at 5' err
	grep -q '^acked' err
	assert_files_equal FILE <(seq 9)
	run_sh 'seq 20 | "$MARKER" -k 2>err | "$SINK" FILE' # the source dies: what it has not flushed is dropped
	assert_status 75
	# this is noticed at the end of the stream, or earlier because the socket is closed
	[[ $stderr == *'the stream ended without its final mark'* || $stderr == *'cannot acknowledge to consume: Broken pipe'* ]]
	seq 20 | "$MARKER" -n 2 2>err | "$SINK" FILE
	assert_files_equal FILE <(seq 20)
	assert_equal "$(sed -n 2p FILE.at | cut -d ' ' -f 1,2,3)" '20 t 0'
}

@test "from a topic, killed again and again: each record once" {
	topic=$(new_topic 3) group=$(unique_group)
	seq 20000 | weir produce "$topic"
	for i in 1 2 3 4 5 6; do
		start_bg run bash -c "$(pipeline)"
		run=$bg_pid
		[ "$i" != 1 ] || wait_for 30 test -s FILE.at
		sleep "0.$((i * 2))"
		case $i in # the sink alone, or all at once
		[135]) pkill -9 -g "$run" filesink || kill -9 -- "-$run" || : ;; # it may not have begun, or have ended just now
		*) kill -9 -- "-$run" ;;
		esac
		wait_bg run 60 # a sink that was killed before it has connected is waited for, 30 s
		seq $((19901 + i * 100)) $((20000 + i * 100)) | weir produce "$topic"
	done
	run_sh "$(pipeline --to end)"
	assert_status 0
	assert_files_equal <(sort -n FILE) <(seq 20600)
	assert_equal "$(weir lag -g "$group" --format json "$topic" | jq -s 'map(.lag) | add')" 0
}
