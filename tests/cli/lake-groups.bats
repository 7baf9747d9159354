#!/usr/bin/env bats
# A table and the groups that write it: a second group of a topic is refused, and groups are renamed.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
}

# Lines 1 to N by a source of GROUP; the statuses of source and sink in $status.
put() { # put N GROUP [OPTION...]
	run_sh "seq $1 | '$BUILD/servers/marker' -n 10 -g $2 2>err | weir lake-put ${*:3} '$lake'"
}

@test "a second group of a topic: 78 before anything is read, naming the group that is there and three ways out" {
	put 30 first
	assert_status 0
	put 40 second
	assert_status 78
	assert_stderr_contains "'$lake' holds topic 't' for group 'first'; a second group would store every record once more"
	assert_stderr_contains "go on with -g 'first', or rename that (weir lake-check --rename-group 'first' 'second' '$lake'), or allow both (--also-group)"
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 30
	assert_sound
	put 40 first
	assert_status 0
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 40
}

@test "--also-group: both have the topic, and lake-check says so without making it a finding" {
	put 30 first
	put 20 second --also-group
	assert_status 0
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 50
	put 25 second # the group has the topic by now
	assert_status 0
	run_weir lake-check "$lake"
	assert_status 0
	assert_output ''
	assert_stderr "weir lake-check: topic 't' was read for group 'first' and for group 'second': records that both have read are in the table twice"
}

@test "two groups begin with one topic at the same moment: one commits, the other ends with 78" {
	for g in one two three; do
		(
			status=0
			seq 50 | "$BUILD/servers/marker" -n 50 -g $g 2>/dev/null | weir lake-put "$lake" 2>err-$g || status=$?
			echo $status >status-$g
		) &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	assert_equal "$(sort status-* | tr '\n' ' ')" '0 78 78 '
	assert_equal "$(weir lake-cat "$lake" | sort -n)" "$(seq 50)"
	assert_sound
}

@test "--rename-group: what the one had is the other's, which goes on there" {
	put 30 'first'
	run_weir lake-check --rename-group first 'new/ "name"' "$lake"
	assert_status 0
	assert_stderr "weir lake-check: the positions of group 'first' now belong to group 'new/ \"name\"'"
	assert_sound
	assert_equal "$(positions)" $'t\t0\t30\tnew/ "name"'
	weir lake-check --rename-group 'new/ "name"' second --reason 'ticket 9' "$lake" 2>/dev/null
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo | [.renamed, .reason, .operation]' "$(entry 2)")" \
		'[["new/ \"name\"","second"],"ticket 9","RENAME GROUP"]'
	put 45 second
	assert_status 0
	assert_equal "$(weir lake-cat "$lake" | sort -n)" "$(seq 45)"
	assert_sound
	put 50 first # the old name is a second group now
	assert_status 78
	assert_stderr_contains "for group 'second'"
}

@test "--rename-group: what it refuses" {
	put 30 g
	weir lake-check --set-position u:0=1 -g h "$lake" 2>/dev/null
	while IFS='|' read -r status args said; do
		run_sh "weir lake-check --rename-group $args"
		assert_status "$status"
		assert_stderr_contains "$said"
	done <<-ROWS
		78|none new $lake|has no positions of group 'none'
		78|g h $lake|has positions of group 'h' already
		78|g g $lake|has positions of group 'g' already
		2|g $lake|takes both groups and the table: OLD NEW TABLE
		2|g ' ' $lake|option --rename-group
		2|' ' g $lake|option --rename-group
		2|g \$'\\xff' $lake|option --rename-group
		2|g n --clean $lake|--rename-group cannot be combined with a check or another change
		2|g n --set-position t:0=1 $lake|cannot be combined with a check or another change
		78|g n $lake-not|
	ROWS
	run_weir lake-check new "$lake"
	assert_status 2
	assert_stderr_contains 'unexpected operand'
	assert_equal "$(positions)" $'t\t0\t30\tg\nu\t0\t1\th'
	assert_sound
}

@test "--rename-group under a lake-put that runs: that commits nothing more and ends with 78" {
	put 10 g
	mkfifo pipe
	"$BUILD/servers/marker" -n 10 -g g <pipe 2>/dev/null | weir lake-put --compress none "$lake" 2>err &
	pid=$!
	exec 8>pipe
	seq 50 >&8
	wait_for 20 grep -rqs part "$lake/.writers"
	weir lake-check --rename-group g n "$lake" 2>/dev/null
	exec 8>&-
	status=0
	wait $pid || status=$?
	[ "$status" = 78 ]
	grep -q "holds topic 't' for group 'n'" err
	assert_equal "$(positions)" $'t\t0\t10\tn'
	assert_sound
}
