#!/usr/bin/env bats
# map: statements on JSON, TSV and CSV; jq, Miller and Python as the witnesses; marked streams.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export MARKER=$BUILD/servers/marker
	printf '%s\n' '{"id":1, "price":2.5,"qty":4 ,"geo":{"city":"Paris","at":{"x":1}},"items":[{"sku":"a"},{"sku":"b"}]}' \
		'{"id":2,"price":"?","qty":1,"geo":null,"items":[]}' '{"id":3,"x.y":1,"s":"a\u00e4\n"}' >in
	printf 'sku,name,price\na,Apple,1.50\nb,"Bean, green",2\n' >products.csv
}

# Check that the program in $1 prints for `in`, or for the options and files after it, what standard input has.
gives() {
	local program=$1
	shift
	run_weir map "$program" "${@:-in}"
	assert_status 0
	assert_output "$(cat)"
}

@test "map: assignments, in the order of the program; what they do not name stays byte for byte" {
	gives '.total = .price * .qty; .twice = .total * 2' <<-'END'
		{"id":1, "price":2.5,"qty":4 ,"geo":{"city":"Paris","at":{"x":1}},"items":[{"sku":"a"},{"sku":"b"}],"total":10.0,"twice":20.0}
		{"id":2,"price":"?","qty":1,"geo":null,"items":[],"total":null,"twice":null}
		{"id":3,"x.y":1,"s":"a\u00e4\n","total":null,"twice":null}
	END
	gives '.geo.city = upper(.geo.city); .geo.at.y = .id; where .id < 3; keep .geo' <<-'END'
		{"geo":{"city":"PARIS","at":{"x":1,"y":1}}}
		{"geo":{"city":null,"at":{"y":2}}}
	END
	gives '.t = .s; .id = string(.id) ; keep .t,.id' <<-'END'
		{"id":"1","t":null}
		{"id":"2","t":null}
		{"id":"3","t":"a\u00e4\n"}
	END
	gives '.o.b = 5; .o.n = .x; del .o.c; mask .o.p.q redact' <(printf '{"o" : { "a" :1.0 ,"b": 2 , "c" : [ ],\t"p":{ "q" : "r" } }, "x" : 7 }\n') <<-'END'
		{"o" : { "a" :1.0 ,"b": 5 ,	"p":{ "q" : "***" } ,"n":7}, "x" : 7 }
	END
	gives '# nothing at all' <in
	gives '.items[0].sku = "z"; where exists(.items[0]); keep .items' <<<'{"items":[{"sku":"z"},{"sku":"b"}]}'
}

@test "map: random programs give what jq gives, by splices and by rows" {
	"$WEIR_ROOT/tests/lib/mapdiff.py" 21 60
}

@test "map: a member that comes twice: the last one counts, and removing it brings no other back" {
	echo '{"a":1,"b":2,"a":3}' >twice
	gives '.b = .a' twice <<<'{"a":1,"b":3,"a":3}'
	gives 'del .a' twice <<<'{"b":2}'
	gives '.a = 5' twice <<<'{"a":1,"b":2,"a":5}'
}

@test "map: del, keep, rename" {
	gives 'del .geo.at, .items, .nothing.x; where .id == 1' <<<'{"id":1, "price":2.5,"qty":4 ,"geo":{"city":"Paris"}}'
	gives 'keep .geo.at.x, .id; where .id == 1' <<<'{"id":1,"geo":{"at":{"x":1}}}'
	gives 'where .id == 1; keep .id, .qty; rename .qty .n' <<<'{"id":1,"n":4 }'
	gives 'rename "^(.)d$" "\1D"; keep .iD' <<<$'{"iD":1}\n{"iD":2}\n{"iD":3}'
	gives 'rename .a .b' <(printf '{"a":%s,"b":1}\n' null 2) <<<$'{"a":null,"b":1}\n{"b":2}'
}

@test "map: rename brings back no other member of either name; of several the last one gets a column" {
	printf '%s\n' '{"b":1,"a":3,"b":2}' '{"a":3,"b":1,"b":2}' '{"a":1,"c":0,"a":2}' >several
	gives 'rename .a .b' several <<<$'{"b":3}\n{"b":3}\n{"c":0,"b":2}'
	gives 'rename "^a$" "b"' several <<<$'{"b":3}\n{"b":3}\n{"c":0,"b":2}'
	gives 'where true' --to csv <(printf '%s\n' '{"b":1,"a":2}' '{"a":3,"a":4,"b":5}') <<<$'1,2\n5,4'
}

