#!/usr/bin/env bats
# lake-check: its findings in intact tables, and in damaged files and logs. Against topics: lake-check-kafka.bats.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
}

# --- sound tables ----------------------------------------------------------------------------------

@test "sound tables: plain, marked, partitioned, NUL, positions alone; nothing is changed" {
	three
	assert_sound
	lake=nul && printf 'a\nb\0c\0' | weir lake-put -0 nul
	assert_sound
	lake=days && printf '1795392000 a\n1795478400 b\n' | weir lake-put --time s@1 --partition-by 'dt=%F/odd=%H:%M %%' days
	printf 'x\n' | weir lake-put --time s@1 --partition-by 'dt=%F/odd=%H:%M %%' --on-bad-time 'a/b =%é' days 2>/dev/null
	printf 'x\n' | weir lake-put --time s@1 --partition-by 'dt=%F/odd=%H:%M %%' --on-bad-time __HIVE_DEFAULT_PARTITION__ days 2>/dev/null
	assert_sound
	lake=marks log=marks/_weir_log && marked 1000 7
	marked 1500 100
	assert_sound
	find marks -printf '%p %T@ %s\n' | sort >before
	assert_sound
	find marks -printf '%p %T@ %s\n' | sort | cmp - before
	lake=idle && marker -f </dev/null 2>/dev/null | weir lake-put idle
	assert_sound
}

@test "no table, no directory, a file, an empty one: 78 as lake-cat says it" {
	mkdir empty
	for name in empty none; do
		for option in '' --quick --repair --clean '--set-position t:0=1'; do
			# shellcheck disable=SC2086
			run_weir lake-check $option $name
			assert_status 78
			assert_output ''
			assert_stderr "weir lake-check: '$name' is not a table: it has no log"
		done
	done
	: >file
	run_weir lake-check file
	assert_status 78
	[ ! -e none ] && [ -z "$(ls -A empty)" ]
}

@test "a hidden or foreign file is nobody's business, one that everybody sees is a finding" {
	three
	mkdir -p "$lake/_temporary/0" "$lake/.hive-staging" "$lake/sub"
	touch "$lake"/{_SUCCESS,.part-00000.crc,_temporary/0/part-1,.hive-staging/x,_committed_17,.DS_Store} \
		"$log"/{_last_checkpoint,.00000000000000000000.json.crc,00000000000000000010.checkpoint.parquet,x.json}
	assert_sound
	touch "$lake/notes" "$lake/sub/part-00000-$uuid.c000.snappy.parquet" "$lake/sub/new
line"
	ln -s /etc "$lake/link" # leads elsewhere, and is not followed
	mkfifo "$lake/fifo"
	assert_findings "'fifo' is not in the log, but programs that read the directory see it" \
		"'notes' is not in the log, but programs that read the directory see it" \
		"'sub/new\\x0aline' is not in the log, but programs that read the directory see it" \
		"'sub/part-00000-$uuid.c000.snappy.parquet' is not in the log, but programs that read the directory see it"
	run_weir lake-check --clean --older-than 0 "$lake" # no file of another program is removed
	assert_status 1
	[ "$(find "$lake/sub" -type f -printf .)" = .. ] && [ -e "$lake/_temporary/0/part-1" ] && [ -p "$lake/fifo" ]
}

@test "a foreign writer's entries and files are taken as they are" {
	three
	echo '{"commitInfo":{"operation":"OPTIMIZE"}}' >"$(entry 3)"
	path=$(jq -r '.add.path // empty' "$(entry 0)")
	cp "$lake/$path" "$lake/compacted.gz"
	size=$(stat -c %s "$lake/$path")
	printf '%s\n' "{\"remove\":{\"path\":\"$path\",\"dataChange\":false}}" \
		"{\"add\":{\"path\":\"compacted.gz\",\"partitionValues\":{},\"size\":$size,\"dataChange\":false}}" \
		'{"txn":{"appId":"spark-17","version":4}}' >"$(entry 4)"
	assert_sound # removed files may still exist
	seq 3 | weir lake-put "$lake"
	assert_sound
	truncate -s -1 "$lake/compacted.gz"
	assert_findings "'compacted.gz' has $((size - 1)) bytes, but the log says $size"
}

# --- the files -------------------------------------------------------------------------------------

