#!/usr/bin/env bats
# clean: each rule, where rejected records go, that nothing is lost, and hostile records.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/clean

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	printf 'sixteen bytes at least\n' >key
}

@test "clean: require" {
	rule '{"a":0}' '{"a":0}' 'require .a'
	rule '{"a":""}' '{"a":""}' 'require .a'
	rule '{"a":false}' '{"a":false}' 'require .a'
	rule '{"a":null}' '' 'require .a'
	rule '{"b":1}' '' 'require .a'
	rule '{"a":{"b":1}}' '{"a":{"b":1}}' 'require .a.b' 'require .a'
	rule '{"a":5}' '' 'require .a.b'
	rule '{"a":[1]}' '' 'require .a[1]'
	rule '5' '' 'require .a'
}

@test "clean: type, and what is cast without loss" {
	rule '{"a":"12"}' '{"a":12}' 'type .a int'
	rule '{"a":"-9223372036854775808"}' '{"a":-9223372036854775808}' 'type .a int'
	rule '{"a":9223372036854775808}' '' 'type .a int'
	local bad
	for bad in '"012"' '"+1"' '" 1"' '"1 "' '""' '1.0' '"1.5"' '"1e3"' true '[1]' '{}' '"9223372036854775808"'; do
		rule "{\"a\":$bad}" '' 'type .a int'
	done
	rule '{"a":12}' '{"a":12}' 'type .a float'
	rule '{"a":"1.5e3"}' '{"a":1.5e3}' 'type .a float'
	rule '{"a":"1e999"}' '' 'type .a float'
	rule '{"a":1e999}' '' 'type .a float'
	rule '{"a":"NaN"}' '' 'type .a float'
	rule '{"a":"true"}' '{"a":true}' 'type .a bool'
	rule '{"a":1}' '' 'type .a bool'
	rule '{"a":12.50}' '{"a":"12.50"}' 'type .a string'
	rule '{"a":true}' '{"a":"true"}' 'type .a string'
	rule '{"a":[]}' '' 'type .a string'
	rule '{"a":"2026-11-22T10:00:00+01:00"}' '{"a":"2026-11-22T10:00:00+01:00"}' 'type .a time'
	rule '{"a":1795350870000}' '{"a":1795350870000}' 'type .a time'
	rule '{"a":"yesterday"}' '' 'type .a time'
	rule '{"a":null}' '{"a":null}' 'type .a int'
}

@test "clean: range" {
	rule '{"a":0}' '{"a":0}' 'range .a 0 10'
	rule '{"a":10.0}' '{"a":10.0}' 'range .a 0 10'
	rule '{"a":10.1}' '' 'range .a 0 10'
	rule '{"a":-1}' '' 'range .a 0 10'
	rule '{"a":1e400}' '{"a":1e400}' 'range .a 0 inf'
	rule '{"a":9007199254740993}' '' 'range .a -inf 9007199254740992'
	rule '{"a":"5"}' '' 'range .a 0 10'
	rule '{"a":"5"}' '{"a":5}' 'type .a int' 'range .a 0 10'
	rule '{}' '{}' 'range .a 0 10'
}

@test "clean: match, also an expression that explodes" {
	rule '{"a":"x@y.z"}' '{"a":"x@y.z"}' 'match .a ^[^@ ]+@[^@ ]+$'
	rule '{"a":"x y"}' '' 'match .a ^[^@ ]+@[^@ ]+$'
	rule '{"a":"x y"}' '{"a":"x y"}' 'match .a "x y"'
	rule '{"a":"x\n"}' '' 'match .a ^x$'
	rule '{"a":5}' '' 'match .a 5'
	rule "{\"a\":\"$(printf 'a%.0s' {1..40})b\"}" '' 'match .a ^(a+)+$'
}

@test "clean: one-of" {
	rule '{"a":"buy"}' '{"a":"buy"}' 'one-of .a buy sell'
	rule '{"a":"BUY"}' '' 'one-of .a buy sell'
	rule '{"a":"a b"}' '{"a":"a b"}' 'one-of .a x "a b"'
	rule '{"a":1.0}' '{"a":1.0}' 'one-of .a 1 2'
	rule '{"a":"1"}' '{"a":"1"}' 'one-of .a 1 2'
	rule '{"a":1}' '' 'one-of .a "1" 2'
	rule '{"a":true}' '{"a":true}' 'one-of .a true'
	rule '{"a":true}' '' 'one-of .a "true"'
}

