#!/usr/bin/env bats
# lake-cat on Spark's tables: deletion vectors, column mapping, checkpoints of several files and V2 checkpoints.
# bats file_tags=spark,long
load ../lib/weir
load ../lib/spark

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server spark
}

# same_as_spark TABLE [OPTION...]: lake-cat has the rows that Spark reads.
same_as_spark() {
	run_spark <<<"for row in spark.read.format('delta').load('$PWD/$1').toJSON().collect(): print(row)"
	assert_status 0
	assert_files_equal <(weir lake-cat "$@" | jq -cS 'del(..|nulls)' | sort) <(jq -cS 'del(..|nulls)' <<<"$output" | sort)
}

@test "deletion vectors, in the log and in files, and rows that were put back" {
	run_spark <<-END
		spark.sql("CREATE TABLE delta.\`$PWD/T\` (id BIGINT, s STRING, p INT) USING delta PARTITIONED BY (p) "
		          "TBLPROPERTIES (delta.enableDeletionVectors = true)")
		spark.sql("INSERT INTO delta.\`$PWD/T\` SELECT id, concat('s', id), id % 2 FROM range(0, 200000, 1, 2)")
		spark.sql("DELETE FROM delta.\`$PWD/T\` WHERE id % 3 = 0 OR id BETWEEN 1000 AND 9000")
		spark.sql("DELETE FROM delta.\`$PWD/T\` WHERE id = 7")
		spark.sql("UPDATE delta.\`$PWD/T\` SET s = 'new' WHERE id = 11")
	END
	assert_status 0
	[ "$(grep -l deletionVector T/_delta_log/*.json | wc -l)" -ge 2 ]
	same_as_spark T
	same_as_spark T --where '.id != 12345678'
	assert_equal "$(weir lake-cat --where '.s == "new"' --columns id T)" '{"id":11}'
	assert_equal "$(weir lake-cat --where '.id < 12' --columns id T | jq .id | sort -n | tr '\n' ' ')" '1 2 4 5 8 10 11 '
	assert_equal "$(weir lake-cat --as-of 1 T | wc -l)" 200000
}

@test "columns that were renamed and dropped, found by names and by ids" {
	for mode in name id; do
		run_spark <<-END
			spark.sql("CREATE TABLE delta.\`$PWD/$mode\` (id BIGINT, old STRING, g STRUCT<a INT, b INT>, part STRING) USING delta "
			          "PARTITIONED BY (part) TBLPROPERTIES (delta.columnMapping.mode = '$mode', delta.minReaderVersion = 2, "
			          "delta.minWriterVersion = 5)")
			spark.sql("INSERT INTO delta.\`$PWD/$mode\` VALUES (1, 'one', struct(1, 2), 'x'), (2, NULL, NULL, NULL)")
			spark.sql("ALTER TABLE delta.\`$PWD/$mode\` RENAME COLUMN old TO \`new name\`")
			spark.sql("ALTER TABLE delta.\`$PWD/$mode\` RENAME COLUMN part TO day")
			spark.sql("ALTER TABLE delta.\`$PWD/$mode\` RENAME COLUMN g.b TO c")
			spark.sql("ALTER TABLE delta.\`$PWD/$mode\` DROP COLUMN g.a")
			spark.sql("ALTER TABLE delta.\`$PWD/$mode\` ADD COLUMN old INT")
			spark.sql("INSERT INTO delta.\`$PWD/$mode\` VALUES (3, 'three', struct(6), 'y', 30)")
		END
		assert_status 0
		same_as_spark "$mode"
		run_weir lake-cat --stats --where '."new name" == "three" && .day == "y"' --columns id,old "$mode"
		assert_status 0
		assert_output '{"id":3,"old":30}'
		assert_stderr_contains '3 files, 2 of them skipped'
	done
}

@test "columns whose types Spark has widened" {
	run_spark <<-END
		spark.sql("CREATE TABLE delta.\`$PWD/W\` (b TINYINT, i SMALLINT) USING delta TBLPROPERTIES (delta.enableTypeWidening = true)")
		spark.sql("INSERT INTO delta.\`$PWD/W\` VALUES (1, 30000), (-1, NULL)")
		for column in ("b", "i"):
		    spark.sql(f"ALTER TABLE delta.\`$PWD/W\` ALTER COLUMN {column} TYPE INT")
		spark.sql("INSERT INTO delta.\`$PWD/W\` VALUES (1000, 2000000000)")
	END
	assert_status 0
	same_as_spark W
	assert_equal "$(weir lake-cat --columns b --where '.i > 29999' W | jq .b | sort -n | paste -sd ' ')" '1 1000'
	weir lake-cat W | sort >rows
	run_weir lake-compact -v W
	assert_status 0
	assert_stderr_contains 'files together in 1'
	weir lake-check W
	weir lake-cat W | sort | cmp - rows
	echo '{"b":2000000000,"i":-5}' | weir lake-put --table delta W
	same_as_spark W
	run_spark <<<"spark.sql('INSERT INTO delta.\`$PWD/W\` VALUES (7, 8)')"
	assert_status 0
	same_as_spark W
}

