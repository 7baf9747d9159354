#!/usr/bin/env bats
# --rejects and --max-rejects: the same bad records through every program that looks into records, in plain and marked
# streams.  weir-stream(7) has the meaning.
# shellcheck disable=SC2154 # status, output and stderr come from the helpers
load ../lib/weir
load ../lib/lake

setup_file() {
	export MARKER=$BUILD/servers/marker
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' '{"ts":1795392000,"v":1}' '{"ts":1795392001,"v":2}' >good
}

# The bad records: no JSON, a character cut in two, too deep, blank, NUL.
bad_record() { # bad_record KIND
	case $1 in
	broken) printf '{"ts":1795392000,"v":' ;;
	utf8) printf '{"ts":1795392000,"v":"\xc3"}' ;;
	deep) printf '{"ts":1795392000,"v":%s%s}' "$(printf '[%.0s' {1..1030})" "$(printf ']%.0s' {1..1030})" ;;
	blank) ;;
	nul) printf '{"ts":1795392000,\0"v":1}' ;;
	esac
}

programs=(filter clean aggregate detect lake-put)

command_of() { # command_of PROGRAM: into `command`
	case $1 in
	filter) command=(filter '.v > 0') ;;
	clean) command=(clean -e 'require .v') ;;
	aggregate) command=(aggregate count 'sum(.v)') ;;
	detect) command=(detect --all --value .v 'range 0 10') ;;
	lake-put) command=(lake-put --compress none --partition-by 'd=%Y' --time .ts lake) ;;
	esac
}

# The output of the program, wherever that is.
result_of() { # result_of PROGRAM
	if [ "$1" = lake-put ]; then weir lake-cat lake 2>/dev/null || true; else cat out; fi
}

# Run `weir PROGRAM OPTION...` over the file `in`, plain or marked; sets status, stderr, and `out`.
run_case() { # run_case plain|marked PROGRAM OPTION...
	local how=$1 program=$2 code=0
	local -a command
	command_of "$program"
	shift 2
	rm -rf lake out
	if [ "$how" = plain ]; then
		weir "${command[@]:0:1}" "$@" "${command[@]:1}" <in >out 2>err || code=$?
	elif [ "$program" = lake-put ]; then
		"$MARKER" -n 10 <in 2>marker.err | { weir "${command[@]:0:1}" "$@" "${command[@]:1}" >out 2>err || code=$?; echo "$code" >code; }
		code=$(<code)
	else
		"$MARKER" -n 10 <in 2>marker.err | { weir "${command[@]:0:1}" "$@" "${command[@]:1}" 2>err || echo $? >code.new; } |
			weir ack >out 2>ack.err || true
		code=$(cat code.new 2>/dev/null || echo 0)
		rm -f code.new
	fi
	status=$code stderr=$(<err)
	_command="weir ${command[*]} $* # $how, $kind"
	echo "$_command: $status: $stderr"
}

# The output for the good records alone.
expected_of() { # expected_of plain|marked PROGRAM
	cp good in
	run_case "$@"
	assert_status 0
	result_of "$2" >"expected-$1-$2"
}

each_case() { # each_case CHECK: for every stream, program and bad record, `in` being the stream; CHECK HOW PROGRAM
	local how program kind
	for how in plain marked; do
		for program in "${programs[@]}"; do
			kind=none
			expected_of "$how" "$program"
			for kind in broken utf8 deep blank nul; do
				bad_record "$kind" >bad
				{ head -n 1 good && cat bad && echo && tail -n 1 good; } >in
				"$1" "$how" "$program"
			done
		done
	done
}

# Nothing of the batch, or of output that comes only at the end, was passed on.
assert_nothing() { # assert_nothing plain|marked PROGRAM
	[ ! -d lake ]
	if [ "$1" = marked ]; then
		run ! grep -qx 'acked 1' marker.err
	elif [ "$2" = aggregate ]; then
		[ ! -s out ]
	fi
}

