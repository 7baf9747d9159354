#!/usr/bin/env bats
# The life of consume in a group: when it has read everything, and when it ends.
# bats file_tags=server,long
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir
load ../lib/group
load ../lib/lake

setup() {
	group_setup
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

# --- a group that does not form ---------------------------------------------------------------------

# The broker of this test, changed by a sed expression.
changed_kafka() { # changed_kafka SED-EXPRESSION
	start_kafka own
	"$WEIR_ROOT/tests/servers/kafka" stop own
	sed -i "$1" own/server.properties
	"$WEIR_ROOT/tests/servers/kafka" restart own 3>&-
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	topic=$(unique_topic)
	"$BUILD/servers/kadmin" "$WEIR_BROKERS" create "$topic" 1
	seq 3 | weir produce "$topic"
}

# Both kinds of stream end with 75 after 3 s, and have reported before what they wait for.
assert_does_not_form() { # assert_does_not_form REASON
	run_weir consume -g "$group" --timeout 3s --to end "$topic"
	assert_status 75
	assert_stderr_contains "weir consume: waiting for the group '$group': "
	assert_stderr_contains '; trying for 3 s (--timeout)'
	assert_stderr_contains "the group '$group' has not formed for 3 s: $1"
	run_sh "weir consume -g $group --batch 1s --timeout 3s --to end $topic | weir lake-put lake; echo \"\${PIPESTATUS[@]}\""
	assert_output '75 75'
	assert_stderr_contains "the group '$group' has not formed for 3 s: $1"
}

@test "a group without a coordinator, because its topic cannot be made: told, then 75" {
	changed_kafka 's/offsets.topic.replication.factor=1/offsets.topic.replication.factor=3/'
	assert_does_not_form 'the brokers have named no coordinator'
}

@test "a coordinator under a name that does not resolve: told, then 75 with the name" {
	changed_kafka 's/^group.initial/#&/'
	"$WEIR_ROOT/tests/servers/kafka" stop own
	sed -E -n 's,^listeners=(.*)\,CONTROLLER.*,advertised.listeners=\1,p' own/server.properties | sed 's/127.0.0.1/nohost.invalid/g' >advertised
	cat advertised >>own/server.properties
	"$WEIR_ROOT/tests/servers/kafka" restart own 3>&-
	assert_does_not_form 'nohost.invalid:'
}

@test "a coordinator that is down while another broker answers: told, then 75" {
	mkfifo in
	start_bg mock weir mock-broker --brokers 2 --control --topic t:2 --port-file port <>in
	exec 7>in
	wait_for 10 test -s port
	WEIR_BROKERS=$(<port) topic=t
	printf 'leader t 0 1\nleader t 1 1\ncoordinator group %s 2\n' "$group" >&7
	seq 10 | weir produce "$topic"
	run_weir consume -g "$group" --to end "$topic"
	assert_status 0
	echo 'down 2' >&7
	assert_does_not_form '127.0.0.1:'
	exec 7>&-
}

@test "a group that refuses a member again and again: told, then 75" {
	changed_kafka '$a group.max.size=1'
	start_bg member weir consume -g "$group" "$topic"
	wait_for 30 has_bytes member.out 6
	assert_does_not_form 'JoinGroup failed: Broker: Consumer group has reached maximum size'
}

@test "a group whose members want another protocol: 78, naming the group" {
	topic=$(new_topic)
	seq 3 | weir produce "$topic"
	start_bg member weir consume -g "$group" -X partition.assignment.strategy=roundrobin "$topic"
	wait_for 30 has_bytes member.out 6
	run_weir consume -g "$group" -X partition.assignment.strategy=range "$topic"
	assert_status 78
	assert_stderr_contains "the group '$group'"
}

@test "a rebalance that another member holds is an answer: --timeout does not end it, max.poll.interval.ms does" {
	topic=$(new_topic)
	seq 3 | weir produce "$topic"
	start_bg member weir consume -g "$group" "$topic"
	wait_for 30 has_bytes member.out 6
	kill -STOP "$bg_pid"
	run_weir consume -g "$group" -X session.timeout.ms=6000 -X max.poll.interval.ms=6000 --timeout 1s --to end "$topic"
	assert_status 75
	assert_stderr_contains "other members of the group '$group' have not joined again for 6 s (max.poll.interval.ms)"
	[[ $stderr != *'(--timeout)'* ]]
}

# --- a member that is replaced ----------------------------------------------------------------------

@test "two members with one --instance-id: the older one ends at once with 78" {
	topic=$(new_topic)
	seq 3 | weir produce "$topic"
	start_bg older weir consume -g "$group" --instance-id a "$topic"
	wait_for 30 has_bytes older.out 6
	start_bg newer weir consume -g "$group" --instance-id a "$topic"
	wait_bg older
	assert_status 78
	assert_stderr_contains "another member has joined the group '$group' with the same instance id 'a'"
	echo more | weir produce "$topic"
	wait_for 30 grep -q more newer.out
	stop_bg newer
	assert_status 0
}

@test "two pipelines with one --instance-id: 78 75, the newer one goes on; also when the older one was stopped meanwhile" {
	for stopped in no yes; do
		topic=$(new_topic) group=$(unique_group)
		rm -rf lake
		seq 4 | weir produce "$topic"
		start_bg older bash -c 'weir consume -g "$1" --instance-id h --batch 200ms "$2" | weir lake-put --commit-every 200ms lake; echo "${PIPESTATUS[@]}"' - "$group" "$topic"
		wait_for 30 lake_has lake 4
		consume=$(pgrep -x consume -g "$(<older.pid)")
		[ $stopped = no ] || kill -STOP "$consume"
		start_bg newer bash -c 'weir consume -g "$1" --instance-id h --batch 200ms "$2" | weir lake-put --commit-every 200ms lake; echo "${PIPESTATUS[@]}"' - "$group" "$topic"
		[ $stopped = yes ] || wait_bg older
		seq 5 9 | weir produce "$topic"
		wait_for 30 lake_has lake 9
		[ $stopped = no ] || { sleep 1.5 && kill -CONT "$consume"; }
		wait_bg older
		assert_output '78 75'
		assert_stderr_contains "with the same instance id 'h'"
		kill -TERM "$(pgrep -x consume -g "$(<newer.pid)")"
		wait_bg newer
		assert_output '0 0'
		assert_lake lake <(seq 9)
	done
}

# --- commits that are refused, or not answered ------------------------------------------------------

@test "-g -p while the group has members: 78 at the first commit" {
	topic=$(new_topic 2)
	seq 100 | weir produce "$topic"
	start_bg member weir consume -g "$group" "$topic"
	wait_for 30 has_bytes member.out 200
	run_weir consume -g "$group" -p 0 --reset "$topic"
	assert_status 78
	assert_stderr_contains "cannot commit for the group '$group': Broker: Unknown member; it has members"
	run_weir consume -g "$group" -p 1 --reset --to end "$topic"
	assert_status 78
}

@test "commits that are not answered: told, then 75" {
	mkfifo in
	start_bg mock weir mock-broker --brokers 2 --control --topic t:2 --port-file port <>in
	exec 7>in
	wait_for 10 test -s port
	WEIR_BROKERS=$(<port)
	printf 'leader t 0 1\nleader t 1 1\ncoordinator group %s 2\n' "$group" >&7
	seq 10 | weir produce t
	start_bg member weir consume -g "$group" --timeout 3s t
	wait_for 30 has_bytes member.out 20
	echo 'down 2' >&7
	seq 10 | weir produce t
	wait_bg member
	assert_status 75
	assert_stderr_contains "cannot commit for the group '$group': "
	assert_stderr_contains 'trying for 3 s (--timeout)'
	exec 7>&-
}

# --- sinks that do not answer -----------------------------------------------------------------------

@test "a sink that says hello and acknowledges nothing: SIGTERM ends the run with 75 after --drain-timeout" {
	topic=$(new_topic)
	seq 3 | weir produce "$topic"
	mute
	start_bg run bash -c 'weir consume -g "$1" --batch 200ms --drain-timeout 2s "$2" | python3 mute.py null; echo "${PIPESTATUS[0]}"' - "$group" "$topic"
	wait_for 30 test -e asked
	kill -TERM "$(pgrep -x consume -g "$(<run.pid)")"
	wait_bg run
	assert_output 75
	assert_stderr_contains 'waiting for the sinks to acknowledge the last batch'
	assert_stderr_contains 'the sinks have not acknowledged the last batch within 2 s (--drain-timeout)'
}

@test "a sink that tells a position that is none: a message and the end" {
	topic=$(new_topic)
	mute
	for position in -7 '"x"' 1.5 '[]'; do
		run_sh "weir consume -g $group --batch 200ms --to end $topic | python3 mute.py '$position'; echo \${PIPESTATUS[0]}"
		assert_output 75
		assert_stderr_contains "the sink mute reports no position for topic '$topic', partition 0: $position"
	done
}

# A sink that says hello, tells the position of its argument, and never acknowledges.
mute() {
	cat >mute.py <<-'END'
		import json, re, socket, sys
		mark = json.loads(sys.stdin.buffer.readline()[1:])
		s = socket.socket(socket.AF_UNIX)
		s.connect(mark["socket"])
		hello = {"m": "hello", "v": 2, "run": mark["run"], "sink": "mute", "pid": 1}
		s.sendall(json.dumps(hello).encode() + b"\n")
		for line in sys.stdin.buffer:
		    if line[:1] != b"\x17":
		        continue
		    mark = json.loads(line[1:])
		    if mark["k"] == "Q":
		        position = json.loads(sys.argv[1])
		        at = {t: {str(p): position for p in l} for t, l in mark["ask"].items()}
		        s.sendall(json.dumps({"m": "at", "q": mark["b"], "at": at}).encode() + b"\n")
		        open("asked", "w").close()
		s.recv(1)
	END
}

# --- topics that are recreated ----------------------------------------------------------------------

@test "a topic that is deleted, recreated and filled beyond the position: 65, with and without a group" {
	for options in '' "-g $group"; do
		for gap in 0 2; do
			topic=$(new_topic)
			seq -f old%g 10 | weir produce "$topic"
			# shellcheck disable=SC2086 # options
			start_bg reader weir consume $options "$topic"
			wait_for 30 grep -q old10 reader.out
			sleep 4 # until after the first check
			kadmin delete "$topic"
			sleep "$gap"
			wait_for 10 kadmin create "$topic" 1
			seq -f new%g 30 | weir produce "$topic"
			wait_bg reader
			case $status in
			65) assert_stderr_contains "topic '$topic', partition 0" ;;
			78) assert_stderr_contains "Unknown topic" ;; # a commit came while the topic did not exist
			*) fail "status $status" ;;
			esac
		done
	done
}

