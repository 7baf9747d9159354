#!/usr/bin/env bats
# filter: what it selects and prints, the three formats, malformed records, marked streams; jq and Python's csv module
# as the witnesses.  weir-expr(7)'s examples are run from its own text.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MARKER=$BUILD/servers/marker
}

# The rows of three columns in the rendered weir-expr(7): expression, record, value, separated by tabs.
manual_rows() {
	mandoc -T utf8 "$WEIR_ROOT/man/weir-expr.7" | col -bx | sed '/^COMPATIBILITY/,$d' | sed -nE 's/^ +(.*[^ ])  +([[{"].*[^ ])  +([^ ].*)$/\1\t\2\t\3/p' |
		sed -E 's/ +\t/\t/g'
}

@test "filter: selects what jq selects, on random expressions and records" {
	local seed
	for seed in 11 12 13; do
		"$WEIR_ROOT/tests/lib/jqdiff.py" $seed 150 200
	done
}

@test "filter: reads and writes CSV and TSV as Python's csv module does, on hostile files" {
	"$WEIR_ROOT/tests/lib/csvdiff.py" 21 60
}

@test "weir-expr(7): each example has the value that it says" {
	local expr rec value rows=0 operator
	manual_rows >rows
	while IFS=$'\t' read -r expr rec value; do
		rows=$((rows + 1))
		if [ "$value" = - ]; then
			run -0 weir filter "$expr" <<<"$rec"
			continue
		fi
		run_weir filter -c -- "($expr) == ($value)" <<<"$rec"
		assert_success
		[ "$output" = 1 ] || fail "$expr is not $value for $rec"
	done <rows
	assert_equal "$rows" "$(awk '/^\.Sh COMP/ { exit } /^\.Ed/ { on = 0 } on { n++ } /^\.Bd/ { on = 1 } END { print n }' "$WEIR_ROOT/man/weir-expr.7")"
	for operator in '||' or '&&' and == != '<' '<=' '>' '>=' '=~' '!~' in 'not in' + - '*' / % ! startswith endswith \
		contains length lower upper exists time now; do
		cut -f 1 rows | grep -qF -- "$operator" || fail "no example for $operator"
	done
}

@test "weir-expr(7): what jq, Miller and SQL write otherwise selects the same there, and what differs does" {
	"$WEIR_ROOT/tests/lib/habits.py" "$WEIR_ROOT/man/weir-expr.7"
}

@test "weir-expr(7): what it says of Miller and SQL beside" {
	printf '%s\n' '{"id":1,"n":7,"m":1}' '{"id":2,"n":"","m":null}' '{"id":3}' '{"id":4,"n":"0xff","m":2}' >in
	assert_equal "$(mlr --ijsonl --onidx filter '$n < 8' "then" cut -f id in | xargs)" '1 2 4'
	assert_equal "$(weir filter --fields .id --format tsv '.n < 8' in)" 1
	assert_equal "$(weir filter --fields .id --format tsv '.n == 255 || .n == "0xff"' in)" 4
	assert_equal "$(weir filter --fields .id --format tsv '.m != 1' in | xargs)" '2 3 4'
	assert_equal "$(weir filter --fields .id --format tsv '!(.m > 1)' in | xargs)" '1 2 3'
	assert_equal "$(mlr --icsv --onidx filter '$n == 255' < <(printf 'n\n0xff\n'))" 0xff
	run_weir filter --header -c '.n == 255' < <(printf 'n\n0xff\n')
	assert_output 0
	run_weir filter --input csv '$1 == "" && $1 != null && !($1 < 1) && $2 == null' <<<''
	assert_output ''
	assert_success
	run_weir filter -c '.n IN (1)' in
	assert_status 2
	run_weir filter -c '!.n == 1' < <(printf '{"n":%s}\n' 2 null)
	assert_output 0
	run_weir filter -c '.n =~ "b$" || .n =~ "^b"' <<<'{"n":"a\nb\n"}'
	assert_output 0
	assert_equal "$(jq '.n | test("b$")' <<<'{"n":"a\nb\n"}')" true
	run_weir filter -c 'length(.n) == null' <<<'{"n":-5}'
	assert_output 1
	assert_equal "$(jq '.n | length' <<<'{"n":-5}')" 5
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
	assert_stderr 'weir filter: 3 records, 1 matched, 0 malformed, 0 undecided, 1 faults, the last: values of unlike types are compared'
}

