#!/usr/bin/env bats
# tests/servers/faulthttp before real S3 servers: signatures stay good, also where a signed header is taken out.
# bats file_tags=s3
load ../lib/weir
load ../lib/stores

@test "faulthttp: before MinIO and versitygw, with and without the conditions" {
	local server bucket
	for server in minio versitygw; do
		use_server $server
		bucket=$(new_bucket)
		start_server faulthttp "$server-faults" "$WEIR_TEST_S3"
		WEIR_TEST_S3=$WEIR_TEST_FAULT
		s3 put "$bucket" 'a =+&%' --new <<<one
		run_sh "echo two | python3 $WEIR_ROOT/tests/lib/s3.py put $bucket 'a =+&%' --new"
		assert_status 1
		fault '{"do":"ignore_conditions","method":"PUT","header":"^if-none-match:"}'
		run_sh "echo two | python3 $WEIR_ROOT/tests/lib/s3.py put $bucket 'a =+&%' --new"
		assert_success
		assert_equal "$(fault_seen '.rules[0].followed, .seen[0].status' | paste -sd ' ')" '1 200'
		assert_equal "$(s3 get "$bucket" 'a =+&%')" two
		fault '{"do":"lose_answer","times":1,"method":"PUT"}'
		run_sh "echo lost | python3 $WEIR_ROOT/tests/lib/s3.py put $bucket lost --new"
		[ "$status" != 0 ]
		assert_equal "$(s3 get "$bucket" lost)" lost
	done
}
