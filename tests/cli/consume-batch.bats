#!/usr/bin/env bats
# consume --batch: marked streams from the real Kafka, acknowledgements, positions, rebalances.
# bats file_tags=server,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	group=$(unique_group)
	export group
}

# The end of the only partition, markers included.
ends_at() { # ends_at TOPIC OFFSET
	kcat -Q -q -b "$WEIR_BROKERS" -t "$1:0:-1" | grep -q "\[0\] offset $2\$"
}

@test "batches by time, by records, by bytes; the sum of all is the topic; lag reaches 0" {
	topic=$(new_topic 3)
	seq 1000 | weir produce "$topic"
	for batch in 1h,100 200ms 1h,1K 1h,7,1M; do
		echo "$batch"
		weir consume -g "$group-$batch" --batch "$batch" --to end "$topic" | tee marks | weir split | weir ack >out
		assert_files_equal <(sort -n out) <(seq 1000)
		run weir lag -g "$group-$batch" --max-lag 0 "$topic"
		assert_status 0
	done
	# 1000 records by 7: 142 full batches, the first empty one and the rest
	[ "$(grep -ac '"k":"B"' marks)" -eq 144 ]
}

@test "--batch needs a time; wrong forms are refused; it needs -g and no --reset" {
	for bad in '' 10 10s,0 10s,5,6 x 10s,5K,6K 0s 10s,-1; do
		echo "'$bad'"
		run_weir consume -g g --batch "$bad" t
		assert_status 2
	done
	run_weir consume --batch 1s t
	assert_status 2
	run_weir consume -g g --reset --batch 1s t
	assert_status 2
}

@test "values that look like marks and escapes come through unchanged" {
	topic=$(new_topic 1)
	printf '\x17{"v":1,"k":"F"}\n\x10x\nplain\n\x17\n\n' >in
	weir produce --plain "$topic" in
	weir consume -g "$group" --batch 1s --to end "$topic" | weir split --max-record 1M | weir ack >out
	assert_files_equal out <(grep -a . in)
	weir consume -g "$group-2" --batch 1s --to end -f '%s\n' "$topic" | weir each cat | weir ack >out
	assert_files_equal out in
}

@test "no acknowledgement, no commit: a sink that fails commits nothing, and all comes again" {
	topic=$(new_topic 2)
	seq 100 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1h,10 --to end $topic | weir each --shell 'cat; false' | weir ack >out"
	assert_status 75
	has_committed "$topic" 0
	weir consume -g "$group" --batch 1h,10 --to end "$topic" | weir each cat | weir ack >out
	assert_files_equal <(sort -n out) <(seq 100)
	has_committed "$topic" 100
}

@test "what was acknowledged before a sink dies is committed, no more" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1h,10 $topic 2>err | weir each --shell 'read a; echo \$a; cat; test \$a != 31' | weir ack >out"
	assert_status 75
	wait_for 10 has_committed "$topic" 30
	assert_files_equal <(head -30 out) <(seq 30)
}

@test "without a sink: 75 within --sink-timeout, both causes named, nothing is consumed" {
	topic=$(new_topic 1)
	seq 10 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1s --sink-timeout 500ms $topic | cat >out"
	assert_status 75
	assert_stderr_contains 'the pipeline does not end in one (lake-put, or ack before a command that is not of weir), or a command in between holds marks back or damages them'
	has_committed "$topic" 0
}

@test "commands that know nothing of marks: the pipeline fails, nothing is committed" {
	topic=$(new_topic 1)
	seq 40 | weir produce "$topic"
	for cmd in sort 'grep 1' 'sed -u s/1/2/' 'head -1' 'uniq -c' 'tr a-z A-Z' 'jq .' 'awk 1'; do
		for buffer in '' 'stdbuf -oL '; do
			[ "$buffer$cmd" = 'stdbuf -oL grep 1' ] && continue # S passes by chance: see the next test
			echo "== $buffer$cmd"
			run_sh "weir consume -g $group --batch 1h,10 --to end --sink-timeout 1500ms $topic | $buffer$cmd 2>/dev/null | weir split | weir ack >out"
			[ "$status" -ne 0 ] || [ "$cmd" = 'awk 1' ]
			[ "$cmd" = 'awk 1' ] || has_committed "$topic" 0
		done
	done
}