@test "clean: default" {
	rule '{}' '{"a":1}' 'default .a 1'
	rule '{"b":2}' '{"b":2,"a":"x y"}' 'default .a x y'
	rule '{"a":null,"b":2}' '{"a":{"c":[]},"b":2}' 'default .a {"c":[]}'
	rule '{"a":""}' '{"a":""}' 'default .a 1'
	rule '{"b":1}' '{"b":1,"a":{"c":{"d":5}}}' 'default .a.c.d 5'
	rule '{"a":null}' '{"a":{"c":5}}' 'default .a.c 5'
	rule '{"a":{ "x": 1 }}' '{"a":{ "x": 1 ,"c":5}}' 'default .a.c 5'
	rule '{"a":7}' '' 'default .a.c 5'
	rule '[1]' '' 'default .a 5'
	rule '{}' '' 'default .a 5' 'range .a 0 4'
}

@test "clean: rename" {
	rule '{"a":1,"b":2}' '{"x":1,"b":2}' 'rename .a .x'
	rule '{"a":1,"b":2}' '{"b":1}' 'rename .a .b'
	rule '{"b":2}' '{"b":2}' 'rename .a .b'
	rule '{"a":1,"b":2}' '{"b":1,"a":2}' 'rename .a .t' 'rename .b .a' 'rename .t .b'
	rule '{"a":1}' '{"c":1}' 'rename .a .b' 'rename .b .c'
	rule '{"a":{"b":1,"c":2}}' '{"a":{"c":2},"b":1}' 'rename .a.b .b'
	rule '{"a":" X "}' '{"b":"x"}' 'rename .a .b' 'trim .b' 'lower .b'
	rule '{"a":1}' '{"a-b\"":1}' 'rename .a ."a-b\""'
}

@test "clean: drop and keep" {
	rule '{"a":1, "b":{"c":1,"d":2},"e":3}' '{ "b":{"d":2},"e":3}' 'drop .a,.b.c'
	rule '{"a":1}' '{}' 'drop .a'
	rule '{"a":1,"b":{"c":1,"d":2},"e":3}' '{"a":1,"b":{"d":2}}' 'keep .a,.b.d'
	rule '{"a":1,"b":2}' '{"b":2}' 'require .a' 'keep .b'
	rule '{"a":1,"b":2}' '' 'keep .b' 'require .a'
	rule '{"a":1,"b":2}' '{"b":2,"c":3}' 'keep .b' 'default .c 3'
	rule '{"a":1,"b":2}' '{"c":1,"b":2}' 'rename .a .c' 'keep .c,.b'
	rule '{"a":{"b":1}}' '{"a":{"b":2}}' 'drop .a' 'default .a.b 2'
}

@test "clean: trim, lower, upper" {
	rule '{"a":" \tx y\n "}' '{"a":"x y"}' 'trim .a'
	rule '{"a":"  "}' '{"a":""}' 'trim .a'
	rule '{"a":"ÄbC"}' '{"a":"Äbc"}' 'lower .a'
	rule '{"a":"äbC"}' '{"a":"äBC"}' 'upper .a'
	rule '{"a":5,"b":[" "]}' '{"a":5,"b":[" "]}' 'trim .a' 'lower .b'
	rule '{"a":["x"," y "]}' '{"a":["x","y"]}' 'trim .a[1]'
}

@test "clean: time" {
	rule '{"a":1795350870000}' '{"a":"2026-11-22T12:34:30Z"}' 'time .a'
	rule '{"a":"22/Nov/2026:10:00:00 +0100"}' '{"a":"2026-11-22T09:00:00Z"}' 'time .a %d/%b/%Y:%H:%M:%S %z'
	rule '{"a":12}' '{"a":"1970-01-01T00:00:00.012Z"}' 'time .a ms'
	rule '{"a":"2026-13-01"}' '' 'time .a'
	rule '{"a":"2026-01-01 x"}' '' 'time .a %Y-%m-%d'
	rule '{"a":[1]}' '' 'time .a s'
}

