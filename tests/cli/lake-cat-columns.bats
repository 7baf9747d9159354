#!/usr/bin/env bats
# lake-cat --columns, --format and --header on raw tables: what is printed is what `weir filter --fields` would make of it.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	for i in 1 2 3 4; do
		seq $((i * 100)) $((i * 100 + 99)) |
			awk '{ printf "{\"n\":%d,\"u\":\"u%d\",\"geo\":{\"city\":\"c,%d\"}}\n", $1, $1 % 5, $1 % 3 }' >"$i"
	done
}

put() { # put TABLE FILE...: a version each
	local file
	for file in "${@:2}"; do
		weir lake-put "$1" "$file"
	done
}

@test "--columns: names, paths and expressions of JSON; --format, --header, --where, -n, --as-of, --since, --stats" {
	put T 1 2
	weir lake-cat --columns u,.geo.city,n T | cmp - <(cat 1 2 | weir filter true --fields .u,.geo.city,.n)
	weir lake-cat --columns '.u, .half = .n / 2, nothing' --where '.n > 150' --format csv T |
		cmp - <(cat 1 2 | weir filter '.n > 150' --fields '.u, .half = .n / 2, .nothing' --format csv)
	weir lake-cat --columns n,u --format tsv --header --as-of 0 T | cmp - <(printf 'n\tu\n' && weir filter true --fields .n,.u --format tsv 1)
	run_weir lake-cat --columns n,geo --format csv --header --where '.n >= 150' -n 1 --stats T
	assert_status 0
	assert_output $'n,geo\n150,"{""city"":""c,0""}"'
	assert_stderr_contains '1 printed'
	run_weir lake-cat --columns n --stats --where '.n >= 250' T
	assert_stderr_contains '200 records read, 50 printed'
	run_weir lake-cat --columns n --format csv --header --where '.n < 0' T
	assert_output n
	weir lake-cat --columns n --since 0 T | cmp - <(jq -c '{n}' 2)
	weir lake-cat --columns n,u --format csv --header --since start T | cmp - <(echo n,u && jq -r '"\(.n),\(.u)"' 1 2)
	cp 1 one.ndjson
	weir lake-cat --columns u --format tsv one.ndjson | cmp - <(jq -r .u 1)
}

@test "TSV and CSV: columns by number, into each other and into JSON; NUL as the end of records" {
	jq -r '[.n, .u, .geo.city] | @csv' 1 >csv
	jq -r '[.n, .u, .geo.city] | @tsv' 1 >tsv
	put csvs csv csv
	put tsvs tsv tsv
	for table in csvs tsvs; do
		for format in json tsv csv; do
			weir lake-cat --columns '$3,$1' --format $format --where '$1 > 150' $table |
				cmp - <(cat ${table%s} ${table%s} | weir filter '$1 > 150' --fields '$3,$1' --format $format)
		done
		weir lake-cat --columns '$2' $table | cmp - <(cat ${table%s} ${table%s} | weir filter true --fields '$2')
	done
	printf '1\tone\nline\0002\ttwo\0' | weir lake-put -0 nul
	run_sh "weir lake-cat --columns '\$2' --format json nul | tr '\\0' ' '"
	assert_output '{"$2":"one\nline"} {"$2":"two"} '
}

@test "--format without --columns: whole records, as map --to makes them" {
	put T 1 2
	weir lake-cat --format json T | cmp - <(cat 1 2)
	for format in tsv csv; do
		weir lake-cat --format $format T | cmp - <(cat 1 2 | weir map --to $format 'keep .n, .u, .geo')
		weir lake-cat --format $format --header --since 0 T |
			cmp - <(weir map --input json --header --to $format 'keep .n, .u, .geo' 2)
	done
	weir lake-cat --format csv T >text
	put C text
	weir lake-cat --format csv C | cmp - text
	weir lake-cat --format tsv C | cmp - <(weir lake-cat --format tsv T)
	weir lake-cat --format json -n 1 C | cmp - <(printf '%s\n' '{"$1":"100","$2":"u0","$3":"{\"city\":\"c,1\"}"}')
}

@test "partition columns: where records lack them" {
	jq -c '. + {t: "2026-11-0\(if .n < 150 then 1 else 2 end)T00:00:00Z"}' 1 >days
	weir lake-put --partition-by 'day=%F/u={.u}' --time .t T days
	run_weir lake-cat --columns day,u --where '.n in (149, 150)' T
	assert_equal "$(sort <<<"$output")" $'{"day":"2026-11-01","u":"u4"}\n{"day":"2026-11-02","u":"u0"}'
	run_weir lake-cat --columns '.day_of_n = .day + " " + string(.n)' --where '.n == 151' --format tsv T
	assert_output '2026-11-02 151'
	mkdir -p plain/day=x
	cp 1 plain/day=x/a.ndjson
	assert_equal "$(weir lake-cat -n 1 --columns day,n plain)" '{"day":"x","n":100}'
}

