# The shared part of the scripts in tests/servers (tests/lib/server.bash), tested with a small server of this file.
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir

setup() {
	export WEIR_TEST_CACHE=$BATS_TEST_TMPDIR/cache
	small=$BATS_TEST_TMPDIR/small
	cat >"$small" <<-SCRIPT
		#!/bin/bash
		# small: a server for this test.
		set -euo pipefail
		. $WEIR_ROOT/tests/lib/server.bash
		server=small
		server_cache 1
		build() {
		    echo x >>$BATS_TEST_TMPDIR/built
		    while [ -e $BATS_TEST_TMPDIR/slow ]; do sleep 0.05; done
		    [ ! -e $BATS_TEST_TMPDIR/broken ] || die 'it does not compile'
		}
		prepare() {
		    mkdir -p "\$1/data"
		    free_port >"\$1/ports"
		    if [ -e $BATS_TEST_TMPDIR/taken ]; then mv $BATS_TEST_TMPDIR/taken "\$1/ports"; fi
		    echo "export SMALL_PORT=\$(<"\$1/ports")" >"\$1/env"
		}
		run() {
		    [ ! -e $BATS_TEST_TMPDIR/ill ] || { echo 'I am ill' && exit 3; }
		    exec setsid python3 -m http.server --bind 127.0.0.1 --directory data "\$(<ports)"
		}
		serves() {
		    listens "\$(<"\$1/pid")" "\$(<"\$1/ports")"
		}
		server_main "\$@"
	SCRIPT
	chmod +x "$small"
	dir=$BATS_TEST_TMPDIR/own/small # where teardown does not look
}

teardown() {
	[ ! -e "$dir/server" ] || "$small" kill "$dir"
	kill_all
}

@test "install: two at once, and a third one later, build once; who waits says so" {
	: >"$BATS_TEST_TMPDIR/slow"
	start_bg first "$small" install
	wait_for 20 test -e "$BATS_TEST_TMPDIR/built"
	start_bg second "$small" install
	wait_for 20 grep -q 'small: waiting for another process' "$BATS_TEST_TMPDIR/second.err"
	rm "$BATS_TEST_TMPDIR/slow"
	wait_bg first
	assert_status 0
	wait_bg second
	assert_status 0
	"$small" install
	assert_files_equal "$BATS_TEST_TMPDIR/built" <(echo x)
}

@test "install: what was killed or failed half way is installed again" {
	: >"$BATS_TEST_TMPDIR/slow"
	start_bg first "$small" install
	wait_for 20 test -e "$BATS_TEST_TMPDIR/built"
	: >"$WEIR_TEST_CACHE/small-1/half"
	kill -9 -- "-$bg_pid"
	wait_bg first
	rm "$BATS_TEST_TMPDIR/slow"
	: >"$BATS_TEST_TMPDIR/broken"
	run_logged "$small" install
	assert_status 1
	assert_stderr 'small: it does not compile'
	[ ! -e "$WEIR_TEST_CACHE/small-1/half" ]
	rm "$BATS_TEST_TMPDIR/broken"
	"$small" install
	assert_files_equal "$BATS_TEST_TMPDIR/built" <(printf 'x\nx\nx\n')
	run_logged ls "$WEIR_TEST_CACHE/small-1"
	assert_output 'done'
}

@test "start, stop and restart: the port is free after stop; log and data stay" {
	"$small" start "$dir" 3>&-
	# shellcheck source=/dev/null
	. "$dir/env"
	echo text >"$dir/data/file"
	run_logged curl -s "http://127.0.0.1:$SMALL_PORT/file"
	assert_output text
	run_logged "$small" restart "$dir"
	assert_status 1
	assert_stderr_contains 'still runs'
	"$small" stop "$dir"
	run ! curl -s "http://127.0.0.1:$SMALL_PORT/file"
	"$small" restart "$dir" 3>&-
	run_logged curl -s "http://127.0.0.1:$SMALL_PORT/file"
	assert_output text
	grep -q 'GET /file' "$dir/log.before"
	"$small" stop "$dir"
	"$small" stop "$dir"
}

@test "start: a port that another process has just taken is not a failure" {
	"$small" start "$dir" 3>&-
	cp "$dir/ports" "$BATS_TEST_TMPDIR/taken"
	"$small" start "${dir}2" 3>&-
	"$small" stop "${dir}2"
	run ! cmp "$dir/ports" "${dir}2/ports"
	[ ! -e "$BATS_TEST_TMPDIR/taken" ]
}

@test "start: a server that dies at once is a failure at once, with its last words" {
	: >"$BATS_TEST_TMPDIR/ill"
	run_logged timeout 60 "$small" start "$dir"
	assert_status 1
	assert_stderr_contains 'I am ill'
}

@test "what makes no sense is refused" {
	mkdir -p "$dir"
	: >"$dir/file"
	run_logged "$small" start "$dir"
	assert_status 1
	assert_stderr "small: $dir is not empty"
	run_logged "$small" stop "$BATS_TEST_TMPDIR/none"
	assert_status 1
	assert_stderr_contains "nothing was started in"
	run_logged "$small" begin "$dir"
	assert_status 2
	assert_stderr 'small: a server for this test.'
}
