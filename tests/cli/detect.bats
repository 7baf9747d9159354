#!/usr/bin/env bats
# detect: its methods beside a straightforward implementation, what it prints, batches and state, bad records.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKER=$BUILD/servers/marker MARKS=$WEIR_ROOT/tests/lib/marks.py
	cd "$BATS_TEST_TMPDIR" || return
}

# The members of "detect" of each record in $output as one line.
scores() {
	jq -c '.detect | [.score, .limit, .n]' <<<"$output" | tr '\n' ' '
}

@test "detect: every method, plain and in batches, gives the scores of a straightforward implementation" {
	"$WEIR_ROOT/tests/lib/detectdiff.py" 1 1200
}

@test "detect: killed after and within every batch, it goes on from --state with the bytes of an uninterrupted run" {
	"$WEIR_ROOT/tests/lib/detectresume.py" 3
}

@test "detect: prints what is unusual; every other byte stays" {
	{
		for i in $(seq 40); do printf '{"k":"a", "v":%d.5}\n' $((i % 3)); done
		printf '%s\n' ' {"v" : 900, "k":"a","x":{"y":[1,{}]} } ' '{"k":"b","v":900}'
	} >in
	run_weir detect --by .k --value .v zscore in
	assert_success
	assert_output ' {"v" : 900, "k":"a","x":{"y":[1,{}]} ,"detect":{"rule":"zscore","score":1114.45,"limit":4,"n":40}} '
	run_weir detect --by .k --value .v --all 'range -1 100' in
	assert_success
	assert_equal "$(jq -c 'del(.detect)' <<<"$output")" "$(jq -c . in)"
	assert_equal "$(jq -c 'select(.detect.score > .detect.limit) | .detect' <<<"$output" | sort -u)" \
		'{"rule":"range -1 100","score":800,"limit":0,"n":0}'
}

@test "detect: JSON: empty objects, members of the same name, what is not an object" {
	run_weir detect --all --value .v 'range 0 1' < <(printf '%s\n' '{}' ' { } ' '{"detect":[1, 2],"v":5}' '{"v":5,"detect" : null }')
	assert_status 0
	assert_output '{"detect":{"rule":"range 0 1","score":null,"limit":0,"n":0}}
 { "detect":{"rule":"range 0 1","score":null,"limit":0,"n":0}} 
{"detect":{"rule":"range 0 1","score":4,"limit":0,"n":0},"v":5}
{"v":5,"detect" : {"rule":"range 0 1","score":4,"limit":0,"n":0} }'
	run_weir detect --value . 'range hi=3' < <(printf '%s\n' 5 ' 7.5 ' 2)
	assert_success
	assert_output '{"value":5,"detect":{"rule":"range hi=3","score":2,"limit":0,"n":0}}
{"value": 7.5 ,"detect":{"rule":"range hi=3","score":4.5,"limit":0,"n":0}}'
	run_weir detect --value .v --as 'a "b"' 'range lo=9' <<<'{"v":5,"detect":1}'
	assert_output '{"v":5,"detect":1,"a \"b\"":{"rule":"range lo=9","score":4,"limit":0,"n":0}}'
	for option in by time; do
		run_weir detect --$option .v --as v 'new .x' <<<'{"v":5}'
		assert_status 2
		assert_stderr_contains "--as 'v' is a field that is read"
	done
	run_weir detect --value .v --as '' 'range lo=9' <<<'{"v":5}'
	assert_status 2
	run_weir detect --value .v --as $'a\nb' 'range lo=9' <<<'{"v":5}'
	assert_status 2
}

@test "detect: two rules one after the other; the field of a method in quotes" {
	run_sh "printf '%s\\n' '{\"v\":5,\"a b\":1}' '{\"v\":1,\"a b\":2}' '{\"v\":1,\"a b\":2}' |
		weir detect --all --as high --value .v 'range hi=3' |
		weir detect --all --as fresh 'new .[\"a b\"]' | weir filter '.high.score > .high.limit || .fresh.score > .fresh.limit' |
		jq -c '[.high.score, .fresh.score, .fresh.rule]'"
	assert_success
	assert_output '[2,null,"new .[\"a b\"]"]
[0,1,"new .[\"a b\"]"]'
}

