# weir lag where it needs no real Kafka: usage, nobody there, and librdkafka's mock cluster, which can neither list nor
# describe groups.
# bats file_tags=sample
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; run sets stderr_lines
load ../lib/weir

# Sets WEIR_BROKERS to a mock cluster.
start_mock() { # start_mock ARG...
	start_bg mock weir mock-broker --port-file "$BATS_TEST_TMPDIR/port" "$@"
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	WEIR_BROKERS=$(<"$BATS_TEST_TMPDIR/port")
	export WEIR_BROKERS
}

commit() { # commit GROUP TOPIC PARTITION OFFSET
	"$BUILD/servers/kadmin" "$WEIR_BROKERS" commit "$@"
}

@test "usage: a group or all of them, not both; brokers; a format; a number" {
	export WEIR_BROKERS=127.0.0.1:1
	run_weir lag
	assert_status 2
	assert_stderr "weir lag: name a group (-g), or give --all-groups (try 'weir lag --help')"
	run_weir lag ingest
	assert_status 2
	assert_stderr "weir lag: name a group (-g), or give --all-groups; operands are topics (try 'weir lag --help')"
	run_weir lag -g a --all-groups
	assert_status 2
	run_weir lag -g a --format xml
	assert_status 2
	assert_stderr_contains 'table|json|prometheus'
	for n in -1 x '' 1k 18446744073709551616; do
		run_weir lag -g a --max-lag "$n"
		assert_status 2
	done
	run_weir lag -g "$(head -c 32768 /dev/zero | tr '\0' x)"
	assert_status 2
	assert_stderr_contains 'has more than 32767 bytes'
	unset WEIR_BROKERS
	run_weir lag -g a
	assert_status 2
	assert_stderr_contains 'no brokers'
}

@test "a name that no group can have is refused before anybody is asked: not UTF-8, empty, a leading blank, control characters" {
	local name
	for name in $'\xff' $'caf\xe9' '' ' ' ' lead' $'\t' $'a\nb' $'a\x1b[31m'; do
		run_weir lag -b 127.0.0.1:1 -g ok -g "$name"
		assert_status 2
		assert_output ''
		assert_stderr_contains 'option --group: the name of a group, '
	done
}

@test "a bad property: 78 with librdkafka's words" {
	run_weir lag -b 127.0.0.1:1 -g a -X no.such.property=1
	assert_status 78
	assert_stderr_contains 'No such configuration property: "no.such.property"'
	run_weir lag -b 127.0.0.1:1 -g a -X 'ssl.ca.location=/nonexistent' -X security.protocol=ssl
	assert_status 78
	assert_output ''
}

@test "nobody there: 75 after the deadline, with the reason" {
	run_weir lag -b 127.0.0.1:1 -g a --timeout 500ms
	assert_status 75
	assert_output ''
	assert_stderr_contains 'connection refused'
	[ "${#stderr_lines[@]}" = 1 ]
	run_weir lag -b 127.0.0.1:1 --all-groups --max-lag 0 --timeout 500ms
	assert_status 75
	assert_output ''
}

@test "--all-groups tells why nobody answers, as -g does" {
	run_weir lag -b 127.0.0.1:1 --all-groups --timeout 2s
	assert_status 75
	assert_stderr 'weir lag: 127.0.0.1:1: connection refused; trying for 2s (--timeout)
weir lag: cannot reach a broker: 127.0.0.1:1: connection refused (waited 2s)'
}

@test "the mock cluster: positions are found partition by partition, members stay unknown" {
	start_mock --topic a:2 --topic b:1
	seq 10 | kcat -P -b "$WEIR_BROKERS" -t a -p 1
	commit g a 1 3
	run_weir lag -g g --format json
	assert_success
	assert_output '{"group":"g","topic":"a","partition":0,"committed":null,"log_start":0,"log_end":0,"lag":null,"lost":null,"member":null}
{"group":"g","topic":"a","partition":1,"committed":3,"log_start":0,"log_end":10,"lag":7,"lost":0,"member":null}'
	run_weir lag -g g --format json a
	assert_success
	[ "${#lines[@]}" = 2 ]
	run_weir lag -g g b
	assert_success
	assert_output 'group  topic  partition  committed  log_start  log_end  lag  lost  member
g      b              0          -          0        0    -     -       -

group  partitions  unknown  lag  lost  members
g               1        1    -     -        -'
	run_weir lag -g g --max-lag 6
	assert_status 1
	run_weir lag -g g --max-lag 7
	assert_status 0
}

@test "the mock cluster: a coordinator that has moved is asked again" {
	mkfifo "$BATS_TEST_TMPDIR/control"
	exec 5<>"$BATS_TEST_TMPDIR/control"
	start_mock --topic a:1 --control <"$BATS_TEST_TMPDIR/control" 5>&-
	commit g a 0 0
	echo 'errors OffsetFetch NOT_COORDINATOR COORDINATOR_NOT_AVAILABLE NOT_COORDINATOR' >&5
	wait_for 10 grep -q ok "$BATS_TEST_TMPDIR/mock.out"
	run_weir lag -g g --format json
	assert_success
	assert_output '{"group":"g","topic":"a","partition":0,"committed":0,"log_start":0,"log_end":0,"lag":0,"lost":0,"member":null}'
}

@test "the mock cluster: no groups to be listed, and a group without positions" {
	start_mock --topic a:2
	run_weir lag --all-groups
	assert_status 78
	assert_output ''
	assert_stderr 'weir lag: cannot list the groups: Local: Required feature not supported by broker'
	run_weir lag -g g
	assert_status 78
	assert_stderr "weir lag: group 'g' has no positions"
	run_weir lag -g g --max-lag 0 a
	assert_status 1
	assert_stderr_contains 'the group has neither positions nor members'
}

@test "the mock cluster: a hundred runs end, though librdkafka cannot describe its groups" {
	start_mock --topic a:2
	commit g a 0 0
	for _ in $(seq 100); do
		weir lag -g g >/dev/null
	done
}

@test "names of topics that no broker would take" {
	start_mock --topic a:1
	run_weir lag -g g "$(head -c 250 /dev/zero | tr '\0' x)"
	assert_status 78
	assert_stderr_contains 'Invalid topic'
	run_weir lag -g g "$(head -c 40000 /dev/zero | tr '\0' x)"
	assert_status 78
	assert_stderr_contains 'Invalid topic'
}

@test "a broker that takes connections and says nothing: 75 after the deadline" {
	start_mock --topic a:1
	process_signal STOP "$(<"$BATS_TEST_TMPDIR/mock.bg")"
	run_weir lag -g g --timeout 2s
	assert_status 75
	assert_output ''
	assert_stderr_contains 'weir lag: cannot reach a broker: '
	assert_stderr_contains ': no answer (waited 2s)'
}

@test "three brokers: partitions of all leaders" {
	start_mock --brokers 3 --topic a:60
	commit g a 0 0
	run_weir lag -g g --format json
	assert_success
	assert_equal "$(jq .log_end <<<"$output" | sort | uniq -c | tr -s ' ')" ' 60 0'
}
