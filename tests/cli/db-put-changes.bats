#!/usr/bin/env bats
# db-put where records delete rows: --delete-on, tombstones, change events. What one commit makes of them is what a
# commit for each record makes, in both databases.
# bats file_tags=postgres,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/postgres
load ../lib/database

KEYED='k int, q varchar(5), n int, more int DEFAULT 7, PRIMARY KEY (k, q)'

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	new_database
}

rows() {
	run_sql 'SELECT * FROM t ORDER BY 1, 2'
}

prepare() { # a table with rows of which each has a column that no record writes
	new_table "$KEYED"
	for k in 0 1 2; do run_sql "INSERT INTO t VALUES ($k, 'a', -1, 8), ($k, 'b', -1, 9)"; done
}

# FORM COUNT OPTION...: the records of one commit, of two, and of one for each record come to the same rows.
compare() {
	local form=$1 count=$2 seed
	shift 2
	for seed in 1 2; do
		echo "$kind $form $seed $*"
		python3 "$WEIR_ROOT/tests/lib/changes.py" "$form" "$count" "$seed" >in
		prepare
		"$MARKER" -n 1 <in 2>err | put --commit-records 1 --key k,q "$@" "$(address)"
		rows >wanted
		[ -s wanted ]
		prepare
		put --key k,q "$@" "$(address)" in
		assert_files_equal <(rows) wanted
		prepare
		split -n l/2 in half.
		put --key k,q "$@" "$(address)" half.aa
		put --key k,q "$@" "$(address)" half.ab
		assert_files_equal <(rows) wanted
	done
}

@test "changes: --delete-on: one commit makes what a commit for each record makes" {
	for kind in sqlite postgres; do
		compare flags 40 --delete-on '.op == "d"'
		compare flags 40 --delete-on '.op == "d"' --on-conflict ignore
		compare flags 40 --delete-on '.op == "d"' --rejects drop
	done
}

@test "changes: tombstones: one commit makes what a commit for each record makes" {
	for kind in sqlite postgres; do
		compare tombstones 40 --tombstones delete
	done
}

@test "changes: --unwrap debezium: one commit makes what a commit for each record makes" {
	for kind in sqlite postgres; do
		compare debezium 40 --unwrap debezium
		compare debezium-schema 40 --unwrap debezium
	done
}

@test "changes: both databases come to the same" {
	for form in flags tombstones debezium; do
		case $form in
		flags) options=(--delete-on '.op == "d"') ;;
		tombstones) options=(--tombstones delete) ;;
		debezium) options=(--unwrap debezium) ;;
		esac
		python3 "$WEIR_ROOT/tests/lib/changes.py" $form 300 4 >in
		for kind in sqlite postgres; do
			prepare
			put --key k,q "${options[@]}" "$(address)" in
			rows >"$kind.rows"
		done
		assert_files_equal sqlite.rows postgres.rows
	done
}

@test "changes: what an event of Debezium does" {
	for kind in sqlite postgres; do
		new_table 'id int PRIMARY KEY, name text, more int DEFAULT 7'
		cat >in <<-'END'
			{"before":null,"after":{"id":1,"name":"a"},"op":"r"}
			{"before":null,"after":{"id":2,"name":"b"},"op":"c"}
			{"op":"m","message":{"prefix":"p","content":"eA=="}}
			{"schema":{},"payload":{"before":null,"after":{"id":3,"name":"c"},"op":"c"}}
			{"before":{"id":1,"name":"a"},"after":{"id":4,"name":"a"},"op":"u"}
			{"before":{"id":2},"after":null,"op":"d"}

			{"_topic":"t","_partition":0,"_offset":9,"_timestamp":null,"_key":"{\"id\":2}","_headers":[]}
		END
		put --key id --unwrap debezium "$(address)" in
		assert_equal "$(rows)" $'3|c|7\n4|a|7'
		cat >bad <<-'END'
			{"before":null,"after":{"id":5,"name":"__debezium_unavailable_value"},"op":"u"}
			{"op":"t"}
			{"op":"x","after":{"id":1}}
			{"id":1,"name":"a"}
			{"before":null,"after":null,"op":"d"}
			{"before":null,"after":5,"op":"c"}
			{"before":{"name":"a"},"after":null,"op":"d"}
			{"before":null,"after":{"id":5,"name":"n","new":1},"op":"u"}
			{"payload":{"op":"c"}}
		END
		rm -f aside
		ends 1 put --key id --unwrap debezium --rejects aside "$(address)" bad
		assert_equal "$(rows)" $'3|c|7\n4|a|7'
		assert_equal "$(jq -r .reason aside)" "$(
			cat <<-'END'
				column name: the event lacks its value because it did not change; the source table needs REPLICA IDENTITY FULL
				the source has emptied its table (op t), which is not repeated here
				op is "x", which is none of c, r, u, d, m
				it is not a change event of Debezium: it has no op
				the event has no before
				after is not an object
				column id: it is null or missing, and a key must not be
				field new: the table has no such column; --on-new-field ignore leaves such fields out
				the event has no after
			END
		)"
	done
}

