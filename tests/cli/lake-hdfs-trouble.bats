#!/usr/bin/env bats
# Failures of tables in HDFS: one line that says what and where, a status, nothing committed, nothing lost.
# bats file_tags=hdfs
# shellcheck disable=SC2154,SC2030,SC2031 # stderr and WEIR_TEST_FAULT come from the helpers
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server hdfs
	server=${WEIR_TEST_HDFS#http://}
	directory=$(new_directory)
	lake=hdfs://$server$directory/t
}

objects() { hdfs ls "$directory/t" | cut -f 2; }
object() { hdfs get "$directory/t/$1"; }

quota() { # quota PARAMETERS
	curl -sS --fail-with-body --noproxy '*' -X PUT "$WEIR_TEST_HDFS/webhdfs/v1$directory?op=SETQUOTA&user.name=$(id -un)&$1"
}

@test "hdfs: quotas: 75, and what is full; with more room the same goes on" {
	local gateway
	seq 5 >in
	weir lake-put "$lake" in
	cat in in in >all
	for gateway in "$WEIR_TEST_HDFS" "$WEIR_TEST_HTTPFS"; do
		quota 'namespacequota=1&storagespacequota=-1'
		run_weir lake-put --timeout 2s "hdfs://${gateway#http://}$directory/t" in
		assert_status 75
		assert_stderr_contains 'NSQuotaExceededException'
		assert_stderr_contains "$directory/t"
		quota 'namespacequota=-1&storagespacequota=1000'
		run_weir lake-put --timeout 2s "hdfs://${gateway#http://}$directory/t" in
		assert_status 75
		assert_stderr_contains "$directory/t"
		quota 'namespacequota=-1&storagespacequota=-1'
		weir lake-put "hdfs://${gateway#http://}$directory/t" in
	done
	assert_table all
}

@test "hdfs: a data node that does not answer is not asked again, if there is another" {
	local data='op=CREATE.*noredirect=true'
	start_server faulthttp faults "$WEIR_TEST_HDFS"
	fault '{"do": "answer", "status": 200, "fields": {"Content-Type": "application/json"}, "body": "{\"Location\":\"http://127.0.0.1:9/x?op=CREATE\"}", "path": "'"$data"'", "nth": 1}'
	seq 5 >in
	weir lake-put "hdfs://${WEIR_TEST_FAULT#http://}$directory/t" in
	assert_table in
	assert_equal "$(fault_seen '[.seen[].target | select(test("'"$data"'"))][:3][] | test("excludedatanodes=127.0.0.1%3A9")' | paste -sd ' ')" 'false true false'
}

