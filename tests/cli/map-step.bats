#!/usr/bin/env bats
# map's step: values that depend on records before; Miller as the witness; state over batches and restarts.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/marked

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' '{"k":"a","x":1}' '{"k":"b","x":10}' '{"k":"a","x":4}' '{"k":"a","x":null}' '{"k":"a","x":"q"}' \
		'{"k":"b","x":2.5}' '{"k":"a","x":6}' >in
}

# The values that STEP has for `in`.
steps() { # steps VALUES STEP
	run_weir map "step $2 as .r; keep .r" in
	assert_status 0
	assert_equal "$(jq -c .r <<<"$output" | tr '\n' ' ')" "$1 "
}

@test "map step: all kinds, with and without a key" {
	steps 'null 1 10 null 4 "q" 2.5' 'shift .x'
	steps 'null null 1 null 4 10 "q"' 'shift .x by .k'
	steps 'null null 3 null null -7.5 2' 'delta .x by .k'
	steps 'null null 4 null null 0.25 1.5' 'ratio .x by .k'
	steps '1 10 5 null null 12.5 11' 'sum .x by .k'
	steps '1 1 2 null 3 2 4' 'count .x by .k'
	steps '1 10 2.5 null null 6.25 4.25' 'ewma 0.5 .x by .k'
	steps '1 2 3 null 4 5 6' 'count .x by .nothing'
}

@test "map step: what Miller has, for random records" {
	"$WEIR_ROOT/tests/lib/stepdiff.py" 3 400
}

@test "map step: the name of the result" {
	run_weir map 'step delta .x; step shift .geo.at; step count ."a b"; where .x == 6' in
	assert_output '{"k":"a","x":6,"x_delta":3.5,"geo":{"at_shift":null},"a b_count":null}'
	run_weir map --header 'step delta .x by .k; step sum .x as .k' <(printf 'k,x\na,1\na,"5"\nb,7.5\n,\n')
	assert_status 0
	assert_output $'k,x,x_delta\n1,1,\n6,"5",4\n13.5,7.5,\n,,'
	run_weir map --input tsv 'step delta $2 by $1 as $3' <(printf 'a\t1\na\t5\n')
	assert_output $'a\t1\t\na\t5\t4'
}

@test "map step: values are exact, keys are equal as in aggregate, times have a delta" {
	run_weir map 'step delta .x by .k as .x' <<-'END'
		{"k":1,"x":9007199254740993}
		{"k":1.0,"x":9007199254740992}
		{"k":"1","x":1}
	END
	assert_output $'{"k":1,"x":null}\n{"k":1.0,"x":-1}\n{"k":"1","x":null}'
	run_weir map '.t = time(.t); step delta .t; step shift .t as .t' <<-'END'
		{"t":"2026-01-01T00:00:00Z"}
		{"t":"2026-01-01T01:00:00+00:00"}
	END
	assert_output $'{"t":null,"t_delta":null}\n{"t":"2026-01-01T00:00:00Z","t_delta":3600}'
	run_weir map 'step shift .x' <<<$'{"x":"a\\n\\u00e4"}\n{"x":[1,{"y":"\\""}]}\n{"x":1}'
	assert_output $'{"x":"a\\n\\u00e4","x_shift":null}\n{"x":[1,{"y":"\\""}],"x_shift":"a\\n\\u00e4"}\n{"x":1,"x_shift":[1,{"y":"\\""}]}'
}

@test "map step: overflow, faults and --strict leave what is known as it is" {
	printf '%s\n' '{"x":9223372036854775807}' '{"x":1}' '{"x":-1}' '{"x":true}' >big
	run_weir map --stats 'step sum .x' big
	assert_status 0
	assert_output $'{"x":9223372036854775807,"x_sum":9223372036854775807}\n{"x":1,"x_sum":null}\n{"x":-1,"x_sum":9223372036854775806}\n{"x":true,"x_sum":null}'
	assert_stderr_contains '2 faults, the last: the value is not a number'
	run_weir map --strict --rejects rejects 'step sum .x' big
	assert_status 1
	assert_equal "$(wc -l <rejects)" 2
	run_weir map --strict 'step delta .x' <<<$'{"x":1}\n{"x":"2"}'
	assert_status 65
	assert_stderr_contains 'record 2, step delta .x: the value is not a number'
}