@test "a file that is missing, cut, longer, a directory, of other bytes, of other records" {
	for how in gzip zstd none; do
		for damage in 'rm -f' 'truncate -s -5' 'truncate -s +5' 'truncate -s 0'; do
			rm -rf "$lake"
			seq 10000 | weir lake-put --compress $how "$lake"
			file=$(cd "$lake" && echo part-*)
			$damage "$lake/$file"
			assert_finding "'$file'"
			run_weir lake-check --quick "$lake"
			assert_status 1
		done
		rm "$lake/$file" && mkdir "$lake/$file"
		assert_finding "$file"
		rm -rf "$lake"
		seq 10000 | weir lake-put --compress $how "$lake"
		file=$(cd "$lake" && echo part-*)
		printf 'x' | dd of="$lake/$file" bs=1 seek=$(($(stat -c %s "$lake/$file") - 1)) conv=notrunc status=none
		assert_finding "'$file'"
		run_weir lake-check --quick "$lake" # it reads no data files
		assert_success
		rm -rf "$lake"
		seq 10000 | weir lake-put --compress $how "$lake"
		edit 0 'if .add then .add.stats = "{\"numRecords\":9999}" else . end'
		assert_findings "'$(cd "$lake" && echo part-*)' has 10000 records, but the log says 9999"
	done
}

@test "a file that is not in the directory of its partition, or has other columns" {
	echo '1795392000 a' | weir lake-put --time s@1 --partition-by 'dt=%F' "$lake"
	cp "$(entry 0)" good
	edit 0 'if .add then .add.partitionValues.dt = "2020-01-01" else . end'
	assert_finding "is not in the directory of its partition, 'dt=2020-01-01/'"
	cp good "$(entry 0)"
	edit 0 'if .add then .add.partitionValues = {day: "2020-01-01"} else . end'
	assert_finding 'has other partition columns than the table'
	cp good "$(entry 0)"
	for bad in '../../etc/passwd' '/etc/passwd' '' 'x%0ay' '%zz'; do
		edit 0 'if .add then .add.path = $p else . end' --arg p "$bad"
		run_weir lake-check "$lake"
		assert_status 1
		[ "${#lines[@]}" -ge 2 ] # and the file that is not named any more
		cp good "$(entry 0)"
	done
	assert_sound
}

# --- the log ---------------------------------------------------------------------------------------

@test "an entry that is missing: in the middle, several, the first, the last, all" {
	for i in 1 2 3 4 5 6; do seq $i | weir lake-put "$lake"; done
	cp -r "$lake" good
	fresh() {
		rm -rf "$lake"
		cp -r good "$lake"
	}
	rm "$(entry 2)"
	run_weir lake-check "$lake"
	assert_status 1
	assert_equal "${lines[0]}" 'the log has no version 2'
	rm "$(entry 3)"
	run_weir lake-check "$lake"
	assert_equal "${lines[0]}" 'the log has no versions 2 to 3'
	fresh
	rm "$(entry 0)"
	run_weir lake-check "$lake"
	assert_status 1
	assert_equal "${lines[0]}" 'the log has no version 0'
	fresh
	rm "$(entry 5)" # the hint still names it
	run_weir lake-check "$lake"
	assert_status 1
	assert_equal "${lines[0]}" 'the log has no version 5'
	fresh
	rm "$log"/0*
	run_weir lake-check "$lake"
	assert_status 1
	assert_equal "${lines[0]}" 'the log has no versions 0 to 5'
	fresh
	rm "$log/_last"
	assert_sound
	echo garbage >"$log/_last"
	assert_sound
	echo '{"version":2,"published":true}' >"$log/_last" # an old hint is not an error
	assert_sound
}

@test "an entry that is cut, empty, garbage, twice, of another table, NUL" {
	three
	cp -r "$lake" good
	while IFS= read -r command; do
		rm -rf "$lake"
		cp -r good "$lake"
		eval "$command"
		echo "$command"
		run_weir lake-check "$lake"
		assert_status 1
		assert_stderr ''
		assert_output_contains "00000000000000000001.json"
	done <<-'EOF'
		truncate -s -10 "$(entry 1)"
		truncate -s 0 "$(entry 1)"
		sed -i '$d' "$(entry 1)"
		head -c 1000 /dev/urandom >"$(entry 1)"
		printf '{}\0{}\n' >"$(entry 1)"
		cp "$(entry 0)" "$(entry 1)"
		edit 1 'if .commitInfo then .commitInfo.weir.table = "other" else . end'
		edit 1 'if .commitInfo then .commitInfo.weir.delim = "nul" else . end'
		edit 1 'if .commitInfo then .commitInfo.weir.columns = ["dt"] else . end'
		edit 1 'if .commitInfo then .commitInfo.weir.v = 3 else . end'
		edit 1 'if .add then .add.path = 5 else . end'
		edit 1 'if .add then del(.add.size) else . end'
		edit 1 'if .add then .add.size = -1 else . end'
		rm "$(entry 1)" && mkdir "$(entry 1)"
		rm "$(entry 1)" && ln -s nowhere "$(entry 1)"
		rm "$(entry 1)" && ln -s / "$(entry 1)"
	EOF
}

