# weir produce against a cluster that fails in chosen ways; on a real Kafka: produce.bats.
# bats file_tags=sample,long
# shellcheck disable=SC2154 # the helpers set it
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo control answers
	exec 5<>control 6<>answers
	weir mock-broker --control --brokers 2 --topic t:2 --topic INVALID_RECORD:1 --topic INVALID_TIMESTAMP:1 <control >answers 3>&- 5>&- 6>&- &
	broker=$!
	read -r -t 10 WEIR_BROKERS <&6
	export WEIR_BROKERS
}

teardown() {
	kill_all
	kill "$broker" 2>/dev/null || true
	wait "$broker" 2>/dev/null || true
}

tell() { # tell COMMAND: to the cluster
	local answer
	echo "$1" >&5
	read -r -t 10 answer <&6
	[ "$answer" = ok ] || fail "$1: $answer"
}

dump() {
	kcat -C -e -q -b "$WEIR_BROKERS" -X fetch.wait.max.ms=20 -t t
}

@test "produce: errors that pass are waited for: nothing lost, nothing doubled" {
	seq 5000 >several
	tell 'errors Produce NOT_LEADER_FOR_PARTITION REQUEST_TIMED_OUT NOT_ENOUGH_REPLICAS'
	run_weir produce -X retry.backoff.ms=10 t several
	assert_success
	seq 5001 10000 >one
	tell 'errors Produce NOT_LEADER_FOR_PARTITION REQUEST_TIMED_OUT _TRANSPORT NOT_ENOUGH_REPLICAS _TRANSPORT'
	# One request in flight: this cluster does not know a batch that is sent again, as brokers do.  With
	# more, the answer to a batch that it stored can be lost when it closes the connection at the next.
	run_weir produce -X max.in.flight=1 -X retry.backoff.ms=10 t one
	assert_success
	dump | sort -n >out
	assert_files_equal out <(seq 10000)
}

@test "produce: one that does not is reported with the first record and the number of those lost" {
	seq 100 >in
	tell 'errors Produce TOPIC_AUTHORIZATION_FAILED'
	run_weir produce -p 0 t in
	assert_status 78
	assert_stderr 'weir produce: 100 of 100 records not acknowledged, first of them record 1 of in: Broker: Topic authorization failed'
	tell 'errors Produce INVALID_RECORD'
	run_weir produce -p 0 t in
	assert_status 65
	assert_stderr_contains 'first of them record 1 of in, to t [0]: Broker: Broker failed to validate record'
	assert_equal "$(dump)" ''
}

@test "produce: a failure ends the reading, and what is in flight is still accounted for" {
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce -p 1 t <pipe 4>&- 5>&- 6>&-
	echo first >&4
	wait_for 10 holds first
	tell 'errors Produce POLICY_VIOLATION'
	echo second >&4
	wait_for 10 feed_until_gone
	wait_bg produce
	assert_status 78
	assert_stderr_contains 'first of them record 2 of standard input: Broker: '
	exec 4>&-
}

feed_until_gone() { # one more record, unless produce has ended
	echo more >&4
	sleep 0.1
	[ -z "$(process_id "$bg_pid")" ]
}

holds() { # holds TEXT: the topic is exactly that
	[ "$(dump)" = "$1" ]
}

@test "produce: the failure of the last record of an input that is still open ends it, too" {
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce -p 1 t <pipe 4>&- 5>&- 6>&-
	echo first >&4
	wait_for 10 holds first
	tell 'errors Produce POLICY_VIOLATION'
	echo second >&4
	wait_bg produce 10
	assert_status 78
	assert_stderr_contains '1 of 2 records not acknowledged, first of them record 2 of standard input: '
	exec 4>&-
}

@test "produce: a leader that moves while records come" {
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce t <pipe 4>&- 5>&- 6>&-
	seq 1 1000 >&4
	tell 'leader t 0 1'
	tell 'leader t 1 1'
	seq 1001 2000 >&4
	tell 'leader t 0 2'
	seq 2001 3000 >&4
	exec 4>&-
	wait_bg produce
	assert_success
	dump | sort -n >out
	seq 3000 >in
	assert_files_equal out in
}

@test "produce: all brokers down and up again" {
	seq 1000 >in
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce t <pipe 4>&- 5>&- 6>&-
	cat in >&4
	tell 'down all'
	cat in >&4
	tell 'up all'
	exec 4>&-
	wait_bg produce
	assert_success
	dump | sort -n >out
	sort -n in in >expected
	assert_files_equal out expected
}

