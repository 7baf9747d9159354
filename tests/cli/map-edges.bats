#!/usr/bin/env bats
# map: records in which a statement has nothing to do or no place, and texts that are not quite what they should be.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# Check that the program in $1, with the options after it, makes of standard input what file descriptor 3 has.
makes() {
	run_weir map "$@"
	assert_status 0
	assert_output "$(cat <&3)"
}

@test "map: explode leaves all records with the same columns" {
	printf 'id,tags,z\n1,a;b,p\n2,,q\n3,c,r\n' >in
	makes --header '.tags = split(.tags, ";"); explode .tags as .tag' in 3<<<$'id,z,tag\n1,p,a\n1,p,b\n2,q,\n3,r,c'
	makes --header --to json '.tags = split(.tags, ";"); explode .tags as .tag; where .id == 2' in \
		3<<<'{"id":"2","tags":[],"z":"q"}'
	makes '$2 = split($2, ";"); explode $2 as $4' <(printf '1\ta;b\tp\n2\t\tq\n') 3<<<$'1\tp\ta\n1\tp\tb\n2\tq\t'
}

@test "map: explode without a place for the elements is a fault, and changes nothing" {
	echo '{"a":[1,2],"b":5}' >in
	makes --stats 'explode .a as .b.c; .d = 1' in 3<<<'{"a":[1,2],"b":5,"d":1}'
	assert_stderr_contains ', 1 fault,'
	run_weir map --strict 'explode .a as .b.c' in
	assert_status 65
	assert_stderr "weir map: in: record 1, explode .a as .b.c: there is no place for a new member"
	printf '{"a":[1,2,3]}\n{"a":[4]}\n' >in
	run_weir map --strict --rejects drop 'explode .a; .b = .a + "x"' in
	assert_status 1
	assert_stderr 'weir map: 2 of 2 records (100 %) were rejected and left out'
}

@test "map: parse csv, kv and logfmt refuse quotes that do not end with their field" {
	local text
	for text in 'csv 1,"Smith, J' 'csv a,"b"c' 'kv a="x"y b=1' 'logfmt a b="x\"'; do
		run_weir map --strict "parse .s ${text%% *} into .p" <(jq -cn --arg s "${text#* }" '{s: $s}')
		assert_status 65
		[[ $stderr == *'the text does not have this form' ]]
	done
	makes 'parse .s csv into .p; keep .p' <(echo '{"s":"\"a\"\"x\",\"\",b\"c"}') 3<<<'{"p":["a\"x","","b\"c"]}'
	makes 'parse .s kv into .p; keep .p' <(printf '%s\n' '{"s":"a=\"x\\\" z\", b=1"}') 3<<<'{"p":{"a":"x\" z","b":1}}'
}

@test "map: columns that are new by their number, and objects that were emitted, have a header" {
	printf 'a,b\n1,2\n3,4\n' >in
	makes --header '$3 = .a' in 3<<<$'a,b,3\n1,2,1\n3,4,3'
	makes --header 'where .a == 1; $5 = 5' in 3<<<$'a,b,3,4,5\n1,2,,,5'
	makes --header --to csv 'emit {x: .a, y: .b}; .z = .y' in 3<<<$'x,y,z\n1,2,2\n3,4,4'
}

@test "map: after emit, fields have names, whatever was read" {
	makes 'emit {x: {y: $1}}; .x.z = .x.y; flatten' <(printf 'a\tb\n') 3<<<'{"x.y":"a","x.z":"a"}'
	local program
	for program in '$3 = 1' '.x = $1' 'del $1' 'explode .x as $2' 'require $1'; do
		run_weir map "emit {x: \$1}; $program" <(printf 'a\tb\n')
		assert_status 2
		[[ $stderr == *"statement '$program': after emit the record is an object, whose fields have names"* ]]
	done
}

@test "map: --infer-types also within arrays and objects; without it columns are strings there" {
	printf 'a,b\n1,x\n2.50,true\n' >in
	makes --header --to json --infer-types 'emit {n: [.a, .b, max([.a, 2])]}' in 3<<<$'{"n":[1,"x",2]}\n{"n":[2.50,true,2.50]}'
	makes --header --to json 'emit {n: [.a, float(.a)]}' in 3<<<$'{"n":["1",1.0]}\n{"n":["2.50",2.5]}'
}