@test "map: JSON of several lines in a text becomes part of a line; names that are not UTF-8 are names of JSON" {
	printf '%s\n' '{"t":"{\n  \"a\": [1,\n 2],\r\n \"s\":\"x\\ny\"}"}' >lines
	gives '.t = json(.t); .a = .t.a' lines <<<'{"t":{"a": [1,2],"s":"x\ny"},"a":[1,2]}'
	printf 'a\xff,b\n1,2\n' >names.csv
	gives '.c = 1' --header --to json names.csv <<<'{"a\\xff":"1","b":"2","c":1}'
	gives 'lookup names.csv on .k = .b as .o' <(echo '{"k":"2"}') <<<'{"k":"2","o":{"a\\xff":1,"b":2}}'
}

@test "map: flatten and unflatten, as Miller does" {
	gives 'where .id == 1; flatten; del .items' <<<'{"id":1, "price":2.5,"qty":4 ,"geo.city":"Paris","geo.at.x":1}'
	gives 'where .id == 1; flatten .geo _; keep .geo_city,.geo_at_x' <<<'{"geo_city":"Paris","geo_at_x":1}'
	gives 'where .id == 3; unflatten; del .s' <<<'{"id":3,"x":{"y":1}}'
	run_weir map 'del .items; where .id == 1; flatten :' in
	assert_output "$(head -n 1 in | mlr --ijson --ojsonl flatten -s : "then" cut -x -r -f '^items' | sed 's/1, "price/1, "price/' | jq -c . |
		sed 's/"id":1,/"id":1, /; s/"qty":4,/"qty":4 ,/')"
}

@test "map: unflatten of many members, of names that are there twice, and of what is in the way" {
	gives unflatten <(echo '{"a.b":1,"a.b":2,"c":{"x" : 1,"x":{"y":null }, "z":3},"c.x.y.z":4,"c.z.q":5}') \
		<<<'{"c":{"x":{"y":{"z":4} }, "z":3},"c.z.q":5,"a":{"b":2}}'
	seq 50000 | sed 's/.*/"a.k&":&/' | paste -sd , | sed 's/.*/{&}/' >many
	run_weir map unflatten many
	assert_output "$(sed 's/"a[.]/"/g; s/.*/{"a":&}/' many)"
}

@test "map: explode makes a record for each element, as jq does" {
	run_weir map 'explode .items as .item; keep .id, .item' in
	assert_output "$(jq -c '{id, items} | if (.items | length) > 0 then .items[] as $i | {id, item: $i} else {id} end' in)"
	gives 'explode .a; explode .b; .c = .a * .b' <(echo '{"a":[1,2],"b":[3,4]}') <<-'END'
		{"a":1,"b":3,"c":3}
		{"a":1,"b":4,"c":4}
		{"a":2,"b":3,"c":6}
		{"a":2,"b":4,"c":8}
	END
	printf '{"a":%s}\n' null 5 '[]' >none
	gives 'explode .a' none <<<$'{"a":null}\n{"a":5}\n{"a":[]}'
	gives '.x = split(.x, ";"); explode .x' --header <(printf 'x,y\na;b,1\nc,2\n') <<<$'x,y\na,1\nb,1\nc,2'
}

@test "map: lookup: a header without the key; tee: a file that cannot be written is told once" {
	printf 'x,y\n1,2\n' >table.csv
	echo '{"a":1}' >in
	run_weir map 'lookup table.csv on .a = .nix as .l' in
	assert_status 78
	assert_stderr "weir map: cannot look into 'table.csv': the header has no column 'nix'"
	run_weir map 'tee true /dev/full' in
	assert_status 75
	assert_stderr "weir map: tee true /dev/full: cannot write '/dev/full': No space left on device"
}

