#!/usr/bin/env bats
# Marked streams: what filters and the last program of a pipeline do with them, and what happens when a command that
# does not know marks is in between. `marker` cuts the lines of its input into batches as consume --batch does.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

marker() {
	"$BUILD/servers/marker" "$@"
}

setup() {
	export MARKER=$BUILD/servers/marker FILTER=$WEIR_ROOT/tests/lib/filter.py
	cd "$BATS_TEST_TMPDIR" || return
}

@test "the marks of a batch frame what filters write, and the counts of each hop are right" {
	seq 7 | marker -n 3 2>err | weir split | tee hop1 | weir split --lower | tee hop2 | weir ack >out
	assert_files_equal out <(seq 7)
	[ "$(grep -c "^$(printf '\x17')" hop1)" -eq "$(grep -c "^$(printf '\x17')" hop2)" ]
	grep -q '"by":"split"' hop1
	# S, B 0 (empty), Q, R, B 1, B 2, B 3 (the rest), F
	grep -ao '"k":"."' hop2 | tr -d '\n' | grep -qx '"k":"S""k":"B""k":"Q""k":"R""k":"B""k":"B""k":"B""k":"F"'
	grep -ao '"n":[0-9]*' hop2 | tr '\n' ' ' | grep -qx '"n":0 "n":0 "n":0 "n":0 "n":3 "n":3 "n":1 "n":0 '
}

@test "filters that expand and shrink records rewrite n" {
	printf 'a b c\n\nd\n' | marker -n 3 2>err | weir split | tee hop | weir ack >out
	assert_files_equal out <(printf 'a\nb\nc\nd\n')
	grep -aq '"n":4,"by":"split"' hop
}

@test "wordcount counts batch by batch" {
	printf 'a\nb\na\nc\na\nc\n' | marker -n 3 2>err | weir wordcount | weir ack >out
	assert_files_equal out <(printf '2\ta\n1\tb\n2\tc\n1\ta\n')
}

@test "a record that starts with ETB or DLE goes through unchanged and forges nothing" {
	printf '\x17{"v":1,"k":"F"}\n\x10dle\n\x10\x17both\nin\x17side\n\x17\n\x10\n\x17{\n' >in
	marker -n 2 <in 2>err | weir split | weir split | weir ack >out
	assert_files_equal out in
	marker -n 2 <in 2>err | weir each cat | weir ack >out
	assert_files_equal out in
}

@test "records of every first byte, and empty ones, survive ack" {
	python3 -c 'import sys; [sys.stdout.buffer.write(bytes([i, 65, i]) + b"\n") for i in range(256) if i != 10]; print()' >in
	marker -n 50 <in 2>err | weir ack >out
	assert_files_equal out in
}

@test "-0: records and marks end with NUL" {
	printf 'a\nb\0c\0\x17x\0' >in
	marker -0 -n 2 <in 2>err | weir ack -0 >out
	assert_files_equal out in
}

@test "a large batch of long records, and marks at every place of the buffer" {
	python3 -c 'import random; random.seed(1)
for i in range(20000): print("x" * random.randrange(0, 200))' >in
	for n in 7 1000 30000; do
		marker -n "$n" <in 2>err | weir ack >out
		assert_files_equal out in
	done
	marker -n 1000 <in 2>err | weir each cat | weir ack >out
	assert_files_equal out in
}

@test "records of 40 MB, longer than any buffer, each in a batch" {
	for i in 1 2 3; do
		head -c 40000000 /dev/zero | tr '\0' "$i"
		echo
	done >in
	marker -n 1 <in 2>err | weir each cat | weir split | weir ack >out
	cmp in out
	grep -qx 'acked 4' err
	rm in out
}

@test "the last program acknowledges what it has written: a file, not a pipe" {
	seq 5 | marker -n 2 2>err | weir split >out
	assert_files_equal out <(seq 5)
	grep -qx 'hello split' err
	grep -qx 'acked 3' err
}

@test "the last program on a full device: nothing is acknowledged, 75" {
	run_sh 'seq 5 | $MARKER -n 2 2>err | weir split >/dev/full'
	assert_status 75
	run ! grep -q 'acked 1' err
}

@test "a stream without F: what is open is dropped, every program ends with 75" {
	run_sh 'seq 5 | $MARKER -k -n 2 2>/dev/null | weir split 2>err | weir wordcount >out; echo "${PIPESTATUS[@]}"'
	[[ $output =~ ^0\ 137\ (75|141)\ 75$ ]] # the last program may be the first to notice, and split then has no reader
	# whole batches only; the last program may notice the death of the source before it has written all
	grep -vxE '1	[1-4]' out && fail 'a batch that was not complete is there'
	[[ $output == *141* ]] || grep -q 'ended without its final mark' err
}

@test "a stream that is cut within a mark or within a record is a death, not damage" {
	seq 50 | marker -n 9 2>err | weir split | tee whole | weir ack >/dev/null
	size=$(stat -c %s whole)
	for cut in 1 2 40 $((size / 3)) $((size / 2)) $((size - 10)) $((size - 1)); do
		echo "torn at $cut of $size"
		head -c "$cut" whole >torn
		run_sh 'weir split <torn | cat >out'
		assert_status 75
	done
}

