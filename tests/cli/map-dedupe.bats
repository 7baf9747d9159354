#!/usr/bin/env bats
# map: dedupe as a statement; clean's rule is the witness.
# shellcheck disable=SC2154 # status and stderr come from the helpers
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/marked

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# The fields .n of the records of standard input that pass.
passing() { # passing PROGRAM [OPTION...]
	run_weir map --rejects drop "$@" >&2
	[[ $status = [01] ]] || fail "$stderr"
	jq -r .n <<<"$output" | paste -sd ' '
}

@test "map dedupe: JSON, with one key and several, numbers by what they are, null passes, the whole record" {
	printf '{"n":%d,"k":%s,"l":%s}\n' 1 1 1 2 1.0 1 3 '"1"' 1 4 null 1 5 null 1 6 1e0 2 7 '"\u0031"' 2 8 1 1 >in
	assert_equal "$(passing 'dedupe .k within 1h' <in)" '1 3 4 5'
	assert_equal "$(passing 'dedupe .k, .l within 1h' <in)" '1 3 4 6 7'
	assert_equal "$(cat in in | passing 'dedupe . within 1h')" '1 2 3 4 5 6 7 8'
	run_weir map --rejects rejects 'dedupe .k within 1h' in
	assert_status 1
	assert_equal "$(jq -r '"\(.record) \(.reason)"' rejects | paste -sd,)" \
		'2 dedupe .k within 1h,6 dedupe .k within 1h,7 dedupe .k within 1h,8 dedupe .k within 1h'
	assert_stderr_contains '4 rejected: dedupe .k within 1h'
	run_weir map 'dedupe .k within 1h' in # bad records end map unless it is told otherwise
	assert_status 65
	assert_output '{"n":1,"k":1,"l":1}'
}

@test "map dedupe: keys that statements have made; what they drop or reject is not remembered" {
	printf '{"n":%d,"a":"%s","x":%s}\n' 1 A 0 2 a 1 3 a 2 4 B null 5 b 5 6 b 6 >in
	assert_equal "$(passing 'lower .a; dedupe .a within 1h; where .x > 0' <in)" '2 5'
	assert_equal "$(passing 'lower .a; dedupe .a within 1h; range .x 1 9; require .x' <in)" '2 5'
	assert_equal "$(passing '.k = concat(.a, "-") ; dedupe .k within 1h; del .k' <in)" '1 2 4 5'
	assert_equal "$(passing '.k = floor(.x / 2); dedupe .k within 1h' <in)" '1 3 4 5 6'
	assert_equal "$(passing 'dedupe .a within 1h; emit {n: .n, b: .a}; dedupe .b within 1h' <in)" '1 2 4 5'
	assert_equal "$(passing 'emit if(.x == 1, null, {n: .n, b: .a}); dedupe .b within 1h' <in)" '1 3 4 5'
	# of what one record becomes, each is a record; the key before explode is that of all
	printf '%s\n' '{"k":1,"i":[{"n":1},{"n":2},{"n":1}]}' '{"k":1,"i":[{"n":3}]}' '{"k":2,"i":[{"n":1},{"n":4}]}' >items
	run_weir map --rejects drop 'dedupe .k within 1h; explode .i; dedupe .i.n within 1h; emit .i' items
	assert_output $'{"n":1}\n{"n":2}\n{"n":4}'
	run_weir map --rejects drop 'dedupe .k within 1h; explode .i; where .i.n > 2' items
	assert_output $'{"k":1,"i":{"n":3}}\n{"k":2,"i":{"n":4}}'
}

@test "map dedupe: TSV and CSV, also into JSON" {
	printf '1\tx\n1.0\tx\n1\ty\n\tz\n\tz\n' >in.tsv
	run_weir map --rejects drop --input tsv 'dedupe $1 within 1h' in.tsv
	assert_output $'1\tx\n1.0\tx\n\tz\n\tz'
	run_weir map --rejects drop --input tsv --to json --infer-types '$3 = $1 + 1; dedupe $3 within 1h; del $1' in.tsv
	assert_output $'{"2":"x","3":2}\n{"2":"x","3":2.0}\n{"2":"z","3":null}\n{"2":"z","3":null}'
	run_weir map --rejects drop --input tsv '$2 = replace($2, "x", ""); dedupe $2 within 1h' in.tsv # an empty column is null
	assert_output $'1\t\n1.0\t\n1\ty\n\tz'
	run_weir map --rejects drop --input tsv '$2 = ""; require $2' in.tsv
	assert_output ''
	printf 'k,v\n"1",a\n1,b\n"2\n3",c\n"2\n3",d\n' >in.csv
	run_weir map --rejects drop --header 'dedupe .k within 1h; upper .v' in.csv
	assert_output $'k,v\n"1",A\n"2\n3",C'
	run_weir map --rejects drop --header --to json 'dedupe .k within 1h' in.csv
	assert_output $'{"k":"1","v":"a"}\n{"k":"2\\n3","v":"c"}'
	run_weir map --header 'dedupe .nothing within 1h' in.csv
	assert_status 65
}

