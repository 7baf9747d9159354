#!/usr/bin/env bats
# weir itself: what it lists, which names it suggests, what `weir help` shows, with and without man(1).
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "an unknown command: the nearest names, by their parts first, and none that is far" {
	local typed meant
	while read -r typed meant; do
		echo "$typed"
		run -127 --separate-stderr weir "$typed"
		assert_output ''
		[ -z "$meant" ] || assert_stderr "weir: no command '$typed'; did you mean $meant?"
		[ -n "$meant" ] || assert_stderr "weir: no command '$typed' (\`weir --help\` names all)"
	done <<-'END'
		splti 'split'
		put 'db-put' or 'lake-put'
		cat 'lake-cat'
		broker 'mock-broker'
		checks 'lake-check'
		conusme 'consume'
		weir-lag 'lag'
		lake 'lake-cat' or 'lake-check' or 'lake-compact' or 'lake-put'
		hood
		lz
		x
	END
	run -127 weir ../bin/split
	run -127 weir ''
}

@test "--exec-path names the directory of the programs" {
	assert_equal "$(weir --exec-path)" "$WEIR_EXEC_PATH"
}

@test "weir and weir --help list the programs in groups, in the words of their manuals, and the pages" {
	weir --help >help
	run -2 --separate-stderr weir
	assert_equal "$output" "$(<help)"
	assert_stderr "weir: a command is missing (try 'weir --help')"
	assert_equal "$(grep -E '^(Sources|Filters|Sinks|Tools):$' help | xargs)" 'Sources: Filters: Sinks: Tools:'
	sed -n '/^Sources:/,/^Pages/s/^  //p' help | sort | sed 's/  */ /' >programs
	weir --list | while read -r name; do
		echo "$name $(sed -n 's/^\.Nd //p' "$WEIR_ROOT/man/weir-$name.1")"
	done | sort >expected
	assert_files_equal programs expected
	sed -n '/^Pages/,/^$/s/^  //p' help | sort | sed 's/  */ /' >pages
	for page in "$WEIR_ROOT"/man/*.7; do
		name=${page##*/}
		name=${name%.7}
		echo "${name#weir-} $(sed -n 's/^\.Nd //p' "$page")"
	done | sort >expected
	assert_files_equal pages expected
	[ "$(awk 'length > 90' help)" = '' ]
}

# An installed tree, so that its own pages are shown.
installed() {
	make -s -C "$WEIR_ROOT" install BUILD="$BUILD" DESTDIR="$PWD/dest" PREFIX=/usr >&2
	unset WEIR_EXEC_PATH
	PATH=$PWD/dest/usr/bin:$PATH
	export PAGER=cat MANPAGER=cat
}

@test "weir help: of weir, of the introduction, of programs and of pages" {
	installed
	for name in '':'WEIR(1)' help:'WEIR(1)' weir:'WEIR(7)' split:'WEIR-SPLIT(1)' lake-put:'WEIR-LAKE-PUT(1)' \
		expr:'WEIR-EXPR(7)' guarantees:'WEIR-GUARANTEES(7)'; do
		echo "$name"
		# shellcheck disable=SC2086 # none for the empty one
		run_logged weir help ${name%:*}
		assert_status 0
		[[ $output == "${name#*:}"* ]]
	done
}

@test "weir help on an unknown name: says so, and names similar ones" {
	run -127 --separate-stderr weir help nosuch
	assert_stderr "weir: no manual of 'nosuch' (\`weir --help\` names all)"
	run -127 --separate-stderr weir help exprs
	assert_stderr "weir: no manual of 'exprs'; did you mean 'expr'?"
	run -127 --separate-stderr weir help put
	assert_stderr "weir: no manual of 'put'; did you mean 'db-put' or 'lake-put'?"
	run -127 weir help ../x
}

# The text of a page, without the lines above and below it.
words_of() {
	sed '1d' | tr -s ' \t\n' '\n' | sed '/^$/d'
}