@test "map: lists that are not what they look like are refused" {
	local program reason
	while IFS='|' read -r program reason; do
		run_weir map "$program" /dev/null
		assert_status 2
		[[ $stderr == *"$reason"* ]] || { echo "$program: $stderr"; return 1; }
	done <<-'END'
		null-if x,y|texts of a list are in quotes
		null-if x, y|texts of a list are in quotes
		del .a[0], .a[2]|two elements of an array
		del .a.b[0], .c, .a.b[1].d|two elements of an array
		del .a[0].p[1], .a[0].p[0]|two elements of an array
		del .a[0].b, .a[0]|two elements of an array
		keep .c, .a[1].b|keep cannot go into arrays
		rename .a[0] .b|rename cannot go into arrays
		parse .s grok "%{NUMBER:a:foo}"|a type is int or float: 'NUMBER:a:foo'
	END
	makes 'del .a[0].p, .a[0].q, .a[1].p, .a[1].s[0]' <(echo '{"a":[{"p":1,"q":2,"r":3},{"p":1,"s":[4,5]}]}') \
		3<<<'{"a":[{"r":3},{"s":[5]}]}'
	makes 'del .a[0], .b[0]; null-if "x", y' <(echo '{"a":[1,2],"b":[3,4],"c":"y"}') 3<<<'{"a":[2],"b":[4],"c":null}'
}

@test "map: a file of lookup that is not whole is refused" {
	printf 'k,v\n1,one\n"2,two\n' >open.csv
	printf '{"k":1}\n[1]\n' >array.json
	run_weir map 'lookup open.csv on .a = .k as .b' /dev/null
	assert_status 78
	assert_stderr "weir map: cannot look into 'open.csv': record 2: the quote is not closed"
	run_weir map 'lookup array.json on .a = .k as .b' /dev/null
	assert_status 78
	assert_stderr "weir map: cannot look into 'array.json': record 2: it is not an object"
}

@test "map: grok takes whole addresses, and its types" {
	echo '{"s":"300.2.3.4"}' >in
	run_weir map --strict 'parse .s grok "%{IP:b}"' in
	assert_status 65
	makes 'parse .s grok "%{NUMBER:a:int} %{NUMBER:n:int} %{NUMBER:f:float} %{WORD:w:int}"; del .s' \
		<(echo '{"s":"007 -5.7 2.50 x"}') 3<<<'{"a":7,"n":-5,"f":2.5,"w":"x"}'
	local text value
	while read -r text value; do
		makes 'parse .s grok "^%{NOTSPACE:n:int}$"; del .s' <(printf '{"s":"%s"}\n' "$text") 3<<<"{\"n\":$value}"
	done <<-'END'
		12ms 12
		-0012.5e9 -12
		+7 7
		99999999999999999999.5 99999999999999999999
		-99999999999999999999x -99999999999999999999
		000099999999999999999999 99999999999999999999
		9223372036854775807 9223372036854775807
		-9223372036854775808 -9223372036854775808
		-0 0
		ms12 "ms12"
		-x "-x"
	END
	makes 'parse .s grok "%{INT:n:int} %{WORD}" into .o' <(echo '{"s":"99999999999999999999 ms"}') \
		3<<<'{"s":"99999999999999999999 ms","o":{"n":99999999999999999999}}'
}

@test "map: a byte order mark before JSON is a mistake, as elsewhere; before a header it is left out" {
	run_weir map '.b = 1' <(printf '\xef\xbb\xbf{"a":1}\n')
	assert_status 65
	[[ $stderr == *'it begins with a byte order mark'* ]]
	makes --header '.b = .a' <(printf '\xef\xbb\xbfa\n1\n') 3<<<$'a,b\n1,1'
}

@test "map: 80,000 members with one name, or that get one" {
	seq 80000 | sed 's/.*/"k&":&/' | paste -sd , | sed 's/.*/{&}/' >many
	makes "rename '[0-9]+' m" many 3<<<'{"km":80000}'
	sed 's/"k[0-9]*"/"a.k"/g' many >same
	makes unflatten same 3<<<'{"a":{"k":80000}}'
}

@test "map: in columns, rename takes what was computed for a value, and only empty ones for null" {
	printf 'a,b\n1,2\n' >in
	makes --header '.a = 5 * 1; rename .a .b' in 3<<<$'b\n5'
	makes --header '.a = .b > 1; rename .a .b' in 3<<<$'b\ntrue'
	makes --header '.a = 2.5 * 1; rename .a .b' in 3<<<$'b\n2.5'
	makes --header '.a = time("2020-01-01T00:00:00Z"); rename .a .b' in 3<<<$'b\n2020-01-01T00:00:00Z'
	makes --header '.a = ""; rename .a .b' in 3<<<$'b\n2'
	makes --header '.a = null; rename .a .b' in 3<<<$'b\n2'
}

