#!/usr/bin/env bats
# Expressions in lists of fields: filter --fields, aggregate -g, detect --by; jq as the witness.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' '{"p":2,"q":3,"u":"Ann, \"A\"","t":"2026-03-29T10:00:00Z"}' '{"p":1.50,"q":"x","u":"bob","t":"2026-03-29T23:00:00Z"}' \
		'{"u":null}' >in
}

@test "computed: filter --fields, of each format in each other" {
	run_weir filter --fields '.u, .total = .p * .q, upper(.u), .p' --stats true in
	assert_status 0
	assert_equal "$output" "$(jq -c '{u, total: (if (.q|type) == "number" then .p * .q else null end),
		"upper(.u)": (.u | if . then ascii_upcase else . end), p}' in | sed 's/"p":1.5}/"p":1.50}/')"
	assert_stderr_contains '1 fault, the last: an operator has operands of types'
	run_weir filter --fields '.d = time(.t), .x = time(.t) - time("2026-03-29T09:59:59Z"), [.p,.q], .n = {a: .u + ","}' --format csv true in
	assert_output $'2026-03-29T10:00:00Z,1,"[2,3]","{""a"":""Ann, \\""A\\"",""}"\n2026-03-29T23:00:00Z,46801,"[1.50,""x""]","{""a"":""bob,""}"\n,,"[null,null]","{""a"":null}"'
	run_weir filter --header --delimiter ';' --fields '.s = float(.a) + float(.b), .t = .a + "\"", .a' true <<<$'a;b\n"1";2'
	assert_output $'s;t;a\n3.0;"1""";"1"'
	run_weir filter --fields '.s = $1 + "\t", $2, .n = int($2) * 2' --format json true <<<$'a\\tb\t7'
	assert_output '{"s":"a\tb\t","$2":"7","n":14}'
	run_weir filter --fields '$1 + "\t", $2' true <<<$'a\\tb\t7'
	assert_output $'a\\tb\\t\t7'
}

@test "computed: faults in --fields are bad records with --strict" {
	run_weir filter --strict --fields '.total = .p * .q' true in
	assert_status 65
	assert_output '{"total":6}'
	assert_stderr_contains 'record 2, .total = .p * .q: an operator has operands of types that it does not take'
	run_weir filter --strict --rejects drop --fields '.total = .p * .q' true in
	assert_status 1
	assert_output $'{"total":6}\n{"total":null}'
}

@test "computed: aggregate -g, also with --having, windows, partial results and --strict" {
	run_weir aggregate -g '.day = strftime(time(.t), "%F", "Europe/Berlin")' count --sort .day --having '.day != null' in
	assert_status 0
	assert_output $'{"day":"2026-03-29","count":1}\n{"day":"2026-03-30","count":1}'
	run_weir aggregate -g 'lower(.u), .p > 1.6' count in
	assert_output $'{"lower(.u)":null,".p > 1.6":false,"count":1}\n{"lower(.u)":"ann, \\"a\\"",".p > 1.6":true,"count":1}\n{"lower(.u)":"bob",".p > 1.6":false,"count":1}'
	run_weir aggregate -g '.k = .p * .q' count in
	assert_output $'{"k":null,"count":2}\n{"k":6,"count":1}'
	assert_stderr_contains '1 value could not be computed; the first: in: record 2, .k = .p * .q'
	run_weir aggregate --strict -g '.k = .p * .q' count in
	assert_status 65
	run_weir aggregate --strict --rejects drop -g '.k = .p * .q' count in
	assert_status 1
	assert_output $'{"k":null,"count":1}\n{"k":6,"count":1}'
	run_weir aggregate -g '.h = lower(.u)' --window 'session 1h' --time .t count in
	assert_equal "$(jq -c .h <<<"$output")" $'"ann, \\"a\\""\n"bob"'
	run_sh 'weir aggregate --partial -g ".k = .p + 1" count in | weir aggregate --merge -g ".k = .p + 2" count'
	assert_status 65
	run_sh 'cat <(weir aggregate --partial -g ".k = .p + 1" count in) <(weir aggregate --partial -g ".k = .p + 1" count in) |
		weir aggregate --merge -g ".k = .p + 1" count'
	assert_output $'{"k":null,"count":2}\n{"k":2.5,"count":2}\n{"k":3,"count":2}'
	run_weir aggregate -g '.k = lower(.nosuch)' count in
	assert_stderr_contains nosuch
}

@test "computed: many groups, as from the field itself" {
	seq 20000 | sed 's/.*/{"u":"User&"}/' >many
	run_sh 'diff <(weir aggregate -g ".u = lower(.u)" count many) <(sed s/User/user/ many | weir aggregate -g .u count)'
	assert_status 0
}

@test "computed: detect --by" {
	printf '%s\n' '{"h":"A","v":1}' '{"h":"a","v":2}' '{"h":"b","v":3}' >hosts
	run_weir detect --by 'lower(.h)' 'new .v' hosts
	assert_equal "$output" "$(sed 's/"h":"A"/"h":"a"/' hosts | weir detect --by .h 'new .v')"
}

@test "computed: wrong lists" {
	local list
	for list in '' ',' '.a,' ',.a' '.a .b' '.a = ' '.a == ' 'a' 'upper(.a' '.a,.a' '.a,.a = 1' 'nosuch(.a)' '$0' '.a = .b = 1' '"x'; do
		run_weir filter --fields "$list" true in
		assert_status 2
		[[ $stderr == 'weir filter: --fields: '* ]] || fail "$stderr"
		[ "$list" = .a,.a ] || [ "$list" = '.a,.a = 1' ] || {
			run_weir aggregate -g "$list" count in
			assert_status 2
			assert_stderr_contains '(-g)'
		}
	done
}
