#!/usr/bin/env bats
# Tables in S3: the programs of the lake against two servers.
# bats file_tags=s3,long
# shellcheck disable=SC2154,SC2030,SC2031 # stderr comes from the helpers; each server in a subshell of its own
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

objects() { s3 ls "$bucket" lake/t/ | cut -f 2 | sed 's|^lake/t/||'; }
object() { s3 get "$bucket" "lake/t/$1"; }

@test "s3: what every store promises" {
	conforms() { "$BUILD/unit/lake_store_test" "s3://$bucket/a b"; }
	on_each_s3 conforms
}

@test "s3: records in, records out, by log and by directory" {
	on_each_s3 in_and_out
}

@test "s3: lake-cat follows a table, and a second table has each record once" {
	on_each_s3 followed
}

@test "s3: a stop while lake-cat asks whether there is a new version is no failure" {
	use_server minio
	bucket=$(new_bucket) lake=s3://$bucket/lake/t
	start_server faulthttp fault "$WEIR_TEST_S3"
	export AWS_ENDPOINT_URL=$WEIR_TEST_FAULT
	seq 3 | weir lake-put "$lake" -
	start_bg follow weir lake-cat --follow --poll 50ms "$lake"
	wait_for 20 grep -q 3 follow.out
	fault '{"do": "slow", "delay": 5}'
	wait_for 20 asked
	stop_bg follow
	assert_equal "$status $stderr" '0 '
}

asked() { [ "$(fault_seen '.rules[0].matched')" -gt 0 ]; }

@test "s3: partitions, whatever their names, and lake-cat --where" {
	on_each_s3 partitions "ü+&=%'\"/?#"
}

@test "s3: a Delta table by lake-cat: only ranges of the files that are needed; a file and a directory without a log" {
	delta_rows() {
		local day
		for day in 1 2; do
			jq -cn --argjson d $day 'range(20000) | {id: ., s: "\(. * 7919 % 10007)", day: "2026-11-2\($d)"}' |
				weir lake-put --table delta --partition-by day --schema 'id bigint, s string, day date' "$lake"
		done
		assert_equal "$(weir lake-cat "$lake" | jq -s 'map(.id) | [length, add] | join(" ")' -r)" '40000 399980000'
		weir lake-cat --trace trace --columns id --where '.day == "2026-11-22" && .id >= 19999' "$lake" >got
		assert_equal "$(cat got)" '{"id":19999}'
		assert_equal "$(grep -c 'day=2026-11-21' trace)" 0
		assert_equal "$(weir lake-cat --as-of 0 -n 5 --columns day "$lake" | sort -u)" '{"day":"2026-11-21"}'
		object "$(objects | grep 'day=2026-11-22/part' | head -n 1)" >one.parquet
		s3 put "$bucket" plain/dt=1/one.parquet <one.parquet
		assert_files_equal <(weir lake-cat "s3://$bucket/plain/dt=1/one.parquet") <(weir lake-cat --where day=2026-11-22 "$lake")
		assert_equal "$(weir lake-cat --columns dt -n 1 "s3://$bucket/plain")" '{"dt":"1"}'
	}
	on_each_s3 delta_rows
}

@test "s3: large files go up in parts, and come down in ranges" {
	parts() {
		seq -f '%.0f 0123456789012345678901234567890123456789012345678901234567890123456789' 600000 >in # 46 MB
		weir lake-put --compress none --memory 16M --trace trace "$lake" in
		weir lake-cat "$lake" | cmp - in
		assert_equal "$(grep -c 'PUT.*partNumber=' trace)" 6
		assert_equal "$(weir lake-check "$lake")" ''
	}
	on_each_s3 parts
}

@test "s3: a part goes up while no more records come" {
	waits() {
		mkfifo lines
		seq -f '%.0f 0123456789012345678901234567890123456789012345678901234567890123456789' 109200 >in # 8.4 MB
		exec 5<>lines # opened like this, a FIFO does not block
		start_bg put weir lake-put --compress none --trace trace "$lake" <lines 5>&-
		cat in >&5
		wait_for 20 grep -q 'PUT.*partNumber=1&' trace
		exec 5>&-
		wait_bg put
		assert_status 0
		weir lake-cat "$lake" | cmp - in
	}
	on_each_s3 waits
}

