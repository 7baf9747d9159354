#!/usr/bin/env bats
# lake-put --table delta: engines that know nothing of weir agree on what is in its tables; Spark's tables, and Spark beside weir.
# bats file_tags=spark,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/spark

# A table of every type, in 1,000 commits; their second half adds columns.  The names of the partitions are odd.
setup_file() {
	local broker run
	export BATS_TEST_TIMEOUT=300 # five engines, with what else goes on
	cd "$BATS_FILE_TMPDIR" || return
	table=$WEIR_TEST_MEMORY/readers-$SRANDOM
	export table
	weir mock-broker --topic every:1 --port-file port 3>&- &
	broker=$!
	wait_for 10 test -s port
	for run in 0 1; do
		records $((run * 1000)) $((run * 1000 + 1000)) | weir produce -b "$(<port)" every
		weir consume -b "$(<port)" -g g --batch 10s,2 --to end every |
			weir lake-put --table delta --partition-by 'part=%F 100%% é:=%j' --time s@.at --on-new-field add \
				--schema "$(python3 "$WEIR_ROOT/tests/lib/deltarows.py" schema)" --commit-every 0 "$table"
	done
	kill "$broker"
}

teardown_file() {
	rm -rf "$table"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server spark
}

records() { # records FROM TO: of every type, as JSON
	python3 "$WEIR_ROOT/tests/lib/deltarows.py" make "$@"
}

@test "1,000 commits and a checkpoint, every type, nulls, NaN, nested values, new columns, odd partitions: five engines read the same" {
	assert_equal "$(find "$table/_delta_log" -name '0*.json' | wc -l)" 1000
	[ "$(find "$table/_delta_log" -name '*.checkpoint.parquet' | wc -l)" -ge 9 ]
	rm -f "$table"/_delta_log/00000000000000000[0-8]*.json # so that it is the checkpoint that counts
	run_logged python3 "$WEIR_ROOT/tests/lib/deltarows.py" check "$table" 0 2000
	assert_status 0
	assert_output ''
	run_spark <<<"for row in spark.sql('SELECT part, min(id) FROM delta.\`$table\` GROUP BY part ORDER BY part').collect(): print(*row)"
	assert_equal "$output" "$(printf '1970-01-0%d 100%% é:=00%d %d\n' 1 1 0 2 2 400 3 3 800 4 4 1200 5 5 1600)"
}

@test "partitions by a column with odd values: five engines read the same" {
	python3 "$WEIR_ROOT/tests/lib/deltarows.py" odd | weir lake-put --table delta --schema 'n int, p string' --partition-by p T
	assert_equal "$(find T -name 'part-*' | wc -l)" 13 # the empty one and null are one partition
	run_logged python3 "$WEIR_ROOT/tests/lib/deltarows.py" check-odd T
	assert_status 0
	assert_output ''
}

# What Spark reads from T: id, s and the rest.
spark_reads() {
	run_spark <<<"for row in spark.read.format('delta').load('$PWD/T').orderBy('id').collect(): print(*row)"
	assert_status 0
}

put() { # put FROM TO [OPTION...]: records of these numbers, with an id, so that they are there once
	seq "$1" "$2" | sed 's/.*/{"id":&,"s":"weir &","at":"2026-11-22T10:00:00Z","l":[&,null]}/' >in
	run_weir lake-put --table delta --id "$1" "${@:3}" T in
	assert_success
}

@test "a table that Spark made is appended to; Spark compacts, deletes, adds a column and makes checkpoints in between" {
	run_spark <<-END
		spark.sql("CREATE TABLE delta.\`$PWD/T\` (id BIGINT NOT NULL, s STRING, at TIMESTAMP, l ARRAY<INT>) USING delta "
		          "TBLPROPERTIES (delta.checkpointInterval = 3)")
		spark.sql("INSERT INTO delta.\`$PWD/T\` VALUES (1, 'spark', '2026-11-22 10:00:00', array(1, null)), (2, null, null, null)")
	END
	assert_status 0
	put 3 4
	put 5 6
	run_spark <<-END
		spark.sql("OPTIMIZE delta.\`$PWD/T\`")
		spark.sql("DELETE FROM delta.\`$PWD/T\` WHERE id = 5")
		spark.sql("ALTER TABLE delta.\`$PWD/T\` ADD COLUMN more STRUCT<x: DOUBLE>")
		spark.sql("INSERT INTO delta.\`$PWD/T\` VALUES (7, 'spark', null, null, named_struct('x', 0.5))")
	END
	assert_status 0
	[ -e T/_delta_log/_last_checkpoint ]
	put 8 9
	echo '{"id":10,"more":{"x":1.5}}' | weir lake-put --table delta T
	weir lake-put --table delta --id 3 T in 2>again
	grep -q "id '3' has been committed before" again
	spark_reads
	assert_equal "$output" "1 spark 2026-11-22 10:00:00 [1, None] None
2 None None None None
3 weir 3 2026-11-22 10:00:00 [3, None] None
4 weir 4 2026-11-22 10:00:00 [4, None] None
6 weir 6 2026-11-22 10:00:00 [6, None] None
7 spark None None Row(x=0.5)
8 weir 8 2026-11-22 10:00:00 [8, None] None
9 weir 9 2026-11-22 10:00:00 [9, None] None
10 None None None Row(x=1.5)"
	rm T/_delta_log/00000000000000000000.json T/_delta_log/00000000000000000001.json # as Spark's own clean-up does
	put 11 11
	weir lake-put --table delta --id 3 T in 2>again
	grep -q "id '3' has been committed before" again
	run_spark <<<"print(spark.read.format('delta').load('$PWD/T').count())"
	assert_output 10
}

@test "each record once, while Spark appends and compacts between the runs of a pipeline" {
	start_bg broker weir mock-broker --topic numbers:2 --port-file port
	wait_for 10 test -s port
	WEIR_BROKERS=$(<port)
	export WEIR_BROKERS
	local run
	for run in 1 2; do
		seq $((run * 1000)) $((run * 1000 + 999)) | sed 's/.*/{"n":&}/' | weir produce numbers
		run_sh "weir consume -g g --batch 10s,100 --to end numbers |
			weir lake-put --table delta --schema 'n bigint' --commit-every 0 T"
		assert_success
		run_spark <<-END
			spark.sql("INSERT INTO delta.\`$PWD/T\` VALUES ($run)")
			spark.sql("OPTIMIZE delta.\`$PWD/T\`")
			print(*spark.read.format("delta").load("$PWD/T").selectExpr("count(*)", "count(distinct n)").first())
		END
		assert_output "$((run * 1001)) $((run * 1001))"
	done
	assert_equal "$(weir lake-cat --positions T | awk '{ n += $3 } END { print n }')" 2000
}