@test "hdfs: the only data node does not answer for a while: it is asked again" {
	local location
	location=$(curl -sS --noproxy '*' -X PUT "$WEIR_TEST_HDFS/webhdfs/v1$directory/x?op=CREATE&user.name=weir&noredirect=true" | jq -r .Location)
	location=${location#http://}
	start_server faulthttp data "http://${location%%/*}"
	local data=${WEIR_TEST_FAULT#http://}
	fault '{"do": "reset", "nth": [1, 2]}'
	start_server faulthttp names "$WEIR_TEST_HDFS"
	# names the proxy of the data node once, and then answers that there is no other
	fault '{"do": "answer", "status": 200, "fields": {"Content-Type": "application/json"}, "body": "{\"Location\":\"http://'"$data"'/x?'"${location#*\?}"'\"}", "path": "op=CREATE.*noredirect=true", "nth": 1}' \
		'{"do": "answer", "status": 403, "fields": {"Content-Type": "application/json"}, "body": "{\"RemoteException\":{\"exception\":\"IOException\",\"message\":\"Failed to find datanode\"}}", "path": "excludedatanodes"}'
	seq 5 >in
	weir lake-put "hdfs://${WEIR_TEST_FAULT#http://}$directory/t" in
	assert_table in
	[ "$(fault_seen '.rules[1].followed')" -ge 1 ]
}

@test "hdfs: the active name node becomes a standby during a run: the other one is asked, nothing is lost" {
	local standby='{"do": "answer", "status": 403, "fields": {"Content-Type": "application/json"}, "body": "{\"RemoteException\":{\"exception\":\"StandbyException\",\"message\":\"Operation category WRITE is not supported in state standby\"}}"}'
	local first second
	start_server faulthttp second "$WEIR_TEST_HDFS"
	second=$WEIR_TEST_FAULT
	fault "$standby"
	start_server faulthttp first "$WEIR_TEST_HDFS"
	first=$WEIR_TEST_FAULT
	mkfifo lines
	export MARKER=$BUILD/servers/marker
	# shellcheck disable=SC2016
	start_bg pipeline bash -c 'set -o pipefail; "$MARKER" -n 1 -f <lines 2>acks | weir lake-put "$1"' - \
		"hdfs://${first#http://},${second#http://}$directory/t"
	exec 9>lines
	echo 1 >&9
	wait_for 20 grep -q '^acked' acks
	fault "$standby"
	echo 2 >&9
	sleep 0.5 # the other one becomes active a little later
	WEIR_TEST_FAULT=$second
	fault
	exec 9>&-
	wait_bg pipeline
	assert_status 0
	seq 2 >in
	assert_table in
	[ "$(fault_seen '.seen | length')" -gt 5 ]
}

@test "hdfs: a directory that holds something else" {
	mkdir d
	hdfs put "$directory/t/notes.txt" <<<hello
	hdfs put "$directory/t/sub/part-1.csv" <<<1
	seq 5 >in
	weir lake-put "$lake" in
	assert_equal "$(weir lake-cat "$lake")" "$(<in)"
	hdfs get "$directory/t/notes.txt" | grep -q hello
	run_weir lake-check "$lake"
	assert_output_contains notes.txt
	run_weir lake-check --clean --older-than 0s "$lake"
	hdfs get "$directory/t/sub/part-1.csv" | grep -q 1
}

@test "hdfs: a proxy that refuses, and one that is not there" {
	start_server faulthttp proxy
	fault '{"do": "answer", "status": 407, "body": "no"}'
	http_proxy=$WEIR_TEST_FAULT run_weir lake-put --timeout 10s "$lake" <<<1
	assert_status 78
	assert_stderr_contains 407
	http_proxy=http://127.0.0.1:9 run_weir lake-put --timeout 1500ms "$lake" <<<1
	assert_status 75
	assert_stderr_contains 'by the proxy 127.0.0.1:9'
}

@test "hdfs: TLS: swebhdfs, a wrong authority, a wrong name, no TLS at all" {
	local secure
	start_server hdfs own tls
	secure=${WEIR_TEST_HTTPFS#https://}
	directory=$(new_directory)
	seq 5 >in
	export SSL_CERT_FILE=$WEIR_TEST_HDFS_CA
	lake=swebhdfs://$secure$directory/t
	weir lake-put --trace trace "$lake" in
	assert_table in
	run ! grep -q http: trace
	SSL_CERT_FILE='' run_weir lake-put --timeout 2s "$lake" in
	assert_status 78
	assert_stderr_contains certificate
	run_weir lake-put --timeout 2s "swebhdfs://elsewhere.localhost:${secure#*:}$directory/t" in
	assert_status 78
	assert_stderr_contains elsewhere.localhost
	run_weir lake-put --timeout 2s "hdfs://$secure$directory/t" in
	[ "$status" = 75 ] || [ "$status" = 78 ] # the answer is not HTTP, or there is none
	assert_stderr_contains "$secure"
	assert_table in
}

@test "hdfs: --clean removes what a writer has left that was killed while it tried the store" {
	weir lake-put "$lake" <<<1
	hdfs put "$directory/t/.proof-00000000-0000-4000-8000-000000000001" <<<1
	hdfs put "$directory/t/.other" <<<1
	weir lake-check --clean "$lake" # not yet: it is new
	objects | grep -q proof
	weir lake-check --clean --older-than 0s "$lake"
	assert_equal "$(objects | grep '^\.')" .other
}
