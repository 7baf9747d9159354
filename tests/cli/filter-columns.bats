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
