#!/usr/bin/env bats
# run: a pipeline as a service: statuses, signals, restarts, processes left behind, the lock, the health file.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# The processes below that of the background command NAME, without its shell: their names, sorted.
below() { # below NAME
	local pid shell
	pid=$(<"$1.pid")
	shell=$(pgrep -P "$pid")
	{ for pid in $shell; do pgrep -P "$pid"; done; } | while read -r pid; do cat "/proc/$pid/comm"; done 2>/dev/null |
		sort | xargs
}

runs() { # runs NAME PROGRAMS: these run below it
	[ "$(below "$1")" = "$2" ]
}

shell_of() { # shell_of NAME
	pgrep -P "$(<"$1.pid")"
}

ended() { # ended STATUS 'TEXT' [MESSAGE]: run ends with this status and this text
	run_logged weir run -c "$2"
	assert_status "$1"
	[ -z "${3:-}" ] || assert_stderr "weir run: the pipeline has ended: $3"
}

@test "statuses: all programs count, by the rules of weir-guarantees(7)" {
	ended 0 'true | true'
	assert_stderr ''
	ended 1 'true | (exit 1) | true'
	assert_stderr ''
	ended 75 'true | (exit 75) | (exit 1)' 'program 2 of 3: status 75, program 3 of 3: status 1'
	ended 78 '(exit 75) | true | (exit 78)' 'program 1 of 3: status 75, program 3 of 3: status 78'
	ended 65 '(exit 75) | (exit 65) | (exit 78)'
	ended 2 '(exit 75) | (exit 2)'
	ended 126 '(exit 126) | true'
	ended 75 'true | bash -c "kill -9 \$\$" | true'
	assert_stderr_contains 'the pipeline has ended: program 2 of 3: killed by SIGKILL'
	ended 75 'true | (exit 137)'
}

@test "statuses: SIGPIPE of a program before one that has ended well is not a failure" {
	ended 0 'yes | head -n 1 >/dev/null'
	assert_stderr ''
	ended 78 'yes | (exit 78)' 'program 1 of 2: killed by SIGPIPE, program 2 of 2: status 78'
	run_sh 'weir run --restart -c "yes" | true; echo "${PIPESTATUS[0]}"'
	assert_output 141
}

@test "statuses: text of several commands ends with the first pipeline that fails" {
	ended 75 $'true | (exit 75) | true\necho never'
	assert_output ''
	ended 5 'true; exit 5' 'its shell: status 5'
	ended 0 'true | (exit 75) || true'
	ended 1 'exec false'
	ended 75 '(sleep 0.1; exit 75) &' 'its shell: status 75'
	ended 3 'trap "echo mine" EXIT; exit 3'
	assert_output mine
}

@test "text from a pipe, from a file, and what is none" {
	echo 'echo "$0"; exit 4' >file
	run_logged weir run file
	assert_status 4
	assert_output file
	run_logged weir run <(echo 'true | (exit 66)')
	assert_status 66
	run_logged weir run no-such-file
	assert_status 78
	assert_stderr "weir run: cannot read 'no-such-file': No such file or directory"
	run_logged weir run 'weir consume x | cat'
	assert_stderr "weir run: cannot read 'weir consume x | cat': No such file or directory (the text of a pipeline needs -c)"
	run_logged weir run -c weir consume
	assert_status 2
	assert_stderr_contains "unexpected operand 'consume': with -c the pipeline is one word, in quotes"
	run_logged weir run
	assert_status 2
	run_logged weir run -c ' '
	assert_status 2
	printf 'true\0true' >nul
	run_logged weir run nul
	assert_status 78
	head -c 200000 /dev/zero | tr '\0' '#' >long
	run_logged weir run long
	assert_status 78
	run_logged weir run --health . -c 'touch ran'
	assert_status 78
	run_logged weir run --lock . -c 'touch ran'
	assert_status 78
	[ ! -e ran ]
}

@test "text that bash cannot parse does not run at all" {
	run_logged weir run -c $'touch ran\ntrue | | false'
	assert_status 2
	assert_stderr_contains 'line 2: syntax error near'
	assert_stderr_contains 'weir run: the pipeline is not text that bash understands; nothing of it has run'
	printf '#!/bin/bash\ntouch ran\nif true |\n' >file
	run_logged weir run --restart file
	assert_status 78
	assert_stderr_contains 'file: '
	[ ! -e ran ]
	run -127 --separate-stderr env -i PATH="$BUILD" "$BUILD/weir" run -c true
	assert_stderr 'weir run: cannot run bash: No such file or directory'
}

@test "standard input of the pipeline is empty, output and error are those of run" {
	run_sh 'seq 3 | weir run -c "cat; echo out; echo err >&2"'
	assert_output out
	assert_stderr err
}

