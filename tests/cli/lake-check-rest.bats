#!/usr/bin/env bats
# lake-check: files that writers have left behind, --repair and --clean.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
}

# --- what is left over -----------------------------------------------------------------------------

@test "what a dead writer has left is listed, and removed by --clean when it is old" {
	three
	killed
	assert_findings "'.part-$uuid-00000.new' was staged by a writer that is dead (the next lake-put, or --clean, removes it)" \
		"'.writers/$(uname -n)-$uuid' is the lock of a writer that is dead (the next lake-put, or --clean, removes it)" \
		"'_weir_log/.new-$uuid' is the beginning of an entry of a writer that is dead (the next lake-put, or --clean, removes it)" \
		"'dt=x/.part-$uuid-00001.new' was staged by a writer that is dead (the next lake-put, or --clean, removes it)"
	run_weir lake-check --clean "$lake"
	assert_status 1
	[ "${#lines[@]}" = 4 ]
	age
	touch "$lake/.part-$uuid-00000.new" # one is young, so all of them may be
	run_weir lake-check --clean "$lake"
	[ "${#lines[@]}" = 4 ]
	age
	run_weir lake-check --clean "$lake"
	assert_status 0
	assert_output ''
	assert_stderr_contains "removed 'dt=x/.part-$uuid-00001.new'"
	assert_equal "$(lake_hidden "$lake")" ''
	[ ! -e "$lake/dt=x" ]
	assert_sound
}

@test "what belongs to a writer that lives is not a finding, and stays" {
	three
	mkfifo fifo
	start_bg put weir lake-put --compress none "$lake" fifo
	exec 8>fifo
	seq 100000 >&8
	wait_for 10 eval '[ -n "$(lake_hidden "$lake" | grep part)" ]'
	age
	assert_sound
	run_weir lake-check --clean --older-than 0 --host "$(uname -n)" "$lake"
	assert_success
	assert_stderr ''
	[ "$(lake_hidden "$lake" | wc -l)" = 2 ]
	kill -9 "$bg_pid"
	exec 8>&-
	wait_bg put
	run_weir lake-check --clean --older-than 0 "$lake"
	assert_status 0
	assert_equal "$(lake_hidden "$lake")" ''
}

@test "another machine's is a finding when it is old; removed by age, or by the name of the host" {
	three
	killed elsewhere
	seq 3 | weir lake-put "$lake"
	assert_sound
	run_weir lake-check --clean "$lake" # it is young
	assert_success
	[ "$(lake_hidden "$lake" | wc -l)" = 4 ]
	run_weir lake-check --clean --host other "$lake"
	assert_success
	[ "$(lake_hidden "$lake" | wc -l)" = 4 ]
	run_weir lake-check --clean --host elsewhere "$lake"
	assert_status 0
	assert_stderr_contains "removed 'dt=x/.part-$uuid-00001.new'"
	assert_equal "$(lake_hidden "$lake")" ''
	for host in 'odd host' '.hidden' $'a/b\n"c+'; do # the machine's own name, not the name in its locks
		killed "$(printf %s "$host" | tr -c '[:lower:]' _)"
		run_weir lake-check --clean --host "$host" "$lake"
		assert_status 0
		assert_equal "$(lake_hidden "$lake")" ''
	done
	killed elsewhere
	age
	run_weir lake-check "$lake"
	assert_status 1
	[ "${#lines[@]}" = 4 ]
	assert_output_contains 'another machine'
	run_weir lake-check --clean "$lake"
	assert_status 0
	assert_equal "$(lake_hidden "$lake")" ''
}

@test "a stage without a lock is a finding, and goes when it is old; a name that is not ours stays" {
	three
	touch "$lake/.part-$uuid-00000.new" "$log/.new-$uuid" "$lake/.part-$uuid" "$lake/.part-x-00000" "$lake/.new-$uuid" \
		"$log/.new-x" "$lake/.part-${uuid^^}-00000" "$lake/.part-$uuid-0" "$lake/.part-$uuid-00000x" "$lake/.part-$uuid-00001.new.zst"
	run_weir lake-check --clean "$lake"
	assert_status 1
	[ "${#lines[@]}" = 2 ]
	assert_output_contains 'nothing is known of'
	age
	run_weir lake-check --clean "$lake"
	assert_status 0
	[ ! -e "$lake/.part-$uuid-00000.new" ] && [ ! -e "$log/.new-$uuid" ]
	[ "$(find "$lake" -name '.part*' -o -name '.new*' | wc -l)" = 8 ]
}