@test "changes: a key that changes is one decision, whatever the database refuses of it" {
	for kind in sqlite postgres; do
		new_table 'id int PRIMARY KEY, name text CHECK (name <> '"'bad'"')'
		run_sql "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')"
		cat >in <<-'END'
			{"before":{"id":1},"after":{"id":11,"name":"a"},"op":"u"}
			{"before":{"id":2},"after":{"id":12,"name":"bad"},"op":"u"}
			{"before":{"id":3},"after":{"id":3,"name":"bad"},"op":"u"}
			{"before":{"id":4},"after":{"id":14,"name":"d"},"op":"u"}
			{"before":{"id":14},"after":{"id":15,"name":"bad"},"op":"u"}
			{"before":null,"after":{"id":5,"name":"e"},"op":"c"}
		END
		ends 65 put --key id --unwrap debezium "$(address)" in
		assert_equal "$(rows)" $'1|a\n2|b\n3|c\n4|d'
		rm -f aside
		ends 1 put --key id --unwrap debezium --rejects aside "$(address)" in
		assert_equal "$(rows)" $'2|b\n3|c\n5|e\n11|a\n14|d'
		assert_equal "$(jq -r .data aside)" "$(grep bad in)"
		# the row that goes is the one that is refused
		run_sql 'CREATE TABLE child (id int REFERENCES t)' 'INSERT INTO child VALUES (2)'
		case $kind in
		sqlite) run_sql "CREATE TRIGGER g BEFORE DELETE ON t WHEN old.id = 2 BEGIN SELECT raise(ABORT, 'stays'); END" ;;
		esac
		rm -f aside
		cat >in <<-'END'
			{"before":{"id":2},"after":{"id":22,"name":"b"},"op":"u"}
			{"before":{"id":3},"after":{"id":33,"name":"c"},"op":"u"}
		END
		ends 1 put --key id --unwrap debezium --rejects aside "$(address)" in
		assert_equal "$(rows)" $'2|b\n5|e\n11|a\n14|d\n33|c'
		assert_equal "$(jq -r .data aside)" "$(head -n 1 in)"
		run_sql 'DROP TABLE child'
	done
}

@test "changes: the key of a tombstone" {
	for kind in sqlite postgres; do
		new_table 'id int PRIMARY KEY, s text'
		run_sql "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')"
		cat >in <<-'END'
			{"_key":"1","_topic":"t"}
			{"_key":"{\"id\":2}"}
			{"_key":{"schema":{},"payload":{"id":3}}}
			{"_key":4}
			{"_key":"5","s":"not a tombstone","id":6}
		END
		put --key id --tombstones delete "$(address)" in
		assert_equal "$(rows)" $'5|e\n6|not a tombstone'
		put --key id --tombstones skip "$(address)" <<<$'{"_key":"5"}\n'
		assert_equal "$(rows)" $'5|e\n6|not a tombstone'
		ends 65 put --key id "$(address)" <<<'{"_key":"5"}'
		ends 65 put --key id --tombstones delete "$(address)" <<<'{"_key":null}'
		assert_stderr_contains 'record 1, a tombstone without a key'
		ends 65 put --key id --tombstones delete "$(address)" <<<'{"_key":{"di":1}}'
		assert_stderr_contains 'a tombstone whose key does not have the columns of --key'
		ends 65 put --key id --tombstones delete "$(address)" <<<'{"_key":"x"}'
		assert_stderr_contains 'column id: x is not a number'
		ends 65 put --key id --tombstones delete "$(address)" <<<''
		assert_stderr_contains 'a tombstone has its key with consume --envelope'
		new_table '_key text PRIMARY KEY, n int' # the key of Kafka is a column
		printf '%s\n' '{"_key":"{a","n":1}' '{"_key":"b","n":2}' '{"_key":"{a"}' | put --key _key --tombstones delete "$(address)"
		assert_equal "$(rows)" 'b|2'
	done
}