@test "map step: after explode each element is a record; dropped records are not seen" {
	run_weir map 'where .x != 2; explode .i as .v; step sum .v by .k; keep .v_sum' <<-'END'
		{"k":1,"x":1,"i":[1,2]}
		{"k":1,"x":2,"i":[100]}
		{"k":1,"x":3,"i":[4]}
	END
	assert_output $'{"v_sum":1}\n{"v_sum":3}\n{"v_sum":7}'
}

@test "map step: wrong statements" {
	local wrong
	for wrong in step 'step delta' 'step nope .x' 'step ewma .x' 'step ewma 0 .x' 'step ewma 1.1 .x' 'step ewma nan .x' 'step delta .' \
		'step delta .x by' 'step delta .x by .k,' 'step delta .x as' 'step delta .x .y' 'step delta .x[0]' 'step delta .x by .k as .'; do
		run_weir map "$wrong" in
		assert_status 2
		[[ $stderr == "weir map: statement '"* ]] || fail "$wrong: $stderr"
	done
	run_weir map 'step delta $1' <<<1
	assert_status 2
	assert_stderr_contains "'as FIELD' is missing"
	run_weir map 'lag .x' in
	assert_stderr_contains 'write step shift .a by .k'
}

@test "map step: bounded memory: what had no value for the longest time is forgotten, and reported" {
	only_plain 'a sanitizer reserves more than the limit'
	seq 100000 | sed 's/.*/{"k":"&","x":1}/' >many
	echo '{"k":"1","x":2}' >>many
	run_sh 'ulimit -v 300000; weir map --memory 1M "step count .x by .k; where .k == \"1\" || .k == \"100000\"" many'
	assert_status 0
	assert_output $'{"k":"1","x":1,"x_count":1}\n{"k":"100000","x":1,"x_count":1}\n{"k":"1","x":2,"x_count":1}'
	[[ $stderr =~ 'weir map: step forgot '[0-9]+' keys (--memory)' ]]
}

@test "map step: the state of a plain stream, and of another program" {
	run_weir map --state state 'step sum .x by .k; keep .x_sum' <<<'{"k":"a","x":1}'
	assert_output '{"x_sum":1}'
	run_weir map --state state 'step sum .x by .k; keep .x_sum' <<<'{"k":"a","x":2}'
	assert_output '{"x_sum":3}'
	run_weir map --state state 'step sum .x by .k; where true' <<<'{"k":"a","x":3}'
	assert_output '{"k":"a","x":3,"x_sum":6}'
	run_weir map --state state '.x = 1; step sum .x by .k' <<<'{"k":"a","x":3}'
	assert_status 78
	run_weir map --state state 'step sum .x by .k, .j' <<<'{"k":"a","x":3}'
	assert_status 78
}

# The records that come out of the marked stream of SCRIPT, and the status.
expect() { # expect STATUS RECORDS SCRIPT [OPTION...]
	marked_run "${@:1:3}" map --input tsv --state state "${@:4}" 'step sum $2 by $1 as $2'
}

@test "map step: in a marked stream a restart gets the values of the offsets from which it starts" {
	run_sh '"$BUILD/servers/marker" <in 2>err | weir map --input json "step sum .x" | weir ack'
	assert_stderr_contains 'step in a marked stream needs --state DIR, or --state none'
	expect 0 'a 1 b 1 a 3 a 6 ' 'S\nR 0 0:-:0\na\t1\nb\t1\na\t2\nB 1 0:0:3\na\t3\nB 2 0:3:4\nF 2\n'
	# the sink has batch 1 only, then both, then nothing
	expect 0 'a 6 b 5 ' 'S\nR 0 0:3:3\na\t3\nb\t4\nB 1 0:3:5\nF 1\n'
	expect 0 'a 7 ' 'S\nR 0 0:5:5\na\t1\nB 1 0:5:6\nF 1\n'
	expect 0 'a 1 ' 'S\nR 0 0:-:0\na\t1\nB 1 0:0:1\nF 1\n'
	expect 78 '' 'S\nR 0 0:7:7\na\t1\nB 1 0:7:8\nF 1\n'
	expect 0 'a 1 ' 'S\nR 0 0:7:7\na\t1\nB 1 0:7:8\nF 1\n' --reset-state
}
