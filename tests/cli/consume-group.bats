# consume as a member of a consumer group, on a real Kafka.
# bats file_tags=server,long
# shellcheck disable=SC2154,SC2317 # stderr comes from the helpers; wait_for calls functions
load ../lib/weir
load ../lib/group

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	group=$(unique_group)
}

# Records FIRST to LAST over all partitions.
produce() { # produce TOPIC FIRST LAST
	seq "$2" "$3" | kcat -P -b "$WEIR_TEST_KAFKA" -t "$1" -p -1 -X sticky.partitioning.linger.ms=0
}

lag() { # the sum of the lags, "null" where there is none
	weir lag --format json -g "$group" "$@" | jq -s 'map(.lag) | if any(. == null) then null else add end'
}

committed() { # committed TOPIC: the positions
	weir lag --format json -g "$group" "$1" | jq -c '.committed' | tr '\n' ' '
}

@test "a group goes on where it has stopped, and its lag is 0 afterwards" {
	local topic
	topic=$(new_topic 3)
	produce "$topic" 1 1000
	run_sh "weir consume -g $group --to end $topic | sort -n | cmp - <(seq 1000)"
	assert_success
	assert_equal "$(lag "$topic")" 0
	run_weir consume -g "$group" --to end "$topic"
	assert_success
	assert_output ''
	produce "$topic" 1001 1500
	run_sh "weir consume -g $group --to end $topic | sort -n | cmp - <(seq 1001 1500)"
	assert_success
	assert_equal "$(lag "$topic")" 0
}

@test "the lag is 0 after markers of transactions, and on an empty topic" {
	local topic
	topic=$(new_topic 2)
	"$BUILD/servers/kput" -X transactional.id="$topic" "$WEIR_TEST_KAFKA" "$topic" 0 begin =a commit begin =b abort 2>/dev/null
	run_weir consume -g "$group" --to end "$topic"
	assert_success
	assert_output a
	assert_equal "$(lag "$topic")" 0
}

@test "-n: what was not written is not committed" {
	local topic
	topic=$(new_topic)
	produce "$topic" 1 100
	run_weir consume -g "$group" -n 7 --to end "$topic"
	assert_success
	assert_output "$(seq 7)"
	assert_equal "$(committed "$topic")" '7 '
	run_weir consume -g "$group" -n 3 "$topic"
	assert_output "$(seq 8 10)"
	run_weir consume -g "$group" -n 0 "$topic"
	assert_success
	assert_equal "$(committed "$topic")" '10 '
}

@test "--from is for a group without positions, not for what it has left out; --reset puts it first" {
	local topic
	topic=$(new_topic 2)
	for i in 0 1 2 3; do kput "$topic" 0 "=a$i" && kput "$topic" 1 "=b$i"; done
	run_weir consume -g "$group-new" --from -1 --to end "$topic"
	assert_success
	assert_equal "$(sort <<<"$output" | tr '\n' ' ')" 'a3 b3 '
	kadmin commit "$group" "$topic" 0 3
	run_weir consume -g "$group" --from -1 --to end "$topic"
	assert_success
	assert_equal "$(sort <<<"$output" | tr '\n' ' ')" 'a3 b0 b1 b2 b3 '
	run_weir consume -g "$group" --reset --from 2 --to end "$topic"
	assert_success
	assert_equal "$(sort <<<"$output" | tr '\n' ' ')" 'a2 a3 b2 b3 '
	run_weir consume -g "$group" --reset --from @-1h --to end "$topic"
	assert_equal "$(wc -l <<<"$output")" 8
	run_weir consume -g "$group" --reset --to stored "$topic"
	assert_equal "$(wc -l <<<"$output")" 8
	run_weir consume -g "$(unique_group)" --from stored --to end "$topic"
	assert_status 78
	assert_stderr_contains 'has no position'
}

@test "--reset commits what it has read, also backwards" {
	local topic
	topic=$(new_topic)
	produce "$topic" 1 10
	kadmin commit "$group" "$topic" 0 10
	run_weir consume -g "$group" --reset --from 2 -n 3 "$topic"
	assert_output $'3\n4\n5'
	assert_equal "$(committed "$topic")" '5 '
}

