#!/usr/bin/env bats
# run --check: every program of a pipeline checks itself, and nothing is changed.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	mkdir "$BATS_TEST_TMPDIR/work" # bats has files of its own beside it
	cd "$BATS_TEST_TMPDIR/work" || return
}

checked() { # checked STATUS TEXT [LINE...]: --check of the text ends with this status and prints these lines
	local status_wanted=$1 text=$2
	shift 2
	run_logged weir run --check -c "$text"
	assert_status "$status_wanted"
	assert_stderr ''
	assert_equal "$output" "$(printf '%s\n' "$@")"
}

# Everything below the directory; files with sizes and times.
tree() {
	find . -type d -print -o -printf '%p %s %T@\n' | LC_ALL=C sort
}

@test "a pipeline without mistakes: 0, and nothing is printed or changed" {
	echo '{"a":1}' >in
	weir lake-put --table delta --schema 'a int' there <in
	tree >../before
	checked 0 'weir filter ".a > 1" in | weir aggregate count -g .a --rejects bad |
		tee >(weir lake-put new >log) | weir each sort | weir lake-put --table delta there >out'
	checked 0 'weir db-put --create --schema "a int" --table t sqlite:db <in'
	checked 0 'weir lake-cat --where ".a > 0" there | weir clean -e "require .a" | weir map ".b = 1" | weir detect "new .a" --state st'
	checked 0 'weir lake-put new in'
	tree | diff ../before -
}

@test "each program says what is wrong, with the line on which it begins; the first final status counts" {
	cat >p <<-'END'
		# a comment | weir nonsense
		t=x
		weir filter '.a >> 1' in |
		  weir split --wrds | weir each nosuch-2 | nosuch-1 |
		  weir lake-cat "$t" | tee >(weir aggregate nonsense) >out
		if true; then weir clean -e 'requir .x'; fi
	END
	run_logged weir run --check p
	assert_status 2
	assert_equal "$(cut -d: -f1-3 <<<"$output")" "$(printf '%s\n' 'p:3: weir filter' 'p:4: weir split' 'p:4: weir each' \
		'p:4: nosuch-1' 'p:5: weir lake-cat' 'p:5: weir aggregate' 'p:6: weir clean')"
	assert_output_contains "did you mean --words?"
	assert_output_contains "p:4: nosuch-1: there is no such command"
	[ ! -e out ]
}

@test "files, directories and tables that cannot be used" {
	mkdir closed
	weir lake-put --table delta --schema 'a int' --create table
	checked 78 'weir split nofile' "pipeline:1: weir split: cannot open 'nofile': No such file or directory"
	run_logged weir run --check -c 'weir filter true --rejects no/where/bad'
	assert_status 78
	assert_output_contains 'no/where/bad'
	run_logged weir run --check -c 'weir dedupe | weir lake-put table'
	assert_status 127
	assert_output_contains "pipeline:1: weir: no command 'dedupe'"
	assert_output_contains 'weir lake-put: '
	run_logged weir run --check -c 'weir db-put --table t sqlite:db'
	assert_status 78
	[ ! -e db ]
}

@test "what is known only when it runs is said, and is no failure" {
	checked 0 'weir filter "$(date)"' \
		"pipeline:1: weir filter: not checked, since '\"\$(date)\"' is known only when it runs"
	checked 0 'for f in a b; do weir split "$f"; done' \
		"pipeline:1: weir split: not checked, since '\"\$f\"' is known only when it runs"
	checked 0 'f() { cat; }; f | nosuch$1'
}

@test "nothing of the text is executed" {
	checked 0 'touch made; x=$(touch made2); echo hello >made3; weir split <<<"$(touch made4)"; . ./made5'
	[ "$(ls)" = '' ]
}

@test "wrappers, assignments before a command, and paths" {
	checked 2 'X=y exec nice -n 5 weir split --wrds' \
		"pipeline:1: weir split: unknown option --wrds; did you mean --words? (try 'weir split --help')"
	checked 2 "$(command -v weir) split --wrds" \
		"pipeline:1: weir split: unknown option --wrds; did you mean --words? (try 'weir split --help')"
	checked 2 'WEIR_BROKERS=" " weir consume --batch 1s t' "pipeline:1: weir consume: --batch needs -g (try 'weir consume --help')"
}

