#!/usr/bin/env bats
# lake-cat: the records of a table by its log.
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	lake=$BATS_TEST_TMPDIR/lake
}

@test "records in the order of the commits, whatever the compression" {
	seq 1 100000 >a && seq 5 >b && seq 7 200000 >c && : >d
	weir lake-put --compress gzip:1 "$lake" a
	weir lake-put --compress none "$lake" b
	weir lake-put --compress zstd "$lake" c
	weir lake-put "$lake" d
	weir lake-cat "$lake" | cmp - <(cat a b c)
}

@test "files of many frames" {
	awk 'BEGIN { for (i = 0; i < 400000; i++) printf "%d %0100d\n", (i * 7919) % 50 * 60, i }' >in
	for how in gzip:1 zstd:1 none; do
		weir lake-put --compress $how --memory 13M --partition-by m=%H%M --time s@1 "t-$how" in
		cmp <(weir lake-cat "t-$how" | LC_ALL=C sort) <(LC_ALL=C sort in)
	done
}

@test "--where: one column, several, odd values, null, none" {
	printf '1795392000 a\n1795395600 b\n1795478400 c\n' >in
	weir lake-put --time s@1 --partition-by 'dt=%F/hour=%H' "$lake" in
	weir lake-put --time s@9 --partition-by 'dt=%F/hour=%H' --on-bad-time 'a/b c=%' "$lake" in 2>/dev/null
	weir lake-put --time s@9 --partition-by 'dt=%F/hour=%H' --on-bad-time __HIVE_DEFAULT_PARTITION__ "$lake" in 2>/dev/null
	assert_equal "$(weir lake-cat --where dt=2026-11-23 "$lake" | cut -d' ' -f2 | sort | tr -d '\n')" ab
	assert_equal "$(weir lake-cat --where dt=2026-11-23 --where hour=01 "$lake" | cut -d' ' -f2)" b
	assert_equal "$(weir lake-cat --where hour=77 "$lake")" ''
	weir lake-cat --where 'dt=a/b c=%' "$lake" | cmp - in
	weir lake-cat --where dt=__HIVE_DEFAULT_PARTITION__ "$lake" | cmp - in
	run_weir lake-cat --where day=x "$lake"
	assert_status 78
	assert_stderr "weir lake-cat: --where 'day=x': the table has no partition column 'day'"
	run_weir lake-cat --where dt "$lake"
	assert_status 2
}

@test "NUL as the end of records" {
	printf 'a\nb\0c\0' >in
	weir lake-put -0 "$lake" in
	weir lake-cat "$lake" | cmp - in
}

@test "no table, no directory" {
	mkdir empty
	for name in empty none; do
		run_weir lake-cat $name
		assert_status 78
		assert_stderr "weir lake-cat: '$name' is not a table: it has no log"
	done
	run_weir lake-cat
	assert_status 2
	[ ! -e none ] && [ -z "$(ls -A empty)" ]
}

@test "what was committed and not published is there; a stage that was not committed is not" {
	seq 10 >a
	seq 11 20 >b
	weir lake-put "$lake" a
	weir lake-put "$lake" b
	uuid=$(find "$lake" -name 'part-*' -newer "$lake/_weir_log/00000000000000000000.json" -printf '%f\n')
	stage=.${uuid%%.*}.new
	mv "$lake/$uuid" "$lake/$stage" # as a crash after the commit leaves it
	cp "$lake/$stage" "$lake/.part-other"
	weir lake-cat "$lake" | cmp - <(cat a b)
	[ -e "$lake/$stage" ] # a reader changes nothing
}

@test "damage is named: a file that is missing, short, long, other, or has lost records" {
	seq 100000 >in
	for how in gzip zstd none; do
		for damage in 'rm' 'truncate -s -5' 'truncate -s +5' 'truncate -s 0'; do
			rm -rf "$lake"
			weir lake-put --compress $how "$lake" in
			$damage "$lake"/part-*
			run_sh "weir lake-cat '$lake' >/dev/null"
			assert_status 65
			assert_stderr_contains part-
		done
		rm -rf "$lake"
		weir lake-put --compress $how "$lake" in
		file=$(echo "$lake"/part-*)
		printf '\xff\xff\xff\xff' | dd of="$file" bs=1 seek=1000 conv=notrunc status=none
		printf 'x' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") - 1)) conv=notrunc status=none
		run_sh "weir lake-cat '$lake' >/dev/null"
		assert_status 65
	done
}

@test "a damaged log: 65" {
	seq 3 >in
	weir lake-put "$lake" in
	weir lake-put "$lake" in
	: >"$lake/_weir_log/00000000000000000000.json"
	run_weir lake-cat "$lake"
	assert_status 65
	assert_stderr_contains "00000000000000000000.json' is damaged"
}

@test "files that the log removes are not there" {
	seq 3 >a
	seq 4 6 >b
	weir lake-put "$lake" a
	weir lake-put "$lake" b
	path=$(jq -r '.add.path // empty' "$lake/_weir_log/00000000000000000000.json")
	echo "{\"remove\":{\"path\":\"$path\",\"dataChange\":false}}" >"$lake/_weir_log/00000000000000000002.json"
	weir lake-cat "$lake" | cmp - b
}

@test "--positions: topic, partition, next offset, group" {
	seq 3 >a
	weir lake-put "$lake" a
	run_weir lake-cat --positions "$lake"
	assert_success
	assert_output ''
	log=$lake/_weir_log/00000000000000000000.json
	jq -c 'if .commitInfo then .commitInfo.weir.positions = {g: {t: {"0": {next: 7}, "1": {next: 9}}}} else . end' "$log" >edited
	cp edited "$log"
	weir lake-put "$lake" a
	run_weir lake-cat --positions "$lake"
	assert_success
	assert_output $'t\t0\t7\tg\nt\t1\t9\tg'
}
