# parquet.bash: reading Parquet files beside DuckDB and Polars; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, fresh and work are run's and others'

rows+=(parquet_json)

# Times are those of writing the lines into a file, start-up in.
row_parquet_json() {
	local count=${WEIR_BENCH_PARQUET:-50000000} file engine name size
	file=$cache/parquet-$count-$(cksum tests/bench/from_parquet.py | cut -d ' ' -f 1).parquet # by its name lake-cat knows what it is
	if [ ! -e "$file" ]; then
		say "making $file"
		mkdir -p "$cache"
		rm -f "$cache"/parquet-*
		python3 tests/bench/from_parquet.py make "$count" "$file.new"
		mv "$file.new" "$file"
	fi
	size=$(stat -c %s "$file")
	for engine in duckdb polars; do
		name="DuckDB \`COPY … TO (FORMAT json)\`"
		[ $engine = duckdb ] || name="Polars \`sink_ndjson\`"
		compare "\`lake-cat FILE\`, Parquet of $((size / 1000000)) MB to NDJSON, 6 columns, zstd, one core" "$name" 1 wall "$count" rec \
			"taskset -c 0 weir lake-cat $file >$fresh/lines" \
			"taskset -c 0 python3 tests/bench/from_parquet.py $engine $file $fresh/lines"
	done
}

rows+=(parquet_part)

# Few columns, or few rows, of a file of 20 columns.
row_parquet_part() {
	local count=${WEIR_BENCH_PARQUET_PART:-10000000} file
	file=$cache/part-$count-$(cksum tests/bench/part_of_parquet.py | cut -d ' ' -f 1).parquet
	if [ ! -e "$file" ]; then
		say "making $file"
		mkdir -p "$cache"
		rm -f "$cache"/part-*
		python3 tests/bench/part_of_parquet.py make "$count" "$file.new"
		mv "$file.new" "$file"
	fi
	part_of_parquet "\`--columns\`: 2 of 20" '' TRUE 'n, s1'
	part_of_parquet "\`--where\` that keeps 1 %, sorted by that column" ".n < $((count / 100))" "n < $((count / 100))" '*'
	part_of_parquet "\`--where\` that keeps 1 %, not sorted by it" ".m < $((count / 100))" "m < $((count / 100))" '*'
}

# One of these: what it is, an expression of weir and one of SQL, and the columns.
part_of_parquet() { # part_of_parquet WHAT EXPRESSION CONDITION COLUMNS; file and count are the caller's
	local what=$1 expression=$2 condition=$3 columns=$4 options=
	[ -z "$expression" ] || options=" --where '$expression'"
	[ "$columns" = '*' ] || options+=" --columns '${columns// /}'"
	compare "\`lake-cat FILE\`, $what, Parquet of $((count / 1000000)) M rows to NDJSON, one core" "DuckDB \`COPY … TO (FORMAT json)\`" 1 \
		wall "$count" rec "taskset -c 0 weir lake-cat$options $file >$fresh/lines" \
		"taskset -c 0 python3 tests/bench/part_of_parquet.py read $file '$condition' '$columns' $fresh/lines"
}
