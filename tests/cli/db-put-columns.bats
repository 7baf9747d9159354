#!/usr/bin/env bats
# db-put: columns that are inferred from records or added for their fields, columns of other fields, --stats; both databases.
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

types() { # the columns of t and their types
	case $kind in
	postgres) sql "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = 't'::regclass AND attnum > 0" ;;
	sqlite) run_sql "SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_info('t')" ;;
	esac
}

@test "columns: --create infers the columns of a new table" {
	printf '%s\n' '{"id":1,"s":"ä","x":1.5,"t":"2026-01-02T03:04:05Z","d":"2026-01-02","o":true,"j":{"a":1},"l":[1],"n":null}' \
		'{"id":2,"s":"b","x":2,"big":12345678901234567890}' >in
	kind=sqlite
	put --create --key id "$(address)" in
	assert_equal "$(types)" 'id INTEGER, s TEXT, x REAL, t TIMESTAMP, d DATE, o BOOLEAN, j JSON_TEXT, l JSON_TEXT, big DECIMAL_TEXT(38,0)'
	assert_equal "$(run_sql 'SELECT id, s, x, t, d, o, j, l, big FROM t')" \
		$'1|ä|1.5|2026-01-02 03:04:05|2026-01-02|1|{"a":1}|[1]|\n2|b|2.0||||||12345678901234567890'
	kind=postgres
	put --create --key id "$(address)" in
	assert_equal "$(types)" 'id bigint, s text, x double precision, t timestamp with time zone, d date, o boolean, j jsonb, l jsonb, big numeric(38,0)'
	assert_equal "$(run_sql 'SELECT id, s, x, t, d, o, j, l, big FROM t')" \
		$'1|ä|1.5|2026-01-02 03:04:05+00|2026-01-02|t|{"a": 1}|[1]|\n2|b|2||||||12345678901234567890'
	put --key id "$(address)" in # the primary key is there
}

@test "columns: --create from CSV, from a marked stream, from nothing" {
	for kind in sqlite postgres; do
		printf 'id,"two words",op\n1,x,i\n2,,i\n1,,d\n' |
			put --create --input csv --header --key id --delete-on '.op == "d"' "$(address)"
		assert_equal "$(run_sql 'SELECT id, "two words" FROM t')" '2|'
		run_sql 'DROP TABLE t'
		printf '{"n":%d}\n' 1 2 3 4 5 >in
		"$MARKER" -n 2 <in 2>err | put --create "$(address)"
		"$MARKER" -n 2 <in 2>err | put --create "$(address)"
		grep -qx 'at 5' err
		assert_equal "$(run_sql 'SELECT sum(n) FROM t')" 15
		run_sql 'DROP TABLE t' 'DROP TABLE weir_positions'
		put --create "$(address)" </dev/null # no table, and no error
		ends 65 put --create "$(address)" <<<'{}'
		assert_stderr_contains "the columns of the table 't' cannot be inferred"
		ends 65 put --create "$(address)" <<<'{"a":1,"b":'
		ends 2 put --create --input csv "$(address)"
		ends 2 put --create --unwrap debezium --key id "$(address)"
		ends 2 put --create --columns id "$(address)"
		ends 78 put "$(address)" <<<'{"a":1}'
	done
}

@test "columns: --on-new-field add: rows that wait get the new columns, too" {
	for kind in sqlite postgres; do
		new_table 'id int PRIMARY KEY, s text'
		(
			seq 1000 | jq -c '{id: ., s: "x"}'
			echo '{"id":1001,"s":"y","n":7,"e":{}}'
			seq 1002 3000 | jq -c '{id: ., n: ., j: [.]}'
			echo '{"id":3001,"op":"d"}'
		) >in
		put --key id --on-new-field add --delete-on '.op == "d"' --memory 1M "$(address)" in
		assert_equal "$(run_sql 'SELECT count(*), sum(n), count(s), count(j) FROM t')" "3000|$((7 + (1002 + 3000) * 1999 / 2))|1001|1999"
		case $kind in
		sqlite) assert_equal "$(types)" 'id INT, s TEXT, n INTEGER, j JSON_TEXT' ;;
		postgres) assert_equal "$(types)" 'id integer, s text, n bigint, j jsonb' ;;
		esac
		ends 65 put --key id --on-new-field add "$(address)" <<<'{"id":1,"S":"x"}'
		assert_stderr_contains "field S: the name of the column is 's'"
		printf 'id,new\n1,a\n' | put --key id --on-new-field add --input csv --header "$(address)"
		assert_equal "$(run_sql 'SELECT new FROM t WHERE id = 1')" a
		ends 65 put --key id --on-new-field add "$(address)" <<<"{\"id\":1,\"$(printf 'x%.0s' {1..64})\":1}"
		assert_stderr_contains 'the name of a column has 63 bytes at most'
		ends 2 put --on-new-field add --columns id "$(address)"
		echo '{"before":null,"after":{"id":9,"s":"a","late":1.5},"op":"c"}' | put --key id --unwrap debezium --on-new-field add "$(address)"
		assert_equal "$(run_sql 'SELECT late FROM t WHERE id = 9')" 1.5
	done
}

