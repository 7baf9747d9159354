#!/usr/bin/env bats
# db-put into a real PostgreSQL: types, upserts, rejected rows, marked streams, and what is refused.
# bats file_tags=postgres
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/postgres
load ../lib/database

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	new_database
}

numbers() { # numbers FROM TO
	seq "$1" "$2" | jq -c '{k: (. % 7), n: .}'
}

@test "postgres: --create makes the table; every type is written exactly" {
	cat >in <<-'END'
		{"id":1,"s":"ä","x":1.5,"f":-2.25,"t":"2026-01-02T03:04:05.123456+01:00","w":"0001-01-01T00:00:00","d":-1234.50,"j":{"a":[1,2]},"b":"AQID","y":"1969-12-31","o":true,"i":-7,"h":300}
		{"id":-9223372036854775808,"s":"","x":"NaN","f":"Infinity","t":"1900-01-01T00:00:00Z","w":"9999-12-31T23:59:59.5","d":0.001,"j":{},"b":"","y":"9999-12-31","o":false,"i":2147483647,"h":-32768}
		{"id":2}
	END
	put --create --key id "$url" in --schema 'id bigint, s string, x double, f float, t timestamp, w timestamp_ntz,
		d decimal(12,3), j struct<a array<int>>, b binary, y date, o boolean, i int, h smallint'
	assert_equal "$(sql 'SELECT * FROM t ORDER BY id')" "$(
		cat <<-'END'
			-9223372036854775808||NaN|Infinity|1900-01-01 00:00:00+00|9999-12-31 23:59:59.5|0.001|{}|\x|9999-12-31|f|2147483647|-32768
			1|ä|1.5|-2.25|2026-01-02 02:04:05.123456+00|0001-01-01 00:00:00|-1234.500|{"a": [1, 2]}|\x010203|1969-12-31|t|-7|300
			2||||||||||||
		END
	)"
	assert_equal "$(sql "SELECT application_name FROM pg_stat_activity WHERE application_name = 'weir db-put' AND datname = '$database'")" ''
}

@test "postgres: numeric keeps all digits" {
	sql 'CREATE TABLE t (n numeric, m numeric(8,2))'
	for n in 0 -0 0.00 1 -1 10000 99999999 0.0001 0.00001 123456789012345678901234567890.123456789 1e3 1.5e-7 -1E20 \
		9999.9999 10000.0001 100000000; do
		echo "{\"n\":$n}"
	done >in
	put "$url" in
	assert_equal "$(sql 'SELECT n FROM t')" "$(
		printf '%s\n' 0 0 0 1 -1 10000 99999999 0.0001 0.00001 123456789012345678901234567890.123456789 1000 \
			0.00000015 -100000000000000000000 9999.9999 10000.0001 100000000
	)"
	put "$url" <<<'{"m":123456.70}'
	assert_equal "$(sql 'SELECT m FROM t WHERE m IS NOT NULL')" 123456.70
	ends 65 put "$url" <<<'{"m":1.234}'
	assert_stderr_contains 'column m: 1.234 has too many digits after the point'
	ends 65 put "$url" <<<'{"m":1234567}'
	assert_stderr_contains 'column m: 1234567 has too many digits before the point'
	ends 65 put "$url" <<<'{"n":"NaN"}'
	ends 65 put "$url" <<<'{"n":1e99999}'
}

@test "postgres: types that only the server reads: arrays, enums, domains, addresses, intervals" {
	sql "CREATE TYPE mood AS ENUM ('sad', 'glad')" 'CREATE DOMAIN short AS varchar(3) NOT NULL' \
		'CREATE TABLE t (a int[], b text[], m mood, s short, i inet, v interval, u uuid, c char(2), z json)'
	put "$url" <<<'{"a":[1,null,3],"b":["x,y","\"q\"","a\nb"],"m":"glad","s":"äöü","i":"10.0.0.1/8","v":"1 day","u":"A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11","c":"ab","z":[1, 2]}'
	assert_equal "$(sql 'SELECT a, b[1], b[2], b[3] = E'\''a\nb'\'', m, s, i, v, u, c, z FROM t')" \
		'{1,NULL,3}|x,y|"q"|t|glad|äöü|10.0.0.1/8|1 day|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|ab|[1, 2]'
	printf '{4,5}\tsad\tx\n' | put --input tsv --columns a,m,s "$url"
	assert_equal "$(sql "SELECT a, m FROM t WHERE s = 'x'")" '{4,5}|sad'
	ends 65 put "$url" <<<'{"s":"x","m":"angry"}'
	assert_stderr_contains 'PostgreSQL: invalid input value for enum mood: "angry"'
	ends 65 put "$url" <<<'{"s":"abcd"}'
	assert_stderr_contains 'column s: "abcd" is longer than the column'
	ends 65 put "$url" <<<'{"s":"x","u":"12"}'
	assert_stderr_contains 'column u: "12" is not a UUID'
	ends 65 put "$url" <<<'{"s":"a\u0000"}'
	assert_stderr_contains 'holds a NUL, which text cannot'
	assert_equal "$(sql 'SELECT count(*) FROM t')" 2
}

