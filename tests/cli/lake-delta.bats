#!/usr/bin/env bats
# lake-put --table delta: reading by other programs, and writing beside other writers.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
}

read_delta() { # read_delta TABLE [APPID...]: its rows, by several readers
	python3 "$WEIR_ROOT/tests/lib/deltaread.py" "$@"
}

rs() { # rs TABLE: Python on stdin, with dt, the table by delta-rs
	python3 -c 'import sys, deltalake, pyarrow as pa
dt = deltalake.DeltaTable(sys.argv[1])
exec(sys.stdin.read())' "$1"
}

every_type='b boolean, i int, l bigint, f float, d double, m decimal(12,2), s string, x binary, day date, ts timestamp,
	tags array<string>, geo struct<lat double, place struct<name string>>, counts map<string,int>'

@test "DuckDB, delta-rs and Polars read the same rows: every type, nulls, odd values" {
	cat >in <<-'END'
		{"b":true,"i":-1,"l":9007199254740993,"f":0.5,"d":-0.0,"m":12.34,"s":"é\"\\\u0000","x":"AP8=","day":"1969-12-31","ts":"2026-11-22T10:00:00.123456+01:00","tags":["a",null,""],"geo":{"lat":1.5,"place":{"name":"x"}},"counts":{"k":1,"n":null}}
		{"tags":[],"geo":{"place":null},"counts":{},"s":""}
		{}
	END
	run_weir lake-put --table delta --schema "$every_type" --id one T in
	assert_success
	run_logged read_delta T weir-id/one
	assert_success
	[ "${lines[0]}" = 'weir-id/one 1' ]
	[ "${#lines[@]}" = 4 ]
	[[ ${lines[3]} == *'"l": 9007199254740993, "m": "12.34"'*'"ts": "2026-11-22T09:00:00.123456+00:00"'* ]]
	[ "$(grep -c '"minReaderVersion":1,"minWriterVersion":2' T/_delta_log/00000000000000000000.json)" = 1 ]
	echo '{"a":"2026-11-22T10:00:00"}' | weir lake-put --table delta --schema 'a timestamp_ntz' N
	read_delta N
	[ "$(grep -c '"minReaderVersion":3,"minWriterVersion":7' N/_delta_log/00000000000000000000.json)" = 1 ]
}

@test "partitions by time; bad records; what a raw table and a Delta table do not have in common" {
	seq 0 99 | sed 's/.*/{"n":&,"t":"2026-11-2&"}/; s/2\([0-9]\)[0-9]*"}/2\1T00:00:00Z"}/' >in
	weir lake-put --table delta --schema 'n int, t timestamp' --partition-by d=%F --time .t T <in
	[ "$(find T -path '*/d=2026-11-2?/part-*.zstd.parquet' | wc -l)" = 10 ]
	[ "$(read_delta T | grep -c '"d": "2026-11-2[0-9]", "n": ')" = 100 ]
	run_sh 'echo "{\"n\":1.5}" | weir lake-put --table delta T'
	assert_status 78
	[[ $stderr == *"is partitioned by 'd', which --partition-by '' does not give"* ]]
	printf '%s\n' '{"n":1.5}' '{"n":1}' '{' '{"n":1,"o":2}' >bad
	weir lake-put --table delta --schema 'n int' B <in || [ $? = 65 ]
	[ ! -e B ]
	run_weir lake-put --table delta --schema 'n int' --rejects aside B bad
	assert_status 1
	assert_equal "$(read_delta B)" '{"n": 1}'
	assert_equal "$(wc -l <aside)" 3
	run_weir lake-put --table delta --on-new-field ignore --rejects drop B bad
	assert_status 1
	[[ $stderr == *'field o: the table has no such column, and it is ignored'* ]]
	for options in '' "--table delta --schema 'o int'"; do
		run_sh "weir lake-put $options B <bad"
		assert_status 78
	done
	run_weir lake-cat B
	assert_success
	assert_output $'{"n":1}\n{"n":1}\n{"n":1}'
	weir lake-put R <bad
	run_sh 'weir lake-put --table delta --schema "n int" R <bad'
	assert_status 78
	[[ $stderr == *"'R' is a raw table: --table raw writes to it"* ]]
	run_sh 'weir lake-put --table delta --infer 0 new <bad'
	assert_status 78
	[[ $stderr == *"needs --schema"* ]]
}

