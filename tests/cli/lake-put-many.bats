#!/usr/bin/env bats
# lake-put 'lake/{.topic}': a table for each value of a field.  `marker` stands for consume --batch with several topics.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	use_python
	export MARKER=$BUILD/servers/marker REMARK="$WEIR_ROOT/tests/lib/marks.py --change"
	cd "$BATS_TEST_TMPDIR" || return
	# a, b and c in turn, as marker -t a,b,c takes them
	seq 30 | awk '{ printf "{\"topic\":\"%s\",\"n\":%d}\n", substr("cab", $1 % 3 + 1, 1), $1 }' >in
}

of() { # of TOPIC [FILE]: its records
	grep -F "\"topic\":\"$1\"" "${2-in}" >"$1.want"
	echo "$1.want"
}

assert_tables() { # assert_tables DIR TOPIC...
	for topic in "${@:2}"; do
		assert_lake "$1/$topic" "$(of "$topic")" || return
	done
}

# --- plain streams ---------------------------------------------------------------------------------

@test "plain: each record is in the table that its field names, and all commit at the end" {
	run_weir lake-put -v 'lake/{.topic}' in
	assert_status 0
	assert_stderr_contains "writing to 'lake/{.topic}', a table for each value"
	assert_stderr_contains "committed 30 records: 3 files"
	assert_stderr_contains "3 tables: 'a' version 0, 'b' version 0, 'c' version 0"
	assert_tables lake a b c
	assert_equal "$(ls lake)" $'a\nb\nc'
	echo '{"topic":"b","n":31}' >next
	weir lake-put 'lake/{.topic}' next
	cat in next >both
	assert_lake lake/b "$(of b both)"
	assert_equal "$(lake_commits lake/b),$(lake_commits lake/a)" 2,1
	run_weir lake-put 'lake/{.topic}' </dev/null
	assert_status 0
}

@test "the field anywhere: within a name, before a directory, nested; braces that are none" {
	weir lake-put 'x/t_{.topic}_v1/raw' in
	assert_equal "$(ls x)" $'t_a_v1\nt_b_v1\nt_c_v1'
	assert_lake x/t_a_v1/raw "$(of a)"
	echo '{"m":{"topic":"q"}}' | weir lake-put 'y/{.m.topic}'
	assert_equal "$(lake_records y/q)" '{"m":{"topic":"q"}}'
	echo one | weir lake-put 'y/{{x}'
	assert_equal "$(lake_records 'y/{x}')" one
	(cd y && echo '{"topic":"here"}' | weir lake-put '{.topic}')
	assert_equal "$(lake_records y/here)" '{"topic":"here"}'
}

@test "fields of TSV and CSV name raw tables, and numbers do" {
	printf '1\ta\n2\tb\n3\ta\n' | weir lake-put --input tsv 'tsv/{$2}'
	assert_equal "$(lake_records tsv/a)" $'1\ta\n3\ta'
	printf '%s\n' '"x,",7' '"y""",8' | weir lake-put 'csv/t{$2}'
	assert_equal "$(lake_records csv/t7),$(lake_records csv/t8)" '"x,",7,"y""",8'
	printf '%s\n' '{"user":7}' '{"user":true}' | weir lake-put 'json/{.user}'
	assert_equal "$(ls json)" $'7\ntrue'
	run_sh 'printf "a\tb\n" | weir lake-put --table delta --input tsv "delta/{\$2}"'
	assert_status 2
	assert_stderr_contains "'delta/{\$2}': many Delta tables are made of JSON only"
	run_sh 'printf "a\tb\n" | weir lake-put --table delta "delta/{\$2}"'
	assert_status 2
	[ ! -e delta ]
}

@test "with partitions by time, compression and a name for the files, as one table has them" {
	printf '{"topic":"%s","ts":"2026-11-%sT00:00:00Z"}\n' a 21 b 21 a 22 b 22 >in
	weir lake-put --partition-by dt=%F --time .ts --compress gzip --suffix json 'lake/{.topic}' in
	for table in a b; do
		assert_equal "$(cd "lake/$table" && ls -d dt=*)" $'dt=2026-11-21\ndt=2026-11-22'
		assert_lake "lake/$table" "$(of "$table")"
	done
	find lake -name '*.json.gz' | wc -l | grep -qx 4
}

