#!/usr/bin/env bats
# lake-put: what it accepts, where it stores it, what it refuses. Crashes, full disks and races:
# tests/fault/lake-put.bats.
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	lake=$BATS_TEST_TMPDIR/lake
}

json_lines() {
	printf '%s\n' '{"ts":1763800000000,"n":1}' '{"ts":"2026-11-22T23:59:59.999Z","n":2}' \
		'{"ts":1795392000,"n":3}' '{"n":4,"ts":"1795392000000000"}'
}

# --- files -----------------------------------------------------------------------------------------

@test "records of stdin: one file, one commit, nothing left over" {
	seq 1000 >in
	run_sh "weir lake-put '$lake' <in"
	assert_success
	assert_output ''
	assert_lake "$lake" in
	[ "$(lake_commits "$lake")" = 1 ]
	[[ $(find "$lake" -name 'part-*') =~ /part-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-00000\.txt\.zst$ ]]
}

@test "names of files say what the records are: by the first one, or by --suffix" {
	name_of() { # name_of DIR: the text after the number
		find "$1" -name 'part-*' | sed 's/.*-[0-9]\{5\}//' | sort | tr '\n' ' '
	}
	echo '{"a":1}' | weir lake-put json
	assert_equal "$(name_of json)" '.ndjson.zst '
	printf ' \t{"a":1}\nx\n' | weir lake-put --compress gzip blank
	assert_equal "$(name_of blank)" '.ndjson.gz '
	printf '\n{"a":1}\n' | weir lake-put --compress none text
	assert_equal "$(name_of text)" '.txt '
	printf '{"a":1}\0' | weir lake-put -0 nul
	assert_equal "$(name_of nul)" '.bin.zst '
	printf 'a,b\n' | weir lake-put --suffix csv --compress none csv
	assert_equal "$(name_of csv)" '.csv '
	printf '20 {}\n1000000 {"a":2}\n20 x\n' | weir lake-put --partition-by d=%F --time s@1 --drop-time parts
	assert_equal "$(name_of parts)" '.ndjson.zst .ndjson.zst '
	for bad in '' . a.b gz zst a/b 'a b' abcdefghijklmnopq $'\xff'; do
		run_weir lake-put --suffix "$bad" x <<<y
		assert_status 2
	done
	[ ! -e x ]
}

@test "DuckDB reads a table by the names of its files" {
	seq 100 | sed 's/.*/{"n":&}/' | weir lake-put --partition-by d=%F --time now T
	. "$WEIR_ROOT/tests/lib/python.bash"
	python_locate
	run_logged "$python_home/bin/python3" -c "import duckdb; print(duckdb.sql(\"select sum(n), count(d) from 'T/**/*.ndjson.zst'\").fetchone())"
	[[ $output == "(5050, 100)" || $output == "(Decimal('5050'), 100)" ]]
}

@test "several files and stdin in their order" {
	seq 10 >a && seq 11 20 >b && seq 21 30 >c
	weir lake-put --compress none "$lake" a - c <b
	seq 30 | cmp - "$lake"/part-*
}

@test "each kind of compression, and its levels" {
	seq 5000 >in
	for how in none gzip gzip:1 gzip:9 zstd zstd:-7 zstd:1 zstd:19; do
		weir lake-put --compress $how "t-$how" in
		assert_lake "t-$how" in
		case $how in none) suffix=.txt ;; gzip*) suffix=.txt.gz ;; zstd*) suffix=.txt.zst ;; esac
		[[ $(find "t-$how" -name 'part-*') =~ -00000$suffix$ ]]
	done
	for how in lz4 '' gzip:0 gzip:10 zstd:20 zstd:x zstd: none:1 gzipp zst; do
		run_weir lake-put --compress "$how" "$lake" in
		assert_status 2
	done
	[ ! -e "$lake" ]
}

@test "files are verified by gzip and zstd" {
	seq 300000 >in
	weir lake-put --compress gzip:1 g in
	weir lake-put z in
	gzip -t g/part-*
	zstd -tq z/part-*
}

@test "a table grows by a commit a run, and mixes compressions" {
	seq 10 >in
	for how in none gzip zstd; do weir lake-put --compress $how "$lake" in; done
	cat in in in >all
	assert_lake "$lake" all
	[ "$(lake_commits "$lake")" = 3 ]
}