@test "weir help without man(1): the pages themselves, each of their words" {
	local page name
	installed
	for page in "$WEIR_ROOT"/man/*.[17]; do
		name=$(basename "${page%.*}")
		[ "$page" = "$WEIR_ROOT/man/weir.1" ] && name='' || name=${name#weir-}
		echo "$page"
		# shellcheck disable=SC2086 # none for the empty one
		env -i PATH=/nowhere "$PWD/dest/usr/bin/weir" help $name >seen 2>err
		assert_files_equal err /dev/null
		assert_files_equal <(words_of <seen) <(mandoc -T utf8 -O width=400 "$page" | col -bx | sed '$d' | words_of)
		run -1 grep -E '.{81}' seen
	done
	# literal blocks are literal, and lists have their heads
	env -i PATH=/nowhere "$PWD/dest/usr/bin/weir" help filter >seen
	grep -q '^ *--fields .user,.amount --format tsv events.ndjson$' seen
	grep -q '^     --fields LIST$' seen
}

# Neither man(1) nor a page.
@test "weir help without man(1): --help, and where the page is" {
	local name page
	while read -r name page; do
		[ "$name" != - ] || name=''
		# shellcheck disable=SC2086 # none for the empty one
		run --separate-stderr env -i PATH=/nowhere WEIR_EXEC_PATH="$WEIR_EXEC_PATH" WEIR_MANDIR=/nowhere \
			"$(command -v weir)" help $name
		assert_stderr "weir: cannot run man: No such file or directory, and there is no page /nowhere/$page"
		if [ "$name" = expr ]; then
			assert_status 127
			assert_output ''
		else
			assert_status 0
			# shellcheck disable=SC2086
			assert_output "$(weir $name --help)"
		fi
	done <<-'ROWS'
		- man1/weir.1
		split man1/weir-split.1
		expr man7/weir-expr.7
	ROWS
}

@test "weir help without man(1) on a full device: 75" {
	installed
	run -75 bash -c "env -i PATH=/nowhere '$PWD/dest/usr/bin/weir' help expr 2>&1 >/dev/full"
	assert_output 'weir: cannot write standard output: No space left on device'
}

@test "weir help: a page that is a FIFO or a directory is refused at once, with and without man(1)" {
	local path page
	mkdir -p man/man1 man/man7/weir-expr.7
	mkfifo man/man1/weir-split.1
	for path in "$PATH" /nowhere; do
		for page in man1/weir-split.1 man7/weir-expr.7; do
			local name=${page#*-}
			run -78 --separate-stderr timeout 10 env PATH="$path" WEIR_EXEC_PATH="$WEIR_EXEC_PATH" WEIR_MANDIR="$PWD/man" \
				"$(command -v weir)" help "${name%.*}"
			assert_output ''
			assert_stderr "weir: '$PWD/man/$page' is not a regular file"
		done
	done
}

pages() { # the manuals, as they are installed
	mkdir -p pages/man7
	cp "$WEIR_ROOT"/man/*.7 pages/man7
	export WEIR_MANDIR=$PWD/pages
}

@test "weir examples: recipes of the cookbook as its page shows them, ready to paste" {
	local all
	pages
	run_weir examples
	assert_success
	all=$(grep -c '^  ' <<<"$output")
	assert_equal "$all" "$(sed -n '/^.Sh LOOKING/,/^.Sh WHAT IS NOT/p' "$WEIR_ROOT/man/weir-cookbook.7" | grep -c '^.Ss ')"
	run_weir examples LAST ten records
	assert_success
	assert_output_contains '# --- The last ten records ---'
	assert_output_contains $'\nweir consume --from -10 --to end -f \'%T\\t%s\\n\' clicks |\n    sort -s'
	bash -n <<<"$output"
	run_weir examples exactly once s3
	assert_output_contains '# --- A topic into S3, exactly once ---'
	run ! grep -q 'Azure, exactly' <<<"$output"
}

@test "weir examples, weir help: manuals that gzip has packed, as Debian's packages have them; a damaged one" {
	local plain
	pages
	plain=$(weir examples LAST ten records)
	gzip pages/man7/*
	assert_equal "$(weir examples LAST ten records)" "$plain"
	run_logged env -i PATH=/nowhere WEIR_EXEC_PATH="$WEIR_EXEC_PATH" WEIR_MANDIR="$WEIR_MANDIR" "$BUILD/weir" help expr
	assert_success
	assert_output_contains 'DESCRIPTION'
	head -c 200 pages/man7/weir-cookbook.7.gz >short
	mv short pages/man7/weir-cookbook.7.gz
	run_weir examples topic
	assert_status 78
	assert_stderr "weir: cannot read '$WEIR_MANDIR/man7/weir-cookbook.7.gz': it is damaged"
}

@test "weir examples: a word that no recipe has, no manuals, no room" {
	pages
	run_weir examples xyzzy
	assert_status 1
	assert_output ''
	assert_stderr 'weir: no recipe has this word (`weir examples` names all)'
	WEIR_MANDIR=/nonexistent run_weir examples topic
	assert_status 78
	assert_output ''
	run_sh 'weir examples >/dev/full'
	assert_status 75
	rm pages/man7/weir-cookbook.7
	mkfifo pages/man7/weir-cookbook.7
	run_weir examples topic
	assert_status 78
}
