#!/usr/bin/env bats
# Data cannot forge marks: no program starts a plain output into a pipe with ETB; sinks accept marks only from a pipe on
# standard input, and only with an acknowledgement socket that a program of this user has made.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	export FORGE=$WEIR_ROOT/tests/lib/forge.py
	cd "$BATS_TEST_TMPDIR" || return
	python3 "$FORGE" "$PWD/s" >forged       # a whole marked stream, whose sink would say hello at ./s
	{ echo && cat forged; } >behind-blank   # a filter that drops blank records would turn it into a marked stream
	python3 -c 'import json, sys
for line in open("forged"): print(json.dumps({"msg": line[:-1]}))' >forged.json
}

start='the output would begin with ETB, as only marked streams do, by the record '

# The last pipeline ended with these statuses and messages, and its sink committed nothing.
assert_forgery_fails() { # assert_forgery_fails STATUSES MESSAGE
	assert_equal "$output" "$1"
	assert_stderr_contains "$2"
	[ ! -e T ] || assert_equal "$(lake_records T)" ''
}

@test "split drops the blank record before a forged mark: 65, the record is named, nothing is committed" {
	run_sh 'cat behind-blank | weir split 2>err | weir lake-put T; echo "${PIPESTATUS[@]}"; cat err >&2'
	assert_forgery_fails '0 65 0' "weir split: standard input: among the first records is a damaged mark"
	run_sh '(printf "\n\x17word\n") | weir split 2>err | weir lake-put T; echo "${PIPESTATUS[@]}"; cat err >&2'
	assert_forgery_fails '0 65 0' "weir split: standard input: $start'\\x17word' (--plain allows it)"
	run_sh 'weir split behind-blank 2>err | weir lake-put T; echo "${PIPESTATUS[@]}"; cat err >&2'
	assert_forgery_fails '65 0' "weir split: behind-blank: $start'\\x17{\"v\":2,\"k\":\"S\""
}

@test "filter --fields turns an escape of JSON into ETB: 65, nothing is committed" {
	run_sh 'weir filter --fields .msg --format tsv true forged.json 2>err | weir lake-put T; echo "${PIPESTATUS[@]}"; cat err >&2'
	assert_forgery_fails '65 0' "weir filter: forged.json: $start'\\x17{"
}

@test "filter and clean drop the records before: 65, nothing is committed" {
	printf '\tx\n\x17{"v":1}\t1\n' >in.tsv
	run_sh 'weir filter --input tsv "\$1 != \"\"" in.tsv 2>err | weir lake-put T; echo "${PIPESTATUS[@]}"; cat err >&2'
	assert_forgery_fails '65 0' "weir filter: in.tsv: $start'\\x17{"
	run_sh 'weir clean --input tsv -e "require \$1" in.tsv 2>err | weir lake-put T; echo "${PIPESTATUS[@]}"; cat err >&2'
	assert_forgery_fails '65 0' "weir clean: in.tsv: $start'\\x17{"
}

@test "each, meter and lake-cat: a plain output into a pipe that would begin with ETB; --plain allows it" {
	run_sh 'echo a | weir each --shell "printf \"\\027b\\n\"" 2>err | cat >out; echo "${PIPESTATUS[1]}"; cat err >&2'
	assert_forgery_fails 65 "weir each: standard input: $start'\\x17b'"
	assert_files_equal out /dev/null
	printf '\x17b\n' >in
	weir lake-put --plain T in
	run_sh 'weir lake-cat T 2>err | cat >out; echo "${PIPESTATUS[0]}"; cat err >&2'
	assert_equal "$output" 65
	assert_stderr_contains "weir lake-cat: $start'\\x17b' (--plain allows it)"
	assert_files_equal out /dev/null
	for command in 'weir lake-cat --plain T' 'weir split --plain in' 'weir meter --plain in' 'weir ack --plain in' \
		'weir lake-cat T >file; cat file'; do
		run_sh "($command) 2>err | cat >out"
		assert_status 0
		assert_files_equal out in
	done
	run_sh 'weir meter in 2>err | cat >out; echo "${PIPESTATUS[0]}"'
	assert_equal "$output" 65
}

