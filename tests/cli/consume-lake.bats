#!/usr/bin/env bats
# consume --batch with lakes at the end: quiet topics, filters without output, restarts of static members, sinks that do
# not answer, several sinks.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group
load ../lib/lake

setup() {
	group_setup
	topic=$(new_topic 2)
}

has_begun() { # has_begun DIR: its log has a position
	[ -n "$(weir lake-cat --positions "$1" 2>/dev/null)" ]
}

@test "a quiet topic: what came is committed while nothing more comes" {
	start_bg run bash -c "weir consume -g $group --batch 100ms $topic | weir lake-put --commit-every 300ms lake"
	seq 5 | weir produce "$topic"
	wait_for 30 lake_has lake 5
	seq 6 9 | weir produce "$topic"
	wait_for 30 lake_has lake 9
	wait_for 10 has_committed "$topic" 9
	kill -TERM "$(member run consume)"
	wait_bg run
	assert_status 0
	assert_lake lake <(seq 9)
}

@test "records that no filter passes move the positions nevertheless: lag 0, and the next run begins after them" {
	seq 100 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1h,10 --to end $topic | weir each --ok 0,1 grep zzz | weir lake-put lake"
	assert_status 0
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
	assert_equal "$(weir lake-cat --positions lake | awk '{ n += $3 } END { print n }')" 100
	seq 5 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake"
	assert_status 0
	assert_lake lake <(seq 5)
}

@test "--from end of an empty topic: what comes after the first start is in the table, whatever was killed before a commit" {
	local pipeline="weir consume -g $group --from end --batch 100ms -p 0,1 $topic | weir lake-put --commit-every 1h lake"
	start_bg run bash -c "$pipeline"
	wait_for 30 has_begun lake # with positions, before there is a record
	seq 20 | weir produce "$topic"
	sleep 0.5 # some of them may have been read; nothing is committed
	kill -9 -- "-$(<run.pid)"
	wait_bg run
	[ -z "$(weir lake-cat lake)" ]
	run_sh "${pipeline/100ms/100ms --to end}"
	assert_status 0
	assert_lake lake <(seq 20)
}

@test "a static member that was killed goes on at once, long before its session ends" {
	local options="-g $group --batch 100ms --instance-id one -X session.timeout.ms=45000 $topic"
	start_bg first bash -c "weir consume $options | weir split | weir lake-put --commit-every 0 lake"
	seq 100 | weir produce "$topic"
	wait_for 30 lake_has lake 100
	kill -9 -- "-$(<first.pid)"
	wait_bg first
	seq 101 200 | weir produce "$topic"
	start_bg second bash -c "weir consume $options | weir split | weir lake-put --commit-every 0 lake"
	wait_for 30 lake_has lake 200
	kill -TERM "$(member second consume)"
	wait_bg second
	assert_status 0
	assert_lake lake <(seq 200)
}

@test "--drain-timeout: a sink that does not answer keeps the group for no longer, and commits nothing later" {
	start_bg a bash -c "weir consume -g $group --batch 100ms --drain-timeout 1s $topic | weir lake-put --commit-every 0 lake"
	seq 100 | weir produce "$topic"
	wait_for 30 lake_has lake 100
	kill -STOP "$(member a lake-put)"
	seq 101 200 | weir produce "$topic"
	start_bg b bash -c "weir consume -g $group --batch 100ms $topic | weir lake-put --commit-every 0 lake"
	wait_for 40 lake_has lake 101
	grep -q 'not everything that was read from the partitions that go to another member is acknowledged' a.err
	kill -CONT "$(member a lake-put)"
	wait_bg a # its sink notices that the partition now belongs to the other
	assert_status 75
	kill -TERM "$(member b consume)"
	wait_bg b
	assert_status 0
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake"
	assert_status 0
	assert_lake lake <(seq 200)
}