@test "detect: TSV and CSV get four columns, headers their names" {
	run_weir detect --input tsv --value '$2' 'range 0 3' < <(printf 'a\t5\r\nb\t1\nc\n')
	assert_status 0
	assert_output $'a\t5\trange 0 3\t2\t0\t0\r'
	printf 'user,"the ""v"""\r\nada,7\r\n"b,b",1\r\n' >a.csv
	run_weir detect --all --header --value '."the \"v\""' --by .user 'range 0 3' a.csv a.csv
	assert_success
	assert_output $'user,"the ""v""",detect.rule,detect.score,detect.limit,detect.n\r
ada,7,range 0 3,4,0,0\r
"b,b",1,range 0 3,0,0,0\r
ada,7,range 0 3,4,0,0\r
"b,b",1,range 0 3,0,0,0\r'
	printf 'v\n1\n' >b.csv
	run_weir detect --header --value '$2' 'range 0 3' a.csv b.csv
	assert_status 65
	assert_stderr_contains "b.csv: its header is not that of the first input"
	run_weir detect --header --value .nope 'range 0 3' a.csv
	assert_status 65
	run_weir detect --input csv --all --value '$1' --as 'a,b' --header 'velocity sum($2) 1m 5' --time '$1' a.csv
	assert_status 2
	run_weir detect --input csv --all --time '$1' 'velocity sum($2) 1m 5' < <(printf '1700000000,2\n1700000001,4\n')
	assert_output $'1700000000,2,velocity sum($2) 1m 5,2,5,0\n1700000001,4,velocity sum($2) 1m 5,6,5,1'
}

@test "detect: keys: several fields, 1 and 1.0, none" {
	printf '%s\n' '{"a":1,"b":"x","v":1}' '{"a":1.0,"b":"x","v":2}' '{"a":"1","b":"x","v":3}' '{"a":1,"b":"y","v":4}' >in
	run_weir detect --by .a,.b 'new .v' in
	assert_success
	assert_equal "$(jq .v <<<"$output")" 2
	run_weir detect 'new .v' in
	assert_equal "$(jq .v <<<"$output" | tr '\n' ' ')" '2 3 4 '
}

@test "detect: --min-samples, --cooldown, --key-ttl, --max-keys" {
	for i in $(seq 0 9); do printf '{"k":"a","v":%d,"ts":%d}\n' $((i % 2 * 50)) $((1700000000 + i * 10)); done >in
	run_weir detect --by .k --value .v --min-samples 4 'range 0 10' in
	assert_success
	assert_equal "$(scores)" '[40,0,5] [40,0,7] [40,0,9] '
	run_weir detect --by .k --value .v --time .ts --cooldown 30s --stats 'range 0 10' in
	assert_status 0
	assert_equal "$(jq .ts <<<"$output" | tr '\n' ' ')" '1700000010 1700000050 1700000090 '
	assert_stderr 'weir detect: 10 records, 5 unusual, 2 of them within the cooldown, 0 malformed; 1 key, 0 were idle'
	run_weir detect --by .k --value .v --time .ts --cooldown 30s --all 'range 0 10' in
	assert_equal "$(scores | wc -w)" 10
	printf '%s\n' '{"k":1,"c":"x","ts":1700000000}' '{"k":1,"c":"y","ts":1700000009}' '{"k":1,"c":"z","ts":1700000019}' >in
	run_weir detect --by .k --time .ts --key-ttl 10s --stats 'new .c' in
	assert_output '{"k":1,"c":"y","ts":1700000009,"detect":{"rule":"new .c","score":1,"limit":0,"n":1}}'
	assert_stderr_contains '1 was idle'
	{ seq 100 && seq 99 101 && seq 1 2; } | sed 's/.*/{"k":&,"c":&}/' >in
	run_weir detect --all --by .k --max-keys 64 'new .c' in
	assert_status 0
	[[ $stderr == *' keys were forgotten because there were too many (--max-keys)' ]]
	assert_equal "$(jq .detect.n <<<"$output" | tail -n 5 | tr '\n' ' ')" '1 1 0 0 0 '
}

@test "detect: a record that is dated into the future covers up for no other" {
	printf 'S\nR 0 0:-:0\n{"k":1,"c":"x","ts":1000000002000}\n{"k":2,"c":"x","ts":1000072000000}\nB 1 0:0:2\n%s\nB 2 0:2:3\nF 2\n' \
		'{"k":1,"c":"y","ts":1000000003500}' | python3 "$MARKS" >marked
	run_sh 'weir detect --by .k --time .ts --key-ttl 1h --state none "new .c" <marked | grep -av "^.{\"v\":2,"'
	assert_output '{"k":1,"c":"y","ts":1000000003500,"detect":{"rule":"new .c","score":1,"limit":0,"n":1}}'
	local now at
	now=$(date +%s)
	for at in 50000 0 10 50010; do echo '{"v":9,"ts":'$((now + at))'}'; done >in
	run_weir detect --value .v --time .ts --cooldown 1m 'range 0 1' in
	assert_success
	assert_equal "$(jq ".ts - $now" <<<"$output" | tr '\n' ' ')" '50000 0 '
}

