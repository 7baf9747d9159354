#!/usr/bin/env bats
# each: any command as an operator on batches.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
}

@test "the command runs once per batch, never for an empty one, and sees no mark" {
	seq 7 | "$MARKER" -n 3 2>err | weir each --shell 'echo run >>runs; cat -v' | weir ack >out
	assert_files_equal out <(seq 7)
	[ "$(wc -l <runs)" -eq 3 ]
}

@test "--empty: batches without records too, if something was read for them" {
	seq 2 | "$MARKER" -n 3 2>err | weir each --empty --shell 'wc -l' | weir ack >out
	assert_files_equal out <(printf '2\n')
	seq 4 | "$MARKER" -n 2 2>err | weir filter --input tsv '$1 > 2' | weir each --empty --shell 'wc -l' | weir ack >out
	assert_files_equal out <(printf '0\n2\n')
}

@test "a plain stream is one batch; empty input runs nothing" {
	run_sh 'printf "b\na\n" | weir each sort'
	assert_output $'a\nb'
	run_sh 'weir each sh -c "echo ran" </dev/null'
	assert_success
	assert_output ''
	run_sh 'weir each --empty sh -c "echo ran; cat" </dev/null'
	assert_output ran
}

@test "arguments go to the command as they are, --shell joins them" {
	run_sh "echo x | weir each printf '%s|' 'a b' '*' -n"
	assert_output 'a b|*|-n|'
	run_sh "echo x | weir each --shell 'cat |' 'tr x y'"
	assert_output y
}

@test "output that does not end in a line feed is a record nevertheless" {
	printf '1\n2\n' | "$MARKER" -n 1 2>err | weir each tr -d '\n' | weir ack >out
	assert_files_equal out <(printf '1\n2\n')
}

@test "a failing command: 75, its batch is not acknowledged, nothing of it is acknowledged" {
	# the second batch comes when the first is acknowledged: the source waits for nobody once its pipe is broken
	: >err
	run_sh "{ seq 3; for i in {1..400}; do ! grep -qx 'acked 1' err || break; sleep 0.05; done; seq 4 9; } |
		\$MARKER -n 3 2>err | weir each --shell 'read a; echo \$a; test \$a != 4' 2>err2 | weir ack >out"
	assert_status 75
	grep -q "'sh' ended with status 1; its batch is not acknowledged" err2
	grep -qx 'acked 1' err
	run ! grep -qx 'acked 2' err
}

@test "--ok: statuses that do not mean failure" {
	seq 6 | "$MARKER" -n 2 2>err | weir each --ok 0,1 grep 3 | weir ack >out
	assert_files_equal out <(echo 3)
	grep -qx 'acked 4' err
	run_sh 'echo a | weir each --ok 1 true'
	assert_status 75
	run_sh 'echo a | weir each --ok 1,x true'
	assert_status 2
	run_sh 'echo a | weir each --ok "" true'
	assert_status 2
	run_sh 'echo a | weir each --ok 256 true'
	assert_status 2
}

@test "a command that is killed, missing, or no program" {
	run_sh "echo a | weir each sh -c 'kill -9 \$\$'"
	assert_status 75
	assert_stderr_contains "'sh' was killed by signal 9"
	run -127 bash -c 'echo a | weir each /nonexistent/cmd'
	echo data >file
	run -126 bash -c 'echo a | weir each ./file'
	run_weir each
	assert_status 2
}

@test "the environment: batch, run, offsets, times; none on a plain stream" {
	seq 3 | "$MARKER" -n 2 -t clicks 2>err |
		weir each sh -c 'echo "$WEIR_BATCH $WEIR_RUN $WEIR_OFFSETS $WEIR_START $WEIR_END"' | weir ack >out
	time='20[0-9-]*T[0-9:]*\.[0-9]{3}Z'
	grep -qxE "1 [0-9a-f]{16} \{\"clicks\":\{\"0\":\[0,2\]\}\} $time $time" out
	grep -qxE "2 [0-9a-f]{16} \{\"clicks\":\{\"0\":\[2,3\]\}\} $time $time" out
	run_sh 'echo x | weir each sh -c "echo \${WEIR_BATCH-none}"'
	assert_output none
}

@test "a batch larger than --memory goes through a file that nobody sees" {
	mkdir tmp
	head -c 3000000 /dev/urandom | base64 >in
	TMPDIR=$PWD/tmp weir each --memory 64K cat <in >out
	assert_files_equal out in
	[ -z "$(ls -A tmp)" ]
	run_sh "TMPDIR=/nonexistent weir each --memory 1K cat <in"
	assert_status 78
	assert_stderr_contains 'cannot spool the batch'
}

@test "a command that does not read its input, or closes its output early" {
	run_sh 'seq 300000 | weir each true'
	assert_success
	run_sh 'seq 300000 | weir each head -1'
	assert_success
	assert_output 1
}

@test "SIGTERM is passed on to the running command" {
	start_bg each bash -c "echo go | weir each sh -c 'trap \"echo got; exit 0\" TERM; echo >started; while :; do sleep 0.1; done'"
	wait_for 10 test -e started
	kill -TERM "$(pgrep -x each -g "$(<each.pid)")"
	wait_bg each
	assert_output got
}