@test "timestamps that go back are not new topic" {
	topic=$(new_topic)
	seq 10 | weir produce "$topic"
	start_bg reader weir consume --from 5 "$topic"
	wait_for 30 has_bytes reader.out 11
	for i in 1 2 3 4; do
		printf '{"timestamp":%d,"value":"x"}\n' $((i * 1000)) | weir produce --format json --keep timestamp "$topic"
		sleep 1.5
	done
	stop_bg reader
	assert_status 0
	assert_stderr ''
	assert_equal "$(wc -l <reader.out)" 9
}

@test "a topic that is deleted while it is read: the message says that it was, and the status is 78" {
	local topic
	topic=$(new_topic)
	seq 3 | weir produce "$topic"
	start_bg plain weir consume -b "$WEIR_TEST_KAFKA" "$topic"
	start_bg batch sh -c "weir consume -b '$WEIR_TEST_KAFKA' -g '$(unique_group)' --batch 500ms '$topic' | weir ack"
	wait_for 20 grep -q 3 "$BATS_TEST_TMPDIR/plain.out"
	wait_for 20 grep -q 3 "$BATS_TEST_TMPDIR/batch.out"
	kadmin delete "$topic"
	wait_bg plain
	assert_status 78
	assert_stderr_contains "topic '$topic' was deleted"
	wait_bg batch
	assert_stderr_contains "topic '$topic' was deleted"
}
