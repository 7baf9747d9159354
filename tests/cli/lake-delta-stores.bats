#!/usr/bin/env bats
# Delta tables in Azure and in HDFS, through WebHDFS and HttpFS: exactly once, --dry-run, lake-check; S3: lake-s3.bats.
# bats file_tags=azure,hdfs,long
# shellcheck disable=SC2154,SC2030,SC2031,SC2317 # stderr comes from helpers; a subshell each, whose functions they call
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	. "$WEIR_ROOT/tests/lib/python.bash"
	python_locate
	killed=$BUILD/kill/bin/lake-put
}

# Each of these sets $lake, the URL of a table in a new place on a server; objects, object and remove look into the table
# without weir.
in_azurite() {
	use_server azurite
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	container=$(new_container)
	lake=az://$container/lake/t
	objects() { azure ls "$container" lake/t/ | cut -f 2 | sed 's|^lake/t/||'; }
	object() { azure get "$container" "lake/t/$1"; }
	remove() { azure rm "$container" "lake/t/$1"; }
}

in_hdfs() { # in_hdfs GATEWAY
	WEIR_TEST_HDFS=$1
	directory=$(new_directory)
	lake=hdfs://${1#http://}$directory/lake/t
	objects() { hdfs ls "$directory/lake/t" | cut -f 2; }
	object() { hdfs get "$directory/lake/t/$1"; }
	remove() { hdfs rm "$directory/lake/t/$1"; }
}

in_webhdfs() {
	use_server hdfs
	in_hdfs "$WEIR_TEST_HDFS"
}

in_httpfs() {
	use_server hdfs
	in_hdfs "$WEIR_TEST_HTTPFS"
}

# The numbers n in the table, as several readers have them, from a copy of it.
rows() {
	local path
	rm -rf copy
	objects | while IFS= read -r path; do
		mkdir -p "copy/$(dirname "$path")"
		object "$path" >"copy/$path"
	done
	"$python_home/bin/python3" "$WEIR_ROOT/tests/lib/deltaread.py" copy | jq .n | sort -n
}

# A marked stream of the numbers up to COUNT, with ten rows in each batch and one batch in each commit;
# LAKE_PUT is weir's or one with kill points.
stream() { # stream COUNT [LAKE_PUT...]
	local count=$1
	shift
	[ $# -gt 0 ] || set -- weir lake-put
	seq "$count" | sed 's/.*/{"n":&}/' | "$BUILD/servers/marker" -n 10 -f -g g 2>/dev/null |
		"$@" --table delta --schema 'n bigint' --commit-every 0s "$lake"
}

# --- what is true on each server -------------------------------------------------------------------

once() {
	stream 20
	stream 30
	assert_equal "$(weir lake-cat --positions "$lake")" $'t\t0\t30\tg'
	echo '{"n":31}' >in
	weir lake-put --table delta --id one "$lake" in
	weir lake-put --table delta --id one "$lake" in
	weir lake-check --set-position t:0=20 "$lake"
	assert_equal "$(rows)" "$(seq 31)"
	assert_equal "$(weir lake-check "$lake")" ''
	assert_equal "$(objects | grep -E '_weir_stage|\.proof' || true)" ''
	path=$(objects | grep '^part-' | head -n 1)
	remove "$path"
	run_weir lake-check "$lake"
	assert_status 1
	assert_output_contains "'$path' is missing, though version "
}

dry() {
	run_weir lake-put --table delta --schema 'n bigint' --dry-run -v "$lake"
	assert_status 0
	assert_stderr_contains 'all that writing needs is allowed'
	assert_equal "$(objects 2>/dev/null || true)" ''
}

race() {
	local i pids=()
	for i in 1 2 3 4; do
		seq "$i" 20 | sed 's/.*/{"n":&}/' >"in$i"
		put_until_done "$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	assert_equal "$(rows)" "$(for i in 1 2 3 4; do seq "$i" 20; done | sort -n)"
	assert_equal "$(weir lake-check "$lake")" ''
}

put_until_done() { # put_until_done NUMBER: 75: another one has created the table, and the records are put again
	until weir lake-put --table delta --schema 'n bigint' --id "$1" "$lake" "in$1"; do
		[ $? = 75 ] || return 1
	done
}

# A writer is killed before and after its commit, and the next one goes on.
kills() {
	only_plain 'kill points'
	local point
	for point in files-there:2 after-put:1 staged:1; do
		stream 30 env WEIR_KILL_AT="$point" "$killed" 2>/dev/null && fail "it was not killed at $point"
	done
	stream 40
	assert_equal "$(rows)" "$(seq 40)"
	sleep 1.1 # the servers' clocks have whole seconds
	run_weir lake-check --clean --older-than 0s "$lake"
	assert_status 0
	assert_stderr_contains 'removed '
	assert_equal "$(objects | grep -cE '\.parquet$|_weir_stage')" "$(cat copy/_delta_log/*.json | grep -c '^{"add"')"
	assert_equal "$(rows)" "$(seq 40)"
}

@test "azure: rows of a stream are in a Delta table once; lake-check" {
	in_azurite
	once
}

@test "webhdfs: rows of a stream are in a Delta table once; lake-check" {
	in_webhdfs
	once
}

@test "httpfs: rows of a stream are in a Delta table once; lake-check" {
	in_httpfs
	once
}

@test "azure: --dry-run of a Delta table leaves nothing behind" {
	in_azurite
	dry
}

@test "webhdfs: --dry-run of a Delta table leaves nothing behind" {
	in_webhdfs
	dry
}

@test "azure: writers that create a Delta table at the same time: each row once" {
	in_azurite
	race
}

@test "webhdfs: writers that create a Delta table at the same time: each row once" {
	in_webhdfs
	race
}

@test "httpfs: writers that create a Delta table at the same time: each row once" {
	in_httpfs
	race
}

@test "azure: a writer of a Delta table that is killed: no row is lost or there twice; --clean" {
	in_azurite
	kills
}

@test "webhdfs: a writer of a Delta table that is killed: no row is lost or there twice; --clean" {
	in_webhdfs
	kills
}

@test "httpfs: a writer of a Delta table that is killed: no row is lost or there twice; --clean" {
	in_httpfs
	kills
}
