#!/usr/bin/env bats
# lake-compact on Delta tables: engines agree before and after, other writers beside it, old files and entries.
# shellcheck disable=SC2030,SC2031,SC2154 # bats runs each test in a subshell; uuid is of lakecheck.bash
# bats file_tags=long
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck
load ../lib/lakecheckdelta

setup() {
	lakecheck_delta_setup
}

live() { # how many files the newest version has
	rs <<<'print(len(dt.file_uris()))'
}

rows() { # the table as independent readers see it
	python3 "$WEIR_ROOT/tests/lib/deltaread.py" "$lake"
}

last() { # the newest entry
	find "$log" -name '0*.json' | sort | tail -n 1
}

# The rows are those in the file `expected`, and the table is sound.
assert_same() {
	rows | cmp - expected
	assert_sound
}

@test "small files of each partition become one; positions and ids stay; nothing is told to those who follow" {
	for n in $(seq 12); do put "$n" --id "i$n"; done
	rows >expected
	run_weir lake-compact -v T
	assert_status 0
	assert_stderr_contains 'put 12 files together in 3'
	assert_equal "$(live)" 3
	assert_same
	assert_equal "$(jq -c 'select(.add or .remove) | (.add // .remove).dataChange' "$(last)" | sort | uniq -c | tr -s ' ')" ' 15 false'
	assert_equal "$(jq -r 'select(.commitInfo) | .commitInfo.operation' "$(last)")" OPTIMIZE
	put 1 --id i1 # it is known still
	run_weir lake-compact -v T
	assert_stderr_contains 'there are no small files to put together'
	put 13
	[ "$(live)" = 4 ]
	assert_sound
}

@test "widened types: files are read, put together and sorted in the types that the table has now" {
	python3 "$WEIR_ROOT/tests/lib/widened.py" T
	printf '%s\n' '{"i":9000000000,"f":0.1,"x":0.5,"d":12345678.0625,"day":"2026-11-23T12:00:00","p":1}' '{"p":2}' |
		weir lake-put --table delta T
	weir lake-cat T | sort >rows
	assert_equal "$(wc -l <rows)" 4
	python3 "$WEIR_ROOT/tests/lib/deltaread.py" --duckdb T >expected
	weir lake-check T
	cp -r T good
	for sort in '' '--sort-by i'; do
		fresh
		# shellcheck disable=SC2086
		run_weir lake-compact -v $sort T
		assert_status 0
		assert_stderr_contains 'put 4 files together in 2'
		weir lake-check T
		weir lake-cat T | sort | cmp - rows
		for file in $(jq -r 'select(.add) | .add.path' "$(last)"); do
			assert_equal "$(python3 -c 'import sys, pyarrow.parquet as pq
print(*(f"{f.name}={f.type}" for f in pq.read_schema(sys.argv[1]) if f.name != "p"))' "T/$file")" \
				'i=int64 f=double x=double d=decimal128(12, 4) day=timestamp[us]'
		done
		python3 "$WEIR_ROOT/tests/lib/deltaread.py" --duckdb T | cmp - expected
	done
	run_weir lake-cat --stats --where '.i > 9000' T
	assert_stderr_contains '2 files, 1 of them skipped'
}

@test "pages that do not fit into the memory: 78, and nothing is changed; one alone has the memory of all" {
	python3 - <<-'END'
		import random, deltalake, pyarrow as pa
		for i in range(4):
		    columns = {f"c{j}": [random.random() for _ in range(140000)] for j in range(8)}
		    deltalake.write_deltalake("T", pa.table({"p": [i % 2] * 140000, **columns}), mode="append", partition_by=["p"])
	END
	find T -name '*.parquet' -o -name '0*.json' | sort >files
	run_weir lake-compact --memory 8M T
	assert_status 78
	assert_stderr_contains ' bytes in all): a larger --memory is needed'
	assert_stderr_contains "weir lake-compact: 'p="
	find T -name '*.parquet' -o -name '0*.json' | sort | cmp - files
	run_weir lake-compact -v --memory 128M T # for two it would not be enough
	assert_status 0
	assert_stderr_contains 'put 4 files together in 2'
	assert_sound
}

@test "every type, nulls, NaN, nested values, new columns: engines read the same as before" {
	for run in 0 1 2 3; do
		python3 "$WEIR_ROOT/tests/lib/deltarows.py" make $((run * 500)) $((run * 500 + 500)) >in
		weir lake-put --table delta --partition-by 'part=%F 100%% é:=%j' --time s@.at --on-new-field add \
			--schema "$(python3 "$WEIR_ROOT/tests/lib/deltarows.py" schema)" T in 2>/dev/null
	done
	run_weir lake-compact T
	assert_success
	assert_stderr ''
	assert_equal "$(live)" 5
	run_logged python3 "$WEIR_ROOT/tests/lib/deltarows.py" check T 0 2000
	assert_status 0
	assert_output ''
	assert_sound
}