@test "empty input commits nothing and creates nothing" {
	: >empty
	for input in empty /dev/null; do
		run_weir lake-put a/b/lake $input
		assert_success
		[ ! -e a ]
	done
	seq 3 >in
	weir lake-put "$lake" in
	weir lake-put "$lake" empty
	[ "$(lake_commits "$lake")" = 1 ]
}

@test "an empty line is a record, an unterminated last line too" {
	printf '\n\na' >in
	weir lake-put --compress none "$lake" in
	printf '\n\na\n' | cmp - "$lake"/part-*
	[ "$(jq -r '.add.stats // empty' "$lake"/_weir_log/*.json)" = '{"numRecords":3}' ]
}

@test "bytes stay as they are: NUL, invalid UTF-8, carriage returns" {
	printf 'a\0b\n\xff\xfe\n\r\n \t \n\x10\x17\n' >in
	weir lake-put --compress none "$lake" in
	cmp in "$lake"/part-*
}

@test "-0: records end with NUL; a table keeps its kind" {
	printf 'a\nb\0c\0d' | weir lake-put -0 --compress none "$lake"
	printf 'a\nb\0c\0d\0' | cmp - "$lake"/part-*
	[ "$(jq -r '.add.stats // empty' "$lake"/_weir_log/*.json)" = '{"numRecords":3}' ]
	run_sh "echo x | weir lake-put '$lake'"
	assert_status 78
	assert_stderr "weir lake-put: the records of the table '$lake' end with NUL: use -0"
	echo x | weir lake-put lf
	run_sh "echo x | weir lake-put -0 lf"
	assert_status 78
	assert_stderr "weir lake-put: the records of the table 'lf' end with a line feed, not with NUL"
}

@test "a record of 1 MiB, one of 100 MiB" {
	head -c 1048576 /dev/zero | tr '\0' x >in
	echo >>in
	weir lake-put "$lake" in
	weir lake-put --partition-by dt=%F --time now "$lake-p" in
	cmp in <(zstd -dcq "$lake"/part-*)
	cmp in <(zstd -dcq "$lake-p"/dt=*/part-*)
	head -c 104857600 /dev/zero | tr '\0' y >big
	run_weir lake-put big-lake big
	assert_status 65
	[ ! -e big-lake ]
	weir lake-put --max-record 200M --memory 16M --partition-by dt=%F --time now big-lake big
	[ "$(zstd -dcq big-lake/dt=*/part-* | wc -c)" = 104857601 ]
}

# --- the directory ---------------------------------------------------------------------------------

@test "names of the table: relative, absolute, nested, odd, with a slash after, a link, file:" {
	seq 5 >in
	mkdir real
	ln -s real link
	for name in rel "$PWD/abs" a/b/c 'odd name '\''"$x
	y é' 'slash/' ./dot ../"${PWD##*/}"/up link -- - %2e file:f "file://$PWD/g"; do
		weir lake-put -- "$name" in
	done
	for name in rel abs a/b/c 'odd name '\''"$x
	y é' slash dot up link -- - %2e f g; do
		assert_lake "./$name" in
	done
}

@test "a directory of / above, a file in the way, an empty name, an unknown store" {
	seq 5 >in
	: >file
	for name in file file/sub; do
		run_weir lake-put $name in
		assert_status 78
		assert_stderr_contains "Not a directory"
	done
	run_weir lake-put '' in
	assert_status 78
	run_weir lake-put gs://bucket/x in
	assert_status 78
	assert_stderr_contains "no store for gs://"
	[ ! -e gs: ]
	run_weir lake-put
	assert_status 2
}

@test "files that were there before stay, and directories that were made in vain go" {
	mkdir "$lake"
	echo mine >"$lake/notes"
	run_weir lake-put "$lake" /nonexistent
	assert_status 78
	assert_equal "$(ls -A "$lake")" notes
	run_sh "seq 10 | weir lake-put new/sub - /nonexistent"
	assert_status 78
	[ ! -e new ]
}

# --- partitions ------------------------------------------------------------------------------------

