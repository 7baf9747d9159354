#!/usr/bin/env bats
# tests/fault/TRAPS.md names a test for every trap, and tests/FINDINGS.md for every finding; each of them exists.
load ../lib/weir

check() { # check TRAPS FINDINGS
	run_logged python3 "$WEIR_ROOT/tests/lib/traps.py" "$@"
}

setup() {
	traps=$WEIR_ROOT/tests/fault/TRAPS.md findings=$WEIR_ROOT/tests/FINDINGS.md
	cd "$BATS_TEST_TMPDIR" || return
}

@test "every known trap has tests, and they exist" {
	check "$traps" /none
	assert_success
	assert_output ''
}

@test "every finding has tests, and they exist" {
	check "$traps" "$findings"
	assert_success
	assert_output ''
}

@test "a test that does not exist, and a trap that is missing, are found" {
	sed 's/test_a_zombie_commits_nothing/test_never/; /^| T7 /d' "$traps" >TRAPS.md
	check TRAPS.md /none
	assert_output 'F1: unit/lake_log_test.c has no test "test_never"
not all traps are there, each once and in their order'
}

# A page with a row for each finding.
all_findings() {
	local id
	printf '# Findings\n\nText `tests/none: x`.\n\n| finding | cure | test |\n|---|---|---|\n'
	for id in 'kafka F'{1..16} 'lake F1-F19' 'records A1' 'records B1 to B21, C' 'security C1, H1-H3' 'security '{M{1..5},L{1..11}} \
		'house 0, newuser A' 'kafka F17(a, b), newuser A6'; do
		printf '| %s | done: it | `tests/cli/traps.bats: every finding has`, `tests/unit/mark_test.c: test_every_damage` |\n' "$id"
	done
}

@test "findings: every row and every test is looked for" {
	all_findings >good.md
	check "$traps" good.md
	assert_output ''
	sed '/^| kafka F3 /d; s/security C1, H1-H3/security C1, H1-H2/' good.md >bad.md
	check "$traps" bad.md
	assert_output 'kafka F3: has no row
security H3: has no row'
	sed 's/^\(| kafka F5 .*\)test_every/\1test_no/; s/^\(| security M4 .*\)traps.bats/\1no.bats/; s/^\(| kafka F7 [^`]*\)`.*/\1none |/' \
		good.md >bad.md
	check "$traps" bad.md
	assert_output 'kafka F5: tests/unit/mark_test.c has no test "test_no_damage"
kafka F7: no test is named
security M4: tests/cli/no.bats has no test "every finding has"'
	: >bad.md
	check "$traps" bad.md
	assert_equal "${#lines[@]}" $((17 + 19 + 23 + 20 + 2))
}
