#!/usr/bin/env bats
# aggregate: metrics, keys, output, limits, and hostile records.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/aggregate

setup() {
	aggregate_setup
}

@test "aggregate: count, sum, mean, min, max, var, stddev" {
	agg '{"x":2}\n{"x":4}\n{"x":4}\n{"x":4}\n{"x":5}\n{"x":5}\n{"x":7}\n{"x":9}\n' count 'sum(.x)' 'mean(.x)' 'min(.x)' 'max(.x)' 'var(.x)' 'stddev(.x)'
	is '{"count":8,"sum_x":40,"mean_x":5.0,"min_x":2,"max_x":9,"var_x":4.571428571428571,"stddev_x":2.138089935299395}'
	[ -z "$stderr" ]
}

@test "aggregate: no number at all" {
	agg '' count 'sum(.x)' 'mean(.x)' 'min(.x)' 'var(.x)' 'quantile(.x,0.5)' 'first(.x)' 'distinct(.x)' 'top(.x,2)' 'delta(.x)' 'ewma(.x,0.5)' rate
	is '{"count":0,"sum_x":null,"mean_x":null,"min_x":null,"var_x":null,"p50_x":null,"first_x":null,"distinct_x":0,"top_x":[],"delta_x":null,"ewma_x":null,"rate":null}'
	agg '{"x":1}\n' 'var(.x)' 'stddev(.x)'
	is '{"var_x":null,"stddev_x":null}'
	agg '' -g .k count
	is ''
	[ "$status" = 0 ]
}

@test "aggregate: sums are exact" {
	agg '{"x":9223372036854775807}\n{"x":9223372036854775807}\n' 'sum(.x)'
	is '{"sum_x":18446744073709551614}'
	agg '{"x":1e100}\n{"x":1}\n{"x":-1e100}\n' 'sum(.x)' 'max(.x)'
	is '{"sum_x":1.0,"max_x":1e+100}'
	agg '{"x":0.1}\n{"x":0.2}\n{"x":0.3}\n' 'sum(.x)'
	is '{"sum_x":0.6}'
	agg '{"x":-9223372036854775808}\n{"x":0.5}\n' 'min(.x)' 'max(.x)'
	is '{"min_x":-9223372036854775808,"max_x":0.5}'
}

@test "aggregate: infinities come out as null" {
	agg '{"x":1.7e308}\n{"x":1.7e308}\n' 'sum(.x)' 'max(.x)'
	is '{"sum_x":null,"max_x":1.7e+308}'
	agg 'inf\nnan\nInfinity\n1\n' --input tsv count 'sum($1)'
	is '{"count":4,"sum_$1":1}'
	[[ $stderr == *'3 values were not numbers and were left out; the first: standard input: record 1, sum($1)' ]]
}

@test "aggregate: what is not a number is left out, counted and named" {
	agg '{"x":1}\n{"x":"2"}\n{"x":true}\n{"x":null}\n{}\n{"x":[3]}\n{"x":1e999}\n' count 'sum(.x)'
	is '{"count":7,"sum_x":1}'
	[ "$status" = 0 ]
	[[ $stderr == *'4 values were not numbers and were left out; the first: standard input: record 2, sum(.x)' ]]
	agg '{"x":1}\n{"x":"2"}\n{}\n' --strict 'sum(.x)'
	[ "$status" = 65 ]
	is ''
	[ "$stderr" = 'weir aggregate: standard input: record 2, sum(.x): this is not a number' ]
	# a rejected record is counted nowhere, even if another metric could have used it
	agg '{"x":1}\n{"x":"2"}\n{}\n' --rejects aside --strict count 'sum(.x)' 'first(.x)' 'delta(.x * 1)'
	[ "$status" = 1 ]
	is '{"count":2,"sum_x":1,"first_x":1,"delta(.x * 1)":0}'
	[ "$stderr" = "weir aggregate: 1 of 3 records (33 %) was rejected and is in 'aside'" ]
	assert_equal "$(jq -c '[.reason,.record]' aside)" '["sum(.x): this is not a number",2]'
}

