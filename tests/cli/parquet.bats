#!/usr/bin/env bats
# Files of common/parquet, read by engines that are independent of weir, and files of these engines, read by weir.
# bats file_tags=long

load ../lib/weir

@test "every type in every shape of file: pyarrow, DuckDB, Polars and ClickHouse read each value" {
	# chdb prints on standard error where it looks for memory limits
	run --separate-stderr python3 "$WEIR_ROOT/tests/lib/parquetdiff.py" "$BUILD/servers/pqfile" "$BATS_TEST_TMPDIR"
	[ "$status" = 0 ] && [ -z "$output" ] || fail "status $status: $output$stderr"
}

@test "every type in every shape of file: parquet-java reads each value, and verifies page CRCs" {
	run -0 --separate-stderr "$WEIR_ROOT/tests/lib/parquetjava"
	java=$output
	run -0 python3 "$WEIR_ROOT/tests/lib/parquetdiff.py" --java "$java" "$BUILD/servers/pqfile" "$BATS_TEST_TMPDIR" pyarrow
	[ -z "$output" ] || fail "$output"
}

@test "files of pyarrow, DuckDB and Polars, with every encoding and codec: each value is read, from some rows too" {
	run -0 python3 "$WEIR_ROOT/tests/lib/parquetread.py" "$BUILD/servers/pqtext" "$BATS_TEST_TMPDIR"
	[ -z "$output" ] || fail "$output"
}
