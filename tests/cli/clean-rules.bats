#!/usr/bin/env bats
# clean: rules with null, with large numbers, with fields that keep has removed, and with each other.
# bats file_tags=sample
# shellcheck disable=SC2154 # status and stderr come from the helpers
load ../lib/weir
load ../lib/clean

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf 'sixteen bytes at least\n' >key
}

# The numbers of the records of standard input that pass, counted from 1, when dedupe works by the rule $1.
passing() {
	python3 -c 'import json, sys
for n, line in enumerate(sys.stdin, 1): print(json.dumps({"n": n, **json.loads(line)}))' | clean "$1"
	python3 -c 'import json; print(*[json.loads(line)["n"] for line in open("out")])'
}

@test "clean: rename leaves null where it is, and overwrites nothing with it" {
	rule '{"old":null,"new":"x"}' '{"old":null,"new":"x"}' 'rename .old .new'
	rule '{"new":"x","old":null}' '{"new":"x","old":null}' 'rename .old .new'
	rule '{"old":null,"new":5}' '{"old":null,"new":5}' 'rename .old .new.k'
	rule '{"old":null,"new":"x"}' '{"new":"x"}' 'rename .old .new' 'drop .old'
	rule '{"old":null}' '{"old":null}' 'rename .old .new'
	rule '{"a":{"old":null},"new":[1]}' '{"a":{"old":null},"new":[1]}' 'rename .a.old .new'
	rule '{"old":5,"new":"x"}' '{"new":5}' 'rename .old .new'
	rule '{"old":"","new":"x"}' '{"new":""}' 'rename .old .new'
	rule '{"old":5,"new":"x"}' '{"old":null,"new":"x"}' 'mask .old null' 'rename .old .new'
}

@test "clean: rename of a column: an empty one overwrites nothing" {
	printf 'old,new,c\n,x,1\n5,y,2\n6,,3\n,,4\n,"q,""r",5\n' >in
	run_weir clean --header -e 'rename .old .new' in
	assert_success
	assert_output $'new,c\nx,1\n5,2\n6,3\n,4\n"q,""r",5'
	run_weir clean --header -e 'rename .old .new' -e 'upper .new' in # also for the rules after
	assert_output $'new,c\nX,1\n5,2\n6,3\n,4\n"Q,""R",5'
	run_weir clean --header -e 'trim .new' -e 'rename .old .new' in
	assert_output $'new,c\nx,1\n5,2\n6,3\n,4\n"q,""r",5'
	printf 'new\told\n\\ta\t\nb\n' >in # the second row is short
	run_weir clean --header --input tsv -e 'rename .old .new' in
	assert_status 1
	assert_output $'new\n\\ta'
}

@test "clean: rename to a place is refused where names are columns" {
	local bad
	printf 'geo,b\n1,2\n' >in
	for bad in 'rename .b .geo.city' 'rename .b .c.d' 'rename .b.c .d' 'rename .b ."x y".z'; do
		run_weir clean --header -e "$bad" in
		assert_status 2
		assert_stderr_contains 'with --header a field is one name, like .a or ."a name"'
		assert_output ''
	done
	echo 'rename .b .geo.city' >rules
	run_weir clean --header -f rules in
	assert_status 78
	run_weir clean --header -e 'rename .b ."geo.city"' in
	assert_success
	assert_output $'geo,geo.city\n1,2'
}

@test "clean: type float takes whole numbers beyond 64 bits" {
	local n
	for n in 9223372036854775808 -9223372036854775809 18446744073709551616 100000000000000000000000000 9223372036854775808.0; do
		rule "{\"a\":$n}" "{\"a\":$n}" 'type .a float'
		rule "{\"a\":\"$n\"}" "{\"a\":$n}" 'type .a float'
		rule "{\"a\":$n}" "{\"a\":\"$n\"}" 'type .a string'
	done
	rule '{"a":1e400}' '' 'type .a float'
	rule "{\"a\":1$(printf '0%.0s' {1..400})}" '' 'type .a float'
	rule '{"a":9223372036854775808}' '' 'type .a int'
}

