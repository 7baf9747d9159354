#!/usr/bin/env bats
# consume --batch that is told to end before anything has begun.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	coproc BROKER { exec "$WEIR_EXEC_PATH/mock-broker" --topic t:1 --until-eof; }
	read -r WEIR_BROKERS <&"${BROKER[0]}"
	export WEIR_BROKERS
}

teardown() {
	kill "$BROKER_PID" 2>/dev/null || true
	kill_all
}

@test "SIGTERM while it looks for the brokers: a clean end" {
	kill -STOP "$BROKER_PID"
	mkfifo out
	start_bg reader cat out
	start_bg consume bash -c 'exec weir consume -g g --batch 1s t >out'
	sleep 1
	stop_bg consume TERM 20
	assert_status 0
	kill -CONT "$BROKER_PID"
	wait_bg reader
	assert_equal "$output" ''
}

@test "SIGTERM while no sink has said hello: it does not wait for an acknowledgement for ever" {
	mkfifo out
	start_bg reader cat out
	start_bg consume bash -c 'exec weir consume -g g --batch 1s --sink-timeout 2s t >out'
	wait_for 10 grep -q '"k":"S"' reader.out
	stop_bg consume TERM 20
	assert_status 75
	assert_stderr_contains '0 of 1 sinks connected within 2 s'
}
