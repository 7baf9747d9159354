#!/usr/bin/env bats
# lake-put --table delta --partition-by LIST: columns, transforms, what other programs read.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
}

read_delta() { # read_delta TABLE: its rows, by several readers
	python3 "$WEIR_ROOT/tests/lib/deltaread.py" "$@"
}

put() { # put ARG...: into a Delta table
	weir lake-put --table delta "$@"
}

# What the log says of the partitions of a table's files, sorted.
partitions() { # partitions TABLE
	jq -cr '.add // empty | .partitionValues | tojson' "$1"/_delta_log/*.json | LC_ALL=C sort -u
}

@test "every transform, of odd values, null and times before 1970: the readers agree, in the files as in the log" {
	cat >in <<-'END'
		{"n":1,"r":"eu","ts":"2026-11-22T10:00:00Z","u":"iceberg","d":"2026-11-22","m":14.20}
		{"n":2,"r":"us/a b=%c","ts":"2026-11-22T23:59:59.999999Z","u":"ä€😀x","d":"1969-12-31","m":0.49}
		{"n":3,"r":null,"ts":"1969-12-31T23:59:59.5Z","u":null,"d":null,"m":null}
		{"n":4,"r":"größe\n'\"","ts":"0001-01-01T00:00:00Z","u":"","d":"9999-12-31","m":1}
		{"n":5,"r":"","u":"__HIVE_DEFAULT_PARTITION__"}
		{"n":6,"r":".."}
	END
	local list='r, day(ts), month(ts), year(d), hour(ts), bucket(16, u), truncate(3, u), truncate(50, m)'
	run_weir lake-put --table delta --partition-by "$list" \
		--schema 'n int, r string, ts timestamp, u string, d date, m decimal(9,2)' T in
	assert_success
	jq -r '.metaData // empty | .schemaString' T/_delta_log/*0.json | jq -r '.fields[] | "\(.name) \(.type)"' | tail -n 7 >made
	diff -u - made <<-'END'
		ts_day date
		ts_month string
		d_year integer
		ts_hour string
		u_bucket_16 integer
		u_trunc_3 string
		m_trunc_50 decimal(9,2)
	END
	read_delta T >rows
	jq -crs 'sort_by(.n)[] | [.n, .r, .ts_day, .ts_month, .d_year, .ts_hour, .u_bucket_16, .u_trunc_3, .m_trunc_50]' rows >found
	diff -u - found <<-'END'
		[1,"eu","2026-11-22","2026-11",2026,"2026-11-22-10",9,"ice","14.00"]
		[2,"us/a b=%c","2026-11-22","2026-11",1969,"2026-11-22-23",3,"ä€😀","0.00"]
		[3,null,"1969-12-31","1969-12",null,"1969-12-31-23",null,null,null]
		[4,"größe\n'\"","0001-01-01","0001-01",9999,"0001-01-01-00",0,null,"1.00"]
		[5,null,null,null,null,null,13,"__H",null]
		[6,"..",null,null,null,null,null,null,null]
	END
	# The files hold the same, by themselves.
	python3 - >files <<-'END'
		import json, duckdb
		rows = duckdb.sql("""select n, r, ts_day, ts_month, d_year, ts_hour, u_bucket_16, u_trunc_3, m_trunc_50
		    from read_parquet('T/*/*/*/*/*/*/*/*/*.parquet', hive_partitioning=false) order by n""").fetchall()
		for row in rows: print(json.dumps([None if v is None else str(v) for v in row], ensure_ascii=False, separators=(',', ':')))
	END
	jq -cr '[.[] | if . == null then null else tostring end] | tojson' found | cmp - files
	run_weir lake-check T
	assert_success
}

@test "a table keeps its list; without the option it is the table's, also for TSV and CSV" {
	echo '{"r":"a","ts":"2026-11-22T10:00:00Z"}' | put --schema 'r string, ts timestamp' --partition-by 'r, day( ts )' T
	for other in r 'day(ts), r' 'r, month(ts)' 'r, ts_day'; do
		run_weir lake-put --table delta --partition-by "$other" T /dev/null
		assert_status 78
		assert_stderr_contains "is partitioned by 'r, day(ts)', not by '$other'"
	done
	echo '{"r":"b","ts":"2026-11-23T10:00:00Z"}' | put --partition-by 'r,day(ts)' T
	echo '{"r":"a","ts":"2026-11-24T10:00:00Z"}' | put T
	printf 'ts,r\n2026-11-25T10:00:00Z,"x, y"\n,\n' | put --input csv --header T
	printf 'c\t2026-11-26T10:00:00Z\n' | put --input tsv T
	partitions T >found
	diff -u - found <<-'END'
		{"r":"a","ts_day":"2026-11-22"}
		{"r":"a","ts_day":"2026-11-24"}
		{"r":"b","ts_day":"2026-11-23"}
		{"r":"c","ts_day":"2026-11-26"}
		{"r":"x, y","ts_day":"2026-11-25"}
		{"r":null,"ts_day":null}
	END
	[ "$(read_delta T | wc -l)" = 6 ]
	put --create --schema 'r string, ts timestamp' T
	run_weir lake-put --table delta --schema 'r string, ts_day date' T /dev/null
	assert_status 78
	assert_stderr_contains 'ts_day'
}

@test "tables of delta-rs are appended to by their own partition columns" {
	python3 - <<-'END'
		import datetime, deltalake, pyarrow as pa
		day = datetime.date(2026, 1, 1)
		t = pa.table({'a-b': ['x', None, 'y/z'], 'n': [1, 2, 3], 'd': pa.array([day] * 3), 'l': pa.array([7, 8, 9], pa.int64())})
		deltalake.write_deltalake('T', t, partition_by=['d', 'a-b', 'l'])
	END
	printf '%s\n' '{"a-b":"x","n":4,"d":"2026-01-01","l":7}' '{"n":5,"new":1}' '{"a-b":"","d":"1969-12-31","l":-1}' >in
	put --on-new-field add T in 2>/dev/null
	read_delta T >rows
	[ "$(wc -l <rows)" = 6 ]
	grep -qF '{"a-b": "x", "d": "2026-01-01", "l": 7, "n": 4, "new": null}' rows
	grep -qF '{"a-b": null, "d": null, "l": null, "n": 5, "new": 1}' rows
	grep -qF '{"a-b": null, "d": "1969-12-31", "l": -1, "n": null, "new": null}' rows
	python3 - <<-'END' # and they go on with what we have written
		import deltalake, pyarrow as pa
		dt = deltalake.DeltaTable('T')
		assert dt.delete("l = 7") and dt.to_pyarrow_table(partitions=[('d', '=', '1969-12-31')]).num_rows == 1
		deltalake.write_deltalake('T', pa.table({'l': pa.array([1], pa.int64())}), mode='append', schema_mode='merge')
	END
	put T <in
	[ "$(read_delta T | wc -l)" = 8 ]
}

@test "bad records: a value that is none of the column, no partition, a column that the table makes" {
	long=$(printf 'x%.0s' {1..300})
	printf '%s\n' '{"r":"a","n":1}' '{"r":"a","n":"x"}' '{"r":"\u0000"}' "{\"r\":\"$long\"}" '{"n_trunc_10":1}' \
		'{"n":-9223372036854775808}' '{' '[]' '{"r":"z","n":-1}' >in
	run_weir lake-put --table delta --schema 'r string, n bigint' --partition-by 'r, truncate(10, n)' --rejects aside T in
	assert_status 1
	jq -r '"\(.record) \(.reason)"' aside >found
	diff -u - found <<-'END'
		2 column n: "x" is a string, not a number
		3 column r: "\u0000" has a NUL
		4 the partition 'r=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' has a name that is too long: a directory of 302 bytes, of which 255 are possible
		5 field n_trunc_10: the table makes this column itself, for its partitions
		6 column n: -9223372036854775808 is so low that the column has no such partition
		7 byte 2: a name in quotes was expected
		8 the record is not an object
	END
	partitions T | cmp - <(printf '%s\n' '{"r":"a","n_trunc_10":"0"}' '{"r":"z","n_trunc_10":"-10"}')
	[ "$(read_delta T | wc -l)" = 2 ]
	printf '%s\n' '{"r":"q","n":5,"n_trunc_10":1}' | put --on-new-field ignore T 2>/dev/null
	read_delta T | grep -qF '{"n": 5, "n_trunc_10": 0, "r": "q"}'
}

@test "what no table can be partitioned by is refused before anything is written" {
	while IFS='|' read -r schema list status reason; do
		run_weir lake-put --table delta --schema "$schema" --partition-by "$list" T /dev/null
		assert_status "$status"
		assert_stderr_contains "$reason"
	done <<-'END'
		n int|days(n)|2|there is no transform 'days'
		n int|n,|2|a column or a transform is missing at the end
		n int|N, n|2|there is a partition column 'n' already
		n int|x|78|the table has no column 'x'
		n int|day(n)|78|column 'n' is int, which cannot make partitions with day
		n double|n|78|column 'n' is double, which cannot make partitions
		g struct<a binary>|g.a|78|column 'g.a' is binary, which cannot make partitions
		t timestamp, t_day int|day(t)|78|there are two fields 't_day'
		n int|n={.n}|2|of a Delta table name the columns
	END
	run_weir lake-put --table delta --schema 'n int' --partition-by n --time now T /dev/null
	assert_status 2
	assert_stderr_contains '--time is for patterns of --partition-by'
	[ ! -e T ]
}

@test "nested columns, inferred schemas, new fields, and partitions by a pattern, in the files, too" {
	printf '%s\n' '{"geo":{"city":"x"},"n":1}' '{"geo":{"city":"y"},"n":2,"new":true}' >in
	run_weir lake-put --table delta --infer 1 --on-new-field add --partition-by 'geo.city, n' T in
	assert_status 0
	partitions T | cmp - <(printf '%s\n' '{"geo_city":"x","n":"1"}' '{"geo_city":"y","n":"2"}')
	read_delta T | cmp - <(printf '%s\n' '{"geo": {"city": "x"}, "geo_city": "x", "n": 1, "new": null}' \
		'{"geo": {"city": "y"}, "geo_city": "y", "n": 2, "new": true}')
	echo '{"n":1,"t":"2026-11-22T10:00:00Z"}' | put --schema 'n int, t timestamp' --partition-by d=%F --time .t P
	read_delta P | cmp - <(echo '{"d": "2026-11-22", "n": 1, "t": "2026-11-22T10:00:00+00:00"}')
	python3 - >files <<-'END'
		import duckdb
		print(duckdb.sql("select d from read_parquet('P/*/*.parquet', hive_partitioning=false)").fetchall())
	END
	[ "$(cat files)" = "[('2026-11-22',)]" ]
}