@test "clean: keep leaves nothing of what other rules name a part of" {
	local other
	for other in 'type .geo.lat float' 'require .geo.lat' 'drop .geo.lon' 'rename .geo.lat .geo.x' 'mask .geo.lat redact' \
		'match .geo.lat 1' 'default .geo.z 1' 'rename .geo.lat .z.y'; do
		rule '{"user":"u","geo":{"lat":"1.5","lon":2}}' '{"user":"u"}' "$other" 'keep .user'
	done
	rule '{"user":"u","geo":{"lat":"1.5","lon":2}}' '{"user":"u"}' 'keep .user' 'type .geo.lat float'
	rule '{"a":{"b":{"c":1,"d":2},"e":3},"f":4}' '{"a":{"b":{"c":1}}}' 'range .a.b.d 0 5' 'range .f 0 5' 'keep .a.b.c'
	rule '{"a":{"b":{"c":1},"e":{"g":3}}}' '{"a":{"b":{"c":1}}}' 'range .a.e.g 0 5' 'keep .a.b'
	rule '{"user":"u","geo":{"lat":1}}' '{"user":"u","geo":{"lon":7}}' 'keep .user' 'default .geo.lon 7'
	rule '{"user":"u","geo":{"lat":"1.5"}}' '{"user":"u","x":"1.5"}' 'rename .geo.lat .x' 'keep .user,.x'
}

@test "clean: what keep has removed is not an obstacle for the rules after it" {
	rule '{"a":5}' '{"a":{"b":2}}' 'keep .c' 'default .a.b 2'
	rule '{"a":"x","c":1}' '{"c":1,"a":{"b":2}}' 'keep .c' 'default .a.b 2'
	rule '{"a":[1]}' '{"a":{"b":2}}' 'keep .c' 'default .a.b 2'
	rule '{"a":{"z":1}}' '{"a":{"b":2}}' 'keep .c' 'default .a.b 2'
	rule '{"a":5,"c":1}' '{"a":{"k":1}}' 'keep .c' 'rename .c .a.k'
	rule '{"a":{"b":5}}' '{"a":{"b":{"c":2}}}' 'keep .a.d' 'default .a.b.c 2'
	rule '{"a":5}' '{"a":{"b":2}}' 'keep .a.b' 'default .a.b 2'
	# before it, and within what it keeps, it is one
	rule '{"a":5}' '' 'default .a.b 2' 'keep .a.b'
	rule '{"a":5}' '' 'default .a.b x' 'keep .a.b' 'upper .a.b'
	rule '{"a":5}' '' 'keep .a' 'default .a.b 2'
	rule '{"a":5}' '{}' 'default .a.b 2' 'keep .c'
}

@test "clean: dedupe compares numbers by what they are" {
	local v
	assert_equal "$(printf '{"v":%s}\n' 1 1.0 1.00 1e0 10e-1 '"1"' 2 | passing 'dedupe .v within 1d')" '1 6 7'
	assert_equal "$(printf '{"v":%s}\n' 0 -0 -0.0 0.10 0.1 | passing 'dedupe .v within 1d')" '1 4'
	assert_equal "$(printf '{"v":%s}\n' 1e19 10000000000000000000 10000000000000000001 | passing 'dedupe .v within 1d')" '1 3'
	assert_equal "$(printf '{"v":%s}\n' '"x"' '"\u0078"' true '"true"' | passing 'dedupe .v within 1d')" '1 3 4'
	assert_equal "$(printf '{"v":%s,"w":1.0}\n' 1 1.0 | passing 'dedupe .v,.w within 1d')" 1
	# the same after a rule that casts
	printf '{"v":%s}\n' 1 1.0 '"1.00"' '"1"' 2 >in
	clean 'type .v float' 'dedupe .v within 1d' <in
	assert_equal "$(tr -d '\n' <out)" '{"v":1}{"v":2}'
	printf '{"v":%s}\n' 9223372036854775808 '"9223372036854775808"' 1.5 '"1.50"' >in
	clean 'type .v float' 'dedupe .v within 1d' <in
	assert_equal "$(tr -d '\n' <out)" '{"v":9223372036854775808}{"v":1.5}'
	printf '{"v":%s}\n' true '"true"' >in
	clean 'type .v bool' 'dedupe .v within 1d' <in
	assert_equal "$(<out)" '{"v":true}'
	printf '{"n":1}\n{"v":1,"n":2}\n{"v":1.0,"n":3}\n' >in
	clean 'default .v 1' 'dedupe .v within 1d' <in
	assert_equal "$(<out)" '{"n":1,"v":1}'
	# like the groups of aggregate
	for v in 1.0 1e0 100e-2; do
		[ "$(printf '{"v":1}\n{"v":%s}\n' "$v" | weir aggregate -g .v count | wc -l)" = 1 ]
	done
	# columns are text
	printf '1\n1.0\n1\n' | weir clean --input csv -e "dedupe \$1 within 1d" >out || [ $? = 1 ]
	assert_equal "$(<out)" $'1\n1.0'
}