@test "filter: --strict names the record and the operator, goes on, 65" {
	run_weir filter --strict --stats '.b || .a > 1' < <(printf '%s\n' '{"a":2}' '{"a":"x"}' '{"a":3}')
	assert_status 65
	assert_output $'{"a":2}\n{"a":3}'
	assert_stderr $'weir filter: standard input: record 2, expression, character 10: values of unlike types are compared
weir filter: 3 records, 2 matched, 0 malformed, 1 undecided, 1 faults, the last: values of unlike types are compared'
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
	diff <(weir filter --fields .a,.b,.n --format tsv true in) <(jq -r '[.a, (.b|tojson), .n]|@tsv' in |
		sed 's/\[1,2\]/[1, 2]/; s/1\.5$/1.50/') || true
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

@test "filter: --fields of TSV and CSV; text stays text" {
	run_weir filter --input csv --fields '$2,$1' --format json '$1 > 4' < <(printf '5,"a,""b"""\n3,x\n')
	assert_success
	assert_output '{"$2":"a,\"b\"","$1":"5"}'
	run_weir filter --input csv --fields '$2,$3,$1' true < <(printf '5,"a,""b"""\n')
	assert_output '"a,""b""",,5'
	run_weir filter --input tsv --fields '$2,$1' --format csv true < <(printf 'a,b\tc\\td\n')
	assert_output $'c\td,"a,b"'
	run_sh "printf '\\377\\tb\\n' | weir filter --input tsv --fields '\$1,\$2' --format json true"
	assert_output '{"$1":{"base64":"/w=="},"$2":"b"}'
}

@test "filter: --header: names, once, and of the fields that are printed" {
	printf 'user,first name\r\nada,"Ada, A."\r\nbob,\r\n' >a.csv
	printf 'first name,id,user\neve,5,ada\n' >b.csv
	run_weir filter --header '.user == "ada"' a.csv
	assert_success
	assert_output $'user,first name\r\nada,"Ada, A."\r'
	run_weir filter --header '.user == "ada"' a.csv b.csv
	assert_status 65
	assert_stderr "weir filter: b.csv: its header is not that of the first input (with --fields it may differ)"
	run_weir filter --header --fields '."first name",$1' '.user == "ada"' a.csv b.csv
	assert_success
	assert_output $'first name,$1\n"Ada, A.",ada\neve,eve'
	run_weir filter --header --fields '.user' --format json true a.csv a.csv
	assert_output $'{"user":"ada"}\n{"user":"bob"}\n{"user":"ada"}\n{"user":"bob"}'
	run_weir filter --header '.usr == 1' a.csv
	assert_status 65
	assert_stderr "weir filter: a.csv: the header has no column 'usr'"
	assert_output ''
	run_weir filter --header -c true a.csv
	assert_output 2
}

@test "filter: --header with very many columns" {
	{ seq 1000000 | paste -sd , && seq 1000000 | paste -sd ,; } >in
	run_weir filter --header -c '."1000000" == 1000000 && ."1" == 1' in
	assert_success
	assert_output 1
	{ seq 1000001 | paste -sd , && echo 1; } >in
	run_weir filter --header -c true in
	assert_status 65
	assert_stderr 'weir filter: in: the header has more than a million columns'
}

@test "filter: --tz is the zone of times without an offset" {
	printf '{"t":"%s"}\n' 2026-07-01T12:00:00 2026-12-01T12:00:00 2026-12-01T12:00:00Z 2026-12-01T12:00:00+02:00 >in
	run_weir filter --tz Europe/Berlin 'time(.t) in (time("2026-07-01T10:00:00Z"), time("2026-12-01T11:00:00Z"))' in
	assert_success
	assert_output "$(head -n 2 in)"
	run_weir filter --tz -05:30 'time(.t) == time("2026-07-01T17:30:00Z")' in
	assert_output "$(head -n 1 in)"
	TZ=Asia/Tokyo run_weir filter --tz local 'time(.t) == time("2026-07-01T03:00:00Z")' in
	assert_output "$(head -n 1 in)"
	TZ=Asia/Tokyo run_weir filter 'time(.t) == time("2026-07-01T12:00:00Z")' in # nobody asked for it
	assert_output "$(head -n 1 in)"
	run_weir filter --tz America/New_York -c 'time(.t, "%d.%m.%Y %H:%M") == time("2026-01-01T05:00:00Z")' <<<'{"t":"01.01.2026 00:00"}'
	assert_output 1
	run_weir clean --tz Europe/Berlin -e 'time .t %Y-%m-%dT%H:%M:%S' <<<'{"t":"2026-10-25T02:30:00"}'
	assert_output '{"t":"2026-10-25T00:30:00Z"}'
	local zone
	for zone in Europe/Nowhere '' /etc/passwd ../../../etc/passwd Europe +25:00 +1 CET-1; do
		run_weir filter --tz "$zone" true in
		assert_status 2
		assert_stderr "weir filter: --tz: there is no time zone '$zone' (try 'weir filter --help')"
	done
}

@test "clean: --tz is what Python's zoneinfo says, also where clocks change" {
	"$WEIR_ROOT/tests/lib/tzdiff.py" 7
}

@test "filter: --input auto" {
	run_weir filter '$2 == 2' < <(printf 'a\t2\nb,2\n')
	assert_output $'a\t2'
	run_weir filter '$2 == 2' < <(printf 'a,2\nb\t2\n')
	assert_output 'a,2'
	run_weir filter '$2 == 2' < <(printf '"a\t",2\n')
	assert_output $'"a\t",2'
	run_weir filter 'true' <<<'{"a":'
	assert_status 65
	run_weir filter '$1 == 2' <<<'{"a":2}'
	assert_status 65
	assert_stderr 'weir filter: standard input: this looks like JSON, which has no columns (else say --input)'
	run_weir filter --input csv '$1 == "{1"' <<<'{1,2'
	assert_output '{1,2'
}

@test "filter: usage errors say where" {
	run_weir filter '.a = 1'
	assert_status 2
	assert_stderr "weir filter: expression, character 4: '=' is no operator; '==' is (try 'weir filter --help')"
	run_weir filter '.a == $1'
	assert_status 2
	assert_stderr "weir filter: \$1 is a column, but JSON has none (try 'weir filter --help')"
	run_weir filter --input csv '.a'
	assert_status 2
	run_weir filter --input json --header '.a'
	assert_status 2
	run_weir filter --fields '.a,b' true
	assert_status 2
	assert_stderr "weir filter: --fields: character 4: a field is .a or \$1 (try 'weir filter --help')"
	run_weir filter --fields '$1 , $2' true
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

# The record RECORD between two good ones is malformed at BYTE: named, not printed either way, the others are.
assert_malformed() { # assert_malformed RECORD BYTE TEXT
	printf '{"a":1}\n%b\n{"a":2}\n' "$1" >in
	run_weir filter '.a > 0' in
	assert_status 65
	assert_output $'{"a":1}\n{"a":2}'
	assert_stderr "weir filter: in: record 2, byte $2: $3"
	run_weir filter -v '.a > 0' in
	assert_status 65
	assert_output ''
}

@test "filter: malformed JSON: record and byte, the rest goes on, 65" {
	assert_malformed '{"a":1' 7 "',' or '}' was expected"
	assert_malformed '{"a":"x' 6 'this string has no end'
	assert_malformed '' 1 'a value was expected'
	assert_malformed '{"a":NaN}' 6 'this is no JSON value'
	assert_malformed '{"a":Infinity}' 6 'this is no JSON value'
	assert_malformed '{"a":-Infinity}' 6 'this is no JSON value'
	assert_malformed '{"a":"\0377"}' 7 'this is not UTF-8'
	assert_malformed '{"a":01}' 6 'this is no JSON value'
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

@test "filter: a regular expression that explodes is a fault, not a hang" {
	printf '{"a":"%s"}\n' "$(printf 'a%.0s' {1..60})b" ab >in
	run_weir filter --strict '.a =~ "^(a|a?)+$" || .a == "ab"' in
	assert_status 65
	assert_output '{"a":"ab"}'
	[[ $stderr == *'a regular expression took too many steps'* ]]
}

@test "filter, clean: a regular expression on long texts is no fault" {
	printf '{"a":"%s"}\n' "$(head -c 200000 /dev/zero | tr '\0' a)" >in
	run_weir filter --strict -c '.a =~ "^([a-z])+$" && .a !~ "^([a-z])+[0-9]$"' in
	assert_success
	assert_output 1
	weir clean -e 'match .a ^([a-z])+$' in >out
	assert_files_equal out in
}

@test "filter: ten malformed records are named, all are counted" {
	run_weir filter --stats '.a' < <(seq 30 | sed 's/.*/bad/'; echo '{"a":1}')
	assert_status 65
	assert_output '{"a":1}'
	assert_equal "$(grep -c 'this is no JSON value' <<<"$stderr")" 10
	[[ $stderr == *'30 records could not be used; the first 10 are named above'*'31 records, 1 matched, 30 malformed'* ]]
}

@test "filter: ten records that are too long are named, all are counted" {
	run_weir filter --max-record 7 '.a' < <(seq 30 | sed 's/.*/{"a":10&}/'; echo '{"a":1}')
	assert_status 65
	assert_output '{"a":1}'
	assert_equal "$(grep -c 'is longer than 7 bytes (--max-record)' <<<"$stderr")" 10
	[[ $stderr == *'weir filter: 30 records were longer than --max-record and left out; the first 10 are named above' ]]
}

@test "filter: in, where nothing in the list could be compared, is a fault" {
	run_weir filter --strict --stats '.a in ("1", "2")' < <(printf '{"a":%s}\n' 1 '"1"' null)
	assert_status 65
	assert_output '{"a":"1"}'
	[[ $stderr == *'record 1, expression, character 4: a value is unlike all in the list'*' 1 undecided, 1 faults'* ]]
	run_weir filter --strict '.a not in ("1", 2, null)' < <(printf '{"a":%s}\n' 1 '"1"' null)
	assert_success
	assert_output '{"a":1}'
}

@test "filter: CSV with a quote left open: the first line is malformed, the rest is read" {
	printf 'a,1\nb,"2\nc,1\nd,1\n' >in
	run_weir filter --input csv '$2 == 1' in
	assert_status 65
	assert_output $'a,1\nc,1\nd,1'
	assert_stderr 'weir filter: in: record 2, byte 3: the quote is not closed'
	printf 'e,1\n' >in2
	run_weir filter --input csv '$2 == 1' in in2
	assert_status 65
	assert_output $'a,1\nc,1\nd,1\ne,1'
	{ printf 'b,"2\n' && seq 100 | sed 's/$/,1/'; } >in
	run_weir filter --input csv --max-record 64 -c '$2 == 1' in
	assert_status 65
	assert_output 100
}

@test "filter: CSV in which each line leaves a quote open takes no longer than any other" {
	yes 'a","' | head -n 300000 >in
	run_weir filter --input csv --stats -c true in
	assert_status 65
	assert_output 0
	[[ $stderr == *'300000 records, 0 matched, 300000 malformed'* ]]
	{ cat in && printf '"x\nb,1\n'; } >in2 # the error is in the line before the last
	run_weir filter --input csv --stats true in2
	assert_status 65
	assert_output 'b,1'
	[[ $stderr == *'300002 records, 1 matched, 300001 malformed'* ]]
	[[ $stderr == *'record 2, byte 1499997: a comma or the end of the record was expected behind the quote'* ]]
	run_weir filter --input csv --max-record 1000 --stats true in2
	assert_status 65
	assert_output 'b,1'
	[[ $stderr == *'300002 records, 1 matched, 300001 malformed'* ]]
}

@test "filter: a quoted field over many lines, larger than any buffer" {
	{ printf '1,"' && seq 300000 && printf '"\n2,x\n'; } >in
	run_weir filter --input csv '$1 == 2' in
	assert_success
	assert_output '2,x'
	weir filter --input csv '$1 == 1' in >seen
	assert_files_equal seen <(head -n -1 in)
	run_weir filter --input csv -c 'length($2) > 1000000' < <(for _ in 1 2 3; do cat in; done)
	assert_output 3
}

@test "filter: records cut at every offset of the read" {
	local cut
	printf 'one,"t\nw""o"\n\n"x\r\n",3\r\n' >in
	for cut in {1..25}; do
		{ head -c "$cut" in && sleep 0.01 && tail -c +$((cut + 1)) in; } | weir filter --input csv true >seen
		assert_files_equal seen in
	done
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

@test "filter: a line feed in a field can not go into a marked stream as CSV" {
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
