#!/usr/bin/env bats
# Where reading begins: partitions and topics that come later, and the places of --from, which are durable before
# anything is read.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group
load ../lib/lake

setup() {
	group_setup
	soon=(-X topic.metadata.refresh.interval.ms=300)
}

committed() { # committed TOPIC PARTITION
	weir lag -g "$group" --format json "$1" | jq --argjson p "$2" 'select(.partition == $p).committed'
}

committed_is() { # committed_is TOPIC PARTITION OFFSET
	[ "$(committed "$1" "$2")" = "$3" ]
}

positions() { # positions LAKE: what its log has, "TOPIC PARTITION NEXT"
	weir lake-cat --positions "$1" 2>/dev/null | cut -f 1-3
}

has_positions() { # has_positions LAKE COUNT
	[ "$(positions "$1" | wc -l)" -ge "$2" ]
}

# Start `consume OPTIONS | lake-put lake` as JOB.
pipeline() { # pipeline JOB OPTIONS...
	local job=$1
	shift
	start_bg "$job" bash -c 'weir consume "$@" | weir lake-put --commit-every 200ms lake' _ -g "$group" --batch 100ms \
		"${soon[@]}" "$@"
}

end_pipeline() { # end_pipeline JOB
	kill -TERM "$(member "$1" consume)"
	wait_bg "$1"
	assert_status 0
}

@test "-g --from end: a partition that is added during the run is read from its start" {
	topic=$(new_topic)
	seq 5 | weir produce "$topic"
	start_bg consume weir consume -g "$group" --from end "${soon[@]}" -f '%p:%o %s\n' "$topic"
	wait_for 30 committed_is "$topic" 0 5
	kadmin grow "$topic" 2
	seq -f k%g 20 | weir produce -p 1 "$topic"
	wait_for 60 has_lines consume.out 20
	echo late | weir produce -p 1 "$topic"
	wait_for 30 has_lines consume.out 21
	stop_bg consume
	assert_status 0
	assert_files_equal consume.out <(for i in {1..20}; do echo "1:$((i - 1)) k$i"; done; echo '1:20 late')
	assert_equal "$(committed "$topic" 1)" 21
}

probe() { # write a record until it is read
	echo probe | weir produce -p 0 "$topic"
	grep -q probe all.out
}

without_probes_are() { # without_probes_are FILE LINES
	[ "$(grep -vc probe "$1")" = "$2" ]
}

@test "without -g: partitions that are added are read from their start; not with -p or --to" {
	local i
	topic=$(new_topic)
	seq 5 | weir produce "$topic"
	start_bg all weir consume --from end "${soon[@]}" -f '%p:%o %s\n' "$topic" "$topic"
	start_bg some weir consume -p 0 "${soon[@]}" "$topic"
	wait_for 30 has_lines some.out 5
	wait_for 30 probe # it knows where the end is
	for i in 1 2 3; do
		kadmin grow "$topic" $((i + 1))
		seq -f "k$i-%g" 20 | weir produce -p "$i" "$topic"
		seq 6 7 | weir produce -p 0 "$topic"
		wait_for 30 without_probes_are all.out $((i * 22))
	done
	for i in all some; do
		stop_bg "$i"
		assert_success
	done
	assert_files_equal <(grep -v '^0' all.out) <(for i in 1 2 3; do seq -f "k$i-%g" 20 | awk '{ print "'$i':" NR - 1, $0 }'; done)
	assert_equal "$(grep '^0' all.out | grep -vc probe)" 6
	assert_equal "$(grep -vc probe some.out)" 11
}

@test "-g: a partition that is added between two runs is read from its start, whatever --from says" {
	local from
	for from in end -1 '@-1s' stored 3; do
		topic=$(new_topic)
		group=$(unique_group)
		seq 5 | weir produce "$topic"
		run_weir consume -g "$group" --to end "$topic"
		assert_success
		kadmin grow "$topic" 2
		seq 11 20 | weir produce -p 1 "$topic"
		run_weir consume -g "$group" --from "$from" --to end "$topic"
		assert_success
		assert_output "$(seq 11 20)"
	done
}

@test "-g: a group that begins, and partitions that are named, begin where --from says" {
	topic=$(new_topic 2)
	seq 5 | weir produce -p 0 "$topic"
	seq 11 15 | weir produce -p 1 "$topic"
	run_weir consume -g "$group" --from -2 --to end -p 0 "$topic"
	assert_output "$(seq 4 5)"
	run_weir consume -g "$group" --from -2 --to end -p 1 "$topic"
	assert_output "$(seq 14 15)"
	run_weir consume -g "$group-2" --from -2 --to end "$topic"
	assert_equal "$(sort -n <<<"$output")" "$(printf '%s\n' 4 5 14 15)"
	run_weir consume -g "$group-2" --reset --from -1 --to end "$topic"
	assert_equal "$(sort -n <<<"$output")" "$(printf '%s\n' 5 15)"
}

