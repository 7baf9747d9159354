#!/usr/bin/env bats
# lake-check --clean on Delta tables, and what the next lake-put removes: files that no version has had.
# shellcheck disable=SC2030,SC2031,SC2154 # bats runs each test in a subshell; uuid is of lakecheck.bash
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck
load ../lib/lakecheckdelta

setup() {
	lakecheck_delta_setup
}

# --- what writers have left ------------------------------------------------------------------------

killed_at() { # killed_at POINT: a lake-put that is killed there
	echo '{"n":9,"t":"2026-11-29T00:00:00Z"}' >in
	run env WEIR_KILL_AT="$1" "$BUILD/kill/bin/lake-put" --table delta --partition-by d=%F --time .t T in
	[ "$status" = 137 ]
}

is_stopped() { # is_stopped PID
	[[ $(cut -d ' ' -f 3 "/proc/$1/stat") == T ]]
}

@test "--clean removes the files of killed writers, by their age, and none that a version has had" {
	only_plain 'kill points'
	put 1
	put 2
	rs <<<'dt.optimize.compact()
dt.delete("n = 1")'
	named=$(find T/d=* -type f | sort)
	killed_at files-there
	assert_equal "$(find T/d=2026-11-29 -name 'part-*' | wc -l)" 1
	lock=.writers/$(cd T/.writers && echo *)
	found="'$lock' is the lock of a writer that is dead (the next lake-put, or --clean, removes it)"
	assert_findings "$found"
	run_weir lake-check --clean T
	assert_output "$found" # it is young
	assert_equal "$(find T/d=2026-11-29 -name 'part-*' | wc -l)" 1
	find T -name 'part-*' -exec touch -d '25 hours ago' {} +
	file=$(cd T && echo d=2026-11-29/*)
	cp -a T by-age
	touch -d '25 hours ago' "T/$lock"
	assert_findings "$found" "'$file' is in no version of the log: a writer that was killed has left it (--clean)"
	run_weir lake-check --clean --older-than 26h T
	[ -e "T/$file" ]
	run_weir lake-check --clean T
	assert_status 0
	assert_stderr_contains "weir lake-check: removed '$file'"
	assert_equal "$(find T/d=* -type f | sort)" "$named"
	assert_sound
	rm -r T && mv by-age T && rm "T/$lock"
	run_weir lake-check --clean --older-than 26h T
	[ -e "T/$file" ]
	run_weir lake-check --clean T
	assert_status 0
	assert_stderr "weir lake-check: removed '$file'"
	assert_equal "$(find T/d=* -type f | sort)" "$named"
	for point in staged files-there before-put; do
		killed_at $point
		run_weir lake-check --clean --older-than 0 T
		assert_status 0
		assert_equal "$(find T/d=* -type f | sort)" "$named"
		assert_equal "$(lake_hidden T)" ''
	done
	killed_at after-put # that is committed
	run_weir lake-check --clean --older-than 0 T
	assert_sound
	[ "$(find T/d=* -type f | wc -l)" = $(($(wc -l <<<"$named") + 1)) ]
}

@test "the next lake-put removes the files of a writer that was killed, and none that a version has" {
	only_plain 'kill points'
	killed_at_first() { # so that there is no table
		echo '{"n":9}' >in
		run env WEIR_KILL_AT="$1" "$BUILD/kill/bin/lake-put" --table delta --schema 'n bigint' T in
		[ "$status" = 137 ]
		[ "$(find T -name 'part-*.parquet' | wc -l)" = 1 ]
	}
	killed_at_first files-there
	echo '{"n":1}' >in
	weir lake-put --table delta --schema 'n bigint' T in
	assert_equal "$(find T -name 'part-*.parquet' | wc -l)" 1
	assert_sound
	rm -r T
	for n in 1 2 3; do put $n; done
	rs <<<'dt.create_checkpoint()'
	killed_at after-put
	killed_at files-there
	[ "$(find T/d=2026-11-29 -type f | wc -l)" = 2 ]
	cp -r T good
	put 4
	[ "$(find T/d=2026-11-29 -type f | wc -l)" = 1 ]
	[ "$(find T/d=2026-11-21 -type f | wc -l)" = 2 ]
	assert_equal "$(lake_hidden T)" ''
	assert_sound
	fresh
	rm "$(entry 0)" "$(entry 1)" # their contents are in the checkpoint
	put 4
	[ "$(find T/d=2026-11-29 -type f | wc -l)" = 1 ]
	assert_sound
	fresh
	rm "$(entry 0)" "$(checkpoint 2)" # nobody can know whether the file was in version 0
	put 4
	[ "$(find T/d=2026-11-29 -type f | wc -l)" = 2 ]
}

@test "--clean leaves the files of other programs, whatever their names, and those of a writer that runs" {
	only_plain 'kill points'
	put 1
	cp "T/$(data)" ours.parquet
	mkdir T/sub
	echo x >"T/part-$uuid-00000.zstd.parquet" # no file of weir's: it has no footer
	rs <<<"pq.write_table(pa.table({'n': [1]}), 'T/part-$uuid-00001.snappy.parquet')" # Flink has such names
	cp ours.parquet T/sub/other.parquet
	cp ours.parquet "T/sub/part-00000-$uuid-c000.zstd.parquet"
	find T -name '*.parquet' -exec touch -d '3 days ago' {} +
	before=$(find T -name '*.parquet' | sort)
	run_weir lake-check --clean --older-than 0 T
	assert_status 1
	assert_stderr ''
	assert_equal "$(find T -name '*.parquet' | sort)" "$before"
	find T -name '*.parquet' -exec touch -d '8 days ago' {} +
	run_weir lake-check T
	assert_output_contains "2 files of other writers, such as 'sub/other.parquet', are in no version of the log, and older than a week: VACUUM removes such files"
	find T/sub "T/part-$uuid-00000.zstd.parquet" "T/part-$uuid-00001.snappy.parquet" -type f -exec rm {} +
	assert_sound
	echo '{"n":3,"t":"2026-11-23T00:00:00Z"}' >in
	WEIR_STOP_AT=files-there "$BUILD/kill/bin/lake-put" --table delta --partition-by d=%F --time .t T in 2>/dev/null 3>&- &
	pid=$!
	wait_for 20 is_stopped $pid
	assert_equal "$(find T/d=2026-11-23 -name 'part-*' | wc -l)" 1
	run_weir lake-check --clean --older-than 0 T
	assert_status 0
	assert_stderr ''
	kill -CONT $pid
	wait $pid
	assert_sound
	[ "$(find T/d=2026-11-23 -name 'part-*' | wc -l)" = 1 ]
}

@test "--clean removes nothing when the log has findings: 65" {
	only_plain 'kill points'
	for n in 1 2 3; do put $n; done
	rm "$(entry 1)"
	find T -name 'part-*' -exec touch -d '3 days ago' {} +
	run_weir lake-check --clean T
	assert_status 65
	assert_stderr_contains 'the log is damaged: nothing is removed'
	assert_equal "$(find T -name 'part-*' | wc -l)" 3
}
