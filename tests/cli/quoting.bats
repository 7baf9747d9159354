#!/usr/bin/env bats
# Texts for programs on command lines: what is in the manuals means the same in each shell, and a file needs no quotes.
# shellcheck disable=SC2016 # dollars that are none of the shell
load ../lib/weir
load ../lib/page

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf '{"a":1,"b":"it'\''s"}\n{"a":2,"b":"$y!"}\n' >in
}

@test "every quoted word of an example is the same text in bash, zsh and fish" {
	local page
	for page in "$WEIR_ROOT"/man/*; do page_shown "${page##*/}" | page_blocks; done | grep -v '^[^ ]' |
		grep -oE "'[^']*'" | sort -u >words
	[ "$(wc -l <words)" -gt 80 ]
	sed 's/.*/printf "%s\\n" &/' words >script
	sed "s/^'//; s/'\$//" words >meant
	assert_files_equal <(bash --norc script) meant
	assert_files_equal <(zsh -f script) meant
	assert_files_equal <(fish --no-config script) meant
}

@test "an expression, a list, rules and a program from files, with quotes of each kind, dollars and blanks in them" {
	printf '.b == "it'\''s"\n' >one
	printf '.b == "$y!"\n' >two
	assert_equal "$(weir filter @one in)" '{"a":1,"b":"it'\''s"}'
	assert_equal "$(weir filter @two in)" '{"a":2,"b":"$y!"}'
	weir lake-put lake <in
	assert_equal "$(weir lake-cat --where @two lake)" '{"a":2,"b":"$y!"}'
	printf '.c = .b + "\\"'\''",\n  .d = .a * 2\n' >list
	assert_equal "$(weir filter --fields @list 'true' in)" '{"c":"it'\''s\"'\''","d":2}
{"c":"$y!\"'\''","d":4}'
	assert_equal "$(weir aggregate -g @list count in | jq -c .count | xargs)" '1 1'
	printf 'count\n\ntotal=sum(.a)\n' >metrics # one a line
	assert_equal "$(weir aggregate @metrics 'max(.a)' in)" '{"count":2,"total":3,"max_a":2}'
	echo '.a' >metrics
	run_weir aggregate @metrics in
	assert_status 2
	assert_stderr_contains "'@metrics': '.a' is not a metric"
	printf '.count > 0 && .c != "$y!\\"'\''"\n' >having
	assert_equal "$(weir aggregate -g @list --having @having count in | jq -r .d)" 2
	printf '.a\n' >single # a list of one, as it was written before lists could be in files
	assert_equal "$(weir filter --fields @single true in | xargs)" '{a:1} {a:2}'
	printf '.e = .b + "'\''"\n' >program
	assert_equal "$(weir map -f program in | jq -r .e)" $'it\'s\'\n$y!\''
	printf 'match .b ^[$]y!$\n' >rules
	assert_equal "$(weir clean -f rules --rejects drop in)" '{"a":2,"b":"$y!"}'
	run_weir filter --fields @none true in
	assert_status 2
	assert_stderr_contains "cannot read 'none': No such file or directory"
}
