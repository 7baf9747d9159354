# weir topics where it needs no real Kafka.
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
	assert_stderr_contains 'Connection refused'
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