error_case() {
	local where='record 2'
	[ "$1/$2" != marked/lake-put ] || where='batch [0-9]*, record 2'
	for option in '' --rejects=error; do
		[ "$option$2" != clean ] || continue # it drops bad records by default
		run_case "$1" "$2" ${option:+"$option"}
		assert_status 65
		grep -qE "^weir $2: (standard input: )?$where, byte [0-9]+: " err || fail 'where it is bad is not said'
		[ "$1" = marked ] || assert_equal "$(wc -l <err)" 1
		assert_nothing "$1" "$2"
	done
}

@test "rejects: the first bad record ends the program with 65 and one line, nothing of its batch is passed on" {
	each_case error_case
}

drop_case() {
	run_case "$1" "$2" --rejects drop
	assert_status 1
	[[ $stderr == "weir $2: 1 of 3 records (33 %) was rejected and left out"* ]] || fail 'what was left out is not said'
	result_of "$2" | cmp - "expected-$1-$2"
	[ "$1" = plain ] || [ "$2" = lake-put ] || assert_equal "$(<ack.err)" ''
}

@test "rejects: drop leaves bad records out, says their share, and the status is 1" {
	each_case drop_case
}

aside_case() {
	local place='[null,null,null,null,null]'
	rm -f aside
	run_case "$1" "$2" --rejects aside
	assert_status 1
	[[ $stderr == "weir $2: 1 of 3 records (33 %) was rejected and is in 'aside'"* ]] || fail 'where it is is not said'
	result_of "$2" | cmp - "expected-$1-$2"
	assert_equal "$(wc -l <aside)" 1
	jq -rj '.data | if type == "object" then .base64 else @base64 end' aside | base64 -d | cmp - bad
	assert_equal "$(jq -c '[.input,.record]' aside)" '["standard input",2]'
	[[ $(jq -r .reason aside) == 'byte '*': '* ]]
	assert_equal "$(stat -c %a aside)" 600
	[ "$1" = plain ] || place='["string",'$(jq .batch aside)',"t",0,1]'
	assert_equal "$(jq -c '[(.run | if . then type else . end),.batch,.topic,.partition,.offset]' aside)" "$place"
}

@test "rejects: a FILE has the record, byte for byte, why, and where it was read" {
	each_case aside_case
}

limit_case() {
	run_case "$1" "$2" --rejects drop --max-rejects 0
	assert_status 65
	assert_stderr_contains "weir $2: 1 of 2 records are rejected, more than --max-rejects allows"
	assert_nothing "$1" "$2"
	run_case "$1" "$2" --rejects drop --max-rejects 33%
	assert_status 65
	assert_stderr_contains '1 of 3 records are rejected, more than --max-rejects allows'
	assert_nothing "$1" "$2"
	run_case "$1" "$2" --rejects drop --max-rejects 34%
	assert_status 1
	result_of "$2" | cmp - "expected-$1-$2"
	run_case "$1" "$2" --rejects drop --max-rejects 1
	assert_status 1
}

@test "rejects: more than --max-rejects allows are 65, and nothing is committed" {
	each_case limit_case
}

@test "rejects: with a header, a record of 3 columns instead of 4 is bad, and so is a blank line" {
	local program
	printf 'a,b,c,d\n1,x,"y\nz",4\n2,"x,",\n3,,,\n\n4,x,y,5,6\n5,x,y,5\n' >in
	printf 'a,b,c,d\n1,x,"y\nz",4\n3,,,\n5,x,y,5\n' >good
	for program in filter clean aggregate detect; do
		local -a words
		case $program in
		filter) words=('.a > 0') ;;
		clean) words=(-e 'require .a') ;;
		aggregate) words=(count 'sum(.d)') ;;
		detect) words=(--all --value .a 'range 0 10') ;;
		esac
		weir "$program" --header --input csv "${words[@]}" good >expected
		run --separate-stderr -65 weir "$program" --rejects error --header --input csv "${words[@]}" in
		assert_stderr "weir $program: in: record 2, byte 8: the header has 4 columns, but this is a record of 3"
		run --separate-stderr -1 weir "$program" --rejects aside --header --input csv "${words[@]}" in
		assert_equal "$output" "$(<expected)"
		assert_equal "$(jq -c '[.record,.data,(.reason | split(" ") | last)]' aside)" '[2,"2,\"x,\",","3"]