@test "aggregate: count of an expression is what filter selects" {
	printf '{"a":%s}\n' 1 0 null false true '""' '"x"' 12.5 >in
	for e in .a '.a == 1' '.a > 0.5' '!.a' '.a in (1, "x")' '.a =~ "x"' '.a == "a,b)"'; do
		assert_equal "$(weir aggregate n="count($e)" in)" "{\"n\":$(weir filter -c "$e" in)}"
	done
}

@test "aggregate: metrics of expressions" {
	agg '{"p":2.5,"q":2}\n{"p":1,"q":3}\n' total='sum(.p * .q)' 'max(.p + .q)' 'count(.q > 2)'
	is '{"total":8.0,"max(.p + .q)":4.5,"count(.q > 2)":1}'
}

@test "aggregate: quantiles of few numbers are exact, of many within 1 %" {
	agg '{"x":1}\n{"x":2}\n{"x":3}\n{"x":4}\n' 'quantile(.x,0,0.25,0.5,0.999,1)'
	is '{"p0_x":1.0,"p25_x":1.75,"p50_x":2.5,"p99.9_x":3.997,"p100_x":4.0}'
	run -0 bash -c 'seq 100000 | weir aggregate --input tsv q="quantile(\$1,0.5,0.99)" --format tsv --no-header'
	awk -F'\t' '{ exit !($1 > 49500 && $1 < 50500 && $2 > 98000 && $2 < 100000) }' <<<"$output"
}

@test "aggregate: first, last, delta, ewma" {
	agg '{"x":null}\n{"x":"b"}\n{"x":3}\n{"x":1.5}\n{}\n' 'first(.x)' 'last(.x)' 'delta(.x)' 'ewma(.x,0.5)'
	is '{"first_x":"b","last_x":1.5,"delta_x":-1.5,"ewma_x":2.25}'
	agg '{"x":[1, 2]}\n{"x":{"a":"\\n"}}\n' 'first(.x)' 'last(.x)'
	is '{"first_x":[1, 2],"last_x":{"a":"\n"}}'
}

@test "aggregate: distinct and top" {
	agg '{"x":"a"}\n{"x":1}\n{"x":1.0}\n{"x":"1"}\n{"x":null}\n{"x":"a"}\n' 'distinct(.x)' 'top(.x,2)'
	is '{"distinct_x":3,"top_x":[{"value":1,"count":2},{"value":"a","count":2}]}'
	run -0 bash -c 'seq 200000 | weir aggregate --input tsv d="distinct(\$1)" --format tsv --no-header'
	awk '{ exit !($1 > 195000 && $1 < 205000) }' <<<"$output"
	# counts are never too low, and the row says by how much they may be too high
	run -0 bash -c '{ seq 5000; yes 7 | head -n 3000; } | weir aggregate --input tsv t="top(\$1,1)"'
	[[ $output == '{"t":[{"value":"7","count":300'*'}]}' ]]
}

@test "aggregate: histogram" {
	agg '{"x":-1}\n{"x":0}\n{"x":9.99}\n{"x":10}\n{"x":1000}\n' 'histogram(.x,0,10)'
	is '{"histogram_x":[{"from":null,"to":0.0,"count":1},{"from":0.0,"to":10.0,"count":2},{"from":10.0,"to":null,"count":2}]}'
}

@test "aggregate: keys: null and missing are one, numbers by value, all in one order" {
	printf '{"k":%s}\n' '"b"' 1 null 1.0 '"a"' true '[1]' false '{"z":1}' 2.5 '"1"' 1e0 -3 '""' >in
	echo '{}' >>in
	run -0 weir aggregate -g .k count in
	is '{"k":null,"count":2}
{"k":false,"count":1}
{"k":true,"count":1}
{"k":-3,"count":1}
{"k":1,"count":3}
{"k":2.5,"count":1}
{"k":"","count":1}
{"k":"1","count":1}
{"k":"a","count":1}
{"k":"b","count":1}
{"k":[1],"count":1}
{"k":{"z":1},"count":1}'
	weir aggregate -g .k count in >first
	shuf --random-source=in in | weir aggregate -g .k count | cmp - first
}