@test "map: lookup in JSON, TSV and CSV; null, drop and error" {
	gives 'explode .items; lookup products.csv on .items.sku = .sku as .p; keep .id,.p' <<-'END'
		{"id":1,"p":{"sku":"a","name":"Apple","price":1.50}}
		{"id":1,"p":{"sku":"b","name":"Bean, green","price":2}}
		{"id":2,"p":null}
		{"id":3,"p":null}
	END
	printf '{"id":"1","n":"one"}\n{"id":1,"n":"last"}\n{"id":null}\n{"other":2}\n' >names
	gives 'lookup names on .id as .name else drop; keep .name' <<<'{"name":{"id":1,"n":"last"}}'
	run_weir map --stats 'lookup names on .id as .name else drop; keep .name' in
	assert_stderr_contains '2 dropped: lookup names on .id as .name else drop'
	run_weir map 'lookup names on .id as .name else error' in
	assert_status 65
	assert_stderr_contains 'record 2, lookup names on .id as .name else error: nothing was found'
	printf '1\tone\n2\ttwo' >tsv
	gives 'lookup tsv on .id = $1 as .t; .t = .t["2"]; keep .t' <<<$'{"t":"one"}\n{"t":"two"}\n{"t":null}'
	for wrong in nosuch . /dev/zero; do
		run_weir map "lookup $wrong on .id as .x" in
		assert_status 78
		assert_stderr_contains "cannot look into '$wrong':"
	done
	echo '{' >names
	run_weir map 'lookup names on .id as .x' in
	assert_status 78
	assert_stderr_contains "cannot look into 'names': record 1: "
}

@test "map: parse by regex, grok, csv, kv, logfmt, syslog and clf" {
	gives 'parse .l regex "^(?<a>\w+) (?<b>\d+)?"; del .l' <(printf '{"l":"%s"}\n' 'x 12' 'y ' '?') <<<$'{"a":"x","b":"12"}\n{"a":"y","b":null}\n{}'
	gives 'parse .l grok "%{IP:ip} %{NUMBER:n} %{GREEDYDATA:rest}" into .g; del .l' <(echo '{"l":"10.0.0.1 5.50 a b"}') <<<'{"g":{"ip":"10.0.0.1","n":5.50,"rest":"a b"}}'
	gives 'parse .l csv into .c; keep .c' <(echo '{"l":"a,\"x \"\"y\",,1"}') <<<'{"c":["a","x \"y","","1"]}'
	gives 'parse .l logfmt; del .l' <(printf '%s\n' '{"l":"at=info msg=\"a \\\"b\" up n=5"}') <<<'{"at":"info","msg":"a \"b","up":true,"n":5}'
	gives 'parse .l kv into .k; keep .k' <(echo '{"l":"a=1, b=x"}') <<<'{"k":{"a":1,"b":"x"}}'
	gives 'parse .l syslog; del .l' <(printf '{"l":"%s"}\n' '<34>Oct 11 22:14:15 host su[12]: no' '<165>1 2003-10-11T22:14:15.003Z h app 8 ID47 - hi') <<-'END'
		{"pri":34,"time":"Oct 11 22:14:15","host":"host","app":"su","pid":12,"msg":"no"}
		{"pri":165,"time":"2003-10-11T22:14:15.003Z","host":"h","app":"app","pid":8,"msgid":"ID47","data":"-","msg":"hi"}
	END
	gives 'parse .l clf; keep .method,.status,.bytes' <(echo '{"l":"h - - [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 -"}') <<<'{"method":"GET","status":200,"bytes":null}'
	run_weir map --strict 'parse .l clf' <<<'{"l":"x"}'
	assert_status 65
	assert_stderr_contains 'the text does not have this form'
	gives 'parse .l regex "(?<a>.)(?<b>.)?"; del .l' --header <(printf 'l,z\nxy,1\n"",2\n') <<<$'z,a,b\n1,x,y\n2,,'
}

@test "map: emit, where, sample, null-if" {
	gives 'emit if(.id < 3, {n: .id, c: .geo.city ?? "-"}); .m = .n + 1' <<<$'{"n":1,"c":"Paris","m":2}\n{"n":2,"c":"-","m":3}'
	run_weir map 'emit .id' in
	assert_status 65
	assert_stderr_contains 'what is emitted is not an object'
	seq 100000 | sed 's/.*/{"n":&}/' >many
	weir map 'sample 10%' many >tenth
	weir map 'sample 0.1' many | cmp - tenth
	[ "$(wc -l <tenth)" -gt 9500 ] && [ "$(wc -l <tenth)" -lt 10500 ]
	gives 'null-if "", "-"' <(echo '{"a":"","b":"-","c":"x","d":["-"]}') <<<'{"a":null,"b":null,"c":"x","d":["-"]}'
}

