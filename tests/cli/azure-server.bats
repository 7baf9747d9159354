# The behaviour of Azurite on which other tests rely, seen only through tests/lib/azure.py, which is thereby tested,
# too.
# bats file_tags=azure
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir
load ../lib/stores

# Azure itself answers 416 to a range beyond the end, and checks the clock.
@test "Azurite: the answers that weir relies on, or must live with" {
	use_server azurite
	assert_probes azure "$(new_container)" <<-'ANSWERS'
		Put Blob if absent: none there, then one: 201, 409 BlobAlreadyExists, holds 1
		a block: visible before its list; Put Block List if absent: none there, then one, the same once more; without condition: None, 201, 409 BlobAlreadyExists, 201, holds 1
		20 racers to Put Blob if absent, 10 rounds: 10 x 1 winner, its content
		wrong key, clock 1 h slow, no key at all: 403 AuthorizationFailure, 200, 403 AuthorizationFailure
		body that does not have the MD5 of its header; with a right CRC64: 400 InvalidOperation, stored None, 500 FeatureNotSupported
		Put Blob cut half way: stored bytes: 0
		copy; its state; of one that is gone; onto an existing one if absent: 202, success, 404 BlobNotFound, 409 BlobAlreadyExists, holds stage
		names as written, read back and listed: all read back, all listed by UTF-16
		empty blob; ranges at the end, across it and beyond it: 0, 206 9, 206 89, 206
		a list of 5 in pages of 2: [2, 2, 1]
		each answer has a Date; a list has times of blobs: True, 00 Xxx 0000 00:00:00 GMT
		no such blob, no such container; DELETE of what is not there: 404 BlobNotFound, 404 ContainerNotFound, 404 BlobNotFound
	ANSWERS
}

# Not after kill: Azurite forgets what it has acknowledged within the last seconds.
@test "a server is stopped and started again with its data; one that is killed starts again" {
	write() { azure put lives "$1" <<<"$1"; }
	names() { azure ls lives; }
	start_server azurite
	azure mb lives
	lives_on azurite stop
	"$WEIR_ROOT/tests/servers/azurite" kill "$BATS_TEST_TMPDIR/azurite"
	run ! azure mb killed
	"$WEIR_ROOT/tests/servers/azurite" restart "$BATS_TEST_TMPDIR/azurite" 3>&-
	azure mb killed
}

@test "a server ends, and its data is gone, when its owner is killed" {
	dies_with_owner azurite
}

@test "tls: only who trusts the authority of the tests gets an answer; a bearer token must not have expired" {
	start_server azurite azurite tls
	azure mb secure
	azure put secure key <<<text
	run_logged azure get secure key
	assert_output text
	WEIR_TEST_AZURE_CA='' run_logged azure get secure key
	assert_status 1
	assert_stderr_contains 'certificate verify failed'
	bearer() { # bearer SECONDS: the answer to a request with a token that is valid for this long
		run_logged curl -s --cacert "$WEIR_TEST_AZURE_CA" -H 'x-ms-version: 2025-11-05' -H "Authorization: Bearer $(azure token "$1")" \
			"$WEIR_TEST_AZURE/secure/key"
	}
	bearer 60
	assert_output text
	bearer -60
	assert_output_contains 'The token is expired'
}

@test "azure.py: put, get, head, copy, list and remove" {
	local container
	use_server azurite
	container=$(new_container)
	printf 'a\0b\n' >"$BATS_TEST_TMPDIR/in"
	azure put "$container" 'odd key/%41 ä+' <"$BATS_TEST_TMPDIR/in"
	azure get "$container" 'odd key/%41 ä+' >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/in"
	azure cp "$container" 'odd key/%41 ä+' copy
	run_logged azure head "$container" copy
	assert_success
	assert_output_contains 'content-length: 4'
	run_logged azure ls "$container"
	assert_output $'4\tcopy\n4\todd key/%41 ä+'
	run_logged azure ls "$container" odd
	assert_output $'4\todd key/%41 ä+'
	azure rm "$container" copy none 'odd key/%41 ä+'
	run_logged azure ls "$container"
	assert_output ''
	azure put "$container" once --new <<<1
	run_logged azure put "$container" once --new <<<2
	assert_status 1
	assert_stderr_contains "azure.py: PUT $container/once: 409 BlobAlreadyExists"
	AZURE_STORAGE_KEY=eA== run_logged azure ls "$container"
	assert_status 1
	assert_stderr_contains '403 AuthorizationFailure'
	run_logged azure put container
	assert_status 2
}

@test "azure.py: a shared access signature gives its rights, until it ends" {
	local container
	use_server azurite
	container=$(new_container)
	azure put "$container" 'a+b' <<<text
	shared() { # shared RIGHTS SECONDS CURL-OPTION...
		run_logged curl -s "${@:3}" "$WEIR_TEST_AZURE/$container/a%2Bb?$(azure sas "$container" "$1" "$2")"
	}
	shared r 60
	assert_output text
	shared r -60
	assert_output_contains AuthorizationFailure
	shared r 60 -X DELETE
	assert_output_contains AuthorizationPermissionMismatch
	shared rd 60 -X DELETE
	assert_output ''
	run_logged azure ls "$container"
	assert_output ''
}
