#!/usr/bin/env bats
# lake-compact in stores over HTTP: Delta tables are put together, expired and vacuumed there, raw ones are refused.
# bats file_tags=s3,azure,hdfs
bats_require_minimum_version 1.5.0
# shellcheck disable=SC2154 # bucket, container and directory are of the helpers
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

put() { # put URL NUMBER: a commit of its own with this row
	echo "{\"n\":$2,\"t\":\"2026-11-2$(($2 % 3))T00:00:00Z\"}" >in
	weir lake-put --table delta --schema 'n bigint, t timestamp' --partition-by d=%F --time .t "$1/T" in
}

compacted() { # compacted URL: of a directory in a store
	local n before
	for n in $(seq 12); do put "$1" "$n"; done
	before=$(weir lake-cat "$1/T" | sort)
	run_weir lake-compact -v "$1/T"
	assert_status 0
	assert_stderr_contains 'put 12 files together in 3'
	assert_equal "$(weir lake-cat "$1/T" | sort)" "$before"
	run_weir lake-compact --dry-run --vacuum --older-than 0 "$1/T"
	assert_success
	assert_output_contains 'would remove 12 files'
	weir lake-compact --vacuum --older-than 0 "$1/T"
	run_weir lake-compact --dry-run --vacuum --older-than 0 "$1/T"
	assert_output_contains 'would remove 0 files'
	assert_equal "$(weir lake-cat "$1/T" | sort)" "$before"
	run_weir lake-check "$1/T"
	assert_success
	put "$1" 13
	assert_equal "$(weir lake-cat "$1/T" | wc -l)" 13
	seq 3 | weir lake-put "$1/raw"
	seq 3 | weir lake-put "$1/raw"
	run_weir lake-compact "$1/raw"
	assert_status 78
	assert_stderr_contains 'cannot rename files'
	assert_equal "$(weir lake-cat "$1/raw" | wc -l)" 6
}

@test "s3: a Delta table is put together, in parallel, and vacuumed; a raw one is refused" {
	use_server minio
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	compacted "s3://$(new_bucket)"
}

@test "azure: the same" {
	use_server azurite
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	compacted "az://$(new_container)/lake"
}

@test "hdfs: the same, through WebHDFS and HttpFS" {
	use_server hdfs
	compacted "hdfs://${WEIR_TEST_HDFS#http://}$(new_directory)"
	WEIR_TEST_HDFS=$WEIR_TEST_HTTPFS
	compacted "hdfs://${WEIR_TEST_HDFS#http://}$(new_directory)"
}
