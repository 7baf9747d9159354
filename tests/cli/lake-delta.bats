#!/usr/bin/env bats
# lake-put --table delta: what other programs read, and the table beside other writers.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	. "$WEIR_ROOT/tests/lib/python.bash"
	python_locate
	export PATH=$python_home/bin:$PATH
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
	assert_status 78
	weir lake-put R <bad
	run_sh 'weir lake-put --table delta --schema "n int" R <bad'
	assert_status 78
	[[ $stderr == *"'R' is a raw table: --table raw writes to it"* ]]
	run_sh 'weir lake-put --table delta new <bad'
	assert_status 78
	[[ $stderr == *"needs --schema"* ]]
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
	refused() { # refused PYTHON TEXT: a table to which PYTHON was done is not appended to, because of TEXT
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
	refused 'dt.alter.set_table_properties({"delta.enableDeletionVectors": "true"})' "deletion"
	refused 'dt.alter.add_feature(deltalake.TableFeatures.DeletionVectors, allow_protocol_versions_increase=True)' \
		"'deletionVectors' of its writers"
	refused 'import os, json
path = "T/_delta_log/%020d.json" % 2
meta = json.loads([l for l in open("T/_delta_log/%020d.json" % 0) if "metaData" in l][0])
meta["metaData"]["id"] = "0"
open(path, "w").write(json.dumps(meta) + "\n")' "makes another table of it, with the id '0'"
}
