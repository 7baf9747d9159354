#!/usr/bin/env bats
# lake-cat --where on versions of a table, raw and Delta: what is read is what `weir filter` would leave of it.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	filter='.u == "u3" && .n > 150'
	for i in 1 2 3 4; do
		seq $((i * 100)) $((i * 100 + 99)) | awk '{ printf "{\"n\":%d,\"u\":\"u%d\"}\n", $1, $1 % 5 }' >"$i"
	done
}

# put TABLE FILE...: a version each, of a Delta table if it is called d*
put() {
	local file delta=()
	[[ "$1" == d* ]] && delta=(--table delta --schema 'n bigint, u string')
	for file in "${@:2}"; do
		weir lake-put "${delta[@]}" "$1" "$file"
	done
}

batches() { # batches TABLE: the offsets that its commits have read, and how many records they had
	cat "$1"/_*_log/0*.json | jq -c '.commitInfo.read // empty | .[][]'
}

copy() { # copy FROM TO [OPTION...]
	weir lake-cat --batch 100ms -g g "${@:3}" "$1" |
		weir lake-put --commit-every 0 --table raw "$2"
}

@test "--since and --where: what filter leaves of what the versions have added" {
	for table in raw delta; do
		put $table 1 2 3
		cat 2 3 | weir filter "$filter" >expected
		weir lake-cat --since 0 --where "$filter" $table | cmp - expected
		weir lake-cat --since start --where '.u == "u3"' --where '.n > 150' $table | cmp - <(cat 1 expected | weir filter "$filter")
		weir lake-cat --since start --where '.u == "nobody"' $table | cmp - /dev/null
	done
	weir lake-cat --since 0 --columns n --format tsv --where "$filter" delta | cmp - <(jq .n expected)
	weir lake-cat --since 0 --columns n --format csv --where '.u == "u4" && .n > 390' delta | cmp - <(printf '394\n399\n')
}

@test "--follow and --where: each version as it is committed, and a file of positions" {
	for table in raw delta; do
		put $table 1
		start_bg follow weir lake-cat --follow --poll 20ms --where "$filter" $table
		wait_for 20 eval 'cmp -s follow.out <(weir filter "$filter" 1)'
		put $table 2 3
		wait_for 20 eval 'cmp -s follow.out <(cat 1 2 3 | weir filter "$filter")'
		stop_bg follow
		assert_status 0
		weir lake-cat --position-file at.$table --where "$filter" $table >/dev/null
		put $table 4
		weir lake-cat --position-file at.$table --where "$filter" $table | cmp - <(weir filter "$filter" 4)
		assert_equal "$(jq .next at.$table)" 4
	done
}

@test "--batch: marks and positions are those of all versions, also of one in which nothing matches" {
	for table in raw delta; do
		put $table 1 2
		copy $table to.$table --where '.n < 105 || .n >= 305'
		put $table 2 3 3 # nothing; 95 records, twice
		copy $table to.$table --where '.n < 105 || .n >= 305'
		weir lake-cat to.$table | cmp - <(cat 1 2 2 3 3 | weir filter '.n < 105 || .n >= 305')
		batches to.$table
		assert_equal "$(batches to.$table | jq -r 'select(.[2] > 0) | .[2]' | paste -sd ' ')" '5 95 95'
		weir lake-check to.$table
		assert_equal "$(weir lake-cat --positions to.$table | cut -f 2-)" "$(printf '0\t5\tg')"
		copy $table to.$table --where '.n < 105 || .n >= 305'
		assert_equal "$(weir lake-cat to.$table | wc -l)" 195
	done
}

@test "a follower that is killed at each of its points: nothing is lost or doubled" {
	only_plain 'kill points'
	for table in raw delta; do
		put $table 1 2
		for point in source-after-B source-before-F source-after-F source-after-ack version-read; do
			put $table 3
			run_sh "WEIR_KILL_AT=$point '$BUILD/kill/bin/lake-cat' --batch 50ms -g g --where '$filter' $table |
				weir lake-put --commit-every 0 --table raw to.$table"
			[ "$status" != 0 ]
			put $table 4
			copy $table to.$table --where "$filter"
		done
		{ cat 1 2 && for _ in 1 2 3 4 5; do cat 3 4; done; } | weir filter "$filter" >expected
		weir lake-cat to.$table | cmp - expected
		weir lake-check to.$table
	done
}

@test "files of partitions, and files whose statistics exclude all rows, are not read" {
	jq -c '{n, t: "2026-11-0\(if .n < 150 then 1 else 2 end)T00:00:00Z"}' 1 >days
	weir lake-put --partition-by 'day=%F' --time .t raw days
	weir lake-put --partition-by 'day=%F' --time .t raw days
	jq -c '{n, u, day: (if .n < 150 then "2026-11-01" else "2026-11-02" end)}' 1 |
		weir lake-put --table delta --schema 'n bigint, u string, day string' --partition-by day delta
	put delta2 1 2 3
	for file in {raw,delta}/day=2026-11-01/*; do
		printf 'XXXXXXXX' | dd of="$file" conv=notrunc status=none
	done
	weir filter '.n >= 150' days >second
	weir lake-cat --since 0 --where day=2026-11-02 raw | cmp - second
	weir lake-cat --since start --where '.day == "2026-11-02" && .n < 160' raw | cmp - <(cat second second | weir filter '.n < 160')
	weir lake-cat --since start --where day=2026-11-02 delta | jq .n | sort -n | cmp - <(seq 150 199)
	for table in raw delta; do
		run_weir lake-cat --since start --where day=2026-11-01 $table
		assert_status 65
	done
	file=$(jq -r 'select(.add) | .add.path' delta2/_delta_log/00000000000000000001.json)
	printf 'XXXXXXXX' | dd of="delta2/$file" bs=1 seek="$(($(stat -c %s "delta2/$file") - 8))" conv=notrunc status=none
	weir lake-cat --since start --where '.n >= 300' delta2 | cmp - 3
	run_weir lake-cat --since start --where '.n >= 250' delta2
	assert_status 65
}

@test "a record that is not JSON, a column that is none, an expression that is none: as without --since" {
	printf '{"n":1}\nno\n' >odd
	put raw odd
	put delta 1
	while IFS='|' read -r status table where; do
		run_weir lake-cat --where "$where" "$table"
		before=$stderr
		assert_status "$status"
		run_weir lake-cat --since start --where "$where" "$table"
		assert_status "$status"
		assert_stderr "$before"
	done <<-'END'
		65|raw|.n > 0
		78|raw|day=1
		78|delta|.day == 1
		2|raw|.n >
	END
	run_sh 'weir lake-cat -g g --batch 1s --where ".n > 0" raw | weir lake-put --table raw to'
	assert_status 75 # that of lake-put, which commits nothing of the version
	assert_stderr_contains 'this is not a JSON value'
	rm -rf raw to && put raw 1
	copy raw to --where '.n > 0'
	assert_lake to 1
}

@test "a version of many records of which none matches: a signal ends it soon, and memory is bounded" {
	only_plain 'a sanitizer reserves more than the limit'
	seq 1500000 | sed 's/.*/{"n":&,"u":"x"}/' >big
	for table in raw delta; do
		put $table big
		run_sh "ulimit -v 2000000; weir lake-cat --memory 16M --since start --where '.n == 0 || .u == \"y\"' $table"
		assert_status 0
		assert_output ''
	done
}
