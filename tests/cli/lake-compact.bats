#!/usr/bin/env bats
# lake-compact on raw tables: what is put together, what readers see, what is expired and removed. Delta tables:
# lake-compact-delta.bats; being killed: tests/fault/lake-compact.bats.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
}

# N commits of 10 lines each, to a table of days unless options say otherwise; all lines are in the file `all`.
commits() { # commits N [LAKE_PUT_OPTION...]
	for i in $(seq "$1"); do
		day_lines $((i * 10 - 9)) $((i * 10)) >in
		cat in >>all
		weir lake-put "${@:2}" "$lake" in
	done
}

data_files() { # those that a reader of the directory sees
	find "$lake" -name 'part-*' -type f | wc -l
}

hidden_files() {
	find "$lake" -name '.part-*' -type f | wc -l
}

# Both kinds of readers see exactly the lines of `all`, and the table is sound.
assert_all() {
	LC_ALL=C sort all >expected
	lake_records "$lake" | cmp - expected
	weir lake-cat "$lake" | LC_ALL=C sort | cmp - expected
	assert_sound
}

@test "small files of each partition become one; a second run finds nothing to do" {
	commits 12 "${by_day[@]}"
	assert_equal "$(data_files)" 36
	run_weir lake-compact -v "$lake"
	assert_status 0
	assert_stderr_contains 'version 12: put 36 files together in 3'
	assert_equal "$(data_files) $(hidden_files)" '3 36'
	assert_all
	run_weir lake-compact -v "$lake"
	assert_status 0
	assert_stderr_contains 'there are no small files to put together'
	assert_equal "$(lake_commits "$lake")" 13
	commits 1 "${by_day[@]}" # and the table goes on
	assert_all
}