@test "marked: several commits, each with one file per partition" {
	seq 1000 | sed 's/.*/{"n":&,"k":"&"}/; s/"[0-9]*\([0-9]\)"}/"\1"}/' >in
	run_sh '"$BUILD/servers/marker" -n 100 <in 2>err | weir lake-put --table delta --schema "n int, k string" --partition-by "k, bucket(2, n)" --commit-records 500 T'
	assert_success
	[ "$(find T -name 'part-*' | wc -l)" = 40 ]
	read_delta T | jq -c '{n, k}' | sort >found
	sort in | cmp - found
}

@test "lake-cat --where COLUMN=VALUE: a text, or a number, true or false if the column holds these; \"\" in names of --columns" {
	printf '%s\n' '{"t":"2026-11-22T10:00:00Z","n":10,"d":0.01,"b":true,"s":"10","q\"u":1}' \
		'{"t":"2025-11-22T10:00:00Z","n":11,"d":0.02,"b":false,"s":"011","q\"u":2}' |
		put --schema 't timestamp, n int, d decimal(6,2), b boolean, s string, "q""u" int' --partition-by 'year(t), day(t), n, b' T
	local where
	for where in t_year=2026 t_day=2026-11-22 n=10 n=1e1 d=0.01 b=true s=10; do
		run_weir lake-cat --where "$where" --columns '"q""u"' T
		assert_status 0
		assert_output '{"q\"u":1}'
	done
	run_weir lake-cat --where s=011 --columns '"q\"u",n' T
	assert_output '{"q\"u":2,"n":11}'
	for where in t_year=2024 n=010 s=11 b=TRUE; do
		run_weir lake-cat --where "$where" T
		assert_status 0
		assert_output ''
	done
	run_weir lake-cat --columns '"q""' T
	assert_status 78
}
