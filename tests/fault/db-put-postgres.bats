#!/usr/bin/env bats
# db-put into PostgreSQL when things fail: killed at each step, connections cut before and after COMMIT, a server that
# restarts, a zombie within its transaction. After the next run each record is in the table exactly once.
# bats file_tags=postgres
load ../lib/weir
load ../lib/postgres

POINTS='before-begin positions-moved in-transaction before-commit after-commit before-ack acked'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MARKER=$BUILD/servers/marker
	killed=$BUILD/kill/bin/db-put
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
	seq 1 20 | jq -c '{k: (. % 7), n: .}' >in
	new_database
}

new_table() { # new_table COLUMNS
	sql 'DROP TABLE IF EXISTS t, weir_positions, weir_ids' "CREATE TABLE t ($1)"
}

stopped() { # stopped PGID: the db-put of this group is; sets $pid
	pid=$(pgrep -g "$1" -x db-put) && [ "$(ps -o stat= -p "$pid" | cut -c1)" = T ]
}

go_on() { # go_on ARG...
	"$MARKER" -n 3 <in 2>err | weir db-put --table t --commit-records 3 "$@" "$url"
}

assert_all() { # each record is there once
	assert_equal "$(sql "SELECT string_agg(n::text, ',' ORDER BY n) FROM t")" "$(seq 1 20 | paste -sd,)"
}

# Start a pipeline, ARG of its last program, that stops at POINT; sets $pid.
stop_at() { # stop_at POINT ARG...
	start_bg zombie bash -c "{ \$MARKER -n 30 <in || true; } |
		env WEIR_STOP_AT=$1 WEIR_IDLE_MS=${idle_ms:-60000} $killed --table t ${*:2} '$url'"
	wait_for 20 stopped "$bg_pid"
}

backends() {
	sql "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'weir db-put' AND datname = current_database()"
}

no_backend() {
	[ "$(backends)" = 0 ]
}

end_connections() { # those of db-put
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'weir db-put' AND datname =
		current_database()" >terminated
	wait_for 20 no_backend
}

@test "killed at each step: inserted rows are there exactly once" {
	for point in $POINTS; do
		for nth in '' :3; do
			echo "$point$nth"
			new_table 'k int, n int'
			run_sh "{ \$MARKER -n 3 -w 5000 <in 2>err || true; } | env WEIR_KILL_AT=$point$nth $killed --table t --commit-records 3 '$url'"
			assert_status 137
			wait_for 20 no_backend
			go_on
			assert_all
		done
	done
}

@test "killed at each step: updated and rejected rows are what one run would have made" {
	sed -i 's/"n":5}/"n":"five"}/' in
	new_table 'k int PRIMARY KEY, n int CHECK (n <> 20)'
	go_on --key k --rejects aside || [ $? = 1 ]
	sql 'SELECT * FROM t ORDER BY k' >wanted
	for point in $POINTS; do
		echo "$point"
		new_table 'k int PRIMARY KEY, n int CHECK (n <> 20)'
		rm -f aside
		run_sh "{ \$MARKER -n 3 -w 5000 <in 2>err || true; } |
			env WEIR_KILL_AT=$point $killed --table t --commit-records 3 --key k --rejects aside '$url'"
		assert_status 137
		wait_for 20 no_backend
		go_on --key k --rejects aside || [ $? = 1 ]
		assert_files_equal <(sql 'SELECT * FROM t ORDER BY k') wanted
		assert_equal "$(jq -r .data aside | sort -u | jq -c .n | paste -sd,)" '"five",20'
	done
}

@test "a connection that is cut within the transaction: the commit is made again" {
	for point in positions-moved in-transaction before-commit; do
		echo "$point"
		new_table 'k int, n int'
		stop_at $point
		end_connections
		kill -CONT "$pid"
		wait_bg zombie
		assert_all
	done
}

@test "a connection that is cut after COMMIT, before its answer: the commit is not made twice" {
	new_table 'k int, n int'
	# the server commits and the answer is lost: a deferred trigger cannot do that, so a proxy swallows it
	port=${url##*:} port=${port%%/*}
	start_bg proxy python3 "$WEIR_ROOT/tests/lib/cutproxy.py" "$port" COMMIT
	wait_for 20 test -s proxy.out
	run_sh "{ \$MARKER -n 30 -w 5000 <in 2>err || true; } |
		weir db-put --table t '${url/:$port/:$(head -n 1 proxy.out)}'"
	assert_status 0
	grep -q swallowed proxy.out
	assert_all
	assert_equal "$(sql 'SELECT next FROM weir_positions')" 20
	new_table 'k int, n int'
	stop_bg proxy || true
	start_bg proxy2 python3 "$WEIR_ROOT/tests/lib/cutproxy.py" "$port" COMMIT
	wait_for 20 test -s proxy2.out
	run_logged weir db-put --table t "${url/:$port/:$(head -n 1 proxy2.out)}" in
	assert_status 75 # a plain stream without --id: nobody knows
	assert_stderr_contains 'whether the commit is there is not known'
	assert_all
}

@test "stopped within its transaction and overtaken: it holds nobody up, and ends with 75" {
	new_table 'k int, n int'
	idle_ms=1000 stop_at before-commit
	go_on # waits until the server has ended the zombie's transaction
	assert_all
	kill -CONT "$pid"
	wait_bg zombie || true
	grep -q 'another writer has committed past it' zombie.err
	assert_all
}

@test "a server that is killed and restarted within a transaction: the commit is made again" {
	start_server postgres own
	url=$WEIR_TEST_POSTGRES
	new_table 'k int, n int'
	stop_at before-commit
	"$WEIR_ROOT/tests/servers/postgres" kill own
	kill -CONT "$pid"
	"$WEIR_ROOT/tests/servers/postgres" restart own
	wait_bg zombie
	assert_all
}

@test "a table that is dropped and made again while the pipeline runs: 75, then 78" {
	new_table 'k int, n int'
	stop_at before-begin
	sql 'DROP TABLE t' 'CREATE TABLE t (k int, n int)'
	kill -CONT "$pid"
	wait_bg zombie || true
	grep -q "the table 'public.t' was dropped, or made again" zombie.err
	assert_equal "$(sql 'SELECT count(*) FROM t')" 0
}

@test "a fail-over within a transaction: the commit is made on the standby, once it is promoted" {
	start_server postgres own
	url=$WEIR_TEST_POSTGRES
	new_table 'k int, n int'
	start_server postgres second "$PWD/own"
	promoted=$WEIR_TEST_POSTGRES both=${WEIR_TEST_POSTGRES/\/postgres/,${url#*@}}
	url=$both stop_at before-commit # the standby comes first in the URL, and is passed over
	"$WEIR_ROOT/tests/servers/postgres" kill own
	kill -CONT "$pid"
	wait_for 60 grep -q 'the commit is tried again: ' zombie.err
	url=$promoted
	assert_equal "$(sql 'SELECT pg_is_in_recovery(), count(*) FROM t')" 't|0'
	sql 'SELECT pg_promote()'
	wait_bg zombie
	assert_all
}
