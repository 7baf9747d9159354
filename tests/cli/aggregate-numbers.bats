#!/usr/bin/env bats
# aggregate: numbers are exact, however large they are.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "aggregate: integers beyond 64 bits keep their digits" {
	printf '{"x":10000000000000000001}\n{"x":10000000000000000000}\n' >in
	run --separate-stderr weir aggregate 'max(.x)' 'min(.x)' 'sum(.x)' 'delta(.x)' 'first(.x)' 'last(.x)' in
	assert_success
	assert_output '{"max_x":10000000000000000001,"min_x":10000000000000000000,"sum_x":20000000000000000001,"delta_x":-1,"first_x":10000000000000000001,"last_x":10000000000000000000}'
	# of CSV, negative, beyond 128 bits, beside small ones
	printf '%s\n' 1,-340282366920938463463374607431768211457 1,5 2,-9223372036854775809 2,9223372036854775808 >in
	run --separate-stderr weir aggregate -g '$1' 'sum($2)' 'max($2)' 'min($2)' 'delta($2)' in
	assert_success
	assert_output '{"$1":"1","sum_$2":-340282366920938463463374607431768211452,"max_$2":5,"min_$2":-340282366920938463463374607431768211457,"delta_$2":340282366920938463463374607431768211462}
{"$1":"2","sum_$2":-1,"max_$2":9223372036854775808,"min_$2":-9223372036854775809,"delta_$2":18446744073709551617}'
}

@test "aggregate: equal numbers are one key, in the order of their size" {
	printf '{"x":%s}\n' 1e19 10000000000000000000 12345678901234567890 9223372036854775808 9007199254740993.0 9007199254740993 \
		1e400 10e399 -1e400 7 7.0 -12345678901234567890 1e23 100000000000000000000000 1.5e300 >in
	run --separate-stderr weir aggregate -g .x count in
	assert_success
	assert_output '{"x":-1e+400,"count":1}
{"x":-12345678901234567890,"count":1}
{"x":7,"count":2}
{"x":9007199254740993,"count":2}
{"x":9223372036854775808,"count":1}
{"x":10000000000000000000,"count":2}
{"x":12345678901234567890,"count":1}
{"x":1e+23,"count":2}
{"x":1.5e+300,"count":1}
{"x":1e+400,"count":2}'
	assert_equal "$(weir aggregate 'distinct(.x)' in)" '{"distinct_x":10}'
	assert_equal "$(weir aggregate 'top(.x,20)' in | jq '.top_x | map(.count) | add, length')" '15
10'
	# expressions have the same order
	assert_equal "$(weir aggregate -g .x count in | weir filter --strict '.x > 9007199254740992.5' | wc -l)" 7
	printf '{"a":1e23,"b":99999999999999991611392}\n{"a":1e19,"b":10000000000000000000}\n' >in
	assert_equal "$(weir filter -c '.a == .b' in)" 1
	# and so has detect
	printf '{"x":1e19}\n{"x":10000000000000000000}\n{"x":10000000000000000001}\n' >in
	assert_equal "$(weir detect --stats --all --by .x --value .x 'zscore' in 2>&1 | grep -o '[0-9]* keys')" '2 keys'
}

@test "aggregate: numbers of all sizes beside Python's integers and fractions" {
	for seed in 1 2 3 4; do
		python3 "$WEIR_ROOT/tests/lib/numbersdiff.py" "$seed" 600
	done
}

@test "aggregate: standard deviations whose squares are not doubles" {
	printf '{"x":1e160}\n{"x":2e160}\n' >in
	run --separate-stderr weir aggregate 'stddev(.x)' 'var(.x)' in
	assert_success
	assert_output '{"stddev_x":7.071067811865476e+159,"var_x":null}' # 5e319 is not a double
	printf '{"x":1e-200}\n{"x":3e-200}\n' >in
	assert_equal "$(weir aggregate 'stddev(.x)' in)" '{"stddev_x":1.414213562373095e-200}'
	# in parts
	printf '{"x":1e160}\n' >one
	printf '{"x":2e160}\n' >two
	weir aggregate --partial 'stddev(.x)' one >p
	weir aggregate --partial 'stddev(.x)' two >>p
	assert_equal "$(weir aggregate --merge 'stddev(.x)' p)" '{"stddev_x":7.071067811865476e+159}'
}

@test "aggregate: quantiles over any number of decades are within 1 %" {
	local decades
	for decades in 20 24 600; do
		python3 - "$decades" <<-'END' >in 2>wanted
			import random, sys
			rng, decades = random.Random(1), int(sys.argv[1])
			values = [10 ** (decades * (rng.random() - 0.5)) for _ in range(9001)]
			for v in values:
			    print('{"x":%.17g}' % v)
			values.sort()
			print(*(values[900 * i] for i in (1, 2, 5, 9)), file=sys.stderr)
		END
		weir aggregate --format tsv --no-header 'quantile(.x,0.1,0.2,0.5,0.9)' in | paste - wanted | tr ' ' '\t' >both
		awk '{ for (i = 1; i <= 4; i++) if (($i / $(i + 4) - 1) ^ 2 > 1e-4) exit 1 }' both
	done
}

@test "aggregate: top keeps values of any length" {
	python3 - <<-'END' >in
		import json
		for s in ['q' * 5000] * 3 + ['s'] + ['r' * 100000] * 2:
		    print(json.dumps({'s': s}))
	END
	run --separate-stderr weir aggregate 'top(.s,3)' in
	assert_success
	assert_equal "$(jq -c '.top_s | map([(.value | length), .count])' <<<"$output")" '[[5000,3],[100000,2],[1,1]]'
	weir aggregate --partial 'top(.s,3)' in >p
	weir aggregate --merge 'top(.s,3)' p | cmp - <(weir aggregate 'top(.s,3)' in)
}
