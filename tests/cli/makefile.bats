#!/usr/bin/env bats
# Makefile: which lists of packages (tests/deps) each target of `make help` asks for, and that help has them all.
load ../lib/weir

setup() {
	cd "$WEIR_ROOT" || return
	unset MAKEFLAGS MAKELEVEL
}

# The lists that a target asks for, in the order of their names.
asked() { # asked TARGET
	make -n MAKE=: DEMO= "$1" 2>/dev/null | grep -oE 'tests/deps [a-z]+' | cut -d ' ' -f 2 | sort -u | xargs
}

@test "each target of make help says which packages it needs, and no other" {
	local target lists
	make help | awk '{ print $1 }' | sort >"$BATS_TEST_TMPDIR/helped"
	# builds: the compiler and the libraries; test: what tests need beside; the others are what their names say
	while read -r target lists; do
		echo "$target" >>"$BATS_TEST_TMPDIR/listed"
		[ "$(asked "$target")" = "$lists" ] || fail "make $target asks for '$(asked "$target")', not '$lists'"
	done <<-'END'
		all
		bench build test
		check build test
		check-san build test
		check-tsan build test
		clean
		deb build deb
		deb-test bare build deb
		deb-13 bare
		demo build
		deps build
		dist git
		dist-test build git
		fault build test
		first-count bare build deb test
		fuzz build test
		golden build test
		help
		html build html
		image bare
		install
		lint build test
		model build test
		sbom sbom
		test build test
		test-deps build test
		test-servers build test
		tests-bin
		uninstall
	END
	assert_files_equal <(sort "$BATS_TEST_TMPDIR/listed") "$BATS_TEST_TMPDIR/helped"
	assert_equal "$(make -n MAKE=: DEMO=s3 demo 2>/dev/null | grep -oE 'tests/deps [a-z]+' | sort -u | xargs)" 'tests/deps build tests/deps test'
}