@test "map: of columns with one name, those that do not count go when the last one is changed, removed or renamed" {
	printf 'a,b,a\nx,y,z\nu,v,\n' >in
	makes --header 'mask .a redact' in 3<<<$'b,a\ny,***\nv,'
	makes --header 'default .a w' in 3<<<$'b,a\ny,z\nv,w'
	makes --header 'upper .a' in 3<<<$'b,a\ny,Z\nv,'
	makes --header --to json 'mask .a redact' in 3<<<$'{"b":"y","a":"***"}\n{"b":"v","a":""}'
	makes --header 'del .a' in 3<<<$'b\ny\nv'
	makes --header 'rename .a .c' in 3<<<$'b,c\ny,z\nv,'
	makes --header 'rename .b .a' in 3<<<$'a\ny\nv'
	makes --header 'keep .a' in 3<<<$'a\nz\n""'
	makes --header 'explode .a as .c' in 3<<<$'b,c\ny,\nv,'
	makes --header "rename 'a' 'c'" in 3<<<$'b,c\ny,z\nv,'
	makes --header 'del $1' in 3<<<$'b,a\ny,z\nv,'
	makes --header 'mask $3 redact' in 3<<<$'a,b,a\nx,y,***\nu,v,'
	makes --header 'mask .b redact; require .b' in 3<<<$'a,b,a\nx,***,z\nu,***,'
}

@test "map: flatten and unflatten are for JSON, whether columns have names or not" {
	local format statement
	printf '{"a":1}\t2\n' >in
	for statement in flatten unflatten 'flatten "_"'; do
		for format in '--input tsv' '--input csv' '--header' '--delimiter ;'; do
			# shellcheck disable=SC2086 # two words
			run_weir map $format "$statement; where true" in
			assert_status 2
			[[ $stderr == *"statement '$statement': it is for JSON"* ]]
		done
		makes "$statement; \$3 = \$1" <(printf 'x{\t{"a":1}\t2\n') 3<<<$'x{\t{"a":1}\tx{'
	done
	makes --input tsv 'emit {a: {b: $2}}; flatten' in 3<<<'{"a.b":"2"}'
}

@test "map: explode of a value that is no array, onto a column that is there, and onto itself" {
	makes --header 'explode .a as .b' <(printf 'a,b\n1,2\n') 3<<<$'b\n""'
	makes --header '.a = split(.a, ";"); explode .a as .b' <(printf 'a,b,c\n1;2,x,y\n,x,y\n') 3<<<$'b,c\n1,y\n2,y\n,y'
	makes --header 'explode .a as .a' <(printf 'a,b\n1,2\n') 3<<<$'a,b\n1,2'
	makes --header '.a = split(.a, ";"); explode .a as .a' <(printf 'a,b\n1;2,x\n') 3<<<$'a,b\n1,x\n2,x'
	makes 'explode $1 as $1' <(printf '1\t2\n') 3<<<$'1\t2'
	makes 'explode .o.a as .o.a' <(echo '{"o":{"a":[1,2],"b":3}}') 3<<<$'{"o":{"a":1,"b":3}}\n{"o":{"a":2,"b":3}}'
}

@test "map: explode of a long array within an object takes as long as it is" {
	seq 200000 | paste -sd , | sed 's/.*/{"o":{"i":[&],"k":1}}/' >long
	run -0 bash -c 'timeout 20 weir map "explode .o.i as .o.j" long | tail -n 1'
	assert_equal "$output" '{"o":{"k":1,"j":200000}}'
	run -0 bash -c 'timeout 20 weir map "explode .o.i" long | tail -n 1'
	assert_equal "$output" '{"o":{"i":200000,"k":1}}'
}

@test "map: flatten of members with one name has what the last one has, and unflatten takes null for nothing" {
	makes flatten <(echo '{"a":1,"a":2,"b":{"x":1}}') 3<<<'{"a":2,"b.x":1}'
	makes flatten <(echo '{"b":{"x":1,"y":1},"b":{"x":2}}') 3<<<'{"b.x":2}'
	makes flatten <(echo '{"b":{"x":1},"b":2,"c":{"d":1}}') 3<<<'{"b":2,"c.d":1}'
	makes 'flatten .b' <(echo '{"a":1,"a":2,"b":{"x":1},"b":{"y":{"z":2}}}') 3<<<'{"a":1,"a":2,"b.y.z":2}'
	makes flatten <(echo '{"a":1,"a":2,"b":{ }}') 3<<<'{"a":1,"a":2,"b":{ }}'
	makes '.b = {x: {y: [1]}}; flatten _' <(echo '{"a":"{}"}') 3<<<'{"a":"{}","b_x_y":[1]}'
	makes unflatten <(echo '{"a":null,"a.b":1}') 3<<<'{"a":{"b":1}}'
	makes unflatten <(echo '{"x.a":null,"x.a.b":1,"y":3,"y.z":4}') 3<<<'{"y":3,"y.z":4,"x":{"a":{"b":1}}}'
}