@test "columns: --on-new-field add in a marked stream goes on where the table is" {
	for kind in sqlite postgres; do
		new_table 'n int'
		seq 20 | jq -c 'if . < 10 then {n: .} else {n: ., m: .} end' >in
		"$MARKER" -n 3 <in 2>err | put --on-new-field add --commit-records 1 "$(address)"
		"$MARKER" -n 3 <in 2>err | put "$(address)"
		grep -qx 'at 20' err
		assert_equal "$(run_sql 'SELECT count(*), sum(n), sum(m) FROM t')" '20|210|165'
	done
}

@test "columns: a role that may not add columns: 78" {
	kind=postgres
	sql 'CREATE TABLE t (n int)' "CREATE ROLE writer_$database LOGIN" "GRANT SELECT, INSERT ON t TO writer_$database"
	ends 78 put --on-new-field add "${url/weir@/writer_$database@}" <<<'{"n":1,"m":2}'
	assert_stderr_contains 'column m cannot be added: PostgreSQL: must be owner of table t'
}

@test "columns: --columns NAME=FIELD" {
	for kind in sqlite postgres; do
		new_table 'id int, city text, first text, "a=b" int, whole text'
		echo '{"id":1,"address":{"city":"Ulm","a,b":5},"tags":["x","y"],"more":2}' |
			put --columns 'id,city=.address.city,first=.tags[0],"a=b"=.address."a,b",whole=.' "$(address)"
		assert_equal "$(run_sql 'SELECT * FROM t')" '1|Ulm|x|5|{"id":1,"address":{"city":"Ulm","a,b":5},"tags":["x","y"],"more":2}'
		new_table 'id int, city text'
		printf '9,Bonn,1\n9,Kiel,2,more\n' | put --input csv --columns 'city=$2,id=$3' "$(address)"
		assert_equal "$(run_sql 'SELECT * FROM t ORDER BY id')" $'1|Bonn\n2|Kiel'
		ends 65 put --input csv --columns 'city=$2,id=$3' "$(address)" <<<'9,Bonn'
		assert_stderr_contains 'at least 3 columns are expected, but this is a record of 2'
		printf 'town\tid\nTrier\t3\n' | put --input tsv --header --columns 'city=.town,id' "$(address)"
		assert_equal "$(run_sql 'SELECT city FROM t WHERE id = 3')" Trier
		ends 78 put --columns 'id=.a[' "$(address)" <<<'{"a":1}'
		ends 65 put --columns 'id=.a.b,city' "$(address)" <<<'{"a":{"b":"x"}}'
		assert_stderr_contains 'column id: "x" is a string, not a number'
	done
}

@test "stats: positions, and what was counted" {
	for kind in sqlite postgres; do
		new_table 'n int'
		(seq 9 | jq -c '{n: .}' && echo no) | "$MARKER" -n 2 2>err | put --commit-records 1 --stats stats --rejects drop "$(address)" || [ $? = 1 ]
		grep -qx 'weir_db_put_committed_position{group="g",topic="t",partition="0"} 10' stats
		grep -qx 'weir_db_put_rows_total 9' stats
		grep -qx 'weir_db_put_rejected_total 1' stats
		grep -qx 'weir_db_put_retries_total 0' stats
		grep -qx 'weir_db_put_commits_total 5' stats
		grep -q '^weir_db_put_bytes_total [1-9]' stats
		assert_equal "$(grep -c '^# TYPE' stats)" "$(grep '^# TYPE' stats | sort -u | wc -l)"
	done
	kind=sqlite
	new_table 'n int'
	run_sh 'seq 3 | "$MARKER" 2>err | weir db-put --table t --columns n --input tsv --stats nowhere/stats sqlite:a.db'
	assert_stderr_contains "cannot write 'nowhere/stats'"
}
