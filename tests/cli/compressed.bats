#!/usr/bin/env bats
# Compressed input: gzip and zstd are recognised by their first bytes, in files but never in a pipe.
# bats file_tags=sample
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	seq 200000 >in
	gzip -k in
	zstd -q in
}

@test "operands and standard input that is a file are decompressed, by what is in them and not by their name" {
	mv in.gz a
	mv in.zst b.txt
	for input in a b.txt -; do
		weir split "$input" <b.txt | cmp - in
	done
	weir split - in a <b.txt | cmp - <(cat in in in)
	weir split <a | cmp - in
	weir lake-put lake a b.txt in
	assert_lake lake <(cat in in in)
	assert_equal "$(weir wordcount -n 1 b.txt a)" $'2\t1'
}

@test "every program that reads records" {
	seq 3 | sed 's/.*/{"a":&}/' | gzip >j
	assert_equal "$(weir filter '.a == 2' j)" '{"a":2}'
	assert_equal "$(weir aggregate 'n=sum(.a)' j)" '{"n":6}'
	echo 'drop .a' >rules
	assert_equal "$(weir clean -f rules j | sort -u)" '{}'
	assert_equal "$(weir ack j | wc -l)" 3
	weir detect --value .a 'range 0 2' j >out
	grep -q '"a":3' out
}

@test "several members and frames, skippable ones, small files and empty ones" {
	cat in.gz in.gz >two.gz
	weir split two.gz | cmp - <(cat in in)
	printf '\x50\x2a\x4d\x18\x03\0\0\0abc' | cat - in.zst in.zst >two.zst
	weir split two.zst | cmp - <(cat in in)
	gzip </dev/null >none.gz
	zstd -q </dev/null >none.zst
	: >none
	weir split none.gz none.zst none in.gz | cmp - in
	printf x | gzip | weir split <(cat) >out # a pipe that is named like a file
	run_weir lake-put lake none.gz
	assert_status 0
	[ ! -e lake ]
	for bytes in $'\x1f' $'\x1f\x8c' $'\x28\xb5\x2f' 'P*M'; do
		printf %s "$bytes" >short
		weir ack short | cmp - <(printf '%s\n' "$bytes")
	done
	head -c 70000000 /dev/zero | tr '\0' x | gzip -1 >long.gz
	run_weir split long.gz
	assert_status 65
	assert_stderr_contains 'longer than 67108864 bytes (--max-record)'
}

@test "cut off, damaged, or with something after it: 65, a filter passes on what came before, a sink commits nothing" {
	size=$(stat -c %s in.gz)
	head -c $((size - 5)) in.gz >cut.gz
	head -c 100000 in.zst >cut.zst
	head -c 20000 in.gz >half.gz
	{ cat in.gz && echo garbage; } >garbage.gz
	{ cat in.zst && echo garbage; } >garbage.zst
	cp in.gz flipped.gz
	printf '\xff\xff\xff' | dd of=flipped.gz bs=1 seek=5000 conv=notrunc status=none
	printf '\x1f\x8b' >begun.gz
	for file in cut.gz cut.zst half.gz garbage.gz garbage.zst flipped.gz begun.gz; do
		run_logged bash -c "weir split $file >out"
		assert_status 65
		case $file in *.gz) kind=gzip ;; *) kind=zstd ;; esac
		assert_stderr_contains "weir split: cannot read $file: the $kind data in it is damaged: "
		head -c "$(stat -c %s out)" in | cmp - out
		run_weir lake-put lake in "$file"
		assert_status 65
		[ ! -e lake ]
	done
	run_logged bash -c "weir split cut.gz in >out" # the other files are still read
	assert_status 65
	tail -n 200000 out | cmp - in
}

@test "--plain takes the bytes as they are" {
	weir ack --plain in.gz | head -c "$(stat -c %s in.gz)" | cmp - in.gz # and a line feed, perhaps
	weir lake-put --plain --compress none lake in.zst
	head -c "$(stat -c %s in.zst)" lake/part-* | cmp - in.zst
}

@test "compressed data in a pipe is not a file: one line says so, and nothing is done to it" {
	run_sh 'cat in.gz | weir split >out'
	assert_status 0
	assert_stderr 'weir split: standard input looks like gzip data, which is decompressed from files only: put zcat before it'
	run_sh 'head -c 300 in.zst | weir ack >out'
	assert_stderr 'weir ack: standard input looks like zstd data, which is decompressed from files only: put zstdcat before it'
	run_sh 'cat in.gz | weir ack --plain >out'
	assert_stderr ''
	mkfifo fifo
	cat in.gz >fifo 3>&- &
	run_weir split fifo
	assert_stderr_contains 'fifo looks like gzip data'
}

@test "--id with compressed files; a file that is read from its middle" {
	weir lake-put --id one lake in.gz
	run_weir lake-put --id one lake in.gz
	assert_stderr_contains 'nothing is done'
	assert_lake lake in
	cat in in.gz >mixed
	{
		dd bs="$(stat -c %s in)" count=1 of=/dev/null status=none
		weir split
	} <mixed | cmp - in
}
