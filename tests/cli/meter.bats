#!/usr/bin/env bats
# meter: bytes pass unchanged, counts are exact, and the figures of marked streams agree with their formulas.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
}

# The value of member $1 in the last line of the JSON file $2.
member() {
	tail -n 1 "${2:-figures}" | python3 -c 'import json, sys; v = json.load(sys.stdin)
for k in sys.argv[1].split("."): v = v.get(k) if v is not None else None
print(json.dumps(v))' "$1"
}

# A marked stream made of batches "b records ts_min ts_max done" of standard input; times are ms before now, - none.
stream() {
	python3 -c '
import json, sys, time, zlib
now = int(time.time() * 1000)
def put(kind, b, n, t, more=""):
    m = "\x17{\"v\":2,\"k\":\"%s\",\"run\":\"00c0ffee00c0ffee\",\"b\":%d,\"n\":%d,\"by\":\"consume\",\"t\":[%d,%d]%s" % (
        kind, b, n, t[0], t[1], more)
    print("%s,\"crc\":\"%08x\"}" % (m, zlib.crc32(m.encode())))
put("S", 0, 0, (now, now))
b = -1
for line in sys.stdin:
    b, n, lo, hi, done = line.split()
    for i in range(int(n)): print("r%d" % i)
    more = "" if lo == "-" else ",\"ts\":[%d,%d]" % (now - int(lo), now - int(hi))
    put("B", int(b), int(n), (now - 10000, now - 1000), more + ("" if done == "-" else ",\"done\":" + done))
put("F", int(b) + 1, 0, (now, now))'
}

@test "meter: every byte passes unchanged, through pipes and from files, with and without splice" {
	head -c 3000000 "$BUILD/weir" >in
	printf 'no line feed at the end' >>in
	local flag
	for flag in --bytes -0 --plain; do
		weir meter $flag in 2>err >out && assert_files_equal out in
		weir meter $flag <in 2>err >out && assert_files_equal out in
		# shellcheck disable=SC2002
		cat in | weir meter $flag 2>err | cat >out && assert_files_equal out in
		# shellcheck disable=SC2002
		cat in | weir meter $flag 2>err >out && assert_files_equal out in
	done
}

@test "meter: counts records and bytes exactly; an unterminated last line is a record" {
	seq 123456 | weir meter -i 0 --format json --output figures >/dev/null
	assert_equal "$(member records)" 123456
	assert_equal "$(member bytes)" "$(seq 123456 | wc -c)"
	assert_equal "$(wc -l <figures)" 1
	printf 'a\n\nb' | weir meter -i 0 --format json --output figures | cat >out
	assert_equal "$(member records) $(member bytes)" '3 4'
	printf 'a\0b\nc\0' | weir meter -0 --format json --output figures >out
	assert_equal "$(member records)" 2
	weir meter --format json --output figures </dev/null
	assert_equal "$(member records) $(member bytes) $(member final)" '0 0 true'
}

@test "meter: --bytes counts no records" {
	seq 1000 | weir meter --bytes --format json 2>figures | cat >out
	assert_equal "$(member records) $(member bytes)" 'null 3893'
	seq 1000 | weir meter --bytes 2>err | cat >out
	run ! grep -q record err
}

@test "meter: the line for people has a name, totals and rates" {
	run_sh 'seq 2000 | weir meter --name here 2>&1 >/dev/null'
	[[ $output =~ ^'here: total: 0.'[0-9]+' s, 2000 records, '[0-9]+'/s, 8893 bytes (8.7 KiB), '[0-9.]+' '[KMG]?i?B/s$ ]]
}

@test "meter: reports at every interval, also while nothing comes" {
	mkfifo in
	weir meter -i 20ms --format json --output figures <in >out &
	local meter=$!
	exec 5>in
	printf 'a\nb\n' >&5
	until [ -e figures ] && [ "$(wc -l <figures)" -ge 5 ]; do sleep 0.02; done
	[ "$(wc -l <figures)" -ge 5 ]
	assert_files_equal out <(printf 'a\nb\n')
	assert_equal "$(head -n 4 figures | tail -n 1 >line && member final line)" false
	exec 5>&-
	wait "$meter"
	assert_equal "$(member final) $(member records)" 'true 2'
}

