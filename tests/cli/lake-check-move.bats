#!/usr/bin/env bats
# lake-check: --set-position.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
}

# --- moving positions ------------------------------------------------------------------------------

@test "--set-position: forwards, backwards, a new one, several; with a reason; no finding afterwards" {
	marked 30 10
	run_weir lake-check --set-position t:0=10 --reason "ticket 4711 \"é\"" "$lake"
	assert_status 0
	assert_stderr "weir lake-check: topic 't', partition 0, group 'g': moved from 30 to 10"
	assert_equal "$(positions)" $'t\t0\t10\tg'
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo | [.moved, .reason, .operation]' "$(entry 3)")" \
		'[{"t":{"0":[30,10]}},"ticket 4711 \"é\"","SET POSITION"]'
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo.weir.positions.g.t["0"]' "$(entry 3)")" '{"next":10}'
	assert_sound
	run_weir lake-check --set-position t:0=500 --set-position t:1=4 --set-position other:2147483647=9 -g g "$lake"
	assert_status 0
	assert_stderr "weir lake-check: topic 't', partition 0, group 'g': moved from 10 to 500
weir lake-check: topic 't', partition 1, group 'g': set to 4; the table had no position of this partition
weir lake-check: topic 'other', partition 2147483647, group 'g': set to 9; the table had no position of this topic"
	assert_equal "$(positions)" $'t\t0\t500\tg\nt\t1\t4\tg\nother\t2147483647\t9\tg'
	run_weir lake-check --set-position new:0=7 --group 'h/ x"' "$lake" # its topic has no other group
	assert_status 0
	assert_stderr "weir lake-check: topic 'new', partition 0, group 'h/ x\"': set to 7; the table had no position of this group"
	assert_sound
	run_weir lake-check --set-position t:0=1 "$lake"
	assert_status 2
	assert_stderr_contains 'positions of 2 groups'
	[ "$(lake_commits "$lake")" = 6 ]
	weir lake-check --set-position t:0=9223372036854775806 -g g "$lake" 2>/dev/null
	assert_sound
}

@test "--set-position: a group that the topic does not have, while another one has it, needs --also-group" {
	rows() { seq "$1" | jq -c '{n: .}' | marker -n 10 -g "$2" 2>/dev/null; }
	for kind in raw delta; do
		lake=$BATS_TEST_TMPDIR/$kind
		dir=_delta_log
		[ $kind = delta ] || dir=_weir_log
		rows 9 right | weir lake-put --table $kind "$lake"
		run_weir lake-check -g tpyo --set-position t:0=3 "$lake"
		assert_status 78
		assert_output ''
		assert_stderr "weir lake-check: '$lake' holds topic 't' for group 'right'; a second group would store every record once more: go on with -g 'right', or rename that (weir lake-check --rename-group 'right' 'tpyo' '$lake'), or allow both (--also-group)"
		run_weir lake-check -g tpyo --set-position other:0=3 --set-position t:1=0 "$lake" # both or none
		assert_status 78
		assert_equal "$(positions)" $'t\t0\t9\tright'
		run_sh "jq -nc '{n: 1}' | marker -g tpyo 2>err | weir lake-put --table $kind '$lake'"
		assert_status 78
		assert_stderr_contains "holds topic 't' for group 'right'"
		[ ! -e "$lake/$dir/00000000000000000001.json" ]
		run_weir lake-check -g tpyo --also-group --set-position t:0=3 "$lake"
		assert_status 0
		assert_stderr "weir lake-check: topic 't', partition 0, group 'tpyo': set to 3; the table had no position of this group"
		run_weir lake-check -g tpyo --set-position t:0=4 "$lake" # the group has the topic by now
		assert_status 0
		assert_equal "$(positions)" $'t\t0\t9\tright\nt\t0\t4\ttpyo'
		run_weir lake-check "$lake"
		assert_status 0
		assert_output ''
		assert_stderr ''
	done
}

@test "--set-position: what it refuses" {
	marked 30 10
	for bad in '' t t:0 t:0= t:=1 :0=1 t:0=x t:-1=1 t:2147483648=1 t:0=9223372036854775807 t:0=-1 't/x:0=1' t:0=1=2 \
		't:0 =1' t:0:1=2 "$(printf 'x%.0s' {1..250}):0=1"; do
		run_weir lake-check --set-position "$bad" "$lake"
		assert_status 2
		assert_stderr_contains 'is not TOPIC:PARTITION=OFFSET'
	done
	for bad in '--set-position t:0=1 --set-position t:0=2' '--set-position t:0=1 --repair' '--set-position t:0=1 --clean' \
		'--also-group' '--also-group -b x:1' \
		'--set-position t:0=1 -b x:1' '--set-position t:0=1 --quick' '--reason x' '--group x' \
		$'--set-position t:0=1 --reason \xff' $'--set-position t:0=1 --group \xff' '--set-position t:0=1 --group='; do
		# shellcheck disable=SC2086
		run_weir lake-check $bad "$lake"
		assert_status 2
	done
	assert_equal "$(positions)" $'t\t0\t30\tg'
	assert_sound
	rm -rf "$lake"
	three # of no group at all
	run_weir lake-check --set-position t:0=1 "$lake"
	assert_status 2
	assert_stderr_contains 'positions of 0 groups'
	weir lake-check --set-position t:0=1 -g g "$lake" 2>/dev/null
	assert_equal "$(positions)" $'t\t0\t1\tg'
	assert_sound
}

@test "--set-position under a lake-put that runs: that commits nothing and ends with 75" {
	marked 30 10
	mkfifo pipe
	marker -n 10 -g g <pipe 2>/dev/null | weir lake-put --compress none "$lake" 2>err &
	pid=$!
	exec 8>pipe
	seq 50 >&8
	# Both batches after offset 30 are in hand when the lock of this writer lists its stage.
	wait_for 20 grep -rqs part "$lake/.writers"
	weir lake-check --set-position t:0=5 "$lake" 2>/dev/null
	exec 8>&-
	status=0
	wait $pid || status=$?
	[ "$status" = 75 ]
	grep -q 'another writer has committed past it' err
	assert_equal "$(positions)" $'t\t0\t5\tg'
	[ "$(weir lake-cat "$lake" | wc -l)" = 30 ]
	assert_sound
	marked 50 10 # goes on at 5
	assert_equal "$(positions)" $'t\t0\t50\tg'
	assert_files_equal <(weir lake-cat "$lake") <(seq 30; seq 6 50)
	assert_sound
}

@test "lake-put that holds records of a partition without a position loses it to --set-position, too" {
	three
	mkfifo pipe
	marker -n 10 -g g <pipe 2>/dev/null | weir lake-put --compress none "$lake" 2>err &
	pid=$!
	exec 8>pipe
	seq 20 >&8
	wait_for 20 grep -rqs part "$lake/.writers"
	weir lake-check --set-position t:0=0 -g g "$lake" 2>/dev/null
	exec 8>&-
	status=0
	wait $pid || status=$?
	[ "$status" = 75 ]
	assert_equal "$(positions)" $'t\t0\t0\tg'
	assert_sound
}