@test "bad records are reported with their place, column and value, and what to do about them" {
	told() { # told TEXT RECORD...: the last of these records is refused with this text, by an existing and by a new table
		local text=$1 options
		shift
		printf '%s\n' "$@" >in
		for options in "--schema 'n int, g struct<x date>'" ''; do
			[ -n "$options" ] || [[ $text != *column* ]] || continue
			run_sh "weir lake-put --table delta $options N <in"
			assert_status 65
			assert_equal "$stderr" "weir lake-put: standard input: record $#, $text"
			[ ! -e N ]
		done
	}
	told 'column g.x: "2026-02-30" is not a date like 2026-11-22' '{"n":1}' '{"g":{"x":"2026-02-30"}}'
	told 'column n: 1.5 is not a whole number' '{"n":1.5}'
	told 'field g.y: the table has no such column; --on-new-field ignore leaves such fields out, and add makes columns of them' \
		'{"g":{"y":1}}'
	told 'the record is not an object' '{"n":1}' '[1]'
	told "byte 5: ':' was expected" '{"n":1}' '{"n"}'
	told 'this is not JSON, of which each line has to be a record' 'n,g'
	told 'an object over several lines is not a record; `jq -c .` makes one of each' '{'
}

@test "a new table without --schema gets the columns of its first records, which are printed as --schema takes them" {
	cat >in <<-'END'
		{"n":1,"t":"2026-11-22T10:00:00Z","it's":{"x":1}}
		{"n":2.5,"none":null,"t":"2026-11-22T10:00:00.5+01:00","tags":[]}
		not JSON
		[1]
		{"n":9007199254740993,"tags":["a"]}
	END
	run_weir lake-put --table delta --rejects aside --time .t T in
	assert_status 1
	[[ $stderr == *"the new table 'T' has the columns that 2 records show: --schema 'n double, t timestamp, \"it'\\''s\" struct<x bigint>, none string, tags array<string>'"* ]]
	[[ $stderr == *"column 'none' is a string: there was no value but null"* ]]
	[ "$(wc -l <aside)" = 3 ]
	[ "$(read_delta T | wc -l)" = 2 ]
	run_weir lake-put --table delta --rejects drop B in
	assert_status 1
	[[ $stderr == *"that 3 records show:"* ]]
	[ "$(read_delta B | grep -c '"n": 9007199254740992.0')" = 1 ]
	schema=${stderr#*--schema }
	eval "schema=${schema%%$'\n'*}"
	weir lake-put --table delta --schema "$schema" --rejects drop C in || [ $? = 1 ]
	assert_equal "$(read_delta C)" "$(read_delta B)"
}

@test "--infer N: records after the Nth have to fit; the table then has its own schema; what shows none" {
	printf '%s\n' '{"n":1}' '{"n":2}' '{"n":"x"}' >in
	run_weir lake-put --table delta --infer 2 T in
	assert_status 65
	[[ $stderr == *"in: record 3, column n: \"x\" is a string, not a number"* ]]
	[ ! -e T ]
	head -2 in | weir lake-put --table delta --infer 1 T
	run_sh 'echo "{\"n\":7}" | weir lake-put --table delta T'
	assert_success
	assert_equal "$(read_delta T | paste -sd ' ')" '{"n": 1} {"n": 2} {"n": 7}'
	run_sh 'weir lake-put --table delta E </dev/null'
	assert_success
	[ ! -e E ]
	run_sh 'echo "{}" | weir lake-put --table delta E'
	assert_status 65
	[[ $stderr == *"the new table 'E' needs --schema, for its records show none: no record has a field"* ]]
	run_sh 'echo "{\"a\":1,\"A\":2}" | weir lake-put --table delta E'
	assert_status 65
	[ ! -e E ]
	run_sh 'printf "%s\n" "{\"x\":1}" "{\"x\":1e400}" | weir lake-put --table delta --rejects drop R'
	assert_status 1
	assert_equal "$(read_delta R)" '{"x": 1}'
	printf '%s\n' '{"a":1}' '{"A":2}' '{"":2}' '{"a b":1}' '{"g":{"x":1,"X":2}}' '{"a":3}' >names
	run_weir lake-put --table delta --rejects aside --on-new-field ignore A names
	assert_status 1
	assert_equal "$(jq -c .record aside | paste -sd ' ')" '2 3 4 5'
	assert_equal "$(read_delta A | paste -sd ' ')" '{"a": 1} {"a": 3}'
	run_weir lake-put --table delta E names
	assert_status 65
	[[ $stderr == *"names: record 2, column A: an earlier one is called a, and names that differ in case only are one"* ]]
	[ ! -e E ]
	run_weir lake-put --table delta --schema 'n int' --infer 5 E in
	assert_status 2
	run_weir lake-put --infer 5 E in
	assert_status 2
}

@test "--on-new-field add: nullable columns, in structs, too; told once; files of a commit have their own columns" {
	echo '{"n":1,"geo":{"lat":1.5}}' | weir lake-put --table delta --schema 'n int not null, geo struct<lat double>' T
	cat >in <<-'END'
		{"n":2,"later":null,"empty":[],"deep":{"x":[{}]}}
		{"n":3,"geo":{"lat":1,"city":"x"},"new":1}
		{"n":4,"new":2.5,"tags":["a"],"later":true}
		{"n":5,"New":1}
		{"n":6,"new":"x"}
	END
	run_weir lake-put --table delta --on-new-field add --rejects aside T in
	assert_status 1
	for column in 'geo.city string' 'new double' 'tags array<string>' 'later boolean'; do
		[ "$(grep -c "the table gets a new column: $column\$" <<<"$stderr")" = 1 ]
	done
	assert_equal "$(jq -r .reason aside)" "field New: the name of the column is 'new', and names that differ in case only are one
column new: \"x\" is a string, not a number"
	assert_equal "$(read_delta T)" '{"geo": null, "later": null, "n": 2, "new": null, "tags": null}
{"geo": null, "later": true, "n": 4, "new": 2.5, "tags": ["a"]}
{"geo": {"city": "x", "lat": 1.0}, "later": null, "n": 3, "new": 1.0, "tags": null}
{"geo": {"city": null, "lat": 1.5}, "later": null, "n": 1, "new": null, "tags": null}'
	[ "$(grep -hc '"add"' T/_delta_log/*1.json)" = 2 ]
	[ "$(grep -hc '"metaData"' T/_delta_log/*1.json)" = 1 ]
	echo '{"n":7,"later":false}' | weir lake-put --table delta T
	[ "$(read_delta T | wc -l)" = 5 ]
	more='n int, day date not null'
	run_sh "echo '{\"n\":8}' | weir lake-put --table delta --schema '$more' T"
	assert_status 78
	[[ $stderr == *"--schema does not agree with the table 'T': the table has no column 'day'"* ]]
	run_sh "echo '{\"n\":8}' | weir lake-put --table delta --on-new-field add --schema '$more' T"
	assert_status 0
	assert_equal "$stderr" 'weir lake-put: the table gets a new column: day date; it may be null, as new columns always may'
	[ "$(read_delta T | grep -c '"day": null')" = 6 ]
}

@test "--on-new-field add: a new table, partitions, names that cannot be, and another writer that adds a column" {
	printf '%s\n' '{"t":"2026-01-01T00:00:00Z"}' '{"t":"2026-01-02T00:00:00Z","a":1}' '{"t":"2026-01-01T00:00:00Z","a":2}' >in
	run_weir lake-put --table delta --on-new-field add --infer 1 --time .t --partition-by d=%F T in
	assert_status 0
	assert_equal "$(read_delta T | sort | cut -d, -f1,2 | paste -sd ' ')" '{"a": 1, "d": "2026-01-02" {"a": 2, "d": "2026-01-01" {"a": null, "d": "2026-01-01"'
	printf '%s\n' '{"t":"2026-01-03T00:00:00Z","d":"x"}' '{"t":"2026-01-03T00:00:00Z","a b":1,"ok":1}' '{"t":"2026-01-03T00:00:00Z","fine":1}' >in
	run_weir lake-put --table delta --on-new-field add --rejects aside --time .t --partition-by d=%F T in
	assert_status 1
	[[ $stderr == *'gets a new column: fine bigint'* && $stderr != *'column: ok'* ]]
	[[ $(sed -n 1p aside) == *'field d: the table makes this column itself, for its partitions'* ]]
	[[ $(sed -n 2p aside) == *"and cannot get it: "* ]]
	run_sh '{ echo "{\"t\":\"2026-01-04T00:00:00Z\",\"b\":1}"
		echo "{\"t\":\"2026-01-04T00:00:00Z\",\"c\":1}" |
		weir lake-put --table delta --on-new-field add --time .t --partition-by d=%F T
	} | weir lake-put --table delta --on-new-field add --time .t --partition-by d=%F T'
	assert_status 75
	[[ $stderr == *"another writer has changed protocol or schema"* ]]
	rs T <<<'assert [f.name for f in dt.schema().fields] == ["t", "d", "a", "fine", "c"], dt.schema()'
}

