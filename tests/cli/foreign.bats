#!/usr/bin/env bats
# Commands that know nothing of marks, in real pipelines from Kafka into a lake: the pipeline fails, says why, and
# nothing is committed, neither in the group nor in the lake; none hangs.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group
load ../lib/lake

setup() {
	group_setup
	topic=$(new_topic 1)
	seq 40 | weir produce "$topic"
}

# Put a command between consume and split | lake-put; sets $status (of the pipeline) and $codes, and puts messages into
# err.*. If it hangs, the time limit of bats ends it.
through() { # through COMMAND [CONSUME-OPTIONS]
	rm -rf lake
	run_sh "weir consume -g $group --batch 1h,10 --to end --sink-timeout 1500ms ${2:-} $topic 2>err.consume | $1 2>err.command |
		weir split 2>err.split | weir lake-put lake 2>err.lake-put; echo \"\${PIPESTATUS[@]}\""
	read -ra codes <<<"$output"
	head -n 3 err.*
}

# Nothing is committed anywhere.
assert_nothing() {
	[ ! -e lake ] || assert_equal "$(lake_records lake)$(lake_hidden lake)" ''
	assert_equal "$(group_committed "$topic")" 0
}

assert_codes() { # assert_codes COMMAND CONSUME SPLIT LAKE-PUT: each a pattern
	[[ ${codes[0]} =~ ^($2)$ && ${codes[2]} =~ ^($3)$ && ${codes[3]} =~ ^($4)$ ]] || fail "$1: ${codes[*]}"
	assert_nothing
}

no_hello="0 of 1 sinks connected within 1.5 s: the pipeline does not end in one (lake-put, or ack before a command that is not of weir), or a command in between holds marks back or damages them (run it with \`weir each\`)"

@test "sort, grep, awk hold everything back: 75 after --sink-timeout, both causes named" {
	for cmd in sort 'stdbuf -oL sort' 'grep 1' 'grep .' 'awk 1' 'uniq'; do
		through "$cmd"
		assert_codes "$cmd" 75 75 75
		grep -qF "$no_hello" err.consume
	done
}

@test "commands that drop marks: 75, marks never arrive" {
	for cmd in 'grep zzz' 'grep --line-buffered zzz' 'tail -n +9' 'cut -s -f 2'; do
		through "$cmd"
		assert_codes "$cmd" 75 0 75
		grep -qE 'sinks connected within 1.5 s' err.consume
		grep -q 'standard input is not a marked stream, but the source before it' err.lake-put
	done
	for cmd in 'jq .' 'stdbuf -oL jq .'; do # it dies of the first mark, perhaps before the sink has begun to search
		through "$cmd"
		assert_codes "$cmd" 75 0 '0|75'
		[ "${codes[1]}" -ne 0 ]
	done
}

@test "head -1: what comes after it has no reader; 75" {
	for cmd in 'head -1' 'stdbuf -oL head -1'; do
		through "$cmd"
		assert_codes "$cmd" 75 75 75
		grep -q "ended without its final mark: something before 'split' died" err.split
	done
}

@test "sed, tr rewrite marks: 65, between which two and what to do" {
	for cmd in 'sed s/1/2/' 'stdbuf -oL sed s/1/2/' 'sed -u s/1/2/' 'tr a-z A-Z' 'stdbuf -oL tr a-z A-Z' 'sed -u s/:0,/:1,/'; do
		through "$cmd"
		assert_codes "$cmd" 75 65 75
		grep -q "a mark is damaged: a command between 'the source' and 'split' changes the stream; run it with \`weir each\`" err.split
	done
}

@test "uniq -c, nl put something before marks: that is not taken for a plain stream; 65" {
	for cmd in 'uniq -c' 'stdbuf -oL uniq -c' 'sed -u s/^/x/'; do
		through "$cmd"
		assert_codes "$cmd" 75 65 75
		grep -q "among the first records is a damaged mark: a command in between changes the stream; run it with \`weir each\`" err.split
		run_sh "weir consume -g $group --batch 1h,10 --to end --sink-timeout 1500ms $topic 2>err | $cmd | weir lake-put lake; echo \"\${PIPESTATUS[@]}\""
		[[ $output =~ ^75\ (0|141)\ 65$ ]]
		assert_stderr_contains "among the first records is a damaged mark: a command in between changes the stream; run it with \`weir each\`"
		assert_nothing
	done
	printf 'x\x17{"v":1}\n' >in # a file, and with --plain a pipe, may hold anything
	assert_files_equal <(weir split in) in
	assert_files_equal <(tail -n +1 in | weir split --plain) in
}

@test "commands that let marks through by luck, and change the records: the counts disagree; 65" {
	for cmd in 'stdbuf -oL grep 1' 'grep --line-buffered -v ^1$' 'sed -u /^3/d' "sed -u '/^7/p'"; do
		through "$cmd"
		assert_codes "$cmd" 75 65 75
		grep -qE "the mark of batch [0-9]+ counts [0-9]+ records, but [0-9]+ came: a command between 'consume' and 'split' does not know marks; run it with \`weir each\`" err.split
	done
}

@test "awk '{print;print}': a mark that comes twice; 65" {
	for cmd in "awk '{print;print}'" "stdbuf -oL awk '{print;print}'" 'sed -u p'; do
		through "$cmd"
		assert_codes "$cmd" 75 65 75
		grep -q "a mark stands where it does not belong: a command between 'consume' and 'split' changes the stream; run it with \`weir each\`" err.split
	done
}

@test "commands that change nothing and hold nothing back do no harm; in each all of them are none" {
	for cmd in cat 'sed -u p;d' 'grep --line-buffered .' 'weir each sort -rn' 'weir each --ok 0,1 grep .' 'weir each tac' \
		"weir each awk '{print}'" 'weir each uniq' "weir each tr a-z A-Z" 'weir each jq .'; do
		[ "$cmd" != 'sed -u p;d' ] || cmd="sed -u -e ''"
		echo "$cmd"
		group=$(unique_group)
		through "$cmd"
		assert_equal "${codes[*]}" '0 0 0 0'
		assert_lake lake <(seq 40)
	done
}