@test "meter: the rate of a report is what came since the one before over the time between" {
	{ seq 1000 && sleep 0.3 && seq 500; } | weir meter -i 50ms --format json --output figures >out
	python3 - <<'EOF'
import json
before = {"elapsed_ms": 0, "records": 0, "bytes": 0}
for line in open("figures"):
    now = json.loads(line)
    if now["final"]: before = {"elapsed_ms": 0, "records": 0, "bytes": 0}
    ms = max(now["elapsed_ms"] - before["elapsed_ms"], 1)
    for what in "records", "bytes":
        rate = (now[what] - before[what]) * 1000
        # milliseconds are rounded down, both ends
        assert rate / (ms + 1) - 1 <= now[what + "_per_s"] <= rate / max(ms - 1, 1) + 1, (line, what, rate, ms)
    before = now
assert now["records"] == 1500
EOF
}

@test "meter: time and rates against the clock of somebody else" {
	local before after
	before=$(date +%s%3N)
	# The sleep begins when meter runs for certain.
	# shellcheck disable=SC2094 # meter writes it
	{ seq 1000 && until [ -s out ]; do sleep 0.01; done && sleep 0.4 && seq 500; } |
		weir meter -i 0 --format json --output figures >out
	after=$(date +%s%3N)
	python3 - $((after - before)) <<'EOF'
import json, sys
f = json.load(open("figures"))
most, ms = int(sys.argv[1]), f["elapsed_ms"]
assert 390 <= ms <= most + 1, (f, most) # the sleep at least; the clocks differ by some ms
assert f["records"] == 1500 and abs(f["records_per_s"] - 1500000 / ms) < 1500000 / ms / ms + 1, f
assert abs(f["bytes_per_s"] - f["bytes"] * 1000 / ms) < f["bytes"] * 1000 / ms / ms + 1, f
EOF
}

@test "meter: progress of regular files" {
	seq 1000 | tee in2 >in
	weir meter -i 0 --format json --output figures in in >/dev/null
	assert_equal "$(member 'done') $(member bytes)" '1.0 7786'
	weir meter -i 0 --format json --output figures - in <in2 >/dev/null
	assert_equal "$(member 'done') $(member bytes)" '1.0 7786'
	seq 10 | weir meter --format json --output figures - in >/dev/null
	assert_equal "$(member 'done')" null
}

@test "meter: on a terminal a bar with ETA, in lines that are not wider" {
	seq 500000 >in # more than a pipe can hold
	mkfifo pipe
	(
		exec 4<pipe
		until grep -q 'ETA' shown; do sleep 0.02; done
		cat <&4 >/dev/null
	) 3>&- &
	local reader=$!
	script -qefc 'stty cols 60; exec weir meter --name mätér -i 10ms in >pipe' shown </dev/null >/dev/null
	wait "$reader"
	tr '\r' '\n' <shown >lines
	grep -Eq '^mätér: [0-9.]+ s, \[=*>? *\] [0-9.]+ %, ETA ' lines
	assert_equal "$(grep -vE "^Script|total" lines | sed 's/\x1b\[K//' | awk 'length > 59')" ''
	grep -q 'mätér: total: .* 500000 records' lines
}

@test "meter: operands in order, an unreadable one is named, the rest goes on" {
	printf 'one\n' >a
	printf 'two' >b
	run_sh 'weir meter --output figures a nowhere b . a'
	assert_status 78
	assert_output $'one\ntwoone'
	assert_stderr $'weir meter: cannot open \'nowhere\': No such file or directory\nweir meter: cannot read .: Is a directory'
}

@test "meter: a fifo as the only operand loses nothing" {
	mkfifo in
	seq 1000 >in &
	weir meter --output figures in >out
	assert_files_equal out <(seq 1000)
}