@test "detect: a late record does not end the cooldown of another one" {
	local at
	cooled() { # cooled SECOND...: of the records at these times, those that are printed
		for at in "$@"; do echo '{"v":9,"ts":'$((1000000000 + at))'}'; done >in
		weir detect --value .v --time .ts --cooldown 1m 'range 0 1' in | jq '.ts - 1000000000' | paste -sd ' '
	}
	assert_equal "$(cooled 3600 1800 3635)" '3600 1800'
	assert_equal "$(cooled 3600 1800 3635 1830 3660 1859 1860)" '3600 1800 3660 1860'
	# late ones among late ones
	assert_equal "$(cooled 9000 600 60 630 90 9030 659 120)" '9000 600 60 120'
	# and over a restart
	for at in 3600 1800; do echo '{"v":9,"ts":'$((1000000000 + at))'}'; done >one
	for at in 3635 1830 3660; do echo '{"v":9,"ts":'$((1000000000 + at))'}'; done >two
	local query=(--value .v --time .ts --cooldown 1m --state state 'range 0 1')
	weir detect "${query[@]}" one >out
	weir detect "${query[@]}" two >out
	assert_equal "$(jq '.ts - 1000000000' out)" 3660
}

@test "detect: with a header short and long records are bad, others have the four columns where their names are" {
	printf 'a,b\n9\n9,1\n9,1,x\n"9",\n"9","1,""2"\n' >in
	run_weir detect --header --all --value .a 'range 0 3' in
	assert_status 65
	assert_stderr 'weir detect: in: record 1, byte 2: the header has 2 columns, but this is a record of 1'
	run_weir detect --rejects aside --header --all --value .a 'range 0 3' in
	assert_status 1
	assert_output 'a,b,detect.rule,detect.score,detect.limit,detect.n
9,1,range 0 3,6,0,0
"9",,range 0 3,6,0,0
"9","1,""2",range 0 3,6,0,0'
	assert_equal "$(jq -c '[.record,.data,.reason]' aside)" '[1,"9","byte 2: the header has 2 columns, but this is a record of 1"]
[3,"9,1,x","byte 6: the header has 2 columns, but this is a record of 3"]'
	sed -i '2d;4d' in
	weir detect --header --all --value .a 'range 0 3' in | weir filter --header -c '."detect.score" > ."detect.limit"' >out
	assert_equal "$(cat out)" 3
	printf 'a\tb\r\n9\t"1\r\n' >in.tsv
	run_weir detect --header --all --value .a 'range 0 3' in.tsv
	assert_equal "$(cat -A <<<"$output")" 'a^Ib^Idetect.rule^Idetect.score^Idetect.limit^Idetect.n^M$
9^I"1^Irange 0 3^I6^I0^I0^M$'
	# there is already a column with this name
	weir detect --header --all --value .a 'range 0 3' in >once
	run_weir detect --header --all --value .a 'range 0 3' once
	assert_status 65
	assert_stderr "weir detect: once: there is a column 'detect.rule' already (see --as)"
	run_weir detect --header --all --as again --value .a 'range 0 3' once
	assert_success
}

@test "detect: an empty field of TSV or CSV is none, an empty string of JSON is a key and a value" {
	printf '{"k":"","c":""}\n{"k":"","c":"x"}\n{"k":null,"c":"x"}\n' >in
	run_weir detect --stats --all --by .k 'new .c' in
	assert_status 0
	assert_equal "$(jq -c '.detect.score' <<<"$output" | paste -sd ' ')" 'null 1 null'
	assert_stderr 'weir detect: 1 of 3 records (33 %) was not judged: without a key
weir detect: 3 records, 1 unusual, 0 of them within the cooldown, 0 malformed; 1 key, 0 were idle'
	printf '\ty\n""\tx\na\t\n' >in.tsv
	run_weir detect --stats --by '$1' 'new $2' in.tsv
	assert_stderr 'weir detect: 1 of 3 records (33 %) was not judged: without a key
weir detect: 1 of 3 records (33 %) was not judged: without a value
weir detect: 3 records, 0 unusual, 0 of them within the cooldown, 0 malformed; 1 key, 0 were idle'
}