@test "a table of another engine, with its files beside weir's: read, put together, and read again" {
	python3 - <<-'END'
		import deltalake, pyarrow as pa, datetime
		for i in range(4):
		    at = datetime.datetime(2026, 11, 20 + i % 2, 10, 0, 0, 123456, tzinfo=datetime.timezone.utc)
		    table = pa.table({"n": pa.array([i, None], pa.int64()), "s": ["a%d" % i, None], "t": pa.array([at, None], pa.timestamp("us", "UTC")),
		                      "l": pa.array([[1, None, 2], None], pa.list_(pa.int32())), "x": pa.array([1.5, float("nan")]),
		                      "m": pa.array([[("k", i)], None], pa.map_(pa.string(), pa.int64())), "b": [True, None],
		                      "g": pa.array([{"a": 1, "c": None}, None], pa.struct([("a", pa.int32()), ("c", pa.string())])), "p": ["x", "y"]})
		    deltalake.write_deltalake("T", table, mode="append", partition_by=["p"])
	END
	rows >expected
	cp -r T foreign
	lake=foreign log=foreign/_delta_log
	weir lake-compact foreign # there is no entry of ours
	assert_equal "$(live)" 2
	rows | cmp - expected
	lake=T log=T/_delta_log
	for i in 1 2; do
		echo "{\"n\":$i,\"s\":\"weir\",\"t\":\"2026-11-20T10:00:00Z\",\"l\":[3],\"x\":2,\"m\":{\"k\":1},\"b\":false,\"g\":{\"a\":2},\"p\":\"x\"}" >in
		weir lake-put --table delta T in
	done
	rows >expected
	[ "$(live)" = 10 ]
	run_weir lake-compact T
	assert_success
	assert_equal "$stderr" ''
	assert_equal "$(live)" 2 # although weir's files have the column p, and the others have not
	assert_same
	run_weir lake-compact -v T
	assert_stderr_contains 'there are no small files to put together'
}

@test "another engine replaces files meanwhile: nothing is doubled, nothing comes back" {
	only_plain 'kill points'
	for n in 1 2 3 4; do put "$n"; done
	env WEIR_STOP_AT=before-commit "$BUILD/kill/bin/lake-compact" T 2>err &
	pid=$!
	wait_for 10 is_stopped $pid
	rs <<<'dt.delete("n = 2")'
	put 5
	rows >expected
	kill -CONT $pid
	wait $pid
	rows | cmp - expected
	assert_sound
	rs <<<'dt.optimize.compact()' >/dev/null
	rows | cmp - expected
}

is_stopped() { # is_stopped PID
	[[ $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) == T ]]
}

@test "writers go on beside it, and their files stay" {
	only_plain 'kill points'
	for n in 1 2 3 4 5 6; do put "$n"; done
	env WEIR_STOP_AT=before-commit "$BUILD/kill/bin/lake-compact" T &
	pid=$!
	wait_for 10 is_stopped $pid
	put 7
	rs <<<'deltalake.write_deltalake(dt, pa.table({"n": [8], "t": pa.array([None], pa.timestamp("us", "UTC")), "d": ["2026-11-21"]}), mode="append")'
	rows >expected
	kill -CONT $pid
	wait $pid
	assert_same
	assert_equal "$(jq -r 'select(.remove) | .remove.path' "$(last)" | wc -l)" 6
}

remove() { # remove MODULUS REMAINDER [FILE]: rows of each file go, by deletion vectors
	python3 "$WEIR_ROOT/tests/lib/deltadelete.py" "$lake" "$@"
}

left() { # the numbers that are left, in order, as DuckDB sees them
	python3 -c 'import sys, os, glob, duckdb, duckdb_extension_delta
root = os.path.dirname(duckdb_extension_delta.__file__)
c = duckdb.connect(config={"allow_unsigned_extensions": "true"})
c.execute("LOAD %r" % glob.glob(os.path.join(root, "**", "delta.duckdb_extension"), recursive=True)[0])
for n, in c.sql("SELECT n FROM delta_scan(%r) ORDER BY n" % sys.argv[1]).fetchall(): print(n)' "$lake"
}

