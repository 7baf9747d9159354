#!/usr/bin/env bats
# filter: what it selects and prints, malformed records, marked streams.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MARKER=$BUILD/servers/marker
}

@test "filter: records that match, byte for byte; -v the others; -c how many; together all" {
	printf '%s\n' '{"a":1, "b":"x"}' ' {"a" : 2}' '{"a":1}' '{}' >in
	run_weir filter '.a == 1' in
	assert_success
	assert_output $'{"a":1, "b":"x"}\n{"a":1}'
	run_weir filter -v '.a == 1' in
	assert_success
	assert_output $' {"a" : 2}\n{}'
	run_weir filter -c '.a == 1' in in
	assert_output 4
	run_weir filter -c -- '-.a == -1' in
	assert_output 2
	run_weir filter -vc '.a == 1' in
	assert_output 2
	run_weir filter -c '.a == 1' /dev/null
	assert_success
	assert_output 0
}

@test "filter: nothing matches: status 0" {
	run_weir filter 'false' <<<'{}'
	assert_success
	assert_output ''
}

@test "filter: --stats counts records, matches and faults" {
	run_weir filter --stats '.a > 1' < <(printf '%s\n' '{"a":2}' '{"a":"x"}' '{}')
	assert_status 0
	assert_output '{"a":2}'
	assert_stderr 'weir filter: 3 records, 1 matched, 0 malformed, 0 undecided, 1 fault, the last: values of unlike types are compared'
}

@test "filter: --strict names the record and the operator, 65; with --rejects drop the others go on" {
	printf '%s\n' '{"a":2}' '{"a":"x"}' '{"a":3}' >in
	run_weir filter --strict --stats '.b || .a > 1' in
	assert_status 65
	assert_output '{"a":2}'
	assert_stderr $'weir filter: in: record 2, expression, character 10: values of unlike types are compared
weir filter: 2 records, 1 matched, 0 malformed, 1 undecided, 1 fault, the last: values of unlike types are compared'
	run_weir filter --rejects drop --strict --stats '.b || .a > 1' in
	assert_status 1
	assert_output $'{"a":2}\n{"a":3}'
	assert_stderr $'weir filter: 1 of 3 records (33 %) was rejected and left out
weir filter: 3 records, 2 matched, 0 malformed, 1 undecided, 1 fault, the last: values of unlike types are compared'
	run_weir filter --strict -v '.a == 1' <<<'{"a":"x"}'
	assert_status 65
	assert_output ''
}

@test "filter: --fields, from JSON to each format" {
	printf '%s\n' '{"a":"x\ty\u00e4\"","b":{"c":[1, 2]},"n":1.50}' '{"a":null,"b":5}' >in
	run_weir filter --fields .a,.b.c,.n true in
	assert_success
	assert_output $'{"a":"x\\ty\\u00e4\\"","b.c":[1, 2],"n":1.50}\n{"a":null,"b.c":null,"n":null}'
	run_weir filter --fields '.n,.a,.b.c[1]' --format tsv true in
	assert_output $'1.50\tx\\tyä"\t2\n\t\t'
	run_weir filter --fields '.a,.["b"].c' --format csv true in
	assert_output $'"x\tyä""","[1, 2]"\n,'
	run_weir filter --fields '.' true in
	assert_output "$(sed 's/.*/{".":&}/' in)"
	assert_files_equal <(weir filter --fields .a,.b,.n --format tsv true in) \
		<(jq -r '[.a, (.b|tojson), .n]|@tsv' in | sed 's/\[1,2\]/[1, 2]/; s/1\.5$/1.50/')
}

@test "filter: --fields like jq's @tsv on events" {
	"$BUILD/bench/gen" events 1M >in
	weir filter --fields .user,.amount --format tsv true in >seen
	weir filter --fields .user,.action,.item,.ok --format tsv '.amount > 100' in >seen2
	jq -r '[.user, .amount] | @tsv' in >expected
	assert_files_equal <(cut -f 1 seen) <(cut -f 1 expected)
	assert_files_equal <(awk '{ print $2 + 0 }' seen) <(awk '{ print $2 + 0 }' expected)
	assert_files_equal seen2 <(jq -r 'select(.amount > 100) | [.user, .action, .item, .ok] | @tsv' in)
}

