#!/usr/bin/env bats
# lake-put when things fail: killed at each step, ended by signals, several writers at once. After each case, readers
# see only complete files, and after the next run each record is there exactly once.
# bats file_tags=long
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

POINTS='lock-created locked stage-announced stage-created stage-appended stage-written stage-sealed staged before-commit
before-link after-link committed before-publish after-publish published before-unlock'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	lake=$BATS_TEST_TMPDIR/lake
	killed=$BUILD/kill/bin/lake-put
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
}

# Every visible file is whole: it decompresses, and holds as many records as the log says.
assert_whole() { # assert_whole DIR
	lake_records "$1" | { ! grep unreadable; }
	local path records
	[ -d "$1/_weir_log" ] || { assert_equal "$(lake_records "$1")" '' && return; }
	while IFS=$'\t' read -r path records; do
		[ ! -e "$1/$path" ] || assert_equal "$(zstd -dcq "$1/$path" | wc -l)" "$records" || return
	done < <(jq -r 'select(.add) | .add | [.path, (.stats | fromjson | .numRecords)] | @tsv' "$1"/_weir_log/*.json)
	# and the log names every visible file
	comm -23 <(cd "$1" && find . -name 'part-*' -type f | sed 's,^\./,,' | sort) \
		<(jq -r '.add.path // empty' "$1"/_weir_log/*.json | sort) | { ! grep .; }
}

die_at() { # die_at POINT ARG...: run the test build, which is killed there
	run env WEIR_KILL_AT="$1" "$killed" "${@:2}"
	_command="lake-put killed at $1"
	_show_run
	assert_status 137
}

# --- kill -9 ---------------------------------------------------------------------------------------

@test "killed at each step with --id: a second run leaves each record exactly once" {
	day_lines 1 300 >a
	day_lines 301 900 >b
	cat a b >ab
	for point in $POINTS; do
		rm -rf "$lake"
		weir lake-put "${by_day[@]}" "$lake" a
		die_at "$point" --id b "${by_day[@]}" "$lake" b
		assert_whole "$lake"
		run_weir lake-put --id b "${by_day[@]}" "$lake" b
		assert_status 0
		assert_lake "$lake" ab
	done
}

@test "killed at each step in a table that is not there yet" {
	day_lines 1 300 >a
	for point in $POINTS; do
		rm -rf "$lake"
		die_at "$point" --id a "${by_day[@]}" "$lake" a
		assert_whole "$lake"
		run_weir lake-put --id a "${by_day[@]}" "$lake" a
		assert_status 0
		assert_lake "$lake" a
	done
}

@test "killed at each step without --id: the other run's records are all there or none" {
	day_lines 1 300 >a
	day_lines 301 600 >b
	day_lines 601 900 >c
	cat a c >ac
	cat a b c >abc
	for point in $POINTS; do
		rm -rf "$lake"
		weir lake-put "${by_day[@]}" "$lake" a
		die_at "$point" "${by_day[@]}" "$lake" b
		commits=$(lake_commits "$lake")
		weir lake-put "${by_day[@]}" "$lake" c
		[ "$commits" = 2 ] && assert_lake "$lake" abc
		[ "$commits" = 2 ] || assert_lake "$lake" ac
	done
}

@test "killed between two files of a commit: in the middle of staging and of publishing" {
	day_lines 1 300 >a
	for point in stage-created:2 stage-sealed:2 stage-sealed:3 before-publish:2 after-publish:2 before-publish:3 after-publish:3; do
		rm -rf "$lake"
		die_at $point --id a "${by_day[@]}" "$lake" a
		assert_whole "$lake"
		weir lake-put --id a "${by_day[@]}" "$lake" a 2>/dev/null
		assert_lake "$lake" a
	done
}

@test "the cleaning up is killed, too" {
	day_lines 1 300 >a
	day_lines 301 600 >b
	cat a b >ab
	for point in stage-sealed:2 committed after-publish:2; do
		rm -rf "$lake"
		weir lake-put "${by_day[@]}" "$lake" a
		die_at $point --id b "${by_day[@]}" "$lake" b
		for second in claimed settled before-publish after-publish published; do
			run env WEIR_KILL_AT=$second "$killed" --id b "${by_day[@]}" "$lake" b
			assert_whole "$lake"
		done
		weir lake-put --id b "${by_day[@]}" "$lake" b 2>/dev/null
		assert_lake "$lake" ab
	done
}

@test "many killed at once, then one run" {
	day_lines 1 300 >a
	pids=()
	for point in $POINTS; do
		WEIR_KILL_AT=$point "$killed" --id a "${by_day[@]}" "$lake" a 2>/dev/null &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || true; done
	weir lake-put --id a "${by_day[@]}" "$lake" a 2>/dev/null
	assert_lake "$lake" a
}

@test "a stage of a commit that was damaged before it was published is found out" {
	day_lines 1 300 >a
	die_at committed "${by_day[@]}" "$lake" a
	file=$(find "$lake" -name '.part-*' | sort | head -n 1)
	truncate -s -1 "$file"
	run_weir lake-put "${by_day[@]}" "$lake" a
	assert_status 65
	assert_stderr_contains 'bytes, but the log says'
	rm "$file"
	run_weir lake-put "${by_day[@]}" "$lake" a
	assert_status 65
	assert_stderr_contains 'is gone, though the log names it'
	[ "$(lake_commits "$lake")" = 1 ]
}

@test "killed at any step of a commit: nothing is acknowledged before it is published" {
	for point in stage-written before-commit before-link after-link committed before-publish after-publish published before-ack; do
		echo "$point"
		rm -rf lake
		run_sh "seq 4 | $BUILD/servers/marker -f -n 2 2>err | WEIR_KILL_AT=$point $killed lake"
		assert_status 137
		run ! grep -q '^acked [1-9]' err
		seq 4 | "$BUILD/servers/marker" -f -n 2 2>err | weir lake-put lake
		assert_lake lake <(seq 4)
	done
}

# --- signals ---------------------------------------------------------------------------------------

@test "SIGTERM and SIGINT in the middle: nothing is committed, nothing left over, 75" {
	for signal in TERM INT; do
		mkfifo fifo-$signal
		start_bg put-$signal weir lake-put --compress none "$lake" fifo-$signal
		exec 7>fifo-$signal
		seq 100000 >&7
		wait_for 10 test -d "$lake"
		stop_bg put-$signal $signal
		exec 7>&-
		assert_status 75
		assert_stderr_contains 'nothing is committed'
		[ ! -e "$lake" ]
	done
}

# --- others at work --------------------------------------------------------------------------------

@test "six writers at once, from the first commit on: each record exactly once" {
	for w in 1 2 3 4 5 6; do
		for i in 1 2 3 4 5; do day_lines $((w * 10000 + i * 1000)) $((w * 10000 + i * 1000 + 500)) >"in-$w-$i"; done
	done
	pids=()
	for w in 1 2 3 4 5 6; do
		(for i in 1 2 3 4 5; do weir lake-put "${by_day[@]}" "$lake" "in-$w-$i" || exit; done) &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	cat in-* >all
	assert_lake "$lake" all
	[ "$(lake_commits "$lake")" = 30 ]
}

@test "writers at once, some of them killed somewhere: each record exactly once" {
	for w in 1 2 3 4; do day_lines $((w * 10000)) $((w * 10000 + 900)) >"in-$w"; done
	pids=()
	for w in 1 2 3 4; do
		(
			for point in $POINTS; do
				WEIR_KILL_AT=$point "$killed" --id "w$w" "${by_day[@]}" "$lake" "in-$w" || true
			done
			weir lake-put --id "w$w" "${by_day[@]}" "$lake" "in-$w"
		) 2>/dev/null &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || true; done
	weir lake-put --id w1 "${by_day[@]}" "$lake" in-1 2>/dev/null
	cat in-* >all
	assert_lake "$lake" all
	[ "$(lake_commits "$lake")" = 4 ]
}

# A process has a file open whose path matches GLOB.
has_open() { # has_open PID GLOB
	local fd
	for fd in "/proc/$1/fd/"*; do
		# shellcheck disable=SC2053
		[[ $(readlink "$fd") == $2 ]] && return
	done
	return 1
}

@test "a writer that dies while another asks whether it lives: all of its stages go" {
	mkfifo fifo
	start_bg writer weir lake-put --compress none --partition-by dt=%F --time %F@1 "$lake" fifo
	exec 7>fifo
	seq 100000 | sed 's/^/2026-11-20 /' >&7
	wait_for 10 test -d "$lake/dt=2026-11-20"
	# The check whether the process lives is kill(2) without a signal.
	strace -qq -o /dev/null -e trace=kill -e inject=kill:delay_enter=3000000 \
		"$WEIR_EXEC_PATH/lake-put" "$lake" /dev/null &
	tracer=$!
	wait_for 10 eval 'asking=$(pgrep -P $tracer lake-put) && has_open "$asking" "*/.writers/*"'
	seq 100000 | sed 's/^/2026-11-21 /' >&7
	wait_for 10 test -d "$lake/dt=2026-11-21"
	stop_bg writer KILL
	exec 7>&-
	wait "$tracer"
	assert_equal "$(lake_hidden "$lake")" ''
}

@test "the same id six times at once: one commits" {
	day_lines 1 300 >a
	pids=()
	for _ in 1 2 3 4 5 6; do
		weir lake-put --id same "${by_day[@]}" "$lake" a 2>>messages &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	assert_lake "$lake" a
	[ "$(lake_commits "$lake")" = 1 ]
	[ "$(grep -c "id 'same' has been committed before: nothing is done" messages)" = 5 ]
}

@test "a writer that was stopped for a long time is not considered dead" {
	seq 100000 >a
	seq 200001 200100 >b
	mkfifo fifo
	start_bg slow weir lake-put --compress none "$lake" fifo
	exec 7>fifo
	cat a >&7
	wait_for 10 eval '[ -n "$(lake_hidden "$lake" | grep part)" ]'
	kill -STOP "$bg_pid"
	weir lake-put --compress none "$lake" b
	weir lake-put --compress none "$lake" b
	kill -CONT "$bg_pid"
	exec 7>&-
	wait_bg slow
	assert_success
	cat a b b >all
	assert_lake "$lake" all
}

@test "a lock of another machine is left alone" {
	seq 10 >a
	mkdir -p "$lake/.writers"
	lock=.writers/elsewhere-01234567-89ab-4cde-8f01-23456789abcd
	stage=.part-01234567-89ab-4cde-8f01-23456789abcd-00000.new
	{ lock_header elsewhere && echo $stage; } >"$lake/$lock"
	echo stage >"$lake/$stage"
	weir lake-put "$lake" a
	assert_equal "$(cd "$lake" && lake_hidden . | sort)" "./$stage
./$lock"
}

@test "a lock never makes anything but stages of its writer go" {
	seq 10 >a
	mkdir -p "$lake/dt=x" "$lake/.writers" victim
	uuid=01234567-89ab-4cde-8f01-23456789abcd
	stage=.part-$uuid-00000.new
	{
		lock_header
		printf '%s\n' "../victim/$stage" "$PWD/victim/$stage" notes dt=x/part-$uuid .hidden "dt=x/$stage"
	} >"$lake/.writers/$(uname -n)-$uuid"
	touch "victim/$stage" "$lake/notes" "$lake/.hidden" "$lake/dt=x/part-$uuid" "$lake/dt=x/$stage"
	weir lake-put "$lake" a
	[ -e "victim/$stage" ] && [ -e "$lake/notes" ] && [ -e "$lake/.hidden" ] && [ -e "$lake/dt=x/part-$uuid" ]
	[ ! -e "$lake/dt=x/$stage" ]
	[ ! -e "$lake/.writers/$(uname -n)-$uuid" ]
}
