#!/usr/bin/env bats
# lake-check: what it finds in damaged tables, and what it changes.  Against topics: lake-check-kafka.bats.
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BUILD/servers:$PATH
	lake=$BATS_TEST_TMPDIR/lake
	log=$lake/_weir_log
	uuid=01234567-89ab-4cde-8f01-23456789abcd
}

# A table of three commits without positions.
three() {
	seq 100 >a && seq 5000 >b && printf 'x\n' >c
	weir lake-put --compress gzip "$lake" a
	weir lake-put --compress zstd "$lake" b
	weir lake-put --compress none "$lake" c
}

# A table of a marked stream: topic t, partition 0, group g, a commit for each batch.
marked() { # marked LINES PER_BATCH [LAKE_PUT_OPTION...]
	seq "$1" | marker -n "$2" -f -g g 2>/dev/null | weir lake-put "${@:3}" "$lake"
}

entry() { # entry VERSION: its path
	printf '%s/%020d.json\n' "$log" "$1"
}

edit() { # edit VERSION FILTER [JQ_OPTION...]: rewrite an entry by jq
	jq -c "${@:3}" "$2" "$(entry "$1")" >edited
	cp edited "$(entry "$1")"
}

# The findings are exactly these lines.
assert_findings() { # assert_findings LINE...
	run_weir lake-check "$lake"
	assert_status 1
	assert_stderr ''
	assert_equal "$output" "$(printf '%s\n' "$@")"
}

# There is one finding, which contains this text.
assert_finding() { # assert_finding TEXT
	run_weir lake-check "$lake"
	assert_status 1
	assert_stderr ''
	assert_output_contains "$1"
	[ "${#lines[@]}" = 1 ]
}