# Sets $big: a file of 135 MB.
big_file() {
	big=$BATS_TEST_TMPDIR/big
	[ -e "$big" ] || seq -f %0.9999f 13500 >"$big"
}

@test "s3: a file larger than 128 MiB is copied in parts, several at once" {
	copies() {
		big_file
		weir lake-put --compress none --trace trace "$lake" "$big"
		weir lake-cat "$lake" | cmp - "$big"
		assert_equal "$(grep -c 'PUT.*/part-.*partNumber=[1-5]&' trace)" 5
		assert_equal "$(weir lake-check "$lake")" ''
		assert_equal "$(objects | grep _weir_stage || true)" ''
	}
	on_each_s3 copies
}

@test "s3: a copy in parts: answers that are lost, a part that is refused, a stage that another has published" {
	use_server minio
	bucket=$(new_bucket) lake=s3://$bucket/lake/t
	start_server faulthttp fault "$WEIR_TEST_S3"
	export AWS_ENDPOINT_URL=$WEIR_TEST_FAULT
	big_file
	local final stage part='"method": "PUT", "header": "(?i)x-amz-copy-source-range", "nth"'
	fault "{\"do\": \"lose_answer\", $part: [1, 3]}" "{\"do\": \"slow_down\", $part: 2}" \
		'{"do": "lose_answer", "method": "POST", "path": "/part-.*uploadId=", "times": 1}'
	weir lake-put --compress none "$lake" "$big"
	assert_equal "$(weir lake-check "$lake")" ''
	fault "{\"do\": \"answer\", $part: 2, \"status\": 400, \"body\": \"<Error><Code>InvalidRequest</Code></Error>\"}"
	run_weir lake-put --compress none "$lake" "$big"
	assert_status 78
	assert_stderr_contains "cannot publish '$lake/part-"
	assert_stderr_contains InvalidRequest
	fault '{"do": "slow_down", "header": "(?i)x-amz-copy-source-range"}'
	start_bg put weir lake-put --compress none "$lake" "$big" # which publishes what is left, first
	wait_for 20 grep -q 'trying again' put.err
	final=$(object _weir_log/00000000000000000001.json | jq -r 'select(.add).add.path')
	stage=$(s3 ls "$bucket" lake/t/_weir_stage/ | cut -f 2 | head -n 1)
	s3 cp "$bucket" "$stage" "lake/t/$final"
	s3 rm "$bucket" "$stage"
	fault
	wait_bg put
	assert_equal "$(weir lake-cat "$lake" | cmp - <(cat "$big" "$big" "$big"))" ''
	assert_equal "$(objects | grep _weir_stage || true)" ''
}

@test "s3: a published file names its stage, whatever the server has copied with it" {
	# versitygw copies no metadata when another writer removes the stage meanwhile
	bare_stage() {
		start_server faulthttp "fault-$server" "$WEIR_TEST_S3"
		fault '{"do": "answer", "header": "(?i)x-amz-copy-source:", "status": 400, "body": "<Error><Code>InvalidRequest</Code></Error>"}'
		names_its_stage s3 "$bucket" x-amz-meta-weir-stage "AWS_ENDPOINT_URL=$WEIR_TEST_FAULT"
	}
	on_each_s3 bare_stage
}

@test "s3: --id: a second run changes nothing" {
	on_each_s3 id_twice
}

@test "s3: writers at the same time, each commits once" {
	on_each_s3 writers_race
}

