#!/usr/bin/env bats
# consume --by-time: partitions that are merged by the timestamps of their records.
# bats file_tags=server
# shellcheck disable=SC2016 # $… of jq
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group
load ../lib/lake

setup() {
	group_setup
}

# COUNT clicks, STEP seconds apart, to the topic by user, with their times as timestamps, and their values to clicks.
clicks() { # clicks TOPIC COUNT STEP
	jq -n -c --argjson n "$2" --argjson step "$3" 'range($n) | (1795644000 + . * $step) as $t |
		"u\(. * 7919 % 503)" as $u | {key: $u, timestamp: ($t * 1000 + 867),
		value: ({ts: ($t | todate), user: $u, n: .} | tojson)}' >records
	weir produce --format json --keep timestamp "$1" <records
	jq -r .value records >clicks
}

# "TIME PARTITION OFFSET" in FILE: times never fall, and offsets of a partition only grow.
assert_by_time() { # assert_by_time FILE
	sort -c -n -k 1,1 "$1"
	assert_in_order "$1"
}

assert_in_order() { # assert_in_order FILE
	awk '($2 in last) && $3 <= last[$2] { print "offset " $3 " after " last[$2]; bad = 1 } { last[$2] = $3 }
		END { exit bad }' "$1"
}

@test "--by-time: records of all partitions in the order of their times, with and without a group" {
	topic=$(new_topic 5)
	clicks "$topic" 20000 10
	weir consume --by-time --to end -f '%T %p %o\n' "$topic" >seen
	assert_by_time seen
	assert_equal "$(wc -l <seen)" 20000
	weir consume --by-time --to end "$topic" | cmp - clicks
	weir consume --by-time -g "$group" --to end "$topic" | cmp - clicks
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
	weir consume --to end -f '%T %p %o\n' "$topic" >mixed # otherwise this test would prove nothing
	run sort -c -n -k 1,1 mixed
	assert_equal "$status" 1
}

@test "--by-time: 20,000 clicks of three partitions, windows of a minute, --lateness 5m that wait for none: none is left out" {
	topic=$(new_topic 3)
	clicks "$topic" 20000 10
	windows() { # windows CONSUME_OPTION...
		weir consume -g "$(unique_group)" --batch 500ms --to end "$@" "$topic" |
			weir aggregate --window 'tumbling 1m' --time .ts --lateness 5m --watermark event --state none count |
			weir ack | jq -s 'map(.count) | add'
	}
	run windows --by-time
	assert_equal "$status:$output" 0:20000
	run --separate-stderr windows
	[ "${lines[0]}" -lt 20000 ]
}

@test "--by-time: within a partition the order stays, whatever the times are" {
	topic=$(new_topic 2)
	kput "$topic" 0 @5000 =a @1000 =b @9000 =c @2000 =d
	kput "$topic" 1 @4000 =e @6000 =f @3000 =g
	run_weir consume --by-time --to end -f '%s' "$topic"
	assert_output eabfgcd
	assert_success
	run_weir consume --by-time --to end -p 0 -f '%s' "$topic"
	assert_output abcd
	run_weir consume --by-time -n 3 -f '%s' "$topic"
	assert_output eab
	run_weir consume --by-time --from +1 --to -1 -f '%s' "$topic"
	assert_output bfc
}

@test "--by-time: equal times take turns" {
	topic=$(new_topic 3)
	for p in 0 1 2; do
		kput "$topic" "$p" @7000 "=a$p" "=b$p" "=c$p" "=d$p"
	done
	weir consume --by-time --to end "$topic" >seen
	cut -c 1 seen | sort -c # no partition reaches its second record before all others have reached their first
	assert_equal "$(wc -l <seen)" 12
}

@test "--by-time: partitions that are empty or at their end hold nobody up, nor does an open transaction" {
	topic=$(new_topic 4)
	kput "$topic" 0 @1000 =first
	mkfifo hold
	start_bg open "$BUILD/servers/kput" -X transactional.id="$topic" "$WEIR_TEST_KAFKA" "$topic" 3 begin @500 =hidden hold <>hold
	wait_for 30 grep -q holding open.out
	start_bg reader weir consume --by-time "$topic"
	wait_for 30 has_lines reader.out 1
	for n in 1 2 3; do # in turns, of two partitions that are at their ends each time
		kput "$topic" 0 "@$((n * 2000))" "=a$n"
		wait_for 30 has_lines reader.out $((2 * n))
		kput "$topic" 1 "@$((n * 2000 - 1))" "=b$n"
		wait_for 30 has_lines reader.out $((2 * n + 1))
	done
	stop_bg reader TERM
	assert_status 0
	assert_output $'first\na1\nb1\na2\nb2\na3\nb3'
	run_weir consume --by-time --to end "$topic"
	assert_success
	assert_equal "$(wc -l <<<"$output")" 7
	stop_bg open
}