@test "produce: after a signal it waits --timeout for brokers that are gone" {
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce --timeout 1s t <pipe 4>&- 5>&- 6>&-
	echo first >&4
	wait_for 10 holds first
	tell 'down all'
	seq 5 >&4
	sleep 0.3 # enough, most of the time, for them to be read
	stop_bg produce TERM 15
	[ "$status" = 0 ] || {
		assert_status 75
		assert_stderr_contains 'of 6 records not acknowledged, first of them record 2 of standard input: no acknowledgement in time'
	}
	exec 4>&-
}

@test "produce: --timeout holds for every acknowledgement: brokers that go away are reported, and it ends with 75" {
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce --timeout 3s t <pipe 4>&- 5>&- 6>&-
	echo first >&4
	wait_for 10 holds first
	tell 'down all'
	seq 3 >&4
	exec 4>&-
	wait_bg produce 60
	assert_status 75
	assert_stderr_contains 'weir produce: no answer: '
	assert_stderr_contains '; trying for 3s (--timeout)'
	assert_stderr_contains '3 of 4 records not acknowledged, first of them record 2 of standard input: no acknowledgement in time ('
}

@test "produce: the same while the input stays open, and while the queue is full" {
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce --timeout 2s t <pipe 4>&- 5>&- 6>&-
	echo first >&4
	wait_for 10 holds first
	tell 'down all'
	echo second >&4
	wait_bg produce 60
	assert_status 75
	assert_stderr_contains '1 of 2 records not acknowledged'
	[[ $stderr != *'answer again'* ]]
	tell 'up all'
	start_bg full weir produce --timeout 2s -X queue.buffering.max.messages=10 t <pipe 4>&- 5>&- 6>&-
	echo third >&4
	third() {
		dump | grep -q third
	}
	wait_for 10 third
	tell 'down all'
	seq 1000 >&4
	exec 4>&-
	wait_bg full 60
	assert_status 75
	assert_stderr_contains 'weir produce: no answer: '
}

@test "produce: brokers that come back in time lose nothing, and both are reported" {
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce --timeout 60s t <pipe 4>&- 5>&- 6>&-
	echo 1 >&4
	wait_for 10 holds 1
	tell 'down all'
	echo 2 >&4
	says() {
		grep -q 'no answer: ' "$BATS_TEST_TMPDIR/produce.err"
	}
	wait_for 20 says
	tell 'up all'
	exec 4>&-
	wait_bg produce 60
	assert_status 0
	assert_stderr_contains 'weir produce: the brokers answer again'
	assert_equal "$(dump | sort)" $'1\n2'
}

@test "produce: -X message.timeout.ms is the user's, also with other properties of topics; linger.ms is not a wait for an answer" {
	run_weir produce -X linger.ms=1500 --timeout 1s t <<<x
	assert_success
	tell 'rtt all 3000'
	run_weir produce -X message.timeout.ms=60000 -X acks=all --timeout 20s t <<<y
	assert_status 0
	run_weir produce -X partitioner=consistent --timeout 1500ms t <<<z
	assert_status 75
}

@test "produce: fatal errors of the producer end it with what the broker said" {
	local error
	for error in OUT_OF_ORDER_SEQUENCE_NUMBER INVALID_PRODUCER_EPOCH INVALID_PRODUCER_ID_MAPPING PRODUCER_FENCED; do
		tell "errors Produce $error"
		run_weir produce --timeout 60s t <<<x
		assert_status 75
		assert_stderr_contains '1 of 1 records not acknowledged, first of them record 1 of standard input: '
	done
	tell 'errors InitProducerId CLUSTER_AUTHORIZATION_FAILED'
	run_weir produce --timeout 60s t <<<x
	assert_status 78
	assert_stderr_contains 'IDEMPOTENT_WRITE on the cluster is missing'
}

