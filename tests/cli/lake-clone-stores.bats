#!/usr/bin/env bats
# Shallow clones in stores over HTTP, of a table in another bucket, container or directory: read, written, put together, and
# vacuumed, while nothing of the other table changes; on this machine: lake-clone.bats.
# bats file_tags=s3,azure,hdfs
# shellcheck disable=SC2094 # an object and a file of the same name
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# Each of these sets the program that looks into a store without weir, two places there, and what is before their names in
# a URL.
in_s3() { # in_s3 SERVER
	use_server "$1"
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	store=s3 from=$(new_bucket) to=$(new_bucket) url=s3://
}

in_azure() {
	use_server azurite
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	store=azure from=$(new_container) to=$(new_container) url=az://
}

in_hdfs() { # in_hdfs GATEWAY
	WEIR_TEST_HDFS=$1
	store=hdfs from=$(new_directory) to=$(new_directory) url=hdfs://${1#http://}
}

look() { # look VERB PLACE PATH
	if [ "$store" = hdfs ]; then hdfs "$1" "$2/$3"; else "$store" "$1" "$2" "$3"; fi
}

entry() { # entry N: the path of this entry below a table
	printf '_delta_log/%020d.json' "$1"
}

put() { # put TABLE FROM TO
	seq "$2" "$3" | sed 's/.*/{"n":&,"p":"a b\/c"}/' |
		weir lake-put --table delta --schema 'n bigint, p string' --partition-by p "$1"
}

# A table, and clones of it by URIs that begin with each BEFORE; the last clone is $clone, below $to, and $table its URL.
clones() { # clones BEFORE...
	local before source=$url$from/lake/S n=0
	put "$source" 1 10
	put "$source" 11 20
	weir lake-cat "$source" >rows
	mkdir -p lake/S/_delta_log
	look get "$from" "lake/S/$(entry 0)" >"lake/S/$(entry 0)"
	look get "$from" "lake/S/$(entry 1)" >"lake/S/$(entry 1)"
	for before; do
		clone=lake/C$((n++)) table=$url$to/$clone
		python3 "$WEIR_ROOT/tests/lib/clone.py" lake/S "$clone" "$before"
		look put "$to" "$clone/$(entry 0)" <"$clone/$(entry 0)"
		weir lake-cat "$table" | cmp - rows
		weir lake-cat --since start "$table" | cmp - rows
		weir lake-cat --where '.n > 10 && .p == "a b/c"' --columns n "$table" | cmp - <(seq 11 20 | sed 's/.*/{"n":&}/')
		weir lake-check --against "$table" "$source"
	done
}

# The last clone is written, put together and cleaned; $1 is what its own URIs begin with.
written() { # written BEFORE
	local own
	look ls "$from" lake/S/ >files
	for n in 31 32 33; do put "$table" $n $n; done
	run_weir lake-check "$table"
	assert_status 78
	assert_stderr 'weir lake-check: 2 actions of the log name files outside the table: these were not checked'
	run_weir lake-compact -v "$table"
	assert_status 0
	assert_stderr_contains "2 files of '$table' outside of it, as in a shallow clone, and stay as they are"
	assert_stderr_contains 'put 3 files together in 1'
	# a file of the clone's own by its absolute URI, as others may write it
	look get "$to" "$clone/$(entry 1)" | jq -c --arg to "$1$clone/" 'select(.add) | .add.path |= $to + .' >entry
	look put "$to" "$clone/$(entry 5)" <entry
	own=$(jq -r .add.path entry)
	sleep 1.1 # the servers' clocks have whole seconds
	run_weir lake-compact -v --vacuum --older-than 0s "$table"
	assert_status 0
	assert_stderr_contains 'removed 2 files that no version needs'
	run_weir lake-check --clean --older-than 0s "$table"
	assert_status 78
	assert_stderr 'weir lake-check: 3 actions of the log name files outside the table: these were not checked'
	look ls "$to" "$clone/" | grep -qF "${own##*/}"
	look ls "$from" lake/S/ | cmp - files
	assert_equal "$(weir lake-cat "$table" | jq .n | sort -n | paste -sd ' ')" "$(echo {1..20} 31 31 32 33)"
	weir lake-cat "$url$from/lake/S" | cmp - rows
}

# A file of the other table is gone, or is on another server.
gone() { # gone BEFORE...: on other servers
	local before path n=0
	path=$(jq -r 'select(.add).add.path' "lake/S/$(entry 1)" | sed 's|%25|%|g')
	look rm "$from" "lake/S/$path"
	run_weir lake-cat "$table"
	assert_status 65
	assert_stderr_contains "lake/S/$path'"
	for before; do
		python3 "$WEIR_ROOT/tests/lib/clone.py" lake/S "lake/D$((++n))" "$before"
		look put "$to" "lake/D$n/$(entry 0)" <"lake/D$n/$(entry 0)"
		run_weir lake-cat "$url$to/lake/D$n"
		assert_status 78
		assert_stderr_contains 'where nothing is read'
	done
}

of_s3() { # of_s3 SERVER
	in_s3 "$1"
	clones "s3://$from/" "s3a://$from/"
	written "s3a://$to/"
	gone "az://$from/" /
}

@test "s3: clones on MinIO" {
	of_s3 minio
}

@test "s3: clones on versitygw" {
	of_s3 versitygw
}

@test "azure: clones; no other server is asked" {
	in_azure
	clones "az://$from/"
	written "az://$to/"
	gone "abfss://$from@$AZURE_STORAGE_ACCOUNT.dfs.core.windows.net/" "s3://$from/"
}

of_hdfs() { # of_hdfs GATEWAY
	local host
	in_hdfs "$1"
	host=${1#http://} host=${host%:*}
	clones "hdfs:$from/" "hdfs://$host:8020$from/"
	written "hdfs://$host:8020$to/"
	gone "hdfs://other.example:8020$from/" "s3:/$from/"
}

@test "webhdfs: clones, by URIs with the port of another protocol; no other server is asked" {
	use_server hdfs
	of_hdfs "$WEIR_TEST_HDFS"
}

@test "httpfs: the same" {
	use_server hdfs
	of_hdfs "$WEIR_TEST_HTTPFS"
}
