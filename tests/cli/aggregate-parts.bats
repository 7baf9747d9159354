#!/usr/bin/env bats
# aggregate: batches of marked streams, and partial results.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/aggregate

setup() {
	aggregate_setup
}

@test "aggregate: each batch of a marked stream" {
	printf '{"k":"%s"}\n' a b a c a >in
	run -0 bash -c '"$MARKER" -n 2 <in 2>err | weir aggregate -g .k count >out; cat out'
	is '{"k":"a","count":1}
{"k":"b","count":1}
{"k":"a","count":1}
{"k":"c","count":1}
{"k":"a","count":1}'
	grep -q 'acked 3' err
	# marks are passed on after the rows of their batch, and count those rows
	printf 'S\nR 0 0:-:0\na\na\nb\nB 1 0:0:3\nB 2 0:3:3\nc\nB 3 0:3:4\nF 3\n' | python3 "$MARKS" |
		weir aggregate --input tsv -g '$1' count --format tsv --no-header | cat >out
	sed -n '/^\x17/{s/.*"k":"\(.\)".*"n":\([0-9]*\),.*/\1\2/p;d};p' out >is
	assert_equal "$(cat is)" "$(printf 'S0\nR0\na\t2\nb\t1\nB2\nB0\nc\t1\nB1\nF0')"
}

@test "aggregate: the rate of a batch is by its time" {
	printf 'S t=1000000\nR 0 0:-:0\na\na\na\nB 1 0:0:3 t=1002000\nF 1\n' | python3 "$MARKS" | weir aggregate rate | cat >out
	grep -qx '{"rate":3.0}' out
}

@test "aggregate: a malformed record ends a marked stream before its batch" {
	printf 'S\nR 0 0:-:0\n{"k":1}\nB 1 0:0:1\n{"k":\nB 2 0:1:2\nF 2\n' | python3 "$MARKS" >in
	run -65 bash -c 'weir aggregate -g .k count <in | cat >out; exit ${PIPESTATUS[0]}'
	[ "$(grep -ac '"k":"B"' out)" = 1 ]
	printf 'S\nR 0 0:-:0\n{"k":1}\nB 1 0:0:1\n{"k":1}\n' | python3 "$MARKS" >in
	run -75 bash -c 'weir aggregate -g .k count <in | cat >out; exit ${PIPESTATUS[0]}'
	[ "$(grep -vac $'^\x17' out)" = 1 ]
}

@test "aggregate: partial results, merged, are the bytes of one run" {
	python3 - >in <<-'END'
		import random
		random.seed(5)
		for i in range(20000):
		    x = random.choice([i, i / 7, random.lognormvariate(0, 9), -i, None, "s", 2**62])
		    print('{"k":"%s","x":%s,"p":"page%d"}' % (random.choice("abcd"), {None: "null", "s": '"s"'}.get(x, x), random.random() ** 3 * 500))
	END
	split -n l/3 in part.
	local all=(count 'sum(.x)' 'mean(.x)' 'min(.x)' 'max(.x)' 'var(.x)' 'stddev(.x)' 'quantile(.x,0.1,0.9)'
		'histogram(.x,-1,1)' 'first(.x)' 'last(.x)' 'distinct(.x)' 'top(.p,5)' 'delta(.x)' 'count(.x > 3)')
	for by in .k .k,.p .nothing; do
		weir aggregate -g $by "${all[@]}" in >whole 2>err
		for p in part.*; do weir aggregate --partial -g $by "${all[@]}" "$p" >p."$p" 2>err; done
		weir aggregate --merge -g $by "${all[@]}" p.part.* | cmp - whole
		# and partial results of partial results
		weir aggregate --merge --partial -g $by "${all[@]}" p.part.aa p.part.ab | weir aggregate --merge -g $by "${all[@]}" - p.part.ac | cmp - whole
	done
	# the metrics of the same accumulators
	weir aggregate --partial -g .k 'sum(.x)' in >p 2>err
	assert_equal "$(weir aggregate --merge -g .k 'mean(.x)' p)" "$(weir aggregate -g .k 'mean(.x)' in 2>err)"
}

