#!/usr/bin/env bats
# lake-put --table delta: the checkpoints that it makes, and those of others from which it goes on.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
	log=T/_delta_log
}

read_delta() { # read_delta TABLE [APPID...]: its rows, by several readers
	python3 "$WEIR_ROOT/tests/lib/deltaread.py" "$@"
}

put() { # put NUMBER: a commit of its own, with an id, into T
	try "$1"
	assert_success
}

try() { # try NUMBER [TABLE]: the same, whatever the result
	echo "{\"n\":$1,\"t\":\"2026-11-22T00:00:00Z\"}" >in
	run_weir lake-put --table delta --schema 'n int, t timestamp' --partition-by d=%F --time .t --id "id/$1" "${2:-T}" in
}

# pass FROM TO: entries of another writer, in which nothing happens
pass() {
	local version
	for ((version = $1; version <= $2; version++)); do
		printf '{"commitInfo":{"operation":"WRITE"}}\n' >"$log/$(printf %020d "$version").json"
	done
}

# clean TO: remove the entries before that version, as other writers do
clean() {
	local version
	for ((version = 0; version < $1; version++)); do
		rm -f "$log/$(printf %020d "$version").json"
	done
}

rows() { # rows TABLE: the numbers n in it
	read_delta "$1" | jq -r .n | sort -n | paste -sd ' '
}

checkpoints() {
	(cd "$log" && ls -- *.checkpoint.*) 2>&1 | paste -sd ' '
}

@test "every 100 versions, foreign ones counted; three readers need no entry before it" {
	put 1
	pass 1 98
	put 2
	assert_equal "$(checkpoints)" "ls: cannot access '*.checkpoint.*': No such file or directory"
	put 3
	assert_equal "$(checkpoints)" 00000000000000000100.checkpoint.parquet
	jq -e '.version == 100 and .numOfAddFiles == 3 and .size == 8 and .sizeInBytes > 1000' "$log/_last_checkpoint"
	clean 100
	assert_equal "$(rows T)" '1 2 3'
	assert_equal "$(read_delta T weir-id/id/1 weir-id/id/3 | head -n 2 | paste -sd ' ')" 'weir-id/id/1 1 weir-id/id/3 1'
	try 1
	[[ $status = 0 && $stderr == *"id 'id/1' has been committed before"* ]]
	python3 -c 'import deltalake
dt = deltalake.DeltaTable("T")
dt.optimize.compact()' # the earlier files are removed: tombstones
	pass 102 198
	put 4
	assert_equal "$(checkpoints)" 00000000000000000100.checkpoint.parquet
	put 5
	assert_equal "$(checkpoints)" '00000000000000000100.checkpoint.parquet 00000000000000000200.checkpoint.parquet'
	clean 200
	rm "$log/00000000000000000100.checkpoint.parquet"
	assert_equal "$(rows T)" '1 2 3 4 5'
	jq -e '.numOfAddFiles == 3' "$log/_last_checkpoint"
	python3 -c 'import pyarrow.parquet as p
rows = p.read_table("T/_delta_log/%020d.checkpoint.parquet" % 200).to_pylist()
assert len([r for r in rows if r["remove"]]) == 3, rows
assert len([r for r in rows if r["txn"]]) == 5, rows'
}

@test "the table's property delta.checkpointInterval says after how many versions there is one" {
	put 1
	python3 -c 'import deltalake
deltalake.DeltaTable("T").alter.set_table_properties({"delta.checkpointInterval": "3"})'
	put 2
	assert_equal "$(checkpoints)" "ls: cannot access '*.checkpoint.*': No such file or directory"
	put 3
	put 4
	put 5
	assert_equal "$(checkpoints)" 00000000000000000003.checkpoint.parquet
	put 6
	assert_equal "$(checkpoints)" '00000000000000000003.checkpoint.parquet 00000000000000000006.checkpoint.parquet'
	clean 6
	assert_equal "$(rows T)" '1 2 3 4 5 6'
}