@test "gzip, zstd, none, NUL: each format by itself, and records in the order of the commits" {
	for codec in gzip zstd none; do
		for i in 1 2 3; do
			seq "$i" 7 30000 >in
			cat in >>all
			cat in >>"all-$codec"
			weir lake-put --compress "$codec" "$lake" in
		done
	done
	printf '{"a":1}\n' | tee -a all >in # another format in the names
	weir lake-put "$lake" in
	run_weir lake-compact "$lake"
	assert_success
	assert_equal "$(data_files) $(hidden_files)" '4 9'
	assert_all
	gzip -dc "$lake"/*.gz | cmp - all-gzip
	zstd -dcq "$lake"/*.txt.zst | cmp - all-zstd
	find "$lake" -name 'part-*.txt' -exec cat {} + | cmp - all-none
	for i in 1 2 3; do printf 'a\nb\0%s\0' $i | weir lake-put -0 nul; done
	run_weir lake-compact nul
	assert_success
	assert_equal "$(weir lake-cat nul | tr '\0' ';' | tr '\n' '_')" 'a_b;1;a_b;2;a_b;3;'
	lake=nul && assert_sound
}

@test "large frames are put together as they are, and small ones compressed anew" {
	for i in 1 2 3; do
		seq "$i" 3 400000 | tee -a all >in
		weir lake-put --compress zstd "$lake" in
	done
	cat "$lake"/part-* | wc -c >before
	[ "$(cat before)" -gt 100000 ]
	weir lake-compact "$lake"
	assert_equal "$(cat "$lake"/part-* | wc -c)" "$(cat before)"
	assert_all
	rm -rf "$lake" all
	commits 30
	cat "$lake"/part-* | wc -c >before
	weir lake-compact "$lake"
	[ "$(cat "$lake"/part-* | wc -c)" -lt $(($(cat before) / 2)) ]
	assert_all
}

@test "several cores: as many helpers as bins, cores and memory allow; what one of them cannot read stops all" {
	commits 6 "${by_day[@]}"
	for memory in 64M 1G; do
		rm -rf copy && cp -r "$lake" copy
		weir lake-compact --memory $memory copy
		weir lake-cat copy | LC_ALL=C sort | cmp - <(LC_ALL=C sort all)
		assert_equal "$(find copy -name 'part-*' | wc -l) $(lake_commits copy)" '3 7'
		assert_equal "$(find copy -path '*/.writers/*')" ''
	done
	printf x >"$(find "$lake" -name 'part-*' | tail -n 1)"
	run_weir lake-compact "$lake"
	assert_status 65
	assert_equal "$(hidden_files) $(find "$lake" -path '*/.writers/*')" '0 '
}

@test "positions, ids and the topics of a table stay" {
	marked 1000 100 --commit-records 100
	seq 1000 >all
	seq 3 | tee -a all >in
	weir lake-put --id once "$lake" in
	before=$(weir lake-cat --positions "$lake")
	[ -n "$before" ]
	weir lake-compact "$lake"
	assert_equal "$(weir lake-cat --positions "$lake")" "$before"
	assert_equal "$(data_files)" 1
	assert_all
	weir lake-put --id once "$lake" in # it is known still
	assert_all
	marked 1500 100 # goes on where it was
	seq 1001 1500 >>all
	assert_all
}

@test "--target: no file becomes larger, and large ones stay" {
	for i in $(seq 8); do
		seq "$i" 8 8000 | tee -a all >in
		weir lake-put --compress none "$lake" in # 4.9 kB each
	done
	weir lake-compact --target 16K "$lake"
	assert_equal "$(find "$lake" -name 'part-*' -size -16385c | wc -l) $(data_files)" '3 3'
	assert_all
	weir lake-compact --target 16K "$lake"
	weir lake-compact --target 4K "$lake"
	assert_equal "$(lake_commits "$lake")" 9
}

@test "a reader of an older version still finds what was hidden; --vacuum removes it when it is old enough" {
	commits 4
	cp -r "$lake/_weir_log" before
	weir lake-compact --vacuum "$lake"
	assert_equal "$(hidden_files)" 4
	cp -r "$lake" old && rm -rf old/_weir_log && cp -r before old/_weir_log
	weir lake-cat old | sort -n >seen # by the log before the compaction
	sort -n all | cmp - seen
	run_weir lake-compact -v --dry-run --vacuum --older-than 0 "$lake"
	assert_output_contains 'would remove 4 files'
	assert_equal "$(hidden_files)" 4
	run_weir lake-compact -v --vacuum --older-than 0 "$lake"
	assert_status 0
	assert_stderr_contains 'removed 4 files'
	assert_equal "$(hidden_files)" 0
	assert_all
}

@test "--vacuum goes by the time in the log, and leaves other hidden files alone" {
	commits 4
	weir lake-compact "$lake"
	weeks=$((($(date +%s) - 8 * 86400) * 1000))
	first=$(jq -r 'select(.remove) | .remove.path' "$(entry 4)" | head -n 1)
	edit 4 "if .remove.path == \"$first\" then .remove.deletionTimestamp = $weeks else . end"
	touch -d '1 year ago' "$lake/.part-00000.old" "$lake/.notes.old" "$lake/part-$uuid-00001.txt.zst"
	weir lake-compact --vacuum "$lake"
	assert_equal "$(find "$lake" -maxdepth 1 -name '.*.old' | wc -l)" 5
	[ -e "$lake/.part-00000.old" ] && [ -e "$lake/.notes.old" ] && [ -e "$lake/part-$uuid-00001.txt.zst" ]
}

@test "--expire: partitions by their time, other files by the time of their commit" {
	today=$(date -u +%F) old=$(date -u -d '40 days ago' +%F) recent=$(date -u -d '20 days ago' +%F)
	printf '%s 1\n%s 2\n%s 3\n' "$today" "$old" "$recent" | weir lake-put "${by_day[@]}" "$lake"
	echo "$old 2" | weir lake-put "${by_day[@]}" twice
	echo "$old 2" | weir lake-put "${by_day[@]}" twice
	run_weir lake-compact --dry-run --expire 30d twice # what it would take out it would not put together
	assert_output_contains 'would take out 2 files'
	assert_output_contains 'there are no small files to put together'
	printf 'x 4\n' | weir lake-put --on-bad-time unknown "${by_day[@]}" "$lake" 2>/dev/null
	run_weir lake-compact --dry-run --expire 30d "$lake"
	assert_output_contains 'would take out 1 file'
	assert_equal "$(lake_commits "$lake")" 2
	run_weir lake-compact -v --expire 30d "$lake"
	assert_status 0
	assert_stderr_contains 'took out 1 file'
	assert_equal "$(weir lake-cat "$lake" | grep -o '.$' | sort | paste -sd ' ')" '1 3 4'
	assert_equal "$(lake_records "$lake" | grep -o '.$' | sort | paste -sd ' ')" '1 3 4'
	assert_sound
	edit 1 "if .add then .add.modificationTime = $((($(date +%s) - 31 * 86400) * 1000)) else . end"
	weir lake-compact --expire 30d "$lake"
	assert_equal "$(weir lake-cat "$lake" | grep -o '.$' | sort | paste -sd ' ')" '1 3'
	weir lake-compact --expire 30d "$lake" # nothing more
	assert_equal "$(lake_commits "$lake")" 4
}

@test "a file that was put together keeps the time of its newest records for --expire" {
	commits 3
	weeks=$((($(date +%s) - 8 * 86400) * 1000))
	for i in 0 1 2; do
		edit $i "if .add then .add.modificationTime = $weeks + $i else . end"
	done
	weir lake-compact "$lake"
	assert_equal "$(jq -r 'select(.add) | .add.tags["weir.newest"]' "$(entry 3)")" $((weeks + 2))
	weir lake-compact --expire 9d "$lake"
	assert_all
	weir lake-compact --expire 7d "$lake"
	assert_equal "$(weir lake-cat "$lake")" ''
}

@test "--dry-run changes nothing, and needs no permission to write" {
	commits 3
	find "$lake" -printf '%p %T@ %s\n' | sort >before
	run_weir lake-compact --dry-run "$lake"
	assert_status 0
	assert_output_contains 'would put 3 files together in 1'
	find "$lake" -printf '%p %T@ %s\n' | sort | cmp - before
}

@test "damaged files: 65, and nothing has changed" {
	commits 3
	victim=$(find "$lake" -name 'part-*' | head -n 1)
	cp "$victim" kept
	for damage in 'truncate -s -3' 'truncate -s +3' 'printf xxxx >' rm; do
		cp kept "$victim"
		case $damage in
		printf*) printf 'x%.0s' $(seq "$(stat -c %s kept)") >"$victim" ;;
		*) $damage "$victim" ;;
		esac
		run_weir lake-compact "$lake"
		assert_status 65
		assert_stderr_contains "${victim#"$lake/"}"
		assert_equal "$(lake_commits "$lake") $(hidden_files)" '3 0'
	done
	cp kept "$victim"
	assert_all
}

@test "no table, an empty directory, options that make no sense" {
	mkdir empty
	for name in empty none; do
		run_weir lake-compact "$name"
		assert_status 78
		assert_stderr "weir lake-compact: '$name' is not a table: it has no log"
	done
	run_weir lake-compact --older-than 1d none
	assert_status 2
	run_weir lake-compact --target 0 none
	assert_status 2
	run_weir lake-compact --older-than x --vacuum none
	assert_status 2
	[ ! -e none ]
}

@test "--undo-head takes a compaction back whose new file is lost before it was published" {
	only_plain 'kill points'
	commits 3
	env WEIR_KILL_AT=set-aside "$BUILD/kill/bin/lake-compact" "$lake" || true
	assert_equal "$(data_files)" 0
	find "$lake" -name '.part-*.new' -delete
	run_weir lake-check --undo-head "$lake"
	assert_status 0
	seq 1 >in && cat in >>all
	weir lake-put "$lake" in # publishes what came back
	assert_equal "$(data_files) $(hidden_files)" '4 0'
	assert_all
	weir lake-compact "$lake"
	assert_all
}

@test "--undo-head takes a compaction back whose entry is damaged" {
	commits 3
	weir lake-compact "$lake"
	find "$lake" -name 'part-*' -delete # as if the entry and the file were lost together
	printf '{"cut' >"$(entry 3)"
	run_weir lake-check --undo-head "$lake"
	assert_status 0
	weir lake-compact "$lake" # publishes what came back, and puts it together
	assert_equal "$(data_files)" 1
	assert_all
}

@test "lake-check finds records that are visible twice, and --repair hides them" {
	commits 3
	weir lake-compact "$lake"
	hidden=$(find "$lake" -name '.part-*.old' | head -n 1)
	name=$(jq -r "select(.remove.tags[\"weir.aside\"] == \"${hidden##*/}\") | .remove.path" "$(entry 3)")
	cp "$hidden" "$lake/$name"
	assert_finding "'$name' was replaced by version 3, but programs that read the directory still see it (--repair)"
	run_weir lake-check --repair "$lake"
	assert_status 0
	assert_all
}

@test "lake-check finds an entry that puts another number of rows into the place of those that it removes" {
	commits 3
	weir lake-compact "$lake"
	edit 3 'if .add then .add.stats = "{\"numRecords\":29}" else . end'
	run_weir lake-check --quick "$lake"
	assert_status 1
	assert_output_contains 'puts 29 rows into the place of 30'
}
