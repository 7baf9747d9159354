# The completions of bash, zsh and fish, each asked as its shell would.
# shellcheck disable=SC2016,SC2030,SC2031 # scripts for other shells; every test is a subshell
load ../lib/weir

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/functions"
	cp "$WEIR_ROOT/completions/weir.zsh" "$BATS_FILE_TMPDIR/functions/_weir"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export HOME=$BATS_TEST_TMPDIR
	mkdir files
	touch files/one.json 'files/two words'
}

# Candidates for the line, whose last word is being typed: sorted, one per line, without their descriptions.
offer() { # offer SHELL LINE
	case $1 in
	bash)
		env -i PATH="$PATH" HOME="$HOME" WEIR_EXEC_PATH="$WEIR_EXEC_PATH" bash --norc -c '
			. "$0"
			line=${1//=/ = }
			read -ra COMP_WORDS <<<"$line"
			[[ $line != *" " ]] || COMP_WORDS+=("")
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			_weir weir "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
			[ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"
		' "$WEIR_ROOT/completions/weir.bash" "$2" | LC_ALL=C sort
		;;
	zsh) timeout 60 zsh -f "$WEIR_ROOT/tests/lib/complete.zsh" "$BATS_FILE_TMPDIR/functions" "$2" | LC_ALL=C sort -u ;;
	fish)
		fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$WEIR_ROOT/completions/weir.fish" "$2" |
			cut -f1 | LC_ALL=C sort
		;;
	esac
}

offers() { # offers LINE CANDIDATE...: all three shells offer exactly these
	local line=$1 shell
	shift
	for shell in bash zsh fish; do
		assert_equal "$shell: $(offer $shell "$line" | sed 's,^\(files\|--[a-z]*=files\)/$,\1,; s,^--[a-z]*=,,; s,^\\,,')" \
			"$shell: $(printf '%s\n' "$@" | LC_ALL=C sort)"
	done
}

long_options() { # long_options [NAME]: those of its --help
	weir "$@" --help | grep -oE '^  (-.,|   ) --[a-z0-9-]+' | grep -oE -- '--.*' | LC_ALL=C sort
}

