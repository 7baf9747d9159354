#!/usr/bin/env bats
# split: what a token is, options, and equality with tr on inputs that find the edges of its blocks and buffers.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

# The expected output of split without options, made by other programs.
by_tr() {
	LC_ALL=C tr -s ' \t\v\f\r\n' '\n' | { LC_ALL=C grep -a . || true; }
}

# Compare `weir split` with tr on the file $1.
assert_like_tr() {
	by_tr <"$1" >"$BATS_TEST_TMPDIR/expected"
	weir split "$1" >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
}

# N times the character C.
repeat() {
	head -c "$2" /dev/zero | tr '\0' "$1"
}

@test "split: white space as isspace has it, empty tokens dropped, order kept" {
	run_sh "printf '  a\tb\v\vc\fd\re \n\n \nf g\n' | weir split"
	assert_success
	assert_output $'a\nb\nc\nd\ne\nf\ng'
}

@test "split: all 256 bytes, NUL and invalid UTF-8 among them" {
	LC_ALL=C awk 'BEGIN { for (i = 0; i < 256; i++) for (k = 0; k < 256; k += 5) printf "%c%c%c", i, k, i }' \
		>"$BATS_TEST_TMPDIR/in"
	assert_like_tr "$BATS_TEST_TMPDIR/in"
	assert_like_tr "$BUILD/weir" # any binary will do
}

@test "split: an unterminated last line, empty input, only separators" {
	run_sh "printf 'a b' | weir split | od -An -c | tr -d ' '"
	assert_output 'a\nb\n'
	run_sh "weir split </dev/null | wc -c; printf ' \n\n \t\n' | weir split | wc -c"
	assert_success
	assert_output $'0\n0'
}

@test "split: a separator at every offset around block and buffer sizes" {
	local at
	for at in 31 32 33 63 64 65 4095 4096 {32700..32840..7} 262143 262144 262145 524288; do
		{ repeat x "$at" && printf ' y  z \n' && repeat w 100; } >"$BATS_TEST_TMPDIR/in"
		assert_like_tr "$BATS_TEST_TMPDIR/in"
	done
}

@test "split: lines cut at every offset of the read" {
	local cut
	printf 'one  two three\n\nfour five-six\tseven\n' >"$BATS_TEST_TMPDIR/in"
	by_tr <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/expected"
	for cut in {1..36}; do
		{ head -c "$cut" "$BATS_TEST_TMPDIR/in" && sleep 0.01 && tail -c +$((cut + 1)) "$BATS_TEST_TMPDIR/in"; } |
			weir split >"$BATS_TEST_TMPDIR/seen"
		assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
	done
}

@test "split: tokens of 1 MiB and records of 50 MiB" {
	{ repeat a 1048576 && echo && repeat 'b' 3000000 && printf ' c ' && repeat ' ' 100000 && repeat d 52428800; } \
		>"$BATS_TEST_TMPDIR/in"
	assert_like_tr "$BATS_TEST_TMPDIR/in"
}

@test "split: a record beyond --max-record is skipped, told, and ends with 65" {
	run_sh "{ echo a b; head -c 100 /dev/zero | tr '\0' x; echo; echo c d; } | weir split --max-record 50"
	assert_status 65
	assert_output $'a\nb\nc\nd'
	assert_stderr_contains 'record at byte 4 is longer than 50 bytes (--max-record)'
	run_sh "head -c 104857600 /dev/zero | tr '\0' x | weir split | wc -c"
	assert_status 65
	assert_output 0
}

@test "split -d: a set of bytes, with escapes" {
	run_sh "echo 'a:b;;c d' | weir split -d ':;'"
	assert_output $'a\nb\nc d'
	run_sh "printf 'a\tb\\\\c d\x01e\xffg\n' | weir split -d '\t\\\\\\x01\\xFf'"
	assert_output $'a\nb\nc d\ne\ng'
	run_sh "printf 'a-b]c^d\n' | weir split -d ']-^'"
	assert_output $'a\nb\nc\nd'
}

@test "split -d: many separators, more than any shortcut has room for" {
	run_sh "echo 'abcdefghijklmnopqrstuvwxyz0123456789' | weir split -d acegikmoqsuwy02468 | tr '\n' ' '"
	assert_output 'b d f h j l n p r t v x z 1 3 5 7 9 '
}

@test "split -d: what cannot be a set" {
	local set
	# shellcheck disable=SC1003 # these are backslashes
	for set in '' '\' '\q' '\x' '\x1' '\xg0' 'a\'; do
		run_weir split -d "$set"
		assert_status 2
		assert_output ''
	done
	run_weir split --words -d x
	assert_status 2
	assert_stderr_contains 'exclude each other'
}

@test "split --words: letters and digits, UTF-8 whole; --lower" {
	run_sh "printf 'Don'\''t, 3.14 (Größe) naïve_X\n' | weir split --words"
	assert_output $'Don\nt\n3\n14\nGröße\nnaïve\nX'
	run_sh "printf 'ÄB [CD@Z\`AZaz{}\n' | weir split --lower"
	assert_output $'Äb\n[cd@z`azaz{}'
	run_sh "printf 'A-B\nC\n' | weir split --words --lower"
	assert_output $'a\nb\nc'
}

@test "split -0: NUL ends records and tokens, a line feed is white space only by default" {
	run_sh "printf 'a b\0c\nd\0\0e' | weir split -0 | tr '\0' '|'"
	assert_output 'a|b|c|d|e|'
	run_sh "printf 'a b\0c\nd\0' | weir split -0 -d ' ' | tr '\0\n' '|_'"
	assert_output 'a|b|c_d|'
	run_sh "printf 'a\0b c\n' | weir split | tr '\0\n' '_|'"
	assert_output 'a_b|c|'
}

@test "split: several files, standard input among them; one that is missing, one that is a directory" {
	cd "$BATS_TEST_TMPDIR"
	printf 'a b' >one
	echo 'c d' >two
	run_sh "echo x | weir split one - two"
	assert_success
	assert_output $'a\nb\nx\nc\nd'
	run_sh "weir split one none . two"
	assert_status 78
	assert_output $'a\nb\nc\nd'
	assert_stderr_contains "weir split: cannot open 'none': No such file or directory"
}

@test "split: what is there is written before more has come" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	start_bg split weir split <>"$BATS_TEST_TMPDIR/fifo"
	echo 'a b' >"$BATS_TEST_TMPDIR/fifo"
	wait_for 10 grep -q b "$BATS_TEST_TMPDIR/split.out"
	stop_bg split
	assert_success
	assert_output $'a\nb'
}

@test "split: a marked stream keeps its batches" {
	printf '\x17not a mark\nx y\n' >"$BATS_TEST_TMPDIR/in"
	run_sh "weir split --plain <'$BATS_TEST_TMPDIR/in'"
	assert_success
	assert_output $'\x17not\na\nmark\nx\ny'
	run_sh "weir split <'$BATS_TEST_TMPDIR/in'"
	assert_status 65
}

@test "split: a value for an option that takes none" {
	run_sh 'echo a | weir split --lower=yes'
	assert_status 2
	assert_stderr "weir split: option --lower takes no value (try 'weir split --help')"
}