@test "partitions by a field: numbers of any unit, RFC 3339, text" {
	json_lines >in
	weir lake-put --time .ts --partition-by 'dt=%Y-%m-%d/hour=%H' --compress none "$lake" in
	assert_lake "$lake" in
	assert_equal "$(cd "$lake" && cat dt=2025-11-22/hour=08/part-*)" "$(sed -n 1p in)"
	assert_equal "$(cd "$lake" && cat dt=2026-11-22/hour=23/part-*)" "$(sed -n 2p in)"
	assert_equal "$(cd "$lake" && cat dt=2026-11-23/hour=00/part-*)" "$(sed -n 3,4p in)"
}

@test "the log names partitions, records and sizes" {
	json_lines >in
	weir lake-put --time .ts --partition-by 'dt=%Y-%m-%d/hour=%H' "$lake" in
	log=$lake/_weir_log/00000000000000000000.json
	assert_equal "$(jq -c '.add.partitionValues // empty' "$log" | sort)" '{"dt":"2025-11-22","hour":"08"}
{"dt":"2026-11-22","hour":"23"}
{"dt":"2026-11-23","hour":"00"}'
	assert_equal "$(jq -r '.add.stats // empty' "$log" | jq -s 'map(.numRecords) | add')" 4
	jq -r 'select(.add) | "\(.add.size) \(.add.path)"' "$log" | while read -r size path; do
		[ "$(stat -c %s "$lake/$path")" = "$size" ]
	done
	jq -se 'any(.metaData.partitionColumns == ["dt","hour"])' "$log"
	jq -se 'any(.protocol == {minReaderVersion: 1, minWriterVersion: 2})' "$log"
}

@test "partitions by a column: strptime over several fields, units, the end of the field" {
	printf '%s\n' '2026-11-20 10:00:00 install a' '2026-11-21 23:59:59,123 b' >in
	weir lake-put --partition-by dt=%F --time '%Y-%m-%d %H:%M:%S@1' --compress none a in
	assert_lake a in
	assert_equal "$(cat a/dt=2026-11-21/part-*)" '2026-11-21 23:59:59,123 b'
	printf '%s\n' ' x  1795392000 y' 'x 1795391999 y' >in
	weir lake-put --partition-by dt=%F --time s@2 --compress none b in
	assert_equal "$(cat b/dt=2026-11-23/part-*)" ' x  1795392000 y'
	assert_equal "$(cat b/dt=2026-11-22/part-*)" 'x 1795391999 y'
	printf '1795392000000\tv\n' | weir lake-put --partition-by h=%H --time ms@1 c
	printf '1795392000000000\tv\n' | weir lake-put --partition-by h=%H --time us@1 c
	printf '1795392000000000000\tv\n' | weir lake-put --partition-by h=%H --time ns@1 c
	[ "$(lake_records c/h=00 | wc -l)" = 3 ]
}

@test "--drop-time takes the time and one separator off" {
	printf '1795392000000\t  value with blanks \n1795392000000\t\n1795392000000\n' |
		weir lake-put --partition-by dt=%F --time ms@1 --drop-time --compress none a
	printf '  value with blanks \n\n\n' | cmp - a/dt=2026-11-23/part-*
	printf 'host 2026-11-20 10:00:00,123 text\n' |
		weir lake-put --partition-by dt=%F --time '%F %T@2' --drop-time --compress none b
	assert_equal "$(cat b/dt=2026-11-20/part-*)" 'host text'
	printf '1795392000000\tv\n' | weir lake-put --time ms@1 --drop-time --compress none c
	assert_equal "$(cat c/part-*)" v
}

@test "--time now; partitions by time need to be told by which" {
	run_sh "seq 3 | weir lake-put --partition-by dt=%F '$lake'"
	assert_status 2
	assert_stderr_contains '--partition-by needs --time: .FIELD, FORMAT@N, or now, which is when a record is read'
	[ ! -e "$lake" ]
	before=$(date -u +%Y-%m-%d)
	seq 3 | weir lake-put --partition-by dt=%Y-%m-%d --time now "$lake"
	seq 3 | weir lake-put --partition-by dt=%Y-%m-%d --time now "$lake"
	after=$(date -u +%Y-%m-%d)
	[ "$(cat <(lake_records "$lake/dt=$before") <([ "$before" = "$after" ] || lake_records "$lake/dt=$after") | wc -l)" = 6 ]
}

