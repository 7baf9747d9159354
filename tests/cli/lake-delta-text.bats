#!/usr/bin/env bats
# lake-put --table delta: records of TSV and CSV.
# bats file_tags=sample
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_python
}

read_delta() { # read_delta TABLE: its rows, by several readers
	python3 "$WEIR_ROOT/tests/lib/deltaread.py" "$@"
}

put() { # put OPTION...: lake-put into a Delta table, from the file in
	run_weir lake-put --table delta "$@" in
}

@test "CSV with a header: a new table gets names and types from it and from the records" {
	cat >in <<-'END'
		id,name,t,ok,code,day
		1,"a,b",2026-11-22T10:00:00Z,true,007,2026-01-01
		2,"two
		lines",,FALSE,8,
		3,"q""x",2026-11-23T10:00:00+01:00,,9,2026-01-02
	END
	put --input csv --header T
	assert_status 0
	[[ $stderr == *"the columns that 3 records show: --schema 'id bigint, name string, t timestamp, ok boolean, code string, day date'"* ]]
	read_delta T >rows
	assert_equal "$(sort rows)" '{"code": "007", "day": "2026-01-01", "id": 1, "name": "a,b", "ok": true, "t": "2026-11-22T10:00:00+00:00"}
{"code": "8", "day": null, "id": 2, "name": "two\nlines", "ok": false, "t": null}
{"code": "9", "day": "2026-01-02", "id": 3, "name": "q\"x", "ok": null, "t": "2026-11-23T09:00:00+00:00"}'
	# another order, fewer columns, TSV; the format is that of the header
	printf 'name\tid\nx\\ty\t4\n' >in
	put --header T
	assert_success
	[ "$(read_delta T | grep -c '"id": 4, "name": "x\\ty"')" = 1 ]
}

@test "without a header the columns are the table's, in their order; types and empty fields by the manual" {
	schema='b boolean, l bigint, f double, m decimal(12,2), s string, x binary, d date, t timestamp(s), i smallint'
	printf '%s\n' 'TRUE,+007,.5,0012.50,007,AP8=,2026-01-02,1795341600,32767' ',,,,,,,,' ',,nan,,"",,,2026-11-22T10:00:00Z,' >in
	put --input csv --schema "$schema" T
	assert_success
	read_delta T >rows
	assert_equal "$(wc -l <rows)" 3
	grep -q '"b": true, "d": "2026-01-02", "f": 0.5, "i": 32767, "l": 7, "m": "12.50", "s": "007", "t": "2026-11-22T10:00:00+00:00", "x": ' rows
	grep -q '"b": null, "d": null, "f": null, "i": null, "l": null, "m": null, "s": null, "t": null, "x": null' rows
	grep -q '"s": "", "t": "2026-11-22T10:00:00+00:00"' rows
	for bad in 'yes,,,,,,,,' ',1.5,,,,,,,' ',,x,,,,,,' ',,,1.234,,,,,' ',,,,,%%,,,' ',,,,,,2026-02-30,,' ',,,,,,,x,' ',,,,,,,,32768'; do
		echo "$bad" >in
		put --input csv T
		assert_status 65
		[[ $stderr == *'in: record 1, column '?': '* ]]
	done
	# the same columns as TSV
	printf '\t1\t\t\ta\\nb\t\t\t\t\n' >in
	put --input tsv T
	assert_success
	[ "$(read_delta T | grep -c '"s": "a\\nb"')" = 1 ]
}

@test "records that do not fit: wrong column counts, quotes, UTF-8, with place and reason" {
	printf '%s\n' '1,x' '2' '3,y,z' '4,"a"b' $'5,\xff' '6,"open' 'z,7' '8,w' >in
	put --input csv --schema 'n int, s string' --rejects aside T
	assert_status 1
	assert_equal "$(jq -r '"\(.record) \(.reason)"' aside)" '2 the table has 2 columns, but this is a record of 1
3 the table has 2 columns, but this is a record of 3
4 byte 6: a comma or the end of the record was expected after the quote
5 column s: \xff is not UTF-8
6 byte 3: the quote is not closed
7 column n: z is not a number'
	assert_equal "$(read_delta T | paste -sd ' ')" '{"n": 1, "s": "x"} {"n": 8, "s": "w"}'
	printf 'g\n{"a":1}\n' >in
	put --header --schema 'g struct<a int>' G
	assert_status 65
	[[ $stderr == *'in: record 1, column g: {"a":1} is text, which cannot become a struct, array or map'* ]]
	printf 'n,s\n1,x\n2\n' >in
	put --header T
	assert_status 65
	[[ $stderr == *'in: record 2, byte 2: the header has 2 columns, but this is a record of 1'* ]]
	printf 's\n\xff\nx\n' >in
	put --header --rejects drop N
	assert_status 1
	assert_equal "$(read_delta N)" '{"s": "x"}'
	printf 'n,s\n' >in
	printf '1,"open' >open
	run_weir lake-put --table delta --header T in open in
	assert_status 65
	[[ $stderr == *'open: in the header: the name of column 2'* || $stderr == *'open: the header is malformed'* ]]
	printf 'n,s\n1,"open\n' >open
	run_weir lake-put --table delta --header T open in
	assert_status 65
	[[ $stderr == *'open: record 1, byte 3: the quote is not closed'* ]]
}