@test "clean: dedupe: the clock follows records without a key, too" {
	assert_equal "$(printf '%s\n' '{"a":1,"t":0}' '{"a":null,"t":100}' '{"a":1,"t":5}' |
		passing 'dedupe .a within 10s by .t')" '1 2 3'
	assert_equal "$(printf '%s\n' '{"a":1,"t":0}' '{"t":9}' '{"a":1,"t":5}' | passing 'dedupe .a within 10s by .t')" '1 2'
	# a record without a time does not move the clock, and is passed on
	assert_equal "$(printf '%s\n' '{"a":1,"t":0}' '{"a":null,"t":"soon"}' '{"a":1,"t":5}' |
		passing 'dedupe .a within 10s by .t')" '1 2'
	# a rejected record does not move it
	printf '%s\n' '{"a":1,"t":0,"x":1}' '{"t":100,"x":2}' '{"a":1,"t":5,"x":1}' |
		clean 'dedupe .a within 10s by .t' 'one-of .x 1'
	assert_equal "$(<out)" '{"a":1,"t":0,"x":1}'
	# also over a restart
	printf '%s\n' '{"a":1,"t":0}' '{"a":null,"t":100}' | weir clean -e 'dedupe .a within 10s by .t' --state state >out
	echo '{"a":1,"t":5}' | weir clean -e 'dedupe .a within 10s by .t' --state state >out
	assert_equal "$(<out)" '{"a":1,"t":5}'
}

@test "clean: time with the fraction of %s apart" {
	rule '{"t":"1795341600,5"}' '{"t":"2026-11-22T10:00:00.500Z"}' 'time .t %s,%f'
	rule '{"t":"1795341600.5"}' '{"t":"2026-11-22T10:00:00.500Z"}' 'time .t %s.%f'
	rule '{"t":"1795341600 250000"}' '{"t":"2026-11-22T10:00:00.250Z"}' 'time .t %s %f'
	rule '{"t":1795341600.5}' '{"t":"2026-11-22T10:00:00.500Z"}' 'time .t %s.%f'
	rule '{"t":"-1.25"}' '{"t":"1969-12-31T23:59:58.750Z"}' 'time .t %s.%f'
	rule '{"t":"-0.5"}' '{"t":"1969-12-31T23:59:59.500Z"}' 'time .t %s.%f'
	rule '{"t":"1795341600.5,5"}' '' 'time .t %s,%f'
	rule '{"t":"1795341600."}' '' 'time .t %s.%f'
	rule '{"t":"1795341600.5"}' '{"t":"2026-11-22T10:00:00.500Z"}' 'time .t %s'
}

@test "clean: trim, lower and upper are about ASCII" {
	rule "$(printf '{"a":" \\u00a0x\\u3000 "}')" "$(printf '{"a":"\u00a0x\u3000"}')" 'trim .a'
	rule '{"a":"ÄB"}' '{"a":"Äb"}' 'lower .a'
	rule '{"a":"äb"}' '{"a":"äB"}' 'upper .a'
}

@test "clean, aggregate: a new file of records that go aside is its owner's" {
	(
		umask 022
		run_weir clean -e 'require .a' -e 'mask .password hash' --key key --rejects rejects <<<'{"password":"secret"}'
	)
	assert_equal "$(stat -c %a rejects)" 600
	(
		umask 022
		printf '{"t":%s}\n' 100 5 | run_weir aggregate --window 'tumbling 1s' --time .t --lateness 0s --late late count
	)
	assert_equal "$(stat -c %a late)" 600
	chmod 640 rejects # an existing file keeps its mode
	run_weir clean -e 'require .a' --rejects rejects <<<'{}'
	assert_equal "$(stat -c %a rejects)" 640
}

@test "dedupe by: a record from the far future breaks the rule, and forgets nothing; --max-ahead" {
	printf '%s\n' '{"a":1,"t":"2026-01-01T00:00:00Z"}' '{"a":2,"t":"2999-01-01T00:00:00Z"}' \
		'{"a":1,"t":"2026-01-01T00:00:05Z"}' '{"a":3,"t":"2026-01-01T00:00:06Z"}' >in
	run --separate-stderr -1 weir clean -e 'dedupe .a within 10s by .t' --rejects rejects in
	[ "$(jq -c .a <<<"$output" | tr '\n' ' ')" = '1 3 ' ]
	[ "$(jq -r .reason rejects | sort | uniq -c | tr -s ' ')" = ' 2 dedupe .a within 10s by .t' ]
	run --separate-stderr weir clean --max-ahead any -e 'dedupe .a within 10s by .t' --rejects rejects in
	[ "$(jq -c .a <<<"$output" | tr '\n' ' ')" = '1 2 1 3 ' ]
}