@test "clean: --tz, against Python's zoneinfo" {
	zone() { # zone ZONE VALUE [FORMAT]: the value after the rule; empty when the record is rejected
		printf '{"a":%s}\n' "$2" | weir clean --tz "$1" -e "time .a${3:+ $3}" 2>err | sed 's/.*:"\(.*\)"}/\1/'
	}
	assert_equal "$(zone Europe/Berlin '"2026-07-01 12:00:00"')" 2026-07-01T10:00:00Z
	assert_equal "$(zone Europe/Berlin '"2026-01-01T12:00:00.5"')" 2026-01-01T11:00:00.500Z
	assert_equal "$(zone Europe/Berlin '"2026-07-01"')" 2026-06-30T22:00:00Z
	assert_equal "$(zone Europe/Berlin '"01.07.2026 12:00"' '%d.%m.%Y %H:%M')" 2026-07-01T10:00:00Z
	# values with their own offset
	assert_equal "$(zone Europe/Berlin '"2026-07-01T12:00:00Z"')" 2026-07-01T12:00:00Z
	assert_equal "$(zone Europe/Berlin '"2026-07-01T12:00:00-05:00"' rfc3339)" 2026-07-01T17:00:00Z
	assert_equal "$(zone Europe/Berlin 1782900000)" 2026-07-01T10:00:00Z
	assert_equal "$(zone Europe/Berlin '"1782900000"')" 2026-07-01T10:00:00Z
	assert_equal "$(zone Europe/Berlin '"1782900000"' s)" 2026-07-01T10:00:00Z
	assert_equal "$(zone Europe/Berlin '"1782900000"' %s)" 2026-07-01T10:00:00Z
	assert_equal "$(zone Europe/Berlin '"01.07.2026 12:00 GMT"' '%d.%m.%Y %H:%M %Z')" 2026-07-01T12:00:00Z
	# an hour that occurs twice, and one that does not exist
	assert_equal "$(zone Europe/Berlin '"2026-10-25 02:30:00"')" 2026-10-25T00:30:00Z
	assert_equal "$(zone Europe/Berlin '"2026-10-25 03:00:00"')" 2026-10-25T02:00:00Z
	assert_equal "$(zone Europe/Berlin '"2026-03-29 02:30:00"')" ''
	assert_equal "$(zone Australia/Lord_Howe '"2026-04-05 01:45:00"')" 2026-04-04T14:45:00Z
	assert_equal "$(zone America/New_York '"9999-12-31 23:00:00"')" ''
	python3 - >want <<'EOF'
import datetime, random, zoneinfo
random.seed(5)
utc = datetime.timezone.utc
with open("in", "w") as out:
    for name in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca"):
        zone = zoneinfo.ZoneInfo(name)
        for _ in range(3000):
            t = datetime.datetime(1971, 1, 1) + datetime.timedelta(seconds=random.randrange(66 * 365 * 86400))
            there = t.replace(tzinfo=zone).astimezone(utc)
            if there.astimezone(zone).replace(tzinfo=None) == t:
                print(name, there.strftime("%Y-%m-%dT%H:%M:%SZ"))
            out.write(f"{name} {t}\n")
EOF
	local name
	for name in Europe/Berlin America/New_York Asia/Kolkata Australia/Lord_Howe Africa/Casablanca; do
		sed -n "s,^$name ,,p" in | weir clean --tz $name --input csv -e 'time $1' 2>err | sed "s,^,$name ,"
	done >is
	assert_files_equal is want
	for name in '' Nowhere/Town /etc/localtime ../zoneinfo/UTC tzdata.zi Europe; do
		run_sh "echo '{}' | weir clean --tz '$name' -e 'time .a'"
		assert_status 2
		[[ $stderr == *"there is no time zone '$name'"* ]]
	done
}

@test "clean: mask, and members of the same name" {
	local want
	want=$(printf 1.2.3.4 | openssl dgst -sha256 -hmac 'sixteen bytes at least' | sed 's/.*= //')
	rule '{"a":"1.2.3.4"}' "{\"a\":\"$want\"}" 'mask .a hash'
	rule '{"a":1.2}' "{\"a\":\"$(printf 1.2 | openssl dgst -sha256 -hmac 'sixteen bytes at least' | sed 's/.*= //')\"}" 'mask .a hash'
	rule '{"a":[1]}' '{"a":"***"}' 'mask .a redact'
	rule '{"a":"12345678"}' '{"a":"****5678"}' 'mask .a last4'
	rule '{"a":"1234567"}' '{"a":"****"}' 'mask .a last4'
	rule '{"a":"äöüßäöüß"}' '{"a":"****äöüß"}' 'mask .a last4'
	rule '{"a":{"b":"123456789"}}' '{"a":"****"}' 'mask .a last4'
	rule '{"a":"x"}' '{"a":null}' 'mask .a null'
	rule '{"a":null}' '{"a":null}' 'mask .a hash'
	rule '{"a":"secret","a":"x"}' '{"a":"***"}' 'mask .a redact'
	rule '{"a":"secret","a":null}' '{"a":null}' 'mask .a redact'
	rule '{"a":"secret","\u0061":"x"}' '{"\u0061":"***"}' 'mask .a redact'
	rule '{"g":{"a":"secret"},"g":{}}' '{"g":{}}' 'mask .g.a redact'
	rule '{"a":1,"b":2,"a":3}' '{"b":2}' 'drop .a'
}

