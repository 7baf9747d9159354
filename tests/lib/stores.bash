# stores.bash: helpers for the bats files about the lake in S3, Azure and HDFS, in addition to those of weir.bash.
# shellcheck shell=bash disable=SC2154,SC2030,SC2031 # output and its like come from weir.bash; servers in subshells

# Inspect the server in use (use_server, start_server) without weir: tests/lib/NAME.py lists the verbs.
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

# Run FUNCTION with a bucket on each server: $bucket, and $lake, the URL of a table in it. Not within a condition, where
# bash would go on after a command that fails.
on_each_s3() { # on_each_s3 FUNCTION [ARGUMENT...]
	local server
	for server in minio versitygw; do
		echo "# on $server"
		(
			set -eu
			mkdir "$server" && cd "$server"
			use_server "$server"
			export AWS_ENDPOINT_URL=$WEIR_TEST_S3
			bucket=$(new_bucket)
			lake=s3://$bucket/lake/t
			"$@"
		)
	done
}

# --- what each of the servers must do --------------------------------------------------------------

# A server of this kind, started by this test, is ended by each VERB and started again with its data. The caller defines
# write NAME, which stores an object of that name, and names, which lists all.
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

# These are the answers of the server in use to tests/lib/NAMEprobe.py.
assert_probes() { # assert_probes NAME WHERE <ANSWERS
	run_logged python3 "$WEIR_ROOT/tests/lib/$1probe.py" "$2"
	assert_success
	assert_equal "$output" "$(cat)"
}

# --- what the programs of the lake must do on each -------------------------------------------------
#
# The caller sets $lake, the URL of a table, and defines objects [DIR], which lists all objects of the table (below DIR), and
# object PATH, which prints one; both without weir, with paths relative to the table.

# What a reader of the directory sees: the records of all data files of the table, sorted.
table_seen() {
	local path
	objects | grep -v '^[._]' | while IFS= read -r path; do
		case $path in
		*.gz) object "$path" | gzip -dc ;;
		*.zst) object "$path" | zstd -dcq ;;
		*) object "$path" ;;
		esac
	done | LC_ALL=C sort
}

# Both kinds of readers see the lines of EXPECTED; nothing else is left.
assert_table() { # assert_table EXPECTED
	cmp <(weir lake-cat "$lake" | LC_ALL=C sort) <(LC_ALL=C sort "$1")
	cmp <(table_seen) <(LC_ALL=C sort "$1")
	assert_equal "$(objects | grep -E '_weir_stage|\.proof' || true)" ''
	assert_equal "$(weir lake-check "$lake")" ''
}

table_commits() {
	objects | grep -c '^_weir_log/0.*json$'
}

# The next writer publishes the stage of one whose copies the server refuses, as it does at ENDPOINT, and the file has its
# name in the metadata FIELD, although the stage has none: so it is when a server copies the data alone. The program STORE
# looks into PLACE without weir.
names_its_stage() { # names_its_stage STORE PLACE FIELD VARIABLE=ENDPOINT
	local stage final
	seq 5 >in
	run_logged env "$4" weir lake-put "$lake" in
	assert_status 78
	stage=$(objects | grep -o '_weir_stage/.*')
	"$1" get "$2" "lake/t/$stage" >bare
	"$1" put "$2" "lake/t/$stage" <bare
	weir lake-put "$lake" in
	cat in in >all
	assert_table all
	final=$(object _weir_log/00000000000000000000.json | jq -r 'select(.add).add.path')
	assert_equal "$("$1" head "$2" "lake/t/$final" | grep -ic "^$3: $stage")" 1
}

in_and_out() {
	seq 100000 >a && seq 7 >b && : >c
	weir lake-put "$lake" a
	weir lake-put --compress gzip "$lake/" b
	weir lake-put --compress none "$lake" c
	cat a b >all
	assert_table all
	assert_equal "$(table_commits)" 2 # nothing was in c
}

partitions() { # partitions VALUE: an odd one
	printf '%s\n' 1795392000 1795395600 1795478400 >in
	weir lake-put --partition-by 'dt=%F %H:00' --time s@1 "$lake" in
	weir lake-put --partition-by 'dt=%F %H:00' --time s@9 --on-bad-time "$1" "$lake" in
	cat in in >all
	assert_table all
	assert_equal "$(weir lake-cat --where "dt=$1" "$lake" | wc -l)" 3
	assert_equal "$(weir lake-cat --where 'dt=2026-11-23 01:00' "$lake")" 1795395600
}

id_twice() {
	seq 5 >in
	weir lake-put --id one "$lake" in
	run_weir lake-put --id one "$lake" in
	assert_status 0
	assert_stderr "weir lake-put: id 'one' has been committed before: nothing is done"
	assert_table in
}

writers_race() {
	local i pids=()
	for i in 1 2 3 4 5 6; do
		seq "$i" 100 >"in$i"
		weir lake-put "$lake" "in$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	cat in? >all
	assert_table all
	assert_equal "$(table_commits)" 6
}

# A table is followed, raw and Delta: by a reader that runs, and by a second table beside it, version by version.
followed() {
	local kind as=()
	for kind in raw delta; do
		[ "$kind" = raw ] || as=(--table delta --schema 'n bigint')
		_numbers 1 3 | weir lake-put "${as[@]}" "$lake-$kind" -
		start_bg "$kind" weir lake-cat --follow --poll 100ms --trace "trace-$kind" "$lake-$kind"
		wait_for 20 _has_lines 3 "$BATS_TEST_TMPDIR/$kind.out"
		_copy
		_numbers 4 5 | weir lake-put "${as[@]}" "$lake-$kind" -
		_numbers 6 9 | weir lake-put "${as[@]}" "$lake-$kind" -
		_copy
		wait_for 20 _has_lines 9 "$BATS_TEST_TMPDIR/$kind.out"
		stop_bg "$kind"
		assert_equal "$status" 0
		assert_equal "$stderr" ''
		assert_files_equal "$BATS_TEST_TMPDIR/$kind.out" <(_numbers 1 9)
		assert_files_equal <(weir lake-cat --position-file "place-$kind" "$lake-$kind-2") <(_numbers 1 9)
		assert_equal "$(weir lake-cat --positions "$lake-$kind-2" | cut -f 2-)" "$(printf '0\t3\tg')"
		assert_equal "$(weir lake-check "$lake-$kind-2")" ''
	done
}

_has_lines() { # _has_lines N FILE
	[ "$(wc -l <"$2")" = "$1" ]
}

_numbers() { # _numbers FROM TO
	seq "$1" "$2" | sed 's/.*/{"n":&}/'
}

_copy() {
	weir lake-cat --batch 100ms -g g "$lake-$kind" | weir lake-put --commit-every 0 "${as[@]}" "$lake-$kind-2"
}