@test "an acknowledgement that comes when the partitions are another member's commits nothing for them" {
	fill() { # fill PARTITION COUNT
		seq "$2" | kcat -P -b "$WEIR_BROKERS" -t "$topic" -p "$1"
	}
	fill 0 50
	fill 1 50
	start_bg a bash -c "weir consume -g $group --batch 200ms --drain-timeout 500ms $topic | weir each --shell 'echo >reads; until [ -e go ]; do sleep 0.1; done; cat' | weir ack"
	wait_for 30 test -e reads
	start_bg b bash -c "weir consume -g $group --batch 200ms $topic | weir ack"
	wait_for 40 has_committed "$topic" 50 # of the partition that is b's now
	mine=$(weir lag -g "$group" --format json "$topic" | jq 'select(.committed == 50) | .partition')
	fill "$mine" 20
	wait_for 30 has_committed "$topic" 70
	touch go
	wait_bg a # otherwise it would have to go back
	assert_status 75
	[ "$(group_committed "$topic")" -ge 70 ]
	weir lag -g "$group" --format json "$topic" | jq -se "map(select(.partition == $mine))[0].committed == 70"
	wait_for 60 has_committed "$topic" 120 # all of it again, by b
	kill -TERM "$(member b consume)"
	wait_bg b
	assert_status 0
	assert_equal "$(sort -n b.out | uniq | wc -l)" 50
	assert_equal "$(wc -l <b.out)" 120
}

@test "SIGTERM waits for the last acknowledgement; a second one does not" {
	start_bg run bash -c "weir consume -g $group --batch 100ms $topic | weir lake-put --commit-every 0 lake; echo \"\${PIPESTATUS[@]}\""
	seq 10 | weir produce "$topic"
	wait_for 30 lake_has lake 10
	consume=$(member run consume) sink=$(member run lake-put)
	kill -STOP "$sink"
	kill -TERM "$consume"
	kill -TERM "$consume" # timeout(1) signals its child and then its group: that is one signal
	sleep 1.1
	kill -0 "$consume"
	kill -TERM "$consume"
	wait_for 10 gone "$consume"
	kill -CONT "$sink"
	wait_bg run
	assert_output '143 75'
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

@test "a record that cannot be a line: 65 with its offset; nothing after it is committed, nothing is skipped" {
	topic=$(new_topic 1)
	for i in 1 2 3 4 5; do echo "$i"; done | kcat -P -b "$WEIR_BROKERS" -t "$topic"
	printf 'a\nb' | kcat -P -b "$WEIR_BROKERS" -t "$topic" -D '\0'
	seq 7 9 | kcat -P -b "$WEIR_BROKERS" -t "$topic"
	for _ in 1 2; do
		run_sh "weir consume -g $group --batch 1h,2 --to end $topic 2>err | weir lake-put --commit-every 0 lake 2>err2; echo \"\${PIPESTATUS[@]}\""
		[ "${output%% *}" = 65 ]
		grep -q "topic '$topic', partition 0: offset 5\|topic '$topic', partition 0, offset 5" err
		rows=$(weir lake-cat lake 2>/dev/null | wc -l)
		[ "$rows" -le 5 ]
		[ "$rows" = 0 ] || assert_lake lake <(seq "$rows")
	done
	run_sh "weir consume -g $group --batch 1h,2 --newline space --to end $topic | weir lake-put lake"
	assert_status 0
	assert_files_equal <(weir lake-cat lake) <(seq 5; echo 'a b'; seq 7 9)
}

@test "a topic that comes to match later is read from its start, into the same table" {
	local name=$topic
	start_bg run bash -c "weir consume -g $group --batch 100ms -X topic.metadata.refresh.interval.ms=500 '^$name.*' | weir lake-put --commit-every 0 lake"
	seq 100 | weir produce "$name"
	wait_for 30 lake_has lake 100
	kadmin create "$name-later" 3
	seq 101 300 | weir produce "$name-later"
	wait_for 60 lake_has lake 300
	kill -TERM "$(member run consume)"
	wait_bg run
	assert_status 0
	assert_lake lake <(seq 300)
	assert_equal "$(weir lake-cat --positions lake | cut -f 1 | sort | uniq -c | awk '{ print $1 }' | sort -n | tr '\n' ' ')" '2 3 '
}

# --- several sinks ---------------------------------------------------------------------------------

@test "--sinks 2: both tables have everything; one alone is too few, two are too many for --sinks 1" {
	seq 100 | weir produce "$topic"
	mkfifo branch
	start_bg left bash -c 'weir lake-put left <branch'
	run_sh "weir consume -g $group --sinks 2 --batch 1h,10 --to end $topic | tee branch | weir lake-put right"
	assert_status 0
	wait_bg left
	assert_status 0
	assert_lake left <(seq 100)
	assert_lake right <(seq 100)
	has_committed "$topic" 100
	run_sh "weir consume -g $group-2 --sinks 2 --sink-timeout 500ms --batch 1s --to end $topic | weir lake-put one"
	assert_status 75
	assert_stderr_contains '1 of 2 sinks connected within 0.5 s'
	start_bg left bash -c 'weir lake-put left2 <branch'
	# the batch is still open when the second one connects, however late
	run_sh "weir consume -g $group-2 --batch 1h $topic | tee branch | weir lake-put right2"
	assert_status 75
	assert_stderr_contains 'more than 1 sink connected (see --sinks)'
	wait_bg left
	assert_equal "$(lake_records left2; lake_records right2)" ''
}

@test "--sinks 2: what one of them has not is not committed, whichever fails" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	mkfifo branch
	start_bg left bash -c "weir each --shell 'read a; echo \$a; cat; test \$a != 31' <branch | weir lake-put --commit-every 0 left"
	run_sh "weir consume -g $group --sinks 2 --batch 1h,10 --to end $topic | tee branch | weir lake-put --commit-every 0 right"
	assert_status 75
	wait_bg left
	assert_lake left <(seq 30)
	[ "$(group_committed "$topic")" -le 30 ]
	group=$group-2
	rm -rf left right
	start_bg left bash -c "weir lake-put --commit-every 0 left <branch"
	run_sh "weir consume -g $group --sinks 2 --batch 1h,10 --to end $topic | tee branch | weir each --shell 'read a; echo \$a; cat; test \$a != 51' | weir lake-put --commit-every 0 right"
	assert_status 75
	wait_bg left
	assert_lake right <(seq 50)
	[ "$(group_committed "$topic")" -le 50 ]
}

