#!/usr/bin/env bats
# db-put into SQLite: plain and marked streams, upserts, what is refused. `marker` replaces consume --batch.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/database

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
}

sql() { # sql STATEMENT: what the sqlite3 program prints
	sqlite3 a.db "$1"
}

new_table() { # new_table COLUMNS
	rm -f a.db a.db-*
	sql "PRAGMA journal_mode=WAL; CREATE TABLE t ($1)" >out
}

numbers() { # numbers FROM TO: records {"n":N}
	seq "$1" "$2" | sed 's/.*/{"n":&}/'
}

@test "db-put: dates and times as text, to the ends of what there is" {
	new_table 'ts timestamp, d date'
	printf '{"ts":"%s","d":"%s"}\n' 0001-01-01T00:00:00.000001Z 0001-01-01 9999-12-31T23:59:59.999Z 9999-12-31 \
		1969-12-31T23:59:59.5Z 1969-12-31 2026-11-22T10:00:59.123456Z 2026-02-28 2026-11-22T10:00:59Z 2000-02-29 >in
	put sqlite:a.db in
	assert_equal "$(sql 'SELECT ts, d FROM t')" "$(
		cat <<-'END'
			0001-01-01 00:00:00.000001|0001-01-01
			9999-12-31 23:59:59.999|9999-12-31
			1969-12-31 23:59:59.500|1969-12-31
			2026-11-22 10:00:59.123456|2026-02-28
			2026-11-22 10:00:59|2000-02-29
		END
	)"
}

@test "db-put: a plain stream is one transaction: all or nothing" {
	new_table 'n INTEGER, s TEXT'
	numbers 1 1000 >in
	put sqlite:a.db in
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '1000|500500'
	(cat in && echo '{"n":"x"}') >bad
	ends 65 put sqlite:a.db bad
	assert_stderr_contains 'weir db-put: bad: record 1001, column n: "x" is a string, not a number'
	assert_equal "$(sql 'SELECT count(*) FROM t')" 1000
	put sqlite:a.db </dev/null
	assert_equal "$(sql 'SELECT count(*) FROM t')" 1000
	assert_equal "$(sql "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'weir%'")" 0
}

@test "db-put: --create makes the table with types, keys and required columns" {
	echo '{"id":1,"s":"ä","x":1.5,"t":"2026-01-02T03:04:05.5+01:00","d":12.30,"j":{"a":[1,2]},"b":"AQID","y":"2026-02-28","o":true}' >in
	put --create --key id sqlite:a.db in --schema \
		'id bigint, s string not null, x double, t timestamp, d decimal(12,2), j struct<a array<int>>, b binary, y date, o boolean'
	assert_equal "$(sql 'SELECT id, s, x, t, d, j, hex(b), y, o FROM t')" \
		'1|ä|1.5|2026-01-02 02:04:05.500|12.30|{"a":[1,2]}|010203|2026-02-28|1'
	assert_equal "$(sql 'PRAGMA journal_mode')" wal
	ends 65 put --create --schema 'id bigint, s string' sqlite:a.db <<<'{"id":2}'
	assert_stderr_contains 'weir db-put: standard input: record 1, column s: it is null or missing, and must not be'
	ends 78 weir db-put --table other sqlite:a.db <in
	assert_stderr_contains "weir db-put: there is no table 'other' in sqlite:a.db; --create makes it"
}

@test "db-put: --key: update, ignore, error; the order within a commit counts" {
	new_table 'k TEXT PRIMARY KEY, n INTEGER, more INTEGER DEFAULT 7'
	printf '{"k":"a","n":1}\n{"k":"b","n":2}\n{"k":"a","n":3}\n' >in
	put --key k sqlite:a.db in
	assert_equal "$(sql 'SELECT * FROM t ORDER BY k')" $'a|3|7\nb|2|7'
	sql 'UPDATE t SET more = 8'
	echo '{"k":"b","n":5}' | put --key k sqlite:a.db
	assert_equal "$(sql 'SELECT * FROM t ORDER BY k')" $'a|3|8\nb|5|8'
	printf '{"k":"a","n":9}\n{"k":"c","n":1}\n{"k":"c","n":2}\n' | put --key k --on-conflict ignore sqlite:a.db
	assert_equal "$(sql 'SELECT * FROM t ORDER BY k')" $'a|3|8\nb|5|8\nc|1|7'
	ends 65 put sqlite:a.db in
	assert_stderr_contains 'weir db-put: in: record 1, SQLite: UNIQUE constraint failed: t.k'
	ends 78 put --key n sqlite:a.db in
	assert_stderr_contains 'weir db-put: SQLite: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint'
	ends 2 put --on-conflict update sqlite:a.db in
	assert_stderr_contains '--on-conflict needs --key'
}

