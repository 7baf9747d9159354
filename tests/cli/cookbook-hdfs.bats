#!/usr/bin/env bats
# The recipes of weir-cookbook(7) for tables in HDFS.
# bats file_tags=hdfs
# shellcheck disable=SC2154 # output comes from the helpers
load ../lib/weir
load ../lib/stores
load ../lib/recipes

@test "cookbook: a topic into HDFS, exactly once" {
	local server directory here
	cd "$BATS_TEST_TMPDIR"
	use_server hdfs
	server=${WEIR_TEST_HDFS#http://}
	directory=$(new_directory)
	here="s|nn1,nn2/data|127.0.0.1:9,$server$directory|g; s/NAME=events/NAME=$HADOOP_USER_NAME/; s/ -g hdfs/ --to end&/"
	recipes_mock
	cook 'A topic into HDFS, exactly once' 1 "$here"
	assert_status 0
	cmp <(weir lake-cat "hdfs://$server$directory/clicks" | sort) clicks
	cook 'A topic into HDFS, exactly once' 2 "$here"
	assert_status 0
	assert_output 3
}