@test "postgres: --key: update, ignore, error; the order within a commit counts" {
	sql 'CREATE TABLE t (k int, q int, n int, more int DEFAULT 7, PRIMARY KEY (k, q))'
	printf '{"k":%d,"q":1,"n":%d}\n' 1 1 2 2 1 3 >in
	put --key k,q "$url" in
	assert_equal "$(sql 'SELECT * FROM t ORDER BY k')" $'1|1|3|7\n2|1|2|7'
	sql 'UPDATE t SET more = 8'
	printf '{"k":%d,"q":1,"n":%d}\n' 2 5 3 1 | put --key k,q "$url"
	assert_equal "$(sql 'SELECT * FROM t ORDER BY k')" $'1|1|3|8\n2|1|5|8\n3|1|1|7'
	printf '{"k":%d,"q":1,"n":%d}\n' 1 9 4 1 4 2 | put --key k,q --on-conflict ignore "$url"
	assert_equal "$(sql 'SELECT * FROM t ORDER BY k')" $'1|1|3|8\n2|1|5|8\n3|1|1|7\n4|1|1|7'
	ends 65 put "$url" in
	assert_stderr_contains 'in: record 1, PostgreSQL: duplicate key value violates unique constraint "t_pkey": Key (k, q)=(1, 1) already exists.'
	ends 78 put --key n "$url" in
	assert_stderr_contains 'there is no unique or exclusion constraint matching the ON CONFLICT specification'
}

@test "postgres: --rejects: what the server refuses is set aside, the others are committed" {
	sql "CREATE TABLE t (n int PRIMARY KEY CHECK (n % 1000 <> 7), m text CHECK (m <> 'no'))"
	seq 1 9000 | jq -c '{n: (if . == 5000 then 1 else . end), m: (if . == 6000 then "no" else "m" end)}' >in
	run_logged put --rejects aside "$url" in
	assert_status 1
	assert_equal "$(sql 'SELECT count(*) FROM t')" 8989
	assert_equal "$(jq .record aside | sort -n | paste -sd' ')" '7 1007 2007 3007 4007 5000 5007 6000 6007 7007 8007'
	grep -q '"record":6000,' aside
	sql "DELETE FROM t"
	rm aside
	run_logged put --rejects aside --key n "$url" in # by a temporary table, in which no message names a row
	assert_status 1
	assert_equal "$(sql 'SELECT count(*) FROM t')" 8989
	assert_equal "$(jq .record aside | sort -n | paste -sd' ')" '7 1007 2007 3007 4007 5007 6000 6007 7007 8007'
}

@test "postgres: a record that is refused is set aside once, however often the commit is tried" {
	sql 'CREATE TABLE t (n int CHECK (n <> 2))' 'CREATE SEQUENCE tries' \
		"CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
			IF NEW.n = 4 AND nextval(''tries'') < 3 THEN RAISE SQLSTATE ''40001''; END IF;
			RETURN NEW; END'" 'CREATE TRIGGER later BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION later()'
	printf '{"n":%s}\n' 1 2 3 4 5 >in
	ends 1 put --rejects bad "$url" in
	assert_stderr_contains '1 of 5 records (20 %) was rejected'
	assert_equal "$(jq .record bad)" 2
	assert_equal "$(sql 'SELECT n FROM t ORDER BY n')" $'1\n3\n4\n5'
	assert_equal "$(sql "SELECT last_value >= 3 FROM tries")" t # it was tried again
}

@test "postgres: schemas, defaults, identities, generated columns, triggers, partitions, views, rights" {
	sql 'CREATE SCHEMA s' 'CREATE TABLE s."T x" (id int GENERATED BY DEFAULT AS IDENTITY, n int, g int GENERATED ALWAYS AS (n + 1) STORED, d int DEFAULT 5)'
	weir db-put --table 's.T x' "$url" <<<'{"n":1}'
	weir db-put --table 's.T x' --columns n,d "$url" <<<'{"n":2,"d":6}'
	assert_equal "$(sql 'SELECT * FROM s."T x"')" $'1|1|2|5\n2|2|3|6'
	ends 65 weir db-put --table 's.T x' "$url" <<<'{"n":1,"d":6}'
	assert_stderr_contains 'field d: the database has a value of its own for that column; --columns writes it'
	sql 'CREATE TABLE t (k int, n int) PARTITION BY RANGE (k)' 'CREATE TABLE t0 PARTITION OF t FOR VALUES FROM (0) TO (5)'
	put "$url" <<<'{"k":1,"n":2}'
	ends 65 put "$url" <<<$'{"k":1,"n":2}\n{"k":9,"n":2}'
	assert_stderr_contains 'record 2, PostgreSQL: no partition of relation "t" found for row'
	sql 'CREATE VIEW v AS SELECT * FROM t' "CREATE ROLE reader_$database LOGIN" "GRANT SELECT ON t TO reader_$database"
	ends 78 weir db-put --table v "$url" <<<'{"k":1}'
	assert_stderr_contains "'v' is a view or something else that is not a table"
	ends 78 put "${url/weir@/reader_$database@}" <<<'{"k":1}'
	assert_stderr_contains 'PostgreSQL: permission denied for table t'
	ends 78 weir db-put --table nix "$url" <<<'{"k":1}'
	assert_stderr_contains "there is no table 'nix'"
	ends 78 put "${url%/*}/nowhere" <<<'{"k":1}'
}

