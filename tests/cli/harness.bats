# The harness itself: a helper that lets failures pass would hide everything else.
load ../lib/weir

tally() { # tally TAP-LINE...: the judgement on a stage of these lines
	printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/stage.tap"
	CI='' run "$WEIR_ROOT/tests/tally" "$BATS_TEST_TMPDIR/stage.tap"
}

@test "tally counts and ends with the counts alone on a line" {
	tally '# stage' 'ok 1 - a' 'not ok 2 - b' '# why' 'ok 3 - c' '1..3' '# exit 1'
	[ "$status" = 1 ]
	[ "${lines[0]}" = 'not ok stage: 2 - b' ]
	[ "${lines[1]}" = '# why' ]
	[ "${lines[-1]}" = '2 passed, 1 failed' ]
}

@test "tally passes when every test did" {
	tally '# stage' '1..2' 'ok 1 - a' 'ok 2 - b' '# exit 0'
	[ "$status" = 0 ]
	[ "$output" = '2 passed, 0 failed' ]
}

@test "tally takes no tests at all for a failure" {
	tally '# stage' '1..0' '# exit 0'
	[ "$status" = 1 ]
	[ "$output" = '0 passed, 0 failed' ]
}

@test "tally sees a crash, a hang, a wrong plan and a lost status" {
	local case
	local -a cases=(
		'# exit 139' 'no plan'
		'# exit 124' 'took too long'
		'1..2 # exit 0' 'planned 2'
		'1..1' 'was killed'
		'1..1 # exit 3' 'exit status 3'
	)
	for ((case = 0; case < ${#cases[@]}; case += 2)); do
		echo "case: ${cases[case]}"
		tally '# stage' 'ok 1 - a' "${cases[case]/ # /$'\n# '}"
		[ "$status" = 1 ]
		[[ ${lines[0]} == *"${cases[case + 1]}"* ]]
		[ "${lines[-1]}" = '1 passed, 1 failed' ]
	done
}

@test "tally fails a skipped test, and never counts it as passed" {
	tally '# stage' 'ok 1 - a' 'ok 2 - b # skip no server' '1..2' '# exit 0'
	[ "$status" = 1 ]
	[ "${lines[0]}" = 'not ok stage: skipped: b # skip no server' ]
	[ "${lines[-1]}" = '1 passed, 1 failed' ]
}

@test "tally names and counts what is left out; what the machine forbids fails in CI" {
	tally '# stage' 'ok 1 - a' 'ok 2 b in 3ms # skip in a sanitized tree: no kill points' \
		'ok 3 c # skip this machine allows no mount namespaces' '1..3' '# exit 0'
	[ "$status" = 0 ]
	[ "${lines[0]}" = 'left out stage: b in 3ms # skip in a sanitized tree: no kill points' ]
	[ "${lines[1]}" = 'left out stage: c # skip this machine allows no mount namespaces' ]
	[ "${lines[2]}" = '2 left out' ]
	[ "${lines[3]}" = '1 passed, 0 failed' ]
	CI=1 run "$WEIR_ROOT/tests/tally" "$BATS_TEST_TMPDIR/stage.tap"
	[ "$status" = 1 ]
	[ "${lines[-2]}" = '1 left out' ]
	[ "${lines[-1]}" = '1 passed, 1 failed' ]
}

again_of() { # again_of FILE.bats: run it as a stage, then what failed again, and judge; it counts its runs in $RUNS
	local tap=$BATS_TEST_TMPDIR/server.tap code=0
	export RUNS=$BATS_TEST_TMPDIR/runs
	(unset "${!BATS_@}" && exec bats --tap --timing "$1") >"$tap" 3>&- || code=$?
	echo "# exit $code" >>"$tap"
	(unset "${!BATS_@}" && exec "$WEIR_ROOT/tests/again" "$tap") 3>&-
	run "$WEIR_ROOT/tests/tally" "$tap"
}

@test "a test that failed beside others passes by itself: it counts, and is named with what it said" {
	printf '%s\n' '@test "good" { true; }' \
		'@test "late (a|b)* once" { echo x >>"$RUNS"; echo "waited in vain"; [ "$(wc -l <"$RUNS")" = 2 ]; }' >"$BATS_TEST_TMPDIR/a.bats"
	again_of "$BATS_TEST_TMPDIR/a.bats"
	[ "$status" = 0 ]
	[[ ${lines[0]} == 'again server: 2 late (a|b)* once in '*' # again' ]]
	[[ $output == *'# waited in vain'* ]]
	[ "${lines[-2]}" = '1 passed again, by itself' ]
	[ "${lines[-1]}" = '2 passed, 0 failed' ]
}

@test "a test that fails again has failed, and so have four, and rows that were lost" {
	local body='{ echo x >>"$RUNS"; false; }'
	printf '@test "bad" %s\n' "$body" >"$BATS_TEST_TMPDIR/a.bats"
	again_of "$BATS_TEST_TMPDIR/a.bats"
	[ "$status" = 1 ]
	[ "$(wc -l <"$RUNS")" = 2 ]
	[ "${lines[-1]}" = '0 passed, 1 failed' ]
	printf "@test \"%s\" $body\n" a b c d >"$BATS_TEST_TMPDIR/a.bats"
	rm "$RUNS"
	again_of "$BATS_TEST_TMPDIR/a.bats"
	[ "$(wc -l <"$RUNS")" = 4 ]
	[ "${lines[-1]}" = '0 passed, 4 failed' ]
	printf '@test "bad" { echo x >>"$RUNS"; echo "# stdout: hdfs: requests cut   3  4260   1   0  FAILED"; false; }\n' >"$BATS_TEST_TMPDIR/a.bats"
	rm "$RUNS"
	again_of "$BATS_TEST_TMPDIR/a.bats"
	[ "$(wc -l <"$RUNS")" = 1 ]
	[ "${lines[-1]}" = '0 passed, 1 failed' ]
}

@test "a machine without mount namespaces: such tests are left out, each with a line; in CI they fail" {
	mkdir "$BATS_TEST_TMPDIR/none"
	printf '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n' >"$BATS_TEST_TMPDIR/none/unshare"
	chmod +x "$BATS_TEST_TMPDIR/none/unshare"
	PATH=$BATS_TEST_TMPDIR/none:$PATH
	CI='' run nested '@test "a" { needs_mounts; false; }' '@test "b" { true; }'
	[ "$status" = 0 ]
	[[ $output == *'left out some: a'*'this machine allows no mount namespaces'* ]]
	[ "${lines[-2]}" = '1 left out' ]
	[ "${lines[-1]}" = '2 passed, 0 failed' ]
	CI=1 run nested '@test "a" { needs_mounts; false; }' '@test "b" { true; }'
	[ "$status" = 1 ]
	[ "${lines[-1]}" = '2 passed, 1 failed' ]
}

fails() { # fails COMMAND...: run would overwrite $output
	! "$@"
}

@test "assertions fail when they should" {
	run_logged bash -c 'echo out; echo err >&2; exit 3'
	assert_status 3
	assert_output out
	assert_stderr err
	assert_output_contains ou
	assert_stderr_contains rr
	fails assert_status 0
	fails assert_success
	fails assert_output ou
	fails assert_stderr er
	fails assert_output_contains x
	fails assert_stderr_contains x
	fails assert_equal a b
	run_logged bash -c 'echo err >&2'
	fails assert_success
}

@test "assert_files_equal sees a difference in one NUL byte" {
	printf 'a\0b\n' >"$BATS_TEST_TMPDIR/1"
	printf 'a\0b\n' >"$BATS_TEST_TMPDIR/2"
	printf 'ab\n' >"$BATS_TEST_TMPDIR/3"
	assert_files_equal "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2"
	run ! assert_files_equal "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/3"
}

@test "run_sh sees a failure in the middle of a pipe" {
	run_sh 'false | cat'
	assert_status 1
}

@test "wait_for waits, and gives up" {
	start_bg later bash -c "sleep 0.2; touch '$BATS_TEST_TMPDIR/flag'"
	wait_for 20 test -e "$BATS_TEST_TMPDIR/flag"
	run ! wait_for 0 false
}

@test "start_bg, stop_bg: status, output and signals of a background command" {
	start_bg sleeper bash -c 'trap "echo got it; exit 7" INT; echo ready; while :; do sleep 0.05; done'
	wait_for 20 grep -q ready "$BATS_TEST_TMPDIR/sleeper.out"
	stop_bg sleeper INT
	assert_status 7
	assert_output $'ready\ngot it'
	start_bg reader cat <<<input
	wait_bg reader
	assert_status 0
	assert_output input
}

@test "kill_all ends a whole background pipeline" {
	start_bg pipe bash -c 'sleep 300 | sleep 300'
	wait_for 20 pgrep -g "$bg_pid" sleep
	kill_all
	wait_for 20 bash -c "! pgrep -r R,S -g $bg_pid sleep"
}

@test "process_runs: neither a zombie nor a recycled pid is the process" {
	local id
	id=$(process_id $$)
	process_runs "$id"
	run ! process_runs "$$ 1"
	bash -c 'sleep 0.5 & echo $! >"$1"; exec sleep 5' - "$BATS_TEST_TMPDIR/zombie" 3>&- &
	wait_for 20 test -s "$BATS_TEST_TMPDIR/zombie"
	wait_for 20 grep -q ' Z ' "/proc/$(<"$BATS_TEST_TMPDIR/zombie")/stat"
	[ -z "$(process_id "$(<"$BATS_TEST_TMPDIR/zombie")")" ]
	kill $!
}

@test "the programs under test are those of BUILD" {
	[ "$(command -v weir)" = "$BUILD/weir" ]
	[ "$(weir --exec-path)" = "$BUILD/bin" ]
}

# --- tests/run on files of its own, in a tree of its own -------------------------------------------

nested() { # nested BATS-LINE...: tests/run on a file of these lines; the outer run's marks and results stay its own
	printf '%s\n' "load $WEIR_ROOT/tests/lib/weir" "$@" >"$BATS_TEST_TMPDIR/nested.bats"
	mkdir -p "$BATS_TEST_TMPDIR/build"
	BUILD=$BATS_TEST_TMPDIR/build "$WEIR_ROOT/tests/run" "$BATS_TEST_TMPDIR/nested.bats" 3>&-
}

@test "run passes when all passed, and counts" {
	run nested '@test "a" { true; }' '@test "b" { true; }'
	[ "$status" = 0 ]
	[ "${lines[-1]}" = '3 passed, 0 failed' ]
}

@test "run fails, and shows why, when a test failed" {
	run nested '@test "a" { run_logged bash -c "echo seen; exit 4"; assert_status 0; }'
	[ "$status" = 1 ]
	[ "${lines[-1]}" = '1 passed, 1 failed' ]
	[[ $output == *'status: 4'*'stdout: seen'*'status is 4, not 0'* ]]
}

@test "run fails when a file cannot be read by bats" {
	run nested '@test "a" { if; }'
	[ "$status" = 1 ]
	[[ ${lines[-1]} == *' 1 failed' || ${lines[-1]} == *' 2 failed' ]]
}

@test "run finds a process that a test has left, and ends it" {
	run nested "@test 'a' { setsid sleep 300 3>&- & echo \$! >$BATS_TEST_TMPDIR/left; }"
	[ "$status" = 1 ]
	[[ $output == *'nothing is left running'*'sleep 300'* ]]
	gone "$(<"$BATS_TEST_TMPDIR/left")"
}

@test "run ends a clock of bats that has missed the end of its test, and calls it no rest" {
	WEIR_TEST_TIMEOUT=301 run nested "@test 'a' {
		setsid bash -c 'exec -a bats-exec-test bash -c \"sleep 301 & wait\"' >/dev/null 3>&- & echo \$! >$BATS_TEST_TMPDIR/left; }"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = '2 passed, 0 failed' ]
	gone "$(<"$BATS_TEST_TMPDIR/left")"
}

@test "run ends a test that takes too long, whatever it waits for" {
	WEIR_TEST_TIMEOUT=1 run nested '@test "a" { run bash -c "sleep 300; true"; }' \
		'@test "b" { run bash -c "setsid sleep 300 & exit"; }'
	[ "$status" = 1 ]
	[[ $output == *'1 a '*'timeout after 1s'*'2 b '*'timeout after 1s'* ]]
	[ "${lines[-1]}" = '1 passed, 2 failed' ]
}

gone() {
	[ -z "$(process_id "$1")" ]
}

@test "run leaves nothing when it is interrupted, and when it is killed" {
	local signal
	printf '%s\n' "@test 'a' { setsid sleep 300 3>&- & echo \$! >$BATS_TEST_TMPDIR/left; sleep 300; }" \
		>"$BATS_TEST_TMPDIR/hang.bats"
	for signal in INT KILL; do
		rm -f "$BATS_TEST_TMPDIR/left"
		start_bg "run-$signal" env -u WEIR_TEST_RUN TMPDIR="$BATS_TEST_TMPDIR" BUILD="$BATS_TEST_TMPDIR/build" \
			"$WEIR_ROOT/tests/run" "$BATS_TEST_TMPDIR/hang.bats"
		wait_for 10 test -s "$BATS_TEST_TMPDIR/left"
		kill "-$signal" -- "-$bg_pid"
		wait_for 10 gone "$(<"$BATS_TEST_TMPDIR/left")"
		wait_for 10 bash -c "! ls -d '$BATS_TEST_TMPDIR'/weir-test.*"
	done
}

@test "what results are compared with is there, in the versions that the tests were written with" {
	local line
	while IFS= read -r line; do
		python3 -c 'import importlib.metadata, sys; name, version = sys.argv[1].split("==")
assert importlib.metadata.version(name) == version' "$line"
	done < <(grep '==' "$WEIR_ROOT/tests/lib/requirements.txt")
	python3 -c 'import duckdb; assert duckdb.sql("select 6 * 7").fetchall() == [(42,)]'
	[ "$(mlr -n put 'end { print 6 * 7 }')" = 42 ]
}