@test "filter: usage errors say where" {
	run_weir filter '.a = 1'
	assert_status 2
	assert_stderr "weir filter: expression, character 4: '=' is not an operator; '==' is (try 'weir filter --help')"
	run_weir filter '.a == $1'
	assert_status 2
	assert_stderr "weir filter: \$1 is a column, but JSON has none (try 'weir filter --help')"
	run_weir filter --input csv '.a'
	assert_status 2
	run_weir filter --input json --header '.a'
	assert_status 2
	run_weir filter --fields '.a,b' true
	assert_status 2
	assert_stderr "weir filter: --fields: character 4: a field is .a or \$1; did you mean .b? (try 'weir filter --help')"
	run_weir filter --fields '$1 , , $2' true
	assert_status 2
	run_weir filter --fields '.a .b' true
	assert_status 2
	run_weir filter --fields '' true
	assert_status 2
	run_weir filter --fields .a -c true
	assert_status 2
	run_weir filter --format tsv true
	assert_status 2
	run_weir filter
	assert_status 2
}

# The record RECORD between two good ones is malformed at BYTE: it ends the program, or the others are printed.
assert_malformed() { # assert_malformed RECORD BYTE TEXT
	printf '{"a":1}\n%b\n{"a":2}\n' "$1" >in
	run_weir filter '.a > 0' in
	assert_status 65
	assert_output '{"a":1}'
	assert_stderr "weir filter: in: record 2, byte $2: $3"
	run_weir filter --rejects aside '.a > 0' in
	assert_status 1
	assert_output $'{"a":1}\n{"a":2}'
	assert_stderr "weir filter: 1 of 3 records (33 %) was rejected and is in 'aside'"
	assert_equal "$(jq -r .reason aside)" "byte $2: $3"
	rm aside
	run_weir filter --rejects drop -v '.a > 0' in
	assert_status 1
	assert_output ''
}

@test "filter: malformed JSON: record and byte, 65, or the rest goes on" {
	assert_malformed '{"a":1' 7 "',' or '}' was expected"
	assert_malformed '{"a":"x' 6 'this string has no end'
	assert_malformed '' 1 'a value was expected'
	assert_malformed '{"a":NaN}' 6 'this is not a JSON value'
	assert_malformed '{"a":Infinity}' 6 'this is not a JSON value'
	assert_malformed '{"a":-Infinity}' 6 'this is not a JSON value'
	assert_malformed '{"a":"\0377"}' 7 'this is not UTF-8'
	assert_malformed '{"a":01}' 6 'this is not a JSON value'
	assert_malformed '\0357\0273\0277{"a":1}' 1 'a byte order mark does not belong to JSON'
	assert_malformed '{"a":1}}' 8 'the record has ended, but more follows'
}

@test "filter: deep nesting: 1024 is read, more is malformed" {
	python3 -c 'print("[" * 1024 + "]" * 1024)' >in
	run_weir filter -c 'exists(.)' in
	assert_success
	assert_output 1
	python3 -c 'print("[" * 1025 + "]" * 1025)' >in
	run_weir filter -c 'exists(.)' in
	assert_status 65
	python3 -c 'print("{\"a\":" * 200000)' >in
	run_weir filter -c '.a' in
	assert_status 65
	assert_output ''
	run_weir filter --rejects drop -c '.a' in
	assert_status 1
	assert_output 0
}

@test "filter: duplicate names, huge numbers, a field of changing type, a missing path" {
	run_weir filter '.a == 2' <<<'{"a":1,"a":2}'
	assert_output '{"a":1,"a":2}'
	run_weir filter '.a > 18446744073709551615 && .a < 18446744073709551617' <<<'{"a":18446744073709551616}'
	assert_output '{"a":18446744073709551616}'
	run_weir filter '.a > 1e308' <<<'{"a":1e999}'
	assert_output '{"a":1e999}'
	run_weir filter -c '.a > 1' < <(printf '{"a":%s}\n' 2 '"2"' '[2]' '{}' null true 3.5)
	assert_success
	assert_output 2
	run_weir filter -c '.a.b.c == null' < <(printf '{"a":%s}\n' 2 '"2"' '[2]' '{}' null true)
	assert_output 6
}

@test "filter: one malformed record is named, or all are counted" {
	{ seq 30 | sed 's/.*/bad/' && echo '{"a":1}'; } >in
	run_weir filter --stats '.a' in
	assert_status 65
	assert_output ''
	assert_equal "$(grep -c 'this is not a JSON value' <<<"$stderr")" 1
	run_weir filter --stats --rejects drop '.a' in
	assert_status 1
	assert_output '{"a":1}'
	assert_stderr 'weir filter: 30 of 31 records (97 %) were rejected and left out
weir filter: 31 records, 1 matched, 30 malformed, 0 undecided, 0 faults'
}

@test "filter: ten records that are too long are named, all are counted" {
	run_weir filter --max-record 7 '.a' < <(seq 30 | sed 's/.*/{"a":10&}/'; echo '{"a":1}')
	assert_status 65
	assert_output '{"a":1}'
	assert_equal "$(grep -c 'is longer than 7 bytes (--max-record)' <<<"$stderr")" 10
	[[ $stderr == *'weir filter: 30 records were longer than --max-record and were skipped; the first 10 are named above' ]]
}