@test "a command that holds a mark back: consume says so after --stall-warning" {
	topic=$(new_topic 1)
	seq 5 | weir produce "$topic"
	start_bg run bash -c "weir consume -g $group --batch 100ms --stall-warning 500ms $topic | { for i in 1 2 3 4; do IFS= read -r line; printf \"%s\\n\" \"\$line\"; done; grep -a .; } | weir ack"
	wait_for 20 grep -q 'no sink has seen the mark of batch .*run it with .weir each' run.err
	kill_all
}

@test "SIGTERM ends with F and the last acknowledgement; nothing is lost between runs" {
	topic=$(new_topic 2)
	seq 500 | weir produce "$topic"
	for round in 1 2 3; do
		bash -c "weir consume -g $group --batch 100ms,50 $topic | weir split | weir ack >>out" &
		shell=$!
		sleep 1
		seq $((500 * round + 1)) $((500 * round + 500)) | weir produce "$topic"
		wait_for 20 bash -c "[ \$(wc -l <out) -ge $((500 * round)) ]"
		pid=$(pgrep -P "$shell" -f 'consume' | head -1)
		[ -n "$pid" ] && kill -TERM "$pid"
		wait "$shell"
	done
	weir consume -g "$group" --batch 1s --to end "$topic" | weir ack >>out
	assert_files_equal <(sort -n out) <(seq 2000)
	run weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}

@test "the sink's positions win over the group's, newer or older or gone; the group's metadata names the table" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	weir consume -g "$group" --batch 1h,10 --to end "$topic" | weir lake-put lake
	[ "$(weir lake-cat lake | wc -l)" -eq 100 ]
	for position in 10 60 100; do
		seq 101 110 | weir produce "$topic"
		kadmin commit "$group" "$topic" 0 "$position"
		run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake"
		assert_status 0
		[ "$position" -eq 100 ] || assert_stderr_contains "the group $position; the sink's position is used"
	done
	[ "$(weir lake-cat lake | wc -l)" -eq 130 ]
	assert_files_equal <(weir lake-cat lake | sort -n) <({ seq 100; seq 101 110; seq 101 110; seq 101 110; } | sort -n)
}

@test "a group that belongs to another table: 78, --adopt takes it over" {
	topic=$(new_topic 1)
	seq 10 | weir produce "$topic"
	weir consume -g "$group" --batch 1s --to end "$topic" | weir lake-put lake
	seq 5 | weir lake-put other
	run_sh "weir consume -g $group --batch 1s --to end $topic 2>err | weir lake-put other"
	assert_status 75
	grep -q 'read into this one with a new group (-g), or take that one over (--adopt)' err
	run_sh "weir consume -g $group --batch 1s --to end --adopt $topic | weir lake-put other"
	assert_status 0
	assert_stderr_contains "the group '$group' is taken over from table"
	# a table that does not exist yet is a different table, too: it would lack the records before the group's
	# position
	run_sh "weir consume -g $group --batch 1s --to end $topic 2>err | weir lake-put new"
	assert_status 75
	grep -q "the group '$group' belongs to table .*, not to the new one: read into this one with a new group (-g), or" err
	[ ! -e new ]
}

