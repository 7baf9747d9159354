# The behaviour of the S3 servers on which other tests rely, seen only through tests/lib/s3.py, which is thereby tested,
# too.
# bats file_tags=s3
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir
load ../lib/stores

# Where the two differ, weir relies on neither.
@test "MinIO: the answers that weir relies on, or must live with" {
	use_server minio
	assert_probes s3 "$(new_bucket)" <<-'ANSWERS'
		PUT if absent: none there, then one: 200, 412 PreconditionFailed, holds 1
		Complete if absent: none there, then one: 200, 412 PreconditionFailed, holds 1
		20 racers to PUT if absent, 10 rounds: 10 x 1 winner, its content
		Complete of an upload that is complete: 404 NoSuchUpload
		Abort, and again: 204, 204
		uploads by the prefix up/, by the whole key up/one: not found, found
		wrong secret, wrong region, clock 1 h slow, unknown token: 403 SignatureDoesNotMatch, 200, 403 RequestTimeTooSkewed, 403 InvalidTokenId
		body that is not the signed one: 400 XAmzContentSHA256Mismatch, stored None
		body that does not have the CRC32C of its header: 400 XAmzContentChecksumMismatch, stored None
		PUT cut half way, signed by hash, and with UNSIGNED-PAYLOAD: stored bytes: 0, 0
		copy; of an object with SHA-256; of one that is gone; onto an existing one if absent: 200, checksum kept, 404 NoSuchKey, 200
		copy as two parts: 200, the same bytes
		keys as written, read back and listed: all read back, all listed by UTF-8
		empty component, .., component of 300 bytes; what is listed then: 400 XMinioInvalidObjectName, 400 XMinioInvalidResourceName, 400 XMinioInvalidObjectName, []
		empty object; ranges at the end, across it and beyond it: 0, 206 9, 206 89, 416 InvalidRange
		a list of 5 in pages of 2; after a key: [2, 2, 1], 2
		each answer has a Date; a list has times of objects: True, 0000-00-00T00:00:00.000Z
		no such key, no such bucket; DELETE of what is not there: 404 NoSuchKey, 404 NoSuchBucket, 204
	ANSWERS
}

@test "versitygw: the answers that weir relies on, or must live with" {
	use_server versitygw
	assert_probes s3 "$(new_bucket)" <<-'ANSWERS'
		PUT if absent: none there, then one: 200, 412 PreconditionFailed, holds 1
		Complete if absent: none there, then one: 200, 412 PreconditionFailed, holds 1
		20 racers to PUT if absent, 10 rounds: 10 x 1 winner, its content
		Complete of an upload that is complete: 200
		Abort, and again: 204, 404 NoSuchUpload
		uploads by the prefix up/, by the whole key up/one: found, found
		wrong secret, wrong region, clock 1 h slow, unknown token: 403 SignatureDoesNotMatch, 400 AuthorizationHeaderMalformed, 403 RequestTimeTooSkewed, 400 InvalidToken
		body that is not the signed one: 400 XAmzContentSHA256Mismatch, stored None
		body that does not have the CRC32C of its header: 400 BadDigest, stored None
		PUT cut half way, signed by hash, and with UNSIGNED-PAYLOAD: stored bytes: 0, 50000
		copy; of an object with SHA-256; of one that is gone; onto an existing one if absent: 200, checksum kept, 404 NoSuchKey, 200
		copy as two parts: 200, the same bytes
		keys as written, read back and listed: all read back, all listed by UTF-8
		empty component, .., component of 300 bytes; what is listed then: 200, 200, 400 KeyTooLongError, ['s/t', 's/u']
		empty object; ranges at the end, across it and beyond it: 0, 206 9, 206 89, 416 InvalidRange
		a list of 5 in pages of 2; after a key: [2, 2, 1], 2
		each answer has a Date; a list has times of objects: True, 0000-00-00T00:00:00Z
		no such key, no such bucket; DELETE of what is not there: 404 NoSuchKey, 404 NoSuchBucket, 204
	ANSWERS
}

@test "a server is stopped, killed and started again with its data" {
	local kind
	write() { s3 put lives "$1" <<<"$1"; }
	names() { s3 ls lives; }
	for kind in minio versitygw; do
		start_server $kind
		s3 mb lives
		lives_on $kind stop kill
	done
}

@test "a server ends, and its data is gone, when its owner is killed" {
	dies_with_owner minio
	dies_with_owner versitygw
}

@test "tls: only who trusts the authority of the tests gets an answer" {
	local kind
	for kind in minio versitygw; do
		start_server "$kind" "$kind" tls
		s3 mb secure
		s3 put secure key <<<text
		run_logged s3 get secure key
		assert_output text
		AWS_CA_BUNDLE='' run_logged s3 get secure key
		assert_status 1
		assert_stderr_contains 'certificate verify failed'
		WEIR_TEST_S3=http://${WEIR_TEST_S3#*//} run_logged s3 get secure key
		assert_status 1
		run_logged curl -s --cacert "$AWS_CA_BUNDLE" "https://secure.s3.localhost:${WEIR_TEST_S3##*:}/key"
		assert_output_contains AccessDenied # the request is not signed, but the server knows the bucket's owner
		AWS_CA_BUNDLE=''
	done
}

@test "s3.py: put, get, head, copy, list and remove" {
	use() {
		use_server "$1"
		local bucket
		bucket=$(new_bucket)
		printf 'a\0b\n' >"$BATS_TEST_TMPDIR/in"
		s3 put "$bucket" 'odd key/%41 ä+' <"$BATS_TEST_TMPDIR/in"
		s3 get "$bucket" 'odd key/%41 ä+' >"$BATS_TEST_TMPDIR/out"
		assert_files_equal "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/in"
		s3 cp "$bucket" 'odd key/%41 ä+' copy
		run_logged s3 head "$bucket" copy
		assert_success
		assert_output_contains 'content-length: 4'
		run_logged s3 ls "$bucket"
		assert_output $'4\tcopy\n4\todd key/%41 ä+'
		run_logged s3 ls "$bucket" odd
		assert_output $'4\todd key/%41 ä+'
		s3 rm "$bucket" copy none 'odd key/%41 ä+'
		run_logged s3 ls "$bucket"
		assert_output ''
		s3 put "$bucket" once --new <<<1
		run_logged s3 put "$bucket" once --new <<<2
		assert_status 1
		assert_stderr_contains "s3.py: PUT $bucket/once: 412 PreconditionFailed"
		AWS_SECRET_ACCESS_KEY=wrong run_logged s3 ls "$bucket"
		assert_status 1
		assert_stderr_contains '403 SignatureDoesNotMatch'
	}
	use minio
	use versitygw
	run_logged s3 put bucket
	assert_status 2
}

@test "s3.py: keys that may do no more than what is allowed" {
	local bucket keys
	use_server minio
	bucket=$(new_bucket)
	s3 put "$bucket" key <<<text
	keys=$(s3 allow s3:GetObject s3:ListBucket)
	eval "$keys"
	run_logged s3 get "$bucket" key
	assert_output text
	run_logged s3 ls "$bucket"
	assert_output $'5\tkey'
	run_logged s3 put "$bucket" key <<<other
	assert_status 1
	assert_stderr_contains '403 AccessDenied'
	run_logged s3 rm "$bucket" key
	assert_stderr_contains '403 AccessDenied'
	AWS_SESSION_TOKEN='' run_logged s3 get "$bucket" key
	assert_status 1
	assert_stderr_contains 403
}
