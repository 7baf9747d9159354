#!/usr/bin/env bats
# Files that an option names and that are read whole at the start: a FIFO or a command may keep the program waiting.
# bats file_tags=long
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo fifo
}

# Start a program NAME that reads the FIFO.
start() { # start NAME COMMAND...
	echo '{"a":"x"}' >in
	start_bg "$@" <in
}

@test "a FIFO that nobody opens for writing: said after a second, refused after 30, wherever a file is read whole" {
	start config weir split --config fifo
	start program weir map -f fifo
	start rules weir clean -f fifo
	start key weir clean -e 'mask .a hash' --key fifo
	start text weir run fifo
	start expression weir filter @fifo
	start schema weir db-put sqlite:db --table t --schema @fifo
	start schema2 weir lake-put lake --table delta --schema @fifo
	WEIR_CONFIG=fifo start usual weir split
	WEIR_CONFIG_FILES=$PWD/fifo start inherited weir split
	for name in config program rules key text expression schema schema2 usual inherited; do
		wait_bg "$name" 90
		[ "$status" = 78 ] || [[ $name$status = @(expression2|schema2|schema22) ]] || fail "$name: $status"
		assert_stderr_contains "waiting for a writer of the FIFO '"
		assert_stderr_contains "nobody opens this FIFO for writing"
	done
}

@test "a writer that comes late, and a command that takes its time" {
	printf '[split]\nlower = true\n' >config
	start_bg late weir split --config fifo --show-config </dev/null
	wait_for 20 grep -q "waiting for a writer of the FIFO 'fifo'" late.err
	cat config >fifo
	wait_bg late
	assert_status 0
	assert_output_contains 'lower'
	run_sh 'weir split --config <(exec 2>&-; sleep 1.5; cat config) <<<A'
	assert_status 0
	assert_output a
	[[ $stderr == *"waiting for what is written into '/dev/fd/"* ]]
	run_sh 'weir split --config <(cat config) <<<A'
	assert_success
	assert_output a
	assert_stderr ''
}

@test "a signal ends the wait" {
	start_bg config weir split --config fifo </dev/null
	wait_for 20 grep -q waiting config.err
	stop_bg config TERM 20
	[ "$status" -gt 0 ]
}

@test "sockets and devices are refused at once" {
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	for file in socket /dev/zero /dev/urandom; do
		run_weir split --config "$file"
		assert_status 78
		assert_stderr "weir split: cannot read '$file': it is a socket or a device"
		run_weir clean -f "$file"
		assert_status 78
		assert_stderr "weir clean: cannot read '$file': it is a socket or a device"
	done
	run_sh 'weir split --config /dev/null <<<A'
	assert_output A
}

@test "what a library opens by itself must not be a FIFO" {
	run_weir topics -b 127.0.0.1:1 -X ssl.ca.location=fifo -X security.protocol=ssl
	assert_status 78
	assert_stderr_contains "ssl.ca.location: cannot open 'fifo': it is a FIFO, whose writer may never come"
	run_weir lake-cat --ca-file fifo s3://b/t --endpoint https://127.0.0.1:1
	assert_status 78
	assert_stderr_contains "cannot read the certificates in 'fifo': it is a FIFO, whose writer may never come"
}

@test "a byte order mark before a text, which some editors write, does no harm" {
	text() { printf '\xef\xbb\xbf%s\n' "$1" >text; }
	echo '{"a":"X"}' >in
	text '.b = 1'
	assert_equal "$(weir map -f text in)" '{"a":"X","b":1}'
	text '.a == "X"'
	assert_equal "$(weir filter @text in)" '{"a":"X"}'
	text '.a'
	assert_equal "$(weir filter --fields @text 'true' in)" '{"a":"X"}'
	text 'n=count'
	assert_equal "$(weir aggregate @text in)" '{"n":1}'
	text 'require .a'
	assert_equal "$(weir clean -f text in)" '{"a":"X"}'
	text '[split]'
	echo 'lower = true' >>text
	assert_equal "$(weir split --config text <<<A)" a
	text 'echo done'
	assert_equal "$(weir run text)" 'done'
}

@test "a text with a NUL is refused: what comes after it would not be seen" {
	printf '.b = 1\0; .c = 2\n' >text
	echo '{"a":1}' >in
	run_weir map -f text in
	assert_status 78
	assert_output ''
	assert_stderr "weir map: cannot use 'text': it holds a NUL, so it is not text"
	run_weir filter @text in
	assert_status 2
	assert_stderr_contains "cannot read 'text': it holds a NUL, so it is not text"
	run_weir run text
	assert_status 78
	assert_stderr "weir run: cannot read 'text': it holds a NUL, so it is not text"
}

@test "standard input is one thing: an option that has read it leaves no records there" {
	local taken='standard input cannot have the records, too: an option has read it; name a file for the records'
	echo '{"a":1}' >in
	for command in 'map -f -' 'map -f - -' 'map -f - in -' 'filter @-' 'filter --fields @- true' 'aggregate @-' 'aggregate -g @- count'; do
		run_sh "weir $command <<<'.a'"
		[ "$status" = 2 ] || [ "$status" = 78 ] || fail "$command: $status"
		assert_output ''
	done
	run_sh 'weir filter @- <<<.a'
	assert_status 2
	assert_stderr "weir filter: $taken"
	run_sh 'weir map -f - <<<".b = 2"'
	assert_status 2
	assert_stderr "weir map: $taken"
	run_sh 'weir map -f - in <<<".b = 2"'
	assert_success
	assert_output '{"a":1,"b":2}'
	run_sh 'weir map -f - -f - in <<<".b = 2"'
	assert_status 78
	assert_stderr "weir map: cannot use '-': it has been read already"
}