@test "s3: the requests of a commit are those that weir-lake(7) names" {
	requests() {
		seq 5 >in
		weir lake-put "$lake" in
		weir lake-put --trace trace "$lake" in
		sed -E 's|[^\t]*\t([A-Z]+)\thttp://[^/]*/[^/]*/lake/t/([^\t]*)\t([0-9]+)\t.*|\1 \2 \3|; s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID/; s/0{19}([0-9])/N\1/' \
			trace >did
		diff -u - did <<-'DONE'
			GET _weir_log/_last 200
			GET _weir_log/N0.json 200
			GET _weir_log/N1.json 404
			HEAD part-UUID-00000.txt.zst 200
			PUT _weir_stage/UUID-0 200
			HEAD _weir_stage/UUID-0 200
			PUT _weir_log/N1.json 200
			GET _weir_log/N2.json 404
			PUT part-UUID-00000.txt.zst 200
			DELETE _weir_stage/UUID-0 204
			PUT _weir_log/_last 200
		DONE
	}
	on_each_s3 requests
}

@test "s3: --dry-run leaves nothing behind" {
	dry() {
		run_weir lake-put --dry-run -v "$lake"
		assert_status 0
		assert_stderr_contains 'all that writing needs is allowed'
		run_weir lake-put --dry-run "$lake"
		assert_success
		assert_equal "$(s3 ls "$bucket")" ''
	}
	on_each_s3 dry
	run_weir lake-put --dry-run s3://b/x file
	assert_status 2
}

@test "s3: no bucket, a wrong secret, a wrong key: 78, which says what" {
	refused() {
		run_weir lake-put s3://no-such-bucket-here/x <<<1
		assert_status 78
		assert_stderr_contains 'NoSuchBucket'
		assert_stderr_contains 'make the bucket first'
		run_weir lake-cat "$lake"
		assert_status 78
		assert_stderr_contains 'is not a table'
		AWS_SECRET_ACCESS_KEY=wrong run_weir lake-put "$lake" <<<1
		assert_status 78
		assert_stderr_contains 'SignatureDoesNotMatch'
		[[ $stderr != *wrong* ]]
		AWS_ACCESS_KEY_ID=nobody run_weir lake-put "$lake" <<<1
		assert_status 78
		[[ $stderr == *InvalidAccessKeyId* || $stderr == *'No user exists with the provided access key ID'* ]]
		assert_equal "$(s3 ls "$bucket")" ''
	}
	on_each_s3 refused
}

@test "s3: all that a store needs may stand in [store] of the configuration, by profile; the environment wins" {
	use_server minio
	bucket=$(new_bucket) lake=s3://$bucket/lake/t
	cat >conf <<-END
		[store]
		AWS_REGION = $AWS_REGION
		AWS_ACCESS_KEY_ID = $AWS_ACCESS_KEY_ID
		AWS_SECRET_ACCESS_KEY = wrong
		[minio:store]
		AWS_ENDPOINT_URL = $WEIR_TEST_S3
		AWS_SECRET_ACCESS_KEY = $AWS_SECRET_ACCESS_KEY
	END
	chmod 600 conf
	local secret=$AWS_SECRET_ACCESS_KEY
	unset "${!AWS_@}"
	export WEIR_CONFIG=$PWD/conf AWS_EC2_METADATA_DISABLED=true
	seq 3 | weir lake-put --profile minio "$lake"
	assert_equal "$(weir lake-cat --profile minio "$lake" | xargs)" '1 2 3'
	AWS_SECRET_ACCESS_KEY=other run_weir lake-cat --profile minio "$lake"
	assert_status 78
	assert_stderr_contains SignatureDoesNotMatch
	AWS_SECRET_ACCESS_KEY=other run_weir lake-cat -F conf --profile minio "$lake" # a file that is given counts more
	assert_success
	AWS_ENDPOINT_URL=$WEIR_TEST_S3 run_weir lake-cat "$lake" # the secret without the profile
	assert_status 78
	assert_stderr_contains SignatureDoesNotMatch
	run_weir config --profile minio store
	assert_success
	[[ $output != *"$secret"* && $output == *"$WEIR_TEST_S3"* ]]
}

@test "s3: nobody there, and a server that is not S3" {
	use_server minio # for its keys
	run_weir lake-put --timeout 1500ms --endpoint http://127.0.0.1:9 s3://bucket/x <<<1
	assert_status 75
	assert_stderr_contains 'http://127.0.0.1:9'
	mkdir web
	start_bg web python3 -um http.server --directory web --bind 127.0.0.1 0
	wait_for 10 grep -q port web.out
	run_weir lake-put --timeout 2s --endpoint "http://127.0.0.1:$(grep -oE 'port [0-9]+' web.out | cut -c 6-)" s3://bucket/x <<<1
	assert_status 78
	assert_stderr_contains 'not an answer of S3'
}

