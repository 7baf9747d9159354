#!/usr/bin/env bats
# The recipes of weir-cookbook(7) for Delta tables, and those for Spark.
# bats file_tags=spark,long
# shellcheck disable=SC2154 # output comes from the helpers
load ../lib/weir
load ../lib/recipes
load ../lib/spark

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server spark
	recipes_mock
	wanted=$'2026-03-26 view 1\n2026-03-27 buy 1\n2026-03-27 view 2'
}

# The rows of a table that a reader has drawn, with a blank between the fields.
drawn() {
	tr -d ' "' | grep '^[|│].*2026' | tr -s '|│┆' ' ' | sed 's/^ //; s/ $//'
}

# The table of the page.
delta_table() {
	cook 'A topic into a Delta table, exactly once' 1 "$(to_end)"
	assert_status 0
}

@test "cookbook: a daily report, from the partition of the day before" {
	delta_table
	cook 'A daily report, from the partition of the day before' 1 's/date -d yesterday +%F/echo 2026-03-27/'
	assert_status 0
	assert_equal "$(jq -r '"2026-03-27 \(.action) \(.count)"' report-2026-03-27.ndjson | sort)" "$(grep 2026-03-27 <<<"$wanted")"
}

@test "cookbook: a Delta table, read back by DuckDB and Polars" {
	delta_table
	assert_stderr_contains "has the columns that 4 records show"
	delta_table # there is nothing new
	assert_equal "$(find lake/delta -name '*.parquet' -printf '%P\n' | cut -d / -f 1 | sort)" $'dt=2026-03-26\ndt=2026-03-27'
	extension=$(python3 -c 'import duckdb_extension_delta, glob, os
print(*glob.glob(os.path.dirname(duckdb_extension_delta.__file__) + "/**/delta.duckdb_extension", recursive=True))')
	cook 'A Delta table with DuckDB' 1 "s,duckdb -c,duckdb -unsigned -cmd \"LOAD '$extension'\" -c,"
	assert_status 0
	assert_equal "$(drawn <<<"$output")" "$wanted"
	recipe 'A Delta table with Polars' >reader.py
	run_sh 'python3 reader.py'
	assert_status 0
	assert_equal "$(drawn <<<"$output")" "$wanted"
}

@test "cookbook: a Delta table, read back and compacted by Spark" {
	delta_table
	run_spark <<<"$(recipe 'A Delta table with Spark' 2 "s,lake/delta,$PWD/&,")"
	assert_status 0
	assert_equal "$(drawn <<<"$output")" "$wanted"
	weir produce clicks <<<'{"ts":"2026-03-28T10:00:00Z","user":"u5","action":"view"}'
	delta_table # after the OPTIMIZE
	run_spark <<<"$(recipe 'A Delta table with Spark' 2 "s,lake/delta,$PWD/&,")"
	assert_equal "$(drawn <<<"$output")" "$wanted"$'\n2026-03-28 view 1'
}

@test "cookbook: the settings with which Spark reads Delta tables are those of the tests" {
	recipe 'A Delta table with Spark' 1 | sed -z 's/ \\\n */ /' | while read -r name value; do
		grep -F "\"$name\": \"$value\"" "$WEIR_ROOT/tests/lib/sparksession.py"
	done
	grep -F "delta=$(recipes_page mandoc | sed -n 's/.*delta-spark_2.12:\([0-9.]*[0-9]\).*/\1/p')" "$WEIR_ROOT/tests/servers/spark"
}

@test "cookbook: a raw table, read by Spark" {
	cook 'With Spark' 1 "$(to_end)"
	assert_status 0
	run_spark <<<"$(recipe 'With Spark' 2 "s,lake/spark,$PWD/&,")"
	assert_status 0
	assert_equal "$(drawn <<<"$output")" "$wanted"
}