[4,"","1"]
[5,"4,x,y,5,6","5"]'
		rm aside
	done
}

@test "rejects: without a header rows may have any number of columns" {
	printf '1,2,3,4\n1,2,3\n\n' >in
	run_weir filter --input csv true in
	assert_success
	assert_equal "$output" "$(cat in)"
}

@test "rejects: what is not a record that the program can use goes aside, too" {
	printf '%s\n' '{"ts":1795392000,"v":1}' '{"v":2}' '{"ts":"x","v":3}' '{"ts":1795392000,"v":"4"}' >in
	run_weir aggregate --rejects aside --window 'tumbling 1h' --time .ts 'sum(.v)' in
	assert_status 1
	assert_equal "$(jq -c '[.record,.reason]' aside)" '[2,"--time: this is not a time"]
[3,"--time: this is not a time"]'
	assert_equal "$(jq -c .sum_v <<<"$output")" 1
	rm aside
	run_weir aggregate --strict --rejects aside --window 'tumbling 1h' --time .ts count 'sum(.v)' in
	assert_status 1
	assert_equal "$(jq -c .count <<<"$output")" 1
	assert_equal "$(jq -c '.record' aside | xargs)" '2 3 4'
	rm aside
	run_weir filter --strict --rejects aside '.v > 0' in
	assert_status 1
	assert_equal "$(jq -c '[.record,.reason]' aside)" '[4,"expression, character 4: values of unlike types are compared"]'
	rm aside
	run_weir lake-put --rejects aside --partition-by dt=%F --time .ts lake in
	assert_status 1
	assert_equal "$(jq -c '[.record,.reason]' aside)" '[2,"no time in .ts: it is missing"]
[3,"no time in .ts: '"'\\\"x\\\"'"'"]'
	assert_lake lake <(sed -n '1p;4p' in)
	rm -r aside lake
	printf '2026-11-22 a\nyesterday\n2026-11-23 b\n\n2026-11-22 c\n' >in
	run_weir lake-put --rejects aside --drop-time --partition-by dt=%F --time %F@1 lake in
	assert_status 1
	assert_equal "$(jq -c '[.record,.data]' aside)" $'[2,"yesterday"]\n[4,""]'
	assert_equal "$(weir lake-cat lake | sort | xargs)" 'a b c'
}

@test "rejects: wrong options" {
	local program
	for program in filter clean aggregate detect lake-put; do
		local -a command
		command_of "$program"
		run_weir "$program" --rejects error --max-rejects 1 "${command[@]:1}" good
		assert_status 2
		assert_stderr_contains '--max-rejects needs --rejects drop or --rejects FILE'
		run_weir "$program" --rejects good "${command[@]:1}" good
		assert_status 2
		assert_stderr_contains 'the file of --rejects is also an input'
		run_weir "$program" --rejects - "${command[@]:1}" good
		assert_status 2
		run_weir "$program" --rejects /nowhere/x "${command[@]:1}" good
		assert_status 78
		run_weir "$program" --rejects drop --max-rejects x "${command[@]:1}" good
		assert_status 2
		[ ! -e lake ]
	done
	cp good before
	weir filter --rejects ./drop .v good >out # a file with that name
	[ -f drop ] && [ ! -s drop ]
	cmp good before
	run_weir lake-put --on-bad-time x --rejects drop --partition-by dt=%F --time .ts lake good
	assert_status 2
	run_weir aggregate --rejects aside --late aside --lateness 0s --window 'tumbling 1s' --time .ts count good
	assert_status 2
	assert_stderr_contains 'the file of --rejects is also that of --late'
}

@test "rejects: a file that cannot be written ends the program before the batch is passed on" {
	local program how
	bad_record broken >bad
	{ cat good bad && echo; } >in
	kind=full
	for how in plain marked; do
		for program in "${programs[@]}"; do
			run_case "$how" "$program" --rejects /dev/full
			assert_status 75
			assert_stderr_contains "cannot write '/dev/full': No space left on device"
			[ ! -d lake ]
		done
	done
}

