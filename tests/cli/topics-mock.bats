# weir topics where it needs no real Kafka.
# bats file_tags=sample
load ../lib/weir

start_mock() { # start_mock ARG...
	start_bg mock weir mock-broker --port-file "$BATS_TEST_TMPDIR/port" "$@"
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	WEIR_BROKERS=$(<"$BATS_TEST_TMPDIR/port")
	export WEIR_BROKERS
}

@test "usage, no brokers, a bad property" {
	run_weir topics -b 127.0.0.1:1 --format xml
	assert_status 2
	run env -u WEIR_BROKERS weir topics
	[ "$status" = 2 ]
	run_weir topics -b 127.0.0.1:1 -X nonsense
	assert_status 78
}

@test "nobody there: 75 after the deadline, with the reason" {
	run_weir topics -b 127.0.0.1:1 --timeout 500ms a b
	assert_status 75
	assert_output ''
	assert_stderr_contains 'connection refused'
}

@test "all topics, sorted, with leaders and replicas" {
	start_mock --brokers 2 --topic b:2 --topic a:1
	seq 3 | kcat -P -b "$WEIR_BROKERS" -t b -p 1
	run_weir topics
	assert_success
	assert_equal "$(awk '{ print $1, $2, $6, $7 }' <<<"$output")" 'topic partition first next
a 0 0 0
b 0 0 0
b 1 0 3'
	run_weir topics --format json b
	assert_success
	assert_equal "$(jq -c '[.topic, .partition, (.leader == 1 or .leader == 2), (.replicas | sort),
		(.in_sync | sort), .first, .next]' <<<"$output")" '["b",0,true,[1,2],[1,2],0,0]
["b",1,true,[1,2],[1,2],0,3]'
	assert_equal "$(jq -r 'keys_unsorted | join(" ")' <<<"$output" | uniq)" \
		'topic partition leader replicas in_sync first next'
}

@test "a cluster without topics" {
	start_mock
	run_weir topics
	assert_success
	assert_output 'topic  partition  leader  replicas  in_sync  first  next'
	run_weir topics --format json
	assert_success
	assert_output ''
}

@test "nobody there: told after a second, and the end says how long it was" {
	run_weir topics -b 127.0.0.1:1 --timeout 2s
	assert_status 75
	assert_output ''
	assert_stderr 'weir topics: 127.0.0.1:1: connection refused; trying for 2s (--timeout)
weir topics: cannot reach a broker: 127.0.0.1:1: connection refused (waited 2s)'
	run_weir topics -b no-such-host.invalid --timeout 300ms
	assert_status 75
	assert_stderr_contains 'weir topics: cannot reach a broker: no-such-host.invalid:9092: the host name cannot be resolved: '
}

@test "something other than a broker, which accepts and says nothing, is named" {
	python3 - >"$BATS_TEST_TMPDIR/port" <<-'EOF' 3>&- &
		import socket, time
		s = socket.socket()
		s.bind(("127.0.0.1", 0))
		s.listen(50)
		print(s.getsockname()[1], flush=True)
		time.sleep(60)
	EOF
	local silent=$!
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	run_weir topics -b "127.0.0.1:$(<"$BATS_TEST_TMPDIR/port")" --timeout 500ms
	kill $silent
	assert_status 75
	assert_stderr "weir topics: cannot reach a broker: 127.0.0.1:$(<"$BATS_TEST_TMPDIR/port"): no answer (waited 500ms)"
}

@test "brokers that are none: 2 of -b, else 78, at once and in every program" {
	local program broker
	for program in topics 'lag -g g' 'produce t' 'consume t' 'lake-check -X client.id=x t'; do
		for broker in http://localhost:9092 kafka://h:9092 SASL_SSL://h:9092 ',' '' h:0 h:99999 h:x; do
			[[ $program != lake-check* ]] || mkdir -p "$BATS_TEST_TMPDIR/t"
			cd "$BATS_TEST_TMPDIR"
			# shellcheck disable=SC2086
			run_weir $program -b "$broker" </dev/null
			assert_status 2
			assert_stderr_contains ' is not HOST:PORT'
		done
		# shellcheck disable=SC2086
		WEIR_BROKERS=kafka://h:1 run_weir $program </dev/null
		assert_status 78
		assert_stderr_contains "WEIR_BROKERS: 'kafka://h:1' is not HOST:PORT"
	done
	run_weir topics -b h -X bootstrap.servers=h:1,https://h
	assert_status 78
	assert_stderr "weir topics: -X: 'https://h' is not HOST:PORT"
	run_weir topics -b sasl_ssl://h:9093
	assert_stderr "weir topics: -b: 'sasl_ssl://h:9093' is not HOST:PORT; the protocol is set by -X security.protocol=sasl_ssl"
}

