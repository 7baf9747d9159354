#!/usr/bin/env bats
# lake-compact and lake-put on Spark's tables with deletion vectors: Spark reads what is left, and goes on.
# bats file_tags=spark
load ../lib/weir
load ../lib/spark

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server spark
}

@test "Spark's rows without those that it has deleted; its snapshot, its checkpoint, its next DELETE" {
	run_spark <<-END
		spark.sql("CREATE TABLE delta.\`$PWD/T\` (id BIGINT, s STRING, p INT) USING delta PARTITIONED BY (p) "
		          "TBLPROPERTIES (delta.enableDeletionVectors = true)")
		for i in range(4):
		    spark.sql(f"INSERT INTO delta.\`$PWD/T\` SELECT id, concat('s', id), id % 2 FROM range({i * 10000}, {i * 10000 + 10000}, 1, 1)")
		spark.sql("DELETE FROM delta.\`$PWD/T\` WHERE id % 3 = 0 OR id BETWEEN 1000 AND 9000")
		spark.sql("DELETE FROM delta.\`$PWD/T\` WHERE id = 7")
	END
	assert_status 0
	[ "$(grep -l deletionVector T/_delta_log/*.json | wc -l)" -ge 2 ]
	count="print(*spark.sql('SELECT count(*), sum(id), count(DISTINCT s) FROM delta.\`$PWD/T\`').first())"
	run_spark <<<"$count"
	before=$output
	echo '{"id":-1,"s":"weir","p":0}' | weir lake-put --table delta T
	run_weir lake-compact -v T
	assert_status 0
	assert_stderr_contains 'deleted rows'
	weir lake-check T
	run_spark <<-END
		$count
		spark.sql("DELETE FROM delta.\`$PWD/T\` WHERE id = -1")
		$count
		print(len(spark.sql("DESCRIBE DETAIL delta.\`$PWD/T\`").collect()), spark.sql("DESCRIBE DETAIL delta.\`$PWD/T\`").first().numFiles)
	END
	assert_status 0
	assert_equal "$(sed -n 2p <<<"$output")" "$before"
	assert_equal "$(sed -n 3p <<<"$output")" '1 2'
	run_weir lake-compact T # a checkpoint with vectors, and Spark reads it
	assert_success
	run_spark <<<"$count"
	assert_equal "$output" "$before"
}
