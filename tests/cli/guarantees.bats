#!/usr/bin/env bats
# weir-guarantees(7): the ways to keep a pipeline running, taken from the manual's own text and run.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	group=$(unique_group)
	topic=$(new_topic 2)
	block '^#!/bin/bash' >words
	sed -i "s,-g words,-g $group,; s, lines , $topic ,; s,lake-put /lake/words,lake-put --commit-every 0 lake,; s,--batch 10s,--batch 200ms -X session.timeout.ms=6000," words
	chmod +x words
}

block() { # block REGEX: the literal text of the manual that begins with a line like this
	sed -n "\\,$1,,/^\\.Ed/p" "$WEIR_ROOT/man/weir-guarantees.7" | sed '/^\.Ed/,$d'
}

# The process NAME of the pipeline that the script in the background runs.
member() { # member NAME
	pgrep -x "$1" -g "$(<run.pid)"
}

lake_has() {
	[ "$(weir lake-cat lake 2>/dev/null | wc -l)" -ge "$1" ]
}

stop_consume() {
	kill -TERM "$(member consume)"
}

# As systemd does: all processes of the service at once, but not what has started them (here: the first of the group).
stop_all() {
	local pids
	mapfile -t pids < <(pgrep -g "$(<run.pid)" | grep -vx "$(<run.pid)")
	kill -TERM "${pids[@]}"
}

# Kill one program after the other while records come, then end by STOP; the words after STOP run the script again and again.
survive() { # survive STOP COMMAND...
	local i=0 name stop=$1
	shift
	start_bg run "$@"
	for name in lake-put split consume; do
		seq $((i * 1000 + 1)) $(((i + 1) * 1000)) | weir produce "$topic"
		i=$((i + 1))
		wait_for 40 lake_has $((i * 1000 - 500))
		kill -9 "$(member "$name")" || true
	done
	seq 3001 4000 | weir produce "$topic"
	wait_for 60 lake_has 4000
	wait_for 20 member consume
	seq 4001 5000 | weir produce "$topic"
	"$stop"
	wait_bg run 60
	assert_status 0
	# the last ones may have come after the signal
	weir consume -g "$group" --batch 1s --to end "$topic" | weir lake-put lake
	assert_files_equal <(weir lake-cat lake | sort -n) <(seq 5000)
}

@test "the script in a shell loop: whatever dies, it goes on, and each record is there once" {
	{ block '^until ./words' && echo 'exit 0'; } >loop
	grep -q 'sleep 1' loop
	survive stop_consume bash loop
}

@test "the script under a supervisor that restarts on the unit's status" {
	again=$(block '^\[Unit\]' | sed -n 's/^RestartForceExitStatus=//p')
	pause=$(block '^\[Unit\]' | sed -n 's/^RestartSec=//p')
	[ "$again" = 75 ]
	block '^\[Unit\]' | grep -qx StartLimitIntervalSec=0
	survive stop_all bash -c "while :; do ./words; s=\$?; [ \$s -eq $again ] || exit \$s; sleep $pause; done"
}

@test "stopped as a service is, all at once, the script ends when what was read is committed" {
	seq 2500 | weir produce "$topic"
	sed -i 's/--commit-every 0/--commit-every 1h --commit-records 1000/; s/--batch 200ms/--batch 1h,100/' words
	start_bg run ./words
	wait_for 40 lake_has 1000
	kill -TERM -- "-$(<run.pid)" # the script too
	wait_bg run 60
	assert_status 0
	rows=$(weir lake-cat lake | wc -l)
	assert_equal "$(weir lake-cat --positions lake | awk '{ n += $3 } END { print n }')" "$rows"
	assert_equal "$(weir lag -g "$group" --format json "$topic" | jq -s 'map(.committed // 0) | add')" "$rows"
	weir consume -g "$group" --batch 1s --to end "$topic" | weir lake-put lake
	assert_files_equal <(weir lake-cat lake | sort -n) <(seq 2500)
}

@test "the script says 78 when a topic is unknown, and does not ask for another try" {
	sed -i "s/ $topic / no-such-topic /" words
	run_logged ./words
	[ "$status" -eq 78 ]
}