@test "--create: a table without records, which others read and append to; one that is there has to agree" {
	create() { run_weir lake-put --table delta --create "$@"; }
	create --schema 'n bigint, s string' --time now --partition-by d=%F T
	assert_success
	rs T <<<'assert dt.version() == 0 and dt.metadata().partition_columns == ["d"] and not dt.file_uris()'
	assert_equal "$(read_delta T)" ''
	create --schema 's string' --time now --partition-by d=%F T
	assert_success
	[ ! -e T/_delta_log/00000000000000000001.json ]
	create --schema 's string not null' --time now --partition-by d=%F T # what is null is not compared
	assert_success
	create --schema 's int' --time now --partition-by d=%F T
	assert_status 78
	create --schema 'new int' --time now --partition-by d=%F T
	assert_status 78
	create --schema 'new int' --on-new-field add --time now --partition-by d=%F T
	assert_status 0
	rs T <<<'assert dt.version() == 1 and [f.name for f in dt.schema().fields] == ["n", "s", "d", "new"]
deltalake.write_deltalake(dt, pa.table({"n": [3], "s": ["x"], "d": ["1"], "new": pa.array([1], pa.int32())}), mode="append")'
	echo '{"new":5}' | weir lake-put --table delta --time now --partition-by d=%F T
	[ "$(read_delta T | wc -l)" = 2 ]
	for options in '' '--schema "n int" --id x' '--schema "n int" --dry-run'; do
		run_sh "weir lake-put --table delta --create $options E"
		assert_status 2
	done
	create --schema 'n int' E /dev/null
	assert_status 2
	[ ! -e E ]
	for _ in 1 2 3 4; do
		weir lake-put --table delta --create --schema 'n int' R &
		pids+=" $!"
	done
	for pid in $pids; do wait "$pid"; done
	[ "$(find R -name '*.json' | wc -l)" = 1 ]
}