assert_sound() {
	run_weir lake-check "$lake"
	assert_success
	assert_output ''
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
			assert_stderr "weir lake-check: '$name' is no table: it has no log"
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
	ln -s /etc "$lake/link" # leads elsewhere, and is not gone into
	mkfifo "$lake/fifo"
	assert_findings "'fifo' is not in the log, but programs that read the directory see it" \
		"'notes' is not in the log, but programs that read the directory see it" \
		"'sub/new\\x0aline' is not in the log, but programs that read the directory see it" \
		"'sub/part-00000-$uuid.c000.snappy.parquet' is not in the log, but programs that read the directory see it"
	run_weir lake-check --clean --older-than 0 "$lake" # nothing of another program goes
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
	assert_sound # what was removed may lie there still
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
		run_weir lake-check --quick "$lake" # which reads no file
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
	echo '{"version":2,"published":true}' >"$log/_last" # old is not wrong
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
		edit 1 'if .commitInfo then .commitInfo.weir.v = 2 else . end'
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
	assert_finding "which version 2 has named already"
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
		the position is no offset|if .commitInfo then .commitInfo.weir.positions.g.t["0"].next = "x" else . end
		moves something that is no position|if .txn then .txn.appId = "weir/g/t" else . end
		moves something that is no position|if .txn then .txn.version = -1 else . end
		is no partition|if .commitInfo then .commitInfo.weir.positions.g.t["-1"] = {next: 3} else . end
		is no partition|if .commitInfo then .commitInfo.weir.positions.g.t["01"] = {next: 3} else . end
		nothing moved it|if .commitInfo then .commitInfo.weir.positions.g.t["7"] = {next: 3} else . end
		what was read does not begin where|if .commitInfo then .commitInfo.read.t["0"][0] = 11 | .commitInfo.read.t["0"][2] = 9 else . end
		what was read does not lead|if .commitInfo then .commitInfo.read.t["0"][1] = 19 else . end
		what was read does not lead|if .commitInfo then .commitInfo.read.t["0"] = "x" else . end
		more records were read than|if .commitInfo then .commitInfo.read.t["0"][2] = 11 else . end
		lost offsets that are none|if .commitInfo then .commitInfo.lost = {t: {"0": [5, 6]}} else . end
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

# --- what is left over -----------------------------------------------------------------------------

# As a lake-put that was killed after it had staged: its mark, two stages, the beginning of an entry.
killed() { # killed [HOST]
	mkdir -p "$lake/.writers" "$lake/dt=x"
	printf '%s\n' ".part-$uuid-00000.gz" "dt=x/.part-$uuid-00001.gz" >"$lake/.writers/${1-$(uname -n)}-$uuid"
	touch "$lake/.part-$uuid-00000.gz" "$lake/dt=x/.part-$uuid-00001.gz" "$log/.new-$uuid"
}

age() { # make all that is hidden two days old
	find "$lake" -path '*/.*' -exec touch -h -d '2 days ago' {} +
}

@test "what a dead writer has left is listed, and removed by --clean when it is old" {
	three
	killed
	assert_findings "'.part-$uuid-00000.gz' was staged by a writer that is dead (the next lake-put, or --clean, removes it)" \
		"'.writers/$(uname -n)-$uuid' is the mark of a writer that is dead (the next lake-put, or --clean, removes it)" \
		"'_weir_log/.new-$uuid' is the beginning of an entry of a writer that is dead (the next lake-put, or --clean, removes it)" \
		"'dt=x/.part-$uuid-00001.gz' was staged by a writer that is dead (the next lake-put, or --clean, removes it)"
	run_weir lake-check --clean "$lake"
	assert_status 1
	[ "${#lines[@]}" = 4 ]
	age
	touch "$lake/.part-$uuid-00000.gz" # one is young: then all may be
	run_weir lake-check --clean "$lake"
	[ "${#lines[@]}" = 4 ]
	age
	run_weir lake-check --clean "$lake"
	assert_status 0
	assert_output ''
	assert_stderr_contains "removed 'dt=x/.part-$uuid-00001.gz'"
	assert_equal "$(lake_hidden "$lake")" ''
	[ ! -e "$lake/dt=x" ]
	assert_sound
}

@test "what belongs to a writer that lives is no finding, and stays" {
	three
	killed
	age
	exec 8<"$lake/.writers/$(uname -n)-$uuid"
	flock -x 8
	assert_sound
	run_weir lake-check --clean --older-than 0 "$lake"
	assert_success
	[ "$(lake_hidden "$lake" | wc -l)" = 4 ]
	exec 8<&-
	run_weir lake-check --clean --older-than 0 "$lake"
	assert_status 0
	assert_equal "$(lake_hidden "$lake")" ''
}

@test "another machine's is a finding when it is old, and stays" {
	three
	killed elsewhere
	assert_sound
	age
	run_weir lake-check "$lake"
	assert_status 1
	[ "${#lines[@]}" = 4 ]
	assert_output_contains 'another machine'
	run_weir lake-check --clean --older-than 0 "$lake"
	assert_status 1
	[ "$(lake_hidden "$lake" | wc -l)" = 4 ]
}

@test "a stage without a mark is a finding, and goes when it is old; a name that is not ours stays" {
	three
	touch "$lake/.part-$uuid-00000.zst" "$log/.new-$uuid" "$lake/.part-$uuid" "$lake/.part-x-00000" "$lake/.new-$uuid" \
		"$log/.new-x" "$lake/.part-${uuid^^}-00000" "$lake/.part-$uuid-0" "$lake/.part-$uuid-00000x"
	run_weir lake-check --clean "$lake"
	assert_status 1
	[ "${#lines[@]}" = 2 ]
	assert_output_contains 'nothing is known of'
	age
	run_weir lake-check --clean "$lake"
	assert_status 0
	[ ! -e "$lake/.part-$uuid-00000.zst" ] && [ ! -e "$log/.new-$uuid" ]
	[ "$(find "$lake" -name '.part*' -o -name '.new*' | wc -l)" = 7 ]
}

@test "committed and not published: a finding, mended by --repair, never removed by --clean" {
	three
	path=$(jq -r '.add.path // empty' "$(entry 2)")
	stage=.$path
	mv "$lake/$path" "$lake/$stage"
	assert_findings "'$path' is committed by version 2, but not published (--repair)"
	mkdir -p "$lake/.writers" # its mark, dead
	echo "$stage" >"$lake/.writers/$(uname -n)-${path:5:36}"
	age
	run_weir lake-check --clean "$lake"
	assert_status 1
	[ -e "$lake/$stage" ]
	run_weir lake-check --repair "$lake"
	assert_status 0
	assert_stderr 'weir lake-check: published 1 file'
	cat a b c >all
	assert_lake "$lake" all
	weir lake-check --repair "$lake" # again is nothing
	mv "$lake/$path" "$lake/$stage"
	truncate -s +1 "$lake/$stage" # not what the log says
	run_weir lake-check --repair "$lake"
	assert_status 1
	[ -e "$lake/$stage" ] && [ ! -e "$lake/$path" ]
}

@test "nothing is removed while the log has findings" {
	three
	killed
	age
	rm "$(entry 1)"
	run_weir lake-check --clean "$lake"
	assert_status 65
	assert_stderr_contains 'nothing is removed'
	[ "$(lake_hidden "$lake" | wc -l)" = 4 ]
}

@test "while others write: no finding, never; nor does --repair or --clean disturb them" {
	seq 1000 >rows
	writer() { for _ in $(seq 40); do weir lake-put --compress gzip:1 "$lake" rows || echo failed; done; }
	weir lake-put "$lake" rows
	writer >w1 2>&1 &
	one=$!
	writer >w2 2>&1 &
	two=$!
	checks=0
	while kill -0 $one 2>/dev/null || kill -0 $two 2>/dev/null; do
		run_weir lake-check --repair "$lake" # which may be faster with publishing than the writer
		assert_status 0
		assert_output ''
		run_weir lake-check --clean --older-than 0 "$lake"
		assert_status 0
		assert_output ''
		checks=$((checks + 1))
	done
	wait $one $two
	[ ! -s w1 ] && [ ! -s w2 ] && [ $checks -gt 2 ]
	assert_sound
	[ "$(weir lake-cat "$lake" | wc -l)" = 81000 ]
}

@test "an unreadable directory is said, and the rest is looked at" {
	as=()
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --clear-groups) # root may read everything
	three
	mkdir "$lake/secret"
	touch "$lake/stray"
	chmod 0 "$lake/secret"
	cp "$WEIR_EXEC_PATH/lake-check" . # which may lie where only root gets to
	run_logged "${as[@]}" ./lake-check lake
	assert_status 78
	assert_stderr "weir lake-check: cannot read 'lake/secret': Permission denied"
	assert_output "'stray' is not in the log, but programs that read the directory see it"
	chmod 700 "$lake/secret"
}

