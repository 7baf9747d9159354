# make demo: it runs without a server, verifies its results, notices errors, and leaves nothing behind.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
}

no_processes() {
	[ -z "$(process_marked "TMPDIR=$TMPDIR")" ]
}

nothing_left() {
	[ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls -A "$TMPDIR")"
	wait_for 20 no_processes
}

# A build directory in which one program is the script on standard input; REAL names the program that it replaces.
build_with() { # build_with PROGRAM
	mkdir -p build
	ln -s "$BUILD/weir" build/weir
	cp -rs "$BUILD/bin" build/bin
	rm "build/bin/$1"
	{
		printf '#!/bin/bash\nREAL=%q\n' "$BUILD/bin/$1"
		cat
	} >"build/bin/$1"
	chmod +x "build/bin/$1"
}

@test "demo: passes, shows commands, and its last line says what was verified" {
	run_logged "$WEIR_ROOT/tests/demo/demo" "$BUILD"
	assert_success
	for command in mock-broker produce consume split wordcount lake-put lag; do
		grep -q "^ *\$* *.*weir $command" <<<"$output"
	done
	[[ ${lines[-1]} =~ ^'verified in '.*' all '[0-9]+' events are in the topic and, each once, in the lake'.*'lag 0'$ ]]
	nothing_left
}

@test "demo: with a Delta table, which other programs read" {
	DEMO='delta' run_logged "$WEIR_ROOT/tests/demo/demo" "$BUILD"
	assert_success
	assert_output_contains 'weir lake-put --table delta'
	assert_output_contains 'deltalake.DeltaTable("lake")'
	[[ ${lines[-1]} =~ ^'verified in '.*' in the lake'.*'lag 0'$ ]]
	nothing_left
	build_with lake-put <<-'SCRIPT'
		sed 1p | exec "$REAL" "$@"
	SCRIPT
	DEMO='delta' run_logged "$WEIR_ROOT/tests/demo/demo" build
	assert_status 1
	assert_stderr_contains 'FAILED: status 1 of: cmp topic.events lake.events'
	nothing_left
}

@test "demo: fails when a record is lost on the way" {
	build_with lake-put <<-'SCRIPT'
		sed 1d | exec "$REAL" "$@"
	SCRIPT
	run_logged "$WEIR_ROOT/tests/demo/demo" build
	assert_status 1
	assert_stderr_contains 'FAILED: status 1 of: cmp topic.events lake.events'
	nothing_left
}

@test "demo: fails when a record is doubled" {
	build_with lake-put <<-'SCRIPT'
		sed 1p | exec "$REAL" "$@"
	SCRIPT
	run_logged "$WEIR_ROOT/tests/demo/demo" build
	assert_status 1
	assert_stderr_contains 'FAILED: status 1 of: cmp topic.events lake.events'
	nothing_left
}

@test "demo: fails when a record lies in the partition of another day" {
	build_with lake-put <<-'SCRIPT'
		"$REAL" "$@" || exit
		days=(lake/dt=*)
		mkdir lake/dt=1970-01-01 && mv "${days[0]}"/part-* lake/dt=1970-01-01
	SCRIPT
	run_logged "$WEIR_ROOT/tests/demo/demo" build
	assert_status 1
	assert_stderr_contains 'of another day is in lake/dt='
	nothing_left
}

@test "demo: fails when a word is miscounted, and when a step fails" {
	build_with wordcount <<-'SCRIPT'
		sed '0,/^the$/d' | exec "$REAL" "$@"
	SCRIPT
	run_logged "$WEIR_ROOT/tests/demo/demo" build
	assert_status 1
	assert_stderr_contains 'the counts of the words differ'
	nothing_left
	rm -r build
	build_with produce <<-'SCRIPT'
		exit 75
	SCRIPT
	run_logged "$WEIR_ROOT/tests/demo/demo" build
	assert_status 1
	assert_stderr_contains 'FAILED: status 75 of: '
	nothing_left
}

@test "demo: a signal ends it, with nothing left behind" {
	start_bg demo "$WEIR_ROOT/tests/demo/demo" "$BUILD"
	wait_for 20 grep -q '^\[2/5\]' demo.out
	stop_bg demo TERM
	assert_status 143
	nothing_left
}

@test "demo: bad usage is 2" {
	run_logged "$WEIR_ROOT/tests/demo/demo"
	assert_status 2
	run_logged "$WEIR_ROOT/tests/demo/demo" /nonexistent
	assert_status 2
}