@test "rejects: in a marked stream those of each batch are on disk before its mark is passed on" {
	seq 9 | sed 's/[369]/x&/; s/^[0-9]$/{"ts":&,"v":&}/' >in
	run_sh '"$MARKER" -n 3 <in 2>err | weir filter --rejects aside ".v > 0" | {
		while IFS= read -r line; do
			[[ $line != *\"k\":\"B\"*\"n\":2,* ]] || wc -l <aside >&3
			printf "%s\n" "$line"
		done
	} 3>lines | weir ack >out'
	assert_status 1
	assert_equal "$(awk '$1 >= NR' lines | wc -l)" 3
	assert_equal "$(wc -l <out)" 6
	assert_equal "$(jq .batch aside | sort -u | wc -l)" 3
	assert_equal "$(jq .offset aside | xargs)" '2 5 8'
}

@test "rejects: a table whose commits have left records out is sound" {
	seq 9 | sed 's/[369]/x&/; s/^[0-9]$/{"ts":&,"v":&}/' >in
	run_sh '"$MARKER" -f -n 3 <in 2>err | weir lake-put --rejects aside --partition-by d=%Y --time .ts lake'
	assert_status 1
	assert_stderr "weir lake-put: 3 of 9 records (33 %) were rejected and are in 'aside'"
	run_weir lake-check lake
	assert_status 0
	assert_equal "$(weir lake-cat lake | wc -l)" 6
	# all of them: the positions go on
	printf 'x\ny\n' >in
	run_sh '"$MARKER" -f -n 1 <in 2>err | weir lake-put --rejects drop --partition-by d=%Y --time .ts other'
	assert_status 1
	grep -qx 'acked 2' err
	run_weir lake-check other
	assert_status 0
}

@test "a field that no record has: a line, and 1 when nothing matched" {
	printf '%s\n' '{"action":"buy"}' '{"action":"view"}' >in
	run_weir filter '.acton == "buy"' in
	assert_status 1
	assert_output ''
	assert_stderr 'weir filter: no record had .acton (2 records)'
	run_weir filter '.action == "buy" || .geo.cty =~ "x" || ."a b" > 1' in
	assert_status 0
	assert_output '{"action":"buy"}'
	assert_stderr 'weir filter: no record had .geo.cty, .a b (2 records)'
	run_weir filter -v '.acton == "buy"' in
	assert_status 0
	assert_equal "$output" "$(<in)"
	run_weir filter -c '.acton == "buy"' in
	assert_status 1
	assert_output 0
	# nothing matches, but that is the answer
	run_weir filter '.action == "sell"' in
	assert_success
	# a question whether the field exists has an answer
	for expr in .error '!(.error == null)' 'exists(.error)' '.error && .error.code == 5'; do
		run_weir filter "$expr" in
		[[ $expr == *code* ]] || assert_success
	done
	run_weir filter '.acton == "buy"' </dev/null
	assert_success
	run_weir aggregate -g .usr count 'sum(.amont * 2)' in
	assert_status 0
	assert_stderr 'weir aggregate: no record had .usr, .amont (2 records)'
	run_sh '"$MARKER" -n 1 <in 2>err | weir filter ".acton == 1" | weir ack'
	assert_status 1
	assert_stderr_contains 'weir filter: no record had .acton (2 records)'
}

@test "rejects: the name of a new file is on disk before the mark is passed on, and is synced once" {
	printf 'a\nb\n{\n{\n' >in
	mkdir dir
	"$MARKER" -n 2 <in 2>err | strace -f -y -o raw -e trace=fsync,write \
		"$WEIR_EXEC_PATH/filter" --input json --rejects dir/aside .v 2>err | weir ack >out
	at() { grep -nE -- "$1" raw | cut -d: -f1; }
	mapfile -t files < <(at 'fsync\([0-9]+<.*/dir/aside>')
	mapfile -t names < <(at 'fsync\([0-9]+<.*/dir>')
	mapfile -t marks < <(at 'write\(1<.*k.":."B')
	assert_equal "${#files[@]} ${#names[@]} ${#marks[@]}" '2 1 4' # the first and the last mark are of empty batches
	[ "${files[0]}" -lt "${names[0]}" ] && [ "${names[0]}" -lt "${marks[1]}" ] && [ "${marks[1]}" -lt "${files[1]}" ]
}