@test "aggregate: several keys, paths, columns" {
	agg '{"a":"x","g":{"c":1}}\n{"a":"x","g":{"c":2}}\n{"a":"y"}\n' -g .a,.g.c count
	is '{"a":"x","g.c":1,"count":1}
{"a":"x","g.c":2,"count":1}
{"a":"y","g.c":null,"count":1}'
	agg 'u,1\nv,2\nu,3\n' --input csv -g '$1' 'sum($2)'
	is '{"$1":"u","sum_$2":4}
{"$1":"v","sum_$2":2}'
	agg 'name\tn\nada\t1\nbob\t2\n' --header --input tsv -g .name 'max(.n)'
	is '{"name":"ada","max_n":1}
{"name":"bob","max_n":2}'
}

@test "aggregate: keys with every byte" {
	agg '{"k":"a\\u0000b"}\n{"k":"a\\u0000b"}\n{"k":"a"}\n' -g .k count
	is '{"k":"a","count":1}
{"k":"a\u0000b","count":2}'
	printf 'x\xff\t1\nx\xff\t2\n' >in
	run -0 weir aggregate --input tsv -g '$1' count in
	is '{"$1":{"base64":"eP8="},"count":2}'
	run -0 weir aggregate --input tsv -g '$1' count --format table in
	[[ ${lines[1]} == 'x\xff '* ]]
	head -c 300000 /dev/zero | tr '\0' k >long
	run -0 bash -c '{ cat long; echo; cat long; echo; } | weir aggregate --input tsv -g \$1 count --format tsv --no-header'
	assert_equal "$output" "$(cat long)"$'\t2'
}

@test "aggregate: TSV and tables" {
	printf '{"k":"a\\tb","x":1.5}\n{"k":null,"x":2}\n{"k":"c d"}\n' >in
	run -0 weir aggregate -g .k count 'sum(.x)' 'top(.x,1)' --format tsv in
	is 'k	count	sum_x	top_x
	1	2	[{"value":2,"count":1}]
a\tb	1	1.5	[{"value":1.5,"count":1}]
c d	1		[]'
	run -0 weir aggregate -g .k count 'sum(.x)' --format table in
	is 'k       count  sum_x
-           1      2
a\x09b      1    1.5
c d         1      -'
	printf '{"k":"東京都"}\n{"k":"Smith, John"}\n{"k":"e\xcc\x81"}\n' >wide
	run -0 weir aggregate -g .k count --format table wide
	is "k            count
Smith, John      1
$(printf 'e\xcc\x81')                1
東京都           1"
	run -0 weir aggregate -g .k count --format table --no-header in
	[ "${#lines[@]}" = 3 ]
	weir aggregate -0 --input tsv -g '$1' count --format tsv < <(printf 'a\0b\0a\0') | tr '\0' '\n' >out
	assert_equal "$(cat out)" $'$1\tcount\na\t2\nb\t1'
}

@test "aggregate: --having, --sort, -n" {
	printf '{"k":"%s","x":%d}\n' a 1 b 5 c 3 b 5 a 1 d 10 >in
	run -0 weir aggregate -g .k count 'sum(.x)' --sort=-sum_x,k in
	is '{"k":"b","count":2,"sum_x":10}
{"k":"d","count":1,"sum_x":10}
{"k":"c","count":1,"sum_x":3}
{"k":"a","count":2,"sum_x":2}'
	run -0 weir aggregate -g .k count 'sum(.x)' --sort=.count,-.k -n 1 in
	is '{"k":"d","count":1,"sum_x":10}'
	run -0 weir aggregate -g .k count 'sum(.x)' --having '.sum_x > 2 && .k != "d"' in
	is '{"k":"b","count":2,"sum_x":10}
{"k":"c","count":1,"sum_x":3}'
	run -0 weir aggregate -g .k count -n 0 in
	is ''
	run -2 weir aggregate -g .k count --having .y in
	[[ $output == *"there is no column 'y'; the columns are k, count"* ]]
	run -2 weir aggregate -g .k count --sort y in
}

