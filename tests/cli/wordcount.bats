#!/usr/bin/env bats
# wordcount: counts and order against sort and uniq, options, limits, and words at the edges of blocks and buffers.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

# The expected output of wordcount without options, made by other programs.
by_uniq() {
	LC_ALL=C tr -s ' \t\v\f\r\n' '\n' | { LC_ALL=C grep -a . || true; } | lines_by_uniq
}

lines_by_uniq() {
	LC_ALL=C sort | LC_ALL=C uniq -c | LC_ALL=C sed 's/^ *\([0-9]*\) /\1\t/' | LC_ALL=C sort -t '	' -k1,1nr -k2
}

# Compare `weir wordcount ARG...` with that on the file $1.
assert_like_uniq() {
	local file=$1
	shift
	by_uniq <"$file" >"$BATS_TEST_TMPDIR/expected"
	weir wordcount "$@" "$file" >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
}

repeat() {
	head -c "$2" /dev/zero | tr '\0' "$1"
}

# Text of many words of all lengths; $1 lines.
text() {
	LC_ALL=C awk -v n="$1" 'BEGIN {
		s = 1
		for (i = 0; i < n; i++) {
			for (k = 0; k < 12; k++) {
				s = (s * 16807) % 2147483647
				w = substr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", s % 40 + 1, int(s / 64) % 19)
				printf "%s%s", w (s % 3 ? "" : int(s / 4096) % 900), s % 7 ? " " : s % 2 ? "\t" : "  "
			}
			print ""
		}
	}'
}

@test "wordcount: highest count first, equal counts by bytes" {
	run_sh "printf 'b a\tc b\nd\n\nb  c\n' | weir wordcount"
	assert_success
	assert_output $'3\tb\n2\tc\n1\ta\n1\td'
}

@test "wordcount: equals sort and uniq on text, on binaries and on all bytes" {
	text 20000 >"$BATS_TEST_TMPDIR/text"
	assert_like_uniq "$BATS_TEST_TMPDIR/text"
	assert_like_uniq "$BUILD/weir"
	gzip -c "$BUILD/weir" | tail -c +3 >"$BATS_TEST_TMPDIR/gz" # without the bytes that identify it as gzip
	assert_like_uniq "$BATS_TEST_TMPDIR/gz"
}

@test "wordcount: split | wordcount and --max-memory change nothing" {
	text 3000 >"$BATS_TEST_TMPDIR/text"
	weir wordcount "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/plain"
	weir split "$BATS_TEST_TMPDIR/text" | weir wordcount >"$BATS_TEST_TMPDIR/piped"
	weir wordcount --max-memory 64M "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/limited"
	assert_files_equal "$BATS_TEST_TMPDIR/piped" "$BATS_TEST_TMPDIR/plain"
	assert_files_equal "$BATS_TEST_TMPDIR/limited" "$BATS_TEST_TMPDIR/plain"
}

@test "wordcount: the counts sum up to what wc -w says, whatever the order" {
	local sort words
	text 5000 >"$BATS_TEST_TMPDIR/text"
	words=$(LC_ALL=C wc -w <"$BATS_TEST_TMPDIR/text")
	for sort in count word none; do
		run_sh "weir wordcount --sort $sort '$BATS_TEST_TMPDIR/text' | awk '{ n += \$1 } END { print n }'"
		assert_output "$words"
	done
}

@test "wordcount: words that differ by NULs, in lengths around 16" {
	local n
	for n in 1 2 7 8 9 14 15 16 17 18 31 32 33 48; do
		repeat a "$n"
		printf '\n'
		repeat a "$n"
		printf '\0\n'
		repeat '\0' "$n"
		printf '\n'
	done >"$BATS_TEST_TMPDIR/in"
	cat "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/twice"
	assert_like_uniq "$BATS_TEST_TMPDIR/twice"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/seen")" = 42 ]
}

@test "wordcount: a word at every offset around block and buffer sizes" {
	local at
	for at in {8170..8215..3} 63 64 65 16384 262143 262144 262145; do
		{ repeat x "$at" && printf ' yy yy %s\n' "$at" && text 100; } >"$BATS_TEST_TMPDIR/in"
		assert_like_uniq "$BATS_TEST_TMPDIR/in"
		{ repeat ' ' "$at" && printf 'yy yy %s\n' "$at" && text 100; } >"$BATS_TEST_TMPDIR/in"
		assert_like_uniq "$BATS_TEST_TMPDIR/in"
	done
}

@test "wordcount: words of 1 MiB and of 50 MiB" {
	{ repeat a 1048576 && echo && repeat a 1048576 && echo " b" && repeat a 52428800 && echo; } >"$BATS_TEST_TMPDIR/in"
	run_sh "weir wordcount '$BATS_TEST_TMPDIR/in' | tee '$BATS_TEST_TMPDIR/out' | cut -c 1-5"
	assert_success
	assert_output $'2\taaa\n1\taaa\n1\tb'
	for line in '1 1048579' '2 52428803' '3 4'; do # with count, tab and line feed
		assert_equal "$(sed -n "${line% *}p" "$BATS_TEST_TMPDIR/out" | wc -c)" "${line#* }"
	done
	run_sh "weir wordcount --format json '$BATS_TEST_TMPDIR/in' | wc -c"
	assert_success
	assert_output $((1048576 + 52428800 + 1 + 3 * 22))
}

