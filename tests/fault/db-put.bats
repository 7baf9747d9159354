#!/usr/bin/env bats
# db-put into SQLite when things fail: killed at each step, stopped and overtaken, a full disk. After the next run each
# record is in the table exactly once. `marker` replaces consume --batch.
load ../lib/weir

POINTS='before-at after-at before-begin positions-moved in-transaction before-commit after-commit before-ack acked'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MARKER=$BUILD/servers/marker
	killed=$BUILD/kill/bin/db-put
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
}

sql() { # sql STATEMENT
	sqlite3 -cmd '.timeout 5000' a.db "$1"
}

new_table() { # new_table COLUMNS
	rm -f a.db a.db-*
	sql "CREATE TABLE t ($1)"
}

numbers() { # numbers FROM TO
	seq "$1" "$2" | jq -c '{k: (. % 7), n: .}'
}

# Run the test build with marked batches of the file `in`; it is killed at the first POINT, or at the Nth.
die_at() { # die_at POINT ARG...
	run_sh "{ \$MARKER -n 3 -w 5000 <in 2>err || true; } | env WEIR_KILL_AT=$1 $killed --table t --commit-records 3 ${*:2} sqlite:a.db"
	assert_status 137
}

stopped() { # stopped PGID: the db-put of this group is; sets $pid
	pid=$(pgrep -g "$1" -x db-put) && [ "$(ps -o stat= -p "$pid" | cut -c1)" = T ]
}

go_on() { # go_on ARG...
	"$MARKER" -n 3 <in 2>err | weir db-put --table t --commit-records 3 "$@" sqlite:a.db
}

@test "killed at each step: inserted rows are there exactly once" {
	numbers 1 20 >in
	for point in $POINTS; do
		for nth in '' :3; do
			[ "$point$nth" != before-at:3 ] && [ "$point$nth" != after-at:3 ] || continue # there is one question
			echo "$point$nth"
			new_table 'k INTEGER, n INTEGER'
			die_at "$point$nth"
			assert_equal "$(sql 'PRAGMA integrity_check')" ok
			assert_equal "$(sql 'SELECT count(*) FROM t')" \
				"$(sql "SELECT coalesce(max(next), 0) FROM weir_positions" 2>/dev/null || echo 0)"
			go_on
			assert_equal "$(sql 'SELECT group_concat(n) FROM (SELECT n FROM t ORDER BY n)')" "$(seq 1 20 | paste -sd,)"
		done
	done
}

@test "killed at each step: updated rows, and rejected ones, are what one run would have made" {
	numbers 1 20 | sed 's/"n":5}/"n":"five"}/' >in
	new_table 'k INTEGER PRIMARY KEY, n INTEGER CHECK (n <> 20)'
	run_sh "\$MARKER -n 3 <in 2>err | weir db-put --table t --key k --rejects aside sqlite:a.db"
	assert_status 1
	sql 'SELECT * FROM t ORDER BY k' >wanted
	for point in $POINTS; do
		echo "$point"
		new_table 'k INTEGER PRIMARY KEY, n INTEGER CHECK (n <> 20)'
		rm -f aside
		die_at "$point" --key k --rejects aside
		go_on --key k --rejects aside || [ $? = 1 ]
		assert_files_equal <(sql 'SELECT * FROM t ORDER BY k') wanted
		assert_equal "$(jq -r .data aside | sort -u | jq -c .n | paste -sd,)" '"five",20'
	done
}

@test "killed at each step with --id: a second run leaves each row exactly once" {
	numbers 1 20 >in
	for point in before-begin positions-moved in-transaction before-commit after-commit; do
		new_table 'k INTEGER, n INTEGER'
		run_sh "env WEIR_KILL_AT=$point $killed --table t --id one sqlite:a.db in"
		assert_status 137
		weir db-put --table t --id one sqlite:a.db in 2>err
		assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '20|210'
	done
}

@test "stopped before its transaction and overtaken: 75, and nothing of it is in the table" {
	numbers 1 20 >in
	new_table 'k INTEGER, n INTEGER'
	start_bg zombie bash -o pipefail -c "{ \$MARKER -n 30 <in || true; } |
		env WEIR_STOP_AT=before-begin $killed --table t sqlite:a.db"
	wait_for 20 stopped "$bg_pid"
	go_on
	kill -CONT "$pid"
	wait_bg zombie || true
	grep -q 'another writer has committed past it' zombie.err
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '20|210'
}

@test "stopped within its transaction: others end with 75 after --timeout, and go on when it is killed" {
	numbers 1 20 >in
	new_table 'k INTEGER, n INTEGER'
	start_bg zombie bash -c "{ \$MARKER -n 30 <in || true; } |
		env WEIR_STOP_AT=before-commit $killed --table t sqlite:a.db"
	wait_for 20 stopped "$bg_pid"
	run_sh '{ $MARKER -n 3 <in 2>err || true; } | weir db-put --table t --timeout 200ms sqlite:a.db'
	assert_status 75
	assert_stderr_contains 'database is locked'
	kill -9 "$pid"
	wait_bg zombie || true
	go_on
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '20|210'
}

@test "a full disk: 75, and the table is as it was; with room the next run has it all" {
	needs_mounts
	seq 1 200000 | jq -c '{k: 1, n: .}' >in
	run_sh "${mount_namespace[*]} bash -ec '
		mkdir disk
		mount -t tmpfs -o size=1m tmpfs disk
		sqlite3 disk/a.db \"CREATE TABLE t (k INTEGER, n INTEGER)\"
		set +e
		weir db-put --table t sqlite:disk/a.db in
		echo \"status \$?\"
		mount -o remount,size=50m disk
		set -e
		sqlite3 disk/a.db \"SELECT count(*) FROM t\"
		weir db-put --table t sqlite:disk/a.db in
		sqlite3 disk/a.db \"SELECT count(*) FROM t\"'"
	assert_status 0
	assert_output $'status 75\n0\n200000'
}