@test "aggregate: what is not a metric, and what looks like one" {
	touch 'sum(.x)' count in
	run -2 weir aggregate file
	[[ $output == *"'file' is not a metric, such as count or sum(.field)"* ]]
	run -2 weir aggregate in count
	[[ $output == *"'in' is a file: metrics, such as count or sum(.field), come before the files"* ]]
	run -2 weir aggregate 'median(.x)'
	[[ $output == *"metric 'median(.x)': there is no metric 'median': write quantile(.x,0.5)"* ]]
	printf '\n\n' >none
	run -2 weir aggregate @none </dev/null
	[[ $output == *"'@none': the file has no metric, such as count or sum(.field)"* ]]
	run -2 weir aggregate '(.x)'
	[[ $output == *"metric '(.x)': there is no metric '', only count"* ]]
	local m
	for m in 'sum' 'sum()' 'sum(.x,1)' 'quantile(.x)' 'quantile(.x,2)' 'quantile(.x,a)' 'top(.x)' 'top(.x,0)' 'top(.x,1.5)' \
		'histogram(.x,2,1)' 'ewma(.x,0)' 'sum(.x +)' 'count(.x,1)' 'sum(.x))(' 'n=nothing(.x)' 'histogram(.x)'; do
		run -2 weir aggregate "$m"
		[[ $output == *"'$m'"* ]] || fail "$m: $output"
	done
	run -2 weir aggregate count count
	[[ $output == *"two columns are called 'count'"* ]]
	run -2 weir aggregate -g .count count
	run -2 weir aggregate -g '.a,' count
	# after -- all are files
	printf '{"x":1}\n' >count
	run -0 weir aggregate 'sum(.x)' -- count
	is '{"sum_x":1}'
	run -2 weir aggregate -- count
}

@test "aggregate: --max-groups" {
	seq 1000 >in
	run --separate-stderr -75 weir aggregate --input tsv -g '$1' count --max-groups 999 in
	[ "$stderr" = 'weir aggregate: in: record 1000 begins one more group than 999 (--max-groups)' ]
	[ -z "$output" ]
	run -0 weir aggregate --input tsv -g '$1' count --max-groups 1000 in
	run --separate-stderr -0 weir aggregate --input tsv -g '$1' count 'sum($1)' --max-groups 2 --overflow other in in
	is '{"$1":"1","count":2,"sum_$1":2,"other":false}
{"$1":"2","count":2,"sum_$1":4,"other":false}
{"$1":null,"count":1996,"sum_$1":1000994,"other":true}'
	[ "$stderr" = "weir aggregate: 1996 records of groups beyond --max-groups went to 'other'" ]
	run -2 weir aggregate -g .other count --overflow other
}

@test "aggregate: memory is that of the groups" {
	only_plain 'a sanitizer reserves more than the limit'
	(
		ulimit -v 200000
		yes '{"k":"a","x":1.5}' | head -n 3000000 | weir aggregate -g .k 'quantile(.x,0.5)' 'top(.x,3)' 'distinct(.x)' >out
	)
}

@test "aggregate: malformed records in a plain stream" {
	printf '{"k":1}\n{"k":\n\n{"k":1}' >in
	run --separate-stderr -65 weir aggregate -g .k count in
	is '' # a count without some of the records would be wrong
	[[ $stderr == *'record 2, byte '* ]]
	run --separate-stderr -1 weir aggregate --rejects drop -g .k count in
	is '{"k":1,"count":2}'
	assert_stderr 'weir aggregate: 2 of 4 records (50 %) were rejected and left out'
	run --separate-stderr -65 weir aggregate --input csv -g '$1' count < <(printf 'a\n"b\nc\n')
	run --separate-stderr -2 weir aggregate --input json -g '$1' count
}

@test "aggregate: --stats" {
	run --separate-stderr weir aggregate --rejects drop --input json --stats count < <(printf '1\n2\nx\n')
	[[ $stderr == *'records 3, malformed 1, values left out 0, beyond --max-groups 0, late 0, without a time 0, beyond the years 1 to 9999 0, from the future 0' ]]
}

@test "aggregate: ten million distinct keys, of which --max-groups keeps some" {
	only_plain 'a sanitizer reserves more than the limit'
	(
		ulimit -v 400000
		seq 10000000 | weir aggregate --input tsv -g '$1' count --max-groups 100000 --overflow other --format tsv --no-header >out 2>err
		[ "$(wc -l <out)" = 100001 ]
		assert_equal "$(tail -n 1 out)" $'\t9900000\ttrue'
		grep -q "9900000 records of groups beyond --max-groups went to 'other'" err
	)
}

