# The behaviour of HDFS and its gateways on which other tests rely, seen only through tests/lib/hdfs.py, which is
# thereby tested, too.
# bats file_tags=hdfs
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir
load ../lib/stores

@test "WebHDFS: the answers that weir relies on, or must live with" {
	use_server hdfs
	assert_probes hdfs "$(new_directory)" <<-'ANSWERS'
		CREATE without overwrite: none there, then one: 201, 403 FileAlreadyExistsException, holds 1
		CREATE of what another one is writing; its visible length: 403 AlreadyBeingCreatedException, 0; then 201, 200000
		RENAME: good, onto a file, of one that is gone, below a directory that is not there, onto a directory: 200 {"boolean":true}, 200 {"boolean":false}, 200 {"boolean":false}, 200 {"boolean":false}, 200 {"boolean":true}, dir holds ['r3']
		RENAME with the option NONE: good, onto a file, of one that is gone, below a directory that is not there: 200, 403 FileAlreadyExistsException, 404 FileNotFoundException, 404 FileNotFoundException
		20 racers to CREATE without overwrite, 5 rounds: 5 x 1 winner, its content
		20 racers to RENAME, 5 rounds: 5 x 1 winner, its content
		fileId after RENAME: the same
		CREATE cut half way: length, once it is closed: 50000
		names as written, read back and listed: all read back, all listed by UTF-8, bytes signed
		where CREATE of a name in NFD is sent: the name in NFC
		empty file; offset and length at the end, across it, beyond it: 0, 200 9, 200 89, 403 IOException, 403 IOException
		each answer has a Date: GMT
		GETFILESTATUS, OPEN, LISTSTATUS and DELETE of what is not there: 404 FileNotFoundException, 404 FileNotFoundException, 404 FileNotFoundException, 200 {"boolean":false}
	ANSWERS
}

@test "HttpFS: the answers that weir relies on, or must live with" {
	use_server hdfs
	WEIR_TEST_HDFS=$WEIR_TEST_HTTPFS
	assert_probes hdfs "$(new_directory)" <<-'ANSWERS'
		CREATE without overwrite: none there, then one: 201, 500 FileAlreadyExistsException, holds 1
		CREATE of what another one is writing; its visible length: 500 RemoteException, 0; then 201, 200000
		RENAME: good, onto a file, of one that is gone, below a directory that is not there, onto a directory: 200 {"boolean":true}, 200 {"boolean":false}, 200 {"boolean":false}, 200 {"boolean":false}, 200 {"boolean":true}, dir holds ['r3']
		RENAME with the option NONE: good, onto a file, of one that is gone, below a directory that is not there: 200 {"boolean":true}, 200 {"boolean":false}, 200 {"boolean":false}, 200 {"boolean":false}
		20 racers to CREATE without overwrite, 5 rounds: 5 x 1 winner, its content
		20 racers to RENAME, 5 rounds: 5 x 1 winner, its content
		fileId after RENAME: the same
		CREATE cut half way: length, once it is closed: 50000
		names as written, read back and listed: all read back, all listed by UTF-8, bytes signed
		where CREATE of a name in NFD is sent: the same name
		empty file; offset and length at the end, across it, beyond it: 0, 200 9, 200 89, 200, 500
		each answer has a Date: GMT
		GETFILESTATUS, OPEN, LISTSTATUS and DELETE of what is not there: 404 FileNotFoundException, 404 FileNotFoundException, 404 FileNotFoundException, 200 {"boolean":false}
	ANSWERS
}

@test "all processes, and each of two alone, are ended and started again with their data" {
	local part
	write() { hdfs put "/lives/$1" <<<"$1"; }
	names() { hdfs ls /lives; }
	start_server hdfs
	hdfs mb /lives
	lives_on hdfs kill
	for part in datanode namenode; do
		"$WEIR_ROOT/tests/servers/hdfs" kill "$BATS_TEST_TMPDIR/hdfs" $part
		run ! hdfs get /lives/kill
		"$WEIR_ROOT/tests/servers/hdfs" restart "$BATS_TEST_TMPDIR/hdfs" $part 3>&-
		wait_for 30 hdfs get /lives/kill
	done
}

@test "all processes end, and their data is gone, when their owner is killed" {
	dies_with_owner hdfs
}

@test "hdfs.py: put, get, head, rename, list and remove" {
	local home gateway
	use_server hdfs
	printf 'a\0b\n' >"$BATS_TEST_TMPDIR/in"
	for gateway in "$WEIR_TEST_HDFS" "$WEIR_TEST_HTTPFS"; do
		WEIR_TEST_HDFS=$gateway
		home=$(new_directory)
		hdfs put "$home/odd dir/%41 ä+" <"$BATS_TEST_TMPDIR/in"
		hdfs get "$home/odd dir/%41 ä+" >"$BATS_TEST_TMPDIR/out"
		assert_files_equal "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/in"
		run_logged hdfs head "$home/odd dir/%41 ä+"
		assert_success
		assert_output_contains '"length": 4'
		hdfs put "$home/one" <<<1
		run_logged hdfs mv "$home/one" "$home/odd dir/%41 ä+"
		assert_status 1
		hdfs mv "$home/one" "$home/two"
		run_logged hdfs ls "$home"
		assert_output $'4\todd dir/%41 ä+\n2\ttwo'
		hdfs rm "$home/odd dir" "$home/none"
		run_logged hdfs put "$home/two" --new <<<2
		assert_status 1
		assert_stderr_contains FileAlreadyExistsException
		run_logged hdfs get "$home/two"
		assert_output 1
		run_logged hdfs ls "$home"
		assert_output $'2\ttwo'
	done
	run_logged hdfs mv one
	assert_status 2
}