@test "aggregate: partial results that cannot be joined" {
	echo '{"k":"a","x":1}' >in
	weir aggregate --partial -g .k 'sum(.x)' in >p
	run -65 weir aggregate --merge -g .k 'max(.x)' p
	[[ $output == *'p: record 1: this is a partial result of another query' ]]
	run -65 weir aggregate --merge -g .j 'sum(.x)' p
	run -65 weir aggregate --merge -g .k 'sum(.x)' in
	[[ $output == *'this is not a partial result'* ]]
	local damaged
	for damaged in 's/"state":"Ag/"state":"AQ/' 's/"state":"..../"state":"/' 's/"state":".*"/"state":"?"/' 's/"state":".*"/"state":""/'; do
		sed "$damaged" p >q
		run -65 weir aggregate --merge -g .k 'sum(.x)' q
	done
	run -2 weir aggregate --partial 'ewma(.x,0.5)' in
	run -2 weir aggregate --merge 'ewma(.x,0.5)' in
	run -2 weir aggregate --partial -g .k count --sort count in
	# each of these options would lose groups
	run -2 weir aggregate --partial -g .k count -n 1 in
	[[ $output == *'--partial cannot be combined with --emit, --having, --sort or -n'* ]]
	run -2 weir aggregate --partial --merge -g .k count -n 1 in
	run -2 weir aggregate --partial -g .k count --having '.k == 1' in
	# a column of the user would hide one of weir's
	run -2 weir aggregate --partial -g .state count in
	run -2 weir aggregate --partial -g .query count in
}

@test "aggregate: partial results whose windows are impossible" {
	window() { # window START END: a partial result of a session, whose state says these times
		python3 - "$@" <<'EOF'
import base64, json, sys
def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)
def zigzag(n):
    return varint(n << 1 ^ n >> 63)
row = json.load(open("p"))
state = base64.b64decode(row["state"])
assert state[2:-2] == zigzag(1000000000000) + zigzag(1000000005000)
state = state[:2] + b"".join(zigzag(int(t)) for t in sys.argv[1:]) + state[-2:]
row["state"] = base64.b64encode(state).decode()
print(json.dumps(row, separators=(",", ":")))
EOF
	}
	local query damage='this partial result is damaged'
	refused() { # refused WINDOW START:END...
		query=(--window "$1" --time .t count)
		weir aggregate --partial "${query[@]}" <<<'{"t":1000000000}' | tail -n 1 >p
		window 1000000000000 1000000005000 | cmp - p
		for times in "${@:2}"; do
			window "${times%:*}" "${times#*:}" >q
			run -65 weir aggregate --merge "${query[@]}" q
			[[ $output == *"record 1: $damage" ]]
		done
	}
	# none at all, and not within the years 1 to 9999
	local never=(-9223372036854775808:0 0:9223372036854775807 5000:0 -62135596805000:-62135596800000 253402300800000:253402300805000)
	refused 'session 5s' "${never[@]}" 0:4999
	refused 'tumbling 5s' "${never[@]}" 0:4999 0:10000 1:5001
	refused 'sliding 5s 2500ms' "${never[@]}" 0:4999 1250:6250
}

@test "aggregate: first, last and delta of parts: joined in any grouping, and with a state between" {
	python3 - >in <<'END'
import random
r = random.Random(5)
t = 0
for i in range(600):
    t += r.choice([0, 0, 1, 4])
    print('{"t":%d,"k":%d,"x":%d}' % (1000000000 + t - r.choice([0, 0, 2, 5]), r.randrange(3), i))
END
	split -n l/4 in part.
	local w
	for w in 'tumbling 10s' 'sliding 20s 5s' 'session 3s'; do
		local query=(-g .k --window "$w" 'first(.x)' 'last(.x)' 'delta(.x)') time=(--time .t --lateness 1h)
		weir aggregate "${time[@]}" "${query[@]}" in >whole
		[ "$(wc -l <whole)" -gt 60 ]
		for p in part.*; do weir aggregate "${time[@]}" --partial "${query[@]}" "$p" >"p.$p"; done
		weir aggregate --merge "${query[@]}" p.part.* | cmp - whole
		# (a b) (c d), and a ((b c) d): equal times go by the order of the operands
		weir aggregate --merge --partial "${query[@]}" p.part.aa p.part.ab >j.ab
		weir aggregate --merge --partial "${query[@]}" p.part.ac p.part.ad >j.cd
		weir aggregate --merge "${query[@]}" j.ab j.cd | cmp - whole
		weir aggregate --merge --partial "${query[@]}" p.part.ab p.part.ac >j.bc
		weir aggregate --merge --partial "${query[@]}" j.bc p.part.ad >j.bcd
		weir aggregate --merge "${query[@]}" p.part.aa j.bcd | cmp - whole
		# a state that is restored
		rm -rf state
		for p in part.*; do weir aggregate --state state "${time[@]}" "${query[@]}" "$p" 2>>err; done >pieces
		weir aggregate --state state "${time[@]}" "${query[@]}" <<<'{"t":2000000000,"k":9}' --max-ahead any 2>>err >>pieces
		sort pieces | cmp - <(sort whole)
	done
}