@test "detect: METHOD: what is wrong is named" {
	wrong() { # wrong METHOD TEXT
		run_weir detect --value .v "$1" /dev/null
		assert_status 2
		assert_stderr "weir detect: $2 (try 'weir detect --help')"
	}
	local all='zscore, cusum, mad, range, stuck, velocity, new'
	wrong '' "there is no method: one of $all"
	wrong ' ' "there is no method: one of $all"
	wrong 'zcore' "there is no method 'zcore'; did you mean 'zscore'?"
	wrong 'forest' "there is no method 'forest', only $all"
	wrong 'zscore x' "zscore: limit 'x' is not a number"
	wrong 'zscore nan' "zscore: limit 'nan' is not a number"
	wrong 'zscore inf' "zscore: limit 'inf' is not a number"
	wrong 'zscore 1e999' "zscore: limit '1e999' is not a number"
	wrong 'zscore 0' "zscore: limit '0' is too small"
	wrong 'zscore 4 2' "zscore: alpha '2' is too large"
	wrong 'zscore 4 limit=4' 'zscore: limit is given twice'
	wrong 'zscore 4 0.1 0 1' "zscore: '1' is one parameter too many"
	wrong 'zscore window=4' "zscore: there is no parameter 'window', only limit, alpha, floor"
	wrong 'zscore =4' "zscore: limit '=4' is not a number"
	wrong 'range 5 4' 'range: lo is above hi'
	wrong 'stuck' 'stuck: its time is missing'
	wrong 'stuck 5' "stuck: time '5' is not a duration, such as 30s or 5m"
	wrong 'stuck 0' "stuck: time '0' is too small"
	wrong 'velocity count 1m' 'velocity: its limit is missing'
	wrong 'velocity mean(.v) 1m 5' "velocity: 'mean(.v)' is none of count, sum(.field) and distinct(.field)"
	wrong 'velocity count(.v) 1m 5' "velocity: 'count(.v)' is none of count, sum(.field) and distinct(.field)"
	wrong 'velocity sum( 1m 5' "velocity: 'sum( 1m 5' is none of count, sum(.field) and distinct(.field)"
	wrong 'velocity distinct(.v) 1m 1001' 'velocity: limit is above 1000, the most for distinct'
	wrong 'velocity count 1m 5' 'velocity takes no --value'
	wrong 'new x' "new: path 'x', character 1: a path begins with '.', as in .name"
	run_weir detect zscore /dev/null
	assert_status 2
	assert_stderr "weir detect: zscore needs --value (try 'weir detect --help')"
	run_weir detect
	assert_status 2
	run_weir detect --by a --value .v zscore /dev/null
	assert_status 2
	run_weir detect 'velocity count 1m 5' <<<'{}'
	assert_status 2
	assert_stderr "weir detect: a plain stream has no times: say which field is the --time, or that it is now (try 'weir detect --help')"
}

