#!/usr/bin/env bats
# aggregate: mode(x), the most frequent value.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKS=$WEIR_ROOT/tests/lib/marks.py
	cd "$BATS_TEST_TMPDIR" || return
}

# modes METRIC...: of the lines of standard input, each a JSON value x, as JSON in $output.
modes() {
	run --separate-stderr weir aggregate "$@" < <(sed 's/.*/{"x":&}/')
	_show_run
}

is() { # is LINES: the expected output
	assert_equal "$output" "$1"
}

@test "mode: the most frequent value, whatever its type, also of an expression, by group, as TSV" {
	modes 'mode(.x)' <<<$'1\n"a"\n"b"\n"a"\n2'
	is '{"mode_x":"a"}'
	[ -z "$stderr" ]
	modes 'mode(.x)' m='mode(.x % 3)' <<<$'1\n4\n5\n5\n6'
	is '{"mode_x":5,"m":1}'
	printf '%s\n' '{"k":"a","x":[1]}' '{"k":"a","x":[1]}' '{"k":"a","x":true}' '{"k":"b","x":{"y":"\t"}}' >in
	run -0 weir aggregate -g .k 'mode(.x)' in
	is '{"k":"a","mode_x":[1]}
{"k":"b","mode_x":{"y":"\t"}}'
	run -0 weir aggregate -g .k 'mode(.x)' --format tsv in
	is $'k\tmode_x\na\t[1]\nb\t{"y":"\\\\t"}'
}

@test "mode: numbers that are equal are one value; texts are not numbers" {
	modes 'mode(.x)' <<<$'"1"\n1\n"a"\n1.0\n"1"\n1e0'
	is '{"mode_x":1}'
	modes 'mode(.x)' <<<$'10000000000000000000\n1e19\n10000000000000000001\n-0.0\n7'
	is '{"mode_x":10000000000000000000}'
	# fields of TSV are distinguished by their bytes
	run -0 weir aggregate --input tsv 'mode($1)' <<<$'1\n1.0\n2\n1.0'
	is '{"mode_$1":"1.0"}'
}

@test "mode: of equally frequent values the first in the order of keys, whatever came first" {
	printf '{"x":%s}\n' '"b"' '"a"' 3 20 '"a"' '[0]' '"b"' 20 3 >in
	for order in cat tac sort; do
		"$order" in >ordered
		run -0 weir aggregate 'mode(.x)' ordered
		is '{"mode_x":3}'
	done
}

@test "mode: null, missing and empty fields are not counted; null when there is nothing else" {
	modes 'mode(.x)' count <<<$'null\nnull\n"a"'
	is '{"mode_x":"a","count":3}'
	modes 'mode(.x)' 'mode(.y)' <<<$'null\nnull'
	is '{"mode_x":null,"mode_y":null}'
	modes 'mode(.x)' </dev/null
	is '{"mode_x":null}'
	run -0 weir aggregate --input tsv 'mode($2)' <<<$'a\t\na\t\na\tz'
	is '{"mode_$2":"z"}'
	[ -z "$stderr" ]
}

@test "mode: what is not a metric" {
	for m in mode 'mode()' 'mode(.x,1)'; do
		run -2 weir aggregate "$m" </dev/null
	done
	[[ $output == *"metric 'mode(.x,1)': too many numbers"* ]]
}

@test "mode: exact up to 1000 values, beyond only what is certain" {
	# 1000 values, one of which occurs twice
	{ seq 1000 && echo 777; } >in
	run -0 weir aggregate --input tsv 'mode($1)' in
	is '{"mode_$1":"777"}'
	# with another value it could be that one
	run -0 weir aggregate --input tsv 'mode($1)' <(cat in && echo 0)
	is '{"mode_$1":null}'
	# more frequent than any other by 0.2 % of all: 7 occurs 26 times in 11,025 values
	{ seq 11000 && yes 7 | head -n 25; } | shuf --random-source=<(yes) >many
	run -0 weir aggregate --input tsv 'mode($1)' many
	is '{"mode_$1":"7"}'
	# two metrics
	run -0 weir aggregate --input tsv 'mode($1)' <(cat many && yes 8 | head -n 25)
	is '{"mode_$1":null}'
}

@test "mode: --having and --sort take it" {
	printf '%s\n' '{"k":1,"x":"b"}' '{"k":2,"x":"a"}' '{"k":3,"x":9}' '{"k":4}' >in
	run -0 weir aggregate -g .k 'mode(.x)' --sort -mode_x in
	is '{"k":1,"mode_x":"b"}
{"k":2,"mode_x":"a"}
{"k":3,"mode_x":9}
{"k":4,"mode_x":null}'
	run -0 weir aggregate -g .k 'mode(.x)' --having 'exists(.mode_x) && .k != 2' in
	is '{"k":1,"mode_x":"b"}
{"k":3,"mode_x":9}'
}

@test "mode: partial results, windows and a state give what one run gives" {
	s=1000000000
	for i in $(seq 0 599); do
		printf '{"t":%s,"x":"%s"}\n' $((s + i / 5)) $((i * i % (7 + i / 100)))
	done >in
	split -n r/3 in part.
	for query in 'mode(.x)' "--window;tumbling 10s;--time;.t;mode(.x)" "--window;sliding 20s 5s;--time;.t;mode(.x)" \
		"--window;session 2s;--time;.t;-g;.x;mode(.t)"; do
		IFS=';' read -ra query <<<"$query"
		weir aggregate "${query[@]}" in >whole
		[ -s whole ]
		for p in part.*; do weir aggregate --partial "${query[@]}" "$p" >"p.$p"; done
		weir aggregate --merge "${query[@]}" p.part.* | cmp - whole
	done
	split -n l/4 in run.
	for p in run.*; do weir aggregate --state state --window 'tumbling 10s' --time .t --lateness 0s 'mode(.x)' "$p" 2>>err; done >pieces
	weir aggregate --window 'tumbling 10s' --time .t 'mode(.x)' in | head -n -1 | cmp - pieces
	# and each batch of a marked stream its own
	printf 'S\nR 0 0:-:0\na\na\nb\nB 1 0:0:3\nb\nB 2 0:3:4\nB 3 0:4:5\nB 4 0:5:5\nF 4\n' | python3 "$MARKS" |
		weir aggregate --input tsv m='mode($1)' | cat | sed '/^\x17/d' >out
	assert_equal "$(paste -sd ' ' out)" '{"m":"a"} {"m":"b"} {"m":null}'
}
