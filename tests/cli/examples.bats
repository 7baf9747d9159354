#!/usr/bin/env bats
# weir-examples(7): its pipelines, taken from the page's own text, on the real Kafka, and whether they find what is there.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	group=$(unique_group)
	topic=$(new_topic 4)
}

# The literal text that begins like this, with our topic and group; the pipeline ends by itself if $3 is --to.
example() { # example REGEX TOPIC [--to]
	sed -n "/$1/,/^\\.Ed/p" "$WEIR_ROOT/man/weir-examples.7" | sed '/^\.Ed/,$d' |
		sed "s/\\\\(aq/'/g; s/\\\\e\$/\\\\/; s/-g [a-z_]* /-g $group /; s/ $2 | / $topic | /; s/ $2 |\$/ $topic |/" |
		sed "${3:+s/ consume / consume --to end /; s/^weir consume /weir consume --to end /}" >pipeline
	grep -q "$topic" pipeline || fail "no pipeline begins like '$1'"
	cat pipeline
}

# Fill the topic, run the pipeline in two goes, with a part of the records each, and gather the alarms.
run_demo() { # run_demo KIND
	local half
	python3 "$WEIR_ROOT/tests/demo/events.py" "$1" 7 labels >events
	half=$(($(wc -l <events) * 2 / 3))
	head -n $half events | weir produce -K '\t' "$topic"
	run_sh "$(<pipeline)"
	assert_status 0
	tail -n +$((half + 1)) events | weir produce -K '\t' "$topic"
	run_sh "$(<pipeline)"
	assert_status 0
	weir lake-cat alarms >found
	cut -f 2 events >everything
	run -0 weir lag -g "$group" --format json "$topic"
	[ "$(jq -s 'map(.lag) | add' <<<"$output")" = 0 ]
}

@test "examples: words of each batch on a terminal, below its time, as Spark's example does" {
	example '^weir consume -g my_group' my_topic
	sed -i 's/--batch 10s/--batch 1s/' pipeline
	cat >terminal.py <<'EOD'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "-o", "pipefail", "-c", open("pipeline").read() + " 2>err"])
with open("seen", "wb", buffering=0) as seen:
    while True:
        try:
            data = os.read(fd, 65536)
        except OSError: # the other end is closed
            break
        if not data:
            break
        seen.write(data.replace(b"\r", b""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOD
	start_bg words python3 terminal.py
	printf 'to be or not\nto be\n' | weir produce "$topic"
	wait_for 30 grep -qs '	to$' seen
	printf 'to  see\n' | weir produce "$topic"
	wait_for 30 grep -qs '	see$' seen
	local pid
	for pid in $(pgrep -x consume); do
		! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "-g $group " || kill -TERM "$pid"
	done
	wait_bg words 30
	assert_status 0
	grep -qE '^-- 20[0-9-]{8}T[0-9:]{8}Z --$' seen
	# each batch's counts stand below its own line
	awk '/^-- / { b++; next } { print b "\t" $0 }' seen >batches
	first=$(awk '$3 == "or" { print $1 }' batches) second=$(awk '$3 == "see" { print $1 }' batches)
	[ "$second" -gt "$first" ]
	assert_equal "$(awk -v b="$first" '$1 == b { print $2, $3 }' batches)" $'2 be\n2 to\n1 not\n1 or'
	assert_equal "$(awk -v b="$second" '$1 == b { print $2, $3 }' batches)" $'1 see\n1 to'
}

@test "examples: payments: at least 95 % of what was planted is found, and of the alarms are right" {
	example '^weir consume -g fraud' payments --to
	run_demo payments
	run_logged python3 "$WEIR_ROOT/tests/demo/answers.py" payments labels found
	assert_success
	printf '# %s\n' "${lines[@]}" >&3
}

@test "examples: sensors: faults are found, with a tenth of the false alarms of three standard deviations" {
	example '^weir consume -g watch' readings --to
	run_demo readings
	run_logged python3 "$WEIR_ROOT/tests/demo/answers.py" readings labels found everything
	assert_success
	printf '# %s\n' "${lines[@]}" >&3
}
