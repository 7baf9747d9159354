# consume: tests that need no broker.
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir

# No broker listens there.
nobody=127.0.0.1:1

@test "no topic, no brokers" {
	run_weir consume
	assert_status 2
	assert_stderr_contains operand
	WEIR_BROKERS='' run_weir consume t
	assert_status 2
	assert_stderr 'weir consume: no brokers: give -b HOST:PORT or set WEIR_BROKERS'
}

@test "bad values of options" {
	local bad
	for bad in '--from x' '--from -' '--from 1x' '--from @' '--from @x' '--from @-5' '--to end-1' '--from 9223372036854775808' \
		'-p x' '-p 1-' '-p 3-1' '-p 1,,2' '-p -1' '-p 99999999999' '-n x' '-n -1' '--format xml' '--newline lf' \
		'--memory 1' '--memory 4Q' '--timeout 0' '--timeout 5' '--tz Nowhere' '--tz=' '--tombstones maybe' '-f %q' '-f %s{bad}' '-f \q' '-f %d{%Q}' '-f %'; do
		# shellcheck disable=SC2086
		run_weir consume -b $nobody $bad t
		assert_status 2
		assert_output ''
	done
}

@test "--from at a time to come is reported; --tz says which that is, wherever it is given" {
	run_weir consume -b $nobody --timeout 1s --from @2999-01-01 t
	assert_stderr_contains '--from is a time that has not come yet: each partition begins at its end'
	soon=$(TZ=UTC-5 date +%FT%T) # five hours ahead of UTC
	run_weir consume -b $nobody --timeout 1s --from "@$soon" t
	assert_stderr_contains 'has not come yet'
	for args in "--tz +05:00 --from @$soon" "--from @$soon --tz +05:00"; do
		# shellcheck disable=SC2086
		run_weir consume -b $nobody --timeout 1s $args t
		[[ $stderr != *'has not come yet'* ]]
	done
	run_weir consume -b $nobody --tz -05:00 --to "@$(date -u +%FT%T)" t
	assert_status 2
	assert_stderr_contains '--to is a time that has not come yet'
}

@test "a value that is given twice: 2; -p gathers" {
	local twice
	for twice in '-g a -g b' '-g a --group=a' '--from 1 --from 2' '--to end --to end' '-n 1 -n 2' '-f x -f y' \
		'--batch 1s --batch 2s' '--timeout 1s --timeout 2s' '--format raw --format json' '-b x:1 -b y:1'; do
		# shellcheck disable=SC2086
		run_weir consume $twice t
		assert_status 2
		assert_stderr_contains 'is given twice'
	done
	# all of these mean the same -p, and get as far as looking for a broker
	run_weir consume -b localhost:1 --timeout 1s -p 0 -p 1,3-5 --partitions 7 t
	assert_status 75
}

@test "options that contradict each other" {
	local bad
	for bad in '--reset' '--from stored' '--to stored' '--reset -g g --from stored' '-f %s --format json' '--to @2999-01-01'; do
		# shellcheck disable=SC2086
		run_weir consume -b $nobody $bad t
		assert_status 2
	done
	run_weir consume -b $nobody '^t'
	assert_status 2
	assert_stderr_contains "'^t' is a regular expression, which needs -g and no -p"
	run_weir consume -b $nobody -g g -p 0 t '^t'
	assert_status 2
	run_weir consume -b $nobody -g g t '^['
	assert_status 2
	assert_stderr_contains "topic '^[': "
	run_weir consume -b $nobody ''
	assert_status 2
	run_weir consume -b $nobody -g '' t
	assert_status 2
}

@test "unknown and invalid properties: 78 with librdkafka's text" {
	run_weir consume -b $nobody -X no.such=1 t
	assert_status 78
	assert_stderr 'weir consume: -X: No such configuration property: "no.such"'
	run_weir consume -b $nobody -X fetch.wait.max.ms=x t
	assert_status 78
	run_weir consume -b $nobody -X session.timeout.ms=3600000 -g g t
	assert_status 78
	assert_stderr_contains session.timeout.ms
}