@test "postgres: a marked stream goes on where the table is; --id" {
	sql 'CREATE TABLE t (k int, n int)'
	numbers 1 5 | "$MARKER" -n 2 2>err | put "$url"
	grep -qx 'at -1' err
	numbers 1 9 | "$MARKER" -n 2 2>err | put --commit-records 1 "$url"
	grep -qx 'at 5' err
	assert_equal "$(sql "SELECT string_agg(n::text, ',') FROM t")" 1,2,3,4,5,6,7,8,9
	assert_equal "$(sql 'SELECT group_name, topic, "partition", next, table_name FROM weir_positions')" 'g|t|0|9|public.t'
	sql 'ALTER TABLE t RENAME TO u' # it is still the same table
	numbers 1 11 | "$MARKER" -n 2 2>err | weir db-put --table u "$url"
	grep -qx 'at 9' err
	numbers 12 20 >in
	for _ in 1 2; do weir db-put --table u --id one "$url" in 2>err; done
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM u')" '20|210'
	run_sh 'seq 5 | { "$MARKER" -g two 2>err || true; } | weir db-put --table u "$url"'
	assert_status 78
	assert_stderr_contains "the table 'public.u' holds topic 't' for group 'g'"
	sql 'CREATE TABLE v AS SELECT * FROM u' 'DROP TABLE u' 'ALTER TABLE v RENAME TO u' "UPDATE weir_positions SET table_name = 'public.u'"
	ends 78 weir db-put --table u "$url" <<<'{"n":1}'
	assert_stderr_contains 'was dropped and made again'
	numbers 1 12 | "$MARKER" -n 2 2>err | weir db-put --table u --adopt "$url"
	grep -qx 'at 11' err
}

@test "postgres: two pipelines: one commits, the other ends with 75" {
	sql 'CREATE TABLE t (k int, n int)'
	mkfifo lines
	{ "$MARKER" -n 3 -w 60000 <lines 2>err1 || true; } | { put "$url" 2>err2 || echo $? >status; } &
	slow=$!
	exec 7>lines
	until grep -qx 'at -1' err1; do sleep 0.05; done
	numbers 1 4 | "$MARKER" -n 2 2>err | put "$url"
	numbers 1 3 >&7
	exec 7>&-
	wait "$slow"
	assert_equal "$(cat status)" 75
	grep -q 'another writer has committed past it' err2
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '4|10'
}

@test "postgres: two groups begin at the same time: one is refused" {
	sql 'CREATE TABLE t (k int, n int)'
	numbers 1 50 >in
	local pids=()
	for group in one two; do
		{ "$MARKER" -g $group <in 2>"err.$group" || true; } | { put "$url" 2>"log.$group" || echo "$?" >"status.$group"; } &
		pids+=($!)
	done
	wait "${pids[@]}"
	assert_equal "$(cat status.* | grep -cE '^(78|75)$')" 1
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '50|1275'
}