@test "committed and not published: a finding, mended by --repair, never removed by --clean" {
	three
	path=$(jq -r '.add.path // empty' "$(entry 2)")
	stage=.${path%%.*}.new
	mv "$lake/$path" "$lake/$stage"
	assert_findings "'$path' is committed by version 2, but not published (--repair)"
	mkdir -p "$lake/.writers" # its lock, dead
	{ lock_header && echo "$stage"; } >"$lake/.writers/$(uname -n)-${path:5:36}"
	age
	run_weir lake-check --clean "$lake"
	assert_status 1
	[ -e "$lake/$stage" ]
	run_weir lake-check --repair "$lake"
	assert_status 0
	assert_stderr 'weir lake-check: published 1 file'
	cat a b c >all
	assert_lake "$lake" all
	weir lake-check --repair "$lake" # a second time it does nothing
	mv "$lake/$path" "$lake/$stage"
	truncate -s +1 "$lake/$stage" # not the size in the log
	run_weir lake-check --repair "$lake"
	assert_status 1
	[ -e "$lake/$stage" ] && [ ! -e "$lake/$path" ]
}

@test "nothing is removed while the log has findings" {
	three
	killed
	age
	rm "$(entry 1)"
	run_weir lake-check --clean "$lake"
	assert_status 65
	assert_stderr_contains 'nothing is removed'
	[ "$(lake_hidden "$lake" | wc -l)" = 3 ] # except the beginning of an entry
}

@test "a lock that has no name yet is being made: no finding for a minute, whatever age is asked for; then it is" {
	three
	mkdir -p "$lake/.writers"
	touch "$lake/.writers/.new-$uuid"
	run_weir lake-check --older-than 0 "$lake"
	assert_status 0
	assert_output ''
	touch -d '2 minutes ago' "$lake/.writers/.new-$uuid"
	run_weir lake-check --older-than 0 "$lake"
	assert_status 1
	assert_output_contains "'.writers/.new-$uuid' is the lock of a writer"
	run_weir lake-check "$lake"
	assert_status 0
	run_weir lake-check --clean --older-than 0 "$lake"
	assert_status 0
	[ ! -e "$lake/.writers/.new-$uuid" ]
}

@test "while others write: no finding, never; nor does --repair or --clean disturb them" {
	seq 1000 >rows
	writer() { for _ in $(seq 40); do weir lake-put --compress gzip:1 "$lake" rows || echo failed; done; }
	weir lake-put "$lake" rows
	writer >w1 2>&1 &
	one=$!
	writer >w2 2>&1 &
	two=$!
	checks=0
	while kill -0 $one 2>/dev/null || kill -0 $two 2>/dev/null; do
		run_weir lake-check --repair "$lake" # this may publish before the writer does
		assert_status 0
		assert_output ''
		run_weir lake-check --clean --older-than 0 "$lake"
		assert_status 0
		assert_output ''
		checks=$((checks + 1))
	done
	wait $one $two
	assert_files_equal w1 /dev/null
	assert_files_equal w2 /dev/null
	[ $checks -gt 2 ]
	assert_sound
	[ "$(weir lake-cat "$lake" | wc -l)" = 81000 ]
}

@test "an unreadable directory is said, and the rest is looked at" {
	as=()
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --clear-groups) # root may read everything
	three
	mkdir "$lake/secret"
	touch "$lake/stray"
	chmod 0 "$lake/secret"
	cp "$WEIR_EXEC_PATH/lake-check" . # because the build may be in a place that only root can reach
	run_logged "${as[@]}" ./lake-check lake
	assert_status 78
	assert_stderr "weir lake-check: cannot read 'lake/secret': Permission denied"
	assert_output "'stray' is not in the log, but programs that read the directory see it"
	chmod 700 "$lake/secret"
}