@test "db-put: --rejects: bad records, and those that SQLite refuses, are set aside" {
	new_table 'n INTEGER PRIMARY KEY CHECK (n < 100)'
	printf '%s\n' '{"n":1}' '{"n":"x"}' '{"n":1}' 'no' '{"n":200}' '{"m":1}' '{"n":2}' >in
	ends 1 put --rejects aside sqlite:a.db in
	assert_stderr_contains "weir db-put: 5 of 7 records (71 %) were rejected and are in 'aside'"
	assert_equal "$(sql 'SELECT * FROM t')" $'1\n2'
	assert_equal "$(jq -r '[.record, .data] | @tsv' aside | sort)" \
		"$(printf '%s\n' $'2\t{"n":"x"}' $'3\t{"n":1}' $'4\tno' $'5\t{"n":200}' $'6\t{"m":1}')"
	ends 65 put --rejects drop --max-rejects 3 sqlite:a.db in
	assert_equal "$(sql 'SELECT * FROM t')" $'1\n2'
}

@test "db-put: fields that are not columns, and columns that the database has values for" {
	new_table 'n INTEGER, d INTEGER DEFAULT 5, g AS (n + 1)'
	ends 65 put sqlite:a.db <<<'{"n":1,"x":2,"y":3}'
	assert_stderr_contains 'weir db-put: standard input: record 1, field x: the table has no such column; --on-new-field ignore leaves such fields out'
	ends 65 put sqlite:a.db <<<'{"n":1,"d":2}'
	assert_stderr_contains 'weir db-put: standard input: record 1, field d: the database has a value of its own for that column; --columns writes it'
	ends 65 put sqlite:a.db <<<'{"n":1,"N":2}'
	assert_stderr_contains "weir db-put: standard input: record 1, field N: the name of the column is 'n'"
	ends 0 put --on-new-field ignore sqlite:a.db <<<$'{"n":1,"x":2,"y":3}\n{"n":2,"x":2}\n{"n":3,"z":null}'
	assert_equal "$stderr" "$(printf 'weir db-put: field %s: it is not a column that is written, and it is ignored\n' x y)"
	put --columns n,d sqlite:a.db <<<'{"n":4,"d":6,"x":1}'
	assert_equal "$(sql 'SELECT * FROM t')" $'1|5|2\n2|5|3\n3|5|4\n4|6|5'
	ends 78 put --columns n,g sqlite:a.db <<<'{"n":4}'
	assert_stderr_contains 'weir db-put: column g: the database computes it'
}

@test "db-put: TSV and CSV, by order and by header" {
	new_table 'n INTEGER, s TEXT'
	printf '1\ta\n2\t\n' | put --input tsv sqlite:a.db
	printf 's,n\n"x,y",3\n' >a.csv
	printf 'n,s\n4,z\n' >b.csv
	put --header sqlite:a.db a.csv b.csv
	printf '5\n' | put --input csv --columns n sqlite:a.db
	assert_equal "$(sql 'SELECT * FROM t')" $'1|a\n2|\n3|x,y\n4|z\n5|'
	ends 65 put --header sqlite:a.db <<<$'n,q\n1,2'
	assert_stderr_contains 'weir db-put: standard input: in the header: field q: the table has no such column; --on-new-field ignore leaves such fields out'
	ends 65 put --header sqlite:a.db <<<$'n,n\n1,2'
	assert_stderr_contains 'weir db-put: standard input: in the header: the column n occurs twice'
	ends 65 put --input csv sqlite:a.db <<<$'1,2\n3'
	assert_stderr_contains 'weir db-put: standard input: record 2, 2 columns are expected, but this is a record of 1'
}

@test "db-put: --id: a second run changes nothing" {
	new_table 'n INTEGER'
	numbers 1 5 >in
	put --id one sqlite:a.db in
	ends 0 put --id one sqlite:a.db in
	assert_stderr_contains "weir db-put: id 'one' has been committed before: nothing is done"
	put --id two sqlite:a.db in
	assert_equal "$(sql 'SELECT count(*) FROM t')" 10
	ends 2 put --id three sqlite:a.db < <(cat in)
	assert_stderr_contains '--id takes regular files'
	sql 'DROP TABLE t; CREATE TABLE t (n INTEGER)'
	ends 78 put --id one sqlite:a.db in
	assert_stderr_contains 'was dropped and made again'
}