@test "a weir is found in the pipeline where PATH has none" {
	local bash
	mkdir bin
	bash=$(command -v bash)
	ln -s "$bash" bin/bash
	run_logged env -i PATH="$PWD/bin" "$BUILD/weir" run -c 'weir split <<<"a b"'
	assert_success
	assert_output $'a\nb'
}

@test "TERM to run alone: the source ends, and what was read is dealt with by programs that signals would kill" {
	for signal in TERM INT HUP; do
		start_bg run weir run -c 'trap "" USR1; { seq 1000; tail -f /dev/null; } | gzip | gzip -d >out; echo never'
		wait_for 10 runs run 'bash gzip gzip'
		wait_for 10 pgrep -P "$(pgrep -P "$(shell_of run)" -o)" tail
		kill -"$signal" "$(<run.pid)"
		wait_bg run
		assert_status 0
		assert_output ''
		assert_files_equal out <(seq 1000)
	done
}

@test "TERM to run alone: at once, and when the source has programs of its own below it" {
	for text in 'tail -f /dev/null | cat | cat' 'weir run -c "tail -f /dev/null | cat"; echo never' \
		'timeout 60 tail -f /dev/null | gzip -c >/dev/null' 'bash -c "tail -f /dev/null; exit 0" | cat' \
		'python3 -c "import subprocess; subprocess.run([\"tail\", \"-f\", \"/dev/null\"])" | cat'; do
		for pause in 0.01 0.02 0.04 0.5; do
			echo "$text, after $pause s"
			start_bg run weir run -c "$text"
			sleep "$pause"
			stop_bg run
			[ "$status" = 0 ] || [ "$status" = 143 ] # 143 if the pipeline had not begun yet
			assert_output ''
		done
	done
}

@test "TERM to all at once: its shell outlives it, and the programs' statuses count" {
	start_bg run weir run -c 'tail -f /dev/null | bash -c "trap : TERM; cat; exit 65"'
	wait_for 10 runs run 'bash tail'
	wait_for 10 pgrep -P "$(pgrep -P "$(shell_of run)" -n)" cat
	kill -TERM "$(<run.pid)" "$(shell_of run)" $(pgrep -P "$(shell_of run)")
	wait_bg run
	assert_status 65
}

@test "a stage that ignores TERM: told, a second signal goes to all, a third one kills" {
	start_bg run weir run -c 'sleep 60 | bash -c "trap \"\" TERM; touch ready; sleep 61; true"'
	wait_for 10 test -e ready
	kill -TERM "$(<run.pid)"
	wait_for 10 grep -q '^weir run: waiting for the end of bash (' run.err
	kill -TERM "$(<run.pid)"
	process_runs "$(<run.bg)"
	while process_runs "$(<run.bg)"; do # no sooner than a second later it is another one
		kill -TERM "$(<run.pid)" || true
		sleep 0.3
	done
	wait_bg run
	assert_status 75
	assert_stderr_contains 'weir run: killing bash ('
}

@test "--grace: what still runs then is killed" {
	start_bg run weir run --grace 300ms -c 'sleep 60 | bash -c "trap \"\" TERM; touch ready; sleep 61; true"'
	wait_for 10 test -e ready
	stop_bg run TERM 20
	assert_status 75
	assert_stderr_contains 'weir run: killing bash ('
}

@test "--restart: again after 75 and after death by a signal, until it ends well or for good" {
	echo 'n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n >n; true | bash -c "$(sed -n "${n}p" ends)"' >pipeline
	printf '%s\n' 'exit 75' 'kill -9 $$' 'exit 1' >ends
	run_logged weir run --restart pipeline
	assert_status 1
	assert_stderr_contains 'weir run: the pipeline has ended: program 2 of 2: status 75; again in 1s'
	assert_stderr_contains 'weir run: the pipeline has ended: program 2 of 2: killed by SIGKILL; again in 2s'
	assert_equal "$(<n)" 3
	rm n
	printf '%s\n' 'exit 75' 'exit 65' >ends
	run_logged weir run --restart pipeline
	assert_status 65
	assert_equal "$(<n)" 2
}

@test "--restart: a signal ends the pause" {
	start_bg run weir run --restart -c 'exit 75'
	wait_for 10 grep -q 'again in 4s' run.err
	stop_bg run
	assert_status 75
}

@test "a program that was killed is named" {
	start_bg run weir run --restart --health health -c 'tail -f /dev/null | weir split | cat'
	wait_for 10 runs run 'cat split tail'
	sleep 0.5 # the names are read shortly after the start
	kill -9 "$(pgrep -P "$(shell_of run)" -x split)"
	wait_for 10 grep -q '^weir run: the pipeline has ended: tail: killed by SIGPIPE, split: killed by SIGKILL; again in 1s$' run.err
	wait_for 10 runs run 'cat split tail'
	assert_equal "$(jq -c '[.state, .restarts, .statuses]' health)" '["running",1,[141,137,0]]'
	stop_bg run
	assert_status 0
}

