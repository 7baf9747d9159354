#!/usr/bin/env bats
# The time of a record is given in the same way in every program that needs it: weir-expr(7), TIMES OF RECORDS.
# shellcheck disable=SC2154 # status, output and stderr come from the helpers
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# The day of the record REC by TIME, in each program.
assert_day() { # assert_day TIME REC DAY
	printf '%s\n' "$2" >in
	rm -rf lake
	run_weir lake-put --partition-by d=%F --time "$1" lake in
	assert_success
	assert_equal "$(find lake -name 'part-*' -printf '%h\n')" "lake/d=$3"
	run_weir aggregate --max-ahead any --window 'tumbling 1d' --time "$1" count in
	assert_success
	assert_equal "$(jq -r .window_start <<<"$output")" "$3T00:00:00Z"
	run_weir detect --all --time "$1" 'velocity count 1m 0' in
	assert_success
	assert_equal "$(jq .detect.score <<<"$output")" 1
}

# By TIME, the first two records REC are in the same minute, the third is not.
assert_dedupe() { # assert_dedupe TIME REC REC REC
	printf '%s\n' "${@:2}" >in
	run_weir clean -e "dedupe .k within 1m by $1" in
	assert_status 1
	assert_equal "$output" "$(sed 2d in)"
}

@test "times: a field, a field in a format, an expression" {
	assert_day .t '{"t":"2026-11-22T10:00:00Z"}' 2026-11-22
	assert_day .a.t '{"a":{"t":1795341600000}}' 2026-11-22
	assert_day ms@.t '{"t":1795341600}' 1970-01-21
	assert_day 's@."a t"' '{"a t":"1795341600.5"}' 2026-11-22
	assert_day '%d.%m.%Y %H:%M@.t' '{"t":"22.11.2026 10:00"}' 2026-11-22
	assert_day 'time(.t, "%d.%m.%Y") + 36h' '{"t":"22.11.2026"}' 2026-11-23
	assert_day '.t / 2' '{"t":3590683200}' 2026-11-22
}

@test "times: now, on a plain stream too" {
	local before
	before=$(date -u +%F)
	printf '{"k":1}\n' >in
	weir lake-put --partition-by d=%F --time now lake in
	weir aggregate --window 'tumbling 1d' --time now count in >out
	weir detect --all --time now 'velocity count 1m 0' in >scores
	[[ $(find lake -name 'part-*' -printf '%h\n') == lake/d=@($before|$(date -u +%F)) ]]
	[[ $(jq -r .window_start out) == @($before|$(date -u +%F))T00:00:00Z ]]
	assert_equal "$(jq .detect.score scores)" 1
	printf '{"k":1}\n{"k":1}\n' >in
	run_weir clean -e 'dedupe .k within 1h by now' in
	assert_status 1
	assert_output '{"k":1}'
}

@test "times: columns" {
	printf 'x\t22.11.2026\n' >in
	# shellcheck disable=SC2016 # columns
	run_weir aggregate --window 'tumbling 1d' --time '%d.%m.%Y@$2' count in
	assert_equal "$(jq -r .window_start <<<"$output")" 2026-11-22T00:00:00Z
	printf 'when,k\n22.11.2026,1\n22.11.2026,1\n23.11.2026,1\n' >in
	run_weir clean --header -e 'dedupe .k within 1h by %d.%m.%Y@.when' in
	assert_status 1
	assert_output $'when,k\n22.11.2026,1\n23.11.2026,1'
}

@test "times: dedupe by them" {
	assert_dedupe .t '{"k":1,"t":1795341600}' '{"k":1,"t":1795341630}' '{"k":1,"t":1795341700}'
	assert_dedupe s@.t '{"k":1,"t":5}' '{"k":1,"t":25}' '{"k":1,"t":205}'
	assert_dedupe '%d.%m.%Y %H:%M:%S@.t' '{"k":1,"t":"1.1.2026 00:00:00"}' '{"k":1,"t":"1.1.2026 00:00:40"}' '{"k":1,"t":"1.1.2026 00:02:00"}'
}

@test "times: what is none of them is reported" {
	local time
	for time in '%q@.t' '%H:%M@.t' '.t +' '%Y@.t + 1'; do
		echo "$time"
		run_weir lake-put --time "$time" lake /dev/null
		assert_status 2
		run_weir aggregate --window 'tumbling 1d' --time "$time" count /dev/null
		assert_status 2
		assert_stderr_contains '--time: '
		run_weir detect --time "$time" 'velocity count 1m 0' /dev/null
		assert_status 2
		assert_stderr_contains '--time: '
		run_weir clean -e "dedupe .k within 1m by $time" /dev/null
		assert_status 2
	done
	run_weir lake-put --time ts lake /dev/null
	assert_status 2
	assert_stderr_contains 'is not now, .FIELD, $N, FORMAT@.FIELD, FORMAT@N or an expression'
}
