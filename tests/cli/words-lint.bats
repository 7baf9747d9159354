#!/usr/bin/env bats
# tests/lib/words.py: tags with two meanings, names in documents that do not exist, and phrases that are not plain English.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p common doc
	printf 'struct one {\n\tint flush;\n};\nint one_run(void);\n' >common/one.h
	echo '# How it is done: [words](doc/words.md)' >CONTRIBUTING.md
	echo 'The row `struct one`, `one.flush`, `one_run()`, `one.h`, `common/one.h`, `common/one`, `cmd/NAME.c`' >doc/words.md
}

@test "words: a tree in order" {
	run python3 "$WEIR_ROOT/tests/lib/words.py"
	assert_success
	assert_output ''
}

@test "words: a struct tag that is defined twice is named with both places" {
	printf 'struct one {\n\tint x;\n};\n' >common/two.c
	run python3 "$WEIR_ROOT/tests/lib/words.py"
	assert_status 1
	assert_output 'struct one is defined in common/one.h, common/two.c'
}

@test "words: what a document names and is not there" {
	local word
	for word in 'struct two' one.flash one_walk'()' two.h common/two.h tests/two.bats; do
		printf '`%s`\n' "$word" >doc/words.md
		run python3 "$WEIR_ROOT/tests/lib/words.py"
		assert_status 1
		assert_output "doc/words.md: there is no '$word'"
	done
	echo '[two](two.md)' >doc/words.md
	run python3 "$WEIR_ROOT/tests/lib/words.py"
	assert_status 1
	assert_output "doc/words.md: the link to 'two.md' has no target"
}

@test "words: a member is looked up in its struct, not anywhere" {
	local word
	cat >common/two.h <<'EOF'
struct two {
	int a, b[2]; /* int e; */
	union {
		int kind;
		struct inner {
			int flash;
		} *d;
	};
	int (*call)(int g, void *f);
	unsigned bits : 3;
};
int high;
EOF
	for word in two.a two.b two.kind two.d two.call two.bits inner.flash; do
		printf '`%s`\n' "$word" >doc/words.md
		run python3 "$WEIR_ROOT/tests/lib/words.py"
		assert_output ''
	done
	for word in one.a one.flash two.e two.f two.flash two.g two.high two.flush; do
		printf '`%s`\n' "$word" >doc/words.md
		run python3 "$WEIR_ROOT/tests/lib/words.py"
		assert_status 1
		assert_output "doc/words.md: there is no '$word'"
	done
}

@test "words: a phrase that is not plain English, in a comment over two lines and in a manual" {
	mkdir man
	echo 'There is no table, no answer was no longer needed, and one pass over it is enough.' >man/weir.1
	printf 'const char *s = "it is no name"; /* see http://x */\n' >common/two.c
	run python3 "$WEIR_ROOT/tests/lib/words.py"
	assert_success
	printf '/*\n * This is\n * no name.\n */\n' >common/two.c
	run python3 "$WEIR_ROOT/tests/lib/words.py"
	assert_status 1
	assert_output "common/two.c: 'is no name': write is not a ..."
	rm common/two.c
	printf 'A row that can\nnot be read.\n' >man/weir.1
	run python3 "$WEIR_ROOT/tests/lib/words.py"
	assert_status 1
	assert_output "man/weir.1: 'can not': write cannot"
}