@test "TZ and locale do not matter" {
	TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 weir lake-put --time s@1 --partition-by 'd=%a' "$lake" <<<1795392000
	[ -d "$lake/d=Mon" ]
}

@test "a record without a readable time: named by input and number, nothing committed" {
	seq 1795392000 1795392009 >good
	printf '1795392000\nyesterday\n' >bad
	run_weir lake-put --partition-by dt=%F --time s@1 "$lake" good bad
	assert_status 65
	assert_stderr "weir lake-put: bad: record 2: no time 's@1' in 'yesterday'"
	[ ! -e "$lake" ]
	run_sh "printf '{\"ts\":1}\n{}\n' | weir lake-put --partition-by dt=%F --time .ts '$lake'"
	assert_status 65
	assert_stderr "weir lake-put: standard input: record 2: no time in .ts: it is missing"
	run_sh "printf '{\"ts\":1}\n{\"ts\":}\n' | weir lake-put --partition-by dt=%F --time .ts '$lake'"
	assert_status 65
	assert_stderr_contains 'standard input: record 2, byte 7: '
	run_sh "printf '{\"ts\":[1]}\n' | weir lake-put --partition-by dt=%F --time .ts '$lake'"
	assert_status 65
	assert_stderr_contains "no time in .ts: '[1]'"
	run_sh "printf 'a b\n' | weir lake-put --time s@3 '$lake'"
	assert_status 65
	assert_stderr_contains 'record 1: no time: there is no field 3'
	run_sh "printf '\n' | weir lake-put --time s@1 '$lake'"
	assert_status 65
	[ ! -e "$lake" ]
}

@test "--on-bad-time: a partition of their own, in the same commit, unchanged" {
	printf '%s\n' '1795392000 a' 'junk b' '' '1795392001 c' '99999999999999999999 d' >in
	run_weir lake-put --partition-by 'dt=%F/hour=%H' --time s@1 --drop-time --on-bad-time none --compress none "$lake" in
	assert_status 0
	assert_stderr "weir lake-put: 3 of 5 records without a readable time went into the partition 'none'"
	printf 'a\nc\n' | cmp - "$lake"/dt=2026-11-23/hour=00/part-*
	printf 'junk b\n\n99999999999999999999 d\n' | cmp - "$lake"/dt=none/hour=none/part-*
	[ "$(lake_commits "$lake")" = 1 ]
}