@test "filter: a 100 MiB record" {
	{ printf '{"a":"' && head -c 104857600 /dev/zero | tr '\0' x && printf '","b":1}\n{"b":2}\n'; } >in
	run_weir filter --max-record 200M --fields .b '.b > 0 && length(.a) != 5' in
	assert_success
	assert_output $'{"b":1}\n{"b":2}'
	weir filter --max-record 200M '.b == 1' in | cmp - <(head -n 1 in)
	run_weir filter -c '.b > 0' in
	assert_status 65
	assert_output 1
}

@test "filter: -0, with line feeds in records" {
	run_sh "printf '{\"a\":\\n1}\\0{\"a\":2}\\0' | weir filter -0 '.a == 1' | tr '\\0' '|'"
	assert_success
	assert_output $'{"a":\n1}|'
	run_sh "printf '{\"a\":\"\\\\u0000\"}\\0' | weir filter -0 --fields .a --format tsv true"
	assert_status 65
	run_sh "printf '{\"a\":\"\\\\u0000\"}\\0' | weir filter -0 --fields .a --format csv true | tr '\\0' '|'"
	assert_output '"|"|'
}

@test "filter: empty input, no final line feed, directories" {
	run_weir filter true /dev/null
	assert_success
	run_sh "printf '{\"a\":1}' | weir filter .a"
	assert_output '{"a":1}'
	run_weir filter true "$BATS_TEST_TMPDIR"
	assert_status 78
}

@test "filter: a marked stream: batches stay what they are, also empty ones" {
	seq 9 | sed 's/.*/{"a":&}/' >in
	run_sh '"$MARKER" -n 3 <in 2>err | weir filter ".a > 4" | tee hop | weir ack'
	assert_success
	assert_output "$(tail -n 5 in)"
	assert_equal "$(grep -c acked err)" "$(grep -ac '"k":"B"' hop)"
	assert_equal "$(grep -ao '"k":"B".*"n":[0-9]*' hop | sed 's/.*"n"://' | grep -v '^0$' | paste -sd ' ')" '2 3'
	run_sh '"$MARKER" -n 3 <in 2>err | weir filter -c ".a > 4" | weir ack'
	assert_success
	assert_equal "$(grep -v '^0$' <<<"$output")" $'2\n3'
	run_sh '"$MARKER" -n 3 <in 2>err | weir filter --fields .a --format tsv ".a > 4" | weir ack'
	assert_output "$(seq 5 9)"
}

@test "filter: a marked stream ends at a malformed record, before its batch is acknowledged" {
	{ seq 4 && echo '{bad' && seq 5 9; } | sed 's/^[0-9]/{"a":&}/' >in
	run_sh '"$MARKER" -n 3 <in 2>err | weir filter ".a > 0" | weir ack'
	[ "$status" -ne 0 ]
	[[ $stderr == *'weir filter: standard input: record 5, byte 2: '* ]]
	run -1 grep 'acked 2' err # that batch has it; 0 is empty
	printf '1\t"\n2,"x\ny"\n' >in
	run_sh '"$MARKER" -n 3 <in 2>err | weir filter --input csv true | weir ack'
	[ "$status" -ne 0 ]
	[[ $stderr == *'record 2, byte 3: the quote is not closed (in a marked stream no field holds'* ]]
	run_sh '"$MARKER" <in 2>err | weir filter --input csv --header .a | weir ack'
	[ "$status" -ne 0 ]
	[[ $stderr == *'a marked stream has no header: use $1, $2, …'* ]]
}

@test "filter: a line feed in a field cannot go into a marked stream as CSV" {
	cat >in <<<'{"a":"x\ny"}'
	run_sh '"$MARKER" <in 2>err | weir filter --fields .a --format csv true | weir ack'
	[ "$status" -ne 0 ]
	[[ $stderr == *'--fields: a field holds what ends a record'* ]]
	run_sh '"$MARKER" <in 2>err | weir filter --fields .a --format tsv true | weir ack'
	assert_success
	assert_output 'x\ny'
	run_weir filter --fields .a --format csv true in
	assert_output $'"x\ny"'
}

@test "filter: --count says nothing about a file that is not there" {
	run_weir filter -c true nofile
	assert_status 78
	assert_output ''
	printf '{"a":1}\n' >in
	run_weir filter -c true nofile in
	assert_status 78
	assert_output 1
	run_weir filter -c true /dev/null
	assert_success
	assert_output 0
}