@test "map dedupe: by the time of records; what is no time or too far ahead breaks the rule" {
	printf '{"n":%d,"k":1,"t":%s}\n' 1 100 2 109 3 110 4 null 5 '"x"' 6 4102444800 7 119 8 120 >in
	assert_equal "$(passing 'dedupe .k within 10s by s@.t' <in)" '1 3 8'
	assert_equal "$(passing '.u = .t; dedupe .k within 10s by s@.u' <in)" '1 3 8'
	assert_equal "$(passing 'dedupe .k within 10s by s@.t' --max-ahead any <in)" '1 3 6'
}

@test "map dedupe: what clean passes and rejects, for random rules and records" {
	"$WEIR_ROOT/tests/lib/dedupediff.py" 18 60
}

@test "map dedupe: what has to be forgotten is counted; a step beside it has its own part of the memory" {
	seq 5000 | sed 's/.*/{"k":&}/' >in
	run_sh 'cat in in | weir map --rejects drop --memory 64K "dedupe .k within 1h; step count .k by .k" >out'
	assert_status 0
	[[ $stderr == *"dedupe forgot "[1-9]*" keys before their time (--memory)"* ]]
	assert_stderr_contains 'step forgot '
	run_sh 'cat in in | weir map --rejects drop "dedupe .k within 1h" >out'
	assert_status 1
	assert_files_equal out in
}

@test "map dedupe: the state of a plain stream, beside step; of other statements, of another key" {
	local program='step count .k by .k as .c; dedupe .k within 1h'
	printf 'sixteen bytes at least\n' >key
	printf 'another sixteen bytes!\n' >other
	again() { # again STATUS OUTPUT PROGRAM [OPTION...]
		run_weir map --rejects drop --state state "${@:3}" <<<$'{"k":"a"}\n{"k":"b"}'
		assert_status "$1"
		assert_output "$2"
	}
	again 0 $'{"k":"a","c":1}\n{"k":"b","c":1}' "$program"
	again 1 '' "$program; where true"
	run_weir map --rejects drop --state state "$program" <<<'{"k":"c"}'
	assert_output '{"k":"c","c":1}'
	run_weir map --rejects drop --state state "where true; $program" </dev/null
	assert_status 78
	run_weir map --rejects drop --state state 'step count .k by .k as .c' </dev/null
	assert_status 78
	rm -r state
	again 0 $'{"k":"a"}\n{"k":"b"}' 'dedupe .k within 1h'
	again 1 '' 'dedupe .k within 1h'
	rm -r state
	run_weir map --state state --key key 'mask .k hash; dedupe .k within 1h' <<<'{"k":"a"}'
	run_weir map --rejects drop --state state --key key 'mask .k hash; dedupe .k within 1h' <<<'{"k":"a"}'
	assert_status 1
	run_weir map --state state --key other 'mask .k hash; dedupe .k within 1h' <<<'{"k":"a"}'
	assert_status 78
}

# The records that come out of the marked stream of SCRIPT, and the status.
state=state
expect() { # expect STATUS RECORDS SCRIPT [OPTION...]
	marked_run "${@:1:3}" map --input tsv --state "$state" --rejects drop "${@:4}" 'step sum $2 by $1 as $3; dedupe $1 within 10m; del $2'
}

@test "map dedupe: over batches, and after a restart, with the keys of the offsets from which it starts" {
	run_sh '"$BUILD/servers/marker" </dev/null 2>err | weir map --input tsv "dedupe \$1 within 1h" | weir ack'
	assert_stderr_contains 'dedupe in a marked stream needs --state DIR, or --state none'
	expect 1 'a 1 b 1 c 7 ' 'S\nR 0 0:-:0\na\t1\nb\t1\na\t2\nB 1 0:0:3\na\t3\nc\t7\nb\t1\nB 2 0:3:6\nF 2\n'
	# the sink has batch 1 only, then both, then nothing
	expect 1 'c 9 ' 'S\nR 0 0:3:3\na\t3\nc\t9\nB 1 0:3:5\nF 1\n'
	expect 1 'd 1 ' 'S\nR 0 0:5:5\na\t1\nd\t1\nc\t1\nB 1 0:5:8\nF 1\n'
	expect 0 'a 1 ' 'S\nR 0 0:-:0\na\t1\nB 1 0:0:1\nF 1\n'
	expect 78 '' 'S\nR 0 0:7:7\na\t1\nB 1 0:7:8\nF 1\n'
	expect 0 'a 1 ' 'S\nR 0 0:7:7\na\t1\nB 1 0:7:8\nF 1\n' --reset-state
}

@test "map dedupe: the time of a batch is that of the mark before it" {
	state=none
	expect 1 'a 1 b 1 a 2 b 2 ' 'S t=900000\nR 0 0:-:0 t=1000000\na\t1\nb\t1\nB 1 0:0:2 t=1500000\na\t0\nB 2 0:2:3 t=1600000\na\t1\nB 3 0:3:4 t=9000000\nb\t1\nF 3\n'
}
