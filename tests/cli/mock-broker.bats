# weir mock-broker: the cluster starts, serves as documented, and ends when it should.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	port_file=$BATS_TEST_TMPDIR/address
}

teardown() {
	if [ -n "${broker:-}" ]; then
		kill "$broker" 2>/dev/null || true
		wait "$broker" || true
	fi
}

# Start a cluster in the background: sets broker (pid) and address.
start() {
	weir mock-broker --port-file "$port_file" "$@" >"$BATS_TEST_TMPDIR/out" 3>&- &
	broker=$!
	until [ -s "$port_file" ]; do
		kill -0 "$broker"
		sleep 0.02
	done
	address=$(cat "$port_file")
}

@test "mock-broker prints its address as its only line and serves the topics it was given" {
	start --topic a:3 --topic b.c_d-e:1
	[[ $address =~ ^127\.0\.0\.1:[0-9]+$ ]]
	topics=$(kcat -L -b "$address" | sed -n 's/^  topic "\(.*\)" with \([0-9]*\) partitions:$/\1 \2/p' | sort)
	[ "$topics" = $'a 3\nb.c_d-e 1' ]
	until [ -s "$BATS_TEST_TMPDIR/out" ]; do sleep 0.02; done
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = "$address" ]
}

@test "mock-broker keeps records: what kcat writes, kcat reads" {
	start --topic t:1
	seq 1000 | kcat -P -b "$address" -t t -p 0
	kcat -C -e -q -b "$address" -t t -p 0 -X fetch.wait.max.ms=20 | cmp - <(seq 1000)
}

@test "mock-broker --brokers gives one address for each broker" {
	start --brokers 3 --topic t:6
	[[ $address =~ ^127.0.0.1:[0-9]+,127.0.0.1:[0-9]+,127.0.0.1:[0-9]+$ ]]
	run -0 kcat -L -b "${address%%,*}"
	[ "$(grep -c '^  broker [123] at 127' <<<"$output")" = 3 ]
	[ "$(grep -c '    partition .* replicas: .,.,.,' <<<"$output")" = 6 ]
}

@test "mock-broker ends with 0 on SIGTERM and on SIGINT and removes its port file" {
	for signal in TERM INT; do
		start
		kill -"$signal" "$broker"
		wait "$broker"
		[ ! -e "$port_file" ]
	done
}

@test "mock-broker --until-eof ends with standard input, others do not read it" {
	run -0 --separate-stderr weir mock-broker --until-eof </dev/null
	[[ $output =~ ^127.0.0.1:[0-9]+$ ]]
	[ -z "$stderr" ]
	run -0 weir mock-broker --until-eof < <(echo ignored; sleep 0.2)
	start </dev/null
	sleep 0.2
	kill -0 "$broker"
}

@test "mock-broker closes its output after the address, so that a reader goes on" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	weir mock-broker >"$BATS_TEST_TMPDIR/pipe" 3>&- &
	broker=$!
	[ "$(wc -l <"$BATS_TEST_TMPDIR/pipe")" -eq 1 ]
	kill -0 "$broker"
}

@test "mock-broker refuses bad topics with 2" {
	for topic in a :3 a: a:0 a:-1 a:1x 'a b:1' a/b:1 ä:1 a:10001 "$(printf 'x%.0s' {1..250}):1" ''; do
		run -2 --separate-stderr weir mock-broker --topic "$topic" </dev/null
		[ -z "$output" ]
		[[ $stderr == "weir mock-broker: option --topic: '$topic' is not NAME:PARTITIONS: "* ]]
	done
}

@test "mock-broker refuses a topic given twice with 78" {
	run -78 --separate-stderr weir mock-broker --topic a:1 --topic a:2
	[ "$stderr" = "weir mock-broker: cannot create topic 'a:2': Broker: Topic already exists" ]
}

@test "mock-broker refuses bad options and operands with 2" {
	run -2 weir mock-broker --brokers 0
	run -2 weir mock-broker --brokers 65
	run -2 weir mock-broker --nonsense
	run -2 weir mock-broker operand
}

@test "mock-broker says when the port file cannot be written, and leaves what is not a regular file" {
	run -78 --separate-stderr weir mock-broker --port-file "$BATS_TEST_TMPDIR/no/dir"
	[ -z "$output" ]
	[ "$stderr" = "weir mock-broker: cannot write '$BATS_TEST_TMPDIR/no/dir': No such file or directory" ]
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	run -78 --separate-stderr weir mock-broker --port-file "$BATS_TEST_TMPDIR/fifo"
	[[ $stderr == *"not a regular file" ]]
	[ -p "$BATS_TEST_TMPDIR/fifo" ]
}

@test "mock-broker says when its output cannot be written" {
	run -75 --separate-stderr bash -c 'weir mock-broker >/dev/full'
	[ "$stderr" = "weir mock-broker: cannot write standard output: No space left on device" ]
	run -78 --separate-stderr bash -c 'weir mock-broker >&-'
	[ "$stderr" = "weir mock-broker: cannot write standard output: Bad file descriptor" ]
}

# --- the control input -----------------------------------------------------------------------------

# Start a cluster with a control input: descriptor 4 takes commands, 5 has the answers.
start_control() {
	mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/answers"
	exec 4<>"$BATS_TEST_TMPDIR/in" 5<>"$BATS_TEST_TMPDIR/answers"
	weir mock-broker --control "$@" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/answers" 3>&- 4>&- 5>&- &
	broker=$!
	read -r -t 10 address <&5
}