@test "postgres: passwords are refused in the command line, and shown to nobody" {
	sql 'CREATE TABLE t (n int)'
	for u in "postgresql://weir:secret1@127.0.0.1/x" "postgresql:host=127.0.0.1 password=secret1" "postgresql://h/x?password=secret1" \
		"postgresql://h/x?sslpassword=secret1"; do
		ends 2 put "$u" <<<'{"n":1}'
		assert_stderr_contains 'a password does not belong into a command line'
		[[ $stderr != *secret1* ]]
	done
	ends 2 put 'postgresql://h/x?nonsense=secret1' <<<'{"n":1}'
	[[ $stderr != *secret1* ]]
	port=${url##*:} port=${port%%/*}
	PGPASSWORD=secret1 put "postgresql:host=127.0.0.1 port=$port user=weir dbname=$database" <<<'{"n":1}'
	printf '[lake]\nhost=127.0.0.1\nport=%s\nuser=weir\ndbname=%s\n' "$port" "$database" >services
	PGSERVICEFILE=$PWD/services put postgresql:service=lake <<<'{"n":2}'
	assert_equal "$(sql 'SELECT sum(n) FROM t')" 3
}

@test "postgres: rows whose key has a null do not conflict, unless the index says so" {
	sql 'CREATE TABLE t (a int, b int, n int, UNIQUE (a, b))'
	printf '{"a":%s,"b":%s,"n":%s}\n' 1 null 1 1 null 2 null null 3 null null 4 2 2 5 2 2 6 >in
	for conflict in update ignore; do
		put --key a,b --on-conflict "$conflict" "$url" in
	done
	put --key a,b --delete-on '.n == 9' "$url" <<<$'{"a":2,"b":2,"n":9}\n{"a":2,"b":2,"n":6}'
	ends 65 put --key a,b --delete-on '.n == 9' "$url" <<<'{"a":2,"n":9}'
	assert_stderr_contains 'column b: it is null or missing, and a key must not be'
	assert_equal "$(sql 'SELECT a, b, n FROM t ORDER BY n')" $'1||1\n1||1\n1||2\n1||2\n||3\n||3\n||4\n||4\n2|2|6'
	sql 'DROP TABLE t' 'CREATE TABLE t (a int, b int, n int, UNIQUE NULLS NOT DISTINCT (a, b))'
	put --key a,b "$url" in
	assert_equal "$(sql 'SELECT a, b, n FROM t ORDER BY n')" $'1||2\n||4\n2|2|6'
	sql 'DROP TABLE t' 'CREATE TABLE t (a int PRIMARY KEY, n int)'
	ends 65 put --key a "$url" <<<'{"n":1}'
	ends 65 put --key a --delete-on '.n == 2' "$url" <<<'{"n":2}'
}

locked() { # the table t is
	[ "$(sql "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass AND mode = 'AccessExclusiveLock'")" != 0 ]
}

waits_for_records() { # a db-put has connected to this test's database, and asked all that it asks at first; sets $backend
	backend=$(sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'weir db-put' AND datname = '$database'
		AND state = 'idle' AND state_change < now() - interval '1 s'") && [ -n "$backend" ]
}

@test "postgres: what is waited for is said after a second, and has a limit" {
	sql 'CREATE TABLE t (n int)'
	start_bg holder psql -qAtX "$url" -c 'BEGIN; LOCK TABLE t; SELECT pg_sleep(60)'
	wait_for 10 locked
	ends 75 put --timeout 2s "$url" <<<'{"n":1}'
	assert_stderr_contains 'waiting for PostgreSQL: EXPLAIN INSERT INTO "public"."t"'
	assert_stderr_contains 'canceling statement due to lock timeout'
	sql "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 't'::regclass AND mode = 'AccessExclusiveLock'" >out
	mkfifo in
	start_bg silent bash -c "weir db-put --table t --timeout 2s '$url' <in; echo \$? >status"
	exec 9>in
	wait_for 20 waits_for_records
	kill -STOP "$backend"
	echo '{"n":1}' >&9
	exec 9>&-
	local in_time=yes
	wait_for 30 test -s status || in_time=no
	kill -CONT "$backend"
	assert_equal "$in_time $(<status)" 'yes 75'
	grep -q 'waiting for PostgreSQL: BEGIN' silent.err
	grep -q 'PostgreSQL: no answer for 4 s' silent.err
	assert_equal "$(sql 'SELECT count(*) FROM t')" 0
}

no_writes() { # no_writes on|off: new transactions of the server $url are read only, or not
	sql "ALTER SYSTEM SET default_transaction_read_only = $1" 'SELECT pg_reload_conf()' >reloaded
	wait_for 10 shows "$1"
}

shows() { # shows on|off
	[ "$(sql 'SHOW default_transaction_read_only')" = "$1" ]
}

@test "postgres: a server that takes no writes for a while: the commit is tried again, for --timeout" {
	start_server postgres own
	url=$WEIR_TEST_POSTGRES database=postgres
	sql 'CREATE TABLE t (n int)'
	mkfifo in
	for timeout in 20s 2s; do
		start_bg "put$timeout" bash -c "weir db-put --table t --timeout $timeout '$url' <in; echo \$? >status"
		exec 9>in
		wait_for 20 waits_for_records
		no_writes on
		echo '{"n":1}' >&9
		exec 9>&-
		wait_for 30 grep -q 'the commit is tried again: PostgreSQL: .*read-only' "put$timeout.err"
		[ $timeout = 2s ] || no_writes off
		wait_bg "put$timeout"
		assert_equal "$(<status) $(sql 'SELECT count(*) FROM t')" "$([ $timeout = 2s ] && echo 75 || echo 0) 1"
	done
	ends 75 put --dry-run "$url"
	assert_stderr_contains 'session is read-only'
}
