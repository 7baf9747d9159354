#!/usr/bin/env bats
# Lists of 100,000 fields, and records of as many: no program goes through all names for each of them, which would take
# minutes instead of a tenth of a second.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	count=100000
	seq -f '.n%.0f' "$count" | paste -sd , >list
	members 1 1 "$count" >record
}

members() { # members FIRST STEP LAST: a record of JSON
	seq "$@" | awk '{ printf "%s\"n%d\":%d", (NR > 1 ? "," : "{"), $1, $1 } END { print "}" }'
}

# Run the shell line LINE into the file out, in a few seconds of a processor, and with little memory.
quick() { # quick LINE
	local kb
	kb=$(ulimit -t 3 && peak_kb bash -c "{ $1; } >out 2>err" | tail -n 1)
	echo "$1: $kb kB"
	[ "$kb" -lt 500000 ]
}

@test "filter --fields: of JSON, by names of a header, by number" {
	quick 'exec weir filter true --fields @list record'
	cmp out record
	{ seq -f 'n%.0f' "$count" | paste -sd , && seq "$count" | paste -sd ,; } >csv
	seq -f '.n%.0f' "$count" -1 1 | paste -sd , >reversed
	quick 'exec weir filter true --header --fields @reversed csv'
	{ seq -f 'n%.0f' "$count" -1 1 | paste -sd , && seq "$count" -1 1 | paste -sd ,; } | cmp - out
	seq -f '$%.0f' "$count" | paste -sd , >numbers
	quick 'exec weir filter true --fields @numbers csv'
	cmp out csv
	echo "$(<list),.n1" >twice
	quick 'weir filter true --fields @twice record || [ $? = 2 ]'
	grep -qF "two fields are called 'n1' in the output" err
}

@test "filter --fields: elements of an array" {
	seq -s , "$count" | sed 's/.*/[&]/' >array
	seq -f '.[%.0f]' 0 $((count - 1)) | paste -sd , >elements
	quick 'exec weir filter true --fields @elements --format tsv array'
	seq -s $'\t' "$count" | cmp - out
}

@test "lake-cat --columns and --format: of records with members in any order" {
	members "$count" -1 1 | cat record - | weir lake-put T
	quick 'exec weir lake-cat --columns @list T'
	cat record record | cmp - out
	quick 'exec weir lake-cat --format tsv T'
	seq -s $'\t' "$count" >row
	cat row row | cmp - out
}

@test "aggregate: fields of -g, and metrics" {
	quick 'exec weir aggregate -g @list --format json count record'
	sed 's/}$/,"count":1}/' record | cmp - out
	seq -f 'sum(.n%.0f)' 80000 >metrics # a file of a list has 1 MiB at most
	quick 'exec weir aggregate @metrics --format json record'
	members 1 1 80000 | sed 's/"n/"sum_n/g' | cmp - out
}