@test "changes: a deleted row needs its key only; TSV and CSV; what is refused" {
	for kind in sqlite postgres; do
		new_table 'id int PRIMARY KEY, s text NOT NULL'
		printf 'id\ts\tgone\n1\tx\t\n2\ty\t\n1\t\tyes\n' | put --key id --input tsv --header --delete-on '.gone == "yes"' "$(address)"
		assert_equal "$(rows)" '2|y'
		printf '2,,d\n3,z,i\n' | put --key id --columns id,s --input csv --delete-on '$3 == "d"' "$(address)"
		assert_equal "$(rows)" '3|z'
		ends 65 put --key id --delete-on '.op == "d"' "$(address)" <<<'{"id":4,"op":"i"}'
		assert_stderr_contains 'column s: it is null or missing, and must not be'
		ends 65 put --key id --delete-on '.op == "d"' "$(address)" <<<'{"op":"d"}'
		assert_stderr_contains 'column id: it is null or missing, and a key must not be'
		ends 2 put --delete-on '.op == "d"' "$(address)"
		assert_stderr_contains '--key says which columns it has'
		ends 2 put --key id --on-conflict error --delete-on '.op == "d"' "$(address)"
		ends 2 put --key id --unwrap debezium --on-conflict ignore "$(address)"
		ends 2 put --key id --unwrap debezium --delete-on .a "$(address)"
		ends 2 put --key id --unwrap debezium --input csv "$(address)"
		ends 2 put --key id --delete-on '.op ==' "$(address)"
		assert_stderr_contains '--delete-on: '
		ends 2 put --key id --delete-on '$1 == 1' "$(address)"
	done
}

@test "changes: keys of types that the server reads, and of a domain" {
	kind=postgres
	sql "CREATE TYPE mood AS ENUM ('sad', 'glad')" 'CREATE DOMAIN short AS varchar(3) NOT NULL' \
		'CREATE TABLE t (i inet, m mood, s short, n int, PRIMARY KEY (i, m))'
	cat >in <<-'END'
		{"i":"10.0.0.1","m":"sad","s":"a","n":1}
		{"i":"10.0.0.1/32","m":"sad","s":"b","n":2}
		{"i":"10.0.0.2","m":"glad","s":"c","n":3}
		{"i":"10.0.0.2/32","m":"glad","op":"d"}
	END
	put --key i,m --delete-on '.op == "d"' "$url" in
	assert_equal "$(sql 'SELECT * FROM t')" '10.0.0.1|sad|b|2'
	sql "CREATE ROLE writer_$database LOGIN" "GRANT SELECT, INSERT, UPDATE ON t TO writer_$database"
	ends 78 put --key i,m --delete-on '.op == "d"' "${url/weir@/writer_$database@}" in
	assert_stderr_contains 'permission denied for table t'
}

@test "changes: keys that a collation takes for the same" {
	sql "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)" \
		'CREATE TABLE t (s text COLLATE ci PRIMARY KEY, n int)'
	put --key s "$url" <<<$'{"s":"A","n":1}\n{"s":"a","n":2}'
	put --key s --on-conflict ignore "$url" <<<$'{"s":"b","n":3}\n{"s":"B","n":4}'
	assert_equal "$(sql 'SELECT lower(s), n FROM t ORDER BY n')" $'a|2\nb|3'
	put --key s --delete-on .d "$url" <<<$'{"s":"B","n":5}\n{"s":"b","d":true}'
	assert_equal "$(sql 'SELECT n FROM t')" 2
}
