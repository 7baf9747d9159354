#!/usr/bin/env bats
# Notes of normal operation: the messages of long-running programs while all is well, on a terminal and with -v.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
}

# The messages, with TIME instead of a time before them.
said() {
	printf '%s\n' "$stderr" | sed 's/^2[0-9-]*T[0-9:]*Z /TIME /'
}

@test "lake-put -v: where to and when, each commit, the sum; with times off a terminal" {
	run_sh 'seq 5 | weir lake-put -v lake'
	assert_status 0
	said >lines
	assert_files_equal lines <(
		cat <<-END
			TIME weir lake-put: writing to 'lake', a new table; all is committed at the end of the input
			TIME weir lake-put: committed 5 records: 1 file, 23 bytes, version 0
			TIME weir lake-put: done: 5 records in 1 commit
		END
	)
	run_sh 'seq 30 | "$MARKER" -n 10 2>err | weir lake-put --compress none --commit-every 0 -v marked'
	said >lines
	assert_files_equal lines <(
		cat <<-END
			TIME weir lake-put: writing to 'marked', a new table for group 'g'; a commit every batch
			TIME weir lake-put: committed 10 records: 1 file, 21 bytes, version 0
			TIME weir lake-put: committed 10 records: 1 file, 30 bytes, version 1
			TIME weir lake-put: committed 10 records: 1 file, 30 bytes, version 2
			TIME weir lake-put: done: 30 records in 3 commits
		END
	)
	run_sh 'seq 31 | "$MARKER" -n 10 2>err | weir lake-put -v marked'
	assert_stderr_contains "writing to 'marked', at version 2 for group 'g'; a commit every 60 s or 134217728 bytes, and at the end"
}

@test "on a terminal it is said anyway, without times, and with -q not" {
	assert_equal "$(on_terminal 'echo x | weir lake-put lake')" "weir lake-put: writing to 'lake', a new table; all is committed at the end of the input
weir lake-put: committed 1 record: 1 file, 15 bytes, version 0
weir lake-put: done: 1 record in 1 commit"
	assert_equal "$(on_terminal 'echo x | weir lake-put -q lake')" ''
	assert_equal "$(on_terminal 'echo x | weir lake-put -qv lake')" ''
	run_sh 'echo x | weir lake-put lake'
	assert_stderr ''
}

@test "with -v warnings have their times, too, and failures end without a sum" {
	run_weir lake-put -v lake nowhere
	assert_status 78
	assert_equal "$(said)" "TIME weir lake-put: cannot open 'nowhere': No such file or directory"
}

@test "produce -v and consume -v: from where, each commit, the sum" {
	topic=$(new_topic 2) group=$(unique_group)
	run_sh "seq 10 | weir produce -v -p 1 $topic"
	assert_status 0
	assert_equal "$(said)" "TIME weir produce: writing to topic '$topic'
TIME weir produce: done: 10 records acknowledged"
	run_sh "weir consume -v -g $group --batch 1s --to end $topic | weir lake-put lake"
	assert_status 0
	said >lines
	grep -qx "TIME weir consume: reading '$topic' for group '$group', in batches of 1 s" lines
	grep -qx "TIME weir consume: 2 partitions: '$topic' \[0\] from offset 0 \[1\] from offset 0" lines
	grep -qx "TIME weir consume: committed for group '$group'; 10 records so far, lag 0" lines
	assert_equal "$(tail -n 1 lines)" "TIME weir consume: done: 10 records"
	run_sh "weir consume -q --to end $topic"
	assert_stderr ''
	run_sh "weir consume -v --to end $topic >out"
	assert_equal "$(said)" "TIME weir consume: reading '$topic'
TIME weir consume: 2 partitions: '$topic' [0] from offset 0 [1] from offset 0
TIME weir consume: done: 10 records"
}