@test "two writers infer the schema of one new table: the second one starts over, and takes the table's" {
	run_sh '{ echo "{\"n\":1.5}"; echo "{\"n\":1}" | weir lake-put --table delta T; } | weir lake-put --table delta T'
	assert_status 75
	[[ $stderr == *"another writer has created 'T' in version 0: nothing is committed, and the records have to be read again"* ]]
	assert_equal "$(read_delta T)" '{"n": 1}'
}

@test "delta-rs appends, compacts and makes checkpoints in turn; ids stay" {
	printf '{"n":1}\n{"n":2}\n' >in
	weir lake-put --table delta --schema 'n bigint' --id a T in
	rs T <<-'END'
		deltalake.write_deltalake(dt, pa.table({"n": [3]}), mode="append")
		dt.update_incremental()
		dt.optimize.compact()
		dt.create_checkpoint()
	END
	run_weir lake-put --table delta --id a T in
	assert_status 0
	[[ $stderr == *"id 'a' has been committed before"* ]]
	weir lake-put --table delta --id b T in
	rs T <<<'deltalake.write_deltalake(dt, pa.table({"n": [3]}), mode="append")'
	weir lake-put --table delta --id c T in
	assert_equal "$(read_delta T weir-id/a weir-id/b | paste -sd ' ')" \
		'weir-id/a 1 weir-id/b 1 {"n": 1} {"n": 1} {"n": 1} {"n": 2} {"n": 2} {"n": 2} {"n": 3} {"n": 3}'
}

@test "a table that delta-rs made is appended to, and its columns are its own" {
	python3 -c 'import deltalake, pyarrow as pa
deltalake.write_deltalake("T", pa.table({"a": pa.array([1], pa.int32()), "s": ["x"], "l": [[1]]}))'
	printf '{"s":"y","l":[null]}\n' | weir lake-put --table delta T
	assert_equal "$(read_delta T | paste -sd ' ')" '{"a": 1, "l": [1], "s": "x"} {"a": null, "l": [null], "s": "y"}'
}

@test "what other writers do to a table, and weir does not go along with: 78, by name" {
	echo '{"n":1}' >in
	refused() { # refused PYTHON TEXT: after PYTHON has changed a table, appending to it is refused with TEXT
		rm -rf T
		weir lake-put --table delta --schema 'n bigint' --id a T in
		weir lake-put --table delta --id b T in
		rs T <<<"$1"
		run_weir lake-put --table delta --id c T in
		assert_status 78
		[[ $stderr == *"$2"* ]] || { echo "no '$2'" && return 1; }
	}
	refused 'dt.restore(0)' 'version 2 is a RESTORE'
	refused 'dt.alter.add_constraint({"pos": "n > 0"})' '(a CHECK constraint)'
	refused 'dt.alter.set_table_properties({"delta.setTransactionRetentionDuration": "interval 1 days"})' \
		"'delta.setTransactionRetentionDuration'"
	refused 'dt.alter.add_feature(deltalake.TableFeatures.ColumnMapping, allow_protocol_versions_increase=True)' \
		"'columnMapping' of its writers"
	refused 'import os, json
path = "T/_delta_log/%020d.json" % 2
meta = json.loads([l for l in open("T/_delta_log/%020d.json" % 0) if "metaData" in l][0])
meta["metaData"]["id"] = "0"
open(path, "w").write(json.dumps(meta) + "\n")' "makes another table of it, with the id '0'"
}