@test "--adopt: the group's offsets are the table's from the first acknowledgement on, also backwards" {
	topic=$(new_topic 1)
	seq 10 | weir produce "$topic"
	weir consume -g "$group" --batch 1s --to 4 "$topic" | weir lake-put behind
	kadmin commit "$group" "$topic" 0 8 weir:another
	run_sh "weir consume -g $group --batch 1s --to 4 $topic 2>err | weir lake-put behind"
	assert_status 75
	grep -q "belongs to table another, not to .*: read into this one with a new group" err
	run_sh "weir consume -g $group --batch 1s --to 6 --adopt $topic | weir lake-put behind"
	assert_status 0
	has_committed "$topic" 6
	assert_files_equal <(weir lake-cat behind) <(seq 6)
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put behind"
	assert_success
}

@test "a table is removed: 78, a new group or --adopt, which begins by --from and says what the group had after it" {
	topic=$(new_topic 1)
	seq 20 | weir produce "$topic"
	weir consume -g "$group" --batch 1s --to end "$topic" | weir lake-put lake
	rm -r lake
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake; echo \"\${PIPESTATUS[0]}\""
	assert_output 78
	assert_stderr_contains ": read into this one with a new group (-g), or take that one over (--adopt)"
	[ ! -e lake ]
	run_sh "weir consume -g $group-2 --batch 1s --to end $topic | weir lake-put lake"
	assert_success
	assert_files_equal <(weir lake-cat lake) <(seq 20)
	rm -r lake
	run_sh "weir consume -g $group --batch 1s --to 12 --adopt $topic | weir lake-put lake"
	assert_status 0
	assert_stderr_contains "topic '$topic', partition 0: the group '$group' is taken over from table "
	assert_stderr_contains ", which has the offsets 0 to 19; beginning at 0"
	assert_files_equal <(weir lake-cat lake) <(seq 12)
	has_committed "$topic" 12
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake"
	assert_success
	assert_files_equal <(weir lake-cat lake) <(seq 20)
	run_weir lake-check -b "$WEIR_BROKERS" lake
	assert_success
}

@test "a table that begins beyond its topic's start: one line says how much it will not have" {
	topic=$(new_topic 2)
	for p in 0 1; do seq 10 | weir produce -p $p "$topic"; done
	for from in -3:7:14 end:10:20 5:5:10; do
		IFS=: read -r from at sum <<<"$from"
		rm -rf lake
		run_sh "weir consume -g $group-$from --batch 1s --from $from --to end $topic | weir lake-put lake"
		assert_status 0
		assert_stderr "weir consume: topic '$topic', partition 0, and 1 more: the table begins at offset $at, and the topic at 0: $sum offsets before it will not be in the table"
		run_sh "weir consume -g $group-$from --batch 1s --from $from --to end $topic | weir lake-put lake"
		assert_success # the stream has begun
	done
	for from in start 0; do
		rm -rf lake
		run_sh "weir consume -g $group-$from --batch 1s --from $from --to end $topic | weir lake-put lake"
		assert_success
	done
	run_sh "weir consume -g $group-ack --batch 1s --from -1 --to end $topic | weir ack" # there is no table
	assert_status 0
	assert_stderr ''
}

@test "what other clients have put into the group's metadata is not a table" {
	topic=$(new_topic 1)
	seq 10 | weir produce "$topic"
	for text in AgAAAYx0 'weir' 'weir:' 'table 7838e494-3dd6-4753-a8f1-ccdeaee3d48c' '{"a":1}'; do
		rm -rf lake
		kadmin commit "$group" "$topic" 0 2 "$text"
		run_sh "weir consume -g $group --batch 1s --from stored --to end $topic | weir lake-put lake"
		assert_status 0
		assert_stderr_contains 'the table begins at offset 2, and the topic at 0: 2 offsets before it'
		assert_files_equal <(weir lake-cat lake) <(seq 3 10)
	done
}

@test "a topic that was recreated: an error, nothing is skipped" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	weir consume -g "$group" --batch 1h,10 --to end "$topic" | weir lake-put lake
	kadmin delete "$topic"
	wait_for 20 kadmin create "$topic" 1
	seq 1001 1150 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1s --to end $topic 2>err | weir lake-put lake"
	assert_status 75
	grep -q 'the topic was recreated or truncated' err
	[ "$(weir lake-cat lake | wc -l)" -eq 100 ]
	# shorter than before: the position is out of range
	kadmin delete "$topic"
	wait_for 20 kadmin create "$topic" 1
	seq 1 10 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1s --to end $topic 2>err | weir lake-put lake"
	assert_status 75
	grep -q 'out of range' err
}

