# consume while brokers die and come back; each test has a broker of its own.
# bats file_tags=server
# shellcheck disable=SC2154,SC2317 # stderr comes from the helpers; wait_for calls functions
load ../lib/weir

kafka() {
	"$WEIR_ROOT/tests/servers/kafka" "$1" "$BATS_TEST_TMPDIR/kafka" 3>&-
}

setup() {
	start_kafka
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
}

says() { # says FILE TEXT
	grep -qF "$2" "$BATS_TEST_TMPDIR/$1.err"
}

has_lines() { # has_lines FILE COUNT
	[ "$(wc -l <"$BATS_TEST_TMPDIR/$1")" -ge "$2" ]
}

@test "the broker is killed and comes back: reading goes on, nothing is missing or doubled" {
	local topic
	topic=$(new_topic)
	seq 1000 | kcat -P -b "$WEIR_BROKERS" -t "$topic"
	start_bg consume weir consume "$topic"
	start_bg member weir consume -g g -X session.timeout.ms=6000 "$topic"
	wait_for 10 has_lines consume.out 1000
	wait_for 10 has_lines member.out 1000
	sleep 0.3
	kafka kill
	wait_for 20 says consume 'no answer: '
	kafka restart
	wait_for 20 says consume 'the brokers answer again'
	seq 1001 2000 | kcat -P -b "$WEIR_BROKERS" -t "$topic"
	wait_for 20 has_lines consume.out 2000
	wait_for 40 has_lines member.out 2000
	stop_bg consume
	assert_status 0
	cmp "$BATS_TEST_TMPDIR/consume.out" <(seq 2000)
	stop_bg member
	assert_status 0
	sort -nu "$BATS_TEST_TMPDIR/member.out" | cmp - <(seq 2000)
	assert_equal "$(weir lag --format json -g g "$topic" | jq .lag)" 0
}

@test "the broker is stopped while a topic is read: --to end waits, and gives up with 75 after --timeout" {
	local topic
	topic=$(new_topic)
	head -c 50000000 /dev/zero | tr '\0' x | fold -w 1000 | kcat -P -b "$WEIR_BROKERS" -t "$topic"
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 5<>"$BATS_TEST_TMPDIR/pipe"
	start_bg consume sh -c "exec weir consume --timeout 3s --memory 1M -X queued.max.messages.kbytes=1024 --to end $topic \
		>$BATS_TEST_TMPDIR/pipe 5>&-"
	head -c 100000 <&5 >/dev/null
	kafka kill
	wc -l <"$BATS_TEST_TMPDIR/pipe" 5>&- 3>&- >"$BATS_TEST_TMPDIR/count" &
	reader=$!
	wait_bg consume 60
	exec 5>&-
	wait $reader
	assert_status 75
	assert_stderr_contains 'no answer for 3 s: '
	[ "$(<"$BATS_TEST_TMPDIR/count")" -lt 49999 ]
}

@test "the broker is killed and restarted in the middle of --to end: all records, once" {
	local topic
	topic=$(new_topic)
	seq 3000000 | kcat -P -b "$WEIR_BROKERS" -t "$topic" -X queue.buffering.max.messages=1000000
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 5<>"$BATS_TEST_TMPDIR/pipe"
	start_bg consume sh -c "exec weir consume --memory 1M -X queued.max.messages.kbytes=1024 --to end $topic \
		>$BATS_TEST_TMPDIR/pipe 5>&-"
	head -c 100000 <&5 >"$BATS_TEST_TMPDIR/a"
	kafka kill
	cat "$BATS_TEST_TMPDIR/pipe" 5>&- 3>&- >"$BATS_TEST_TMPDIR/b" &
	reader=$!
	sleep 1
	kafka restart
	wait_bg consume 60
	exec 5>&-
	wait $reader
	assert_status 0
	cat "$BATS_TEST_TMPDIR"/{a,b} | cmp - <(seq 3000000)
}

@test "no broker at the last commit: 75, and the records come again" {
	local topic
	topic=$(new_topic)
	seq 1000 | kcat -P -b "$WEIR_BROKERS" -t "$topic"
	start_bg consume weir consume -g g -X session.timeout.ms=6000 -X auto.commit.interval.ms=600000 "$topic"
	wait_for 10 has_lines consume.out 1000
	kafka kill
	stop_bg consume TERM 60
	assert_status 75
	assert_stderr_contains 'the last commit failed'
	kafka restart
	run_sh "weir consume -g g --to end $topic | cmp - <(seq 1000)"
	assert_success
}

@test "the topic is deleted while it is read: 78" {
	local topic
	topic=$(new_topic)
	seq 10 | kcat -P -b "$WEIR_BROKERS" -t "$topic"
	start_bg consume weir consume -X topic.metadata.refresh.interval.ms=300 -X topic.metadata.propagation.max.ms=1000 "$topic"
	wait_for 10 has_lines consume.out 10
	kadmin delete "$topic"
	wait_bg consume 60
	assert_status 78
	assert_stderr_contains "topic '$topic'"
}
