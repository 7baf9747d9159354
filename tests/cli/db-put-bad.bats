#!/usr/bin/env bats
# db-put: values that do not fit, and tables, rights and servers that are not as they should be; both databases.
# bats file_tags=postgres,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/postgres
load ../lib/database

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	new_database
}

refused() { # refused RECORD MESSAGE: the record is bad
	ends 65 put "$(address)" <<<"$1"
	assert_stderr_contains "$2"
}

@test "bad input: values that do not fit, one after the other; nothing is stored" {
	for kind in sqlite postgres; do
		run_sql 'CREATE TABLE t (n bigint, i int, s text, v varchar(3), d date, ts timestamp, b boolean, x double precision, j json, y '"$(
			[ $kind = sqlite ] && echo blob || echo bytea
		)"')'
		refused '{"n":9223372036854775808}' 'column n: 9223372036854775808 '
		refused '{"n":1.5}' 'column n: 1.5 is not a whole number'
		refused '{"n":"1"}' 'column n: "1" is a string, not a number'
		refused '{"s":"a\u0000b"}' 'column s: "a\u0000b" holds a NUL, which text cannot'
		refused $'{"s":"\xff"}' 'byte 7: this is not UTF-8'
		refused '{"s":"\ud800"}' 'column s: "\ud800" '
		refused '{"d":"0000-00-00"}' 'column d: "0000-00-00" is not a date like 2026-11-22'
		refused '{"d":"2026-02-30"}' 'column d: "2026-02-30" '
		refused '{"ts":"0000-00-00 00:00:00"}' 'column ts: "0000-00-00 00:00:00" '
		refused '{"ts":1774620000}' 'column ts: 1774620000 '
		refused '{"b":"maybe"}' 'column b: "maybe" '
		refused '{"x":1e999}' 'column x: 1e999 '
		refused '{"y":"?"}' 'column y: "?" '
		refused '[1]' 'an object was expected'
		refused 'n,i' 'this is not JSON'
		refused '{"nope":1}' 'field nope: the table has no such column'
		assert_equal "$(run_sql 'SELECT count(*) FROM t')" 0
	done
	refused '{"i":2147483648}' 'column i: 2147483648 does not fit into int'
	refused '{"v":"abcd"}' 'column v: "abcd" is longer than the column'
	refused '{"s":"'$'\xed\xa0\x80''"}' 'this is not UTF-8'
	sql 'CREATE TABLE m (n numeric)'
	ends 65 weir db-put --table m "$url" <<<'{"n":"NaN"}'
	printf '\xff\n' >latin1
	ends 65 put --input csv --columns s "$url" latin1
	assert_stderr_contains 'column s: '
}

@test "bad input: triggers that raise, and checks; with --rejects the others are stored" {
	for kind in sqlite postgres; do
		run_sql 'CREATE TABLE t (n int CHECK (n < 100))'
		case $kind in
		sqlite) run_sql "CREATE TRIGGER g BEFORE INSERT ON t WHEN new.n = 7 BEGIN SELECT raise(ABORT, 'no seven'); END" ;;
		postgres) run_sql "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN IF new.n = 7 THEN RAISE 'no seven'; END IF; RETURN new; END \$\$" \
			'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()' ;;
		esac
		seq 98 102 | jq -c '{n: .}' >in
		echo '{"n":7}' >>in
		ends 65 put "$(address)" <<<'{"n":7}'
		assert_stderr_contains 'no seven'
		rm -f aside
		ends 1 put --rejects aside "$(address)" in
		assert_equal "$(run_sql 'SELECT n FROM t ORDER BY n')" $'98\n99'
		assert_equal "$(jq -r .data aside | jq -c .n | sort -n | paste -sd,)" 7,100,101,102
		grep -q 'no seven' aside
	done
}

@test "bad input: errors of a trigger's own, and limits of the server, are those of a record" {
	kind=sqlite
	run_sql "CREATE TABLE t (n int CHECK (n <> 2 OR json(n || '{')))"
	ends 65 put "$(address)" <<<'{"n":2}'
	assert_stderr_contains 'record 1, SQLite: malformed JSON'
	ends 1 put --rejects drop "$(address)" <<<$'{"n":2}\n{"n":3}'
	assert_equal "$(run_sql 'SELECT * FROM t')" 3
	sql 'CREATE TABLE t (s text PRIMARY KEY)' "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		IF new.s = 'own' THEN RAISE 'own' USING ERRCODE = 'ZZ001'; END IF;
		IF new.s = 'none' THEN RAISE no_data_found; END IF; RETURN new; END \$\$" \
		'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()'
	printf '{"s":"%s"}\n' own none fine "$(head -c 15000 /dev/urandom | base64 -w 0)" >in # the last one fits into no index
	for record in 1 2 4; do
		sed -n "${record}p" in >one
		ends 65 put "$url" one
	done
	ends 1 put --rejects aside "$url" in
	assert_equal "$(jq -r .record aside | paste -sd,)" 1,2,4
	assert_equal "$(sql 'SELECT * FROM t')" fine
}