@test "meter: Prometheus' file is replaced as a whole and leaves nothing beside it" {
	mkdir dir
	local name="a \"b\"\\"
	seq 10 | weir meter -i 10ms --name "$name" --format prometheus --output dir/m.prom >out
	assert_equal "$(ls dir)" m.prom
	grep -qxF 'weir_meter_records_total{name="a \"b\"\\"} 10' dir/m.prom
	grep -qxF 'weir_meter_bytes_total{name="a \"b\"\\"} 21' dir/m.prom
	grep -qxF '# TYPE weir_meter_records_total counter' dir/m.prom
	run ! grep -q batch dir/m.prom
}

@test "meter: what is not a regular file is not replaced by one" {
	mkfifo fifo
	ln -s target link
	local file
	for file in fifo link .; do
		run_sh "seq 3 | weir meter --format prometheus --output $file"
		assert_status 78
		assert_output ''
		assert_stderr "weir meter: cannot write '$file': not a regular file"
	done
	[ -p fifo ]
	[ -L link ]
}

@test "meter: a name with control bytes" {
	run_sh "seq 3 | weir meter --name \$'a\nb\e[31m' 2>&1 >/dev/null"
	[[ $output == 'a?b?[31m: total: '* ]]
}

@test "meter: an output for figures that cannot be written" {
	run_sh 'seq 3 | weir meter --format prometheus --output nodir/m'
	assert_status 78
	assert_stderr "weir meter: cannot write 'nodir/m': No such file or directory"
	run_sh 'seq 3 | weir meter --output /dev/full'
	assert_status 75
	assert_output $'1\n2\n3'
	assert_stderr "weir meter: cannot write '/dev/full': No space left on device"
	run_sh 'seq 3 | weir meter --format prometheus'
	assert_status 2
	run_sh 'seq 3 | weir meter 2>&-'
	assert_output $'1\n2\n3'
	assert_status 0
}

@test "meter: a closed output: totals, then death by SIGPIPE" {
	run_sh 'yes | weir meter --output figures | head -n 1; exit ${PIPESTATUS[1]}'
	assert_status 141
	assert_stderr ''
	grep -q '^meter: total: .* records' figures
	run_sh 'yes | weir meter --bytes --output figures | head -n 1; exit ${PIPESTATUS[1]}'
	assert_status 141
}

@test "meter: SIGTERM ends a plain stream with its totals" {
	mkfifo in
	weir meter --output figures <in >out &
	local meter=$!
	exec 5>in
	echo a >&5
	until [ -s out ]; do sleep 0.01; done
	kill "$meter"
	wait "$meter"
	grep -q '^meter: total: .* 1 record,' figures
	exec 5>&-
}

@test "meter: non-blocking pipes" {
	seq 100000 >in
	python3 - <<'EOF'
import os, subprocess
for flags in [], ["--bytes"]:
    r, w = os.pipe(); r2, w2 = os.pipe()
    for fd in (r, w2): os.set_blocking(fd, False)
    p = subprocess.Popen(["weir", "meter", "--output", "figures"] + flags, stdin=r, stdout=w2)
    os.close(r); os.close(w2)
    if os.fork() == 0:
        os.close(r2); os.write(w, b"x\n"); os.write(w, open("in", "rb").read()); os._exit(0)
    os.close(w)
    assert open(r2, "rb").read() == b"x\n" + open("in", "rb").read()
    assert p.wait() == 0
EOF
}

@test "meter: a marked stream passes with its marks; counts are those of the records" {
	printf 'a\nbb\n\x17c\n\x10\n' >in
	$MARKER -n 2 <in 2>err | weir meter -i 0 --format json --output figures | tee hop | weir ack >out
	assert_files_equal out in
	grep -aq '"n":2,"by":"meter"' hop
	assert_equal "$(member records) $(member bytes)" "4 $(wc -c <in)"
	assert_equal "$(member batches)" "$(grep -aco '"k":"B"' hop)"
}