@test "map: flatten makes no more of a record than --max-record allows" {
	printf '{"%s":{%s},"b":1}\n' "$(printf '%05000d' 0)" "$(printf '"k%d":1,' {1..499} | sed 's/,$//')" >in
	makes --max-record 15K --stats 'flatten; .b = 2' in 3<<<"$(sed 's/"b":1/"b":2/' in)"
	assert_stderr_contains ', 1 fault, the last: the record would be longer than --max-record'
	run_weir map --max-record 2M --strict flatten in
	assert_status 65
	assert_stderr 'weir map: in: record 1, flatten: the record would be longer than --max-record'
	run -0 bash -c 'weir map --max-record 3M flatten in | wc -c'
	((output > 2490000))
}

@test "map: string() is a string, whatever --infer-types would make of the column" {
	printf 'zip\n123\n1e5\ntrue\n' >in
	makes --header --to json --infer-types 'emit {s: string(.zip), l: [string(.zip), .zip]}' in \
		3<<<$'{"s":"123","l":["123",123]}\n{"s":"1e5","l":["1e5",1e5]}\n{"s":"true","l":["true",true]}'
	makes --header --to json --infer-types '.s = string(.zip)' in \
		3<<<$'{"zip":123,"s":"123"}\n{"zip":1e5,"s":"1e5"}\n{"zip":true,"s":"true"}'
	makes --header --to json '.e = string(.zip) == 123; .f = .zip == 123' <(printf 'zip\n123\n') \
		3<<<$'{"zip":"123","e":false,"f":true}'
}

@test "map: parse kv and logfmt into a field have the last value of a key" {
	printf '{"m":"a=1 b=2 a=3 ab=5 ba=6"}\n' >in
	makes 'parse .m kv into .o; keep .o' in 3<<<'{"o":{"b":2,"a":3,"ab":5,"ba":6}}'
	makes 'parse .m kv; del .m' in 3<<<'{"a":3,"b":2,"ab":5,"ba":6}'
	makes 'parse .m logfmt into .o; keep .o' <(echo '{"m":"a b=\"x y\" a=2 b c"}') 3<<<'{"o":{"a":2,"b":true,"c":true}}'
	makes 'parse .m kv into .o; keep .o' <(echo '{"m":"=1 =2"}') 3<<<'{"o":{"":2}}'
	{ printf '{"m":"'; printf 'k%d=1 ' {1..3000} {1..2999} && echo 'k3000=7"}'; } >many
	makes 'parse .m kv into .o; emit {n: length(.o), k: .o.k3000, l: .o.k1}' many 3<<<'{"n":3000,"k":7,"l":1}'
	run_weir map 'parse .m grok "%{WORD:a} %{WORD:a}" into .o' /dev/null
	assert_status 2
}

@test "map: what is not an object passes where no statement changes it; columns of lookup that are numbers are that" {
	printf '5\n[1]\n' >in
	makes --input json 'where true; sample 1; one-of .a x' in 3<<<$'5\n[1]'
	makes --input json 'emit {a: .}' in 3<<<$'{"a":5}\n{"a":[1]}'
	run_weir map --input json 'null-if ""' in
	assert_status 65
	printf 'k,v,w,x\n1,007,1e5,true\n' >look.csv
	makes 'lookup look.csv on .k as .o' <(echo '{"k":1}') 3<<<'{"k":1,"o":{"k":1,"v":"007","w":1e5,"x":"true"}}'
}

@test "map: what is masked or removed within an object goes from those of its name that do not count, too" {
	local statement
	for statement in 'mask .g.a redact' 'del .g.a'; do
		makes "$statement" <(echo '{"g":{"a":"secret"},"b":1,"g":{}}') 3<<<'{"b":1,"g":{}}'
		makes "$statement" <(echo '{"g":{"a":"secret"},"b":1,"g":5}') 3<<<'{"b":1,"g":5}'
		makes "$statement" <(echo '{ "g": {"b":"x"}, "b":1}') 3<<<'{ "g": {"b":"x"}, "b":1}'
	done
	for statement in 'mask .g.h.a.b redact' 'del .g.h.a.b'; do
		makes "$statement" <(echo '{"g":{ "h" : {"a":{"b":"secret"}}, "h": {"a":{"b":"x"},"a": 1}, "i":1}}') 3<<<'{"g":{ "h": {"a": 1}, "i":1}}'
		makes "$statement" <(echo '{"g":{ "h" : {"a":{"b":"secret"}}, "h": 1}}') 3<<<'{"g":{ "h": 1}}'
		makes "$statement" <(echo '{ "g":{ "h" : { "a": {} }} }') 3<<<'{ "g":{ "h" : { "a": {} }} }'
	done
	makes 'del .g.a' <(echo '{"g":{"a":"secret"},"g":{"a":1,"b":2}}') 3<<<'{"g":{"b":2}}'
}
