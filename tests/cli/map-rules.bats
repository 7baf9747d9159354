#!/usr/bin/env bats
# map: the rules of clean as statements; what they do to a value is what clean does.
# bats file_tags=sample
# shellcheck disable=SC2154 # status and stderr come from the helpers
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf 'sixteen bytes at least\n' >key
}

# The program in $1, a rule a line, gives for the records of standard input what clean gives with these rules.
same() {
	cat >in
	printf '%s\n' "$1" >rules
	weir clean -f rules --key key "${@:2}" in >by_clean || [ $? = 1 ]
	run_weir map -f rules --key key --rejects drop "${@:2}" in
	[[ $status = [01] ]]
	assert_equal "$output" "$(<by_clean)"
}

@test "map: rules on values of JSON and of columns do what they do in clean" {
	local v rule
	for v in null 5 '"5"' -0.5 '" x "' '"ÄbC"' true '"true"' '[1,"x"]' '{"b":" x "}' '""' '"2026-11-22T10:00:00+01:00"' 1795341600123 \
		1e400 9223372036854775808 '"12345678"' '"\u0041\n"'; do
		printf '{"k":1, "a":%s ,"z":"x"}\n{"k":2,"o":{"a":%s}}\n' "$v" "$v"
	done >values
	for rule in 'require' 'type int' 'type float' 'type bool' 'type string' 'type time' 'range -1 6' 'match [a-z]' 'one-of 5 true x "5"' \
		'default {"n":1}' 'trim' 'lower' 'upper' 'time' 'mask hash' 'mask redact' 'mask last4' 'mask null' drop; do
		same "${rule%% *} .a${rule#"${rule%% *}"}" <values
		same "${rule%% *} .o.a${rule#"${rule%% *}"}" <values
		tr -d '{}"' <values | sed 's/,.*//; s/^k://' | same "${rule%% *} \$1${rule#"${rule%% *}"}" --input tsv
	done
	same $'trim .a\nlower .a\nrequire .a\nmask .a last4\nrename .o.a .a' <values
}

@test "map: rules and other statements, each on what those before it have left" {
	run_weir map --rejects rejects '.total = .price * .qty; range .total 0 100; default .note "a;b"; rename .geo.city .city; drop .price' <<-'END'
		{"price":2.5,"qty":4,"geo":{"city":"Oslo","x":1}}
		{"price":1000,"qty":4}
		{"price":"?","qty":1}
	END
	assert_status 1
	assert_output $'{"qty":4,"geo":{"x":1},"total":10.0,"note":"a;b","city":"Oslo"}\n{"qty":1,"total":null,"note":"a;b"}'
	assert_equal "$(jq -r '"\(.record) \(.reason)"' rejects)" '2 range .total 0 100'
	assert_stderr_contains '1 rejected: range .total 0 100'
	run_weir map '.t = time(.s); type .t time; .n = .n + 1; type .n string; one-of .n "2"' <<<'{"s":"2026-11-22T10:00:00Z","n":1}'
	assert_output '{"s":"2026-11-22T10:00:00Z","n":"2","t":"2026-11-22T10:00:00Z"}'
	run_weir map 'explode .a; range .a 0 5; .b = .a' <<<'{"a":[1,2]}'
	assert_output $'{"a":1,"b":1}\n{"a":2,"b":2}'
	printf 'a,b\n1,\n7,x\n' >f.csv
	run_weir map --header --rejects drop '.c = .a + 1; range .c 0 5; default .b none; upper .b' f.csv
	assert_output $'a,b,c\n1,NONE,2'
	run_weir map --header --to json 'type .a int; rename .b .a' f.csv
	assert_output $'{"a":"1"}\n{"a":"x"}'
	run_weir map --header 'default .d 1' f.csv
	assert_status 65
}

@test "map: a masked field is in no other member of its name" {
	run_weir map 'mask .ip redact; mask .g.ip redact' <<<'{"ip":"1.2.3.4","ip":null,"g":{"ip":"1"},"\u0067":{"ip":"2","ip":"3","x":1}}'
	assert_output '{"ip":null,"\u0067":{"ip":"***","x":1}}'
}

@test "map: rename between places" {
	local in='{"a":{"b":{"c":1},"d":null},"e":5}'
	moves() { # moves FROM TO OUTPUT
		run_weir map "rename $1 $2" <<<"$in"
		assert_status 0
		assert_output "$3"
	}
	moves .a.b.c .c '{"a":{"b":{},"d":null},"e":5,"c":1}'
	moves .e .a.b.e '{"a":{"b":{"c":1,"e":5},"d":null}}'
	moves .a .a.b '{"e":5,"a":{"b":{"b":{"c":1},"d":null}}}'
	moves .a.b .a '{"a":{"c":1},"e":5}'
	moves .a.d .e "$in"
	moves .a.b .a.b "$in"
	moves .a .e.x "$in"
	run_weir map --strict 'rename .a .e.x' <<<"$in"
	assert_status 65
	run_weir map 'rename .a[0] .b' <<<"$in"
	assert_status 2
}

@test "map: mistakes in rules; mask hash wants a key" {
	local wrong
	for wrong in 'require' 'require a' 'type .a integer' 'range .a 5 1' 'match .a a(b' 'mask .a hash' 'dedupe .a' 'requires .a'; do
		run_weir map "$wrong" <<<'{}'
		assert_status 2
	done
	assert_stderr_contains "there is no statement 'requires'; did you mean 'require'?"
	run_weir map 'range .a 5 1' <<<'{}'
	assert_stderr_contains "statement 'range .a 5 1': column 11: the upper end is below the lower one"
	echo short >short
	run_weir map --key short 'mask .a hash' <<<'{}'
	assert_status 78
}
