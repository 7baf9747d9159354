#!/usr/bin/env bats
# lake-compact --sort-by: the rows of the new files of Delta tables, in order, and the same as before.
# shellcheck disable=SC2030,SC2031
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
	use_python
	lake=T
}

# put FIRST LAST [OPTION...]: a commit with these numbers, in no order
put() {
	seq "$1" "$2" | jq -c '{n: (. * 7919 % 20011), s: "user \(. % 50)", x: (if . % 10 == 0 then null else . / 3 end), g: {b: (. % 3)},
		l: [range(. % 3)], p: (. % 2)}' >in
	weir lake-put --table delta --schema 'n bigint, s string, x double, g struct<b int>, l array<int>, p int' "${@:3}" "$lake" in
}

rows() { # the table as independent readers see it
	python3 "$WEIR_ROOT/tests/lib/deltaread.py" "$lake"
}

in_order() { # in_order KEY: the rows of each file, as they lie there, ascend by this expression of Python over a row r
	python3 - "$lake" "$1" <<-'END'
		import sys, deltalake, pyarrow.parquet as pq
		files = [p.removeprefix("file://") for p in deltalake.DeltaTable(sys.argv[1]).file_uris()]
		assert files
		for path in files:
		    keys = [eval(sys.argv[2], {"r": r, "null": lambda v: (v is not None, v or 0)}) for r in pq.read_table(path, partitioning=None).to_pylist()]
		    assert len(keys) > 1 and keys == sorted(keys), (path, keys[:20])
	END
}

@test "rows ascend by the columns, null first; nothing is lost, and engines read the same" {
	for i in 0 1 2 3; do put $((i * 1000)) $((i * 1000 + 999)); done
	rows >expected
	run_weir lake-compact -v --sort-by s,x T
	assert_status 0
	assert_stderr_contains 'put 4 files together in 1'
	in_order '(r["s"], null(r["x"]))'
	rows | cmp - expected
	assert_sound
	cp -r T U
	for by in n .n 'g.b,n' x p; do # files that are written again, whatever was before
		rm -rf T && cp -r U T
		put 5000 5010
		weir lake-compact --sort-by "$by" T
		case $by in
		*b,n) in_order '(r["g"]["b"], r["n"])' ;;
		x) in_order 'null(r["x"])' ;;
		p) in_order 'r["p"]' ;;
		*) in_order 'r["n"]' ;;
		esac
		assert_sound
	done
}

@test "in each partition, with deleted rows left out; rows with the same values keep their order" {
	for i in 0 1; do put $((i * 1000)) $((i * 1000 + 999)) --partition-by p; done
	python3 "$WEIR_ROOT/tests/lib/deltadelete.py" T 4 1
	weir lake-cat T | jq -cS . | sort >expected
	run_weir lake-compact --sort-by g.b T
	assert_success
	in_order 'r["g"]["b"]'
	weir lake-cat T | jq -cS . | sort | cmp - expected
	for b in 0 1 2; do # n is what it was: its order in the first file, then in the second
		weir lake-cat --where ".g.b == $b && .p == 1" T | jq .n >"now$b"
		jq -n "range(2000) | select(. % 3 == $b and . % 2 == 1) | . * 7919 % 20011" >"was$b"
		[ "$(grep -c -x -F -f "now$b" "was$b")" = "$(wc -l <"now$b")" ]
		grep -x -F -f "now$b" "was$b" | cmp - "now$b"
	done
	assert_sound
}

@test "more rows than fit into the memory wait in a file in TMPDIR" {
	only_plain 'a sanitizer reserves more than the limit'
	for i in 0 1 2; do
		seq $((i * 100000)) $((i * 100000 + 99999)) | awk '{ printf "{\"n\":%d,\"s\":\"%064d\"}\n", $1 * 7919 % 1000003, $1 }' >in
		weir lake-put --table delta --schema 'n bigint, s string' T in
	done
	weir lake-cat T | sort | sha256sum >expected
	mkdir tmp
	run_sh "ulimit -v 1000000; TMPDIR=$PWD/tmp strace -f -qq -e trace=pread64 -o trace weir lake-compact --memory 16M --sort-by n T"
	assert_success
	grep -q pread64 trace
	[ -z "$(ls -A tmp)" ]
	in_order 'r["n"]'
	weir lake-cat T | sort | sha256sum | cmp - expected
	assert_sound
}

@test "no directory for the file: 78, and nothing is committed" {
	for i in 0 1 2; do seq 100000 | awk '{ printf "{\"n\":%d,\"s\":\"%s and more text\"}\n", $1, $1 }' | weir lake-put --table delta T; done
	run_sh "TMPDIR=$PWD/nowhere weir lake-compact --memory 16M --sort-by s T"
	assert_status 78
	assert_stderr_contains 'cannot sort in a file in $TMPDIR: No such file or directory'
	assert_equal "$(find T/_delta_log -name '0*.json' | wc -l)" 3
	assert_equal "$(find T -name 'part-*.parquet' | wc -l)" 3
}

@test "what cannot be sorted by is refused before anything is done: 78" {
	refused() { # refused COLUMNS TEXT
		run_weir lake-compact --sort-by "$1" T
		assert_status 78
		assert_stderr_contains "$2"
	}
	put 0 100 --partition-by p
	put 200 300
	refused nothing "--sort-by: there is no column 'nothing'"
	refused s,g.nothing "--sort-by: there is no column 'g.nothing'"
	refused 'n.b' "--sort-by: there is no column 'n.b'"
	refused g "--sort-by: column 'g' has no order: it is struct"
	refused l "--sort-by: column 'l' has no order: it is array"
	refused s,p "--sort-by: 'p' is a partition column"
	refused 's n' '--sort-by: a comma is missing at character 2'
	refused s, '--sort-by: '
	refused '' '--sort-by: '
	refused . '--sort-by: there is no column'
	assert_equal "$(find T/_delta_log -name '0*.json' | wc -l)" 2
	seq 3 >in
	weir lake-put raw in
	run_weir lake-compact --sort-by n raw
	assert_status 78
	assert_stderr_contains "'raw' is a raw table, whose records have no columns: --sort-by is for Delta tables"
}

@test "a reader passes over most of a file that is sorted by what it looks for" {
	for i in 0 1 2 3; do seq $((i * 50000)) $((i * 50000 + 49999)) | jq -c '{n: (. * 7919 % 200003)}' | weir lake-put --table delta T; done
	weir lake-compact --sort-by n T
	run_weir lake-cat --stats --where '.n >= 1000 && .n < 1010' T
	assert_status 0
	assert_equal "$(jq .n <<<"$output" | paste -sd ' ')" '1000 1001 1002 1003 1004 1005 1006 1007 1008 1009'
	[ "$(grep -oE '[0-9]+ records read' <<<"$stderr" | cut -d ' ' -f 1)" -lt 150000 ] # two pages of 128 Ki are there
}