tell() { # tell COMMAND: sets answer
	echo "$1" >&4
	read -r -t 10 answer <&5
}

@test "mock-broker --control: each command is answered, a bad one with the reason" {
	start_control --brokers 2
	while IFS='|' read -r command expected; do
		tell "$command"
		[ "$answer" = "$expected" ] || {
			echo "$command: $answer"
			false
		}
	done <<-'COMMANDS'
		|ok
		# a comment|ok
		topic t 3|ok
		topic t 3|error: Broker: Topic already exists
		topic t/ 3|error: 't/' is not a topic's name
		topic u 0|error: '0' is not a number of partitions (1 to 10000)
		errors Produce REQUEST_TIMED_OUT _TRANSPORT 7|ok
		errors produce NONSENSE|error: 'NONSENSE' is not an error
		errors Eat REQUEST_TIMED_OUT|error: 'Eat' is not a kind of request
		errors Produce|error: usage: errors API ERROR...
		clear 0|ok
		down 3|error: '3' is not a broker
		down 2|ok
		up all|ok
		rtt all 0|ok
		rtt 1 -1|error: '-1' is not a number of milliseconds
		leader t 0 2|ok
		leader t 0 none|ok
		coordinator group g 2|ok
		coordinator gruppe g 2|error: 'gruppe' is not group or transaction
		topic-error t TOPIC_AUTHORIZATION_FAILED|ok
		eat|error: 'eat' is not a command
	COMMANDS
}

@test "mock-broker --control: ends with its input, and reads commands that come in pieces or together" {
	run -0 --separate-stderr weir mock-broker --control < <(
		printf 'topic a'
		sleep 0.1
		printf ' 1\ntopic b 1\ntopic a 1\nno line feed'
	)
	[ "${lines[*]:1}" = 'ok ok error: Broker: Topic already exists' ]
	run -65 --separate-stderr weir mock-broker --control < <(head -c 100000 /dev/zero | tr '\0' x)
	[ "$stderr" = 'weir mock-broker: a command is longer than 65536 bytes' ]
}

@test "mock-broker --control: a topic error and a broker that is down reach the clients" {
	start_control --topic t:1
	tell 'topic-error t TOPIC_AUTHORIZATION_FAILED'
	run -1 kcat -C -e -b "$address" -t t
	[[ $output == *'authorization failed'* ]]
	tell 'topic-error t NO_ERROR'
	echo 1 | kcat -P -b "$address" -t t
	tell 'down all'
	run -1 kcat -L -m 1 -b "$address"
	tell 'up all'
	[ "$(kcat -C -e -q -b "$address" -t t)" = 1 ]
}

@test "mock-broker cannot look up times: consume says so" {
	start --topic t:2
	seq 5 | weir produce -b "$address" t
	for time in @-1h @2026-11-22T10:00:00Z @1700000000; do
		run_weir consume -b "$address" --from "$time" --to end t
		assert_status 78
		assert_output ''
		assert_stderr 'weir consume: this is a mock broker, which cannot look up the offset of a time'
	done
	run_weir consume -b "$address" --to @1700000000 t
	assert_status 78
	run_weir consume -b "$address" --from @-30000d --to end t # the start, which needs no look-up
	assert_success
	assert_equal "$(sort <<<"$output")" "$(seq 5)"
}

free_port() { # a free port followed by another free one, below those that the kernel gives to clients
	python3 - <<-'EOF'
		import random, socket
		while True:
		    port = random.randrange(10000, 30000, 2)
		    try:
		        for p in port, port + 1:
		            with socket.socket() as s:
		                s.bind(("127.0.0.1", p))
		    except OSError:
		        continue
		    print(port)
		    break
	EOF
}

@test "mock-broker --port: the brokers listen there, and tell their clients so" {
	port=$(free_port)
	start --port "$port" --brokers 2 --topic t:2
	[ "$address" = "127.0.0.1:$port,127.0.0.1:$((port + 1))" ]
	seq 10 | kcat -P -b "localhost:$port" -t t
	[ "$(kcat -C -e -q -b "localhost:$((port + 1))" -t t -X fetch.wait.max.ms=20 | sort -n)" = "$(seq 10)" ]
	kcat -L -b "localhost:$port" | grep -q "broker 2 at 127.0.0.1:$((port + 1))"
	run --separate-stderr -75 weir mock-broker --port "$port"
	[ "$stderr" = "weir mock-broker: cannot listen on port $port: Address already in use" ]
	[ "$output" = '' ]
}

@test "mock-broker: --port is not an abbreviation, and ports are numbers with room after them" {
	cd "$BATS_TEST_TMPDIR"
	for arg in 0 65536 x -1 ''; do
		run -2 weir mock-broker --port "$arg"
	done
	run -2 weir mock-broker --port 65535 --brokers 2
	run --separate-stderr -2 weir mock-broker --until
	# shellcheck disable=SC2154
	[[ $stderr == *'; did you mean --until-eof?'* ]]
	[ "$(find . -type f -name '[0-9]*')" = '' ]
}

@test "mock-broker: the manual names the clients that work, and those that do not" {
	run mandoc -T ascii "$WEIR_ROOT/man/weir-mock-broker.1"
	[ "$status" = 0 ]
	for client in kcat confluent kafka-python Java; do
		[[ $output == *"$client"* ]]
	done
}