@test "bad input: a trigger that refuses a row and keeps it, by RAISE(FAIL), leaves nothing" {
	kind=sqlite
	run_sql 'CREATE TABLE t (n int PRIMARY KEY)' 'CREATE TABLE log (n int)' \
		"CREATE TRIGGER g AFTER INSERT ON t WHEN new.n = 2 BEGIN INSERT INTO log VALUES (new.n); SELECT raise(FAIL, 'no'); END"
	printf '{"n":%d}\n' 1 2 3 >in
	ends 1 put --rejects aside "$(address)" in
	assert_equal "$(run_sql 'SELECT n FROM t')" $'1\n3'
	assert_equal "$(run_sql 'SELECT count(*) FROM log')" 0
	assert_equal "$(jq .record aside)" 2
	ends 65 put "$(address)" <<<$'{"n":4}\n{"n":2}'
	assert_equal "$(run_sql 'SELECT n FROM t')" $'1\n3'
}

@test "bad input: a table, a column, a right, a database that is missing; what may not be written" {
	for kind in sqlite postgres; do
		ends 78 put "$(address)" <<<'{"n":1}'
		run_sql 'CREATE TABLE t (n int)'
		ends 78 put --columns m "$(address)" <<<'{"n":1}'
		assert_stderr_contains 'column m: the table has no such column'
		ends 78 put --key m "$(address)" <<<'{"n":1}'
		ends 2 weir db-put --table weir_ids --create "$(address)" <<<'{"n":1}'
		run_sql 'CREATE VIEW v AS SELECT 1 AS n'
		ends 78 weir db-put --table v "$(address)" <<<'{"n":1}'
	done
	sql "CREATE ROLE nobody_$database LOGIN" "CREATE ROLE adder_$database LOGIN" "GRANT INSERT ON t TO adder_$database"
	ends 78 put "${url/weir@/nobody_$database@}" <<<'{"n":1}'
	assert_stderr_contains 'permission denied for table t'
	put "${url/weir@/adder_$database@}" <<<'{"n":1}' # more than INSERT is not needed
	ends 78 put --key n --delete-on .d "${url/weir@/adder_$database@}" <<<'{"n":1}'
	ends 78 put "postgresql://nobody-at-all@${url#*@}" <<<'{"n":1}'
	assert_stderr_contains 'does not exist'
	sql "ALTER DATABASE $database SET default_transaction_read_only = on"
	ends 75 put "$url" <<<'{"n":1}' # it may be promoted, or made writable
	assert_stderr_contains 'session is read-only'
	ends 75 put "$url?target_session_attrs=any" <<<'{"n":1}'
	assert_stderr_contains 'read-only transaction'
	if [ "$EUID" != 0 ]; then
		chmod 400 a.db
		ends 78 put sqlite:a.db <<<'{"n":1}'
	fi
	ends 75 put 'postgresql://127.0.0.1:1/x?connect_timeout=1' <<<'{"n":1}'
	mkfifo fifo
	ends 65 put --create sqlite:fifo <<<'{"n":1}'
	assert_stderr_contains "'fifo' is not a regular file, and no database"
}

@test "bad input: a right that a policy, a trigger or a function misses is no fault of the record: 78, also with --rejects" {
	sql 'CREATE TABLE t (n int PRIMARY KEY, s text)' "CREATE ROLE writer_$database LOGIN" \
		"GRANT SELECT, INSERT, UPDATE ON t TO writer_$database" 'ALTER TABLE t ENABLE ROW LEVEL SECURITY' \
		'CREATE POLICY p ON t USING (true) WITH CHECK (n < 3)'
	address=${url/weir@/writer_$database@}
	put --key n "$address" <<<'{"n":1}'
	for rejects in error aside; do
		ends 78 put --key n --rejects "$rejects" "$address" <<<$'{"n":2}\n{"n":3}'
		assert_stderr_contains 'new row violates row-level security policy for table "t"'
		ends 78 put --rejects "$rejects" "$address" <<<'{"n":2}'
		assert_stderr_contains 'COPY FROM not supported with row-level security'
	done
	sql 'DROP TABLE t' 'CREATE TABLE t (n int)' 'CREATE TABLE closed (n int)' "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		IF new.n = 2 THEN RAISE insufficient_privilege; END IF;
		IF new.n = 3 THEN INSERT INTO closed VALUES (1); END IF; RETURN new; END \$\$" \
		'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()' "GRANT INSERT ON t TO writer_$database"
	for n in 2 3; do
		for rejects in error aside; do
			ends 78 put --rejects "$rejects" "$address" <<<$'{"n":1}\n{"n":'$n'}'
		done
	done
	assert_stderr_contains 'permission denied for table closed'
	[ ! -s aside ]
	assert_equal "$(sql 'SELECT count(*) FROM t')" 0
}