@test "clean: columns of the same name go from all records, changed or not" {
	local rule
	printf 'a,b,a\nx,y,z\nu,v,W\n' >in
	for rule in 'upper .a' 'default .a q' 'require .a'; do
		run_weir clean --header -e "$rule" in
		assert_status 0
		assert_output $'b,a\ny,'"$([[ $rule == upper* ]] && echo Z || echo z)"$'\nv,W'
	done
	run_weir clean --header -e 'upper .b' in
	assert_output $'a,b,a\nx,Y,z\nu,V,W'
}

@test "clean: dedupe" {
	printf '%s\n' '{"k":1}' '{"k":2}' '{"k":1}' '{"k":"1"}' '{"k":null}' '{"k":null}' '{"k":2}' | clean 'dedupe .k within 1h'
	assert_equal "$(tr -d '\n' <out)" '{"k":1}{"k":2}{"k":"1"}{"k":null}{"k":null}'
	printf '%s\n' '{"k":1,"l":1}' '{"k":1,"l":2}' '{"k":1,"l":1}' | clean 'dedupe .k,.l within 1h'
	assert_equal "$(wc -l <out)" 2
	# only records that pass are remembered
	printf '%s\n' '{"k":1}' '{"k":1,"a":1}' '{"k":1,"a":2}' | clean 'dedupe .k within 1h' 'require .a'
	assert_output_file '{"k":1,"a":1}'
	printf 'a\na\nb\n' | weir clean --input csv -e 'dedupe $1 within 1m' >out || [ $? = 1 ]
	assert_output_file $'a\nb'
	printf '%s\n' '{"k":1}' '{"k":1}' | clean 'dedupe . within 1h'
	assert_output_file '{"k":1}'
	rm -f out
	mkfifo hold
	weir clean -e 'dedupe .k within 100ms' <hold >out 3>&- &
	exec 5>hold
	echo '{"k":1}' >&5
	wait_for 20 test -s out
	sleep 0.3
	echo '{"k":1}' >&5
	exec 5>&-
	wait $!
	assert_equal "$(wc -l <out)" 2
}

assert_output_file() {
	assert_equal "$(cat out)" "$1"
}

@test "clean: dedupe by the time of records" {
	by() { # by WANT RECORD...: the records, a key and a time each; the numbers of those that pass
		local want=$1 r n=0
		shift
		for r; do
			n=$((n + 1))
			echo "{\"n\":$n,\"k\":\"${r%%@*}\",\"t\":${r#*@}}"
		done | clean 'dedupe .k within 10m by .t' 'one-of .x 1'
		assert_equal "$(python3 -c 'import json; print(*[json.loads(l)["n"] for l in open("out")])')" "$want"
	}
	by '1 3' a@0 a@599 a@600 a@1100
	by '1 2 4' a@0 b@700 b@800 a@900
	# the clock is the latest time; an earlier record is treated as if it had that time
	by '1 2 3 4' a@0 b@700 a@5 c@1200
	by '1 2 3' a@0 b@700 a@5 a@1200
	by '1 3' 'a@"2026-11-22T10:00:00Z"' 'a@"2026-11-22T11:09:59+01:00"' 'a@"2026-11-22T10:10:00Z"'
	by '1 2 3 4 6' a@null b@5 a@5 a@1000 a@null b@null
	by '1' a@5 'b@"yesterday"' 'b@true' 'b@[]'
	# a time that another rule rejects moves no clock
	printf '%s\n' '{"k":1,"t":0}' '{"k":2,"t":9999999,"x":2}' '{"k":1,"t":1}' | clean 'dedupe .k within 10m by .t' 'one-of .x 1'
	assert_output_file '{"k":1,"t":0}'
	printf '1,100\n1,200\n1,900\n' | weir clean --input csv -e 'dedupe $1 within 10m by $2' >out || [ $? = 1 ]
	assert_output_file $'1,100\n1,900'
}

@test "clean: dedupe in a marked stream has the time of the mark before the batch" {
	printf '%b' 'S t=900000\nR 0 0:-:0 t=1000000\na\nb\nB 1 0:0:2 t=1500000\na\nB 2 0:2:3 t=1600000\na\nB 3 0:3:4 t=9000000\nb\nF 3\n' |
		python3 "$WEIR_ROOT/tests/lib/marks.py" >in
	weir clean --state none --input csv -e 'dedupe $1 within 10m' <in | cat >marked || :
	assert_equal "$(grep -av "^$(printf '\x17')" marked | tr -d '\n')" abab
}