@test "aggregate: a directory, no such file, a closed pipe" {
	echo '{"x":1}' >in
	run --separate-stderr weir aggregate --input json 'count' . in
	[ "$status" != 0 ]
	[ "$output" = '{"count":1}' ]
	run --separate-stderr -78 weir aggregate 'sum(.x)' nowhere in
	[ "$output" = '{"sum_x":1}' ]
	set +o pipefail
	seq 1000000 | weir aggregate --input tsv -g '$1' count | head -n 1 >out
	[ "${PIPESTATUS[1]}" = 141 ]
}

@test "aggregate: what an expression cannot compute is counted, and an error with --strict" {
	printf '{"price":"12","qty":2}\n{"price":3,"qty":1}\n' >in
	run --separate-stderr weir aggregate 'sum(.price * .qty)' in
	assert_status 0
	assert_output '{"sum(.price * .qty)":3}'
	assert_stderr 'weir aggregate: 1 value could not be computed; the first: in: record 1, sum(.price * .qty): an operator has operands of types that it does not take'
	run --separate-stderr weir aggregate --strict --stats 'sum(.price * .qty)' in
	assert_status 65
	assert_stderr_contains 'in: record 1, sum(.price * .qty): an operator has operands of types that it does not take'
	assert_stderr_contains 'values left out 1,'
	# other faults, other metrics
	printf '{"a":1,"b":0,"s":5}\n{"a":4,"b":2,"s":"x"}\n' >in
	local metric
	for metric in 'max(.a / .b)' 'count(.s > "x")' 'count(.s =~ "^a")' 'first(lower(.s))' 'distinct(.a % .b)' 'top(.s + "x",3)'; do
		run --separate-stderr weir aggregate "$metric" in
		assert_status 0
		assert_stderr_contains '1 value could not be computed; the first: in: record '
		run -65 weir aggregate --strict "$metric" in
	done
	printf '{"s":"%s!"}\n{"s":"a"}\n' "$(printf '%060d' 0 | tr 0 a)" >steep
	run --separate-stderr weir aggregate 'count(.s =~ "^(a|a)+$")' steep
	assert_stderr 'weir aggregate: 1 value could not be computed; the first: steep: record 1, count(.s =~ "^(a|a)+$"): a regular expression took too many steps'
	run --separate-stderr weir aggregate -g .a --having '.max_b > "x"' 'max(.b)' in
	assert_status 0
	assert_stderr 'weir aggregate: --having could not be computed for 2 rows: values of unlike types are compared'
	run -65 weir aggregate --strict --having '.count > "x"' count in
}

@test "aggregate: a value that several metrics take counts once" {
	printf '{"x":"a"}\n{"x":1}\n' >in
	run --separate-stderr weir aggregate --stats 'sum(.x)' 'min(.x)' 'stddev(.x)' in
	assert_stderr 'weir aggregate: 1 value was not a number and was left out; the first: in: record 1, sum(.x)
weir aggregate: records 2, malformed 0, values left out 1, beyond --max-groups 0, late 0, without a time 0, beyond the years 1 to 9999 0, from the future 0'
	printf '{"x":"a","y":"b"}\n{"x":"c"}\n' >in
	run --separate-stderr weir aggregate 'sum(.x)' 'min(.y)' in
	assert_stderr 'weir aggregate: 3 values were not numbers and were left out; the first: in: record 1, sum(.x)'
}

@test "aggregate: no row of a file that is not there" {
	run --separate-stderr weir aggregate count nofile
	assert_status 78
	assert_output ''
	run --separate-stderr weir aggregate count 'sum(.x)' nofile nofile2
	assert_status 78
	assert_output ''
	# there is a row for the readable records
	printf '{"x":1}\n' >in
	run --separate-stderr weir aggregate count nofile in
	assert_status 78
	assert_output '{"count":1}'
	assert_equal "$(weir aggregate count /dev/null)" '{"count":0}'
}
