#!/usr/bin/env bats
# Shallow clones: Delta tables whose log names files of another table; in stores: lake-clone-stores.bats.
# bats file_tags=sample
load ../lib/weir
load ../lib/lake

setup() {
	use_python
	cd "$BATS_TEST_TMPDIR" || return
}

put() { # put TABLE FROM TO
	seq "$2" "$3" | sed 's/.*/{"n":&,"p":"a b\/c"}/' |
		weir lake-put --table delta --schema 'n bigint, p string' --partition-by p "$1"
}

clone() { # clone BEFORE: of $PWD/S
	rm -rf C
	python3 "$WEIR_ROOT/tests/lib/clone.py" "${2:-$PWD/S}" C "$1"
}

@test "lake-cat reads the other table's files, from the whole clone and from its versions" {
	put S 1 10
	put S 11 20
	weir lake-cat S >rows
	for before in file: file:// ''; do
		clone "$before"
		weir lake-cat C | cmp - rows
		weir lake-cat --since start C | cmp - rows
		weir lake-cat --where '.n > 10 && .p == "a b/c"' --columns n C | cmp - <(seq 11 20 | sed 's/.*/{"n":&}/')
		weir lake-check --against C S
	done
	put C 21 22
	weir lake-cat C | jq .n | cmp - <(seq 22)
	weir lake-cat S | cmp - rows
	run_weir lake-check C
	assert_status 78
	assert_stderr "weir lake-check: 2 actions of the log name files outside the table: these were not checked"
	rm S/*/*
	run_weir lake-cat C
	assert_status 65
	assert_stderr_contains "'$PWD/S/p=a%20b%2Fc/part-"
}

@test "lake-compact leaves the other table's files alone, and what the clone names under an absolute URI" {
	put S 1 10
	put S 11 20
	clone file:
	for n in 31 32 33; do put C $n $n; done
	find S -type f | sort >files
	run_weir lake-compact -v C
	assert_status 0
	assert_stderr_contains "2 files of 'C' outside of it, as in a shallow clone, and stay as they are"
	assert_stderr_contains 'put 3 files together in 1'
	# a file of the clone's own by its absolute URI, as others may write it
	jq -c "if .add then .add.path = \"file:$PWD/C/\" + .add.path else . end" C/_delta_log/00000000000000000001.json >entry
	own=$(jq -r 'select(.add) | .add.path' entry | sed 's|%25|%|g')
	jq -c 'select(.add)' entry >C/_delta_log/00000000000000000005.json
	run_weir lake-compact -v --vacuum --older-than 0s C
	assert_status 0
	assert_stderr_contains 'removed 2 files that no version needs'
	[ -e "${own#file:}" ]
	find S -type f | sort | cmp - files
	find C -name '*.parquet' -exec touch -d '30 days ago' {} +
	run_weir lake-check --clean --older-than 0s C
	[ -e "${own#file:}" ]
	assert_equal "$(weir lake-cat C | jq .n | sort -n | paste -sd ' ')" "$(echo {1..20} 31 31 32 33)"
}

@test "a table within a table: a vacuum and a cleaning of the outer one remove nothing of it" {
	put S 1 10
	put S 11 20
	put S/inner 1 10
	seq 5 | weir lake-put S/raw
	for n in 1 2; do put S/inner $n $n; done
	weir lake-compact S/inner
	put S/p=1/deep 1 3
	touch S/lost.parquet S/other-lost.parquet
	mkdir S/plain
	touch S/plain/lost.parquet
	find S -type f -exec touch -d '30 days ago' {} +
	find S/inner S/raw S/p=1/deep -type f | sort >files
	run_weir lake-compact --vacuum --older-than 0s S
	assert_status 0
	find S/inner S/raw S/p=1/deep -type f | sort | cmp - files
	[ -z "$(find S -name '*lost*')" ]
	weir lake-check --clean --older-than 0s S
	find S/inner S/raw S/p=1/deep -type f | sort | cmp - files
	weir lake-check S
	put O 1 2
	seq 5 | weir lake-put R
	mv O R/inner
	find R/inner -type f -exec touch -d '30 days ago' {} +
	find R/inner -type f | sort >files
	weir lake-check --clean --older-than 0s R
	weir lake-compact --vacuum --older-than 0s R
	find R/inner -type f | sort | cmp - files
}

@test "a URI with a '%' that is one: its file is not removed" {
	put S 1 2
	cp "$(find S -name '*.parquet')" S/a%zz.parquet
	jq -c "if .add then .add.path = \"file:$PWD/S/a%zz.parquet\" else . end" S/_delta_log/00000000000000000000.json >entry
	jq -c 'select(.add)' entry >S/_delta_log/00000000000000000001.json
	find S -name '*.parquet' -exec touch -d '30 days ago' {} +
	run_weir lake-compact --vacuum --older-than 0s S
	[ -e S/a%zz.parquet ]
}

@test "URIs that are none, and those of other kinds of stores" {
	put S 1 1
	while read -r status before words; do
		clone "$before"
		run_weir lake-cat C
		assert_status "$status"
		assert_stderr_contains "$words"
	done <<-'END'
		78 s3a://bucket is outside of the table, where nothing is read
		78 https://example.com is outside of the table, where nothing is read
		65 file:x which is not a place in a table
		78 file://host/x is on another server than the table, where nothing is read
		65 file:%00 which is not a place in a table
		74 /no/such/place cannot open
	END
}