@test "map: tee appends records to a file, in the form of rejects" {
	run_weir map '.n = .id * 2; tee .id > 1 "a file"; tee true all; keep .n' in
	assert_status 0
	assert_output $'{"n":2}\n{"n":4}\n{"n":6}'
	assert_equal "$(jq -r '"\(.reason): \(.data | fromjson | .n)"' 'a file')" $'tee .id > 1 "a file": 4\ntee .id > 1 "a file": 6'
	assert_equal "$(wc -l <all)" 3
	for wrong in 'tee true in' 'tee true one; tee .id one' 'tee true' 'tee' 'tee true "x'; do
		run_weir map "$wrong" in
		assert_status 2
	done
	run_weir map 'tee true /nonexistent/x' in
	[ "$status" -ge 75 ]
	seq 20 | sed 's/.*/{"n":&}/' >records
	run_sh '"$MARKER" -n 7 <records 2>err | weir map "tee .n > 5 marked; del .n" | weir ack'
	assert_status 0
	assert_equal "$(jq -r ".data | fromjson | .n" marked | xargs)" "$(seq -s ' ' 6 20)"
	[ "$(jq -s 'map(.batch) | unique | length' marked)" -gt 1 ]
}

@test "map: TSV and CSV, with and without names" {
	printf 'a,b\r\n1,"x,y"\r\n2,"q ""z"\r\n3,\r\n' >f.csv
	gives '.c = .a + 1; .b = upper(.b)' --header f.csv <<<$'a,b,c\n1,"X,Y",2\n2,"Q ""Z",3\n3,,4'
	gives 'where .a > 1' --header f.csv <<<$'a,b\r\n2,"q ""z"\r\n3,\r'
	gives 'del .a; rename .b .name' --header f.csv <<<$'name\n"x,y"\n"q ""z"\n""'
	gives '$4 = $1 * 2; del $1' --input csv <(tail -n +2 f.csv) <<<$'"x,y",,2\n"q ""z",,4\n,,6'
	gives '.b = 1' --header --input tsv <(printf 'a\tb\nx\\ty\tz\n') <<<$'a\tb\nx\\ty\t1'
	run_weir map --header '.c = 1' <(printf 'a,b\n1,2,3\n')
	assert_status 65
	assert_stderr_contains 'the header has 2 columns, but this is a record of 3'
	run_weir map --header '.c = .nosuch' f.csv
	assert_status 65
	assert_stderr_contains "the header has no column 'nosuch'"
}

@test "map: --to, from each format to each other and back" {
	printf 'a,b,c\n1,"x,y",true\n-0,1e3,\n' >f.csv
	gives '' --header --to json f.csv <<<$'{"a":"1","b":"x,y","c":"true"}\n{"a":"-0","b":"1e3","c":""}'
	gives '' --header --to json --infer-types f.csv <<<$'{"a":1,"b":"x,y","c":true}\n{"a":-0,"b":1e3,"c":""}'
	weir map --header --to json --infer-types '' f.csv | weir map --input json --header --to csv '' | cmp - f.csv
	weir map --header --to tsv '' f.csv | weir map --header --input tsv --to csv '' | cmp - f.csv
	gives '' --input csv --to json <(echo 'x,"y"') <<<'{"1":"x","2":"y"}'
	gives 'where .id == 1; flatten; keep .id,.price,.items' --input json --header --to csv in <<<$'id,price,items\n1,2.5,"[{""sku"":""a""},{""sku"":""b""}]"'
	run_weir map --input json --to csv '' <<<$'{"a":1}\n{"b":2}'
	assert_status 65
	assert_stderr_contains 'it has a field that the first record lacks'
	run_sh '"$MARKER" <in 2>err | weir map --to csv "keep .id" | weir ack'
	assert_stderr_contains 'takes its columns from the first record'
	gives '' --input json --header --to tsv <(printf '%s\n' '{"a":1,"b":"x\ty"}' '{"b":null}') <<<$'a\tb\n1\tx\\ty\n\t'
}