@test "text that bash cannot parse, and no text" {
	run_weir run --check -c 'weir split |'
	assert_status 2
	assert_stderr_contains 'not text that bash understands'
	run_weir run --check nofile
	assert_status 78
}

@test "every program of weir checks itself without reading, printing or changing anything" {
	weir lake-put lake <<<'a line'
	tree >../before
	for program in $(weir --list); do
		case $program in
		aggregate) args=(count) ;;
		clean) args=(-e 'require .a') ;;
		detect) args=('new .a') ;;
		each) args=(cat) ;;
		filter) args=(true) ;;
		map) args=('.a = 1') ;;
		produce | consume) continue ;; # they ask brokers: below
		lake-cat | lake-check | lake-compact | lake-put) args=(lake) ;;
		db-put) args=(--table t --create --schema 'line string' sqlite:db) ;;
		run) args=(-c 'touch made') ;;
		*) args=() ;;
		esac
		echo "$program"
		run_logged timeout 20 env WEIR_CHECK_ONLY=1 WEIR_BROKERS=localhost:1 weir "$program" "${args[@]}" < <(yes)
		assert_status 0
		assert_output ''
		assert_stderr ''
	done
	tree | diff ../before -
}

@test "brokers, topics and groups are asked, and no record is read or written" {
	start_bg mock weir mock-broker --topic t:2 --port-file "$BATS_TEST_TMPDIR/port"
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	WEIR_BROKERS=$(<"$BATS_TEST_TMPDIR/port")
	export WEIR_BROKERS
	weir produce t <<<'a line'
	checked 0 'weir consume -g g --batch 1s t | weir produce t'
	[ "$(weir consume --to end t)" = 'a line' ]
	run_logged weir run --check -c 'weir consume -p 9 t | weir produce -p 9 t'
	assert_status 78
	[[ $output == *"pipeline:1: weir consume:"* ]]
	run_logged weir run --check -c 'weir consume -b localhost:1 --timeout 1500ms t'
	assert_status 75
	assert_output_contains 'pipeline:1: weir consume: cannot reach a broker: localhost:1: connection refused (waited 1'
	assert_stderr "weir run: waiting for 'weir consume' to check itself"
}

@test "a hostile text: nothing that it names runs in place of weir, and no variable of it makes weir work in earnest" {
	printf '#!/bin/sh\ntouch made\n' >weir
	chmod +x weir
	echo line >in
	checked 0 './weir split; PATH=$PWD weir split; '"$PWD/weir"' lake-put here in'
	checked 0 'WEIR_CHECK_ONLY= weir lake-put here in; WEIR_CHECK_ONLY=0 weir db-put --table t --create --input tsv \
		--schema "a string" sqlite:db in; env WEIR_CHECK_ONLY= weir lake-put here in'
	checked 127 'no/where/weir split' 'pipeline:1: no/where/weir: there is no such command'
	run_logged weir run --check -c 'LD_PRELOAD=./no.so weir split'
	assert_status 0
	assert_output ''
	[ "$(ls)" = $'in\nweir' ]
}

@test "a hostile text: a finding is a line without control characters; of any number of programs the statuses count" {
	run_logged weir run --check -c $'weir split "$(a\nb\e[2J)" | weir filter "\e]0;x\a" | no\e[1mne'
	assert_status 127
	assert_equal "${#lines[@]}" 3
	[[ $output != *[$'\e\a']* ]]
	assert_equal "${lines[0]}" "pipeline:1: weir split: not checked, since '\"\$(a\\x0ab\\x1b[2J)\"' is known only when it runs"
	run_logged weir run --check -c 'x=$(y) weir'
	[[ $output != *null* ]]
	checked 2 "$(printf 'weir --version;%.0s' {1..260}) weir split --wrds" \
		"pipeline:1: weir split: unknown option --wrds; did you mean --words? (try 'weir split --help')"
	checked 0 'sudo -u weir -g weir weir split'
	head -c 100000 /dev/zero | tr '\0' '{' >braces
	run_logged timeout 100 weir run --check braces
	assert_status 127
	printf 'weir split "%s"\n' "$(head -c 90000 /dev/zero | tr '\0' x)\$(true)" >long
	run_logged weir run --check long
	assert_status 0
	((${#output} < 400))
}

@test "standard output that cannot be written: 75" {
	run_sh 'weir run --check -c "weir split --wrds" >/dev/full'
	assert_status 75
}