@test "checkpoints of several files, and V2 checkpoints with sidecars, of Parquet and JSON" {
	run_spark <<-END
		spark.conf.set("spark.databricks.delta.checkpoint.partSize", "2")
		for policy in ("classic", "v2"):
		    spark.sql(f"CREATE TABLE delta.\`$PWD/{policy}\` (id BIGINT, s STRING) USING delta "
		              f"TBLPROPERTIES (delta.checkpointPolicy = '{policy}', delta.checkpointInterval = 3)")
		    for i in range(5):
		        spark.sql(f"INSERT INTO delta.\`$PWD/{policy}\` VALUES ({i}, 's{i}'), ({i + 10}, NULL)")
		spark.conf.unset("spark.databricks.delta.checkpoint.partSize")
	END
	assert_status 0
	ls classic/_delta_log v2/_delta_log
	[ "$(find classic -name '*.checkpoint.0000000001.*' | wc -l)" -ge 1 ]
	[ "$(find v2 -path '*_sidecars*' -name '*.parquet' | wc -l)" -ge 1 ]
	for policy in classic v2; do
		rm -f $policy/_delta_log/0000000000000000000[0-2].json # so that it is the checkpoint that counts
		same_as_spark $policy
	done
}

@test "Spark's tables are followed: appends, OPTIMIZE, a column that is renamed; a DELETE by deletion vectors is 65" {
	follow() { weir lake-cat --batch 100ms -g g "$@" F | weir lake-put --commit-every 0 to; }
	run_spark <<-END
		spark.sql("CREATE TABLE delta.\`$PWD/F\` (id BIGINT, s STRING) USING delta TBLPROPERTIES ("
		          "delta.enableDeletionVectors = true, delta.columnMapping.mode = 'name')")
		spark.sql("INSERT INTO delta.\`$PWD/F\` VALUES (1, 'a'), (2, NULL)")
	END
	assert_status 0
	follow
	run_spark <<-END
		spark.sql("INSERT INTO delta.\`$PWD/F\` VALUES (3, 'c')")
		spark.sql("OPTIMIZE delta.\`$PWD/F\`")
		spark.sql("ALTER TABLE delta.\`$PWD/F\` RENAME COLUMN s TO \`t u\`")
		spark.sql("INSERT INTO delta.\`$PWD/F\` VALUES (4, 'd')")
	END
	assert_status 0
	follow
	assert_equal "$(weir lake-cat to | jq -s -c 'map(.id) | sort')" '[1,2,3,4]'
	assert_equal "$(weir lake-cat to | tail -n 1)" '{"id":4,"t u":"d"}'
	run_spark <<-END
		spark.sql("DELETE FROM delta.\`$PWD/F\` WHERE id = 1")
		spark.sql("INSERT INTO delta.\`$PWD/F\` VALUES (5, 'e')")
	END
	assert_status 0
	run_sh 'weir lake-cat --batch 100ms -g g F | weir lake-put to'
	assert_status 75
	assert_stderr_contains "of 'F' removes or replaces records (DELETE)"
	follow --on-change skip
	assert_equal "$(weir lake-cat to | jq -s -c 'map(.id) | sort')" '[1,2,3,4,5]'
	weir lake-check to
}

@test "a shallow clone that Spark has made, with deletion vectors of the other table" {
	run_spark <<-END
		spark.sql("CREATE TABLE delta.\`$PWD/S\` (id BIGINT, p STRING) USING delta PARTITIONED BY (p) "
		          "TBLPROPERTIES (delta.enableDeletionVectors = true)")
		spark.sql("INSERT INTO delta.\`$PWD/S\` SELECT id, concat('a b/', id % 2) FROM range(0, 1000, 1, 1)")
		spark.sql("DELETE FROM delta.\`$PWD/S\` WHERE id % 7 = 0")
		spark.sql("CREATE TABLE delta.\`$PWD/C\` SHALLOW CLONE delta.\`$PWD/S\`")
		spark.sql("INSERT INTO delta.\`$PWD/C\` VALUES (5000, 'own')")
	END
	assert_status 0
	same_as_spark C
	assert_equal "$(weir lake-cat --where '.id < 16' --columns id C | jq .id | sort -n | paste -sd ' ')" '1 2 3 4 5 6 8 9 10 11 12 13 15'
	weir lake-compact --vacuum --older-than 0s C
	same_as_spark C
	same_as_spark S
}
