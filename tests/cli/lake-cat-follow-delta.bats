#!/usr/bin/env bats
# lake-cat as a source of the versions of Delta tables, weir's own and those of other writers.
# bats file_tags=long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	use_python
	cd "$BATS_TEST_TMPDIR" || return
}

put() { # put TABLE FROM TO: a commit of rows with these numbers
	seq "$2" "$3" | sed 's/.*/{"n":&,"s":"x&"}/' >in
	weir lake-put --table delta --schema 'n bigint, s string' "$1" in
}

rs() { # rs TABLE CODE: Python, with `table` the table by delta-rs, and `rows(FROM, TO)` rows for it
	python3 - "$1" <<-END
		import sys, deltalake, pyarrow as pa
		path = sys.argv[1]
		rows = lambda a, b: pa.table({"n": list(range(a, b + 1)), "s": [f"x{i}" for i in range(a, b + 1)]})
		table = deltalake.DeltaTable(path) if deltalake.DeltaTable.is_deltatable(path) else None
		$2
	END
}

copy() { # copy [OPTION...]: what is new in \`from\` goes to \`to\`
	weir lake-cat --batch 100ms -g g "$@" from |
		weir lake-put --table delta --schema 'n bigint, s string' --commit-every 0 to
}

# The numbers of the rows of a table, by delta-rs.
numbers() { # numbers TABLE
	rs "$1" 'print(*sorted(table.to_pyarrow_table().column("n").to_pylist()))'
}

versions() { # versions TABLE: the offsets that its commits have read
	cat "$1"/_delta_log/0*.json | jq -c '.commitInfo.read // empty | .[][]'
}

@test "a Delta table follows another one: the whole table, then version by version" {
	put from 1 3
	put from 4 6
	copy
	assert_equal "$(numbers to)" '1 2 3 4 5 6'
	put from 7 8
	put from 9 9
	copy
	copy
	assert_equal "$(numbers to)" '1 2 3 4 5 6 7 8 9'
	assert_equal "$(versions to)" "$(printf '[0,2,6]\n[2,3,2]\n[3,4,1]')"
	weir lake-check to
	weir lake-cat --since 1 from | cmp - <(seq 7 9 | sed 's/.*/{"n":&,"s":"x&"}/')
}

@test "a table that delta-rs has written: appends are followed, with nulls, partitions and new columns" {
	rs from 'deltalake.write_deltalake(path, rows(1, 3), partition_by=["s"])'
	start_bg follow weir lake-cat --follow --poll 20ms from
	wait_for 20 eval '[ "$(wc -l <follow.out)" = 3 ]'
	rs from 'deltalake.write_deltalake(table, rows(4, 5), mode="append")'
	wait_for 20 eval '[ "$(wc -l <follow.out)" = 5 ]'
	rs from 'deltalake.write_deltalake(table, pa.table({"n": [None], "s": ["x"], "more": [True]}), mode="append", schema_mode="merge")'
	wait_for 20 eval '[ "$(wc -l <follow.out)" = 6 ]'
	stop_bg follow
	assert_status 0
	assert_equal "$(jq -c '[.n, .s]' follow.out | sort | tr -d '\n')" '[1,"x1"][2,"x2"][3,"x3"][4,"x4"][5,"x5"][null,"x"]'
	assert_equal "$(tail -n 1 follow.out)" '{"n":null,"s":"x","more":true}'
}

@test "compactions and checkpoints of another writer are no data; a DELETE is 65, --on-change skip and adds" {
	rs from 'deltalake.write_deltalake(path, rows(1, 3))'
	rs from 'deltalake.write_deltalake(table, rows(4, 6), mode="append")'
	copy
	rs from 'table.optimize.compact(); table.create_checkpoint()'
	rs from 'deltalake.write_deltalake(table, rows(7, 7), mode="append")'
	copy
	assert_equal "$(numbers to)" '1 2 3 4 5 6 7'
	cp -r to to-2
	rs from 'table.delete("n = 2")'
	run_sh 'weir lake-cat --batch 100ms -g g from | weir lake-put --table delta to'
	assert_status 75
	assert_stderr_contains "version 4 of 'from' removes or replaces records (DELETE)"
	rs from 'deltalake.write_deltalake(table, rows(8, 8), mode="append")'
	run_sh 'weir lake-cat --on-change skip --batch 100ms -g g from | weir lake-put --table delta to'
	assert_status 0
	assert_equal "$(numbers to)" '1 2 3 4 5 6 7 8'
	run_sh 'weir lake-cat --on-change adds --batch 100ms -g g from | weir lake-put --table delta to-2'
	assert_status 0
	assert_equal "$(numbers to-2)" '1 1 2 3 3 4 4 5 5 6 6 7 8'
}

@test "the snapshot of a table of which rows were deleted has those that are left" {
	rs from 'deltalake.write_deltalake(path, rows(1, 5))'
	rs from 'table.delete("n = 2")'
	copy
	assert_equal "$(numbers to)" '1 3 4 5'
}

