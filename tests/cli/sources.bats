#!/usr/bin/env bats
# The source driver (common/stream/source.h) carries more than consume: the smallest source, tests/servers/linesource.c,
# is killed and restarted with real filters and a real sink after it, and each line arrives once.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	SOURCE=$BUILD/servers/linesource
	cd "$BATS_TEST_TMPDIR" || return
}

# The command line of a pipeline from the file `in` to the lake `lake`.
pipeline() { # pipeline BATCH_MS LINE_MS
	echo "$SOURCE in $* | weir filter '.n % 3 != 0' | weir clean -e 'rename .n .number' | weir lake-put --commit-every 100ms lake"
}

json_lines() { # json_lines FIRST LAST
	seq "$1" "$2" | sed 's/.*/{"n":&}/'
}

# Those of the lines 1 to N that the filters pass are in the lake, each once.
assert_arrived() { # assert_arrived N
	assert_files_equal <(weir lake-cat lake | jq -c .number | sort -n) <(seq "$1" | awk '$1 % 3')
}

@test "a file through filters into a lake: each line once, and only what is new the next time" {
	json_lines 1 5000 >in
	run_sh "$(pipeline 50)"
	assert_status 0
	assert_arrived 5000
	json_lines 5001 5100 >>in
	run_sh "$(pipeline 50)"
	assert_status 0
	assert_arrived 5100
	run_sh "$(pipeline 50)"
	assert_status 0
	assert_arrived 5100
}

@test "killed again and again, each program and all at once: each line once" {
	json_lines 1 3000 >in
	for victim in linesource filter lake-put all linesource clean all lake-put; do
		before=$(find lake -name '*.json' 2>/dev/null | wc -l)
		start_bg run bash -c "$(pipeline 20 1)"
		# In the middle of it, wherever that is: something of this run has been committed.
		wait_for 30 bash -c "[ \$(find lake -name '*.json' 2>/dev/null | wc -l) -gt $before ]"
		case $victim in
		all) kill -9 -- "-$bg_pid" ;;
		*) pkill -9 -g "$bg_pid" "$victim" ;;
		esac
		wait_bg run
	done
	run_sh "$(pipeline 50)"
	assert_status 0
	assert_arrived 3000
	run_logged weir lake-check lake
	assert_success
}

@test "a signal ends the source: what was read is committed, and the next run goes on after it" {
	json_lines 1 3000 >in
	start_bg run bash -c "$(pipeline 20 1)"
	wait_for 30 bash -c '[ -n "$(find lake -name "*.json" 2>/dev/null)" ]'
	pkill -TERM -g "$bg_pid" linesource
	wait_bg run
	assert_status 0
	[ "$(weir lake-cat lake | wc -l)" -lt 2000 ]
	run_sh "$(pipeline 50)"
	assert_status 0
	assert_arrived 3000
}

@test "another file of the same name is noticed by the record before the start" {
	json_lines 1 100 >in
	run_sh "$(pipeline 50)"
	assert_status 0
	json_lines 1001 1200 >in
	run_sh "$(pipeline 50); exit \${PIPESTATUS[0]}"
	assert_status 65
	assert_stderr_contains 'linesource: reason'
	assert_arrived 100
}

@test "a sink that goes, and one that never comes, end the source" {
	json_lines 1 1000 >in
	run_sh "set -o pipefail; $SOURCE in 20 1 | weir lake-put --commit-every 100ms /dev/null/no"
	[ "$status" != 0 ]
	run_sh "$SOURCE in 20 1 | head -c 1 >/dev/null; exit \${PIPESTATUS[0]}"
	assert_status 75
}
