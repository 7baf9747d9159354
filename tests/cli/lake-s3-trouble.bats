#!/usr/bin/env bats
# Tables in S3: failures. One line that says what and where, the documented status, nothing committed.
# bats file_tags=s3
# shellcheck disable=SC2154,SC2030,SC2031 # stderr comes from the helpers; each server in a subshell of its own
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# A bucket on the server in use: $bucket, and $lake, the URL of a table in it.
begin() { # begin KIND
	use_server "$1"
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	bucket=$(new_bucket)
	lake=s3://$bucket/t
}

# The program ends with STATUS and one line, which has each of WORDS; nothing is in the bucket that was not there before.
assert_refused() { # assert_refused STATUS WORD...
	assert_status "$1"
	assert_equal "$(wc -l <<<"$stderr")" 1
	for word in "${@:2}"; do assert_stderr_contains "$word"; done
}

put_refused() { # put_refused STATUS WORD...: of lake-put
	run_weir lake-put --timeout 5s "$lake" <<<1
	assert_refused "$@"
}

@test "s3: no permission: the message names the action" {
	begin minio
	weir lake-put "$lake" <<<0
	local all=(s3:ListBucket s3:GetObject s3:PutObject s3:DeleteObject s3:AbortMultipartUpload)
	(
		eval "$(s3 allow "${all[@]}")"
		weir lake-put "$lake" <<<1
	)
	(
		eval "$(s3 allow s3:ListBucket s3:GetObject)"
		put_refused 78 AccessDenied 'needs the permission s3:PutObject'
		assert_equal "$(weir lake-cat "$lake" | wc -l)" 2
	)
	(
		eval "$(s3 allow s3:ListBucket s3:PutObject)"
		put_refused 78 'needs the permission s3:GetObject'
		run_weir lake-cat "$lake"
		assert_refused 78 'needs the permission s3:GetObject'
	)
	(
		eval "$(s3 allow s3:GetObject s3:PutObject)"
		run_weir lake-check "$lake"
		assert_status 78
		assert_stderr_contains 'needs the permission s3:ListBucket'
	)
	(
		eval "$(s3 allow s3:ListBucket s3:GetObject s3:PutObject)"
		run_weir lake-put "$lake" <<<2
		assert_refused 78 'needs the permission s3:DeleteObject'
	)
	eval "$(s3 allow "${all[@]}")"
	weir lake-put "$lake" <<<3
	assert_equal "$(weir lake-cat "$lake" | sort | paste -sd ' ')" '0 1 2 3'
}

@test "s3: a clock that is off: both times are in the message" {
	local kind
	for kind in minio versitygw; do
		begin "$kind"
		start_server faulthttp "$kind-faults" "$WEIR_TEST_S3"
		fault '{"do":"answer","status":403,"body":"<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message><RequestTime>20260101T000000Z</RequestTime><ServerTime>2026-01-01T07:00:00Z</ServerTime></Error>"}'
		AWS_ENDPOINT_URL=$WEIR_TEST_FAULT put_refused 78 RequestTimeTooSkewed 20260101T000000Z 2026-01-01T07:00:00Z 'set the clock'
	done
}

@test "s3: a wrong region is corrected once, or named" {
	local redirect
	begin versitygw
	AWS_REGION=eu-central-1 run_weir lake-put "$lake" <<<1
	assert_success
	start_server faulthttp faults "$WEIR_TEST_S3"
	AWS_ENDPOINT_URL=$WEIR_TEST_FAULT
	redirect='"status":301,"body":"<Error><Code>PermanentRedirect</Code><Message>use the endpoint</Message></Error>"'
	fault '{"do":"answer","times":1,"fields":{"x-amz-bucket-region":"us-east-1"},'"$redirect}"
	AWS_REGION=eu-central-1 run_weir lake-put "$lake" <<<2
	assert_success
	fault '{"do":"answer","fields":{"x-amz-bucket-region":"eu-west-3"},'"$redirect}"
	put_refused 78 PermanentRedirect 'check --region and --endpoint'
	assert_equal "$(WEIR_TEST_S3=$AWS_ENDPOINT_URL; fault; weir lake-cat "$lake" | paste -sd ' ')" '1 2'
}