@test "Delta tables, each with the columns of its own records, and created ones" {
	printf '%s\n' '{"topic":"a","x":1}' '{"topic":"b","y":"s"}' '{"topic":"a","x":2}' >in
	weir lake-put --table delta --create --schema 'topic string, y string, z int' lake/b
	run_weir lake-put --table delta 'lake/{.topic}' in
	assert_status 0
	assert_stderr_contains "the new table 'lake/a' has the columns that 2 records show: --schema 'topic string, x bigint'"
	run ! grep -F "new table 'lake/b'" <<<"$stderr"
	run_logged python3 "$WEIR_ROOT/tests/lib/deltaread.py" lake/a
	assert_success
	[[ $output == *'"x": 1'*'"x": 2'* ]]
	run_logged python3 "$WEIR_ROOT/tests/lib/deltaread.py" lake/b
	assert_success
	[[ $output == *'"y": "s", "z": null'* ]]
	# messages name the table
	printf '%s\n' '{"topic":"a","new":1}' '{"topic":"b","new":1}' >in
	run_weir lake-put --table delta --on-new-field ignore 'lake/{.topic}' in
	assert_status 0
	assert_stderr_contains "weir lake-put: 'lake/a': field new: the table has no such column, and it is ignored"
	assert_stderr_contains "weir lake-put: 'lake/b': field new: the table has no such column, and it is ignored"
	run_weir lake-put --table delta --on-new-field add 'lake/{.topic}' in
	assert_status 0
	assert_stderr_contains "weir lake-put: 'lake/b': the table gets a new column: new bigint"
	echo '{"topic":"b","z":"x"}' >bad
	run_weir lake-put --table delta 'lake/{.topic}' bad
	assert_status 65
	assert_stderr_contains "'lake/b': bad: record 1, "
}

@test "a record without a table of its own: 65 and nothing is committed, or it is rejected" {
	local -A bad=(
		['{"n":1}']='bad: record 2, .topic names the table, and is missing or empty in this record'
		['{"topic":null}']='is missing or empty in this record'
		['{"topic":""}']='is missing or empty in this record'
		['{"topic":["a"]}']='.topic names the table, and is an array in this record'
		['{"topic":{"a":1}}']='is an object in this record'
		['{"topic":"a/b"}']="'a/b' in .topic cannot be the name of a table, which has letters, digits, '.', '_' and '-' of ASCII only"
		['{"topic":"."}']="'.' in .topic cannot be the name of a table: what begins with '.' is hidden"
		['{"topic":".."}']="'..' in .topic cannot be the name of a table"
		['{"topic":"../x"}']="'../x' in .topic cannot be the name of a table"
		['{"topic":"_weir_log"}']="what begins with '_' is hidden"
		['{"topic":"a\u0000"}']='has a NUL in this record'
		['{"topic":"ä"}']='cannot be the name of a table'
		['{"topic":"a"']='byte 13: '
		['a b']='byte 1: '
	)
	for record in "${!bad[@]}"; do
		echo "$record"
		rm -rf lake rejected
		printf '%s\n' '{"topic":"a","n":0}' "$record" '{"topic":"b","n":9}' >bad
		run_weir lake-put 'lake/{.topic}' bad
		assert_status 65
		assert_stderr_contains "${bad[$record]}"
		assert_stderr_contains 'bad: record 2'
		[ ! -e lake ]
		run_weir lake-put --rejects rejected 'lake/{.topic}' bad
		assert_status 1
		assert_equal "$(lake_records lake/a)$(lake_records lake/b)" '{"topic":"a","n":0}{"topic":"b","n":9}'
		assert_equal "$(jq .record rejected)" 2
	done
	run_sh 'echo hello | weir lake-put "lake/{.topic}"'
	assert_status 65
	assert_stderr_contains 'this is not JSON, of which each line has to be a record'
}

@test "--id: a second run stores what the first one has not" {
	weir lake-put --id i 'lake/{.topic}' in
	run_weir lake-put --id i 'lake/{.topic}' in
	assert_status 0
	assert_stderr_contains "id 'i' has been committed to 'lake/a' before: records for it are left out"
	assert_tables lake a b c
	assert_equal "$(lake_commits lake/a)" 1
	rm -r lake/b # as if the first run had been killed before it
	weir lake-put --id i 'lake/{.topic}' in
	assert_tables lake a b c
	assert_equal "$(lake_commits lake/a),$(lake_commits lake/b)" 1,1
}

@test "--id: a second run rejects nothing again, neither without a table nor in one" {
	printf '%s\n' '{' '{"topic":"a","n":1}' '{"topic":"a","n":"x"}' '{"n":2}' '{"topic":"c","n":"x"}' '{"topic":"b","n":3}' >bad
	put_bad() { # put_bad ID
		run_weir lake-put --id "$1" --table delta --schema 'topic string, n int' --rejects aside 'lake/{.topic}' bad
	}
	put_bad i
	assert_status 1
	assert_equal "$(jq -c .record aside | paste -sd ' ')" '1 3 4 5'
	cp aside before
	put_bad i
	assert_status 0
	assert_stderr_contains "id 'i' has been committed before: records that are rejected again are left out"
	cmp aside before
	rm -r lake/b # as if the first run had been killed before it
	put_bad i
	assert_status 0
	cmp aside before
	assert_equal "$(echo lake/*/_delta_log/*1.json lake/b/_delta_log/*0.json)" \
		'lake/*/_delta_log/*1.json lake/b/_delta_log/00000000000000000000.json'
	put_bad j
	assert_status 1
	[ "$(wc -l <aside)" = 8 ]
}

# --- marked streams --------------------------------------------------------------------------------