@test "bad input: hostile names, notices and settings of a server" {
	sql 'CREATE TABLE "t, line 1" (n int CHECK (n <> 3), "line 2, column" text)'
	printf '{"n":%d}\n' 1 2 3 4 >in
	ends 1 weir db-put --table 't, line 1' --rejects aside "$url" in
	assert_equal "$(jq .record aside)" 3
	assert_equal "$(sql 'SELECT n FROM "t, line 1"' | paste -sd,)" 1,2,4
	ends 65 weir db-put --table 't, line 1' "$url" in
	assert_stderr_contains 'in: record 3, PostgreSQL: '
	# the temporary table comes last in the search path, and there is another one of its name
	sql 'CREATE TABLE t (n int PRIMARY KEY)' 'CREATE TABLE weir_rows (c0 int)' \
		"ALTER DATABASE $database SET search_path = public, pg_temp" "ALTER DATABASE $database SET statement_timeout = '100ms'"
	put --key n "$url" in
	put --key n --delete-on '.n == 4' "$url" in
	put --key n --on-conflict ignore --delete-on '.n == 2' "$url" in
	assert_equal "$(sql 'SELECT n FROM t ORDER BY n' | paste -sd,) $(sql 'SELECT count(*) FROM weir_rows')" '1,3,4 0'
	sql "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		SET client_min_messages = notice; RAISE NOTICE E'\\033[2Jhi'; PERFORM pg_sleep(0.3); RETURN new; END \$\$" \
		'CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()'
	run_logged put --timeout 5s "$url" <<<'{"n":9}'
	assert_status 0
	[[ $stderr != *hi* ]]
}

@test "bad input: a server of another version, and one that is none" {
	cat >server.py <<-'END'
		import socket, struct, sys
		def message(kind, data):
		    return kind + struct.pack("!I", len(data) + 4) + data
		listener = socket.create_server(("127.0.0.1", 0))
		print(listener.getsockname()[1], flush=True)
		while True:
		    client, _ = listener.accept()
		    first = client.recv(1000)
		    if sys.argv[1] == "none":
		        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
		    else:
		        if first[4:8] == struct.pack("!I", 80877103):  # TLS is asked for
		            client.sendall(b"N")
		            client.recv(1000)
		        client.sendall(message(b"R", struct.pack("!I", 0)) + message(b"S", b"server_version\0" + sys.argv[1].encode() + b"\0")
		                       + message(b"Z", b"I"))
		    client.recv(1000)
		    client.close()
	END
	start_bg old python3 server.py 9.6.24
	wait_for 10 test -s old.out
	ends 78 put "postgresql://127.0.0.1:$(<old.out)/x?target_session_attrs=any" <<<'{"n":1}'
	assert_stderr_contains 'the server is PostgreSQL 9, and 12 or later is needed'
	start_bg none python3 server.py none
	wait_for 10 test -s none.out
	ends 75 put --timeout 2s "postgresql://127.0.0.1:$(<none.out)/x" <<<'{"n":1}'
}

@test "SQLite: foreign keys hold, and the last ones to be checked refuse the commit" {
	sqlite3 a.db 'CREATE TABLE parent (id integer PRIMARY KEY)' 'INSERT INTO parent VALUES (1)' \
		'CREATE TABLE t (p int REFERENCES parent (id) ON DELETE CASCADE)' \
		'CREATE TABLE late (p int REFERENCES parent (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)'
	ends 65 put sqlite:a.db <<<'{"p":2}'
	assert_stderr_contains 'record 1, SQLite: FOREIGN KEY constraint failed'
	ends 1 put -v --rejects drop sqlite:a.db <<<$'{"p":1}\n{"p":2}\n{"p":1}\n{"p":3}'
	assert_stderr_contains 'committed 2 records: 2 rows'
	assert_stderr_contains 'done: 2 records in 1 commit'
	ends 65 weir db-put --table late --rejects drop sqlite:a.db <<<$'{"p":1}\n{"p":2}'
	assert_equal "$(sqlite3 a.db 'SELECT count(*) FROM t' 'SELECT count(*) FROM late')" $'2\n0'
	ends 0 weir db-put --table parent --key id --delete-on .gone sqlite:a.db <<<'{"id":1,"gone":true}'
	assert_equal "$(sqlite3 a.db 'SELECT count(*) FROM t')" 0
	sqlite3 a.db 'CREATE TABLE orphan (p int REFERENCES nowhere (id))' 'CREATE TABLE plain (id int)' \
		'CREATE TABLE loose (p int REFERENCES plain (id))'
	ends 78 weir db-put --table orphan --rejects drop sqlite:a.db <<<'{"p":1}'
	assert_stderr_contains 'no such table: main.nowhere'
	ends 78 weir db-put --table loose --rejects drop sqlite:a.db <<<'{"p":1}'
	assert_stderr_contains 'foreign key mismatch'
}