@test "a position that retention has overtaken, and one beyond the end" {
	local topic
	topic=$(new_topic)
	produce "$topic" 1 10
	kadmin commit "$group" "$topic" 0 2
	kadmin delete-records "$topic" 0 6
	run_weir consume -g "$group" --to end "$topic"
	assert_status 65
	assert_stderr "weir consume: topic '$topic', partition 0: offsets 2 to 5 are lost, its first is 6"
	assert_equal "$(committed "$topic")" '2 '
	run_weir consume -g "$group" --from start --to end "$topic"
	assert_status 0
	assert_output "$(seq 7 10)"
	assert_stderr_contains 'offsets 2 to 5 are lost, going on at 6'
	assert_equal "$(committed "$topic")" '10 '
	kadmin commit "$group" "$topic" 0 99
	run_weir consume -g "$group" --to end "$topic"
	assert_status 65
	assert_stderr_contains 'offset 99 is out of range, its end is 10'
}

@test "^regex: topics that match, also one that is made later" {
	local prefix
	prefix=$(unique_topic)
	kadmin create "$prefix-a" 1
	kadmin create "$prefix-b" 1
	kadmin create "x$prefix-c" 1
	kput "$prefix-a" 0 =a
	kput "$prefix-b" 0 =b
	kput "x$prefix-c" 0 =c
	run_weir consume -g "$group" --to end "^$prefix-.*"
	assert_success
	assert_equal "$(sort <<<"$output" | tr '\n' ' ')" 'a b '
	start_bg consume weir consume -g "$group" -X topic.metadata.refresh.interval.ms=500 "^$prefix-.*"
	sleep 1
	kadmin create "$prefix-d" 1
	kput "$prefix-d" 0 =d
	wait_for 15 grep -q d "$BATS_TEST_TMPDIR/consume.out"
	stop_bg consume
	assert_status 0
	run_weir consume -g "$group" --to end "^nothing-matches-$prefix"
	assert_success
	assert_output ''
}

@test "two members share the partitions; one leaves, the other takes over; no record is missing or doubled" {
	local topic
	topic=$(new_topic 4)
	produce "$topic" 1 4000
	start_bg one weir consume -g "$group" "$topic"
	wait_for 15 has_lines "$BATS_TEST_TMPDIR/one.out" 4000
	start_bg two weir consume -g "$group" "$topic"
	two_members() { [ "$(weir lag --format json -g "$group" "$topic" | jq -r .member | sort -u | wc -l)" = 2 ]; }
	wait_for 15 two_members
	produce "$topic" 4001 8000
	all() { [ "$(cat "$BATS_TEST_TMPDIR"/*.out | wc -l)" -ge "$1" ]; }
	wait_for 15 all 8000
	[ -s "$BATS_TEST_TMPDIR/two.out" ]
	stop_bg one
	assert_status 0
	assert_equal "$stderr" ''
	produce "$topic" 8001 9000
	wait_for 15 all 9000
	stop_bg two
	assert_status 0
	assert_equal "$stderr" ''
	sort -n "$BATS_TEST_TMPDIR"/{one,two}.out | cmp - <(seq 9000)
	assert_equal "$(lag "$topic")" 0
}

@test "members come and go under load: each record at least once, those of one partition in order" {
	local topic i
	topic=$(new_topic 6)
	produce "$topic" 1 200000
	for i in 1 2 3; do
		start_bg "m$i" weir consume -g "$group" --to end -f '%p %o %s\n' "$topic"
		sleep 0.3
	done
	for i in 1 2 3; do
		wait_bg "m$i"
		assert_status 0
	done
	assert_equal "$(cat "$BATS_TEST_TMPDIR"/m*.out | awk '{ print $3 }' | sort -nu | wc -l)" 200000
	assert_equal "$(lag "$topic")" 0
	for i in 1 2 3; do # a member may read a partition twice, but never backwards within a stretch
		awk '$2 <= last[$1] && $2 != 0 && !again[$1, $2]++ { n++ } { last[$1] = $2 } END { exit n > 100000 }' "$BATS_TEST_TMPDIR/m$i.out"
	done
}