# --- moving positions ------------------------------------------------------------------------------

positions() {
	weir lake-cat --positions "$lake"
}

@test "--set-position: forwards, backwards, a new one, several; with a reason; no finding afterwards" {
	marked 30 10
	run_weir lake-check --set-position t:0=10 --reason "ticket 4711 \"é\"" "$lake"
	assert_status 0
	assert_stderr "weir lake-check: topic 't', partition 0, group 'g': moved from 30 to 10"
	assert_equal "$(positions)" $'t\t0\t10\tg'
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo | [.moved, .reason, .operation]' "$(entry 3)")" \
		'[{"t":{"0":[30,10]}},"ticket 4711 \"é\"","SET POSITION"]'
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo.weir.positions.g.t["0"]' "$(entry 3)")" '{"next":10}'
	assert_sound
	weir lake-check --set-position t:0=500 --set-position other:2147483647=9 --group g "$lake" 2>/dev/null
	assert_equal "$(positions)" $'t\t0\t500\tg\nother\t2147483647\t9\tg'
	weir lake-check --set-position t:0=7 --group 'h/ x"' "$lake" 2>/dev/null
	assert_sound
	run_weir lake-check --set-position t:0=1 "$lake"
	assert_status 2
	assert_stderr_contains 'positions of 2 groups'
	[ "$(lake_commits "$lake")" = 6 ]
	weir lake-check --set-position t:0=9223372036854775806 -g g "$lake" 2>/dev/null
	assert_sound
}

@test "--set-position: what it refuses" {
	marked 30 10
	for bad in '' t t:0 t:0= t:=1 :0=1 t:0=x t:-1=1 t:2147483648=1 t:0=9223372036854775807 t:0=-1 't/x:0=1' t:0=1=2 \
		't:0 =1' t:0:1=2 "$(printf 'x%.0s' {1..250}):0=1"; do
		run_weir lake-check --set-position "$bad" "$lake"
		assert_status 2
		assert_stderr_contains 'is not TOPIC:PARTITION=OFFSET'
	done
	for bad in '--set-position t:0=1 --set-position t:0=2' '--set-position t:0=1 --repair' '--set-position t:0=1 --clean' \
		'--set-position t:0=1 -b x:1' '--set-position t:0=1 --quick' '--reason x' '--group x' \
		$'--set-position t:0=1 --reason \xff' $'--set-position t:0=1 --group \xff' '--set-position t:0=1 --group='; do
		# shellcheck disable=SC2086
		run_weir lake-check $bad "$lake"
		assert_status 2
	done
	assert_equal "$(positions)" $'t\t0\t30\tg'
	assert_sound
	rm -rf "$lake"
	three # of no group at all
	run_weir lake-check --set-position t:0=1 "$lake"
	assert_status 2
	assert_stderr_contains 'positions of 0 groups'
	weir lake-check --set-position t:0=1 -g g "$lake" 2>/dev/null
	assert_equal "$(positions)" $'t\t0\t1\tg'
	assert_sound
}

@test "--set-position under a lake-put that runs: that commits nothing and ends with 75" {
	marked 30 10
	mkfifo pipe
	marker -n 10 -g g <pipe 2>/dev/null | weir lake-put --compress none "$lake" 2>err &
	pid=$!
	exec 8>pipe
	seq 50 >&8
	# Both batches behind offset 30 are in hand when the mark of this writer lists its stage.
	wait_for 20 grep -rqs part "$lake/.writers"
	weir lake-check --set-position t:0=5 "$lake" 2>/dev/null
	exec 8>&-
	status=0
	wait $pid || status=$?
	[ "$status" = 75 ]
	grep -q 'somebody else has taken the partition over' err
	assert_equal "$(positions)" $'t\t0\t5\tg'
	[ "$(weir lake-cat "$lake" | wc -l)" = 30 ]
	assert_sound
	marked 50 10 # goes on at 5
	assert_equal "$(positions)" $'t\t0\t50\tg'
	assert_files_equal <(weir lake-cat "$lake") <(seq 30; seq 6 50)
	assert_sound
}

@test "lake-put that holds records of a partition without a position loses it to --set-position, too" {
	three
	mkfifo pipe
	marker -n 10 -g g <pipe 2>/dev/null | weir lake-put --compress none "$lake" 2>err &
	pid=$!
	exec 8>pipe
	seq 20 >&8
	wait_for 20 grep -rqs part "$lake/.writers"
	weir lake-check --set-position t:0=0 -g g "$lake" 2>/dev/null
	exec 8>&-
	status=0
	wait $pid || status=$?
	[ "$status" = 75 ]
	assert_equal "$(positions)" $'t\t0\t0\tg'
	assert_sound
}