@test "produce: --rejects: bad objects, blank lines and records that are too large are left out, the others are sent" {
	printf '%s\n' '{"value":"1"}' '{"valu":"2"}' '' '{"value":"3"}' '{"value":"\ud83d"}' '{"value":"5"' >in
	{
		printf '{"value":"%2000s"}\n{"value":"\xc3"}\n{"value":"8\0"}\n' 7
		printf '%s9%s\n' "$(printf '[%.0s' {1..1030})" "$(printf ']%.0s' {1..1030})"
		echo '{"value":"10"}'
	} >>in
	printf '{"value":"11"}\nx\n' >in2
	run_weir produce --format json t in
	assert_status 65
	assert_stderr_contains "record 2 of in: byte 13: the object has no member 'value'"
	assert_equal "$(dump)" 1
	run_weir produce --rejects aside --format json -X message.max.bytes=1500 t in in2
	assert_status 1
	assert_stderr "weir produce: 9 of 13 records (69 %) were rejected and are in 'aside'"
	assert_equal "$(dump | sort -n | xargs)" '1 1 3 10 11'
	assert_equal "$(jq -c '[.input,.record]' aside | xargs)" '[in,2] [in,3] [in,5] [in,6] [in,7] [in,8] [in,9] [in,10] [in2,2]'
	assert_equal "$(jq -r 'select(.record == 7) | .reason' aside)" \
		'2000 bytes are more than can be sent (message.max.bytes, queue.buffering.max.kbytes: 1500)'
	cmp <(jq -rj 'select(.record == 8) | .data.base64' aside | base64 -d) <(sed -n 8p in | tr -d '\n')
	run_weir produce --rejects drop --max-rejects 2 --format json t in
	assert_status 65
	assert_stderr_contains '3 of 5 records are rejected, more than --max-rejects allows'
	run_weir produce --rejects drop --max-rejects 10% --format json t in2
	assert_status 65
	assert_stderr_contains '1 of 2 records are rejected, more than --max-rejects allows'
	run_weir produce --rejects drop --format json t in2
	assert_status 1
	assert_stderr 'weir produce: 1 of 2 records (50 %) was rejected and left out'
}

@test "produce: --rejects: what fails after rejected records is named by its number in the input" {
	printf '%s\n' '{"value":"1"}' x '{"value":"3"}' x x '{"value":"6"}' >in
	printf '%s\n' x '{"value":"2"}' >in2
	tell 'errors Produce POLICY_VIOLATION'
	run_weir produce --rejects drop -p 0 --format json t in2 in
	assert_status 78
	assert_stderr_contains 'first of them record 2 of in2: '
	head -n 1 in2 >in3
	tell 'errors Produce POLICY_VIOLATION'
	run_weir produce --rejects drop -p 0 --format json t in3 <(sed -n 2,6p in)
	assert_status 78
	assert_stderr_contains '2 of 2 records not acknowledged, first of them record 2 of /dev/fd/'
}

# The most memory that it has had, in KB, when every second of 2 * COUNT records is rejected.
memory_of() { # memory_of COUNT
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "{\"value\":\"x\"}\n{" }' >in
	run env time -f %M -o memory weir produce -X queue.buffering.max.messages=10000 --format json --rejects drop t in
	assert_status 1
	assert_output_contains "$1 of $((2 * $1)) records (50 %) were rejected"
	tail -n 1 memory
}

@test "produce: rejected records without end need no memory" {
	only_plain 'its memory is measured'
	local some many
	some=$(memory_of 100000) many=$(memory_of 800000)
	[ "$many" -lt $((some + 6000)) ] || fail "$some KB, then $many KB"
}

@test "produce: a sink whose group's coordinator has moved asks again" {
	seq 10 | weir produce t
	tell 'errors OffsetFetch NOT_COORDINATOR NOT_COORDINATOR NOT_COORDINATOR' # librdkafka could not bear it
	weir consume -g g --batch 1s --to end t | weir produce --partition 1 t
	assert_equal "${PIPESTATUS[*]}" '0 0'
	assert_equal "$(dump | sort -n | uniq -c | awk '$1 == 2' | wc -l)" 10
}
@test "produce in a transaction: records that the brokers find invalid, or their times, are left out" {
	local error
	seq 4 >in
	weir produce -p 0 t in
	for error in INVALID_RECORD INVALID_TIMESTAMP; do
		rm -f aside
		tell "errors Produce $error $error $error"
		run_sh "weir consume -g g-$error --batch 1h --to end t | weir produce -p 0 --rejects aside $error; echo \"\${PIPESTATUS[*]}\""
		assert_output '0 1'
		assert_equal "$(jq -c '[.record, .data]' aside)" '[1,"1"]'
		assert_equal "$(kcat -C -e -q -b "$WEIR_BROKERS" -X fetch.wait.max.ms=20 -t "$error" | sort)" $'2\n3\n4'
	done
}
