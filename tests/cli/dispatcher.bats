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
		put 'lake-put'
		cat 'lake-cat'
		broker 'mock-broker'
		checks 'lake-check'
		conusme 'consume'
		weir-lag 'lag'
		lake 'lake-cat' or 'lake-check' or 'lake-put'
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

@test "weir help of what there is not: said so, with what is near" {
	run -127 --separate-stderr weir help nosuch
	assert_stderr "weir: no manual of 'nosuch' (\`weir --help\` names all)"
	run -127 --separate-stderr weir help exprs
	assert_stderr "weir: no manual of 'exprs'; did you mean 'expr'?"
	run -127 --separate-stderr weir help put
	assert_stderr "weir: no manual of 'put'; did you mean 'lake-put'?"
	run -127 weir help ../x
}

@test "weir help without man(1): --help, and where the page is" {
	installed
	run -0 --separate-stderr env -i PATH=/nowhere "$PWD/dest/usr/bin/weir" help split
	assert_output "$(weir split --help)"
	assert_stderr "weir: cannot run man: No such file or directory; the page is '$PWD/dest/usr/share/man/man1/weir-split.1'"
	for name in '' weir; do
		# shellcheck disable=SC2086 # none for the empty one
		run -0 --separate-stderr env -i PATH=/nowhere "$PWD/dest/usr/bin/weir" help $name
		assert_output "$(weir --help)"
	done
	run -127 --separate-stderr env -i PATH=/nowhere "$PWD/dest/usr/bin/weir" help expr
	assert_stderr "weir: cannot run man: No such file or directory; the page is '$PWD/dest/usr/share/man/man7/weir-expr.7'"
}
