# The behaviour of the broker on which the other tests rely, seen only through kcat.
# bats file_tags=server
load ../lib/weir

@test "a topic exists with all its partitions as soon as new_topic returns" {
	local topic
	topic=$(new_topic 7)
	run_logged kcat -L -J -b "$WEIR_TEST_KAFKA" -t "$topic"
	assert_success
	run jq '.topics[0].partitions | map(select(.leader == 1)) | length' <<<"$output"
	assert_equal "$output" 7
}

@test "records go in and out on the plain listener" {
	local topic
	topic=$(new_topic)
	seq 1000 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic"
	kcat -C -e -q -b "$WEIR_TEST_KAFKA" -t "$topic" >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" <(seq 1000)
}

@test "records go in and out by SASL/PLAIN over TLS" {
	local topic
	topic=$(new_topic)
	seq 10 | kcat -P -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -t "$topic"
	kcat -C -e -q -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -t "$topic" >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" <(seq 10)
}

@test "a wrong password and an unknown authority are refused" {
	run_logged kcat -L -m 2 -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -X sasl.password=wrong
	assert_status 1
	assert_stderr_contains 'Authentication failed'
	run_logged kcat -L -m 2 -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -X ssl.ca.location=/etc/ssl/certs
	assert_status 1
	assert_stderr_contains 'certificate verify failed'
}

@test "a topic that nobody made does not come into being" {
	run_sh "echo x | kcat -P -b $WEIR_TEST_KAFKA -t $(unique_topic) -X message.timeout.ms=1000"
	assert_status 1
}

@test "a committed transaction is read, and its marker takes an offset" {
	local topic
	topic=$(new_topic)
	seq 3 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -X "transactional.id=$topic"
	run_logged kcat -C -e -q -b "$WEIR_TEST_KAFKA" -t "$topic"
	assert_output $'1\n2\n3'
	run_logged kcat -Q -b "$WEIR_TEST_KAFKA" -t "$topic:0:-1"
	assert_output "$topic [0] offset 4"
}

@test "a compacted topic is compacted within seconds" {
	local topic
	topic=$(new_topic 1 cleanup.policy=compact segment.ms=100 min.cleanable.dirty.ratio=0.01)
	for value in old older oldest last; do
		seq 20 | sed "s/\$/:$value/" | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -K:
		sleep 0.15
	done
	compacted() {
		! kcat -C -e -q -b "$WEIR_TEST_KAFKA" -t "$topic" | grep -q oldest && return
		echo x:last | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -K:
		return 1
	}
	wait_for 20 compacted
}

@test "kadmin: delete-records moves the first offset, delete removes the topic" {
	local topic
	topic=$(new_topic)
	seq 10 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic"
	kadmin delete-records "$topic" 0 4
	run_logged kcat -C -e -q -b "$WEIR_TEST_KAFKA" -t "$topic" -o beginning
	assert_output $'5\n6\n7\n8\n9\n10'
	kadmin delete "$topic"
	run_logged kcat -L -J -b "$WEIR_TEST_KAFKA" -t "$topic"
	assert_output_contains 'Unknown topic'
}

@test "kadmin: commit gives a group its position" {
	local topic group
	topic=$(new_topic)
	group=$(unique_group)
	seq 10 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic"
	kadmin commit "$group" "$topic" 0 8
	run_logged timeout 60 kcat -b "$WEIR_TEST_KAFKA" -q -e -G "$group" "$topic"
	assert_output $'9\n10'
}

@test "kadmin: errors name what is wrong" {
	local topic
	topic=$(new_topic)
	run_logged kadmin create "$topic" 1
	assert_status 1
	assert_stderr_contains 'already exists'
	run_logged kadmin create "$(unique_topic)" 1 no.such=thing
	assert_status 1
	assert_stderr_contains 'no.such'
	run_logged kadmin commit
	assert_status 2
}

@test "a broker of one's own is stopped, killed and started again with its data" {
	local verb
	start_kafka
	kadmin create t 1
	for verb in stop kill; do
		echo "$verb" | kcat -P -b "$WEIR_TEST_KAFKA" -t t
		"$WEIR_ROOT/tests/servers/kafka" "$verb" "$BATS_TEST_TMPDIR/kafka"
		run ! kcat -L -m 1 -b "$WEIR_TEST_KAFKA"
		"$WEIR_ROOT/tests/servers/kafka" restart "$BATS_TEST_TMPDIR/kafka"
	done
	wait_for 10 bash -c "kcat -C -e -q -b $WEIR_TEST_KAFKA -t t | grep -qx kill"
}

@test "a broker ends when its owner is killed" {
	local owner broker
	sleep 300 3>&- &
	owner=$!
	WEIR_TEST_OWNER=$owner start_kafka
	broker=$(<"$BATS_TEST_TMPDIR/kafka/pid")
	process_runs "$broker"
	kill -9 $owner
	process_wait 10 "$broker"
}