@test "map: programs that are wrong" {
	local wrong
	for wrong in 'bogus .a' where '.a' '.a == 1' '.a = ' '. = 1' '$x = 1' 'del' 'del .a .b' 'keep .a,' 'rename .a' 'rename .a[0] .c' \
		'rename "(" "x"' 'explode .a as' 'lookup f on .a' 'lookup f as .b' 'lookup f on .a as .b else what' 'parse .a what' 'parse .a regex' \
		'parse .a regex "("' 'parse .a grok "%{NOSUCH:x}"' 'parse .a grok "%{IP:1x}"' 'parse .a grok "%{IP"' 'parse .a csv' 'sample 2' 'sample x%' \
		'emit' '.a = "x' 'rename "x y' 'flatten .a : b' "$(printf 'explode .a;%.0s' {1..9})" "$(printf '.a = 1;%.0s' {1..1001})"; do
		run_weir map "$wrong" in
		assert_status 2
		assert_output ''
		[[ $stderr == 'weir map: '* ]] || fail "$stderr"
	done
	run_weir map --header 'flatten' in
	assert_status 2
	run_sh "printf '\\xff=1,b=2\n' | weir map --input tsv --to json 'parse \$1 kv into \$2'"
	assert_success
	assert_output '{"1":{"base64":"/z0xLGI9Mg=="},"2":{"\\xff":1,"b":2}}'
	run_weir map --input csv 'parse $1 kv' in
	assert_status 2
	run_weir map
	assert_status 2
	echo 'bogus .a' >program
	run_weir map -f program in
	assert_status 78
	assert_stderr_contains "cannot use 'program': statement 'bogus .a'"
	printf '# a comment; with more\n.a = [1,\n 2]; .b = "x;y"\n\n  keep .a,.b' >program
	run_weir map -f program -e '.c = 1' in
	assert_status 0
	assert_output "$(printf '{"a":[1,2],"b":"x;y","c":1}\n%.0s' 1 2 3)"
}

@test "map: records that are not objects, faults and --strict" {
	run_weir map --rejects drop '.a = 1' <<<$'[1]\n{"b":2}\n5'
	assert_status 1
	assert_output '{"b":2,"a":1}'
	run_weir map --stats '.geo.city.x = 1; .n = .price * 2' in
	assert_status 0
	assert_stderr_contains '3 records read, 3 written, 0 malformed, 2 faults'
	run_weir map --strict '.n = .price * 2' in
	assert_status 65
	assert_stderr_contains 'record 2, .n = .price * 2: an operator has operands of types that it does not take'
}

@test "map: after explode each record begins with what was there before it" {
	gives 'explode .a; .b.n = .a; emit {n: .b.n, x: .b.x, m: .m}; .m = .n' <(echo '{"a":[1,2],"b":{"x":5}}') <<<$'{"n":1,"x":5,"m":1}\n{"n":2,"x":5,"m":2}'
	gives '$1 = split($1, ";"); explode $1; emit {a: $1, b: $2}' --input csv <(printf 'x;y,1\n') <<<$'{"a":"x","b":"1"}\n{"a":"y","b":"1"}'
	gives 'explode .a; explode .a; .s = concat(.t, .a)' <(echo '{"t":"q\"","a":[[1,2],[3]]}') <<-'END'
		{"t":"q\"","a":1,"s":"q\"1"}
		{"t":"q\"","a":2,"s":"q\"2"}
		{"t":"q\"","a":3,"s":"q\"3"}
	END
}

@test "map: what explode makes for one record is gone before the next one" {
	only_plain 'AddressSanitizer reserves more memory than the limit'
	# an object of 1 MB and 400 elements
	python3 -c 'import json; print(json.dumps({"big": {str(i): i for i in range(70000)}, "a": list(range(400))}))' >big
	run_sh 'ulimit -v 250000; weir map "explode .a; .big.x = .a; keep .big.x" big | tail -n 1'
	assert_status 0
	assert_output '{"big": {"x":399}}'
}

@test "map: no record makes one that is nested too deeply for the next program" {
	local depth
	for depth in 1000 1010 1022 1023; do
		python3 -c "print('{\"a\":' + '[' * $depth + ']' * $depth + '}')" >deep
		weir map --rejects drop '.a = [{x: [.a]}]; .b.c.d = .a' deep | weir filter true >out
		weir map --rejects drop '.b = json(text(.a))' deep | weir filter true >out
		weir map '.b = 1' deep | weir filter true >out
		[ -s out ]
	done
}

@test "map: in a marked stream, with explode and records that are dropped" {
	seq 20 | sed 's/.*/{"n":&,"a":[1,2]}/' >records
	run_sh '"$MARKER" -n 7 <records 2>err | weir map "where .n % 2 == 0; explode .a; .b = .n * .a" | weir ack'
	assert_status 0
	assert_output "$(jq -c 'select(.n % 2 == 0) | .a[] as $a | {n, a: $a, b: (.n * $a)}' records)"
}

