#!/usr/bin/env bats
# filter: records of TSV and CSV, headers, and which format an input has; Python's csv module as the witness.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "filter: reads and writes CSV and TSV as Python's csv module does, on hostile files" {
	"$WEIR_ROOT/tests/lib/csvdiff.py" 21 60
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

@test "filter: CSV with a quote left open: the first line is malformed, the rest is read" {
	printf 'a,1\nb,"2\nc,1\nd,1\n' >in
	run_weir filter --input csv '$2 == 1' in
	assert_status 65
	assert_output a,1
	assert_stderr 'weir filter: in: record 2, byte 3: the quote is not closed'
	run_weir filter --rejects drop --input csv '$2 == 1' in
	assert_status 1
	assert_output $'a,1\nc,1\nd,1'
	printf 'e,1\n' >in2
	run_weir filter --rejects drop --input csv '$2 == 1' in in2
	assert_status 1
	assert_output $'a,1\nc,1\nd,1\ne,1'
	{ printf 'b,"2\n' && seq 100 | sed 's/$/,1/'; } >in
	run_weir filter --rejects drop --input csv --max-record 64 -c '$2 == 1' in
	assert_status 1
	assert_output 100
}

@test "filter: CSV in which each line leaves a quote open takes no longer than any other" {
	yes 'a","' | head -n 300000 >in
	run_weir filter --rejects drop --input csv --stats -c true in
	assert_status 1
	assert_output 0
	[[ $stderr == *'300000 records, 0 matched, 300000 malformed'* ]]
	{ cat in && printf '"x\nb,1\n'; } >in2 # the error is in the line before the last
	run_weir filter --rejects aside --input csv --stats true in2
	assert_status 1
	assert_output 'b,1'
	[[ $stderr == *'300002 records, 1 matched, 300001 malformed'* ]]
	assert_equal "$(sed -n 2p aside | jq -r .reason)" 'byte 1499997: a comma or the end of the record was expected after the quote'
	run_weir filter --rejects drop --input csv --max-record 1000 --stats true in2
	assert_status 1
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

@test "filter: headers that differ in quotes and line ends only are the same" {
	printf 'a,b\n1,2\n' >u1
	printf 'a,b\r\n3,4\r\n' >u2
	printf '"a","b"\n5,6\n' >u3
	printf 'b,a\n7,8\n' >u4
	run --separate-stderr weir filter --header '.a > 0' u1 u2 u3
	assert_success
	assert_equal "$(cat -A <<<"$output")" 'a,b$
1,2$
3,4^M$
5,6$'
	run --separate-stderr weir clean --header -e 'type .a int' u1 u2 u3
	assert_success
	run --separate-stderr weir detect --header --value .a 'range 0 1' u1 u2 u3
	assert_success
	assert_equal "${#lines[@]}" 3
	printf 'a\tb\n1\t2\n' >t1
	printf 'a\tb\r\n3\t4\r\n' >t2
	run --separate-stderr weir filter --header '.a > 0' t1 t2
	assert_success
	local program
	for program in "filter --header true" "clean --header -e 'type .a int'" "detect --header --value .a 'range 0 1'"; do
		eval "run --separate-stderr weir $program u1 u4"
		assert_status 65
	done
	# names that would be the same when they were put together
	printf 'ab,c\n1,2\n' >v1
	printf 'a,bc\n1,2\n' >v2
	run -65 weir filter --header true v1 v2
}

@test "filter: a record of CSV with one empty field is not an empty line" {
	printf '{"a":"x"}\n{"a":null}\n{"a":""}\n{}\n' >in
	run --separate-stderr weir filter --fields .a --format csv true in
	assert_success
	assert_output 'x
""
""
""'
	weir filter --fields .a --format csv true in >out
	assert_equal "$(python3 -c 'import csv; print(len(list(csv.DictReader(open("out"), ["a"]))))')" 4
	printf 'a,b\n,1\n"",2\nx,3\n' >in.csv
	assert_equal "$(weir filter --header --fields .a true in.csv)" $'a\n""\n""\nx'
	assert_equal "$(weir clean --header -e 'keep .a' in.csv)" $'a\n""\n""\nx'
	assert_equal "$(weir clean --header -e 'drop .b' in.csv)" $'a\n""\n""\nx'
	printf ' ,\n' >in.csv
	assert_equal "$(weir clean --input csv -e 'trim $1' in.csv)" ','
	printf ' \n' >in.csv
	assert_equal "$(weir clean --input csv -e 'trim $1' in.csv)" '""'
	printf '"",b\n1,2\n' >in.csv
	assert_equal "$(weir filter --header --fields '.""' true in.csv)" $'""\n1'
	# TSV has no quotes, and with two fields there is a comma
	assert_equal "$(weir filter --fields .a,.b --format csv true in | tail -n 1)" ','
}

@test "filter: two fields of one name in the output are refused" {
	run --separate-stderr weir filter --fields '.geo.city,."geo.city"' true
	assert_status 2
	assert_stderr_contains "two fields are called 'geo.city' in the output"
	run -2 weir filter --fields '.a,.b,.a' true
	run -2 weir filter --header --fields '.a,.a' true
	run -2 weir filter --fields '$1,$1' --format json true
	run -2 weir filter --fields '.items[0],."items[0]"' true
	# columns without names may come twice
	assert_equal "$(printf 'a,b\n' | weir filter --input csv --fields '$1,$1' true)" 'a,a'
}

@test "filter: a header with old Mac line ends is the whole file, and refused" {
	printf 'a,b\r1,2\r' >in
	local program
	for program in 'filter --header --fields .a true' "aggregate --header 'sum(.b)'" "clean --header -e 'keep .a'" "detect --header --value .a 'range 0 1'"; do
		eval "run --separate-stderr weir $program in"
		assert_status 65
		assert_output ''
		assert_stderr_contains 'in: the header holds a CR: lines have to end with LF or CR LF'
	done
	printf 'a\tb\r1\t2\r\n' >in
	run -65 weir filter --header true in
	# in quotes it is a name as any other
	printf '"a\rb",c\r\n1,2\r\n' >in
	run --separate-stderr weir filter --header '.c == 2' in
	assert_success
}

@test "--format without --fields: the message says what it is for" {
	run_weir filter --header --format json '.a > 1' <<<$'a,b\n2,3'
	assert_status 2
	assert_stderr "weir filter: --format is for --fields, which names the fields to print (try 'weir filter --help')"
}