@test "s3: a marked stream, and its --stats" {
	marked() {
		seq 9 | "$BUILD/servers/marker" -n 2 2>acks | weir lake-put --commit-records 4 --stats stats.prom "$lake"
		seq 9 >in
		assert_table in
		assert_equal "$(weir lake-cat --positions "$lake")" "$(printf 't\t0\t9\tg')"
		[ "$(sed -n 's/^weir_lake_put_requests_total //p' stats.prom)" -gt 10 ]
		[ "$(sed -n 's/^weir_lake_put_sent_bytes_total //p' stats.prom)" -gt 100 ]
		grep -qx 'weir_lake_put_repeated_requests_total 0' stats.prom
	}
	on_each_s3 marked
}

# The Python of the tests reads the table by delta-rs, straight from the server.
@test "s3: a Delta table: its files are put in place, without copies, and delta-rs reads it" {
	delta() {
		. "$WEIR_ROOT/tests/lib/python.bash"
		python_locate
		seq 1000 | sed 's/.*/{"n":&}/' >in
		weir lake-put --table delta --schema 'n bigint' --trace trace "$lake" in
		weir lake-put --table delta --trace trace2 "$lake" in
		run_logged grep -ci -e 'copy' -e '_weir_stage' trace trace2
		[ "$output" = $'trace:0\ntrace2:0' ]
		run_logged "$python_home/bin/python3" -c 'import os, sys, deltalake
dt = deltalake.DeltaTable(sys.argv[1], storage_options={
    "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"], "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"], "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"]})
print(dt.version(), sum(dt.to_pyarrow_table()["n"].to_pylist()))' "$lake"
		[ "$output" = '1 1001000' ]
		! weir lake-put --table delta --schema 'n int' "$lake.2" <<<'{"n":1}'$'\n''{"n":"x"}' || return 1
		[ "$(s3 ls "$bucket" lake/t.2/ | wc -l)" = 0 ]
		printf '%s\n' '{"n":1}' '{"n":1,"a":2}' '{"n":"x"}' >in # two files were begun, one is complete
		! weir lake-put --table delta --schema 'n int' --on-new-field add "$lake.2" in || return 1
		[ "$(s3 ls "$bucket" lake/t.2/ | wc -l)" = 0 ]
		weir lake-put --table delta --schema 'n int' --on-new-field add --rejects drop "$lake.2" in || [ $? = 1 ]
		[ "$(s3 ls "$bucket" lake/t.2/ | grep -c parquet)" = 2 ]
	}
	on_each_s3 delta
}

@test "s3: a checkpoint of a Delta table, without the entries before it" {
	checkpoint() {
		. "$WEIR_ROOT/tests/lib/python.bash"
		python_locate
		put() { # put NUMBER
			echo "{\"n\":$1}" >in
			WEIR_CHECKPOINT_EVERY=2 "$BUILD/kill/bin/lake-put" --table delta --schema 'n bigint' --id "id/$1" "$lake" in
		}
		for n in 1 2 3; do
			put "$n"
		done
		[ "$(s3 ls "$bucket" lake/t/_delta_log/ | grep -c '02.checkpoint.parquet')" = 1 ]
		s3 rm "$bucket" lake/t/_delta_log/0000000000000000000{0,1}.json
		run_logged put 1
		[ "$status" = 0 ]
		put 4
		run_logged "$python_home/bin/python3" -c 'import os, sys, deltalake
dt = deltalake.DeltaTable(sys.argv[1], storage_options={
    "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"], "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"], "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"]})
print(dt.version(), sorted(dt.to_pyarrow_table()["n"].to_pylist()), dt.transaction_version("weir-id/id/1"))' "$lake"
		[ "$output" = '3 [1, 2, 3, 4] 1' ]
	}
	on_each_s3 checkpoint
}