@test "names in the header that the table lacks: fail, ignore, add" {
	echo 'a int, s string' >schema
	weir lake-put --table delta --create --schema @schema T
	printf 'a,new,none\n1,,\n2,3,\n4,2.5,\n' >in
	put --header T
	assert_status 65
	[[ $stderr == *'in: in the header: field new: the table has no such column; --on-new-field ignore leaves'* ]]
	put --header --on-new-field ignore T
	assert_status 0
	[ "$(grep -c 'it is ignored' <<<"$stderr")" = 2 ]
	assert_equal "$(read_delta T | paste -sd ' ')" '{"a": 1, "s": null} {"a": 2, "s": null} {"a": 4, "s": null}'
	put --header --on-new-field add T
	assert_status 0
	assert_equal "$stderr" 'weir lake-put: the table gets a new column: new double'
	[ "$(read_delta T | grep -c '"new": [32]')" = 2 ]
	printf 'a,%s\n1,2\n' A a >in
	put --header T
	assert_status 65
	[[ $stderr == *"the fields 'a' and 'A' differ only in case"* ]]
	printf 'A\n1\n' >in
	put --header T
	assert_status 65
	[[ $stderr == *"in the header: field A: the name of the column is 'a'"* ]]
	printf 'a,x y\n1,2\n' >in
	put --header --on-new-field add --rejects aside T
	assert_status 1
	[[ $(<aside) == *"which Spark refuses"* ]]
}

@test "several inputs, each with a header; another header ends what a new table infers its columns from" {
	printf 'a,b\n1,2\n' >in
	printf 'b,a\n3,4\n' >other
	printf 'a,c\n1,2\n' >third
	run_weir lake-put --table delta --header T in other
	assert_status 0
	[[ $stderr == *"that 1 record shows: --schema 'a bigint, b bigint'"* ]]
	assert_equal "$(read_delta T | paste -sd ' ')" '{"a": 1, "b": 2} {"a": 4, "b": 3}'
	run_weir lake-put --table delta --header N in third
	assert_status 65
	[ ! -e N ]
	run_weir lake-put --table delta --header --on-new-field add N in in third
	assert_status 0
	assert_equal "$(read_delta N | paste -sd ' ')" '{"a": 1, "b": 2, "c": null} {"a": 1, "b": 2, "c": null} {"a": 1, "b": null, "c": 2}'
}

@test "partitions by a column of TSV and CSV, of a Delta table and of a raw one" {
	printf 't,n\n2026-01-01T00:00:00Z,1\n2026-01-02T00:00:00Z,2\nnever,3\n' >in
	put --header --rejects aside --time .t --partition-by d=%F --schema 't timestamp, n int' T
	assert_status 1
	assert_equal "$(jq -r .reason aside)" "no time in .t: 'never'"
	[ "$(read_delta T | grep -c '"d": "2026-01-0[12]"')" = 2 ]
	sed 1d in >data
	run_weir lake-put --table delta --input csv --rejects drop --time '$1' --partition-by d=%F T data
	assert_status 1
	[ "$(read_delta T | wc -l)" = 4 ]
	run_weir lake-put --input csv --time '$1' --partition-by d=%F --on-bad-time none R data
	assert_status 0
	[[ $stderr == *'1 of 3 records without a readable time'* ]]
	assert_equal "$(cat R/d=2026-01-02/*.zst | zstdcat)" '2026-01-02T00:00:00Z,2'
	printf '%s\n' '2026-01-02T00:00:00Z,"open' 'x"' >data
	run_weir lake-put --input csv --time '$1' --partition-by d=%F R data
	assert_status 65
	[[ $stderr == *'data: record 1, byte 22: the quote is not closed, and the record ends with its line'* ]]
}

