# stores.bash: helpers of the bats files about the lake in S3, Azure and HDFS, beside those of weir.bash.
# shellcheck shell=bash disable=SC2154 # output and its like come from weir.bash

# Look into the server in use (use_server, start_server) without weir: tests/lib/NAME.py says which verbs there are.
s3() { # s3 VERB OPERAND...
	python3 "$WEIR_ROOT/tests/lib/s3.py" "$@"
}

azure() { # azure VERB OPERAND...
	python3 "$WEIR_ROOT/tests/lib/azure.py" "$@"
}

hdfs() { # hdfs VERB OPERAND...
	python3 "$WEIR_ROOT/tests/lib/hdfs.py" "$@"
}

# Make a bucket, container or directory that no other test uses on the server in use, and print its name.
new_bucket() {
	local bucket
	bucket=$(unique_topic) && s3 mb "$bucket" && echo "$bucket"
}

new_container() {
	local container
	container=$(unique_topic) && azure mb "$container" && echo "$container"
}

new_directory() {
	local directory
	directory=/$(unique_topic) && hdfs mb "$directory" && echo "$directory"
}

# --- what each of the servers must do --------------------------------------------------------------

# A server of this kind, started by this test, is ended by each VERB and started again with what it had.  The caller
# defines write NAME, which stores an object of that name, and names, which lists all.
lives_on() { # lives_on KIND VERB...
	local kind=$1 dir=$BATS_TEST_TMPDIR/$1 verb
	shift
	for verb; do
		write "$verb"
		"$WEIR_ROOT/tests/servers/$kind" "$verb" "$dir"
		run_logged names
		assert_status 1
		assert_stderr_contains 'Connection refused'
		"$WEIR_ROOT/tests/servers/$kind" restart "$dir" 3>&-
		run_logged names
		assert_success
		assert_output_contains "$verb"
	done
}

# A server of this kind, and its data, are gone when its owner is killed.
dies_with_owner() { # dies_with_owner KIND
	local dir=$BATS_TEST_TMPDIR/$1 owner id ids
	sleep 300 3>&- &
	owner=$!
	WEIR_TEST_OWNER=$owner start_server "$1"
	mapfile -t ids < <(cat "$dir/pid" "$dir"/*/pid 2>/dev/null)
	[ ${#ids[@]} -gt 0 ]
	kill -9 $owner
	for id in "${ids[@]}"; do process_wait 10 "$id"; done
	wait_for 5 _no_data "$dir"
}

_no_data() { # _no_data DIR
	local data
	for data in "$1/data" "$1"/*/data; do
		[ ! -e "$data" ] || return 1
	done
}

# The answers of the server in use, by tests/lib/NAMEprobe.py, are these.
assert_probes() { # assert_probes NAME WHERE <ANSWERS
	run_logged python3 "$WEIR_ROOT/tests/lib/$1probe.py" "$2"
	assert_success
	assert_equal "$output" "$(cat)"
}