@test "killed and orphaned: bash by -9; what it has left is asked to end before another try" {
	start_bg run weir run --restart -c 'date +%s%N >>starts; tail -f /dev/null | { cat; date +%s%N >>ends; }'
	wait_for 10 runs run 'bash tail'
	kill -9 "$(shell_of run)"
	wait_for 20 test -s ends
	wait_for 20 eval '[ "$(wc -l <starts)" -eq 2 ]'
	assert_equal "$(cat ends)" "$(cat starts ends | sort -n | sed -n 2p)" # the first had ended when the second began
	grep -q "still run" run.err
	wait_for 10 runs run 'bash tail'
	stop_bg run
	assert_status 0
	wait_for 10 eval '! pgrep -g "$(<run.pid)"'
}

@test "orphans: what leaves its parents and its session is waited for, as PID 1 does" {
	start_bg run weir run -c 'bash -c "setsid bash -c \"sleep 0.5; touch over\" & exit 0"'
	wait_bg run
	assert_status 0
	[ -e over ]
}

# A pid namespace of its own, with or without its own /proc.
pid_namespace() { # pid_namespace OPTION...
	needs_mounts
	namespace=("${mount_namespace[@]/-m/-p}" --fork "$@")
	[ "$EUID" = 0 ] || namespace=(unshare -rp --fork "$@")
}

@test "PID 1 of a container: TERM ends it, the statuses are there, no zombie stays" {
	for option in --mount-proc ''; do
		pid_namespace $option
		rm -f ready left
		start_bg run "${namespace[@]}" bash -c 'exec weir run -c "
			(sleep 0.1 & exec true)
			{ seq 1000; touch ready; tail -f /dev/null; } | gzip | gzip -d >out"'
		wait_for 10 test -e ready
		wait_for 10 eval 'gone=$(ps -o stat= --ppid "$(pgrep -P "$(<run.pid)")") && [[ $gone != *Z* ]]'
		kill -TERM "$(pgrep -P "$(<run.pid)")"
		wait_bg run
		assert_status 0
		assert_files_equal out <(seq 1000)
	done
}

@test "--lock: one at a time, for as long as any of its processes lives" {
	echo untouched >lock
	start_bg first weir run --lock lock -c 'touch ready; tail -f /dev/null | cat'
	wait_for 10 test -e ready
	run_logged weir run --lock lock -c 'touch second'
	assert_status 75
	[[ $stderr == "weir run: 'lock' is locked by another run ("*", process "*")" ]]
	[ ! -e second ]
	pid=$(shell_of first)
	kill -9 "$(<first.pid)" # the pipeline goes on without run
	wait_bg first
	run_logged weir run --lock lock -c 'touch second'
	assert_status 75
	kill -9 $(pgrep -g "$pid")
	wait_for 10 weir run --lock lock -c 'touch second'
	[ -e second ]
	assert_equal "$(<lock)" untouched
}

@test "--lock: many that start at once: one runs" {
	local i pids=()
	for i in {1..8}; do
		weir run --lock lock -c "echo $i >>ran; sleep 2" 2>"err-$i" && echo "$i" >>well &
		pids+=($!)
	done
	wait "${pids[@]}" || true
	assert_equal "$(wc -l <ran) $(wc -l <well)" '1 1'
	assert_equal "$(cat err-* | grep -c "is locked by another run")" 7
}

@test "--health: what the pipeline does, and the probe of the manual" {
	probe=$(sed -n '/^find .*-mmin/p' "$WEIR_ROOT/man/weir-run.1" | sed 's,/run/words.json,health,')
	[ -n "$probe" ]
	run bash -c "$probe"
	[ "$status" -ne 0 ]
	start_bg run weir run --restart --health health -c 'test -e well && exec sleep 60; exit 75'
	wait_for 10 eval '[ "$(jq -c "[.state, .statuses, .status]" health)" = "[\"waiting\",[75],null]" ]'
	touch well
	wait_for 10 eval '[ "$(jq -r .state health)" = running ]'
	jq -e '.restarts >= 1 and (.since | fromdate > 1e9)' health
	bash -c "$probe"
	touch -d '2 minutes ago' health
	run bash -c "$probe"
	[ "$status" -ne 0 ]
	wait_for 30 bash -c "$probe" # renewed
	stop_bg run
	assert_equal "$(jq -c '[.state, .status]' health)" '["ended",0]'
	run bash -c "$probe"
	[ "$status" -ne 0 ]
}

@test "the file of --health is not that of the pipeline" {
	echo 'echo a' >pipeline
	run_logged weir run --health ./pipeline pipeline
	assert_status 2
	assert_stderr_contains 'the file of --health is also that of the pipeline'
	assert_equal "$(<pipeline)" 'echo a'
}

@test "- is standard input" {
	run_sh 'echo "echo a" | weir run -'
	assert_success
	assert_output a
}
