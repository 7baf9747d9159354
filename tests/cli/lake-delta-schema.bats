#!/usr/bin/env bats
# lake-put --schema @FILE: the schema of a new Delta table from a file, also from the footer of a Parquet file.
# bats file_tags=sample
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
}

columns() { # columns TABLE: its schema by delta-rs, without the metadata that only weir reads
	python3 -c 'import deltalake, json, sys
def plain(x):
	if isinstance(x, dict):
		return {k: plain(v) for k, v in x.items() if k != "metadata"}
	return [plain(v) for v in x] if isinstance(x, list) else x
for f in json.loads(deltalake.DeltaTable(sys.argv[1]).schema().to_json())["fields"]:
	print(f["name"], json.dumps(plain(f["type"])), f["nullable"])' "$1"
}

@test "a Parquet file of pyarrow gives the schema, whatever its types" {
	python3 -c 'import pyarrow as pa, pyarrow.parquet as pq
schema = pa.schema([pa.field("u8", pa.uint8()), pa.field("u64", pa.uint64(), nullable=False), pa.field("d", pa.date32()),
	pa.field("t", pa.timestamp("ns", tz="UTC")), pa.field("n", pa.timestamp("ms")), pa.field("m", pa.decimal128(12, 2)),
	pa.field("s", pa.large_string()), pa.field("x", pa.binary(4)), pa.field("l", pa.list_(pa.struct([("a", pa.int16())]))),
	pa.field("k", pa.map_(pa.string(), pa.float32()))])
pq.write_table(schema.empty_table(), "all.parquet")
pq.write_table(pa.table({}), "none.parquet")
pq.write_table(pa.table({"wide": pa.array([], pa.decimal256(40, 2))}), "wide.parquet")'
	run_weir lake-put --table delta --create --schema @all.parquet T
	assert_success
	run_logged columns T
	assert_equal "$output" 'u8 "short" True
u64 "decimal(20,0)" False
d "date" True
t "timestamp" True
n "timestamp_ntz" True
m "decimal(12,2)" True
s "string" True
x "binary" True
l {"type": "array", "elementType": {"type": "struct", "fields": [{"name": "a", "type": "short", "nullable": true}]}, "containsNull": true} True
k {"type": "map", "keyType": "string", "valueType": "float", "valueContainsNull": true} True'
	run_weir lake-put --table delta --create --schema @wide.parquet N
	assert_status 2
	[[ $stderr == *"'@wide.parquet' is not a schema: column wide is a decimal that is too large"* ]]
	run_weir lake-put --table delta --create --schema @none.parquet N
	assert_status 2
	[[ $stderr == *"'@none.parquet' is not a schema: it has no columns"* ]]
	head -c 100 all.parquet >cut.parquet
	run_weir lake-put --table delta --create --schema @cut.parquet N
	assert_status 2
	[[ $stderr == *'it is not a Parquet file, or is cut'* ]]
	[ ! -e N ]
}

@test "a file of a table gives its schema to another one; what is not Parquet is read as text" {
	echo '{"n":1,"g":{"tags":["x"]}}' | weir lake-put --table delta T
	cp T/part-*.parquet some # the name does not matter
	run_sh 'echo "{\"n\":2}" | weir lake-put --table delta --schema @some N'
	assert_success
	assert_equal "$(columns N)" "$(columns T)"
	echo 'n bigint' >text.parquet
	run_sh 'echo "{\"n\":2}" | weir lake-put --table delta --schema @text.parquet M'
	assert_success
	run_weir lake-put --table delta --create --schema @nowhere N
	assert_status 2
	[[ $stderr == *'cannot be read: No such file'* ]]
}
