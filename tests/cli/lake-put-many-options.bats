#!/usr/bin/env bats
# The options of lake-put 'lake/{.topic}', a table for each value of a field.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	# a, b and c in turn, as marker -t a,b,c takes them
	seq 30 | awk '{ printf "{\"topic\":\"%s\",\"n\":%d}\n", substr("cab", $1 % 3 + 1, 1), $1 }' >in
}

@test "--max-tables: the one more is refused before anything of it is written" {
	run_weir lake-put --max-tables 2 'lake/{.topic}' in
	assert_status 78
	assert_stderr_contains "the table 'c' would be one more than the 2 that --max-tables allows"
	[ ! -e lake ]
	run_weir lake-put --max-tables 3 'lake/{.topic}' in
	assert_status 0
	seq 65 | sed 's/.*/{"topic":"t&"}/' >many
	run_weir lake-put 'more/{.topic}' many
	assert_status 78
	assert_stderr_contains 'one more than the 64 that'
	[ ! -e more ]
	run_weir lake-put --max-tables 65 'more/{.topic}' many
	assert_status 0
	find more -name 'part-*' | wc -l | grep -qx 65
}

@test "usage: what needs one table, or many, and what is no field" {
	run_weir lake-put --max-tables 3 lake in
	assert_status 2
	assert_stderr_contains "--max-tables needs a field in the table's name, such as lake/{.topic}"
	run_weir lake-put --table delta --schema 'a int' --create 'lake/{.topic}'
	assert_status 2
	assert_stderr_contains "--create creates one table: 'lake/{.topic}' means many"
	run_weir lake-put 'lake/{.topic}/{.user}' in
	assert_status 2
	assert_stderr_contains "'lake/{.topic}/{.user}': there is more than one field"
	run_weir lake-put 'lake/{topic}' in
	assert_status 2
	run_weir lake-put 's3://{.topic}/x' in
	assert_status 2
	assert_stderr_contains '{.topic} stands before the path: it can only name a directory'
	for n in 0 -1 x 10001; do
		run_weir lake-put --max-tables "$n" 'lake/{.topic}' in
		assert_status 2
	done
	[ ! -e lake ]
}

@test "--dry-run tries the directory of the tables, and leaves nothing" {
	run_weir lake-put -v --dry-run 'lake/{.topic}'
	assert_status 0
	assert_stderr_contains 'all that writing needs is allowed'
	[ ! -e lake ]
	mkdir lake
	chmod 555 lake
	[ -w lake ] || { # root may write everywhere
		run_weir lake-put --dry-run 'lake/{.topic}'
		assert_status 78
	}
	chmod 755 lake
}

@test "marked: --stats has all tables together, and a line for each" {
	"$MARKER" -t a,b,c -n 4 <in 2>err | weir lake-put --stats stats 'lake/{.topic}'
	grep -qx 'weir_lake_put_records_total 30' stats
	grep -qx 'weir_lake_put_table_records_total{table="b"} 10' stats
	grep -q '^weir_lake_put_table_bytes_total{table="c"} [1-9]' stats
	grep -qx 'weir_lake_put_committed_position{group="g",topic="c",partition="0"} 10' stats
	assert_equal "$(grep -c '^# TYPE' stats)" "$(grep '^# TYPE' stats | sort -u | wc -l)"
}

@test "memory: a hundred tables share what one may use" {
	seq 20000 | awk '{ printf "{\"topic\":\"t%d\",\"n\":%d,\"x\":\"%0900d\"}\n", $1 * 7919 % 100, $1, $1 * 7919 }' >large
	for kind in 'raw --compress zstd:3' 'delta --compress zstd:3 --schema topic\ string,n\ int,x\ string'; do
		rm -rf lake
		eval "peak_kb=\$(/usr/bin/time -f %M '$BUILD/bin/lake-put' --memory 32M --max-tables 100 --table $kind 'lake/{.topic}' large 2>&1)"
		echo "$kind: $peak_kb kB"
		[ "$BUILD" != "${BUILD%release}" ] || continue # sanitizers have memory of their own
		[ "$peak_kb" -lt $((48 * 1024)) ]
	done
}
