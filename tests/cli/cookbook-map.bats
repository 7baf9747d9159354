#!/usr/bin/env bats
# The recipes of weir-cookbook(7) that change records of files.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/recipes

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "cookbook: computed, split, renamed, exploded" {
	echo '{"first":"Ada","last":"L","price":2.5,"qty":4,"city":"köln","path":"a/b","ts":"2026-01-02","x_id":7,"tags":["u","v"]}' >people.ndjson
	cook 'Computed, split, renamed, one record for each tag'
	assert_status 0
	local all='{"price":2.5,"qty":4,"city":"KÖLN","path":"a/b","ts":"2026-01-02","id":7,"total":10,"name":"Ada L","parts":["a","b"],"year":"2026","tag":'
	assert_equal "$(jq -Sc . <<<"$output")" "$(jq -Sc . <<<"$all\"u\"}$all\"v\"}")"
}

@test "cookbook: CSV with semicolons as JSON, and JSON as CSV" {
	printf 'id;price;paid;note\n1;2.50;true;a,b\n2;;false;\n' >sales.csv
	cook 'CSV with semicolons as JSON, and JSON as CSV' 1
	assert_status 0
	assert_output $'{"id":1,"price":2.50,"paid":true,"note":"a,b"}\n{"id":2,"price":null,"paid":false,"note":null}'
	echo '{"id":1,"geo":{"city":"Paris","x":1.50},"note":"a,b"}' >sales.ndjson
	cook 'CSV with semicolons as JSON, and JSON as CSV' 2
	assert_status 0
	assert_output $'id,geo.city,geo.x,note\n1,Paris,1.50,"a,b"'
}

@test "cookbook: how fast a counter grows" {
	printf '{"ts":"2026-01-01T00:00:%s","host":"%s","bytes":%d}\n' 00Z a 100 05Z b 7 10Z a 300 15Z b 27 >counters.ndjson
	cook 'How fast a counter grows'
	assert_status 0
	assert_equal "$(jq -c . <<<"$output")" \
		$'{"ts":"2026-01-01T00:00:10Z","host":"a","rate":20}\n{"ts":"2026-01-01T00:00:15Z","host":"b","rate":2}'
}

@test "cookbook: the days of a place" {
	printf '{"ts":"%s"}\n' 2026-03-28T23:00:00Z 2026-03-29T21:59:59Z 2026-03-29T22:00:00Z >visits.ndjson
	cook 'The days of a place'
	assert_status 0
	assert_output $'{"count":2,"day":"2026-03-29"}\n{"count":1,"day":"2026-03-30"}'
}

# What the record of standard input has changed of the one in `in`: new and other members, and names that are gone.
changes() {
	jq -c --slurpfile in in '. as $o | ($in[0] | keys_unsorted - ($o | keys_unsorted)) as $gone |
		with_entries(.key as $k | select($in[0][$k] != .value or ($in[0] | has($k) | not))) + if $gone == [] then {} else {gone: $gone} end'
}

@test "cookbook: every kind of change, each line by itself" {
	echo '{"id":1,"a":"Ada12345","b":"B","s":"x,y","ts":"2026-11-22T10:00:00+01:00","n":"7","qty":4,"price":2.5,"geo":{"city":"Oslo"},"at_x":1,"tags":["t","u"],"kv":"k=1 v=","none":null}' >in
	printf 'id,name\n1,Ann\n' >users
	echo 1 >ids
	printf 'a,b\n1,\n,true\n' >f.csv
	printf 'x;y\n1;2\n2;3,5\n' >semicolons.csv
	recipe 'Every kind of change' >lines
	cat >expected <<-'END'
		{"total":10.0}
		{"full":"Ada12345-B"}
		{"a":"ADA12345"}
		{"p":["x","y"]}
		{"y":"2026"}
		{"s":"x;y"}
		{"q":3}
		{"a":"B"}
		{"big":"n"}
		{"geo.city":"Oslo","gone":["geo"]}
		{"geo":{},"city":"Oslo"}
		{"at":{"x":1},"gone":["at_x"]}
		{"geo":"Oslo"}
		{"tag":"t","gone":["tags"]}
		{"tag":"u","gone":["tags"]}
		{"user":{"id":1,"name":"Ann"}}
		{}
		{"name":"Ada12345","gone":["a"]}
		{"x":1,"gone":["at_x"]}
		{"gone":["a","b","s","ts","n","qty","price","at_x","tags","kv","none"]}
		{"gone":["s","tags"]}
		{"unit":"kg"}
		{"n":7}
		{}
		{"a":"****2345"}
		{"ts":"2026-11-22T09:00:00Z"}
		{"d":"22.11."}
		{"k":1,"v":""}
		{"qty_delta":null}
		{}
		{"gone":["s"]}
		{}
		{}
		{"a":1,"b":null}
		{"a":null,"b":true}
		id,a
		1,Ada12345
		x;y
		2;3,5
	END
	local line
	head -n -3 lines | while IFS= read -r line; do
		bash -o pipefail -c "$line" | changes
	done | jq -c . >output
	tail -n 3 lines | bash -e >>output
	diff <(sed 's/10\.0/10/' expected) <(sed 's/10\.0/10/' output)
	[ "$(jq -r .data large | jq .id)" = 1 ]
}