@test "--by-time: batches that are cut by size, and a sink that holds positions: each record once, over two runs" {
	topic=$(new_topic 4)
	clicks "$topic" 5000 1
	weir consume --by-time -g "$group" --batch 10s,700 -n 2000 "$topic" | weir lake-put --commit-every 0 lake
	weir lake-cat lake | cmp - <(head -n 2000 clicks)
	weir consume --by-time -g "$group" --batch 10s,700 --to end "$topic" | weir lake-put --commit-every 0 lake
	weir lake-cat lake | sort | cmp - <(sort clicks)
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}

@test "--by-time: members come, go and are killed: each record is in the lake once" {
	topic=$(new_topic 6)
	pipeline() { # pipeline JOB
		start_bg "$1" bash -c 'weir consume --by-time -g "$1" --batch 100ms -X session.timeout.ms=6000 "$2" |
			weir lake-put --commit-every 100ms lake' - "$group" "$topic"
	}
	clicks "$topic" 3000 1
	cp clicks all
	pipeline a
	wait_for 60 lake_has lake 1
	pipeline b
	clicks "$topic" 3000 2
	cat clicks >>all
	wait_for 60 lake_has lake 6000
	kill -KILL "$(member a consume)"
	wait_bg a
	clicks "$topic" 3000 3
	cat clicks >>all
	wait_for 60 lake_has lake 9000
	kill -TERM "$(member b consume)"
	wait_bg b
	assert_status 0
	weir lake-cat lake | sort | cmp - <(sort all)
}

@test "--by-time: a reader that takes its time, and a signal" {
	topic=$(new_topic 3)
	clicks "$topic" 30000 1
	start_bg slow bash -c 'weir consume --by-time --memory 32M "$1" | { sleep 2; cat; }' - "$topic"
	wait_for 60 has_lines slow.out 30000
	kill -TERM "$(member slow consume)"
	wait_bg slow
	assert_status 0
	cmp slow.out clicks
}

@test "--by-time: a partition whose next record does not come is waited for, which is reported, and then goes on" {
	mkfifo in
	start_bg mock weir mock-broker --brokers 2 --control --topic t:2 --port-file port <>in
	exec 7>in
	wait_for 10 test -s port
	WEIR_BROKERS=$(<port)
	export WEIR_BROKERS
	printf 'leader t 0 1\nleader t 1 2\n' >&7
	for n in {10..29}; do # each is a batch of its own, and a fetch returns one batch
		printf '{"partition":1,"timestamp":%d,"value":"%d"}\n' "$n" "$n" |
			weir produce --format json --keep partition,timestamp t
	done
	printf '{"partition":0,"timestamp":%d,"value":"last"}\n' 99 |
		weir produce --format json --keep partition,timestamp t
	echo 'rtt 2 300' >&7
	start_bg reader weir consume --by-time --to end t
	wait_for 30 has_lines reader.out 1
	echo 'down 2' >&7
	wait_for 30 grep -q "waiting for records of topic 't', partition 1, which has more" reader.err
	run grep -c last reader.out
	assert_equal "$output" 0
	printf 'up 2\nrtt 2 0\n' >&7
	wait_bg reader
	assert_status 0
	assert_output "$(seq 10 29; echo last)"
	assert_stderr_contains "topic 't', partition 1: it is no longer waited for"
	exec 7>&-
}

@test "--by-time: a partition whose broker does not come back: 75 after --timeout" {
	mkfifo in
	start_bg mock weir mock-broker --brokers 2 --control --topic t:2 --port-file port <>in
	exec 7>in
	wait_for 10 test -s port
	WEIR_BROKERS=$(<port)
	export WEIR_BROKERS
	printf 'leader t 0 1\nleader t 1 2\n' >&7
	for n in {10..29}; do
		printf '{"partition":1,"timestamp":%d,"value":"%d"}\n' "$n" "$n" |
			weir produce --format json --keep partition,timestamp t
	done
	printf '{"partition":0,"timestamp":%d,"value":"last"}\n' 99 |
		weir produce --format json --keep partition,timestamp t
	echo 'rtt 2 300' >&7
	start_bg reader weir consume --by-time --timeout 3s t
	wait_for 30 has_lines reader.out 1
	echo 'down 2' >&7
	wait_bg reader
	assert_status 75
	assert_stderr_contains "no answer for 3 s"
	run grep -c last reader.out
	assert_equal "$output" 0
	exec 7>&-
}
