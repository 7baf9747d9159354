#!/usr/bin/env bats
# The messages of all programs: their level, their form, their colour.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	seq 3 >in
	unset NO_COLOR
}

@test "--log: warn, info and debug; -q and -v on the command line are stronger than WEIR_LOG" {
	run_sh 'weir lake-put one <in'
	assert_stderr ''
	run_sh 'weir lake-put --log info two <in'
	assert_stderr_contains 'done: 3 records'
	WEIR_LOG=info run_sh 'weir lake-put three <in'
	assert_stderr_contains 'done: 3 records'
	WEIR_LOG=info run_sh 'weir lake-put -q four <in'
	assert_stderr ''
	WEIR_LOG=warn run_sh 'weir lake-put -v five <in'
	assert_stderr_contains 'done: 3 records'
	WEIR_LOG=debug run_sh 'weir split <in'
	assert_stderr_contains 'WEIR_LOG sets --log: debug'
	WEIR_LOG=loud run_weir split in
	assert_status 78
	assert_stderr "weir split: WEIR_LOG: option log: 'loud' is not one of warn|info|debug"
	run_weir split --log-format xml in
	assert_status 2
}

@test "--log-format: time, program and level" {
	run_weir split --log-format text none
	assert_status 78
	[[ $stderr =~ ^20[0-9-]*T[0-9:]*Z\ weir\ split:\ warning:\ cannot\ open\ \'none\': ]]
	run_weir split --log-format json none
	assert_equal "$(jq -r '.program, .level, .message, (.time | type)' <<<"$stderr")" "split
warning
cannot open 'none': No such file or directory
string
split
error
ended with status 78
string"
	# whatever the program does about a failure: one line of this level, and none without a failure
	local line
	for line in 'lake-cat none' 'split --no-such' 'lake-put --format x t' 'run none'; do
		# shellcheck disable=SC2086 # words
		run_weir --log-format json $line
		((status > 1))
		assert_equal "$(jq -r 'select(.level == "error") | .program' <<<"$stderr")" "${line%% *}"
	done
	run_weir --log-format json lake-put -v ended in
	assert_equal "$(jq -r 'select(.level == "error")' <<<"$stderr")" ''
	WEIR_LOG_FORMAT=json run_weir split $'a"\n\xff'
	assert_equal "$(jq -r 'select(.level == "warning").message' <<<"$stderr")" $'cannot open \'a"\n\ufffd\': No such file or directory'
	run_weir lake-put --log-format json -v lake in
	assert_equal "$(jq -r .level <<<"$stderr" | sort -u)" info
}

@test "the short options are free for what a program means by them" {
	assert_equal "$(weir filter -v true --input tsv in)" ''
	assert_equal "$(weir -v filter true --input tsv in | paste -sd ' ')" '1 2 3'
}

@test "colours of messages: on a terminal only, by --color, NO_COLOR and TERM" {
	local red=$'\e[1;31m' end=$'\e[0m' said=" cannot open 'none': No such file or directory"
	run_weir split none
	assert_stderr "weir split:$said"
	TERM=xterm run_weir split none
	assert_stderr "weir split:$said"
	run_weir split --color always none
	assert_stderr "${red}weir split:$end$said"
	export TERM=xterm
	assert_equal "$(on_terminal 'weir split none')" "${red}weir split:$end$said"
	assert_equal "$(on_terminal 'weir split --color never none')" "weir split:$said"
	assert_equal "$(NO_COLOR=1 on_terminal 'weir split none')" "weir split:$said"
	assert_equal "$(NO_COLOR=1 on_terminal 'weir split --color always none')" "${red}weir split:$end$said"
	assert_equal "$(WEIR_COLOR=never on_terminal 'weir split none')" "weir split:$said"
	assert_equal "$(TERM=dumb on_terminal 'weir split none')" "weir split:$said"
	assert_equal "$(on_terminal 'weir split none 2>err; cat err')" "weir split:$said"
}

@test "records of JSON have colours on a terminal, as jq has them, and nowhere else" {
	local key=$'\e[34;1m' string=$'\e[0;32m' mark=$'\e[1m' end=$'\e[0m' painted
	printf '{"a":"b"}\n' >records
	painted="${mark}{${end}${key}\"a\"${end}${mark}:${end}${string}\"b\"${end}${mark}}${end}"
	export TERM=xterm
	assert_equal "$(on_terminal 'weir clean -e "require .a" --rejects drop records')" "$painted"
	assert_equal "$(on_terminal 'weir clean -e "require .a" --rejects drop records | cat')" '{"a":"b"}'
	assert_equal "$(on_terminal 'weir clean -e "require .a" --rejects drop records >out; cat out')" '{"a":"b"}'
	assert_equal "$(NO_COLOR=1 on_terminal 'weir clean -e "require .a" --rejects drop records')" '{"a":"b"}'
	assert_equal "$(weir clean --color always -e 'require .a' --rejects drop records)" "$painted"
	assert_equal "$(printf '{"b":2}\n' | weir filter --color always true | sed 's/\x1b\[[0-9;]*m//g')" '{"b":2}'
}

@test "tables: their names are bold on a terminal, nothing else, and nowhere else" {
	local bold=$'\e[1m' end=$'\e[0m' command='weir aggregate -g .k count rows --sort k' plain
	printf '{"k":"%s"}\n' b a >rows
	export TERM=xterm
	plain=$(weir aggregate -g .k count rows --sort k --format table)
	assert_equal "$(head -n 1 <<<"$plain" | xargs)" 'k count'
	assert_equal "$(on_terminal "$command")" "$bold$(sed "1s/\$/$end/" <<<"$plain")"
	assert_equal "$(weir aggregate --color always -g .k count rows --sort k --format table)" "$bold$(sed "1s/\$/$end/" <<<"$plain")"
	assert_equal "$(on_terminal "$command --no-header")" "$(tail -n +2 <<<"$plain")"
	assert_equal "$(NO_COLOR=1 on_terminal "$command")" "$plain"
	assert_equal "$(on_terminal "$command --color never")" "$plain"
	assert_equal "$(on_terminal "$command --format table | cat")" "$plain"
	printf '[split]\nlower = yes\n' >conf
	plain=$(WEIR_CONFIG=conf weir config split)
	assert_equal "$(WEIR_CONFIG=conf on_terminal 'weir config split')" "$bold$(sed "1s/\$/$end/" <<<"$plain")"
}