@test "--follow: versions as they come, a header once; marks and positions are those without --columns" {
	put T 1
	start_bg follow weir lake-cat --follow --poll 20ms --columns n,u --format csv --header T
	wait_for 20 eval 'cmp -s follow.out <(echo n,u && jq -r "\"\(.n),\(.u)\"" 1)'
	put T 2 3
	wait_for 20 eval 'cmp -s follow.out <(echo n,u && jq -r "\"\(.n),\(.u)\"" 1 2 3)'
	stop_bg follow
	assert_status 0
	weir lake-cat --position-file at --columns n --format tsv T >/dev/null
	put T 4
	weir lake-cat --position-file at --columns n --format tsv T | cmp - <(jq .n 4)
	weir lake-cat --batch 100ms -g g --columns u,geo --format tsv T | weir lake-put --commit-every 0 to
	weir lake-cat to | cmp - <(cat 1 2 3 4 | weir filter true --fields .u,.geo --format tsv)
	assert_equal "$(weir lake-cat --positions to | cut -f 2-)" $'0\t4\tg'
	weir lake-check to
}

@test "a follower that is killed at each of its points: each record once, in its new form" {
	only_plain 'kill points'
	put T 1 2
	for point in source-after-B source-before-F source-after-F source-after-ack version-read; do
		put T 3
		run_sh "WEIR_KILL_AT=$point '$BUILD/kill/bin/lake-cat' --batch 50ms -g g --columns u,n --where '.n > 150' T |
			weir lake-put --commit-every 0 to"
		[ "$status" != 0 ]
		put T 4
		weir lake-cat --batch 50ms -g g --columns u,n --where '.n > 150' T | weir lake-put --commit-every 0 to
	done
	{ cat 1 2 && for _ in 1 2 3 4 5; do cat 3 4; done; } | weir filter '.n > 150' --fields .u,.n >expected
	weir lake-cat to | cmp - expected
	weir lake-check to
}

@test "what has no such form: lines that are no records, 65 with their number; fields that no record can have, 78" {
	printf '{"n":1}\nno\n{"n":3}\n' >odd
	put odd.d odd
	printf 'a,b\n"c,d\n' | weir lake-put open
	printf '{"a":1}\n{"b":2}\n' | weir lake-put two
	printf '"a\nb",2\n' | weir lake-put lines
	while IFS='|' read -r status table words message; do
		# shellcheck disable=SC2086
		run_weir lake-cat $words $table
		assert_status "$status"
		assert_stderr_contains "$message"
		# shellcheck disable=SC2086
		run_weir lake-cat --since start $words $table
		assert_status "$status"
		assert_stderr_contains "$message"
	done <<-'END'
		65|odd.d|--columns n|record 2: this is not a JSON value
		65|odd.d|--format json|record 2: this is not a JSON value
		65|odd.d|--columns $1|this looks like JSON, which has no columns
		65|open|--columns $1|record 2: the quote is not closed
		65|open|--where $1=="x"|record 2: the quote is not closed
		65|two|--format csv|record 2: it has a field that the first record lacks
		78|odd.d|--columns n,.n|--columns: two fields are called 'n' in the output
		78|odd.d|--columns n,$1|--columns: character 3: $1 is a column, but JSON has none
		78|odd.d|--columns n,|--columns: character 3: a field is .a or $1
		78|odd.d|--columns upper(|--columns: expression, character
		2|odd.d|--header|--header needs --format tsv or csv
		2|odd.d|--columns n --header --format json|--header needs --format tsv or csv
	END
	run_weir lake-cat --columns n odd.d
	assert_output '{"n":1}' # what comes before it is printed, as by filter
	for words in '--batch 1s -g g' '--position-file at'; do
		# shellcheck disable=SC2086
		run_sh "weir lake-cat $words --format tsv two | weir lake-put to"
		[ "$status" != 0 ]
		assert_stderr_contains 'the columns of JSON are those of --columns'
	done
	run_sh "weir lake-cat --batch 1s -g g --columns '\$1' lines | weir lake-put to2"
	[ "$status" != 0 ]
	assert_stderr_contains 'a field holds what ends a record, which this format cannot have here'
	for words in '--header --format tsv --batch 1s -g g' '--positions --format tsv' '--positions --columns n' '--format xml'; do
		# shellcheck disable=SC2086
		run_weir lake-cat $words two
		assert_status 2
	done
}

@test "--columns equals filter --fields: 200 random lists over random tables, with the same seed each time" {
	run_logged python3 "$WEIR_ROOT/tests/lib/lakecatdiff.py" columns . 16 200
	assert_status 0
	assert_output ''
}