@test "marked: each table has the positions of its topic only, and goes on from them" {
	head -n 12 in | "$MARKER" -t a,b,c -n 4 2>err | weir lake-put 'lake/{.topic}'
	grep -qx 'at a -1' err
	for topic in a b c; do
		assert_equal "$(weir lake-cat --positions "lake/$topic")" "$topic"$'\t0\t4\tg'
	done
	"$MARKER" -t a,b,c -n 4 <in 2>err | weir lake-put 'lake/{.topic}'
	grep -qx 'at b 4' err
	assert_tables lake a b c
	weir lake-check lake/a
	"$MARKER" -t a,b,c -n 4 <in 2>err | weir lake-put 'lake/{.topic}' # nothing is new
	assert_equal "$(lake_commits lake/a)" 2
}

@test "marked: a table that is behind the others gets what it lacks, and they nothing twice" {
	head -n 12 in | "$MARKER" -t a,b,c -n 4 2>err | weir lake-put 'lake/{.topic}'
	rm -r lake/b
	"$MARKER" -t a,b,c -n 4 <in 2>err | weir lake-put 'lake/{.topic}'
	assert_equal "$(grep ^at err)" $'at a 4\nat b -1\nat c 4'
	assert_tables lake a b c
	# a table that one program wrote for this group goes on as one of many, and the other way round
	awk 'NR % 3 == 1' in | "$MARKER" -t a -n 4 2>err | weir lake-put lake/a
	grep -qx 'at 10' err
}

@test "marked: a topic without records, and one whose records are all left out, get their positions" {
	head -n 2 in | "$MARKER" -t a,b,c 2>err | weir filter '.topic != "b"' | weir lake-put 'lake/{.topic}'
	assert_equal "$(weir lake-cat --positions lake/b)" $'b\t0\t1\tg'
	assert_equal "$(weir lake-cat --positions lake/c)" $'c\t0\t0\tg'
	assert_lake lake/b /dev/null
	grep -qx 'acked 1' err
}

@test "marked: a record of no topic of the stream is refused, so an arbitrary field is" {
	sed 's/}/,"kind":"k"}/' in >kinds
	run_sh '"$MARKER" -t a,b,c <kinds 2>err | weir lake-put "lake/{.kind}"'
	assert_status 65
	assert_stderr_contains "batch 1, record 1, 'k' in .kind is not a topic of this stream, and tables are called like topics"
	run ! grep -q '^acked [1-9]' err
	[ ! -e lake ]
	run_sh 'sed 5s/a/d/ in | "$MARKER" -t a,b,c 2>err | weir lake-put --rejects drop "lake/{.topic}"'
	assert_status 0
	[ ! -e lake/d ]
}

@test "marked: a program before it that changes the topic is found out, before a commit" {
	run_sh 'seq 6 | sed "s/.*/{\"topic\":\"a\"}/" | "$MARKER" -t a,b -n 1 2>err | weir lake-put "lake/{.topic}"'
	assert_status 65
	assert_stderr_contains "batch 2: 1 row is for the topic 'a', of which no position moves"
	[ ! -e lake ]
	# both topics move, and the numbers do not fit
	run_sh 'seq 6 | sed "s/.*/{\"topic\":\"a\"}/" | "$MARKER" -t a,b -n 2 2>err | weir lake-put "lake/{.topic}"'
	assert_status 65
	assert_stderr_contains "the table has 6 rows of the 3 records of the topic 'a': what is upstream changes the field that names the table"
	run ! grep -q '^acked [1-9]' err
	[ ! -e lake ]
}

@test "marked: topics that cannot be tables, and too many of them: 78 before anything is read" {
	for topics in .,a _x,a ..,a; do
		run_sh "\$MARKER -t $topics <in 2>err | weir lake-put 'lake/{.topic}'"
		assert_status 78
		assert_stderr_contains "cannot be the name of a table: what begins with '"
		assert_stderr_contains "the topic '${topics%,a}' "
		[ ! -e lake ]
	done
	run_sh '"$MARKER" -t a,b,c <in 2>err | weir lake-put --max-tables 2 "lake/{.topic}"'
	assert_status 78
	assert_stderr_contains '3 topics need as many tables, and --max-tables allows 2'
	[ ! -e lake ]
	run_sh '"$MARKER" -t a,b,c <in 2>err | weir lake-put --id x "lake/{.topic}"'
	assert_status 2
}

@test "marked: one table that refuses: 75, what others have committed stays, and is not read again" {
	head -n 12 in | "$MARKER" -t a,b,c -n 4 2>err | weir lake-put 'lake/{.topic}'
	run_sh '"$MARKER" -t a,b,c -n 4 <in 2>err | $REMARK "(\"was\":..a.:..0.:4,?..?.b.:..0.:)4" "\g<1>3" | weir lake-put "lake/{.topic}"'
	assert_status 75
	assert_stderr_contains "the lake is at offset 4 of b [0] for group g, not at"
	assert_stderr_contains "; committed before that: 'lake/a'"
	run ! grep -q '^acked [2-9]' err
	assert_lake lake/a "$(of a)"
	assert_equal "$(lake_hidden lake)" ''
	"$MARKER" -t a,b,c -n 4 <in 2>err | weir lake-put 'lake/{.topic}'
	assert_equal "$(grep ^at err)" $'at a 10\nat b 4\nat c 4'
	assert_tables lake a b c
}