@test "--sinks 2 that disagree: 78, with their positions, also when one has none; an ack beside has no say" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	mkfifo branch
	weir consume -g "$group" --batch 1h,10 --to 30 "$topic" | weir lake-put left
	weir consume -g "$group" --batch 1h,10 --from stored --to 50 --adopt "$topic" | weir lake-put right
	for table in left new; do
		start_bg other bash -c "weir lake-put $table <branch"
		run_sh "weir consume -g $group --sinks 2 --batch 1h,10 --to end $topic 2>err | tee branch | weir lake-put right; echo \"\${PIPESTATUS[0]}\""
		assert_output 78
		wait_bg other
		assert_status 75
		cat err
		grep -q "topic '$topic', partition 0: the sinks disagree: lake-put.* holds .*, lake-put.* holds" err
		grep -qE "lake-put( \(table [0-9a-f-]+\))? holds $([ $table = left ] && echo 30 || echo none)" err
		grep -qE 'lake-put \(table [0-9a-f-]+\) holds 50' err
	done
	assert_lake left <(seq 30)
	start_bg other bash -c "weir ack <branch"
	run_sh "weir consume -g $group --sinks 2 --batch 1h,10 --to end --adopt $topic | tee branch | weir lake-put right"
	assert_status 0
	wait_bg other
	assert_lake right <(seq 31 100)
	assert_files_equal other.out <(seq 51 100)
}

@test "--tombstones skip: they are not written, count as read, and lake-check finds all of the topic in the table" {
	topic=$(new_topic 1 cleanup.policy=compact) group=$(unique_group)
	printf 'a:1\nb:\nc:3\nd:\ne:\n' | kcat -P -Z -K : -b "$WEIR_BROKERS" -t "$topic"
	assert_equal "$(weir consume --to end "$topic" | tr '\n' ,)" '1,,3,,,'
	assert_equal "$(weir consume --tombstones skip --to end "$topic" | tr '\n' ,)" '1,3,'
	assert_equal "$(weir consume --tombstones skip -n 2 -f '%k\n' "$topic" | tr '\n' ,)" 'a,c,'
	assert_equal "$(weir consume --tombstones skip --to end --format json "$topic" | jq -r .key | tr '\n' ,)" 'a,c,'
	run_sh "weir consume -g $group --tombstones skip --batch 1h,1 --to end $topic | weir lake-put --commit-every 0 lake"
	assert_status 0
	assert_lake lake <(printf '1\n3\n')
	assert_equal "$(weir lake-cat --positions lake | cut -f 3)" 5
	assert_equal "$(weir lag -g "$group" --format json "$topic" | jq .lag)" 0
	run_weir lake-check -b "$WEIR_BROKERS" lake
	assert_status 0
	assert_output ''
}