@test "rows that deletion vectors have deleted are left out of the new files, and nobody is told of them" {
	for first in 0 3000 6000; do
		seq "$first" $((first + 2999)) | jq -c '{n:.}' >in
		weir lake-put --table delta --schema 'n bigint' T in
	done
	remove 3 0
	remove 2000 1
	left >expected
	weir lake-cat T | jq .n | sort -n | cmp - expected
	assert_sound
	run_weir lake-compact -v T
	assert_status 0
	assert_stderr_contains 'put 3 files together in 1 without '
	left | cmp - expected
	assert_equal "$(jq -c 'select(.add or .remove) | (.add // .remove).dataChange' "$(last)" | sort | uniq -c | tr -s ' ')" ' 4 false'
	assert_equal "$(jq -r 'select(.remove) | .remove.deletionVector.storageType' "$(last)" | sort | paste -sd ' ')" 'i u u'
	assert_sound
	run_weir lake-compact -v T
	assert_stderr_contains 'there are no small files to put together'
	echo '{"n":99999}' | weir lake-put --table delta T # the table goes on
	left | cmp - <(cat expected - <<<99999)
}

@test "a file alone is written again without its deleted rows; one of which all are deleted goes" {
	seq 2000 | jq -c '{n:.}' >in
	weir lake-put --table delta --schema 'n bigint' T in
	remove 2 0
	run_weir lake-compact --dry-run T
	assert_output_contains 'would put 1 file together in 1 without 1000 deleted rows'
	run_weir lake-compact T
	assert_success
	left | cmp - <(seq 2 2 2000)
	assert_equal "$(live)" 1
	remove 1 0
	weir lake-compact T
	assert_equal "$(live)" 0
	assert_equal "$(left)" ''
	assert_sound
}

@test "a large file is written again when more than a twentieth of its rows are deleted" {
	seq 20000 | jq -c '{n:.}' >in
	weir lake-put --table delta --schema 'n bigint' T in
	remove 20 0
	run_weir lake-compact -v --target 1K T
	assert_stderr_contains 'there are no small files to put together'
	remove 19 0
	run_weir lake-compact -v --target 1K T
	assert_stderr_contains 'without 1053 deleted rows'
	assert_equal "$(live)" 1
	assert_equal "$(left | wc -w)" $((20000 - 1053))
	assert_sound
}