@test "s3: a proxy that refuses, and one that is not there" {
	begin minio
	start_server faulthttp proxy
	fault '{"do":"answer","status":403,"body":"this proxy lets nobody through"}'
	run_weir lake-put --timeout 5s --proxy "$WEIR_TEST_FAULT" "$lake" <<<1
	assert_status 78
	assert_stderr_contains 403
	run_weir lake-put --timeout 1500ms --proxy http://127.0.0.1:9 "$lake" <<<1
	assert_status 75
	assert_stderr_contains 'connection refused by the proxy 127.0.0.1:9'
	assert_equal "$(s3 ls "$bucket")" ''
}

@test "s3: TLS: a wrong authority, a wrong name, no TLS at all" {
	local port
	start_server minio own tls
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	bucket=$(new_bucket)
	lake=s3://$bucket/t
	weir lake-put "$lake" <<<0
	AWS_CA_BUNDLE='' put_refused 78 certificate "$WEIR_TEST_S3"
	port=${WEIR_TEST_S3##*:}
	AWS_ENDPOINT_URL=https://elsewhere.localhost:$port put_refused 78 elsewhere.localhost
	AWS_ENDPOINT_URL=http://127.0.0.1:$port put_refused 78 'check --endpoint'
	AWS_CA_BUNDLE=/nowhere run_weir lake-put "$lake" <<<1
	assert_refused 78 /nowhere
	assert_equal "$(weir lake-cat "$lake")" 0
}

@test "s3: a bucket with dots in its name, in both styles" {
	local kind name style
	for kind in minio versitygw; do
		begin "$kind"
		name=$bucket.with.dots
		s3 mb "$name"
		for style in path host; do
			weir lake-put --s3-style "$style" --endpoint "http://s3.localhost:${WEIR_TEST_S3##*:}" "s3://$name/$style" <<<"$style"
			assert_equal "$(weir lake-cat "s3://$name/$style")" "$style"
		done
	done
}

@test "s3: a prefix that holds something else" {
	local kind
	for kind in minio versitygw; do
		begin "$kind"
		s3 put "$bucket" t/photo.jpg <<<hello
		s3 put "$bucket" t2/other <<<hello
		weir lake-put "$lake" <<<1
		s3 put "$bucket" t/sub/part-1.txt <<<hello
		run_weir lake-check "$lake"
		assert_status 1
		assert_output_contains photo.jpg
		assert_output_contains sub/part-1.txt
		[[ $output != *other* ]]
		run_weir lake-check --clean --older-than 0s "$lake"
		assert_status 1
		assert_equal "$(s3 get "$bucket" t/photo.jpg)" hello
		assert_equal "$(weir lake-cat "$lake")" 1
	done
}

@test "s3: a bucket that is full, and one that may only be read" {
	local kind
	begin minio
	weir lake-put "$lake" <<<0
	s3 quota "$bucket" 50000
	seq 40000 >in
	run_weir lake-put --compress none "$lake" in
	assert_refused 75 QuotaExceeded "$lake/_weir_stage/"
	assert_equal "$(weir lake-cat "$lake")" 0
	for kind in minio versitygw; do
		begin "$kind"
		weir lake-put "$lake" <<<0
		start_server faulthttp "$kind-faults" "$WEIR_TEST_S3"
		AWS_ENDPOINT_URL=$WEIR_TEST_FAULT
		fault '{"do":"answer","method":"PUT","status":400,"body":"<Error><Code>XMinioAdminBucketQuotaExceeded</Code><Message>Bucket quota exceeded</Message></Error>"}'
		put_refused 75 'Bucket quota exceeded'
		fault '{"do":"answer","method":"PUT","status":507,"body":"<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>"}'
		put_refused 75 'minimum free drive'
		fault '{"do":"answer","method":"PUT","status":403,"body":"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"}'
		put_refused 78 'needs the permission s3:PutObject'
		fault
		assert_equal "$(weir lake-cat "$lake")" 0
		assert_equal "$(weir lake-check "$lake")" ''
	done
}

@test "s3: a full disk below the spill in TMPDIR: 75, and nothing is committed" {
	needs_mounts
	begin minio
	head -c 64M /dev/urandom | base64 -w 100 >in
	mkdir small
	run_logged "${mount_namespace[@]}" bash -c 'mount -t tmpfs -o size=1m tmpfs small &&
		TMPDIR=small exec "$BUILD/bin/lake-put" --memory 8M --uploads 1 --rate 2M --compress none "$1" in' - "$lake"
	assert_refused 75 'No space left' small
	assert_equal "$(s3 ls "$bucket")" ''
}

@test "s3: an endpoint that is not S3, whatever it answers" {
	local body
	begin minio
	start_server faulthttp web
	AWS_ENDPOINT_URL=$WEIR_TEST_FAULT
	for body in '"status":200,"body":"<html>Welcome</html>"' '"status":404,"body":"<html>not found</html>"' \
		'"status":302,"fields":{"Location":"http://127.0.0.1:9/"}' '"status":200,"body":""' '"status":204' \
		'"status":418,"body":"I am a teapot"'; do
		fault "{\"do\":\"answer\",$body}"
		run_weir lake-put --timeout 5s "$lake" <<<1
		assert_status 78
	done
	fault '{"do":"hang"}'
	run_weir lake-put --timeout 2s "$lake" <<<1
	assert_status 75
	assert_stderr_contains "$WEIR_TEST_FAULT"
}

@test "s3: a server that removes an object before it replaces it: a file that is gone for a moment is not lost" {
	local absent='"status":404,"body":"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"'
	begin minio
	start_server faulthttp faults "$WEIR_TEST_S3"
	AWS_ENDPOINT_URL=$WEIR_TEST_FAULT
	fault '{"do":"lose_answer","method":"PUT","path":"/part-","times":1}' \
		'{"do":"answer","method":"PUT","path":"/part-",'"$absent}" \
		'{"do":"answer","method":"HEAD","path":"/part-","times":2,'"$absent}"
	run_weir lake-put "$lake" <<<1
	assert_success
	assert_equal "$(fault_seen '[.rules[].followed]')" '[1,1,2]'
	assert_equal "$(weir lake-cat "$lake")" 1
}

# Each program that opens the table, with each kind of trouble: the secret is nowhere.
@test "s3: secrets in no message, argument, trace or core" {
	local secret=Geheim/+=Secret42 token=T0ken/+=Secret43 rule
	begin minio
	weir lake-put "$lake" <<<0
	start_server faulthttp faults "$WEIR_TEST_S3"
	export AWS_ENDPOINT_URL=$WEIR_TEST_FAULT AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token
	local rules=('{"do":"expired"}' '{"do":"internal"}' '{"do":"reset"}' '{"do":"cut_answer","at":"half"}' '')
	for rule in "${rules[@]}"; do
		fault "$rule"
		for program in 'lake-put --timeout 1s' 'lake-cat --timeout 1s' 'lake-check --timeout 1s'; do
			# shellcheck disable=SC2086 # two words and more
			run_weir $program -v --trace trace "$lake" </dev/null || true
			# shellcheck disable=SC2086
			run_weir $program --trace trace "$lake" <<<1
			echo "$output$stderr" >>said
		done
	done
	[ -s trace ] && [ -s said ]
	run_logged grep -nE 'Geheim|Secret4|%2F%2B|Signature=[0-9a-f]{10}' trace said
	assert_status 1
}

@test "s3: two writers race, through a proxy that loses every tenth answer" {
	local kind lost
	for kind in minio versitygw; do
		begin "$kind"
		start_server faulthttp "$kind-faults" "$WEIR_TEST_S3"
		fault "$(jq -nc '{do: "lose_answer", nth: [range(10; 2000; 10)]}')"
		AWS_ENDPOINT_URL=$WEIR_TEST_FAULT run_logged "$BUILD/unit/lake_store_test" "s3://$bucket/a" race
		assert_status 0
		lost=$(fault_seen '.rules[0].followed')
		[ "$lost" -gt 20 ] || fail "only $lost answers were lost"
	done
}
