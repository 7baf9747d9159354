# weir topics on a real Kafka; where it needs none: topics-mock.bats.
# bats file_tags=server
# shellcheck disable=SC2154 # sasl is set by the helpers
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
}

@test "a topic: partitions, leader, replicas, first and next offset" {
	local topic
	topic=$(new_topic 2)
	seq 9 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -p 1
	kadmin delete-records "$topic" 1 4
	run_weir topics "$topic"
	assert_success
	assert_equal "$(tr -s ' ' <<<"$output")" "topic partition leader replicas in_sync first next
$topic 0 1 1 1 0 0
$topic 1 1 1 1 4 9"
	run_weir topics --format json "$topic" "$topic"
	assert_success
	assert_output "{\"topic\":\"$topic\",\"partition\":0,\"leader\":1,\"replicas\":[1],\"in_sync\":[1],\"first\":0,\"next\":0}
{\"topic\":\"$topic\",\"partition\":1,\"leader\":1,\"replicas\":[1],\"in_sync\":[1],\"first\":4,\"next\":9}"
}

kcat_topics() {
	kcat -L -J -b "$WEIR_TEST_KAFKA" | jq -r '.topics[].topic' | sort
}

@test "without operands: what kcat lists" {
	local topic
	topic=$(new_topic 3)
	run_weir topics --format json
	assert_success
	assert_equal "$(jq -r 'select(.topic == $t) | .partition' --arg t "$topic" <<<"$output")" $'0\n1\n2'
	# Other tests make and delete topics meanwhile, and some recreate one under its name: only a topic that both of
	# two listings by kcat have is missed, and only if it is missing three times in a row.
	local missing
	for _ in 1 2 3; do
		kcat_topics >"$BATS_TEST_TMPDIR/before"
		weir topics --format json 2>&1 | jq -r .topic | sort -u >"$BATS_TEST_TMPDIR/seen"
		kcat_topics >"$BATS_TEST_TMPDIR/after"
		missing=$(comm -12 "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after" | comm -23 - "$BATS_TEST_TMPDIR/seen")
		[ -n "$missing" ] || break
	done
	assert_equal "$missing" ''
}

@test "an unknown topic: named, 78, the others are shown" {
	local topic
	topic=$(new_topic)
	run_weir topics --format json "$topic-none" "$topic"
	assert_status 78
	assert_stderr_contains "weir topics: there is no topic '$topic-none'"
	assert_equal "$(jq -r .topic <<<"$output")" "$topic"
	run_weir topics "$topic-none"
	assert_status 78
	assert_output ''
	run_weir topics "bad name"
	assert_status 78
	assert_output ''
	run_weir topics ''
	assert_status 2
}

@test "a transaction: its control record counts" {
	local topic
	topic=$(new_topic)
	seq 3 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -X "transactional.id=$topic"
	# the control record follows the answer to the commit
	marked() {
		[ "$(weir topics --format json "$topic" | jq .next)" = 4 ]
	}
	wait_for 20 marked
	assert_equal "$(weir topics --format json "$topic" -X isolation.level=read_committed | jq .next)" 4
}

@test "by SASL over TLS; a full device" {
	local topic
	topic=$(new_topic)
	run_weir topics -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" --format json "$topic"
	assert_success
	assert_equal "$(jq -r .topic <<<"$output")" "$topic"
	run_sh "weir topics $topic >/dev/full"
	assert_status 75
	assert_stderr 'weir topics: cannot write standard output: No space left on device'
}