@test "checkpoints have deletion vectors, and weir goes on from them" {
	only_plain 'it has no kill points'
	for n in 1 2 3 4; do seq $((n * 10)) $((n * 10 + 9)) | jq -c '{n:.}' | weir lake-put --table delta --schema 'n bigint' T; done
	remove 5 0
	left >expected
	for n in 5 6 7 8 9; do
		echo "{\"n\":$n$n}" >>added
		tail -n 1 added | env WEIR_CHECKPOINT_EVERY=5 "$BUILD/kill/bin/lake-put" --table delta T
	done
	find "$log" -name '*.checkpoint.parquet' | sort >checkpoints
	[ -s checkpoints ]
	version=$(basename "$(tail -n 1 checkpoints)")
	for ((i = 0; i < 10#${version%%.*}; i++)); do rm -f "$log/$(printf %020d "$i").json"; done
	left | cmp - <(jq .n added | sort -n - expected)
	left >expected
	weir lake-cat T | jq .n | sort -n | cmp - expected
	weir lake-compact T
	left | cmp - expected
	assert_sound
}

@test "--vacuum removes the files of deletion vectors that no version needs, and no others" {
	for n in 1 2; do seq $((n * 10)) $((n * 10 + 9)) | jq -c '{n:.}' | weir lake-put --table delta --schema 'n bigint' T; done
	remove 5 0
	weir lake-compact --vacuum --older-than 0 --target 1K --dry-run T >out
	assert_equal "$(grep -c deletion_vector out)" 0
	run_weir lake-compact --vacuum --older-than 0 T
	assert_success
	assert_equal "$(find T -name 'deletion_vector_*' | wc -l)" 0
	assert_equal "$(left | wc -w)" 16
	seq 30 39 | jq -c '{n:.}' | weir lake-put --table delta T
	remove 5 0
	vector=$(find T -name 'deletion_vector_*')
	touch -d '8 days ago' "$vector"
	echo '{"n":1}' >in
	weir lake-compact --expire 1000d --vacuum --older-than 0 --dry-run T >out
	assert_equal "$(grep -c "${vector#T/}" out)" 0 # it is in use
}

@test "a deletion vector that is damaged: 65, and nothing is committed" {
	for n in 1 2; do seq $((n * 10)) $((n * 10 + 9)) | jq -c '{n:.}' | weir lake-put --table delta --schema 'n bigint' T; done
	remove 5 0
	before=$(last)
	printf 'x' | dd of="$(find T -name 'deletion_vector_*')" bs=1 seek=20 conv=notrunc status=none
	run_weir lake-compact T
	assert_status 65
	assert_stderr_contains 'its deletion vector is damaged'
	assert_equal "$(last)" "$before"
	run_weir lake-check T
	assert_status 1
	assert_output_contains 'its deletion vector is damaged'
}

@test "tables that must not be changed in this way are refused" {
	put 1
	put 4
	cp -r T good
	rs <<<'dt.alter.add_feature(deltalake.TableFeatures.ColumnMapping, allow_protocol_versions_increase=True)'
	run_weir lake-compact T
	assert_status 78
	assert_stderr_contains 'columnMapping'
	rm -rf T && cp -r good T
	rs <<<'dt.restore(0)'
	run_weir lake-compact T # the positions are void, and a commit of ours would say that they are not
	assert_status 78
}

@test "--vacuum removes what was replaced, when it is old enough, and what no version had after a week" {
	for n in 1 2 3 4 5 6; do put "$n"; done
	weir lake-compact T
	rows >expected
	cp "$(find T/d=2026-11-21 -name '*.parquet' | head -n 1)" T/d=2026-11-21/lost.parquet
	touch T/notes
	run_weir lake-compact --vacuum T
	assert_equal "$(find T -name '*.parquet' -not -path '*/_delta_log/*' | wc -l)" 10
	run_weir lake-compact --vacuum --older-than 0 T
	assert_equal "$(find T -name '*.parquet' -not -path '*/_delta_log/*' | wc -l)" 4
	touch -d '8 days ago' T/d=2026-11-21/lost.parquet T/notes
	run_weir lake-compact --vacuum T
	assert_equal "$(find T -name '*.parquet' -not -path '*/_delta_log/*' | wc -l)" 3
	[ -e T/notes ]
	assert_equal "$(rows)" "$(<expected)"
}

@test "--expire takes out old partitions, as rows that were removed" {
	put 1 # of 21 November 2026
	put 2 # of the 22nd
	today=$(date -u +%F)
	echo "{\"n\":3,\"t\":\"${today}T00:00:00Z\"}" >in
	weir lake-put --table delta --partition-by d=%F --time .t T in
	days=$((($(date +%s) - $(date -d 2026-11-23T00:00:00Z +%s)) / 86400)) # since its end
	run_weir lake-compact --expire "$((days + 1))d" T
	assert_success
	assert_equal "$(rows | jq .n | paste -sd ' ')" '2 3'
	assert_equal "$(jq -c 'select(.remove) | .remove.dataChange' "$(find "$log" -name '0*.json' | sort | sed -n 4p)" | sort -u)" true
	assert_sound
}

@test "old entries of the log go behind an old checkpoint, and only then" {
	for n in 1 2 3 4 5 6 7; do put "$n"; done
	rs <<<'dt.create_checkpoint()'
	rows >expected
	run_weir lake-compact T
	assert_success
	assert_equal "$(find "$log" -name '0*0.json' | wc -l)" 1 # all is young
	for i in 0 1 2 3 4 5 6; do # a checkpoint of version 6, 31 days old
		edit $i "if .commitInfo then .commitInfo.timestamp = $((($(date +%s) - 31 * 86400) * 1000 + i)) else . end"
	done
	put 8
	rows >expected
	run_weir lake-compact T
	assert_success
	assert_equal "$(cd "$log" && echo 0*[0-6].json)" 00000000000000000006.json
	assert_same
	put 9
	rows | jq .n | sort -n | paste -sd ' ' >now
	assert_equal "$(<now)" '1 2 3 4 5 6 7 8 9'
	assert_sound
}

@test "a table that keeps its log, or for longer, keeps it" {
	for property in 'delta.enableExpiredLogCleanup false' 'delta.logRetentionDuration interval 60 days'; do
		rm -rf T
		for n in 1 2 3; do put "$n"; done
		rs <<<"dt.alter.set_table_properties({'${property%% *}': '${property#* }'})
dt.create_checkpoint()"
		for i in 0 1 2 3; do
			edit $i "if .commitInfo then .commitInfo.timestamp = $((($(date +%s) - 31 * 86400) * 1000 + i)) else . end"
		done
		put 4
		run_weir lake-compact T
		assert_success
		[ -e "$log/00000000000000000000.json" ]
	done
}