@test "what is not a header, and options that do not go together" {
	for options in '--header --input json' '--input csv' '--header --time %F@1 --partition-by d=%F'; do
		echo 1 >in
		# shellcheck disable=SC2086 # words
		put $options N
		[ "$status" = 2 ] || [ "$status" = 78 ]
		[ ! -e N ]
	done
	[[ $stderr == *'FORMAT@$N'* ]]
	run_weir lake-put --header R in
	assert_status 2
	printf '{"a":1}\n' >in
	put --header N
	assert_status 65
	[[ $stderr == *'this looks like JSON'* ]]
	printf 'a,b\n' >in
	put --header N
	assert_status 0
	[ ! -e N ]
	: >in
	put --header N
	assert_status 0
	[ ! -e N ]
	printf '\xef\xbb\xbfa,b\r\n1,x\r\n\r\n' >in
	put --header --rejects drop N
	assert_status 1
	assert_equal "$(read_delta N)" '{"a": 1, "b": "x"}'
}

@test "hostile headers and records: refused by name, or read as they are" {
	refused() { # refused TEXT BYTES: a header and records that end the program with 65
		printf '%b' "$2" >in
		put --header N
		assert_status 65
		[[ $stderr == *"$1"* ]] || { echo "no '$1'" && return 1; }
		[ ! -e N ]
	}
	refused 'the name of column 1 has a NUL' 'a\0000c,b\n1,x\n'
	refused 'the name of column 1 has a NUL' 'a\0000\n\00001\0000\n\0000' # UTF-16
	refused 'the header holds a CR' 'a,b\r1,2\r'
	refused "a field's name is empty" 'a,b,\n1,2,\n'
	refused 'the header has 2 columns, but this is a record of 1' 'a,b\n\n1,2\n'
	refused 'the fields '"'a' and 'A'"' differ only in case' 'a,A\n1,2\n'
	printf '\xef\xbb\xbf{"a":1}\n' >in
	put N
	assert_status 65
	[[ $stderr == *'record 1, it begins with a byte order mark'* ]]
	printf 'a\n1\n\n2' >in
	put --header One
	assert_status 0
	assert_equal "$(read_delta One | paste -sd ' ')" '{"a": 1} {"a": 2} {"a": null}'
	{ seq -s , -f 'c%.0f' 10000 && seq -s , 10000 && seq -s , 9999; } >in
	put --header --rejects aside --infer 1 Wide
	assert_status 1
	assert_equal "$(jq -r .reason aside)" 'byte 48888: the header has 10000 columns, but this is a record of 9999'
	run_sh 'echo x | weir lake-put --table delta --schema "a string" --input tsv More &&
		weir lake-put --table delta --header --on-new-field add --rejects drop More in 2>new'
	assert_status 1
	[ "$(grep -c 'gets a new column: c[0-9]* bigint$' new)" = 10000 ]
}

@test "a record of JSON that is malformed has its byte in the reason, with --time, too" {
	printf '%s\n' '{"t":"2026-01-01"}' '{"t"}' >in
	put --schema 't date' --time .t --rejects aside T
	assert_status 1
	assert_equal "$(jq -r .reason aside)" "byte 5: ':' was expected"
}

@test "a marked stream of TSV: exactly once, bad records aside; it has no header" {
	export MARKER=$BUILD/servers/marker
	put_marked() { # put_marked OPTION...: the file in as batches of two records
		"$MARKER" -n 2 <in 2>err | weir lake-put --table delta --commit-every 0 "$@" T 2>told
	}
	seq 5 | sed 's/$/\tx/' >in
	put_marked --input tsv --schema 'n int, s string'
	seq 9 | sed 's/$/\tx/; s/^8/"8/' >in
	run_logged put_marked --input tsv --rejects aside
	assert_status 1
	grep -qx 'at 5' err
	assert_equal "$(jq -c '[.record, .batch, .reason]' aside)" '[3,2,"column n: \"8 is not a number"]'
	assert_equal "$(read_delta T | cut -d, -f1 | paste -sd ' ')" '{"n": 1 {"n": 2 {"n": 3 {"n": 4 {"n": 5 {"n": 6 {"n": 7 {"n": 9'
	printf '%s\n' '10,"a' 'b"' >in
	seq 9 | cat - in >all && mv all in
	run_logged put_marked --input csv
	assert_status 65
	grep -q 'the quote is not closed (in a marked stream' told
	run_logged put_marked --header
	assert_status 65
	grep -q 'a marked stream has no header: --schema names the columns' told
	rm -r T
	run_logged put_marked --input csv
	assert_status 78
	grep -q 'has no names for the columns' told
}
