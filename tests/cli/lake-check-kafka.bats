#!/usr/bin/env bats
# lake-check -b: a lake against its topics, on the real Kafka.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group

setup() {
	group_setup
}

# Store the topic in the lake, up to its end.
ingest() { # ingest TOPIC [FILTER...]
	if [ $# -gt 1 ]; then
		weir consume -g "$group" --batch 100ms,100 --to end "$1" | "${@:2}" | weir lake-put --commit-every 0 lake
	else
		weir consume -g "$group" --batch 100ms,100 --to end "$1" | weir lake-put --commit-every 0 lake
	fi
}

check() {
	run_weir lake-check -b "$WEIR_BROKERS" lake
}

assert_finding() { # assert_finding TEXT
	check
	assert_status 1
	assert_stderr ''
	assert_output_contains "$1"
	[ "${#lines[@]}" = 1 ]
}

edit() { # edit VERSION FILTER [JQ_OPTION...]: rewrite an entry by jq
	local entry
	entry=lake/_weir_log/$(printf %020d "$1").json
	jq -c "${@:3}" "$2" "$entry" >edited
	cp edited "$entry"
}

@test "a lake that has what the topic has; also when a filter takes records out" {
	topic=$(new_topic 3)
	seq 1000 | weir produce "$topic"
	ingest "$topic"
	check
	assert_success
	assert_output ''
	[ "$(jq -s 'map(select(.commitInfo.unchanged)) | length' lake/_weir_log/*.json)" -gt 1 ]
	seq 1000 | weir produce "$topic"
	ingest "$topic" weir filter --input tsv '$1 % 2 == 0'
	[ "$(weir lake-cat lake | wc -l)" = 1500 ]
	check
	assert_success
	run_weir lake-check -b "$WEIR_BROKERS" -g other lake # with nothing to compare, there was no comparison
	assert_status 1
	assert_output "there are no positions of group 'other': nothing was compared with any topic"
	seq 3 | weir lake-put plain
	run_weir lake-check -b "$WEIR_BROKERS" plain
	assert_status 1
	assert_output 'there are no positions of topics: nothing was compared with any'
	weir lake-cat --batch 100ms -g g plain | weir lake-put followed # the positions there are in a table
	run_weir lake-check -b "$WEIR_BROKERS" followed
	assert_status 1
	assert_output 'there are no positions of topics: nothing was compared with any'
	run_weir lake-check lake # WEIR_BROKERS alone asks for nothing
	assert_success
}

@test "transactions, aborted ones, and compaction leave gaps: the records are counted" {
	topic=$(new_topic 1)
	kput() { "$BUILD/servers/kput" -X transactional.id="$topic" "$WEIR_BROKERS" "$topic" 0 "$@"; }
	kput begin =a =b commit begin =no abort begin =c commit
	ingest "$topic"
	kput begin =d commit begin =no =no =no abort
	ingest "$topic"
	assert_equal "$(weir lake-cat lake | tr -d '\n')" abcd
	check
	assert_success
	# As if one record less had been read, in the sink and before it.
	first=0 # the first batch that has read something: on a loaded machine a batch may end before a record arrives
	until jq -es --arg t "$topic" '.[0].commitInfo.read[$t]["0"][2] > 0' "lake/_weir_log/$(printf %020d $first).json" >/dev/null; do
		first=$((first + 1))
	done
	edit "$first" 'if .commitInfo then .commitInfo.read[$t]["0"][2] -= 1 | del(.commitInfo.unchanged) else . end' --arg t "$topic"
	assert_finding 'of which'
	run_weir lake-check -X isolation.level=read_uncommitted -b "$WEIR_BROKERS" lake # aborted ones count, too
	assert_status 1
	assert_output_contains 'of which' # a line for each commit, or one for both, depending on the batches
}

@test "a topic that was deleted, recreated and shorter, recreated and longer" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	ingest "$topic"
	check
	assert_success
	kadmin delete "$topic"
	check
	assert_status 1
	assert_output "topic '$topic': the brokers have no such topic"
	kadmin create "$topic" 1
	seq 50 | weir produce "$topic"
	assert_finding 'the lake is at offset 100, but the topic ends at 50'
	seq 51 200 | weir produce "$topic"
	assert_finding 'the record at offset 99 is not the one that the lake has: the topic was recreated'
}

@test "retention: what was read before is not a finding, what was not is one" {
	topic=$(new_topic 1)
	seq 100 | weir produce "$topic"
	ingest "$topic"
	kadmin delete-records "$topic" 0 60
	check
	assert_success
	kadmin delete-records "$topic" 0 100
	check
	assert_success
	seq 101 150 | weir produce "$topic"
	kadmin delete-records "$topic" 0 120
	assert_finding 'the topic has lost the offsets 100 to 119 before they were read'
	weir consume -g "$group" --batch 100ms --to end --on-lost skip "$topic" 2>/dev/null | weir lake-put lake
	check
	assert_success
}

@test "a partition that the topic does not have; no broker" {
	topic=$(new_topic 1)
	seq 10 | weir produce "$topic"
	ingest "$topic"
	weir lake-check --set-position "$topic:7=3" lake 2>/dev/null
	assert_finding 'the topic has no such partition'
	run_weir lake-check -b 127.0.0.1:1 --timeout 1s lake
	assert_status 75
	run_weir lake-check -b "$WEIR_BROKERS" -X no.such=1 lake
	assert_status 78
}

@test "after --set-position the pipeline goes on there: backwards twice, forwards not at all" {
	topic=$(new_topic 1)
	seq 0 99 | weir produce "$topic"
	ingest "$topic"
	weir lake-check --set-position "$topic:0=90" lake 2>/dev/null
	check
	assert_success
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake"
	assert_status 0
	assert_stderr_contains "the sink holds 90, the group 100; the sink's position is used"
	assert_files_equal <(weir lake-cat lake) <(seq 0 99; seq 90 99)
	seq 100 149 | weir produce "$topic"
	weir lake-check --set-position "$topic:0=140" lake 2>/dev/null
	ingest "$topic" 2>/dev/null
	assert_files_equal <(weir lake-cat lake) <(seq 0 99; seq 90 99; seq 140 149)
	check
	assert_success
	[ "$(weir lag -g "$group" --format json "$topic" | jq .lag)" = 0 ]
	weir lake-check --set-position "$topic:0=151" lake 2>/dev/null # beyond the end
	assert_finding 'the lake is at offset 151, but the topic ends at 150'
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake"
	assert_status 75
	assert_stderr_contains 'offset 151 is out of range'
}

@test "--set-position under a pipeline that runs: it ends with 75, the next one goes on at the new place" {
	topic=$(new_topic 1)
	seq 0 99 | weir produce "$topic"
	start_bg first bash -c "weir consume -g $group --batch 100ms $topic | weir lake-put --commit-every 0 lake; echo \${PIPESTATUS[*]}"
	wait_for 30 bash -c '[ "$(weir lake-cat --positions lake 2>/dev/null | cut -f 3)" = 100 ]'
	weir lake-check --set-position "$topic:0=95" lake 2>/dev/null
	seq 100 109 | weir produce "$topic"
	wait_bg first 60
	assert_equal "$output" '75 75'
	assert_stderr_contains 'another writer has committed past it'
	ingest "$topic" 2>/dev/null
	assert_files_equal <(weir lake-cat lake) <(seq 0 99; seq 95 109)
	check
	assert_success
}