@test "what Kubernetes sets for a service weir-kafka is skipped; other variables are not" {
	WEIR_KAFKA_SERVICE_HOST=10.0.0.1 WEIR_KAFKA_SERVICE_PORT_TCP_CLIENT=9092 WEIR_KAFKA_PORT=tcp://10.0.0.1:9092 \
		WEIR_KAFKA_PORT_9092_TCP_ADDR=10.0.0.1 WEIR_KAFKA_HEADLESS_SERVICE_HOST=None \
		run_weir topics -b 127.0.0.1:1 --timeout 100ms
	assert_status 75
	WEIR_KAFKA_SERVICE_HOSTS=10.0.0.1 run_weir topics -b 127.0.0.1:1 --timeout 100ms
	assert_status 78
	assert_stderr_contains 'WEIR_KAFKA_SERVICE_HOSTS'
}

@test "what TLS and SASL cannot do without: 78 at once, with the file and the reason" {
	local p
	export WEIR_KAFKA_SECURITY_PROTOCOL=ssl
	for p in ssl.ca.location ssl.certificate.location ssl.key.location ssl.crl.location; do
		run_weir topics -b 127.0.0.1:1 -X "$p=/nonexistent"
		assert_status 78
		assert_stderr "weir topics: $p: cannot open '/nonexistent': No such file or directory"
	done
	echo 'no certificate' >"$BATS_TEST_TMPDIR/ca"
	run_weir topics -b 127.0.0.1:1 -X ssl.ca.location="$BATS_TEST_TMPDIR/ca"
	assert_status 78
	assert_stderr "weir topics: ssl.ca.location: cannot use '$BATS_TEST_TMPDIR/ca': no certificate or crl found"
	run_weir topics -b 127.0.0.1:1 -X security.protocol=sasl_plaintext -X sasl.mechanism=OAUTHBEARER
	assert_status 78
	assert_stderr_contains 'OAUTHBEARER: nothing says how to get a token'
	run_weir topics -b 127.0.0.1:1 -X security.protocol=sasl_plaintext
	assert_status 78
	assert_stderr_contains 'sasl.mechanism is GSSAPI'
}

@test "a broker that requires the client's certificate: 78 before --timeout, with what is missing" {
	local version server
	cd "$BATS_TEST_TMPDIR"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 10 -subj /CN=localhost \
		-addext 'subjectAltName=IP:127.0.0.1' -keyout key.pem -out cert.pem 2>/dev/null
	for version in -tls1_3 -tls1_2; do
		: >server
		openssl s_server -accept 127.0.0.1:0 -cert cert.pem -key key.pem -Verify 1 -www $version >server 2>&1 3>&- &
		server=$!
		wait_for 10 grep -q '^ACCEPT 127' server
		run_weir topics -b "127.0.0.1:$(sed -n 's/^ACCEPT 127.0.0.1://p' server)" --timeout 60s \
			-X security.protocol=ssl -X ssl.ca.location=cert.pem
		kill $server
		assert_status 78
		case $version in
		-tls1_3) assert_stderr_contains ' requires a client certificate (ssl.certificate.location' ;;
		*) assert_stderr_contains 'alert handshake failure' ;;
		esac
	done
}

@test "a leader that cannot be reached is named, after a second and in the end" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo control answers
	exec 5<>control 6<>answers
	weir mock-broker --control --brokers 2 --topic t:1 <control >answers 3>&- 5>&- 6>&- &
	local broker=$! brokers answer
	read -r -t 10 brokers <&6
	for command in 'leader t 0 2' 'down 2'; do
		echo "$command" >&5
		read -r -t 10 answer <&6
		assert_equal "$answer" ok
	done
	run_weir topics -b "${brokers%,*}" --timeout 5s t
	kill $broker
	assert_status 75
	assert_stderr "weir topics: no answer: ${brokers#*,}: connection refused; trying for 5s (--timeout)
weir topics: t[0]: ${brokers#*,}: connection refused"
}

@test "the empty name of a topic is refused: librdkafka dies of it, or asks for all" {
	start_mock --topic t:1
	for program in "topics ''" "topics t ''" "lag -g g ''" "lag -g g t ''" "produce ''" "produce --format json ''"; do
		run_sh "echo '{\"value\":\"x\"}' | weir $program"
		assert_status 2
		assert_output ''
		assert_stderr_contains "weir ${program%% *}: the name of a topic is empty (try 'weir ${program%% *} --help')"
	done
}