@test "a file that two entries, or one, name twice; a commit that is there twice" {
	three
	jq -c 'if .commitInfo then .commitInfo.txnId = "other" else . end' "$(entry 2)" >"$(entry 3)"
	run_weir lake-check "$lake"
	assert_status 1
	assert_output_contains "which version 2 has named already"
	cp "$(entry 2)" "$(entry 3)"
	run_weir lake-check "$lake"
	assert_status 1
	assert_output_contains 'is the commit of version 2 once more'
	rm "$(entry 3)"
	add=$(grep '"add"' "$(entry 2)")
	echo "$add" >>"$(entry 2)"
	edit 2 'if .commitInfo then .commitInfo.weir.actions += 1 else . end'
	assert_finding 'which version 2 has named already'
}

@test "positions: backwards, changed, gone, twice, none, of no partition; what was read" {
	marked 30 10
	cp -r "$lake" good
	while IFS='|' read -r want filter; do
		rm -rf "$lake"
		cp -r good "$lake"
		edit 1 "$filter"
		echo "$want: $filter"
		run_weir lake-check "$lake"
		assert_status 1
		assert_output_contains "$want"
	done <<-'EOF'
		the position goes backwards|(.commitInfo?.weir.positions.g.t["0"].next? // empty) = -1 | if .txn then .txn.version = 3 elif .commitInfo then .commitInfo.weir.positions.g.t["0"].next = 3 else . end
		the position is another one|if .txn then .txn.version = 21 else . end
		the position has changed, but nothing moved it|if .txn then .txn.appId = "spark" else . end
		the position is gone|if .commitInfo then .commitInfo.weir.positions = {} else . end
		the position is not an offset|if .commitInfo then .commitInfo.weir.positions.g.t["0"].next = "x" else . end
		moves something that is not a position|if .txn then .txn.appId = "weir/g/t" else . end
		moves something that is not a position|if .txn then .txn.version = -1 else . end
		is not a partition|if .commitInfo then .commitInfo.weir.positions.g.t["-1"] = {next: 3} else . end
		is not a partition|if .commitInfo then .commitInfo.weir.positions.g.t["01"] = {next: 3} else . end
		nothing moved it|if .commitInfo then .commitInfo.weir.positions.g.t["7"] = {next: 3} else . end
		what was read does not begin where|if .commitInfo then .commitInfo.read.t["0"][0] = 11 | .commitInfo.read.t["0"][2] = 9 else . end
		what was read does not lead|if .commitInfo then .commitInfo.read.t["0"][1] = 19 else . end
		what was read does not lead|if .commitInfo then .commitInfo.read.t["0"] = "x" else . end
		more records were read than|if .commitInfo then .commitInfo.read.t["0"][2] = 11 else . end
		lost offsets that are not a range|if .commitInfo then .commitInfo.lost = {t: {"0": [5, 6]}} else . end
		10 rows of 9 records, though nothing|if .commitInfo then .commitInfo.read.t["0"][2] = 9 else . end
		moved by hand from or to somewhere else|if .commitInfo then .commitInfo.moved = {t: {"0": [9, 20]}} else . end
	EOF
}

@test "after a gap in the log positions are not compared, but the rest is" {
	marked 50 10
	echo garbage >"$(entry 2)"
	run_weir lake-check "$lake"
	assert_status 1
	assert_output_contains 'is damaged'
	[[ $output != *'not begin'* && $output != *'nothing moved'* ]]
	edit 4 'if .commitInfo then .commitInfo.read.t["0"][0] = 1 else . end'
	run_weir lake-check "$lake"
	assert_output_contains 'not begin where'
}