@test "an overwrite and a restore replace the rows: 65" {
	rs from 'deltalake.write_deltalake(path, rows(1, 3))'
	copy
	rs from 'deltalake.write_deltalake(table, rows(4, 6), mode="overwrite")'
	run_sh 'weir lake-cat --batch 100ms -g g from | weir lake-put --table delta to'
	assert_status 75
	assert_stderr_contains "version 1 of 'from' removes or replaces records (WRITE)"
	rs from 'table.restore(0)'
	run_sh 'weir lake-cat --batch 100ms -g g --on-change skip from | weir lake-put --table delta to'
	assert_status 0
	assert_stderr_contains "version 2 of 'from' removes or replaces records (RESTORE): it is skipped"
	assert_equal "$(numbers to)" '1 2 3'
}

@test "files that were vacuumed: 65, and the version is named" {
	rs from 'deltalake.write_deltalake(path, rows(1, 3))'
	rs from 'deltalake.write_deltalake(table, rows(4, 6), mode="append")'
	copy --since 0
	rs from 'deltalake.write_deltalake(table, rows(7, 9), mode="append")'
	rs from 'table.optimize.compact(); table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)'
	run_sh 'weir lake-cat --batch 100ms -g g from | weir lake-put --table delta to'
	assert_status 75
	assert_stderr_contains ", which version 2 of 'from' adds, is gone"
	assert_equal "$(numbers to)" '4 5 6'
	weir lake-cat --batch 100ms -g other from | weir lake-put --table delta --schema 'n bigint, s string' whole
	assert_equal "$(numbers whole)" '1 2 3 4 5 6 7 8 9'
}

@test "entries that were cleaned: 65 for who needs them; the snapshot needs none" {
	rs from 'deltalake.write_deltalake(path, rows(1, 3))'
	rs from 'deltalake.write_deltalake(table, rows(4, 6), mode="append")'
	rs from 'deltalake.write_deltalake(table, rows(7, 9), mode="append")
table = deltalake.DeltaTable(path); table.create_checkpoint()'
	rm from/_delta_log/0000000000000000000[01].json
	copy
	assert_equal "$(numbers to)" '1 2 3 4 5 6 7 8 9'
	weir lake-cat --since 1 from | wc -l | grep -qx 3
	run_weir lake-cat --since 0 from
	assert_status 65
	assert_stderr_contains "the entry of version 1 of 'from' is gone"
}

@test "raw to Delta and Delta to raw; a NUL in a text is an escape" {
	printf '{"n":1,"s":"a\\u0000b"}\n{"n":2,"s":null}\n{"n":3,"s":""}\n' >in
	weir lake-put raw in
	weir lake-cat --batch 100ms -g g raw | weir lake-put --table delta --schema 'n bigint, s string' delta
	weir lake-cat --batch 100ms -g g delta | weir lake-put back
	assert_equal "$(weir lake-cat back | jq -c .)" "$(jq -c . in)"
	weir lake-check back
}

@test "many rows in many row groups: memory is bounded, and --batch does not divide the version" {
	only_plain 'limits of memory'
	seq 2000000 | awk '{ printf "{\"n\":%d,\"s\":\"%0100d\"}\n", $1, $1 * 7919 % 1000003 }' >in
	weir lake-put --table delta --schema 'n bigint, s string' from in
	[ "$(peak_kb bash -c 'exec weir lake-cat --position-file place from >out')" -lt 300000 ]
	assert_files_equal out in
}

@test "--columns and --format: of each version, whatever columns are added, a header once; 78 when one is gone" {
	printf '%s\n' '{"n":1,"s":"a\tb","d":"x"}' '{"n":2,"s":null,"d":"y"}' |
		weir lake-put --table delta --partition-by d --schema 'n bigint, s string, d string' from
	run_weir lake-cat --since start --columns d,s --format tsv from
	assert_status 0
	assert_equal "$(sort <<<"$output")" $'x\ta\\tb\ny\t'
	echo '{"n":3,"s":"c","d":"x","more":7}' | weir lake-put --table delta --on-new-field add from
	run_weir lake-cat --position-file at --columns n --format csv from
	assert_status 0
	assert_equal "$(sort <<<"$output")" $'1\n2\n3'
	weir lake-cat --since 0 -g g --batch 1s --columns n,d from | weir lake-put --table delta --schema 'n bigint, d string' to
	assert_equal "$(weir lake-cat to)" '{"n":3,"d":"x"}'
	run_weir lake-cat --since 0 --columns n,nothing from
	assert_status 78
	assert_stderr_contains "--columns: there is no column 'nothing'"
	run_weir lake-cat --since 0 -g g --batch 1s --format csv from
	assert_status 2
	run_weir lake-cat --since start --columns n,s --format tsv --header from
	assert_status 0
	assert_equal "$(head -n 1 <<<"$output") $(sort <<<"$output" | grep -c n)" $'n\ts 1'
}
