#!/usr/bin/env bats
# The recipes of weir-cookbook(7) for tables in S3.
# bats file_tags=s3
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir
load ../lib/stores
load ../lib/recipes

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server minio
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	bucket=$(new_bucket)
}

@test "cookbook: a topic into S3, exactly once" {
	recipes_mock
	cook 'A topic into S3, exactly once' 1 "s/ -g s3/ --to end&/; s|s3://events|s3://$bucket|"
	assert_status 0
	cmp <(weir lake-cat "s3://$bucket/clicks" | sort) clicks
	cook 'A topic into S3, exactly once' 2 "s|s3://events|s3://$bucket|"
	assert_status 0
	assert_output 3
	seq 1000 >words
	cook 'A topic into S3, exactly once' 3 \
		"s|s3://events|s3://$bucket|; s|http://minio:9000|$WEIR_TEST_S3|; s|/usr/share/dict/words|words|"
	assert_status 0
	weir lake-cat "s3://$bucket/words" | cmp - words
}
