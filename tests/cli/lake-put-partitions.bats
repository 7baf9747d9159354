#!/usr/bin/env bats
# lake-put --partition-by with fields: raw tables.
# bats file_tags=sample
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
}

# Odd values, null, missing and empty ones; times before 1970; records that are not sorted.
odd_records() {
	cat <<-'END'
		{"region":"eu","ts":"2026-11-22T10:00:00Z","n":1}
		{"region":"us/a b=%c","ts":"2026-11-22T10:00:00Z","n":2}
		{"region":null,"ts":"2026-11-23T10:00:00Z","n":3}
		{"ts":"1969-12-31T23:59:59Z","n":4}
		{"region":"größe\n'\"","ts":"2026-11-22T10:00:00Z","n":5}
		{"region":"eu","ts":"2026-11-23T00:00:00Z","n":6}
		{"region":"","ts":"2026-11-23T10:00:00Z","n":7}
		{"region":12,"ts":"2026-11-22T10:00:00Z","n":8}
		{"region":"..","ts":"2026-11-22T10:00:00Z","n":9}
		{"region":"eu","ts":"2026-11-22T11:00:00Z","n":10}
	END
}

@test "directories by fields and time, with odd values, are what DuckDB takes them for" {
	odd_records >in
	run_weir lake-put --partition-by 'r={.region}/dt=%F' --time .ts T in
	assert_success
	find T -name 'part-*' -printf '%P\n' | sed 's,/part-.*,,' | LC_ALL=C sort >found
	LC_ALL=C sort >expected <<-'END'
		r=../dt=2026-11-22
		r=12/dt=2026-11-22
		r=__HIVE_DEFAULT_PARTITION__/dt=1969-12-31
		r=__HIVE_DEFAULT_PARTITION__/dt=2026-11-23
		r=eu/dt=2026-11-22
		r=eu/dt=2026-11-23
		r=größe%0A%27%22/dt=2026-11-22
		r=us%2Fa%20b%3D%25c/dt=2026-11-22
	END
	diff -u expected found
	weir lake-cat T | sort >out && sort in | cmp - out
	run_weir lake-check T
	assert_success
	python3 - >rows <<-'END'
		import duckdb
		rows = duckdb.sql("""select n, r, dt from read_json('T/r=*/*/*.zst', hive_partitioning=true,
		    columns={region: 'varchar', ts: 'varchar', n: 'int'}, hive_types={r: 'varchar', dt: 'date'})
		    order by n""").fetchall()
		print(*(f'{n} {r!r} {dt}' for n, r, dt in rows), sep='\n')
	END
	diff -u - rows <<-'END'
		1 'eu' 2026-11-22
		2 'us/a b=%c' 2026-11-22
		3 None 2026-11-23
		4 None 1969-12-31
		5 'größe\n\'"' 2026-11-22
		6 'eu' 2026-11-23
		7 None 2026-11-23
		8 '12' 2026-11-22
		9 '..' 2026-11-22
		10 'eu' 2026-11-22
	END
	echo '{}' | weir lake-put --partition-by 'r={.region}/dt=%F' --time now T # appends
	for other in 'r={.other}/dt=%F' 'r={.region}/dt=%Y-%m-%d' 'r={.region}'; do
		run_weir lake-put --partition-by "$other" --time .ts T in
		assert_status 78
		assert_stderr_contains 'is partitioned by'
	done
}