# Start, with ARG..., a member that holds the topic's only partition and has written its record. The names of members
# begin with the client's name, and the first member by name gets the partition.
start_holder() { # start_holder TOPIC ARG...
	local topic=$1
	shift
	kput "$topic" 0 =a
	start_bg holder weir consume -g "$group" -X client.id=a "$@" "$topic"
	wait_for 15 grep -q a "$BATS_TEST_TMPDIR/holder.out"
}

@test "--to end: a member without partitions ends when the others have committed up to the end" {
	local topic
	topic=$(new_topic)
	start_holder "$topic"
	run_weir consume -g "$group" -X client.id=z --to end "$topic"
	assert_success
	assert_output ''
	assert_equal "$(committed "$topic")" '1 '
	stop_bg holder
	assert_status 0
}

@test "--to end: a member without partitions takes over from one that dies" {
	local topic
	topic=$(new_topic)
	start_holder "$topic" -X session.timeout.ms=9000 -X auto.commit.interval.ms=3600000
	start_bg heir weir consume -g "$group" -X client.id=z -X debug=cgrp --to end "$topic"
	wait_for 20 grep -q 'setting group assignment to 0 partition' "$BATS_TEST_TMPDIR/heir.err"
	kput "$topic" 0 =b # before it looks at the ends; a was committed when it joined
	process_signal KILL "$(<"$BATS_TEST_TMPDIR/holder.bg")"
	wait_bg heir
	assert_status 0
	assert_equal "$(cat "$BATS_TEST_TMPDIR/heir.out")" b
	assert_equal "$(committed "$topic")" '2 '
}

@test "--to end: a member without partitions does not wait for ever for one that does nothing" {
	local topic
	topic=$(new_topic)
	start_holder "$topic" -X auto.commit.interval.ms=3600000
	start_bg waiting weir consume -g "$group" -X client.id=z -X session.timeout.ms=6000 -X debug=cgrp --to end "$topic"
	wait_for 20 grep -q 'setting group assignment to 0 partition' "$BATS_TEST_TMPDIR/waiting.err"
	kput "$topic" 0 =b # the holder reads it, and would commit it in an hour
	wait_bg waiting
	assert_status 75
	assert_output ''
	assert_stderr_contains "weir consume: other members of the group '$group' hold all partitions and have got no further for 6 s: topic '$topic', partition 0 has not reached offset 2"
	stop_bg holder
	assert_status 0
}

@test "SIGTERM: what was written is committed, nothing else" {
	local topic seen
	topic=$(new_topic)
	produce "$topic" 1 300000
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 5<>"$BATS_TEST_TMPDIR/pipe"
	start_bg consume sh -c "exec weir consume -g $group $topic >$BATS_TEST_TMPDIR/pipe 5>&-"
	head -c 100000 <&5 >"$BATS_TEST_TMPDIR/part" # the rest, which head does not read, fills the pipe
	sleep 0.5
	process_signal TERM "$(<"$BATS_TEST_TMPDIR/consume.bg")"
	cat "$BATS_TEST_TMPDIR/pipe" >"$BATS_TEST_TMPDIR/rest" 5>&- 3>&- &
	reader=$!
	wait_bg consume
	exec 5>&-
	wait $reader
	assert_status 0
	cat "$BATS_TEST_TMPDIR"/{part,rest} >"$BATS_TEST_TMPDIR/all"
	seen=$(wc -l <"$BATS_TEST_TMPDIR/all")
	[ "$seen" -lt 300000 ]
	cmp "$BATS_TEST_TMPDIR/all" <(seq "$seen")
	assert_equal "$(committed "$topic")" "$seen "
}