@test "map: columns that no statement changes become the JSON that they become through a row" {
	python3 -c 'import random
r = random.Random(9)
print("a,b")
for _ in range(3000):
    print("".join(r.choice("0123456789-+.eE 0011") for _ in range(r.randrange(1, 7))) + "," +
          r.choice(["true", "false", "1e999", "1" * 400, "-", "-0", "00", "1.", ".5", "", "tru", "\u00e4", "\"a\"\"b\"", "1e5", "-1E-05"]))' >types.csv
	local infer
	for infer in '' --infer-types; do
		run_sh "diff <(weir map --header --to json $infer '# ' types.csv) <(weir map --header --to json $infer '.z = 1; del .z' types.csv)"
		assert_status 0
		run_sh "diff <(weir map --input csv --to json $infer '# ' types.csv) <(weir map --input csv --to json $infer '\$3 = 1; del \$3' types.csv)"
		assert_status 0
	done
	run_sh "weir map --header --to json --infer-types '# ' types.csv | jq -s length"
	assert_output 3000
}

@test "map: what a regular expression finds in a string with escapes, in a part of a record, and for each element" {
	gives 'parse .s regex "(?s)^(?<x>[^ ]+) (?<s>.*)$"' <(printf '%s\n' '{"s":"\u00e4\"b c\nd","x":1}') <<<'{"s":"c\nd","x":"ä\"b"}'
	gives 'parse .o.s regex "(?<a>b+)(?<c>c)?"; .o.s = "z"' <(printf '%s\n' '{"o":{"s":"\tabbb"}}') <<<'{"o":{"s":"z"},"a":"bbb","c":null}'
	gives 'explode .l; .m = upper(.l); parse .m regex "(?<first>.)(?<rest>.*)"; keep .first, .rest' <(echo '{"l":["abc","\u00fc"]}') \
		<<<$'{"first":"A","rest":"BC"}\n{"first":"Ü","rest":""}'
	gives --header 'parse .l regex "(?<k>[a-z]+)=(?<w>.*)"' <(printf 'l,v\na=1,7\n"b=""2""",8\n-,9\n') <<<$'l,v,k,w\na=1,7,a,1\n"b=""2""",8,b,"""2"""\n-,9,,'
}

@test "map: parse of a text without the form leaves what is there, in JSON and in columns; new columns are empty" {
	gives 'parse .l regex "^(?<a>x)(?<b>.)?"' <(printf '{"l":"%s","a":1}\n' '?' xy) <<<$'{"l":"?","a":1}\n{"l":"xy","a":"x","b":"y"}'
	gives 'parse .l regex "^(?<a>x)(?<b>.)?"' --header <(printf 'l,a\n?,1\nxy,1\nx,1\n') <<<$'l,a,b\n?,1,\nxy,x,y\nx,x,'
	gives 'parse .l regex "^(?<a>x)" into .o' <(echo '{"l":"?","o":1}') <<<'{"l":"?","o":null}'
	gives 'parse .l regex "^(?<a>x)" into .o' --header <(printf 'l,o\n?,1\n') <<<$'l,o\n?,'
	# a group that took no part has its column, too
	run_weir map --header 'parse .l clf; keep .host, .status, .request, .referer, .x' <(printf 'l,x\n"h - - [t] ""GET / HTTP/1.1"" 200 5",1\n"h - - [t] ""bad"" 400 0",2\n?,3\n')
	assert_output $'x,host,request,status,referer\n1,h,,200,\n2,h,bad,400,\n3,,,,'
}

@test "map: rename by a pattern gives all their new names at once" {
	gives 'rename "^x_(.*)" "\1"' <(printf '%s\n' '{"x_x_a":1,"x_a":2,"a":3}' '{"a":3,"x_a":2,"x_x_a":1}' '{"x_a":1,"x_b":2,"a":0}') \
		<<<$'{"x_a":1,"a":2}\n{"a":2,"x_a":1}\n{"a":1,"b":2}'
	gives 'rename "^.(.)$" "\1"' <(echo '{"xa":1,"ya":2,"a":3}') <<<'{"a":2}'
	gives 'rename "^x_(.*)" "\1"' --header <(printf 'x_x_a,x_a,a,b\n1,2,3,4\n') <<<$'x_a,a,b\n1,2,4'
	gives 'rename "^x_(.*)" "\1"' <(echo '{"x_a":1,"x_a":2}') <<<'{"a":2}'
}

@test "map: random CSV becomes the JSON that Miller makes of it, but for what is meant" {
	"$WEIR_ROOT/tests/lib/mlrdiff.py" 5 40
}
