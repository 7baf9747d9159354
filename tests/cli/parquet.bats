#!/usr/bin/env bats
# What common/parquet writes, as engines that know nothing of weir read it.

load ../lib/weir

@test "every type in every shape of file: pyarrow, DuckDB, Polars and ClickHouse read each value" {
	# chdb says on standard error where it looks for limits of memory
	run --separate-stderr python3 "$WEIR_ROOT/tests/lib/parquetdiff.py" "$BUILD/servers/pqfile" "$BATS_TEST_TMPDIR"
	[ "$status" = 0 ] && [ -z "$output" ] || fail "status $status: $output$stderr"
}

@test "every type in every shape of file: parquet-java reads each value, and verifies page CRCs" {
	run -0 --separate-stderr "$WEIR_ROOT/tests/lib/parquetjava"
	java=$output
	run -0 python3 "$WEIR_ROOT/tests/lib/parquetdiff.py" --java "$java" "$BUILD/servers/pqfile" "$BATS_TEST_TMPDIR" pyarrow
	[ -z "$output" ] || fail "$output"
}