@test "output without end of a batch, and none: pipes neither fill up nor block" {
	seq 4 | "$MARKER" -n 2 2>err | weir each sh -c 'yes | head -c 20000000' | weir ack | wc -c | grep -qx 40000000
	seq 400000 | "$MARKER" -n 200000 2>err | weir each true | weir ack >out # does not read, prints nothing
	assert_files_equal out /dev/null
	grep -qx 'acked 3' err
	seq 400000 | "$MARKER" -n 200000 2>err | weir each head -1 | weir ack >out
	assert_files_equal out <(printf '1\n200001\n')
}

@test "the batch ends when the command has, and when nobody holds its output any more" {
	run_sh 'seq 4 | $MARKER -n 2 2>err | weir each sh -c "cat; (sleep 0.3; echo late) &" | weir ack'
	assert_success
	assert_output $'1\n2\nlate\n3\n4\nlate'
	start_bg left bash -c 'echo x | weir each sh -c "cat; sleep 60 >/dev/null 2>&1 & echo \$! >child"'
	wait_bg left 20 # does not wait for a child that has closed the output
	assert_status 0
	kill "$(<child)"
	run_sh 'seq 10 | weir each sh -c "exec >&-; sleep 0.3; exit 3"'
	assert_status 75
	assert_stderr_contains "'sh' ended with status 3"
}

@test "in a marked stream: output that looks like a mark is none; a command that cannot run ends it, nothing is acknowledged" {
	seq 2 | "$MARKER" -n 2 2>err | weir each printf '\027{"v":1}\n\020\n' | weir split | weir ack >out
	assert_files_equal out <(printf '\x17{"v":1}\n\x10\n')
	echo data >file
	for cmd in /nonexistent:127 ./file:126; do
		run_sh "seq 4 | \$MARKER -n 2 2>err | weir each ${cmd%:*} | weir ack; echo \"\${PIPESTATUS[2]}\""
		assert_output "${cmd#*:}"
		run ! grep -q '^acked [1-9]' err
	done
}

@test "SIGTERM in a marked stream goes to the command; each goes on when that goes well, and to the end of the stream" {
	mkfifo hold
	start_bg run bash -c '$MARKER -n 1 <hold 2>err | weir each sh -c "trap \"echo got; exit 0\" TERM; cat; echo >started; while [ ! -e go ]; do sleep 0.05; done" | weir ack'
	exec 5>hold
	echo 1 >&5
	wait_for 10 test -e started
	kill -TERM "$(pgrep -x each -g "$(<run.pid)")"
	wait_for 10 grep -qx 'acked 1' err
	touch go
	echo 2 >&5
	exec 5>&-
	wait_bg run
	assert_status 0
	assert_output $'1\ngot\n2'
}

@test "with curl and ack: each batch is posted once; one that is refused is not acknowledged" {
	python3 - >address 2>log 3>&- <<-'END' &
		import http.server
		class Sink(http.server.BaseHTTPRequestHandler):
		    def do_POST(self):
		        body = self.rfile.read(int(self.headers["Content-Length"]))
		        bad = b"5" in body
		        self.send_response(503 if bad else 200)
		        self.end_headers()
		        if not bad:
		            open("posted", "ab").write(body)
		server = http.server.HTTPServer(("127.0.0.1", 0), Sink)
		print(server.server_port, flush=True)
		server.serve_forever()
	END
	server=$!
	wait_for 10 test -s address
	run_sh "seq 7 | \$MARKER -n 2 2>err | weir each curl -fsS --data-binary @- http://127.0.0.1:$(<address)/ | weir ack"
	kill "$server"
	assert_status 75
	assert_files_equal posted <(seq 4)
	grep -qx 'acked 2' err
	run ! grep -qx 'acked 3' err
}

@test "thousands of partitions: WEIR_OFFSETS would not fit, WEIR_OFFSETS_FILE names a file" {
	python3 "$WEIR_ROOT/tests/lib/forge.py" ./none 20000 >stream
	run_sh "weir each sh -c 'cat >/dev/null; cat \"\$WEIR_OFFSETS_FILE\"; echo; cat \$WEIR_OFFSETS_FILE | wc -c; echo \${WEIR_OFFSETS-none}' <stream | cat >out"
	assert_status 0
	assert_equal "$(jq -c 'select(.orders) | .orders["19999"], (.orders | length)' < <(grep -a '^{"orders"' out) | tr '\n' ' ')" '[0,8] 20000 '
	grep -qx none out
	python3 "$WEIR_ROOT/tests/lib/forge.py" ./none 2 | weir each sh -c 'echo "$WEIR_OFFSETS ${WEIR_OFFSETS_FILE-none}"' | grep -aqx '{"orders":{"0":\[0,8\],"1":\[0,8\]}} none'
}

@test "an environment that is too long for CMD: 78, as it will be so again" {
	python3 "$WEIR_ROOT/tests/lib/forge.py" ./none 7000 >stream
	run_sh 'export BIG; BIG=$(head -c 60000 /dev/zero | tr "\0" x); ulimit -s 256; weir each cat <stream | cat >out'
	assert_status 78
	assert_stderr_contains "cannot run 'cat': Argument list too long"
}