@test "properties that consume sets itself cannot be set otherwise" {
	run_weir consume -b $nobody -X enable.auto.commit=true -X auto.offset.reset=earliest t
	assert_status 78
	assert_stderr_contains 'auto.offset.reset'
	run_weir consume -b $nobody -g g -X group.id=other t
	assert_status 78
	run_weir consume -b $nobody -g g -X partition.assignment.strategy=cooperative-sticky t
	assert_status 78
	assert_stderr_contains 'range or roundrobin'
	# The same value is not a contradiction.
	run_weir consume -b $nobody -X auto.offset.reset=error --timeout 100ms t
	assert_status 75
}

@test "configuration files: long lines, comments, errors by line; no secret is ever shown" {
	local conf=$BATS_TEST_TMPDIR/conf secret=geheim
	printf '# comment\n\n client.id = x y \r\nsasl.password=%s\n' "$(printf 'p%.0s' {1..10000})" >"$conf"
	run_weir consume -b $nobody -F "$conf" --timeout 100ms t
	assert_status 75
	printf 'client.id=x\nsasl.passwort=%s\n' $secret >"$conf"
	run_weir consume -b $nobody -F "$conf" t
	assert_status 78
	assert_stderr_contains "$conf:2: No such configuration property: \"sasl.passwort\""
	[[ $stderr != *$secret* ]]
	printf '%s\n' $secret >"$conf"
	run_weir consume -b $nobody -F "$conf" t
	assert_status 78
	[[ $stderr != *$secret* ]]
	run_weir consume -b $nobody -X $secret t
	assert_status 78
	[[ $stderr != *$secret* ]]
	WEIR_KAFKA_SASL_PASSWORT=$secret run_weir consume -b $nobody t
	assert_status 78
	[[ $stderr != *$secret* ]]
	run_weir consume -b $nobody -F "$BATS_TEST_TMPDIR/none" t
	assert_status 78
	assert_stderr_contains 'No such file or directory'
	run_weir consume -b $nobody -F "$BATS_TEST_TMPDIR" t
	assert_status 78
}

@test "no broker: 75 after --timeout, with the reason" {
	run_weir consume -b $nobody --timeout 300ms t
	assert_status 75
	assert_stderr_contains 'connection refused'
	run_weir consume -b no-such-host.invalid:9092 --timeout 300ms -g g t
	assert_status 75
	assert_stderr_contains no-such-host.invalid
}

@test "no broker: the first failure is reported after a second, in plain words, and again at the end" {
	run_weir consume -b $nobody --timeout 2s t
	assert_status 75
	assert_stderr "weir consume: $nobody: connection refused; trying for 2s (--timeout)
weir consume: cannot reach a broker: $nobody: connection refused (waited 2s)"
}

@test "names that no group can have: 2, before any broker is asked" {
	local name
	for name in '' ' ' $'\t' ' lead' $'a\nb' $'caf\xe9' $'\xff\xfe' $'\x1b[31m'; do
		run_weir consume -b $nobody -g "$name" t
		assert_status 2
		assert_output ''
		run_weir consume -b $nobody -g "$name" --batch 1s t
		assert_status 2
	done
	run_weir consume -b $nobody --timeout 300ms -g 'é x' t # one that can be
	assert_status 75
}

@test "librdkafka's own log lines are shown with -X debug only" {
	run_weir consume -b $nobody --timeout 300ms t
	[ "${#stderr_lines[@]}" = 1 ]
	run_weir consume -b $nobody --timeout 300ms -X debug=broker t
	[ "${#stderr_lines[@]}" -gt 2 ]
	[ "$(grep -vc '^weir consume: ' <<<"$stderr")" = 0 ]
}

@test "SIGTERM while no broker answers" {
	start_bg consume weir consume -b $nobody --timeout 60s t
	sleep 0.5
	stop_bg consume
	assert_status 0
	assert_equal "$output$stderr" ''
}

@test "with a password it leaves no core, and others of its user cannot read its memory" {
	local as=() program
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	exec {program}<"$BUILD/bin/consume" # another user may not come here by its path
	start_bg open "${as[@]}" "/proc/self/fd/$program" -b $nobody --timeout 60s -X sasl.username=me t
	start_bg guarded "${as[@]}" "/proc/self/fd/$program" -b $nobody --timeout 60s -X sasl.password=geheim t
	wait_for 20 process_guarded "$bg_pid"
	run ! process_guarded "$(<"$BATS_TEST_TMPDIR/open.pid")"
	stop_bg open
	stop_bg guarded
}