@test "programs: those of weir --list, and help" {
	mapfile -t programs < <(weir --list)
	[ "${#programs[@]}" -gt 5 ]
	offers 'weir ' "${programs[@]}" help examples
	mapfile -t pages < <(basename -as .7 "$WEIR_ROOT"/man/*.7 | sed 's/^weir-//')
	offers 'weir help ' "${programs[@]}" "${pages[@]}"
	offers 'weir help guar' guarantees
	offers 'weir la' "$(weir --list | grep ^la)"
	offers 'weir no-such-program-' ''
}

@test "the options of weir itself" {
	mapfile -t options < <(long_options)
	offers 'weir --' "${options[@]}"
	offers 'weir --li' --list
}

@test "the long options of every program are those of its --help" {
	for program in $(weir --list); do
		echo "$program"
		mapfile -t options < <(long_options "$program")
		offers "weir $program --" "${options[@]}"
	done
}

@test "the short options too" {
	for program in split wordcount lag produce; do
		mapfile -t options < <(weir "$program" --help | sed -nE 's/^  (-.),.*/\1/p')
		offers "weir $program -" "${options[@]}" "$(long_options "$program")"
	done
}

@test "a value: the words that --help names" {
	offers 'weir lag --format ' table json prometheus
	offers 'weir lag --format=p' prometheus
	offers 'weir wordcount --sort w' word
	offers 'weir produce -z ' none gzip snappy lz4 zstd
	offers 'weir lake-put --compress ' gzip zstd snappy none
	offers 'weir lake-put --rejects e' error
	offers 'weir lake-put --rejects f' files # or a file
	offers 'weir split -d ' ''
	offers 'weir lag --max-lag ' ''
	offers 'weir lag -g x --format js' json
}

@test "a value: files" {
	offers 'weir lag -F fil' files
	offers 'weir lag --config=fil' files
	offers 'weir mock-broker --port-file fil' files
}

@test "words of a language: metrics, methods, rules, windows, from the lists of --help" {
	offers 'weir aggregate me' mean
	offers 'weir aggregate count s' stddev sum
	offers 'weir aggregate -g .a h' histogram
	offers 'weir aggregate fil' files
	offers 'weir aggregate --window ' tumbling sliding session
	offers 'weir detect z' zscore
	offers 'weir detect zscore z' ''
	offers 'weir clean -e re' require rename
	offers 'weir clean --rule=re' require rename
	offers 'weir clean re' ''
	for shell in bash zsh fish; do
		assert_equal "$shell: $(offer $shell 'weir aggregate ' | grep -vc -e '^files' -e '^[.]')" "$shell: 17"
		assert_equal "$shell: $(offer $shell 'weir detect ' | grep -vc -e '^files' -e '^[.]')" "$shell: 7"
		assert_equal "$shell: $(offer $shell 'weir clean -e ' | wc -l)" "$shell: 15"
	done
}

@test "operands: files where the usage says FILE or DIR, commands for CMD, nothing for topics" {
	offers 'weir split fil' files
	offers 'weir split --lower fil' files
	offers 'weir split -d fil fil' files
	offers 'weir lake-put fil' files
	offers 'weir topics fil' ''
	offers 'weir each no-such-command-' ''
	offers 'weir each cat fil' files
	for shell in bash zsh fish; do
		offer $shell 'weir each uni' | grep -qx uniq
		offer $shell 'weir split files/' | grep -q one.json
	done
}

@test "options stand after operands too, but not after --" {
	offers 'weir split files --wor' --words
	offers 'weir split -- --wor' ''
	offers 'weir split --max-record 5 --wor' --words
}

@test "a program that does not exist, and a weir that does not run" {
	offers 'weir no-such-program -' ''
	WEIR_EXEC_PATH=/nonexistent offers 'weir ' help examples
}

@test "bash: a weir that was typed with its path" {
	run bash --norc -c '. "$0"; COMP_WORDS=("$1" split --wor); COMP_CWORD=2; _weir; echo "${COMPREPLY[@]}"' \
		"$WEIR_ROOT/completions/weir.bash" "$BUILD/weir"
	assert_equal "$output" --words
}

@test "bash: it is what complete -p says, and prints nothing on standard error" {
	run_logged bash --norc -c '. "$0"; complete -p weir' "$WEIR_ROOT/completions/weir.bash"
	assert_success
	assert_output 'complete -F _weir weir'
}

@test "fields of a file on the line: after EXPR, KEY, LIST and the like; the part of a list before the last comma stays" {
	printf '%s\n' '{"user":{"id":1},"amount":2,"a b":3}' '{"note":null}' '{"cut":' >sample
	printf 'name,count\nx,1\n' >table
	offers 'weir filter sample --fields .' .user .user.id .amount .note
	offers 'weir aggregate count sample -g .am' .amount
	offers 'weir aggregate count sample -g .note,.us' .note,.user .note,.user.id
	offers 'weir filter sample --fields=.am' .amount
	offers 'weir filter --header table --fields .c' .count
	offers 'weir aggregate count table -g ' '$1' '$2'
	offers 'weir aggregate count -g ' ''
	offers 'weir aggregate count nofile -g ' ''
}

@test "profiles: of the usual files, and of one on the line" {
	unset WEIR_CONFIG
	mkdir -p .config/weir
	printf '[prod:kafka]\na = b\n[play:split]\nlower = yes\n[prod:split]\nlower = yes\n[split]\nlower = no\n' >.config/weir/config
	printf '[other:split]\nlower = yes\n' >files/conf
	offers 'weir consume --profile ' play prod
	offers 'weir consume --profile=pr' prod
	offers 'weir split -F files/conf --profile ' other play prod
	offers 'weir split --profile x' ''
	offers 'weir --profile pl' play
	offers "weir --profile prod la" "$(weir --list | grep ^la)"
	offers 'weir --profile prod split --wor' --words
	assert_equal "$(WEIR_CONFIG=files/conf weir complete profiles)" other
	assert_equal "$(weir complete profiles split --config=files/conf -Fnofile | xargs)" 'prod play other'
	printf '[good:split]\nlower = yes\nnonsense\n' >files/conf
	offers 'weir split -F files/conf --profile g' good
	offers 'weir split -F files --profile pl' play
	rm .config/weir/config
	run_weir complete profiles -F nofile
	assert_success
	assert_output ''
	assert_stderr ''
}

@test "functions of expressions" {
	offers 'weir filter lo' log lower
	offers 'weir filter x lo' ''
}

@test "topics, partitions and groups, from the brokers on the line or in the environment" {
	export XDG_CACHE_HOME=$PWD/cache
	start_bg mock weir mock-broker --topic clicks:3 --topic carts:1 --port-file "$BATS_TEST_TMPDIR/port"
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	local at
	at=$(<"$BATS_TEST_TMPDIR/port")
	offers "weir consume -b $at " carts clicks
	offers "weir consume -b $at c" carts clicks
	offers "weir topics -b $at cl" clicks
	offers "weir consume -b $at clicks ca" carts
	offers "weir produce -b $at ca" carts
	offers "weir produce -b $at clicks fil" files
	offers "weir consume -b $at clicks -p " 0 1 2
	offers "weir consume -b $at carts -p " 0
	[ -n "$(ls -A cache/weir)" ]
}

@test "weir complete: kept for a minute, nothing after a second, silent" {
	export XDG_CACHE_HOME=$PWD/cache
	start_bg mock weir mock-broker --topic clicks:1 --port-file "$BATS_TEST_TMPDIR/port"
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	local at
	at=$(<"$BATS_TEST_TMPDIR/port")
	assert_equal "$(weir complete topics consume -b "$at")" clicks
	stop_bg mock
	assert_equal "$(weir complete topics consume -b "$at")" clicks # from the cache
	touch -d '-2 minutes' cache/weir/*
	run_weir complete topics consume -b "$at"
	assert_success
	assert_output ''
	mkfifo fifo
	for words in 'topics' 'fields fifo' 'fields /dev/zero' 'fields .' 'groups -b 127.0.0.1:1' 'partitions -b' 'topics -F nofile'; do
		# shellcheck disable=SC2086
		run_logged timeout 60 env -u WEIR_BROKERS weir complete $words
		assert_success
		assert_output ''
	done
	XDG_CACHE_HOME=/proc/nowhere run_weir complete topics -b 127.0.0.1:1
	assert_success
	run_weir complete nonsense
	assert_status 2
}
