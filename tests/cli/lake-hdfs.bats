#!/usr/bin/env bats
# Tables in HDFS: the programs of the lake through WebHDFS and through HttpFS.
# bats file_tags=hdfs,long
# shellcheck disable=SC2154,SC2030,SC2031 # stderr comes from the helpers; each gateway in a subshell of its own
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# Run FUNCTION with a directory on each gateway: $directory, and $lake, the URL of a table in it. Do not call it in a
# condition, where bash would go on after a command that fails.
on_each() { # on_each FUNCTION [ARGUMENT...]
	local gateway
	use_server hdfs
	for gateway in webhdfs httpfs; do
		echo "# on $gateway"
		(
			set -eu
			mkdir "$gateway" && cd "$gateway"
			[ "$gateway" = webhdfs ] || WEIR_TEST_HDFS=$WEIR_TEST_HTTPFS
			server=${WEIR_TEST_HDFS#http://}
			directory=$(new_directory)
			lake=hdfs://$server$directory/lake/t
			"$@"
		)
	done
}

objects() { hdfs ls "$directory/lake/t" | cut -f 2; }
object() { hdfs get "$directory/lake/t/$1"; }

@test "webhdfs: what every store promises" {
	use_server hdfs
	"$BUILD/unit/lake_store_test" "hdfs://${WEIR_TEST_HDFS#http://}$(new_directory)/a b"
}

@test "httpfs: what every store promises" {
	use_server hdfs
	"$BUILD/unit/lake_store_test" "hdfs://${WEIR_TEST_HTTPFS#http://}$(new_directory)/a b"
}

@test "hdfs: records in, records out, by log and by directory" {
	on_each in_and_out
}

@test "hdfs: lake-cat follows a table, and a second table has each record once" {
	on_each followed
}

@test "hdfs: partitions, whatever their names, and lake-cat --where" {
	on_each partitions "ü+&=%'\"/?#"
}

@test "hdfs: large files go up at once, and come down in ranges" {
	ranges() {
		seq -f '%.0f 0123456789012345678901234567890123456789012345678901234567890123456789' 600000 >in # 46 MB
		weir lake-put --compress none --memory 16M "$lake" in
		weir lake-cat --trace trace "$lake" | cmp - in
		assert_equal "$(grep -c 'op=OPEN.*&length=[0-9]*&*.*noredirect' trace)" 12
		assert_equal "$(weir lake-check "$lake")" ''
	}
	on_each ranges
}

@test "hdfs: --id: a second run changes nothing" {
	on_each id_twice
}

@test "hdfs: writers at the same time, each commits once" {
	on_each writers_race
}

@test "hdfs: the requests of a commit are those that weir-lake(7) names" {
	requests() {
		seq 5 >in
		weir lake-put "$lake" in
		weir lake-put --trace trace "$lake" in
		sed -E 's|[^\t]*\t([A-Z]+)\thttp://[^/]*/webhdfs/v1/[^/]*/lake/t/?([^?]*)\?op=([A-Z]*)([^\t]*)\t([0-9]+)\t.*|\1 \3 \2 \5 \4|
			s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID/g; s/0{19}([0-9])/N\1/g
			s/ &.*noredirect=true$/ ask/; s/ &.*destination=.*lake%2Ft%2F([^&]*).*/ \1/; s/ &.*//' trace >did
		[ "$server" != "${WEIR_TEST_HTTPFS#http://}" ] || return 0 # some answers of HttpFS need further requests
		diff -u - did <<-'DONE'
			GET OPEN _weir_log/_last 200 ask
			GET OPEN _weir_log/_last 200
			GET OPEN _weir_log/N0.json 200 ask
			GET OPEN _weir_log/N0.json 200
			GET OPEN _weir_log/N1.json 404 ask
			GET GETFILESTATUS part-UUID-00000.txt.zst 200
			GET GETFILESTATUS  200
			PUT CREATE _weir_stage/UUID-0 200 ask
			PUT CREATE _weir_stage/UUID-0 201
			GET GETFILESTATUS _weir_stage/UUID-0 200
			GET GETFILESTATUS _weir_stage/UUID-0 200
			PUT CREATE _weir_stage/UUID-1 200 ask
			PUT CREATE _weir_stage/UUID-1 201
			GET GETFILESTATUS _weir_stage/UUID-1 200
			PUT RENAME _weir_stage/UUID-1 200 _weir_log%2FN1.json
			GET OPEN _weir_log/N2.json 404 ask
			PUT RENAME _weir_stage/UUID-0 200 part-UUID-00000.txt.zst
			PUT CREATE _weir_stage/UUID-2 200 ask
			PUT CREATE _weir_stage/UUID-2 201
			PUT RENAME _weir_stage/UUID-2 200 _weir_log%2F_last
		DONE
	}
	on_each requests
}

@test "hdfs: --dry-run leaves nothing behind" {
	dry() {
		run_weir lake-put --dry-run -v "$lake"
		assert_status 0
		assert_stderr_contains 'all that writing needs is allowed'
		run_weir lake-put --dry-run "$lake"
		assert_success
		run ! hdfs head "$directory/lake"
		hdfs head "$directory"
	}
	on_each dry
}

@test "hdfs: a table is not in the place of a file, nor a file in that of a directory" {
	in_the_way() {
		seq 3 >in
		weir lake-put "$lake" in
		hdfs mb "$directory/lake/t/_weir_log/00000000000000000001.json"
		run_weir lake-put "$lake" in
		assert_status 65
		[[ $stderr == *00000000000000000001.json* ]]
		hdfs put "$directory/file" <in
		run_weir lake-put "hdfs://$server$directory/file/t" in
		assert_status 78
		assert_stderr_contains "$directory/file"
	}
	on_each in_the_way
}

@test "hdfs: nobody there, a standby, and a server that is not HDFS" {
	use_server hdfs
	local server=${WEIR_TEST_HDFS#http://} directory standby
	directory=$(new_directory)
	run_weir lake-put --timeout 1500ms "hdfs://127.0.0.1:9$directory/t" <<<1
	assert_status 75
	assert_stderr_contains 'http://127.0.0.1:9'
	start_server faulthttp standby "$WEIR_TEST_HDFS"
	standby=${WEIR_TEST_FAULT#http://}
	fault '{"do": "answer", "status": 403, "fields": {"Content-Type": "application/json"}, "body": "{\"RemoteException\":{\"exception\":\"StandbyException\",\"message\":\"Operation category READ is not supported in state standby\"}}"}'
	run_weir lake-put --timeout 4s "hdfs://$standby$directory/t" <<<1
	assert_status 75
	assert_stderr_contains 'StandbyException'
	assert_stderr_contains 'no name node is active'
	run_weir lake-put "hdfs://127.0.0.1:9,$standby,$server$directory/t" <<<1
	assert_success
	run_weir lake-cat "hdfs://$server,$standby$directory/t"
	assert_output 1
	mkdir web
	start_bg web python3 -um http.server --directory web --bind 127.0.0.1 0
	wait_for 10 grep -q port web.out
	run_weir lake-put --timeout 2s "hdfs://127.0.0.1:$(grep -oE 'port [0-9]+' web.out | cut -c 6-)/x" <<<1
	assert_status 78
	assert_stderr_contains 'not an answer of WebHDFS'
}

@test "hdfs: answers that are lost, and a connection that is cut in the middle of a file" {
	use_server hdfs
	local directory lake
	seq -f '%.0f 0123456789' 100000 >in
	start_server faulthttp faults "$WEIR_TEST_HTTPFS" # its own data node: all goes through it
	directory=$(new_directory)
	lake=hdfs://${WEIR_TEST_FAULT#http://}$directory/t
	fault '{"do": "lose_answer", "method": "PUT", "path": "op=CREATE.*data=true", "nth": 1}' \
		'{"do": "cut_request", "at": "half", "method": "PUT", "path": "op=CREATE.*data=true", "nth": 2}' \
		'{"do": "lose_answer", "method": "PUT", "path": "op=RENAME", "nth": [1, 4]}'
	weir lake-put --compress none "$lake" in
	assert_equal "$(fault_seen '.rules[].followed' | paste -sd ' ')" '1 1 2'
	weir lake-cat "$lake" | cmp - in
	assert_equal "$(weir lake-check "$lake")" ''
	assert_equal "$(hdfs ls "$directory/t" | grep _weir_stage || true)" ''
	fault '{"do": "answer", "status": 201, "method": "PUT", "path": "op=CREATE.*data=true"}' # and nothing is there
	run_weir lake-put "$lake" in
	assert_status 75
	assert_stderr_contains FileNotFoundException
	fault '{"do": "answer", "status": 200, "body": "{\"FileStatus\":{\"type\":\"FILE\",\"length\":7,\"fileId\":1}}", "path": "_weir_stage.*GETFILESTATUS"}'
	run_weir lake-put "$lake" in
	assert_status 75
	assert_stderr_contains 'it has 7 bytes of'
	weir lake-cat "$lake" | cmp - in
}

@test "hdfs: a marked stream, and its --stats" {
	marked() {
		seq 9 | "$BUILD/servers/marker" -n 2 2>acks | weir lake-put --commit-records 4 --stats stats.prom "$lake"
		seq 9 >in
		assert_table in
		assert_equal "$(weir lake-cat --positions "$lake")" "$(printf 't\t0\t9\tg')"
		[ "$(sed -n 's/^weir_lake_put_requests_total //p' stats.prom)" -gt 10 ]
	}
	on_each marked
}

@test "hdfs: a token is sent, and shown to nobody" {
	use_server hdfs
	start_server faulthttp tokens "$WEIR_TEST_HDFS"
	# An HDFS that is not secured ignores the token, so it does not matter whether this succeeds.
	WEIR_HDFS_TOKEN=Sec-ret run_weir lake-put --trace trace "hdfs://${WEIR_TEST_FAULT#http://}/$(unique_topic)" <<<1
	[[ $stderr != *Sec-ret* ]]
	grep -q 'delegation=\*\*\*' trace
	run ! grep -q Sec-ret trace
	fault_seen | grep -q 'delegation=Sec-ret'
}

@test "hdfs: a data node that is gone, a name node in safe mode, and no permission" {
	local dir=$BATS_TEST_TMPDIR/hdfs lake server=$WEIR_ROOT/tests/servers/hdfs
	start_server hdfs
	lake=hdfs://${WEIR_TEST_HDFS#http://}/a/t
	weir lake-put "$lake" <<<1
	"$server" kill "$dir" datanode
	run_weir lake-put --timeout 2s "$lake" <<<2
	assert_status 75
	[[ $stderr == *'onnection refused'* || $stderr == *IOException* ]]
	"$server" kill "$dir" namenode
	sed -i '/dfs.permissions.enabled/s/false/true/' "$dir/hdfs-site.xml"
	"$server" restart "$dir" namenode 3>&- # without the blocks of what there is
	wait_for 30 hdfs head /a/t
	run_weir lake-put --timeout 2s "hdfs://${WEIR_TEST_HDFS#http://}/b/t" <<<2
	assert_status 75
	assert_stderr_contains 'SafeModeException'
	"$server" restart "$dir" datanode 3>&-
	wait_for 30 hdfs get /a/t/_weir_log/_last
	run_weir lake-put "hdfs://${WEIR_TEST_HDFS#http://}/b/t" <<<2
	assert_status 78
	assert_stderr_contains 'AccessControlException: Permission denied: user=weir'
	run_weir lake-put --dry-run "hdfs://${WEIR_TEST_HDFS#http://}/b/t"
	assert_status 78
	assert_stderr_contains 'AccessControlException: Permission denied: user=weir'
	weir lake-put "$lake" <<<2
	run_weir lake-cat "$lake"
	assert_output $'1\n2'
}