@test "wordcount --sort: by bytes, and as the words appeared" {
	run_sh "printf 'z b \xff b a Z z z\n' | weir wordcount --sort word | tr '\377' '?'"
	assert_output $'1\tZ\n1\ta\n2\tb\n3\tz\n1\t?'
	run_sh "printf 'z b y b a Z z z aaaaaaaaaaaaaaaaaaaaaaaa\n' | weir wordcount --sort none"
	assert_output $'3\tz\n2\tb\n1\ty\n1\ta\n1\tZ\n1\taaaaaaaaaaaaaaaaaaaaaaaa'
	text 4000 >"$BATS_TEST_TMPDIR/text"
	weir wordcount --sort none "$BATS_TEST_TMPDIR/text" | cut -f2 >"$BATS_TEST_TMPDIR/seen"
	weir split "$BATS_TEST_TMPDIR/text" | awk '!seen[$0]++' >"$BATS_TEST_TMPDIR/expected"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
}

@test "wordcount -n: the head of the same output, for any number" {
	local n sort
	text 2000 >"$BATS_TEST_TMPDIR/text"
	for sort in count word none; do
		weir wordcount --sort $sort "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/all"
		for n in 0 1 2 15 16 17 100 1000 100000 18446744073709551615; do
			weir wordcount -n $n --sort $sort "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/seen"
			{ [ ${#n} -gt 6 ] && cat || head -n $n; } <"$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/expected"
			assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
		done
	done
}

@test "wordcount --lower: ASCII capitals only, words of all lengths" {
	run_sh "printf 'The the THE [@Z\`{ ÄäÄ ABCDEFGHIJKLMNOPQRSTUVWX abcdefghijklmnopqrstuvwX\n' | weir wordcount --lower"
	assert_output $'3\tthe\n2\tabcdefghijklmnopqrstuvwx\n1\t[@z`{\n1\tÄäÄ'
	text 5000 >"$BATS_TEST_TMPDIR/text"
	LC_ALL=C tr '[:upper:]' '[:lower:]' <"$BATS_TEST_TMPDIR/text" | weir wordcount >"$BATS_TEST_TMPDIR/expected"
	weir wordcount --lower "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
}

@test "wordcount --lines: whole records, empty ones too" {
	run_sh "printf 'a b\n\na b\n\n\n x\ty' | weir wordcount --lines"
	assert_success
	assert_output $'3\t\n2\ta b\n1\t x\ty'
	text 5000 | cut -c 1-20 >"$BATS_TEST_TMPDIR/text"
	lines_by_uniq <"$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/expected"
	weir wordcount --lines "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
	lines_by_uniq <"$BUILD/weir" >"$BATS_TEST_TMPDIR/expected"
	weir wordcount --lines "$BUILD/weir" >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
}

@test "wordcount -0: records end with NUL on both sides" {
	run_sh "printf 'a b\0b\nc\0' | weir wordcount -0 | tr '\0' '|'"
	assert_output $'2\tb|1\ta|1\tc|'
	run_sh "printf 'a b\0b\nc\0a b' | weir wordcount -0 --lines | tr '\0\n' '|_'"
	assert_output $'2\ta b|1\tb_c|'
}

@test "wordcount --format json: strings, escapes, base64 for what is not UTF-8" {
	run_sh "printf 'a\"\\\\\x01 a\"\\\\\x01 Gr\303\266\303\237e \xff\xfe\n' | weir wordcount --format json"
	assert_success
	assert_output '{"count":2,"word":"a\"\\\u0001"}
{"count":1,"word":"Größe"}
{"count":1,"word":{"base64":"//4="}}'
}

@test "wordcount: the same bytes from run to run, though the seed differs" {
	text 3000 >"$BATS_TEST_TMPDIR/text"
	for sort in count word none; do
		run_sh "for _ in 1 2 3 4; do weir wordcount --sort $sort '$BATS_TEST_TMPDIR/text' | cksum; done | sort -u | wc -l"
		assert_output 1
	done
}

@test "wordcount --max-memory: beyond it 75, the number of words, and nothing half-right" {
	seq 200000 >"$BATS_TEST_TMPDIR/in"
	for sort in count none; do
		run_sh "weir wordcount --max-memory 1M --sort $sort '$BATS_TEST_TMPDIR/in'"
		assert_status 75
		assert_output ''
		# shellcheck disable=SC2154 # run sets it
		[[ $stderr =~ ^weir\ wordcount:\ [0-9]+\ different\ words\ do\ not\ fit\ into\ 1048576\ bytes ]]
	done
	run_sh "head -c 2000000 /dev/zero | tr '\0' x | weir wordcount --max-memory 1M"
	assert_status 75
	assert_output ''
	run_sh "weir wordcount --max-memory 32M '$BATS_TEST_TMPDIR/in' | wc -l"
	assert_success
	assert_output 200000
	run_weir wordcount --max-memory 1000 /dev/null
	assert_status 2
}

@test "wordcount: bad options" {
	for args in '--sort size' '--format xml' '-n x' '-n -1' '--max-memory -1'; do
		# shellcheck disable=SC2086
		run_weir wordcount $args /dev/null
		assert_status 2
		assert_output ''
	done
}

@test "wordcount: an unreadable file does not keep the others from being counted" {
	cd "$BATS_TEST_TMPDIR"
	echo 'a b' >one
	echo 'b' >two
	run_weir wordcount one none two
	assert_status 78
	assert_output $'2\tb\n1\ta'
	assert_stderr "weir wordcount: cannot open 'none': No such file or directory"
}

@test "wordcount: empty input, no final line feed" {
	run_sh "weir wordcount </dev/null | wc -c; weir wordcount --lines </dev/null | wc -c"
	assert_success
	assert_output $'0\n0'
	run_sh "printf 'a b a' | weir wordcount"
	assert_output $'2\ta\n1\tb'
}