@test "commands that reorder, drop, count or rewrite: 65, or 75 when marks never come; nothing is acknowledged" {
	# each: the status of the weir program that reads after it
	for case in sort:any 'sort -r:any' 'grep 1:any' 'grep -v 7:any' 'sed s/1/2/:65' 'head -1:75' 'uniq -c:any' \
		'tr a-z A-Z:65' 'jq .:any' "awk '{print;print}':any" "awk '{print \$1}':any" tac:any rev:any 'cut -c2-:any'; do
		cmd=${case%:*} want=${case##*:}
		for buffer in '' 'stdbuf -oL '; do
			echo "== $buffer$cmd"
			# 1..40 in batches of 10; wait at most half a second for a sink
			run_sh "seq 40 | \$MARKER -w 500 -n 10 2>err | $buffer$cmd 2>/dev/null | weir split 2>err2 | weir ack >out; echo \"\${PIPESTATUS[@]}\""
			read -r -a codes <<<"$output"
			cat err err2
			run ! grep -q '^acked [1-9]' err
			[ "${codes[1]}" = 75 ] || [ "${codes[1]}" = 141 ]
			[ "$want" = any ] || [ "${codes[3]}" = "$want" ]
		done
	done
}

@test "a command that doubles records after a good start: 65, and the message names both programs and each" {
	run_sh "seq 20 | \$MARKER -n 5 2>err | weir split | sed -u '/^\x17/!p' | weir wordcount 2>err2 | weir ack >out; echo \"\${PIPESTATUS[4]}\""
	assert_output 65
	assert_files_equal out /dev/null
	grep -q "counts 5 records, but 10 came: a command between 'split' and 'wordcount' does not know marks; run it with \`weir each\`" err2
	run ! grep -q '^acked 1' err
}

@test "a damaged first mark: a sink does not take it for a plain stream" {
	run_sh "seq 3 | \$MARKER -w 1000 2>err | sed -u 's/^/x/' | { weir each cat 2>err2; echo \$? >status; } | weir ack >out 2>err3"
	[ "$status" -ne 0 ]
	assert_equal "$(<status)" 65
	grep -q 'among the first records is a damaged mark' err2
	[ ! -s out ]
	run_sh "seq 3 | \$MARKER -w 1000 2>err | sed -u 's/^/x/' | { weir ack >out 2>err3; echo \$? >status; }"
	assert_equal "$(<status)" 65
	grep -q 'among the first records is a damaged mark' err3
	[ ! -s out ]
}

@test "no sink at the end: the source ends, nothing hangs" {
	run_sh 'seq 9 | $MARKER -w 500 | cat >/dev/null'
	assert_status 75
}

@test "a sink that dies ends the source" {
	run_sh 'seq 100000 | $MARKER -n 10 2>err | weir split | weir each --ok 0 false | weir ack'
	assert_status 75
	run ! grep -q '^acked [1-9]' err
}

@test "two sinks: a batch is acknowledged when both have it" {
	mkfifo left
	weir ack <left >a 3>&- &
	seq 6 | marker -s 2 -n 2 2>err | tee left | weir ack >b
	wait $!
	assert_files_equal a <(seq 6)
	assert_files_equal b <(seq 6)
	[ "$(grep -c '^hello ack' err)" -eq 2 ]
	grep -qx 'acked 4' err
}

@test "two sources that write into one pipe: 65, and nothing is acknowledged to the second, or doubled" {
	mkfifo hold pipe
	weir split <pipe 2>err2 | weir ack >out 2>err3 3>&- &
	sink=$!
	"$MARKER" -n 2 <hold 2>err >pipe 3>&- &
	first=$!
	exec 5>hold
	seq 1 2 >&5
	wait_for 10 grep -qx 'acked 1' err
	seq 11 14 | "$MARKER" -w 3000 2>err4 >pipe 3>&- &
	second=$!
	wait_for 10 grep -q . err2
	exec 5>&-
	status=0
	wait $second || status=$?
	assert_status 75
	wait $first || status=$?
	assert_status 75
	wait $sink || status=$?
	cat err*
	grep -q "a mark stands where it does not belong: a command between 'consume' and 'split' changes the stream" err2
	run ! grep -q '^acked' err4
	assert_files_equal out <(seq 2)
}

@test "a mark of another run, or one that stands where none of its kind may: 65" {
	remark="$WEIR_ROOT/tests/lib/marks.py --change"
	for change in 's/("k":"B","run":")................/\g<1>0123456789abcdef/' 's/"k":"B"(.*"b":1,)/"k":"S"\1/'; do
		IFS=/ read -r _ from to _ <<<"$change"
		run_sh "seq 6 | \$MARKER -n 2 -w 2000 2>err | $remark '$from' '$to' | weir split | weir ack >out; exit \"\${PIPESTATUS[3]}\""
		assert_status 65
		assert_stderr_contains "a mark stands where it does not belong"
		run ! grep -q '^acked [1-9]' err
	done
}

@test "two streams one after the other are not stream: 65" {
	run_sh 'seq 4 | $MARKER 2>err | tee one | weir ack >/dev/null'
	run_sh 'cat one one | weir split | cat >out'
	assert_status 65
	assert_stderr_contains 'something follows the final mark'
}

@test "a marked stream must be the only input" {
	seq 3 | marker 2>err | tee saved | weir ack >/dev/null
	run_weir split saved saved
	assert_status 65
	assert_stderr_contains 'must be the only input'
}

@test "--plain: a file that starts with ETB is data" {
	printf '\x17word\n' >in
	run_sh 'weir split in | cat'
	assert_status 65
	run_sh 'weir split --plain in | cat >out'
	assert_status 0
	assert_files_equal out in
}

@test "a record that is too long for --max-record ends a marked stream with 65 before its batch is acknowledged" {
	run_sh 'head -c 3000000 /dev/zero | tr "\0" x | $MARKER -w 3000 2>err | weir split --max-record 2M 2>err2 | weir ack >out; echo "${PIPESTATUS[3]}"'
	assert_output 65
	grep -q 'longer than' err2
	run ! grep -q '^acked 1' err
}

@test "SIGTERM does not end a filter of a marked stream; the stream's end does" {
	mkfifo hold
	marker -n 2 <hold 2>err | bash -c 'echo $$ >pid; exec weir split' | weir ack >out 3>&- &
	exec 5>hold
	printf '1\n2\n' >&5
	wait_for 10 grep -qx 'acked 1' err
	kill -TERM "$(cat pid)"
	printf '3\n' >&5
	exec 5>&-
	wait_for 10 grep -qx 'acked 2' err
	assert_files_equal out <(seq 3)
}

@test "on a terminal a line with the time comes before each batch that has read something" {
	seq 3 >in
	script -qec "$MARKER -n 2 <in 2>err | weir split" /dev/null >out </dev/null
	grep -c '^-- 20..-..-..T..:..:..Z --' out | grep -qx 2
	tr -d '\r' <out | grep -v '^--' >records
	assert_files_equal records in
}

@test "a filter in Python, written from weir-stream(7) alone, in the middle of a pipeline" {
	printf 'keep 1\ndrop 2\n\x17keep 3\nkeep 4\n' | marker -n 2 2>err | weir each cat |
		python3 "$FILTER" keep | weir each cat | weir ack >out
	assert_files_equal out <(printf 'keep 1\n\x17keep 3\nkeep 4\n')
	grep -qx 'acked 3' err
	run_sh 'seq 9 | $MARKER -k 2>/dev/null | python3 "$FILTER" 1 | weir ack >/dev/null; echo "${PIPESTATUS[@]:1:2}"'
	[ "$output" = '137 75' ] || [ "$output" = '137 141' ] # SIGPIPE if ack ended first, because its socket was closed
	run_sh "seq 9 | \$MARKER -w 2000 2>/dev/null | sed -u '/^\x17/!p' | python3 \$FILTER 1 | weir ack >/dev/null; echo \"\${PIPESTATUS[@]}\""
	[ "$(cut -d ' ' -f 4 <<<"$output")" = 65 ]
}

@test "a batch that is missing whole, its mark too, or comes at another place: 65, as for a count that is wrong" {
	cat >batches.py <<-'END'
		import sys
		order, seen, batch, count = [int(i) for i in sys.argv[1]], {}, b"", -4  # S, B 0, Q, R; then B 1 to B 4, which is empty; F
		def put(text):
		    sys.stdout.buffer.write(text)
		    sys.stdout.buffer.flush()
		for line in sys.stdin.buffer:
		    batch += line
		    if line[:1] == b"\x17":
		        count += 1
		        seen[count] = batch
		        if count < 1 or b'"k":"F"' in line:
		            put(batch)
		        while order and order[0] in seen:
		            put(seen[order.pop(0)])
		        batch = b""
	END
	seq 9 | marker -n 3 2>err | weir split | tee whole | weir ack >out
	for order in 134 234 124 123 1324 2134 12234 ''; do
		for program in split wordcount 'each cat' 'filter --input tsv true' "python3 $FILTER 1"; do
			[ "${program%% *}" = python3 ] || program="weir $program"
			run_sh "python3 batches.py '$order' <whole | $program | cat >out; exit \"\${PIPESTATUS[1]}\""
			assert_status 65
			grep -qE 'a mark of batch .* comes after batch|a batch is missing' <<<"$stderr" || fail "$stderr"
		done
	done
	run_sh 'python3 batches.py 1234 <whole | weir split | cat >out; exit "${PIPESTATUS[1]}"'
	assert_status 0
	# with a sink that only acknowledges: the records of the missing batch are not acknowledged
	run_sh 'seq 9 | $MARKER -n 3 2>err | python3 batches.py 134 | weir ack >out; echo "${PIPESTATUS[*]}"'
	[[ $output == *' 65' ]] || fail "$output"
	assert_stderr_contains "a mark of batch 3 comes after batch 1: a command between 'consume' and 'ack' drops batches or changes their order"
}
