#!/usr/bin/env bats
# lake-put --table delta: --memory, however many partitions are open.
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "500 open partitions of 6 columns keep --memory within 1.25 times, and what the program itself needs" {
	only_plain 'a sanitizer needs memory of its own'
	awk 'BEGIN {
		srand(1)
		for (i = 0; i < 400000; i++)
			printf "{\"ts\":%d,\"id\":%d,\"user\":\"u%d\",\"amount\":%.2f,\"ok\":%s,\"note\":\"%08x%08x%08x\"}\n",
				i * 7919 % 500 * 3600, i, rand() * 100000, rand() * 1000, i % 2 ? "true" : "false",
				rand() * 2 ^ 31, rand() * 2 ^ 31, rand() * 2 ^ 31
	}' >in
	schema='ts timestamp(s), id bigint, user string, amount double, ok boolean, note string'
	put() { # put FILE: its records into the table T
		peak_kb weir lake-put --table delta --schema "$schema" --compress snappy --memory 32M --time s@.ts \
			--partition-by 'h=%dT%H' T "$1"
	}
	peak=$(put in)
	own=$(peak_kb weir lake-put --table delta --schema 'n int' N <<<'{"n":1}')
	[ "$(find T -name '*.parquet' | wc -l)" = 500 ]
	echo "peak $peak KiB, of which $own KiB are the program's"
	[ "$peak" -le $((own + 32 * 1024 * 5 / 4)) ]
}