@test "the reader goes away: no more is committed than was written" {
	local topic position
	topic=$(new_topic)
	produce "$topic" 1 1000000
	run_sh "weir consume -g $group -X auto.commit.interval.ms=1 $topic | head -n 1000 >/dev/null; echo \${PIPESTATUS[0]}"
	assert_stderr ''
	assert_output 75
	position=$(committed "$topic")
	[ "$position" = 'null ' ] || [ "$position" -lt 200000 ] # 128 KiB written, 256 KiB in the pipe
}

@test "stdout that blocks for longer than max.poll.interval.ms does not cost the membership" {
	local topic
	topic=$(new_topic)
	produce "$topic" 1 300000
	start_bg consume bash -c "weir consume -g $group -X max.poll.interval.ms=6000 -X session.timeout.ms=6000 \
		--to end $topic | { sleep 12; cat; }"
	is_member() { [ "$(weir lag --format json -g "$group" "$topic" | jq -r .member)" != null ]; }
	wait_for 10 is_member
	sleep 8
	is_member
	wait_bg consume
	assert_status 0
	assert_equal "$stderr" ''
	cmp "$BATS_TEST_TMPDIR/consume.out" <(seq 300000)
	assert_equal "$(lag "$topic")" 0
}

@test "while stdout is blocked the group can rebalance: partitions go to the other member" {
	local topic position
	topic=$(new_topic 2)
	for p in 0 1; do seq 200000 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -p $p; done
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 5<>"$BATS_TEST_TMPDIR/pipe"
	start_bg one sh -c "exec weir consume -g $group -X max.poll.interval.ms=6000 -X session.timeout.ms=6000 -f '%p %s\n' \
		$topic >$BATS_TEST_TMPDIR/pipe 5>&-"
	members() { [ "$(weir lag --format json -g "$group" "$topic" | jq -r .member | sort -u | grep -vc null)" = "$1" ]; }
	wait_for 10 members 1
	sleep 1
	start_bg two weir consume -g "$group" -X max.poll.interval.ms=6000 -X session.timeout.ms=6000 -f '%p %s\n' "$topic"
	wait_for 20 members 2
	wait_for 20 has_lines "$BATS_TEST_TMPDIR/two.out" 100000
	cat "$BATS_TEST_TMPDIR/pipe" >"$BATS_TEST_TMPDIR/one.seen" 5>&- 3>&- &
	reader=$!
	all() { [ "$(cat "$BATS_TEST_TMPDIR"/{one.seen,two.out} | sort -u | wc -l)" = 400000 ]; }
	wait_for 30 all
	stop_bg one
	assert_status 0
	stop_bg two
	assert_status 0
	exec 5>&-
	wait $reader
	assert_equal "$(lag "$topic")" 0
}

@test "commits happen while it runs" {
	local topic
	topic=$(new_topic)
	produce "$topic" 1 10
	start_bg consume weir consume -g "$group" -X auto.commit.interval.ms=200 "$topic"
	is() { [ "$(committed "$topic")" = "$1 " ]; }
	wait_for 10 is 10
	produce "$topic" 11 20
	wait_for 10 is 20
	kill -9 "$bg_pid"
	run_weir consume -g "$group" -X session.timeout.ms=6000 --to end "$topic"
	assert_output ''
}

@test "-g with -p: no membership, but the group's positions" {
	local topic
	topic=$(new_topic 3)
	for p in 0 1 2; do kput "$topic" $p "=$p.0" "=$p.1"; done
	kadmin commit "$group" "$topic" 1 1
	run_weir consume -g "$group" -p 1-2 --to end "$topic"
	assert_success
	assert_equal "$(sort <<<"$output" | tr '\n' ' ')" '1.1 2.0 2.1 '
	assert_equal "$(committed "$topic")" 'null 2 2 '
	run_weir consume -g "$group" -p 1-2 --to end "$topic"
	assert_output ''
}

@test "a full disk: nothing is committed" {
	local topic
	topic=$(new_topic)
	produce "$topic" 1 100000
	run_sh "weir consume -g $group --to end $topic >/dev/full"
	assert_status 75
	assert_stderr 'weir consume: cannot write standard output: No space left on device'
	[[ $(committed "$topic") =~ ^(null|0)\ $ ]]
}