@test "meter: figures of batches by their formulas" {
	printf '0 0 - - -\n1 2 5000 1000 -\n2 3 9000 2000 0\n3 1 7000 3000 1\n' | stream >in
	weir meter -i 0 --format json --output figures in | cat >out # a pipe: it is not the last program
	python3 - <<'EOF'
import json
f = json.loads(open("figures").read())
assert (f["batches"], f["batch"], f["records"], f["unacknowledged"]) == (4, 3, 6, 2), f
assert f["interval_ms"] == 9000, f
late = f["batch_ms"] - 10000 # between making the stream and reading it
assert 0 <= late < 60000, f
for which, last, median, p99 in ("oldest", 7000, 7000, 9000), ("newest", 3000, 2000, 3000):
    d = f["delay_" + which + "_ms"]
    for key, want in ("last", last), ("median", median), ("p99", p99):
        assert abs(d[key] - want - late) < 1000 + late, (d, key, want, late)
EOF
	weir meter -i 0 in 2>err | cat >out
	grep -Eq ', batch 3 in [0-9.]+ s of 9.000 s, 2 not acknowledged, delay oldest [0-9.]+ s \(median [0-9.]+ s, p99 [0-9.]+ s\), newest ' err
	weir meter -i 0 --format prometheus --output m.prom in | cat >out
	grep -qx 'weir_meter_batches_unacknowledged{name=""} 2' m.prom
	grep -Eqx 'weir_meter_delay_p99_seconds\{name="",record="oldest"\} [0-9]+\.[0-9]{3}' m.prom
}

@test "meter: progress of a marked stream whose R has ends" {
	python3 - >in <<'EOF'
import time, zlib
now = int(time.time() * 1000)
def put(kind, b, n, more=""):
    m = "\x17{\"v\":2,\"k\":\"%s\",\"run\":\"00c0ffee00c0ffee\",\"b\":%d,\"n\":%d,\"by\":\"consume\",\"t\":[%d,%d]%s" % (
        kind, b, n, now, now, more)
    print("%s,\"crc\":\"%08x\"}" % (m, zlib.crc32(m.encode())))
put("S", 0, 0)
put("R", 0, 0, ',"was":{"end":{"0":null,"1":null}},"start":{"end":{"0":10,"1":0}},"end":{"end":{"0":20,"1":30}}')
print("a\nb")
put("B", 1, 2, ',"off":{"end":{"0":[10,15],"1":[0,5]}},"r":{"end":{"0":1,"1":1}},"last":{}')
put("F", 2, 0)
EOF
	weir meter -i 0 --format json --output figures in | cat >out
	assert_equal "$(member 'done')" 0.25
}

@test "meter: before the first acknowledgement all batches are unacknowledged; no timestamps, no delay" {
	printf '0 1 - - -\n1 1 - - -\n' | stream | weir meter -i 0 --format json --output figures | cat >out
	assert_equal "$(member unacknowledged) $(member delay_oldest_ms)" '2 null'
}

@test "meter: a stream without its final mark, a damaged one, one of several inputs" {
	printf '0 1 - - -\n' | stream >whole
	sed '$d' whole >short
	run_sh 'weir meter --output figures short | cat >out'
	assert_status 75
	sed 2d whole >damaged
	run_sh 'weir meter --output figures damaged | cat >out'
	assert_status 65
	run_sh 'weir meter --output figures whole damaged | cat >out'
	assert_status 65
	assert_stderr 'weir meter: whole is a marked stream, which must be the only input'
	weir meter --plain --output figures whole >out
	assert_files_equal out whole
}

@test "meter: a temporary file follows no link, and none is left" {
	mkdir pub
	echo precious >victim
	# exec keeps the process number, of which such names are usually made
	bash -c 'for n in pub/m.prom.$$.tmp pub/m.prom.$$; do ln -s "$PWD/victim" $n; done; exec weir meter --format prometheus --output pub/m.prom' \
		< <(seq 3) >/dev/null
	assert_equal "$(cat victim)" precious
	grep -q '^weir_meter_records_total.* 3$' pub/m.prom
	[ ! -L pub/m.prom ]
	assert_equal "$(find pub -type f)" pub/m.prom
}

@test "meter: a report is not written over an input" {
	echo a >in
	run_weir meter --output in in
	assert_status 2
	assert_stderr_contains 'the file of --output is also an input'
	run_sh 'weir meter --output in --format prometheus - <in'
	assert_status 2
	assert_equal "$(<in)" a
}
