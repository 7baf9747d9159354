#!/usr/bin/env bats
# Several sinks behind one consume (tee): one of them is killed at each step of its commits. The group never gets ahead
# of the slower table, and once both are at the same position, each has each record once.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group
load ../lib/lake

setup() {
	group_setup
	topic=$(new_topic 1)
	mkfifo branch
	seq 200 | weir produce "$topic"
}

position() { # position TABLE: of the only partition; 0: none
	weir lake-cat --positions "$1" 2>/dev/null | cut -f 3 | grep . || echo 0
}

# Run both sinks to the end, or, with POINT, until the left one is killed there; sets $status to that of consume, and $stderr.
both() { # both [POINT]
	start_bg left env ${1:+"WEIR_KILL_AT=$1"} bash -c "exec $BUILD/kill/bin/lake-put --commit-every 0 left <branch"
	run_sh "weir consume -g $group --sinks 2 --batch 1h,10 --to end $topic | tee branch | weir lake-put --commit-every 0 right; exit \"\${PIPESTATUS[0]}\""
	local consume=$status said=$stderr
	wait_bg left
	status=$consume stderr=$said
}

# As weir-guarantees(7) says: fill the table that is behind alone, up to the position of the other.
bring_together() {
	local left right behind to
	left=$(position left) right=$(position right)
	[ "$left" -ne "$right" ] || return 0
	[ "$left" -lt "$right" ] && behind=left to=$right || behind=right to=$left
	run_sh "weir consume -g $group --adopt --from start --batch 1h,10 --to $to $topic | weir lake-put $behind"
	assert_status 0
	assert_equal "$(position left)" "$(position right)"
}

@test "one of two sinks is killed at each step: the group is never ahead of either, and nothing is lost or doubled" {
	for point in stage-written before-link:3 after-link:4 committed:5 before-publish:2 published:3 before-ack:6 acked:4 before-at; do
		echo "== $point"
		rm -rf left right
		group=$(unique_group)
		both "$point"
		assert_status 75
		least=$(printf '%s\n' "$(position left)" "$(position right)" | sort -n | head -n 1)
		committed=$(weir lag -g "$group" --format json "$topic" | jq '.committed // 0')
		[ "$committed" -le "$least" ] || fail "the group is at $committed, the tables at $(position left) and $(position right)"
		if [ "$(position left)" -ne "$(position right)" ]; then
			both
			assert_status 78
			assert_stderr_contains 'the sinks disagree'
		fi
		bring_together
		both
		assert_status 0
		assert_lake left <(seq 200)
		assert_lake right <(seq 200)
	done
}