@test "detect: records that cannot be judged are counted, printed by --all only, and errors with --strict" {
	cat >in <<'EOD'
{"k":"a","v":1,"ts":1700000000}
{"v":1,"ts":1700000000}
{"k":null,"v":1,"ts":1700000000}
{"k":"a","ts":1700000000}
{"k":"a","v":null,"ts":1700000000}
{"k":"a","v":"5","ts":1700000000}
{"k":"a","v":[5],"ts":1700000000}
{"k":"a","v":1e151,"ts":1700000000}
{"k":"a","v":-1e999,"ts":1700000000}
{"k":"a","v":1}
{"k":"a","v":1,"ts":"yesterday"}
{"k":"a","v":1,"ts":"9999-12-31T23:59:59Z"}
{"k":"a","v":1,"ts":1600000000}
EOD
	run_weir detect --by .k --time .ts --stats 'velocity sum(.v) 1m 0' in
	assert_status 1
	assert_equal "$(scores)" '[1,0,0] '
	assert_stderr 'weir detect: 2 of 13 records (15 %) were not judged: without a key
weir detect: 2 of 13 records (15 %) were not judged: without a value
weir detect: 2 of 13 records (15 %) were not judged: with a value that is not a number
weir detect: 2 of 13 records (15 %) were not judged: with a number that is too large
weir detect: 2 of 13 records (15 %) were not judged: without a time
weir detect: 1 of 13 records (8 %) was not judged: with a time in the future
weir detect: 1 of 13 records (8 %) was not judged: too late
weir detect: 13 records, 1 unusual, 0 of them within the cooldown, 0 malformed; 1 key, 0 were idle'
	run_weir detect --by .k --time .ts --all 'velocity sum(.v) 1m 0' in
	assert_status 1
	assert_equal "$(jq -c .detect.score <<<"$output" | sort | uniq -c | tr -s ' \n' ' ')" ' 1 1 12 null '
	run_weir detect --by .k --time .ts --strict --stats 'velocity sum(.v) 1m 0' in
	assert_status 65
	assert_equal "$(scores)" '[1,0,0] '
	assert_stderr_contains 'weir detect: in: record 2: without a key'
	run_weir detect --rejects aside --by .k --time .ts --strict 'velocity sum(.v) 1m 0' in
	assert_status 1
	assert_equal "$(scores)" '[1,0,0] '
	assert_stderr_contains "weir detect: 12 of 13 records (92 %) were rejected and are in 'aside'"
	assert_equal "$(jq -r .reason aside | sort | uniq -c | tr -s ' \n' ' ')" \
		' 1 too late 2 with a number that is too large 1 with a time in the future 2 with a value that is not a number 2 without a key 2 without a time 2 without a value '
	rm aside
	# without --strict, records that are always left out because of their time
	run_weir detect --rejects aside --all --by .k --time .ts 'velocity sum(.v) 1m 0' in
	assert_status 1
	assert_equal "$(jq -r .reason aside | sort | tr '\n' ,)" 'too late,with a time in the future,without a time,without a time,'
}

@test "detect: when not one record can be judged the answer is 1; with a few it is 0" {
	printf '{"k":"a","v":%s}\n' 1 2 3 >in
	run_weir detect --value .valeu 'range 0 10' in
	assert_status 1
	assert_stderr 'weir detect: 3 of 3 records (100 %) were not judged: without a value'
	echo '{"k":"a","valeu":1}' >>in
	run_weir detect --value .valeu 'range 0 10' in
	assert_status 0
	run_weir detect --by .kk --value .v 'range 0 10' in
	assert_status 1
	run_weir detect --value .v 'range 0 10' </dev/null
	assert_status 0
}

@test "detect: a malformed record ends it, 65, or the others go on; a marked stream ends before its batch" {
	printf '%s\n' '{"v":5}' '{"v":5' '{"v":NaN}' '' '{"v":6}' >in
	run_weir detect --value .v 'range 0 1' in
	assert_status 65
	assert_equal "$(jq .v <<<"$output" | tr '\n' ' ')" '5 '
	assert_stderr_contains 'weir detect: in: record 2, byte'
	run_weir detect --rejects drop --value .v 'range 0 1' in
	assert_status 1
	assert_equal "$(jq .v <<<"$output" | tr '\n' ' ')" '5 6 '
	assert_stderr 'weir detect: 3 of 5 records (60 %) were rejected and left out'
	printf 'S\nR 0 0:-:0\n{"v":5}\nB 1 0:0:1\n{"v"\nB 2 0:1:2\nF 2\n' | python3 "$MARKS" >marked
	run_sh 'weir detect --value .v "range 0 1" <marked | cat >out; exit ${PIPESTATUS[0]}'
	assert_status 65
	assert_equal "$(grep -ac '"k":"B"' out)" 1
	run_sh 'printf "nan\ninf\n0x10\n5\n" | weir detect --input tsv --value "\$1" "range 0 1"'
	assert_status 0
	assert_output $'5\trange 0 1\t4\t0\t0'
	assert_stderr 'weir detect: 3 of 4 records (75 %) were not judged: with a value that is not a number'
}

@test "detect: a marked stream says what becomes of the state; its batches are the times" {
	printf 'S\nR 0 0:-:0\n{"k":1}\n{"k":1}\nB 1 0:0:2\n{"k":1}\n{"k":2}\nB 2 0:2:4\n{"k":1}\nB 3 0:4:5 t=1000000099000\n{"k":1}\nB 4 0:5:6\nF 4\n' |
		python3 "$MARKS" >marked
	run_sh 'weir detect "velocity count 3s 2" <marked | cat; exit ${PIPESTATUS[0]}'
	assert_status 2
	assert_stderr "weir detect: velocity count 3s 2 in a marked stream needs --state DIR, or --state none, which forgets at a restart (try 'weir detect --help')"
	run_sh 'weir detect --value .k --time .k --cooldown 1m --min-samples 0 "range 0 1" <marked | cat; exit ${PIPESTATUS[0]}'
	assert_status 2
	assert_stderr_contains "--cooldown in a marked stream needs --state DIR, or --state none"
	run_sh 'weir detect --by .k --state none "velocity count 3s 2" <marked | grep -av "^.{\"v\":2,"'
	assert_success
	assert_output '{"k":1,"detect":{"rule":"velocity count 3s 2","score":3,"limit":2,"n":2}}
{"k":1,"detect":{"rule":"velocity count 3s 2","score":4,"limit":2,"n":3}}'
	# range keeps nothing
	run_sh 'weir detect --all --by .k --value .k "range 0 1" <marked | grep -ac "\"score\":1,"'
	assert_output 1
	run_sh 'weir detect --value .k --cooldown 1m "range 0 1" <marked | cat; exit ${PIPESTATUS[0]}'
	assert_status 2
}