@test "db-put: a marked stream goes on where the table is" {
	new_table 'n INTEGER'
	numbers 1 5 | "$MARKER" -n 2 2>err | put sqlite:a.db
	grep -qx 'at -1' err
	numbers 1 9 | "$MARKER" -n 2 2>err | put sqlite:a.db
	grep -qx 'at 5' err
	numbers 1 9 | "$MARKER" -n 2 2>err | put sqlite:a.db
	grep -qx 'at 9' err
	assert_equal "$(sql 'SELECT group_concat(n) FROM t')" 1,2,3,4,5,6,7,8,9
	assert_equal "$(sql 'SELECT group_name, topic, "partition", next, table_name FROM weir_positions')" 'g|t|0|9|t'
	sql 'ALTER TABLE t RENAME TO u; VACUUM' # it is still the same table
	numbers 1 11 | "$MARKER" -n 2 2>err | weir db-put --table u sqlite:a.db
	grep -qx 'at 9' err
	assert_equal "$(sql 'SELECT count(*) FROM u')" 11
}

@test "db-put: a marked stream: many topics, commits by number, a bad record ends it" {
	new_table 'n INTEGER'
	numbers 1 9 | "$MARKER" -t a,b,c -n 3 2>err | put --commit-records 3 -v sqlite:a.db 2>log
	assert_equal "$(grep -c 'committed 3 records' log)" 3
	assert_equal "$(sql 'SELECT topic, next FROM weir_positions ORDER BY topic')" $'a|3\nb|3\nc|3'
	(numbers 1 10 && echo '{"n":"x"}') >in
	run_sh '{ "$MARKER" -t a,b,c -n 3 <in 2>err || true; } | weir db-put --table t --commit-records 1 sqlite:a.db'
	assert_status 65
	assert_equal "$(sql 'SELECT count(*), max(n) FROM t')" '9|9'
}

@test "db-put: another group is refused, a table that was made again, too" {
	new_table 'n INTEGER'
	numbers 1 5 | "$MARKER" -g one 2>err | put sqlite:a.db
	run_sh 'seq 5 | { "$MARKER" -g two 2>err || true; } | weir db-put --table t sqlite:a.db'
	assert_status 78
	assert_stderr_contains "the table 't' holds topic 't' for group 'one'"
	numbers 1 5 | "$MARKER" -g two 2>err | put --also-group sqlite:a.db
	assert_equal "$(sql 'SELECT count(*) FROM t')" 10
	sql 'CREATE TABLE old AS SELECT n FROM t; DROP TABLE t; ALTER TABLE old RENAME TO t'
	ends 78 put sqlite:a.db <<<'{"n":1}'
	assert_stderr_contains "the table 't' was dropped and made again"
	numbers 1 6 | "$MARKER" -g one 2>err | put --adopt sqlite:a.db
	grep -qx 'at 5' err
	assert_equal "$(sql 'SELECT count(*) FROM t')" 11
}

@test "db-put: two pipelines: one commits, the other ends with 75" {
	new_table 'n INTEGER'
	mkfifo lines
	{ "$MARKER" -n 3 -w 60000 <lines 2>err1 || true; } | { put sqlite:a.db 2>err2 || echo $? >status; } &
	slow=$!
	exec 7>lines
	until grep -qx 'at -1' err1; do sleep 0.05; done
	numbers 1 4 | "$MARKER" -n 2 2>err | put sqlite:a.db
	numbers 1 3 >&7
	exec 7>&-
	wait "$slow"
	assert_equal "$(cat status)" 75
	grep -q "the table 't' is not at offset -1 of t \[0\] for group g: another writer has committed past it" err2
	assert_equal "$(sql 'SELECT group_concat(n) FROM t')" 1,2,3,4
}

@test "db-put: a locked database: 75 after --timeout, and nothing is lost" {
	new_table 'n INTEGER'
	mkfifo lock
	sqlite3 a.db <lock >locked &
	locker=$!
	exec 7>lock
	echo "BEGIN IMMEDIATE; SELECT 'locked';" >&7
	until [ -s locked ]; do sleep 0.05; done
	ends 75 put --timeout 100ms sqlite:a.db <<<'{"n":1}'
	assert_stderr_contains 'weir db-put: SQLite: database is locked'
	run ! grep waiting <<<"$stderr"
	ends 75 put --timeout 3s sqlite:a.db <<<'{"n":1}'
	assert_stderr_contains "waiting for a lock of './a.db', which others hold"
	exec 7>&-
	wait "$locker"
	put sqlite:a.db <<<'{"n":1}'
	assert_equal "$(sql 'SELECT count(*) FROM t')" 1
}

