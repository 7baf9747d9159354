# DEMO=s3 make demo: the same with a lake in a bucket, on a MinIO of its own, which is gone afterwards.
# bats file_tags=s3
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir

@test "demo: in a bucket" {
	DEMO=s3 run_logged "$WEIR_ROOT/tests/demo/demo" "$BUILD"
	assert_status 0
	assert_output_contains 'a bucket: s3://demo/lake at http://127.0.0.1:'
	assert_output_contains 'lake-put --compress gzip'
	[[ ${lines[-1]} =~ ^verified\ in\ .*\ in\ the\ lake ]]
	DEMO=hdfs run_logged "$WEIR_ROOT/tests/demo/demo" "$BUILD"
	assert_status 2
}