@test "odd values of partitions are encoded; nothing leads out of the table" {
	seq 3 >in
	for value in ../../x /etc 'a b' 'a=b' 'ä' . .. '%2F' $'a\nb' "'"; do
		weir lake-put --partition-by dt=%F --time s@9 --on-bad-time "$value" "$lake" in 2>/dev/null
	done
	assert_equal "$(cd "$lake" && printf '%s\n' dt=* | LC_ALL=C sort)" "$(printf '%s\n' dt=%27 dt=%2Fetc dt=%252F dt=ä \
		dt=. dt=.. dt=..%2F..%2Fx dt=a%0Ab dt=a%20b dt=a%3Db | LC_ALL=C sort)"
	jq -r '.add.partitionValues.dt // empty' "$lake"/_weir_log/*.json >values
	printf '%s\n' ../../x /etc 'a b' 'a=b' 'ä' . .. '%2F' $'a\nb' "'" | cmp - values
	for _ in 1 2 3 4 5 6 7 8 9 10; do cat in; done >all
	assert_lake "$lake" all
}

@test "--on-bad-time with Hive's name for null is null" {
	weir lake-put --partition-by dt=%F --time s@9 --on-bad-time __HIVE_DEFAULT_PARTITION__ "$lake" <<<x 2>/dev/null
	[ -d "$lake/dt=__HIVE_DEFAULT_PARTITION__" ]
	jq -se 'any(.add.partitionValues == {dt: null})' "$lake"/_weir_log/*.json
}

@test "options that make no sense: 2" {
	seq 3 >in
	for args in '--partition-by %Y' '--partition-by dt=' '--partition-by =%Y' '--partition-by dt=%F/dt=%H' '--partition-by a/b' \
		'--partition-by dt=%Q' '--partition-by a//b=%H' '--partition-by /dt=%F' '--partition-by d.t=%F' \
		'--time yesterday' '--time s@0' '--time s@' '--time s@x' '--time @1' '--time .a[' '--time %H@1' '--drop-time' \
		'--drop-time --time .ts' '--on-bad-time x' '--partition-by dt=%F --on-bad-time=' '--trust-eof' '--id=' '--memory 0' \
		'--memory 1M --partition-by dt=%F --time now' '--partition-by dt=%F' '--tz Europe/Nowhere' '--tz=' "--id $(printf '\377')"; do
		# shellcheck disable=SC2086
		run_weir lake-put $args "$lake" in
		assert_status 2
	done
	[ ! -e "$lake" ]
	run_weir lake-put --partition-by dt=%F --time s@9 --on-bad-time "$(printf '%0300d' 0)" "$lake" in
	assert_status 2
	[ ! -e "$lake" ]
}

@test "a table keeps its columns, their pattern and their zone" {
	seq 3 >in
	by_now=(--time now)
	weir lake-put --partition-by dt=%F "${by_now[@]}" "$lake" in
	run_weir lake-put "$lake" in
	assert_status 78
	assert_stderr "weir lake-put: the table '$lake' is partitioned by dt, not by nothing"
	run_weir lake-put --partition-by dt=%F/hour=%H "${by_now[@]}" "$lake" in
	assert_status 78
	assert_stderr "weir lake-put: the table '$lake' is partitioned by dt, not by dt, hour"
	run_weir lake-put --partition-by dt=%Y-%m "${by_now[@]}" "$lake" in
	assert_status 78
	assert_stderr "weir lake-put: the table '$lake' is partitioned by 'dt=%F', not by 'dt=%Y-%m'"
	run_weir lake-put --partition-by dt=%F --tz Asia/Tokyo "${by_now[@]}" "$lake" in
	assert_status 78
	assert_stderr "weir lake-put: the partitions of the table '$lake' are in the zone 'UTC', not in 'Asia/Tokyo' (--tz)"
	weir lake-put --partition-by dt=%F/ --tz UTC "${by_now[@]}" "$lake" in # the same pattern in other words
	weir lake-put plain in
	run_weir lake-put --partition-by dt=%F "${by_now[@]}" plain in
	assert_status 78
	assert_stderr "weir lake-put: the table 'plain' is partitioned by nothing, not by dt"
	weir lake-put --tz Asia/Tokyo plain in
}

@test "--tz: partitions by local days and hours, through the changes of the clocks; times without a zone are in it" {
	cat >in <<-END
		2026-03-29T00:59:59Z winter
		2026-03-29T01:00:00Z summer
		2026-03-28T23:00:00Z midnight
		2026-03-28T22:59:59Z before
		2026-10-25T00:30:00Z first
		2026-10-25T01:30:00Z again
		2026-06-01T01:00:00 local
	END
	weir lake-put --partition-by dt=%F/hour=%H%Z --time rfc3339@1 --tz Europe/Berlin --drop-time --compress none "$lake" in
	while read -r dt hour value; do
		assert_equal "$(cat "$lake/dt=$dt/hour=$hour"/part-*)" "$value"
	done <<-END
		2026-03-29 01CET winter
		2026-03-29 03CEST summer
		2026-03-29 00CET midnight
		2026-03-28 23CET before
		2026-10-25 02CEST first
		2026-10-25 02CET again
		2026-06-01 01CEST local
	END
	weir lake-put --partition-by dt=%F --time s@1 --tz -03:30 --compress none odd <<<1795404600 # 2026-11-23T03:30Z
	[ -d odd/dt=2026-11-23 ]
	weir lake-put --partition-by dt=%F --time s@1 --tz -03:30 --compress none odd <<<1795404599
	[ -d odd/dt=2026-11-22 ]
}

# --- memory ----------------------------------------------------------------------------------------

# 500 partitions, their records mixed, 155 bytes each.
many_partitions() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%d %0150d\n", (i * 7919) % 500 * 60, i }'
}

@test "500 open partitions hold every record, in a file each" {
	many_partitions 50000 >in
	weir lake-put --memory 128M --partition-by m=%H%M --time s@1 "$lake" in
	[ "$(find "$lake" -name 'part-*' | wc -l)" = 500 ]
	lake_records "$lake" | cmp - <(LC_ALL=C sort in)
}

@test "500 open partitions stay within --memory 128M" {
	only_plain 'a sanitizer takes more'
	many_partitions 500000 >in
	LC_ALL=C sort in | cksum >sum
	for how in zstd:3 gzip:1; do
		rm -rf "$lake"
		peak=$(peak_kb "$WEIR_EXEC_PATH/lake-put" --compress $how --memory 128M --partition-by m=%H%M --time s@1 "$lake" in)
		echo "$how: $peak KiB"
		[ "$peak" -le $((128 * 1024)) ]
		[ "$(find "$lake" -name 'part-*' | wc -l)" = 500 ]
		lake_records "$lake" | cksum | cmp - sum
	done
}

@test "few open files and little memory do" {
	many_partitions 100000 >in
	run_sh "ulimit -n 32; weir lake-put --memory 13M --partition-by m=%H%M --time s@1 '$lake' in"
	assert_success
	cmp <(lake_records "$lake") <(LC_ALL=C sort in)
}

# --- once ------------------------------------------------------------------------------------------

@test "--id: a second run changes nothing and says so" {
	seq 10 >in
	run_weir lake-put --id day-1 "$lake" in
	assert_success
	run_weir lake-put --id day-1 "$lake" in
	assert_status 0
	assert_stderr "weir lake-put: id 'day-1' has been committed before: nothing is done"
	seq 20 >other
	run_weir lake-put --id day-1 "$lake" other
	assert_status 0
	assert_lake "$lake" in
	[ "$(lake_commits "$lake")" = 1 ]
	weir lake-put --id day-2 "$lake" in
	weir lake-put "$lake" in
	run_weir lake-put --id day-1 "$lake" in
	assert_status 0
	[ "$(lake_commits "$lake")" = 3 ]
}

@test "--id: regular files and stdin from one, no pipes without --trust-eof" {
	seq 10 >in
	mkfifo fifo
	run_sh "cat in | weir lake-put --id x '$lake'"
	assert_status 2
	assert_stderr_contains 'write a file first'
	run_sh "cat in | weir lake-put --id x '$lake' in -"
	assert_status 2
	run_weir lake-put --id x "$lake" in fifo
	assert_status 2
	run_sh "weir lake-put --id x '$lake' <(cat in)"
	assert_status 2
	[ ! -e "$lake" ]
	run_sh "weir lake-put --id x '$lake' <in"
	assert_success
	run_sh "weir lake-put --id x2 '$lake' /dev/stdin <in"
	assert_success
	run_sh "cat in | weir lake-put --id y --trust-eof '$lake'"
	assert_success
	run_sh "cat in | weir lake-put --id y --trust-eof '$lake'"
	assert_status 0
	[ "$(lake_commits "$lake")" = 3 ]
	run_sh "seq 200000 | weir lake-put --id y --trust-eof '$lake'" # nobody dies of SIGPIPE
	assert_status 0
	cat in >fifo &
	run_weir lake-put --id y --trust-eof "$lake" in fifo
	assert_status 0
	wait $!
}

@test "--id: a failed run leaves the id free, an empty one too" {
	seq 10 >in
	run_weir lake-put --id x "$lake" in /nonexistent
	assert_status 78
	run_weir lake-put --id x "$lake" /dev/null --trust-eof
	assert_success
	run_weir lake-put --id x "$lake" in
	assert_success
	assert_lake "$lake" in
}

@test "--id: ids of 90 days are kept, older ones dropped" {
	seq 3 >in
	weir lake-put --id old "$lake" in
	weir lake-put --id new "$lake" in
	log=$lake/_weir_log/00000000000000000001.json
	now=$(date +%s%3N)
	jq -c "if .commitInfo then .commitInfo.weir.ids.old = $((now - 91 * 86400000)) | .commitInfo.weir.ids.new = $((now - 89 * 86400000)) else . end" \
		"$log" >edited
	cp edited "$log"
	weir lake-put --id third "$lake" in
	assert_equal "$(jq -r '.commitInfo.weir.ids // empty | keys[]' "$lake/_weir_log/00000000000000000002.json")" 'new
third'
}

# --- streams ---------------------------------------------------------------------------------------

@test "a marked stream is refused, and a damaged one; --plain takes both" {
	printf '\x17{"v":1}\nx\n' >marked
	printf 'x\x17{"v":1}\ny\n' >damaged
	for file in marked damaged; do
		run_weir lake-put "$lake" $file
		assert_status 65
		[ ! -e "$lake" ]
	done
	weir lake-put --plain --compress none "$lake" marked damaged
	cat marked damaged | cmp - "$lake"/part-*
	run_sh "printf 'a\nx\x17{\n' | weir lake-put other"
	assert_status 65
	[ ! -e other ]
	printf 'a\nx\x17b{\n{"run":"00c0ffee00c0ffee","b":1}\n' | weir lake-put other
}

@test "nothing on stdout, which may be full or closed" {
	seq 10 >in
	weir lake-put a in >/dev/full
	weir lake-put b in >&-
	assert_lake a in
	assert_lake b in
}

# --- the log ---------------------------------------------------------------------------------------

@test "a damaged log is an error that names the entry, never a guess" {
	seq 3 >in
	for damage in ': >' 'head -c 100' 'head -n 1' 'sed 1s/{/[/' 'sed 1d' 'cat - in' 'tr a-z A-Z'; do
		rm -rf "$lake"
		weir lake-put "$lake" in
		weir lake-put "$lake" in
		log=$lake/_weir_log/00000000000000000001.json
		cp "$log" before
		if [ "$damage" = ': >' ]; then : >"$log"; else $damage <before >"$log"; fi
		run_weir lake-put "$lake" in
		[ "$damage" = 'sed 1d' ] && { assert_status 0 && continue; } # like an entry of a foreign writer: skipped
		assert_status 65
		assert_stderr_contains "the log entry '_weir_log/00000000000000000001.json' is damaged"
		[ "$(lake_commits "$lake")" = 2 ]
	done
}

@test "_last is a hint: missing, empty, wrong, ahead or behind changes nothing" {
	seq 3 >in
	for _ in 1 2 3; do weir lake-put "$lake" in; done
	for hint in '' junk '{"version":0}' '{"version":77}' '{"version":-5}' '{"version":"x"}' '[]' '{"version":0,"published":true}'; do
		printf '%s' "$hint" >"$lake/_weir_log/_last"
		weir lake-put "$lake" in
	done
	rm "$lake/_weir_log/_last"
	weir lake-put "$lake" in
	[ "$(lake_commits "$lake")" = 12 ]
	assert_equal "$(cat "$lake/_weir_log/_last")" '{"version":11,"published":true}'
}

@test "an entry by a foreign writer is stepped over backwards" {
	seq 3 >in
	weir lake-put --id x "$lake" in
	echo '{"commitInfo":{"operation":"OPTIMIZE"}}' >"$lake/_weir_log/00000000000000000001.json"
	echo '{"remove":{"path":"x"}}' >"$lake/_weir_log/00000000000000000002.json"
	run_weir lake-put --id x "$lake" in
	assert_status 0
	assert_stderr_contains "has been committed before"
	weir lake-put --id y "$lake" in
	assert_equal "$(jq -c '.commitInfo.weir.ids // empty | keys' "$lake/_weir_log/00000000000000000003.json")" '["x","y"]'
}

@test "a log with a gap and without a hint is refused" {
	seq 3 >in
	for _ in 1 2 3; do weir lake-put "$lake" in; done
	rm "$lake"/_weir_log/00000000000000000001.json "$lake/_weir_log/_last"
	run_weir lake-put "$lake" in
	assert_status 65
	assert_stderr_contains "has gaps"
}

@test "data files that are older than the newest commit may be deleted, its own not" {
	seq 3 >in
	weir lake-put "$lake" in
	rm "$lake"/part-*
	run_weir lake-put "$lake" in
	assert_status 65
	assert_stderr_contains 'is gone, though the log names it, and so is version 0 as a whole (1 file, 3 rows)'
	rm -r "$lake"
	weir lake-put "$lake" in
	mv "$lake"/part-* .
	weir lake-check --undo-head "$lake" 2>/dev/null
	weir lake-put "$lake" in
	weir lake-put --id new "$lake" in
	rm "$(find "$lake" -name 'part-*' | head -n 1)"
	[ "$(lake_records "$lake" | wc -l)" = 3 ]
}

@test "a log that names files elsewhere makes nothing happen there" {
	seq 3 >in
	mkdir victim
	echo keep >victim/file
	weir lake-put "$lake" in
	rm "$lake/_weir_log/_last"
	log=$lake/_weir_log/00000000000000000000.json
	for path in ../victim/new /victim/new a/../../victim/new ''; do
		jq -c "if .add then .add.path = \"$path\" | .add.tags[\"weir.stage\"] = \"../victim/file\" | .add.size = 5 else . end" "$log" >edited
		cp edited "$log"
		run_weir lake-put "$lake" in
		assert_status 65
		assert_equal "$(ls victim)" file
	done
}

# Clocks count whole milliseconds: a batch of a second may read 999.
@test "--commit-every of one interval commits every batch, of two intervals every second one" {
	for every in 1s 2s; do
		seq 40 | "$BUILD/servers/marker" -n 10 -i 999 2>/dev/null | weir lake-put --commit-every "$every" "$lake-$every"
	done
	assert_equal "$(find "$lake-1s/_weir_log" -name '*.json' | wc -l)" 4
	assert_equal "$(find "$lake-2s/_weir_log" -name '*.json' | wc -l)" 2
}

# --- a table that somebody has tampered with -----------------------------------------------------------

@test "FIFOs, dangling links, and hints beyond all bounds in a table: no hang" {
	seq 5 >in
	weir lake-put "$lake" in
	log=$lake/_weir_log
	for hint in '{"version":9223372036854775807}' '{"version":9223372036854775806}' '{"version":-1}' '{"version":1e300}' '[]' '' \
		"$(printf '[%.0s' {1..5000})"; do
		echo "$hint" >"$log/_last"
		touch "$log/09223372036854775807.json" "$log/09223372036854775806.json" # of somebody else
		run_weir lake-put "$lake" in
		assert_success
	done
	rm "$log/_last"
	mkfifo "$log/_last"
	run_weir lake-put "$lake" in
	assert_success
	[ "$(lake_commits "$lake")" = 11 ] # the two among them
	run_weir lake-check "$lake"
	assert_success
	data=$lake/$(jq -r 'select(.add) | .add.path' "$log/00000000000000000000.json") # not of the newest commit
	rm "$data" && mkfifo "$data"
	run_weir lake-cat "$lake"
	assert_status 65
	rm "$log/00000000000000000000.json" && mkfifo "$log/00000000000000000000.json"
	run_weir lake-cat "$lake"
	assert_status 65
	rm -r "$lake/.writers" && ln -s nowhere "$lake/.writers"
	run_weir lake-put "$lake" in
	assert_status 78
	assert_stderr_contains '.writers'
}

@test "columns that readers of the directory would not see, or take for the records, are refused" {
	for bad in a=b a=b/c=%%; do
		run_weir lake-put --partition-by "$bad" --time now "$lake" /dev/null
		assert_status 2
		assert_stderr_contains 'has neither a conversion of a time'
	done
	weir lake-put --partition-by source=web/dt=%F --time now ok <<<x # a constant beside a time
	compgen -G "ok/source=web/dt=*" >where
	for bad in _dt=%F value=%F Value=%F dt=%F/VALUE=%H; do
		run_weir lake-put --partition-by "$bad" --time now "$lake" /dev/null
		assert_status 2
	done
	assert_stderr_contains "has the column 'VALUE', in which the records are"
}

@test "options of object stores are refused for a directory: nothing is stored without what was asked for" {
	for option in --sse=AES256 --storage-class=COLD --tags=a=b --region=r --endpoint=http://h --s3-style=path; do
		run_weir lake-put "$option" "$lake" <<<1
		assert_status 78
		assert_stderr_contains 'for object stores only'
		[ ! -e "$lake" ]
	done
}

@test "--dry-run: a directory that is not there, one that is a table, and one that nobody may write to" {
	run_weir lake-put --dry-run new
	assert_success
	[ ! -e new ]
	seq 3 | weir lake-put "$lake"
	find "$lake" | sort >before
	run_weir lake-put --dry-run "$lake"
	assert_success
	find "$lake" | sort | cmp - before
	run_weir lake-put --dry-run /proc/x
	assert_status 78
}