@test "-g '^re' --from end: a topic that comes during the run, or between two, is read from its start" {
	local prefix
	prefix=$(new_topic)
	seq 5 | weir produce "$prefix"
	start_bg consume weir consume -g "$group" --from end "${soon[@]}" "^$prefix"
	wait_for 30 committed_is "$prefix" 0 5
	kadmin create "$prefix-b" 1
	seq 11 15 | weir produce "$prefix-b"
	wait_for 60 has_lines consume.out 5
	stop_bg consume
	assert_status 0
	assert_files_equal consume.out <(seq 11 15)
	kadmin create "$prefix-c" 2
	seq 21 25 | weir produce -p 1 "$prefix-c"
	run_weir consume -g "$group" --from end --to end "^$prefix"
	assert_success
	assert_output "$(seq 21 25)"
	# a partition that is named begins where --from says
	kadmin create "x$prefix" 1
	seq 31 35 | weir produce "x$prefix"
	run_weir consume -g "$group" --from -1 --to end "^$prefix" "x$prefix"
	assert_output 35
}

@test "--batch --from end: a partition that is added during the run, or between two, is read from its start" {
	topic=$(new_topic)
	seq 5 | weir produce "$topic"
	pipeline first --from end "$topic"
	wait_for 60 has_positions lake 1
	assert_equal "$(positions lake)" "$topic	0	5"
	kadmin grow "$topic" 2
	seq 11 60 | weir produce -p 1 "$topic"
	wait_for 60 lake_has lake 50
	end_pipeline first
	assert_lake lake <(seq 11 60)
	kadmin grow "$topic" 3
	seq 61 99 | weir produce -p 2 "$topic"
	run_sh "weir consume -g $group --batch 1s --from end --to end $topic | weir lake-put lake"
	assert_status 0
	assert_lake lake <(seq 11 99)
	# how many there were when the group began is in the log, and is copied from entry to entry
	assert_equal "$(jq -c ".commitInfo.weir.parts | select(.)" lake/_weir_log/*.json | sort -u)" \
		"{\"$group\":{\"$topic\":1}}"
	run_weir lake-check lake
	assert_status 0
}