@test "detect: limits are those of the batches before, whatever the order within one" {
	python3 - >lines <<'EOD'
import random
random.seed(5)
for batch in range(20):
    for _ in range(50):
        print('{"k":%d,"v":%.3f}' % (random.randrange(2), random.gauss(0, 1)))
EOD
	"$MARKER" -n 50 <lines 2>/dev/null | weir detect --all --by .k --value .v --state none 'mad span=100' | weir ack >out
	assert_equal "$(wc -l <out)" 1000
	# the same batches with their records the other way round
	split -l 50 lines part.
	for f in part.*; do tac "$f"; done | "$MARKER" -n 50 2>/dev/null |
		weir detect --all --by .k --value .v --state none 'mad span=100' | weir ack >turned
	assert_files_equal <(sort turned) <(sort out)
}

@test "detect: state of a plain stream; of another query; its limit may change" {
	for i in $(seq 50); do echo '{"k":"a","v":'$((i % 2))'}'; done >day1
	echo '{"k":"a","v":100}' >day2
	run_weir detect --by .k --value .v --state state zscore day1
	assert_status 0
	assert_output ''
	cp -r state before
	run_weir detect --by .k --value .v --state state zscore day2
	assert_success
	assert_equal "$(scores)" '[199,4,50] '
	run_weir detect --by .k --value .v --state before 'zscore 250' day2
	assert_success
	assert_output ''
	run_weir detect --by .k --value .w --state before 'zscore' day2
	assert_status 78
	run_weir detect --by .k --value .v --state before 'zscore alpha=0.2' day2
	assert_status 78
	run_weir detect --by .k --value .v --state before cusum day2
	assert_status 78
	run_weir detect --by .k --value .v --max-keys 1 --state before zscore <<<'{"k":"b","v":1}'
	assert_status 0
	assert_stderr 'weir detect: 1 key was forgotten because there were too many (--max-keys)'
}

@test "detect: a constant series, and the floor" {
	{ for _ in $(seq 40); do echo '{"v":20}'; done && echo '{"v":20.1}'; } >in
	run_weir detect --value .v zscore in
	assert_equal "$(scores)" '[1000000,4,40] '
	run_weir detect --value .v 'zscore floor=0.5' in
	assert_output ''
	run_weir detect --value .v 'mad floor=0.01' in
	assert_equal "$(scores)" '[6.745,3.5,40] '
	run_weir detect --value .v 'cusum' in
	assert_equal "$(scores)" '[1000000,5,40] '
}

@test "detect: hostile records" {
	python3 - >in <<'EOD'
print('{"k":"%s","v":1}' % ("x" * 3000000))
print('{"k":"\\ud800","v":1}')
print('{"k":"\\u0000","v":1}')
print('{"k":' + "[" * 1000 + "]" * 1000 + ',"v":1}')
print('{"k":1,"v":1' + "0" * 4000 + "}")
print('{"k":9223372036854775808,"v":-0.0}')
print('{"k":"","v":1e-320}')
EOD
	run_sh "weir detect --all --by .k --value .v --min-samples 0 zscore <in >out"
	assert_status 0
	assert_equal "$(wc -l <out)" 7
	python3 -c 'import json, sys
sys.setrecursionlimit(9999)
for line in open("out"): json.loads(line)["detect"]["score"]'
	assert_stderr 'weir detect: 1 of 7 records (14 %) was not judged: with a number that is too large'
	run_sh "printf '\\377\\0\\t5\\n' | weir detect --input tsv --by '\$1' --value '\$2' 'range 0 1' | head -c 14 | xxd -p"
	assert_output ff0009350972616e676520302031
}