@test "clean: dedupe beside a hash set, on a million records" {
	awk 'BEGIN { srand(7); for (i = 0; i < 1000000; i++) printf "k%d,%d\n", rand() * 600000, i }' >in
	weir clean --input csv -e 'dedupe $1 within 1h' in >out 2>err || [ $? = 1 ]
	awk -F, '!seen[$1]++' in | cmp - out
}

@test "clean: what dedupe has to forget is counted" {
	seq 5000 | sed 's/.*/{"k":&}/' >in
	run_sh 'cat in in | weir clean --memory 64K --stats -e "dedupe .k within 1h" >out'
	assert_status 0
	[[ $stderr == *"dedupe forgot "[1-9]*" keys before their time (--memory)" ]]
	run_sh 'cat in in | weir clean -e "dedupe .k within 1h" 2>err >out'
	assert_status 1
	assert_files_equal out in
}

@test "clean: what no rule names stays byte for byte" {
	local record='{ "n" : 1.50e+02 ,	"u":"\u00e4\/", "a" : " x "  , "deep":[ {"a":" x "} , [ ] ], "s":"a,b}]\"{" } '
	rule "$record" "${record/\" x \"  /\"x\"  }" 'trim .a'
	rule "$record" "$record" 'require .a' 'upper .n' 'lower .a'
}

@test "clean: CSV and TSV by number and by name" {
	printf 'a,b,c\r\n1,"x,""y",3\r\n2,,4\r\n' >in
	run -0 weir clean --input csv --header -e 'rename .b .bb' -e 'default .bb z' -e 'drop .c' in
	assert_equal "$output" $'a,bb\r\n1,"x,""y"\r\n2,z\r'
	printf 'a,b,c\n1,"x,""y",3\n2,"","n"\n' >in
	run -0 weir clean --input csv --header -e 'keep .c,.b' -e 'upper .b' in
	assert_equal "$output" $'b,c\n"X,""Y",3\n"","n"'
	printf '1\ta\\tB\n2\n' | weir clean --input tsv -e 'upper $2' -e 'default $3 x' >out
	assert_output_file $'1\tA\\tB\tx\n2\t\tx'
	printf 'a,b\n1,2\n' >one
	printf 'b,a\n1,2\n' >two
	weir clean --header --input csv -e 'require .a' one one >out
	assert_output_file $'a,b\n1,2\n1,2'
	run -65 --separate-stderr weir clean --header --input csv -e 'require .a' one two
	assert_stderr 'weir clean: two: its header is not that of the first input'
	run -65 weir clean --header --input csv -e 'require .nowhere' one
	printf 'p,q,p\nsecret,1,x\n' | weir clean --header --input csv -e 'mask .p redact' >out
	assert_output_file $'q,p\n1,***'
}

@test "clean: rejects have reason, input, number and record; run and batch in a marked stream" {
	printf '{"a":1}\n{"a":7}\nx"\xff\n' >in
	run_sh 'weir clean -e "range .a 0 5" --rejects rejects in'
	assert_status 1
	assert_output '{"a":1}'
	assert_stderr $'weir clean: 2 of 3 records (67 %) were rejected and are in \'rejects\'\nweir clean: 1 rejected: malformed\nweir clean: 1 rejected: range .a 0 5'
	assert_equal "$(head -n 1 rejects)" '{"reason":"range .a 0 5","input":"in","record":2,"data":"{\"a\":7}","run":null,"batch":null,"topic":null,"partition":null,"offset":null}'
	[[ $(tail -n 1 rejects) == '{"reason":"byte '*'","input":"in","record":3,"data":{"base64":"eCL/"},"run":null,"batch":null,"topic":null,"partition":null,"offset":null}' ]]
	seq 7 | sed 's/.*/{"a":&}/' >in
	rm rejects
	run_sh '$MARKER -n 3 <in 2>err | weir clean -e "range .a 2 5" --rejects rejects | tee hop | weir ack'
	assert_status 1
	assert_output $'{"a":2}\n{"a":3}\n{"a":4}\n{"a":5}'
	assert_equal "$(python3 -c 'import json
for l in open("rejects"):
	r = json.loads(l)
	print(r["record"], r["batch"], len(r["run"]), r["data"])')" $'1 1 16 {"a":1}\n6 2 16 {"a":6}\n7 3 16 {"a":7}'
}