@test "retention that has overtaken the sink: the lost range is named; --on-lost skip goes on and the log records it" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	weir consume -g "$group" --batch 1h,10 --to 50 "$topic" | weir lake-put lake
	kadmin delete-records "$topic" 0 70
	run_sh "weir consume -g $group --batch 1s --to end $topic 2>err | weir lake-put lake"
	assert_status 75
	grep -q 'offsets 50 to 69 are lost' err
	run_sh "weir consume -g $group --batch 1s --to end --on-lost skip $topic 2>err | weir lake-put lake"
	assert_status 0
	assert_files_equal <(weir lake-cat lake | sort -n) <(seq 50; seq 71 100)
	grep -rq '"lost"' lake/_weir_log
}

@test "aborted transactions and trailing markers: not in the lake, and lag is 0" {
	topic=$(new_topic 1)
	seq 10 | kcat -P -b "$WEIR_BROKERS" -t "$topic" -X transactional.id="$topic" 2>/dev/null
	wait_for 20 ends_at "$topic" 11 # the marker is written after the producer has been answered
	weir consume -g "$group" --batch 1s --to end "$topic" | weir ack >out
	assert_files_equal out <(seq 10)
	has_committed "$topic" 11
}

@test "-g with -p: a fixed assignment that joins no group but commits under its name" {
	topic=$(new_topic 3)
	seq 300 | weir produce "$topic"
	weir consume -g "$group" -p 0,2 --batch 1h,20 --to end "$topic" | weir ack >a
	weir consume -g "$group" -p 1 --batch 1h,20 --to end "$topic" | weir ack >b
	assert_files_equal <(sort -n a b) <(seq 300)
	run weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}

@test "two members share a topic, a third joins and leaves during load; nothing is lost or doubled" {
	topic=$(new_topic 4)
	member() { # member NAME: runs until its consume gets SIGTERM
		bash -c "exec 3>&-; weir consume -g $group --batch 200ms,500 $topic 2>$1.err | weir split | weir lake-put --commit-every 1s lake 2>$1.sink" &
	}
	member a
	a=$!
	member b
	b=$!
	for i in $(seq 10); do
		seq $((i * 1000)) $((i * 1000 + 999)) | weir produce "$topic"
		[ "$i" -ne 3 ] || { member c; c=$!; }
		[ "$i" -ne 7 ] || pkill -TERM -P "$c" -f consume
		sleep 0.5
	done
	wait_for 60 bash -c "[ \"\$(weir lake-cat lake | wc -l)\" -ge 10000 ]"
	pkill -TERM -P "$a" -f consume
	pkill -TERM -P "$b" -f consume
	wait "$a" "$b"
	assert_files_equal <(weir lake-cat lake | sort -n) <(seq 1000 10999)
}

@test "a slow sink does not throw consume out of its group" {
	topic=$(new_topic 1)
	seq 20000 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1h,5000 --to end -X session.timeout.ms=6000 -X max.poll.interval.ms=6000 $topic 2>err | weir each --shell 'sleep 3; cat' | weir ack >out"
	assert_status 0
	assert_files_equal out <(seq 20000)
	run ! grep -qi 'poll' err
	run weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}

@test "an idle topic has batches too" {
	topic=$(new_topic 1)
	bash -c "weir consume -g $group --batch 100ms $topic | tee marks | weir ack >out" &
	shell=$!
	wait_for 20 bash -c "[ \$(grep -ac '\"k\":\"B\"' marks) -ge 5 ]"
	pkill -TERM -P "$shell" -f consume
	wait "$shell"
}
