#!/usr/bin/env bats
# run --check with real brokers.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

@test "run --check: topics that are not there, in either direction; a group is not joined" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	run_weir run --check -c "weir consume -g $group --batch 1s $topic | weir produce $topic"
	assert_success
	assert_output ''
	run_weir lag -g "$group"
	[[ $output != *"$topic"* ]]
	run_weir run --check -c "weir consume -g $group nosuch-$topic | weir produce nosuch-2-$topic"
	assert_status 78
	assert_output_contains "pipeline:1: weir consume: "
	assert_output_contains "nosuch-$topic"
	assert_output_contains "pipeline:1: weir produce: "
	assert_output_contains "nosuch-2-$topic"
}