@test "a checkpoint that is damaged is skipped, and reported once; no commit fails because of it" {
	put 1
	pass 1 99
	put 2
	assert_equal "$(checkpoints)" 00000000000000000100.checkpoint.parquet
	printf PAR1 >"$log/00000000000000000100.checkpoint.parquet"
	pass 101 199
	try 3
	assert_equal "$status" 0
	assert_equal "$(grep -c 'an older checkpoint was skipped: .*100.checkpoint.parquet. is damaged: it is not a Parquet' \
		<<<"$stderr")" 1
	clean 200
	assert_equal "$(rows T)" '1 2 3'
	printf PAR1 >"$log/00000000000000000200.checkpoint.parquet"
	pass 201 299
	try 4
	assert_equal "$status" 0
	[[ $stderr == *'no checkpoint of version 300 could be made: cannot open '*'101.json'*'200.checkpoint.parquet'*' is damaged'* ]]
}

# other_form STATEMENTS: pyarrow writes the checkpoint of delta-rs, of which there is a copy, in another form
other_form() {
	python3 -c 'import glob, os, sys, pyarrow as pa, pyarrow.parquet as pq
(path,) = glob.glob("T/_delta_log/*.checkpoint.parquet")
table = pq.read_table("copy")
part = lambda i, n: path.replace("parquet", "%010d.%010d.parquet" % (i, n))
exec(sys.argv[1])' "$1"
}

@test "weir goes on from checkpoints of others when its entries are gone" {
	put 1
	put 2
	python3 -c 'import deltalake, pyarrow as pa
dt = deltalake.DeltaTable("T")
dt.optimize.compact()
dt.create_checkpoint()'
	clean 2
	try 2
	[[ $status = 0 && $stderr == *"id 'id/2' has been committed before"* ]]
	put 3
	assert_equal "$(rows T)" '1 2 3'
	rm "$log"/*3.json "$log/_last_checkpoint" # as before 3
	cp "$log"/*.checkpoint.parquet copy
	for form in 'pq.write_table(table.select(table.column_names[::-1]), path, compression="snappy")' \
		'pq.write_table(table.select(["txn", "metaData", "protocol"]), path, compression="gzip", use_dictionary=False)' \
		'pq.write_table(table, path, compression="zstd", row_group_size=2, data_page_version="2.0")' \
		'pq.write_table(table.slice(0, 3), part(1, 2)); pq.write_table(table.slice(3), part(2, 2)); os.remove(path)'; do
		other_form "$form"
		try 2
		[[ $status = 0 && $stderr == *"id 'id/2' has been committed before"* ]]
	done
	put 3
	assert_equal "$(rows T)" '1 2 3'
}

@test "without a checkpoint that can be read it does not go on: 78, by name" {
	put 1
	python3 -c 'import deltalake
deltalake.DeltaTable("T").create_checkpoint()'
	pass 1 1
	clean 1
	cp -r T U
	cp "$log"/*.checkpoint.parquet copy
	other_form 'table = table.select(["metaData", "protocol"])
sidecar = [None if r["metaData"] or r["protocol"] else {"path": "x"} for r in table.to_pylist()]
pq.write_table(table.append_column("sidecar", pa.array(sidecar)), path)'
	try 1
	assert_status 78
	[[ $stderr == *'00.checkpoint.parquet'*'is not read here: it is a V2 checkpoint'* ]]
	mv "$log"/*.checkpoint.parquet "$log/00000000000000000000.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet"
	try 1
	assert_status 78
	[[ $stderr == *"no checkpoint but '00000000000000000000.checkpoint.80a083e8-"*"', a V2 checkpoint, which is not read"* ]]
	rm "$log"/*.checkpoint.*
	try 1
	assert_status 78
	[[ $stderr == *'there is no checkpoint: where we are cannot be known'* ]]
	truncate -s 500 U/_delta_log/*.checkpoint.parquet
	try 1 U
	assert_status 65
	[[ $stderr == *'00.checkpoint.parquet'*'is damaged: it is not a Parquet file, or is cut'* ]]
}
