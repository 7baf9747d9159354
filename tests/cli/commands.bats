#!/usr/bin/env bats
# tests/lib/commands.py, which tests/lint runs: tests/deps installs every command that the tests call.
load ../lib/weir

judge() { # judge [OPTION...] [FILE]
	run_logged python3 "$WEIR_ROOT/tests/lib/commands.py" "$@"
}

@test "every command that a script calls, wherever it stands, is found" {
	sed 's/^%/@/' >"$BATS_TEST_TMPDIR/script" <<'EOF' # or bats takes it for one of its own
echo | none-01
y=$(none-02 a) z="b $(none-03 "$(none-04)")" w=`none-05`
if none-06 >x 2>&1; then none-07; elif none-08; then :; else none-09; fi
while none-10; do none-11 & done
case $x in a | (no) none-12 ;; *) none-13 ;; esac
a() { none-14; }
b() ( none-15 )
! none-16 && none-17 || none-18
cat <(none-19) >(none-20) <<<"$(none-21)"
run_sh 'seq 3 | none-22 -p'
run bash -o pipefail -c "echo && none-23 \"\$y\""
env -u A B=c none-24
start_bg name timeout -k 5 9 none-25
wait_for 5 run -0 none-26
find . -name x -exec none-27 {} +
find . | xargs -n 1 none-28
weir each --shell 'none-29 | cat' | weir ack
[[ $x == "$(none-30)" && $y =~ ^(a|no)$ ]]
((x = $(none-31) + 1))
array+=("$(none-32)" no)
x=$(($(none-33) * 2)) y=${z:-$(none-34)} exec {fd}>&- none-35
for x in no "$(none-36)"; do none-37; done
none-38 <<-'END'
	no | no
	END
%test "a no" {
	none-39
}
trap 'none-40; exit' EXIT
EOF
	judge "$BATS_TEST_TMPDIR/script"
	assert_success
	assert_equal "$(sed -n "s/.*: '\(none-..\)' is not there.*/\1/p" <<<"$output")" "$(printf 'none-%02d\n' {1..40})"
	assert_equal "${#lines[@]}" 40
}

@test "words that are not commands are not taken for some" {
	cat >"$BATS_TEST_TMPDIR/script" <<'EOF'
# none | none
echo none 'none; none' "none | none" none\;none \
	none >none 2>>none
x=none y=(none none)
cat <<EOF2
none $(echo x)
EOF2
for none in none; do "$none" none; done
[[ none < none || (none > none) ]]
awk '{ none(none) } END { print none }'
jq '.none | none' <<<none
EOF
	judge "$BATS_TEST_TMPDIR/script"
	assert_success
	assert_output ''
}

@test "a package that tests/deps does not name is missed, and so is each of those that it does" {
	local package command
	while read -r package command; do
		sed "s/\([(\t ]\)$package\b/\1/" "$WEIR_ROOT/tests/deps" >"$BATS_TEST_TMPDIR/deps"
		judge --deps "$BATS_TEST_TMPDIR/deps"
		assert_output_contains "'$command' is from $package, which tests/deps does not install"
		assert_equal "${#lines[@]}" 1
	done <<-'END'
		xxd xxd
		jq jq
		kcat kcat
		strace strace
		miller mlr
		mandoc mandoc
		spin spin
		zsh zsh
	END
}

@test "makefiles and Python: their commands are found too" {
	printf '%s\n' 'x: y' '	@$(CC) -o $@ $<' "	none-1 \$(addprefix \$(X)/,a) \\" '		b | none-2' \
		>"$BATS_TEST_TMPDIR/Makefile"
	printf '%s\n' 'import subprocess' 'subprocess.run(["none-3", "x"])' 'call("none-4", x)' 'command = ["none-5"] + x' \
		>"$BATS_TEST_TMPDIR/x.py"
	judge "$BATS_TEST_TMPDIR/Makefile" "$BATS_TEST_TMPDIR/x.py"
	assert_equal "$(grep -o 'none-.' <<<"$output")" "$(printf 'none-%d\n' {1..5})"
}

@test "make: a target that runs something of tests/ first installs what the tests need" {
	local target targets commands
	mapfile -t targets < <(awk '/^[a-z0-9-]+:/ { target = $1 } /^\t@.*tests\/[a-z]+/ && !/tests\/deps/ { print target }' "$WEIR_ROOT/Makefile" |
		tr -d : | grep -vx demo | uniq)
	[[ ${#targets[@]} -ge 10 && " ${targets[*]} " == *' check '* && " ${targets[*]} " == *' lint '* ]]
	for target in "${targets[@]}"; do
		mapfile -t commands < <(make -n -C "$WEIR_ROOT" BUILD="$BUILD" "$target" 2>&1 | grep -v '^make')
		[[ "${commands[0]}, ${commands[1]}" =~ ^'tests/deps build, tests/deps '(test|html|deb)$ ]] ||
			fail "$target: ${commands[0]}, ${commands[1]}"
	done
}