@test "--batch '^re' --from end: a topic that comes during the run, or between two, is read from its start" {
	local prefix
	prefix=$(new_topic)
	seq 5 | weir produce "$prefix"
	pipeline first --from end "^$prefix"
	wait_for 60 has_positions lake 1
	kadmin create "$prefix-b" 1
	seq 11 15 | weir produce "$prefix-b"
	wait_for 60 lake_has lake 5
	end_pipeline first
	kadmin create "$prefix-c" 2
	seq 21 25 | weir produce -p 1 "$prefix-c"
	run_sh "weir consume -g $group --batch 1s --from end --to end '^$prefix' | weir lake-put lake"
	assert_status 0
	assert_lake lake <(seq 11 15; seq 21 25)
	assert_equal "$(jq -c ".commitInfo.weir.parts[\"$group\"] | select(.)" lake/_weir_log/*.json | tail -1)" \
		"{\"$prefix\":1,\"$prefix-b\":0,\"$prefix-c\":0}"
	# a topic that is named begins where --from says; so does a group that begins
	kadmin create "x$prefix" 1
	seq 31 35 | weir produce "x$prefix"
	run_sh "weir consume -g $group --batch 1s --from -1 --to end '^$prefix' x$prefix | weir lake-put lake"
	assert_status 0
	run_sh "weir consume -g $group-2 --batch 1s --from -1 --to end '^$prefix' | weir lake-put other"
	assert_status 0
	assert_lake lake <(seq 11 15; seq 21 25; echo 35)
	assert_lake other <(printf '%s\n' 5 15 25)
}

@test "--batch -p: who begins later with partitions that were there begins where --from says" {
	topic=$(new_topic 2)
	seq 5 | weir produce -p 0 "$topic"
	seq 11 15 | weir produce -p 1 "$topic"
	run_sh "weir consume -g $group -p 0 --batch 1s --from -2 --to end $topic | weir lake-put lake"
	assert_status 0
	run_sh "weir consume -g $group -p 1 --batch 1s --from -2 --to end $topic | weir lake-put lake"
	assert_status 0
	kadmin grow "$topic" 3
	seq 21 25 | weir produce -p 2 "$topic"
	run_sh "weir consume -g $group -p 2 --batch 1s --from -2 --to end $topic | weir lake-put lake"
	assert_status 0
	assert_lake lake <(printf '%s\n' 4 5 14 15; seq 21 25)
}

@test "--batch into a table that has nothing: --from counts, not the group, which a line says; --from stored does" {
	topic=$(new_topic 2)
	seq 10 | weir produce -p 0 "$topic"
	kadmin commit "$group" "$topic" 0 8
	run_sh "weir consume -g $group --batch 1s --to end $topic 2>err | weir lake-put lake"
	assert_status 0
	assert_lake lake <(seq 10)
	grep -qF "topic '$topic', partition 0: the group '$group' is at 8, the sink has none of it; beginning at 0 (--from stored" err
	kadmin commit "$group-2" "$topic" 0 8
	run_sh "weir consume -g $group-2 -p 0 --batch 1s --from stored --to end $topic 2>err | weir lake-put other"
	assert_status 0
	assert_lake other <(seq 9 10)
	assert_equal "$(<err)" "weir consume: topic '$topic', partition 0: the table begins at offset 8, and the topic at 0: 8 offsets before it will not be in the table"
	# when no sink holds positions, those of the group are used
	kadmin commit "$group-3" "$topic" 0 7
	run_sh "weir consume -g $group-3 --batch 1s --to end $topic | weir ack"
	assert_success
	assert_output "$(seq 8 10)"
}

@test "--batch --from end: where it begins is durable before a record is read" {
	topic=$(new_topic)
	seq 5 | weir produce "$topic"
	# the first regular commit is far away, but there is one, without records, before the first record
	start_bg run bash -c 'weir consume -g '"$group"' --batch 100ms --from end '"$topic"' | tee seen | weir lake-put --commit-every 1h lake'
	wait_for 60 has_positions lake 1
	assert_equal "$(positions lake)" "$topic	0	5"
	seq 6 10 | weir produce "$topic"
	wait_for 30 grep -qax 10 seen
	kill -9 "$(member run lake-put)"
	wait_bg run
	assert_equal "$(lake_records lake)" ''
	seq 11 12 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1s --from end --to end $topic | weir lake-put lake"
	assert_status 0
	assert_lake lake <(seq 6 12)
}


@test "--batch into a table that has nothing: the group has no position before a batch is acknowledged" {
	topic=$(new_topic)
	seq 5 | weir produce "$topic"
	start_bg run bash -c 'weir consume -g '"$group"' --batch 1h -X auto.commit.interval.ms=100 '"$topic"' | tee seen | weir lake-put lake'
	wait_for 30 grep -qax 5 seen
	sleep 0.5
	assert_equal "$(committed "$topic" 0)" null
	kill -TERM "$(member run consume)"
	wait_bg run
	assert_status 0
	committed_is "$topic" 0 5
}

@test "internal topics are read only when they are named, or by an expression that begins with ^__" {
	local name
	start_kafka
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	kadmin create app.logs 1
	kadmin create __mine 2
	kadmin create _one 1
	seq 3 | weir produce app.logs
	echo mine | weir produce -p 1 __mine
	echo one | weir produce _one
	weir consume -g first --to end app.logs >out # makes __consumer_offsets
	for options in '' '-X topic.blacklist=^nothing'; do
		# shellcheck disable=SC2086
		run_weir consume -g "g$RANDOM" $options --newline escape --to end '^.*'
		assert_success
		assert_equal "$(sort <<<"$output")" $'1\n2\n3\none'
	done
	run_sh "weir consume -g lake --batch 1s --to end '^_' '^a' | weir lake-put lake"
	assert_status 0
	assert_lake lake <(seq 3; echo one)
	# named, or by such an expression, also beside one that matches everything
	run_weir consume -g named --to end '^app' __mine
	assert_equal "$(sort <<<"$output")" $'1\n2\n3\nmine'
	run_weir consume -g expression --to end -f '%t\n' '^__'
	assert_equal "$(sort -u <<<"$output")" $'__consumer_offsets\n__mine'
	for name in __mine '^__m'; do
		run_weir consume -g "mixed$name" --to end '^.*' "$name"
		assert_success
		assert_equal "$(sort <<<"$output")" $'1\n2\n3\nmine\none'
	done
	# a member that got no other partition ends when the others do
	run_weir consume -g nothing --to end -X topic.blacklist=^nothing '^.*offsets'
	assert_success
	assert_output ''
}
