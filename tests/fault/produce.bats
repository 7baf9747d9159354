#!/usr/bin/env bats
# produce at the end of a marked stream when things fail: killed at each step, stopped in the middle of a transaction and
# overtaken. Judged by a reader of committed records that shares no code with weir (kafka-python), on the multiset of
# (partition, offset): each record of the source has its place as its value in the target.
# bats file_tags=server,long
# shellcheck disable=SC2154,SC2030,SC2031 # the helpers set the variables; each test has a shell of its own
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group

SINK='before-at after-at before-begin txn-begun txn-sent txn-offsets txn-committed before-ack acked'
SOURCE='before-S after-S before-Q after-Q answered before-R after-R before-B after-B after-ack before-F'

setup() {
	group_setup
	topic=$(new_topic 3)
	export PLACES='%p:%o\n'
	killed=$BUILD/kill/bin
	[ -x "$killed/produce" ] || fail "no $killed/produce: make tests-bin"
	seq 60 | weir produce -X partitioner=random "$topic"
	weir consume --to end -f "$PLACES" "$topic" | sort >places
}

# The pipeline, with the programs CONSUME and PRODUCE, each with a prefix such as `env WEIR_KILL_AT=…`; sets $status to
# those of both.
pipe() { # pipe "CONSUME" "PRODUCE" [CONSUME-ARG...]
	run_sh "$1 -g $group --batch 1h,10 --to end -X session.timeout.ms=6000 -f \"\$PLACES\" ${*:3} $topic | $2 $target; echo \"\${PIPESTATUS[*]}\""
}

whole() { # whole: the target has each place once
	assert_files_equal <(python3 "$BATS_TEST_DIRNAME/../lib/committed.py" "$WEIR_BROKERS" "$target" | sort) places
}

# Run the pipeline anew until it ends well: after a kill, partitions are given away only when the session is over.
go_on() { # go_on [CONSUME-ARG...]
	for _ in 1 2 3 4; do
		pipe "weir consume" "weir produce" "$@"
		[ "$output" != '0 0' ] || return 0
	done
	fail "it does not end well: $stderr"
}

fresh() {
	group=$(unique_group) target=$(new_topic 2)
}

@test "topic to topic: produce is killed at each step, and every record is there exactly once" {
	for point in $SINK; do
		for nth in '' :3; do
			[ "$point$nth" != before-at:3 ] && [ "$point$nth" != after-at:3 ] || continue # there is one question
			echo "== $point$nth"
			fresh
			pipe "weir consume" "env WEIR_KILL_AT=$point$nth $killed/produce" -p 0-2
			assert_equal "${output##* }" 137
			go_on -p 0-2
			whole
		done
	done
}

@test "topic to topic: consume is killed at each step, and every record is there exactly once" {
	for point in $SOURCE; do
		echo "== $point"
		fresh
		pipe "env WEIR_KILL_AT=source-$point $killed/consume" "weir produce" -p 0-2
		assert_equal "${output%% *}" 137
		go_on -p 0-2
		whole
	done
}

@test "topic to topic: a member of the group is killed at some steps, and every record is there exactly once" {
	for point in txn-begun:2 txn-sent:2 txn-offsets txn-committed:3; do
		echo "== $point"
		fresh
		pipe "weir consume" "env WEIR_KILL_AT=$point $killed/produce"
		assert_equal "${output##* }" 137
		go_on
		whole
	done
}

stopped() { # stopped PGID: the produce of this group is; sets $pid
	pid=$(pgrep -g "$1" -x produce) && [ "$(ps -o stat= -p "$pid" | cut -c1)" = T ]
}

# A pipeline is stopped as a whole once produce has come to POINT for the second time; another one of the group takes over
# and ends; then the first goes on.
overtake() { # overtake POINT [CONSUME-ARG...]
	echo "== $*"
	fresh
	start_bg zombie bash -c "weir consume -g $group --batch 1h,10 -X session.timeout.ms=6000 -f '$PLACES' ${*:2} $topic |
		env WEIR_STOP_AT=$1:2 $killed/produce $target; exit \${PIPESTATUS[1]}"
	wait_for 30 stopped "$bg_pid"
	kill -STOP -- "-$bg_pid"
	go_on "${@:2}"
	kill -CONT -- "-$bg_pid"
	wait_bg zombie
	assert_equal "$status" 75
	whole
}

@test "topic to topic: a zombie of the same partitions, stopped in its transaction, commits nothing more" {
	for point in before-begin txn-begun txn-sent txn-offsets; do
		overtake "$point" -p 0-2
	done
}

@test "topic to topic: a zombie of the group, stopped in its transaction, commits nothing more" {
	overtake txn-sent
	overtake txn-offsets
}

said() { # said WORD: the proxy has
	grep -qx "$1" late.out
}

# The first request KEY of produce is delivered late: when produce has given up, or, where the library waits for ever, was
# killed while it waits. Another run begins before it comes, or with `after` later.
late() { # late KEY [after]
	echo "== $*"
	fresh
	start_bg late python3 "$BATS_TEST_DIRNAME/../lib/lateproxy.py" "${WEIR_BROKERS##*:}" "$1" 8 "${nth:-1}"
	wait_for 10 has_lines late.out 1
	through="weir produce --timeout 2s -b 127.0.0.1:$(head -n 1 late.out)"
	if [ "$1" = 28 ]; then # librdkafka 2.0.2 waits for TxnOffsetCommit beyond the time-out
		start_bg waiting bash -c "weir consume -g $group --batch 1h,10 --to end -f '$PLACES' -p 0-2 $topic | $through $target; echo \"\${PIPESTATUS[*]}\""
		wait_for 20 said late
		kill -KILL "$(pgrep -g "$bg_pid" -x produce)"
		wait_bg waiting
		output=$(<waiting.out)
		assert_output '75 137'
	else
		pipe "weir consume" "$through" -p 0-2
		assert_output '75 75'
	fi
	[ "${2:-}" != after ] || wait_for 20 said delivered
	go_on -p 0-2
	wait_for 20 said delivered
	whole
	pipe "weir consume" "weir produce" -p 0-2
	assert_output '0 0'
	whole
	process_signal TERM "$(<late.bg)"
}

@test "topic to topic: a coordinator that is silent: 75, and what comes late changes nothing" {
	for key in 22 25 28 26; do # InitProducerId, AddOffsetsToTxn, TxnOffsetCommit, EndTxn
		[ "$key" = 22 ] && nth=2 || nth=1 # the first one is that of the producer for plain streams
		late "$key"
		late "$key" after
	done
}