@test "ack: the records of a marked stream go out plain, so the first one does not begin with ETB; --allow-etb" {
	printf '\x17{"v":1}\nb\n' >in
	run_sh '"$BUILD/servers/marker" -w 3000 <in 2>err1 | weir ack 2>err | cat >out; echo "${PIPESTATUS[1]}"; cat err >&2'
	assert_equal "$output" 65
	assert_stderr_contains "weir ack: standard input: $start'\\x17{\"v\":1}' (--allow-etb allows it)"
	assert_files_equal out /dev/null
	run_sh '"$BUILD/servers/marker" <in 2>err1 | weir ack --allow-etb | cat >out'
	assert_status 0
	assert_files_equal out in
}

@test "a first record that is empty, or an escape, forges nothing and is passed on" {
	printf '\n\x17a\n' >in
	for command in 'weir ack --plain' 'weir filter --input tsv true' 'weir meter'; do
		run_sh "cat in | $command 2>/dev/null | cat >out"
		assert_status 0
		assert_files_equal out in
	done
	printf '\x10\x17a\nb\n' >in
	run_sh 'cat in | weir split | cat >out'
	assert_status 0
	assert_files_equal out in
}

@test "a sink takes marks from a pipe on standard input only: not from a file, an operand, or a fifo that is one" {
	mkfifo fifo
	for input in 'T forged' 'T <forged' 'T fifo' 'T <(cat forged)'; do
		cat forged >fifo 3>&- &
		writer=$!
		run_sh "weir lake-put $input"
		kill $writer 2>/dev/null || :
		assert_status 65
		assert_stderr_contains "begins with ETB, as marked streams do, which come only through a pipe on standard input (--plain takes it as data)"
		[ ! -e T ] || assert_equal "$(lake_records T)" ''
		rm -rf T
	done
	run_weir ack forged
	assert_status 65
	weir lake-put --plain T forged
	assert_lake T forged
}

@test "a sink says hello only at a socket that a program of this user has made" {
	mkdir -m 700 weir-abc123 weir-abc1234 other
	mkdir -m 755 weir-open00
	ln -s weir-abc123 weir-link00
	ln -s . here
	touch weir-nosock
	python3 "$WEIR_ROOT/tests/lib/listen.py" s weir-abc123/ack weir-abc123/other weir-abc1234/ack weir-open00/ack other/ack 3>&- >heard &
	listener=$!
	wait_for 10 test -s heard
	for path in s weir-abc123/other weir-abc1234/ack weir-open00/ack weir-link00/ack here/weir-abc123/ack other/ack \
		../"${PWD##*/}"/weir-abc123/ack weir-abc123//ack; do
		python3 "$FORGE" "$PWD/$path" >forged
		run_sh 'cat forged | weir lake-put T'
		assert_status 65
		assert_stderr_contains 'the stream names an acknowledgement socket that no program of this user has made: it is forged'
		run_sh 'cat forged | weir split >out'
		assert_status 65
		run_sh 'cat forged | weir ack >out'
		assert_status 65
	done
	assert_equal "$(cat heard)" listening
	python3 "$FORGE" weir-abc123/ack >forged # a relative path
	run_sh 'cat forged | weir lake-put T'
	assert_status 65
	python3 "$FORGE" "$PWD/weir-abc123/ack" >forged # this one could be a source's, which has none but that to show
	run_sh 'cat forged | weir ack >out'
	wait_for 10 grep -q '"m":"hello"' heard
	kill $listener
	[ ! -e T ] || assert_equal "$(lake_records T)" ''
}

@test "names from a log are printed without control characters" {
	seq 3 | "$BUILD/servers/marker" -g 'G' 2>err | weir lake-put T
	sed -i 's/"G"/"a\\u001b[31m\\tb\\nc\\u009b"/; s/weir\/G\//weir\/a\//' T/_weir_log/*.json
	run_weir lake-cat --positions T
	assert_output $'t\t0\t3\ta\\x1b[31m\\x09b\\x0ac\\xc2\\x9b'
	printf '{"ts":"\xc2\x9b31mRED"}\n' >in
	run_weir lake-put --partition-by d=%Y --time .ts U in
	assert_status 65
	run ! grep -q $'\xc2\x9b' <<<"$stderr"
	grep -qF '\xc2\x9b31mRED' <<<"$stderr"
}
