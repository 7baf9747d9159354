#!/usr/bin/env bats
# An installed weir finds its programs and manuals, whatever directories `make` was given, and even after it was moved.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset WEIR_EXEC_PATH WEIR_MANDIR
}

install_into() { # install_into DESTDIR VARIABLE=VALUE...: of a tree that `make` has built with other places
	make -s -C "$WEIR_ROOT" install BUILD="$BUILD" DESTDIR="$BATS_TEST_TMPDIR/$1" "${@:2}" >&2
}

works() { # works BIN LIBEXEC: the weir in BIN runs what lies in LIBEXEC
	run_logged "$1/weir" --exec-path
	assert_success
	assert_output "$(realpath "$2")"
	run_logged "$1/weir" split <<<'a'
	assert_success
	assert_output a
	run_logged "$1/weir" --list
	assert_success
	assert_output "$(LC_ALL=C ls "$2")"
}

@test "make, then make install with another PREFIX: weir finds its programs and its manuals" {
	install_into dest PREFIX=/opt/weir
	works dest/opt/weir/bin dest/opt/weir/libexec/weir
	rm dest/opt/weir/share/man/man1/weir-split.1
	sed 's/^\.Nd .*/.Nd the page of this tree/' "$WEIR_ROOT/man/weir-split.1" >dest/opt/weir/share/man/man1/weir-split.1
	MANPAGER='cat' run_logged dest/opt/weir/bin/weir help split
	assert_output_contains 'the page of this tree'
}

@test "make install into a PREFIX of its own, no DESTDIR: it runs from there, and cron's PATH finds the rest" {
	make -s -C "$WEIR_ROOT" install BUILD="$BUILD" PREFIX="$PWD/opt" >&2
	works opt/bin opt/libexec/weir
	run -0 --separate-stderr env -i PATH=/usr/bin:/bin "$PWD/opt/bin/weir" run -c 'weir split <<<"a b"'
	assert_output $'a\nb'
	run -0 --separate-stderr "$PWD/opt/bin/weir" consume --help
	make -s -C "$WEIR_ROOT" uninstall BUILD="$BUILD" PREFIX="$PWD/opt"
	assert_equal "$(find opt -type f)" ''
}

@test "an installed tree that is moved, or reached by a symbolic link, runs where it lies" {
	install_into dest PREFIX=/usr
	mv dest/usr 'some where'
	works "$PWD/some where/bin" 'some where/libexec/weir'
	mkdir bin
	ln -s '../some where/bin/weir' bin/weir
	works bin 'some where/libexec/weir'
	PATH=$PWD/bin:$PATH
	works "$(dirname "$(command -v weir)")" 'some where/libexec/weir'
}

@test "LIBEXECDIR and BINDIR anywhere: installed there, and moved together" {
	install_into dest PREFIX=/usr LIBEXECDIR=/usr/lib/weir/programs BINDIR=/usr/games
	works dest/usr/games dest/usr/lib/weir/programs
	mv dest elsewhere
	works elsewhere/usr/games elsewhere/usr/lib/weir/programs
}

@test "the tree that make builds runs where it lies" {
	works "$BUILD" "$BUILD/bin"
	cp -r "$BUILD/bin" bin
	cp "$BUILD/weir" .
	works . bin
}

@test "no programs: a message names the directories that were looked at" {
	install_into dest PREFIX="$PWD/nowhere"
	mkdir -p alone/bin
	mv "dest$PWD/nowhere/bin/weir" alone/weir
	cp /bin/true alone/bin/split # a bin directory, but not weir's
	local looked="there are no programs in '$PWD/libexec/weir', '$PWD/alone/bin', '$PWD/nowhere/libexec/weir';"
	looked+=' set WEIR_EXEC_PATH to the directory that holds them'
	for word in --list:78 --exec-path:78 split:127 consume:127; do
		run "-${word#*:}" --separate-stderr alone/weir "${word%:*}"
		assert_output ''
		assert_stderr "weir: $looked"
	done
}

@test "WEIR_EXEC_PATH that names no directory of programs: --list and a command say so" {
	mkdir empty
	WEIR_EXEC_PATH=$PWD/empty run_logged weir --list
	assert_status 78
	assert_stderr "weir: there are no programs in '$PWD/empty'"
	WEIR_EXEC_PATH=$PWD/absent run_logged weir --list
	assert_status 78
	assert_stderr "weir: cannot open the directory of the programs, '$PWD/absent': No such file or directory"
	WEIR_EXEC_PATH=$PWD/empty run -127 --separate-stderr weir consume
	assert_stderr "weir: there are no programs in '$PWD/empty'"
}
