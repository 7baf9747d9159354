#!/usr/bin/env bats
# Tables in S3 and Azure: the secrets for opening them are in no argument, trace or message, and there is no core file.
# bats file_tags=s3,azure
# shellcheck disable=SC2154,SC2030,SC2031 # stderr comes from the helpers; each test is a subshell
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# A program that writes to the table LAKE, has sent a part, waits for input and is aborted; nothing that it has left behind,
# and nothing that ps shows of it, has one of SECRETS.
assert_hidden() { # assert_hidden LAKE SECRET...
	local lake=$1 secret
	shift
	mkfifo input
	exec 5<>input
	start_bg put weir lake-put --compress none --id x --trust-eof --trace trace "$lake" <input
	seq -f %0.999f 30000 >&5
	wait_for 20 grep -q PUT trace
	tr '\0' ' ' <"/proc/$bg_pid/cmdline" >arguments
	grep -q lake-put arguments
	kill -ABRT "$bg_pid"
	exec 5>&-
	wait_bg put
	assert_status 134
	run_weir lake-put --trace trace --timeout 1s "${lake%%/t*}-nobody/t" <<<1
	printf '%s\n' "$stderr" >said
	for secret; do
		[ ${#secret} -ge 11 ]
		run ! grep -raqF -e "$secret" .
	done
	rm -f input
}

@test "secrets: the keys of S3 are in no argument, trace or message" {
	use_server minio
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	bucket=$(new_bucket)
	assert_hidden "s3://$bucket/t" "$AWS_SECRET_ACCESS_KEY"
	eval "$(s3 allow s3:ListBucket s3:GetObject s3:PutObject s3:DeleteObject)"
	assert_hidden "s3://$bucket/t2" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"
}

@test "secrets: a program that has opened a table in S3 leaves no core, and others of its user cannot read its memory" {
	local as=() program
	use_server minio
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	bucket=$(new_bucket)
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	exec {program}<"$BUILD/bin/lake-put" # another user may not come here by its path
	mkfifo input
	exec 5<>input
	start_bg local "${as[@]}" "/proc/self/fd/$program" /dev/shm/nowhere <input
	start_bg put "${as[@]}" "/proc/self/fd/$program" "s3://$bucket/t" <input
	wait_for 20 process_guarded "$bg_pid"
	run ! process_guarded "$(<local.pid)"
	kill "$bg_pid" "$(<local.pid)"
}

@test "secrets: the key of Azure, and the signature of a shared one, are in no argument, trace or message" {
	use_server azurite
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	local container sas
	container=$(new_container)
	sas=$(azure sas "$container" rcwdl 600)
	assert_hidden "az://$container/t" "$AZURE_STORAGE_KEY"
	export AZURE_STORAGE_SAS_TOKEN=$sas
	unset AZURE_STORAGE_KEY
	sas=${sas##*sig=}
	assert_hidden "az://$container/t2" "${sas%%&*}"
}