@test "a field is enough; constants, several fields of one column, nested ones, and braces" {
	echo '{"a":{"b/}":"x"},"c":[1,true]}' | weir lake-put --partition-by 'p=v-{.a."b/}"}-{.c[1]}{{/q={.c[0]}' T
	[ -d 'T/p=v-x-true%7B/q=1' ]
	printf '%s\n' '{"c":"1","k":"23"}' '{"c":"12","k":"3"}' '{"c":"12"}' >in # 1,23 and 12,3 give one name
	weir lake-put --partition-by 'p={.c}{.k}' U in
	[ "$(find U -name 'part-*' | wc -l)" = 2 ]
	[ "$(zstd -dc U/p=123/part-* | wc -l)" = 2 ]
	[ "$(zstd -dc U/p=__HIVE_DEFAULT_PARTITION__/part-*)" = '{"c":"12"}' ]
	printf 'a,"x, y",1\nb,z,2\nc,,3\n' | weir lake-put --input csv --partition-by 'k={$2}/n={$3}' C
	assert_equal "$(find C -name 'part-*' -printf '%P\n' | sed 's,/part-.*,,' | sort | tr '\n' ' ')" \
		'k=__HIVE_DEFAULT_PARTITION__/n=3 k=x%2C%20y/n=1 k=z/n=2 '
}

@test "a value that can name no directory makes a bad record, whose place is reported" {
	long=$(printf 'x%.0s' {1..300})
	printf '%s\n' '{"r":"a"}' '{"r":{"b":1}}' "{\"r\":\"$long\"}" '{"r":[]}' '{"r":"\u0000"}' '{"r":"\ud800"}' '{' '{"r":"z"}' >in
	run_weir lake-put --partition-by 'r={.r}' T in
	assert_status 65
	assert_stderr 'weir lake-put: in: record 2: field .r, which a partition is named by: {"b":1} is an object'
	[ ! -e T ]
	run_weir lake-put --partition-by 'r={.r}' --rejects aside T in
	assert_status 1
	weir lake-cat T | cmp - <(printf '%s\n' '{"r":"a"}' '{"r":"z"}')
	[ "$(wc -l <aside)" = 6 ]
	grep -q 'a directory of 302 bytes, of which 255 are possible' aside
	grep -q '\[\] is an array' aside
	grep -q 'has a NUL' aside
	grep -q 'has one half of a surrogate pair' aside
}

@test "what patterns with fields cannot be is a usage error, before anything is written" {
	while IFS='|' read -r pattern reason; do
		run_weir lake-put --partition-by "$pattern" T /dev/null
		assert_status 2
		assert_stderr_contains "$reason"
	done <<-'END'
		r={r}|has '{r}', at byte 1: after '{' a field was expected
		r={.r|has '{.r', at byte 4: '}' was expected
		r={.r}%|no conversion %
		r={.}|'.' is the whole record
		r={.r}/dt=%F|--partition-by needs --time
		value={.r}|has the column 'value', in which the records are
		r={.r}/R={.s}|has the column 'R' twice
		region|lists of columns are for --table delta
		day(ts), region|lists of columns are for --table delta
	END
	run_weir lake-put --partition-by 'r={.r}' --on-bad-time x T /dev/null
	assert_status 2
	assert_stderr_contains 'with fields there is --rejects'
	run_weir lake-put --partition-by 'r={.r}' --time s@1 T /dev/null
	assert_status 2
	assert_stderr_contains 'lines of text'
	run_weir lake-put --table delta --schema 'r string' --partition-by 'r={.r}' T /dev/null
	assert_status 2
	assert_stderr_contains 'of a Delta table name the columns'
	[ ! -e T ]
}

@test "marked: the records of several batches go into one file per partition and commit" {
	seq 1000 | sed 's/.*/{"n":&,"k":"&"}/; s/"[0-9]*\([0-9]\)"}/"\1"}/' >in
	run_sh '"$BUILD/servers/marker" -n 100 <in 2>err | weir lake-put --commit-records 200 --partition-by "k={.k}" T'
	assert_success
	[ "$(find T -name 'part-*' | wc -l)" = 50 ]
	for k in {0..9}; do
		[ "$(zstd -dc T/k="$k"/part-* | grep -c "\"k\":\"$k\"}")" = 100 ]
	done
	weir lake-cat T | sort >out && sort in | cmp - out
}