@test "db-put: rows beyond --memory wait in TMPDIR; a full one is 75" {
	new_table 'n INTEGER, s TEXT'
	seq 1 20000 | sed 's/.*/{"n":&,"s":"&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&"}/' >in
	mkdir tmp
	TMPDIR=$PWD/tmp put --memory 1M sqlite:a.db in
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '20000|200010000'
	TMPDIR=$PWD/nowhere ends 78 put --memory 1M sqlite:a.db in
	assert_stderr_contains 'cannot hold the rows'
	assert_equal "$(sql 'SELECT count(*) FROM t')" 20000
}

@test "db-put: files, tables and positions that are none" {
	seq 100 >text
	ends 65 put sqlite:text <<<'{"n":1}'
	assert_stderr_contains "weir db-put: SQLite: file is not a database ('text')"
	ends 78 put sqlite:none.db <<<'{"n":1}'
	[ ! -e none.db ]
	new_table 'n INTEGER'
	sql 'CREATE VIEW v AS SELECT 1'
	ends 78 weir db-put --table v sqlite:a.db <<<'{"n":1}'
	assert_stderr_contains "weir db-put: 'v' is a view, and rows go into tables only"
	numbers 1 3 | "$MARKER" 2>err | put sqlite:a.db
	sql "UPDATE weir_positions SET next = 'x'"
	run_sh 'seq 5 | { "$MARKER" 2>err || true; } | weir db-put --table t sqlite:a.db'
	assert_status 65
	assert_stderr_contains "weir_positions: the offset of topic 't', partition 0 is none"
	for url in mysql://h/d clickhouse://h mariadb://h; do
		ends 2 put "$url" <<<'{"n":1}'
		assert_stderr_contains 'is not written to'
	done
}

@test "db-put: --dry-run checks the table and changes nothing" {
	new_table 'n INTEGER'
	ends 0 put --dry-run -v sqlite:a.db
	assert_stderr_contains "all that writing needs is there: table 't', 1 column"
	ends 78 put --dry-run --columns x sqlite:a.db
	[ "$(id -u)" = 0 ] || { chmod a-w a.db && ends 78 put --dry-run sqlite:a.db; }
	assert_equal "$(sql "SELECT count(*) FROM sqlite_schema")" 1
}

@test "db-put: hostile names of tables and columns" {
	rm -f a.db
	sql "CREATE TABLE \"a\"\"b; DROP TABLE x\" (\"c \"\"d\" INTEGER, \"e'f\" TEXT)"
	weir db-put --table 'a"b; DROP TABLE x' --key 'c "d' --on-conflict error sqlite:a.db <<<'{"c \"d":1,"e'\''f":"x"}'
	numbers 1 2 | sed 's/"n"/"c \\"d"/' | "$MARKER" 2>err | weir db-put --table 'a"b; DROP TABLE x' sqlite:a.db
	assert_equal "$(sql 'SELECT count(*) FROM "a""b; DROP TABLE x"')" 3
}

@test "db-put: rows whose key has a null do not conflict in SQLite either; a rowid is not made for one" {
	sqlite3 a.db 'CREATE TABLE t (a int, n int, UNIQUE (a)); CREATE TABLE u (id INTEGER PRIMARY KEY, n int)'
	printf '{"a":%s,"n":%s}\n' null 1 null 2 3 3 3 4 >in
	weir db-put --table t --key a sqlite:a.db in
	assert_equal "$(sqlite3 a.db 'SELECT * FROM t ORDER BY n')" $'|1\n|2\n3|4'
	run_weir db-put --table u --columns id,n --key id sqlite:a.db <<<'{"n":1}'
	assert_status 65
	assert_stderr_contains 'column id: it is null or missing, and a key must not be'
}

@test "db-put, lake-put: --stats is not written over an input" {
	echo '{"a":1}' >in
	for command in 'db-put --create --table t --stats in sqlite:db in' 'lake-put --stats in lake in'; do
		run_sh "weir $command"
		assert_status 2
		assert_stderr_contains 'the file of --stats is also an input'
	done
	assert_equal "$(<in)" '{"a":1}'
}
