#!/usr/bin/env bats
# Large files in HDFS, which go up while their records come.
# bats file_tags=hdfs
# shellcheck disable=SC2154 # stderr and WEIR_TEST_FAULT come from the helpers
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server hdfs
	directory=$(new_directory)
	seq -f '%.0f 0123456789012345678901234567890123456789012345678901234567890123456789' 200000 >in # 15 MB
	mkfifo lines
}

objects() { hdfs ls "$directory/t" | cut -f 2; }
object() { hdfs get "$directory/t/$1"; }
is_growing() { objects | grep -q '^_weir_stage/'; }

# Begin lake-put by the gateway URL, with most records.
begin() { # begin URL
	lake=hdfs://${1#http://}$directory/t
	exec 5<>lines # opened like this, a FIFO does not block
	start_bg put weir lake-put --compress none --trace trace "$lake" <lines 5>&-
	head -n 150000 in >&5
}

# Give it the others: the table has all of them, and there is nothing else.
complete() {
	tail -n +150001 in >&5
	exec 5>&-
	wait_bg put
	assert_status 0
	weir lake-cat "$lake" | cmp - in
	assert_equal "$(weir lake-check "$lake")" ''
	run ! is_growing
}

uploads() { awk -F '\t' '$2 == "PUT" && $8 > 1000000' trace | wc -l; }

goes_up() { # goes_up URL
	begin "$1"
	wait_for 20 is_growing
	complete
	assert_equal "$(uploads)" 1
}

@test "webhdfs: a large file goes up while its records come" {
	goes_up "$WEIR_TEST_HDFS"
}

@test "httpfs: a large file goes up while its records come" {
	goes_up "$WEIR_TEST_HTTPFS"
}

@test "hdfs: a program that is ended while a file goes up removes it" {
	begin "$WEIR_TEST_HDFS"
	wait_for 20 is_growing
	kill "$bg_pid"
	wait_bg put
	assert_status 75
	exec 5>&-
	run ! is_growing
}

# The upload goes wrong by RULE, and the file goes up once more, when it is whole.
once_more() { # once_more RULE
	start_server faulthttp faults "$WEIR_TEST_HTTPFS"
	fault "$1"
	begin "$WEIR_TEST_FAULT"
	complete
	assert_equal "$(fault_seen '.rules[0].followed')" 1
}

@test "hdfs: a gateway that takes no chunks: the file goes up whole" {
	once_more '{"do": "answer", "status": 411, "method": "PUT", "header": "Transfer-Encoding"}'
	assert_equal "$(uploads)" 2
}

@test "hdfs: a gateway that loses a part of what grows: the file goes up whole" {
	once_more '{"do": "answer", "status": 200, "fields": {"Content-Type": "application/json"}, "body": "{\"FileStatus\":{\"type\":\"FILE\",\"length\":5,\"fileId\":1,\"modificationTime\":1,\"pathSuffix\":\"\"}}", "path": "_weir_stage/.*op=GETFILESTATUS", "nth": 1}'
	assert_equal "$(uploads)" 2
}

@test "hdfs: the upload is cut while the file grows" {
	once_more '{"do": "cut_request", "at": 3000000, "method": "PUT", "header": "Transfer-Encoding", "nth": 1}'
}

@test "hdfs: the answer to the upload of a file that grew is lost" {
	once_more '{"do": "lose_answer", "method": "PUT", "header": "Transfer-Encoding", "nth": 1}'
	assert_equal "$(uploads)" 2
}