@test "clean: accepted and rejected add up to what was read, whatever it is" {
	python3 - >in <<'EOF'
import json, random, sys
random.seed(7)
def value(depth=0):
    kind = random.randrange(9 if depth < 3 else 6)
    if kind == 0: return None
    if kind == 1: return random.choice([True, False])
    if kind == 2: return random.randrange(-100, 100)
    if kind == 3: return random.random() * 100
    if kind < 6: return random.choice(["", " a ", "5", "x" * 20, "ä", "true", "2026-01-01", '"\\\n'])
    if kind == 6: return [value(depth + 1) for _ in range(random.randrange(4))]
    return {random.choice("abcd"): value(depth + 1) for _ in range(random.randrange(5))}
out = sys.stdout.buffer
for i in range(20000):
    line = json.dumps(value(), ensure_ascii=random.random() < .5).encode()
    if random.random() < .1: line = line[:random.randrange(len(line) + 1)]
    if random.random() < .02: line = b"\xff" + line
    out.write(line + b"\n")
EOF
	local rules=('require .a' 'type .a int' 'range .b -50 50' 'trim .c' 'default .d.a 1' 'rename .c .x' 'mask .b hash' 'drop .e')
	local rule n
	for n in 1 2 4 6 8; do
		clean "${rules[@]:0:n}" <in
		assert_equal $(($(wc -l <out) + $(wc -l <rejects))) 20000
		python3 -c 'import json
for line in open("out", "rb"): json.loads(line)'
	done
	for rule in 'mask .a.b redact' 'keep .a.b,.c' 'drop .a.b,.b' 'upper .a[1]' 'rename .a.b .b.a' 'default .a.b.c 1'; do
		clean "$rule" <in
		assert_equal $(($(wc -l <out) + $(wc -l <rejects))) 20000
		python3 -c 'import json
for line in open("out", "rb"): json.loads(line)'
	done
}

@test "clean: --max-rejects by number and by share" {
	seq 1 2000 | sed 's/.*/{"a":&}/' >in
	run_sh 'weir clean --max-rejects 3 -e "range .a 4 inf" in >out'
	assert_status 1
	run_sh 'weir clean --max-rejects 2 -e "range .a 4 inf" in >out'
	assert_status 65
	[[ $stderr == *'3 of 3 records are rejected, more than --max-rejects allows'* ]]
	run_sh 'weir clean --max-rejects 0.9% -e "range .a 21 inf" in >out'
	assert_status 65
	run_sh 'weir clean --max-rejects 2.5% -e "range .a 21 inf" in >out'
	assert_status 1
	run_sh 'head -n 10 in | weir clean --max-rejects 10% -e "range .a 3 inf" >out'
	assert_status 65
	run_sh 'weir clean --max-rejects 0 -e "require .a" in >out'
	assert_status 0
	run_sh 'weir clean --max-rejects x -e "require .a" in'
	assert_status 2
	# the batch gets no mark, so nothing of it is acknowledged
	run_sh '$MARKER -n 3 <in 2>err | weir clean --max-rejects 0 -e "range .a 1 4" | weir ack >out'
	assert_status 75
	run ! grep -q 'acked 2' err
}

