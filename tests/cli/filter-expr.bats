#!/usr/bin/env bats
# filter: the language: weir-expr(7)'s tables run from its own text; jq, Miller, SQL and Python as the witnesses.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
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

@test "weir-expr(7): each example has the value that it says" {
	local expr rec value rows=0 operator
	manual_rows >rows
	printf '%s\n' FR DE >users.txt
	echo 0123456789abcdef >key
	while IFS=$'\t' read -r expr rec value; do
		rows=$((rows + 1))
		if [ "$value" = - ]; then
			run -0 weir filter "$expr" <<<"$rec"
			continue
		fi
		run_weir filter -c -- "($expr) == ($value) || text($expr) == text($value)" <<<"$rec" # arrays are compared as text
		assert_status 0
		[ "$output" = 1 ] || fail "$expr is not $value for $rec"
	done <rows
	assert_equal "$rows" "$(awk '/^\.Sh COMP/ { exit } /^\.Ed/ { on = 0 } on { n++ } /^\.Bd/ { on = 1 } END { print n }' "$WEIR_ROOT/man/weir-expr.7")"
	for operator in '||' or '&&' and == != '<' '<=' '>' '>=' '=~' '!~' in 'not in' + - '*' / % ! '??' \
		$(weir filter --help | sed -n '/^Functions:/,$s/^  \([a-z0-9]*\)[( ].*/\1/p'); do
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

@test "filter: --tz is the zone of times without an offset" {
	printf '{"t":"%s"}\n' 2026-07-01T12:00:00 2026-12-01T12:00:00 2026-12-01T12:00:00Z 2026-12-01T12:00:00+02:00 >in
	run_weir filter --tz Europe/Berlin 'time(.t) in (time("2026-07-01T10:00:00Z"), time("2026-12-01T11:00:00Z"))' in
	assert_success
	assert_output "$(head -n 2 in)"
	run_weir filter --tz -05:30 'time(.t) == time("2026-07-01T17:30:00Z")' in
	assert_output "$(head -n 1 in)"
	TZ=Asia/Tokyo run_weir filter --tz local 'time(.t) == time("2026-07-01T03:00:00Z")' in
	assert_output "$(head -n 1 in)"
	TZ=Asia/Tokyo run_weir filter 'time(.t) == time("2026-07-01T12:00:00Z")' in # no option asks for the local zone
	assert_output "$(head -n 1 in)"
	run_weir filter --tz America/New_York -c 'time(.t, "%d.%m.%Y %H:%M") == time("2026-01-01T05:00:00Z")' <<<'{"t":"01.01.2026 00:00"}'
	assert_output 1
	run_weir clean --tz Europe/Berlin -e 'time .t %Y-%m-%dT%H:%M:%S' <<<'{"t":"2026-10-25T02:30:00"}'
	assert_output '{"t":"2026-10-25T00:30:00Z"}'
	local zone
	for zone in Europe/Nowhere '' /etc/passwd ../../../etc/passwd Europe +25:00 +1 CET-1; do
		run_weir filter --tz "$zone" true in
		assert_status 2
		assert_stderr "weir filter: --tz: there is no time zone '$zone'; a zone is like Europe/Berlin, +01:00, local or UTC (try 'weir filter --help')"
	done
}

@test "clean: --tz is what Python's zoneinfo says, also where clocks change" {
	"$WEIR_ROOT/tests/lib/tzdiff.py" 7
}

@test "filter: a regular expression that explodes is a fault, not a hang" {
	printf '{"a":"%s"}\n' "$(printf 'a%.0s' {1..60})b" ab >in
	run_weir filter --strict '.a =~ "^(a|a?)+$" || .a == "ab"' in
	assert_status 65
	[[ $stderr == *'a regular expression took too many steps'* ]]
	run_weir filter --rejects drop --strict '.a =~ "^(a|a?)+$" || .a == "ab"' in
	assert_status 1
	assert_output '{"a":"ab"}'
	[[ $stderr == *'a regular expression took too many steps'* ]]
}

@test "filter, clean: a regular expression on long texts is not a fault" {
	printf '{"a":"%s"}\n' "$(head -c 200000 /dev/zero | tr '\0' a)" >in
	run_weir filter --strict -c '.a =~ "^([a-z])+$" && .a !~ "^([a-z])+[0-9]$"' in
	assert_success
	assert_output 1
	weir clean -e 'match .a ^([a-z])+$' in >out
	assert_files_equal out in
}

@test "filter: in, where nothing in the list could be compared, is a fault" {
	run_weir filter --rejects drop --strict --stats '.a in ("1", "2")' < <(printf '{"a":%s}\n' 1 '"1"' null)
	assert_status 1
	assert_output '{"a":"1"}'
	run_weir filter --strict --stats '.a in ("1", "2")' < <(printf '{"a":%s}\n' 1 '"1"' null)
	assert_status 65
	[[ $stderr == *'record 1, expression, character 4: the list has no value of the same type'*' 1 undecided, 1 fault'* ]]
	run_weir filter --strict '.a not in ("1", 2, null)' < <(printf '{"a":%s}\n' 1 '"1"' null)
	assert_success
	assert_output '{"a":1}'
}

@test "filter and others: a name with '-' in it that is not quoted is reported; an empty list is a mistake" {
	local bad
	for bad in '.user-id == 7' '.user-id in (1)' 'length(.user-id) > 2' '.a.event-time > 5' '.x and .größe-lower == 1'; do
		run_weir filter "$bad" </dev/null
		assert_status 2
		assert_stderr_contains "a name with '-' in it is quoted: .\""
	done
	run_weir filter --fields .user-id true </dev/null
	assert_status 2
	assert_stderr_contains "a name with '-' in it is quoted: .\"user-id\""
	run_weir aggregate -g .a,.user-id count </dev/null
	assert_status 2
	assert_stderr_contains "a name with '-' in it is quoted: .\"user-id\""
	run_weir filter '.a -.b == 1 and .c-lower(.d) == null' <<<'{"a":3,"b":2,"c":1,"d":"x"}' # minus
	assert_success
	assert_output '{"a":3,"b":2,"c":1,"d":"x"}'
	for bad in '.n in ()' '.n not in ( )' '!(.n in ())'; do
		run_weir filter "$bad" </dev/null
		assert_status 2
		assert_stderr_contains "a value to be in was expected, not ')'"
	done
}

@test "filter: a regular expression that takes too many steps is reported at the end" {
	printf '{"a":"%s!"}\n{"a":"aa"}\n' "$(printf '%060d' 0 | tr 0 a)" >in
	run --separate-stderr weir filter '.a =~ "^(a|a)+$"' in
	assert_status 0
	assert_output '{"a":"aa"}'
	assert_stderr 'weir filter: for 1 string a regular expression took too many steps: neither =~ nor !~ holds for it'
	cat in in >twice
	run --separate-stderr weir filter -c '.a !~ "^(a|a)+$"' twice
	assert_status 0
	assert_output 0
	assert_stderr 'weir filter: for 2 strings a regular expression took too many steps: neither =~ nor !~ holds for them'
	run --separate-stderr weir filter --strict '.a =~ "^(a|a)+$"' in
	assert_status 65
}

@test "filter: an expression and a list from files" {
	printf '.a > 1 &&\n  .b in @list\n' >expression
	printf 'x\r\n\ny' >list
	printf '{"a":%s,"b":"%s"}\n' 2 x 1 x 3 y 4 z 5 '' >in
	run_weir filter @expression in
	assert_success
	assert_output $'{"a":2,"b":"x"}\n{"a":3,"b":"y"}'
	run_weir filter '.a not in @list && .b not in @"list"' in
	assert_output $'{"a":4,"b":"z"}\n{"a":5,"b":""}'
	seq 1000000 >many
	run_weir filter -c '.a in @many' in
	assert_output 5
	run_weir filter @nosuch in
	assert_status 2
	assert_stderr_contains "cannot read 'nosuch': No such file or directory"
	run_weir filter '.a in @/dev/zero' in
	assert_status 2
	assert_stderr_contains "'/dev/zero' is not a regular file"
	run_weir filter @ in
	assert_status 2
	assert_stderr_contains "the name of a file must follow '@'"
}
