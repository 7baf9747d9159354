# db.bash: db-put beside psql, sqlite3 and a consumer in Python; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka and work are run's
#
# $WEIR_BENCH_RECORDS (5000000) is how many records of 147 B a row has.  PostgreSQL has fsync on.

rows+=(db_postgres db_postgres_new db_postgres_old db_sqlite db_kafka)

readonly db_records=${WEIR_BENCH_RECORDS:-5000000}
readonly db_columns='id bigint, ts timestamptz, "user" text, action text, amount double precision, item text, ip text, ok boolean, v int'

# The records as JSON and as CSV, with a number of each.
need_db_records() {
	[ -e "$work/db.csv" ] || {
		"$BUILD/bench/gen" events $((db_records * 160)) |
			awk -v n="$db_records" 'NR <= n { print "{\"id\":" NR "," substr($0, 2) }' >"$work/db.json"
		jq -r '[.id, .ts, .user, .action, .amount, .item, .ip, .ok, .v] | @csv' "$work/db.json" >"$work/db.csv"
	}
}

# Sets $db, the URL of a PostgreSQL.
need_postgres() {
	need_server postgres
	db=$WEIR_TEST_POSTGRES
	psql -qAtX "$db" -c 'ALTER SYSTEM SET fsync = on' -c "ALTER SYSTEM SET max_wal_size = '4GB'" -c 'SELECT pg_reload_conf()' >"$work/reloaded"
}

# Before each run: an empty table; with $db_key it has a primary key, with $db_filled all rows are there.
fresh_postgres() {
	psql -qX "$db" -v ON_ERROR_STOP=1 >&2 <<-END
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS t, weir_positions, weir_ids;
		CREATE TABLE t ($db_columns${db_key:+, PRIMARY KEY ($db_key)});
		CHECKPOINT;
	END
	[ -z "$db_filled" ] || psql -qX "$db" -c "\\copy t FROM '$work/db.csv' (FORMAT csv)" >&2
}

fresh_sqlite() {
	rm -f "$work"/bench.db*
	sqlite3 "$work/bench.db" "PRAGMA journal_mode = wal; CREATE TABLE t ($db_columns)" >"$work/journal"
}

row_db_postgres() {
	need_db_records
	need_postgres
	local db_key='' db_filled='' prepare=fresh_postgres
	compare "\`db-put\` into PostgreSQL, $db_records records of 147 B, a table without an index" "\`psql \\copy\` of the same rows as CSV" \
		0.8 wall "$db_records" rec "weir db-put --table t '$db' '$work/db.json'" \
		"psql -qX '$db' -c \"\\copy t FROM '$work/db.csv' (FORMAT csv)\""
}

# What one writes by hand into psql: a staging table and one INSERT.
by_hand() {
	cat >"$work/upsert.sql" <<-END
		BEGIN;
		CREATE TEMP TABLE s (LIKE t) ON COMMIT DROP;
		\\copy s FROM '$work/db.csv' (FORMAT csv)
		INSERT INTO t SELECT DISTINCT ON (id) * FROM s ORDER BY id ON CONFLICT (id) DO UPDATE SET ts = excluded.ts, "user" = excluded."user",
			action = excluded.action, amount = excluded.amount, item = excluded.item, ip = excluded.ip, ok = excluded.ok, v = excluded.v;
		COMMIT;
	END
}

db_upsert() { # db_upsert WHAT
	need_db_records
	need_postgres
	by_hand
	compare "\`db-put --key id\` into PostgreSQL, $db_records records, $1" "a staging table and \`INSERT … ON CONFLICT\` by hand" \
		0.9 wall "$db_records" rec "weir db-put --table t --key id '$db' '$work/db.json'" \
		"psql -qX -v ON_ERROR_STOP=1 '$db' -f '$work/upsert.sql'"
}

row_db_postgres_new() {
	local db_key=id db_filled='' prepare=fresh_postgres
	db_upsert 'all new'
}

row_db_postgres_old() {
	local db_key=id db_filled=1 prepare=fresh_postgres
	db_upsert 'all old'
}

row_db_sqlite() {
	need_db_records
	local prepare=fresh_sqlite
	compare "\`db-put\` into SQLite, $db_records records of 147 B" "\`sqlite3 .import\` of the same rows as CSV" 0.8 wall "$db_records" rec \
		"weir db-put --table t 'sqlite:$work/bench.db' '$work/db.json'" \
		"sqlite3 '$work/bench.db' '.mode csv' '.import $work/db.csv t'"
}

row_db_kafka() {
	need_db_records
	need_postgres
	need_kafka
	local db_key='' db_filled='' prepare=fresh_postgres
	if [ ! -e "$work/db-topic-is-made" ]; then
		say 'filling a topic of 4 partitions'
		kadmin create db 4
		weir produce -b "$kafka" db "$work/db.json" >&2
		touch "$work/db-topic-is-made"
	fi
	compare "\`consume --batch 1s \\| db-put\`, $db_records records from Kafka into PostgreSQL, exactly once" \
		"a consumer in Python with \`COPY\` and its offsets in the transaction" 5 wall "$db_records" rec \
		"weir consume -b $kafka -g d\$RANDOM\$RANDOM --batch 1s --to end db | weir db-put --table t '$db'" \
		"python3 tests/bench/kafka_to_postgres.py $kafka db '$db' $db_records"
}