@test "clean: mistakes in rules are reported with line and column" {
	mistake() { # mistake RULES LINE COLUMN TEXT
		printf '%b' "$1" >rules
		run_sh 'weir clean -f rules </dev/null'
		assert_status 78
		assert_stderr "weir clean: rules: line $2, column $3: $4"
	}
	mistake '# fine\nrequire .a\n\nreqire .a\n' 4 1 "there is no rule 'reqire'; did you mean 'require'?"
	mistake 'require\n' 1 8 'a field is expected here, such as .name or $1'
	mistake 'require a' 1 9 'a field is expected here, such as .name or $1'
	mistake 'require .a,.b' 1 11 "'require' takes one field"
	mistake 'require .a .b' 1 12 'nothing more is expected here: require FIELD'
	mistake 'drop .a .b' 1 9 "fields have ',' between them"
	mistake 'type .a integer' 1 9 'one of int|float|bool|string|time is expected here; did you mean int?'
	mistake 'type .a uuid' 1 9 'one of int|float|bool|string|time is expected here'
	mistake 'range .a 5 1' 1 11 'the upper end is below the lower one'
	mistake 'range .a 5' 1 11 'the upper end is missing'
	mistake 'match .a a(b' 1 13 'regular expression: missing closing parenthesis'
	mistake 'default .a {"x"' 1 16 "':' was expected"
	mistake 'dedupe .a for 1m' 1 11 "'within' is expected here"
	mistake 'dedupe .a within 1x' 1 18 'a duration is expected here, such as 10m'
	mistake 'default .a.[0] 1' 1 9 'default cannot go into arrays'
	run_sh 'weir clean -f nowhere </dev/null'
	assert_status 78
	mistake 'require .a\0x' 1 11 'a NUL byte'
	mistake 'require .a # why' 1 12 'nothing more is expected here: require FIELD'
	mistake 'require ."a' 1 12 'a closing quote is missing'
	mistake 'REQUIRE .a' 1 1 "there is no rule 'REQUIRE'; did you mean 'require'?"
	mistake 'time .a %Q' 1 9 "'%Q': no conversion %Q"
	mistake 'time .a %H:%M' 1 9 "'%H:%M': a time needs a year (%Y, %y or %s)"
	mistake 'dedupe .a within 10m at .b' 1 22 "'by' and the time of a record, or nothing, is expected here"
	mistake 'dedupe .a within 10m by .' 1 25 'the whole record (.) is not a time'
	mistake 'dedupe .a within 10m by .b,.c' 1 27 'nothing more is expected here: dedupe FIELD,... within DURATION [by TIME]'
	# mistakes that only appear when rules are combined
	printf 'keep .a\nkeep .b\n' >rules
	run_sh 'weir clean -f rules </dev/null'
	assert_status 78
	assert_stderr "weir clean: 'keep .a' and 'keep .b': there can be only one keep"
	run_sh 'weir clean -e "keep .a" -e "keep .b" </dev/null'
	assert_status 2
	# as written by editors on other systems
	printf '\xef\xbb\xbfrequire .a\r\n\r\ntrim .a\r\n' >rules
	echo '{"a":" x"}' | weir clean -f rules >out
	assert_output_file '{"a":"x"}'
	run_sh 'weir clean -e "mask .a.b null" -e "trim .a" </dev/null'
	assert_status 2
	run_sh 'weir clean -e "mask .a hash" </dev/null'
	assert_status 2
	run_sh 'weir clean </dev/null'
	assert_status 2
	local key
	for key in '' '\n' 'short' '0123456789abcde\n'; do
		printf %b "$key" >short
		run_sh 'weir clean --key short -e "mask .a hash" </dev/null'
		assert_status 78
		[[ $stderr == *"the key in 'short' has "*" bytes, but needs at least 16"* ]]
	done
	run_sh 'weir clean --key nowhere -e "mask .a hash" </dev/null'
	assert_status 78
	run_sh 'weir clean --key . -e "mask .a hash" </dev/null'
	assert_status 78
}

@test "clean: rules from files and options work in the order given" {
	printf 'rename .b .c\n' >rules
	echo '{"a":1}' | weir clean -e 'rename .a .b' -f rules -e 'rename .c .d' >out
	assert_output_file '{"d":1}'
}

@test "clean: a key with line feeds and NULs, by any kind of file" {
	local key
	for key in '0123456789abcdef\n\n' '0123456789abcdef\r\n' '01234567\00009abcdef'; do
		printf %b "$key" >key
		echo '{"a":"x"}' | weir clean --key key -e 'mask .a hash' >out
		python3 -c 'import hmac, json, sys
key = open("key", "rb").read()
assert json.load(open("out"))["a"] == hmac.new(key[:-1] if key.endswith(b"\n") else key, b"x", "sha256").hexdigest()'
	done
	mkfifo pipe
	cat key >pipe 3>&- &
	echo '{"a":"x"}' | weir clean --key pipe -e 'mask .a hash' | cmp out
	echo '{"a":"x"}' >in
	weir clean --key - -e 'mask .a hash' in <key | cmp out
}

@test "clean: standard input can be one thing only" {
	printf 'require .a\n' >rules
	echo '{"a":1}' >in
	run -0 weir clean -f - in <rules
	for operands in '' '-' 'in -'; do
		run_sh "weir clean -f - $operands <rules"
		assert_status 2
		run_sh "weir clean -e 'mask .a hash' --key - $operands <key"
		assert_status 2
	done
	run_sh 'weir clean -f - --key - -e "mask .a hash" in <rules'
	assert_status 2
	assert_stderr_contains 'standard input can be only one of records, rules and key'
}

@test "clean: dedupe in a marked stream needs --state none" {
	run_sh 'seq 3 | $MARKER -w 500 2>err | weir clean --input csv -e "dedupe \$1 within 1m" | weir ack'
	[ "$status" != 0 ]
	[[ $stderr == *'--state none'* ]]
	run_sh 'printf "1\n1\n2\n" | $MARKER 2>err | weir clean --input csv --state none -e "dedupe \$1 within 1m" | weir ack'
	assert_output $'1\n2'
}

