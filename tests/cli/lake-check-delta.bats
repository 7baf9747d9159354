#!/usr/bin/env bats
# lake-check on Delta tables: what it finds in sound and in damaged ones, beside other writers.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # bats runs each test in a subshell; uuid is of lakecheck.bash, and lake for it
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck
load ../lib/lakecheckdelta

setup() {
	lakecheck_delta_setup
}

@test "directories that the protocol has in the log are no findings" {
	echo '{"n":1}' | weir lake-put --table delta "$lake"
	mkdir "$lake/_delta_log/_sidecars" "$lake/_delta_log/_commits"
	run_weir lake-check "$lake"
	assert_success
	assert_output ''
	mkdir "$lake/_delta_log/odd"
	run_weir lake-check "$lake"
	assert_status 1
	assert_output "'_delta_log/odd' is not a regular file"
}

@test "sound tables: partitions, positions, ids, other writers, checkpoints of both; nothing is changed" {
	for n in 1 2 3 4; do put $n --id "id $n"; done
	assert_sound
	rs <<<'deltalake.write_deltalake(dt, pa.table({"n": [7], "t": pa.array([None], pa.timestamp("us", "UTC")), "d": ["x y%&=ü"]}), mode="append")
dt.update_incremental()
dt.optimize.compact()
dt.create_checkpoint()
dt.delete("n = 2")
dt.alter.set_table_properties({"delta.checkpointInterval": "2"})'
	put 5
	assert_sound
	put 6
	put 7
	[ -e "$(checkpoint 10)" ] || ls "$log"
	find T -printf '%p %T@ %s\n' | sort >before
	assert_sound
	find T -printf '%p %T@ %s\n' | sort | cmp - before
	for version in 0 1 2 3 4 5; do rm "$(entry $version)"; done # as others clean up
	assert_sound
	lake=P && rows 35
	rows 50
	weir lake-check --set-position t:0=20 P
	weir lake-check --rename-group g h P
	assert_sound
	rs <<<'dt.create_checkpoint()'
	assert_sound
	rm P/_delta_log/*.json
	assert_findings 'the log has no entry, though there is a checkpoint'
}

@test "a table of others, without an entry of ours" {
	python3 -c 'import deltalake, pyarrow as pa
for n in range(3):
    deltalake.write_deltalake("T", pa.table({"a": pa.array([n], pa.int32()), "s": ["x"], "l": [[1]]}), mode="append")
deltalake.DeltaTable("T").create_checkpoint()'
	assert_sound
	rm "$(entry 0)"
	assert_sound
	rm "$(entry 1)" "$(checkpoint 2)" # the file of version 2 is all that is known
	assert_findings 'the entries before version 2 were cleaned away, and no checkpoint that weir can read has their contents'
}

@test "files: missing, cut, longer, other bytes, other rows, no Parquet file" {
	for n in 1 2 3; do put $n; done
	cp -r T good
	file=$(data) size=$(stat -c %s "T/$(data)")
	rm "T/$file"
	assert_finding "'$file' is missing, though version "
	for by in -5 +5; do
		fresh && truncate -s $by "T/$file"
		assert_findings "'$file' has $((size + by)) bytes, but the log says $size"
	done
	fresh && printf 'xxxxxxxxxx' | dd of="T/$file" bs=1 seek=40 conv=notrunc status=none
	assert_finding "'$file' is damaged: "
	run_weir lake-check --quick T # which reads no file
	assert_success
	for byte in $((size - 1)) $((size - 6)); do
		fresh && printf 'x' | dd of="T/$file" bs=1 seek=$byte conv=notrunc status=none
		assert_finding "'$file' is damaged: "
	done
	fresh && rm "T/$file" && mkdir "T/$file"
	assert_finding "$file"
	fresh
	for version in 0 1 2; do edit $version 'if .add then .add.stats |= sub("\"numRecords\":1"; "\"numRecords\":2") else . end'; done
	run_weir lake-check T
	assert_status 1
	assert_equal "$(sort <<<"$output" | uniq | grep -c ' has 1 rows, but the log says 2$')" 3
}

@test "what is in a file and not read here is reported, and is not a finding" {
	put 1
	rs <<-'END'
		pq.write_table(pa.table({"n": [1, 2], "t": pa.array([None, None], pa.timestamp("us", "UTC"))}), "T/by-others.parquet",
		    compression="lz4")
		with open("T/by-others.parquet", "r+b") as f: # the columns are said to have LZO: the codec comes before the number of values
		    data = f.read().replace(b"\x15\x0e\x16\x04", b"\x15\x06\x16\x04")
		    f.seek(0)
		    f.write(data)
		add("by-others.parquet", 1, {"d": "1"}, stats='{"numRecords":2}')
		with open("T/_delta_log/%020d.json" % 1, "a") as f:
		    f.write('{"add":{"path":"s3://elsewhere/x.parquet","partitionValues":{"d":"1"},"size":5,"dataChange":true}}\n')
	END
	run_weir lake-check T
	assert_status 78
	assert_output ''
	assert_stderr_contains "'by-others.parquet': only the footer was checked, because the file has what is not read here: "
	assert_stderr_contains '1 actions of the log name files outside the table: these were not checked'
	sed -i 's/numRecords\\":2/numRecords\\":3/; /elsewhere/d' "$(entry 1)"
	assert_findings "'by-others.parquet' has 2 rows, but the log says 3"
	sed -i 's/numRecords\\":3/numRecords\\":2/' "$(entry 1)"
	run_weir lake-check --quick T
	assert_success
}

@test "the log: entries that are missing, damaged, there twice, overwritten; what lies beside it" {
	for n in 1 2 3 4 5; do put $n --id "id $n"; done
	cp -r T good
	rm "$(entry 2)" "$(entry 3)"
	assert_findings 'the log has no versions 2 to 3'
	fresh && rm "$(entry 4)"
	run_weir lake-check T # the file that nothing names any more is young
	assert_findings 'the log has no version 4'
	fresh && rm "$(entry 0)"
	assert_findings 'the entries before version 1 were cleaned away, and no checkpoint that weir can read has their contents'
	fresh && truncate -s -20 "$(entry 2)"
	assert_finding "the log entry '_delta_log/00000000000000000002.json' is damaged"
	fresh && cp "$(entry 2)" "$(entry 5)"
	run_weir lake-check T
	assert_status 1
	assert_output_contains "'_delta_log/00000000000000000005.json' is the commit of version 2 once more"
	fresh && printf '{"commitInfo":{"operation":"WRITE"}}\n' >"$(entry 2)"
	assert_findings "'_delta_log/00000000000000000003.json' does not follow the entries before it: it is a copy, or entries were overwritten"
	fresh && rm T/_delta_log/meta-*
	assert_finding 'meta-00000000000000000000-'
	fresh && edit 1 'if .add then .add.partitionValues = {} else . end'
	assert_finding 'has other partition columns than the table'
}

@test "checkpoints: damaged, of other files, of other positions" {
	rows 40
	rs <<<'dt.create_checkpoint()'
	assert_sound
	rows 60
	cp -r T good
	change() { # change PYTHON: the rows of the checkpoint by PYTHON
		fresh
		python3 -c 'import sys, pyarrow as pa, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
rows = table.to_pylist()
exec(sys.argv[2])
pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), sys.argv[1])' "$(checkpoint 3)" "$1"
	}
	change 'rows = [r for r in rows if not r["add"]] + [r for r in rows if r["add"]][1:]'
	assert_findings 'the checkpoint of version 3 has 3 files, 0 of them unknown to the log; the log has 4'
	change '[r for r in rows if r["add"]][0]["add"]["path"] = "other"'
	assert_findings 'the checkpoint of version 3 has 4 files, 1 of them unknown to the log; the log has 4'
	change '[r for r in rows if r["txn"]][0]["txn"]["version"] = 39'
	assert_findings "the checkpoint of version 3 has offset 39 as the position of topic 't', partition 0, group 'g', and the log 40"
	for version in 0 1 2 3; do rm "$(entry $version)"; done # so that it is what the audit begins with
	run_weir lake-check T
	assert_status 1
	assert_output_contains "_delta_log/00000000000000000004.json': topic 't', partition 0, group 'g': what was read does not begin where the commit before ended (from 39 to 50)"
	change 'rows = [r for r in rows if not r["txn"]]'
	assert_findings 'the checkpoint of version 3 has 0 positions, and the log 1'
	fresh && printf PAR1 >"$(checkpoint 3)"
	assert_finding '00000000000000000003.checkpoint.parquet'
}

@test "positions: an entry that does not go on from the one before; RESTORE, and --set-position after it" {
	rows 30
	cp -r T good
	edit 2 'if .commitInfo then .commitInfo.read.t["0"] = [19,30,10] else . end'
	assert_findings "'_delta_log/00000000000000000002.json': topic 't', partition 0, group 'g': what was read does not begin where the commit before ended (from 20 to 30)"
	fresh
	rs <<<'dt.restore(1)'
	assert_findings "the contents of the table do not match its positions: version 3 is a RESTORE; say where to go on (--set-position)"
	weir lake-check --set-position t:0=20 T
	assert_sound
	rows 40
	assert_sound
	edit 4 'if .commitInfo then del(.commitInfo.moved) else . end'
	run_weir lake-check T
	assert_status 1
	assert_output_contains "'_delta_log/00000000000000000004.json' goes on from positions that do not fit what is in the table: version 3 is a RESTORE"
}

@test "--repair and --undo-head are refused: 78" {
	put 1
	for option in --repair --undo-head; do
		run_weir lake-check $option T
		assert_status 78
		assert_stderr_contains "$option is for raw tables, and 'T' is a Delta table"
	done
}
