#!/usr/bin/env bats
# lake-check --against: two tables with the same records, in whatever order and files, and with others.
load ../lib/weir
load ../lib/lake

setup() {
	use_python
	cd "$BATS_TEST_TMPDIR" || return
}

assert_equal_tables() { # assert_equal_tables A B
	run_weir lake-check --against "$2" "$1"
	assert_success
	assert_output ''
}

assert_differ() { # assert_differ A B TEXT
	run_weir lake-check --against "$2" "$1"
	assert_status 1
	assert_output "$3"
}

@test "raw tables: another order, codec, partitions, records across pieces, before and after a compaction" {
	day_lines 1 60000 >in
	weir lake-put --compress none a in
	shuf --random-source=in in | weir lake-put "${by_day[@]}" b
	assert_equal_tables a b
	for i in 1 2 3; do
		seq "$i" 3 60000 | awk '{ printf "2026-11-%02d %d\n", 20 + $1 % 3, $1 }' >part
		weir lake-put --compress gzip c part
	done
	assert_equal_tables a c
	cp -r c before
	weir lake-compact c
	assert_equal_tables before c
}

@test "raw tables that differ: by a record, by its copy, by one that is cut in two; by none" {
	printf 'a\nb\nbb\n' >in
	weir lake-put a in
	sed 's/bb/bc/' in | weir lake-put b
	assert_differ a b "version 0 of 'a' and version 0 of 'b' both have 3 records, but not the same ones"
	printf 'a\na\nb\n' | weir lake-put c
	printf 'a\nb\nb\n' | weir lake-put d
	assert_differ c d "version 0 of 'c' and version 0 of 'd' both have 3 records, but not the same ones"
	cat in in | weir lake-put e
	assert_differ a e "version 0 of 'a' has 3 records, version 0 of 'e' 6"
	printf 'a\nb\nb\nb\n' | weir lake-put f
	assert_differ a f "version 0 of 'a' has 3 records, version 0 of 'f' 4"
	printf 'a\0b\0bb\0' | weir lake-put -0 g # other ends of records
	assert_equal_tables a g
	weir lake-put --id x h in
	rm -r h/part-*
	run_weir lake-check --against a h
	assert_status 65
}

@test "Delta tables: other files, a compaction, and a row that differs" {
	python3 "$WEIR_ROOT/tests/lib/deltarows.py" make 0 600 >in
	schema=$(python3 "$WEIR_ROOT/tests/lib/deltarows.py" schema)
	weir lake-put --table delta --schema "$schema" a in
	split -n l/4 in part-
	for part in part-*; do
		weir lake-put --table delta --schema "$schema" b "$part"
	done
	assert_equal_tables a b
	weir lake-compact b
	assert_equal_tables a b
	sed '$d' in >less
	weir lake-put --table delta --schema "$schema" c less
	assert_differ a c "version 0 of 'a' has 600 records, version 0 of 'c' 599"
	sed '$s/"id": 599/"id": 600/' in >other
	weir lake-put --table delta --schema "$schema" d other
	assert_differ a d "version 0 of 'a' and version 0 of 'd' both have 600 records, but not the same ones"
}

@test "no table, a table of another kind, other options" {
	echo '{"a":1}' >in
	weir lake-put a in
	weir lake-put --table delta --schema 'a int' b in
	for other in none b; do
		run_weir lake-check --against $other a
		assert_status 78
	done
	run_weir lake-check --against a none
	assert_status 78
	for option in --quick --repair --clean --undo-head; do
		run_weir lake-check --against a $option a
		assert_status 2
	done
}