@test "clean: hostile records" {
	python3 - >in <<'EOF'
import sys
o = sys.stdout
o.write("[" * 1024 + "]" * 1024 + "\n")
o.write("[" * 5000 + "]" * 5000 + "\n")
o.write('{"a":' * 1000 + "1" + "}" * 1000 + "\n")
o.write('{"a":1' + "0" * 100000 + "}\n")
o.write('{"a":NaN}\n{"a":Infinity}\n{"a":1,}\n{"a"\n\n{"":""}\n{"a":"\\ud800"}\n{"a":"\\u0000"}\n')
o.write('{"a":"' + "x" * 3000000 + '"}\n')
EOF
	clean 'upper .a' 'default .b 1' <in
	assert_equal $(($(wc -l <out) + $(wc -l <rejects))) 13
	python3 -c 'import json, sys
sys.setrecursionlimit(9999)
sys.set_int_max_str_digits(0)
for line in open("out", "rb"): json.loads(line)'
	printf '{"a":"\x00"}\n' | clean 'upper .a'
	assert_equal "$(wc -l <rejects)" 1
}

@test "clean: rejects that go to where records come from, or go to" {
	seq 5 | sed 's/.*/{"a":&}/' >in
	cp in same
	local command
	for command in 'weir clean -e "range .a 1 2" --rejects same same' 'weir clean -e "range .a 1 2" --rejects same <same' \
		'weir clean -e "range .a 1 2" --rejects same - in <same' 'ln -f same link && weir clean -e "range .a 1 2" --rejects same in link'; do
		run_sh "$command"
		assert_status 2
		[[ $stderr == *'the file of --rejects is also '*' input '* ]]
		assert_files_equal in same
	done
	run_sh 'weir clean -e "range .a 1 2" --rejects out in >>out'
	assert_status 2
	assert_stderr_contains 'the file of --rejects is also the output'
	run_sh 'weir clean -e "range .a 1 2" --rejects /dev/stdout in | cat'
	assert_status 2
	run_sh 'weir clean -e "range .a 1 2" --rejects - in'
	assert_status 2
	mkfifo pipe
	cat pipe >got 3>&- &
	run -1 weir clean -e 'range .a 1 2' --rejects pipe in
	wait $!
	assert_equal "$(wc -l <got)" 3
	run_sh 'weir clean -e "range .a 1 2" --rejects "" in'
	assert_status 2
	assert_stderr_contains "option --rejects: '' is not error, drop or a file"
	run_sh 'weir clean -e "range .a 1 2" --rejects . in'
	assert_status 78
}

@test "clean: an output for rejects that cannot be written" {
	run_sh 'seq 100000 | sed "s/.*/{\"a\":&}/" | weir clean -e "range .a 0 0" --rejects /dev/full'
	assert_status 75
	[ "$(grep -c 'No space left' <<<"$stderr")" = 1 ]
	run_sh 'echo "{}" | weir clean -e "require .a" --rejects /nowhere/x'
	assert_status 78
	run_sh 'echo "{}" | weir clean -e "require .a" --rejects /dev/full'
	assert_status 75
	[[ $stderr == *"cannot write '/dev/full': No space left on device"* ]]
}

@test "clean, aggregate: who reads the rejects through a FIFO goes: 75 and a line; who reads the output: SIGPIPE" {
	mkfifo aside
	local command
	for command in 'clean -e "range .a 0 0" --rejects aside' 'aggregate --window "tumbling 1s" --time .ts --lateness 0s --late aside count'; do
		(exec 3<aside && sleep 0.3) &
		run_sh '{ echo "{\"ts\":9,\"a\":0}"; seq 300000 | sed "s/.*/{\"ts\":1,\"a\":&}/"; } | weir '"$command >/dev/null"
		assert_status 75
		assert_stderr_contains "cannot write 'aside': Broken pipe"
		wait $!
	done
	run_sh 'seq 300000 | sed "s/.*/{\"a\":&}/" | weir clean -e "require .a" --rejects r | head -n 1 >/dev/null; echo "${PIPESTATUS[2]}"'
	assert_output 141
}

@test "clean: a record that its input's end leaves open has its own number, also before another input" {
	printf '1\n"x\n' >a
	printf '2\n' >b
	run_sh 'weir clean --input csv -e "require \$1" --rejects rejects a b'
	assert_status 1
	assert_output $'1\n2'
	assert_equal "$(jq -c '[.input,.record,.data]' rejects)" '["a",2,"\"x"]'
}
