#!/usr/bin/env bats
# tests/lib/circles.py, which tests/lint runs on the tree: floors, and no circles of files.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p cmd/consume cmd/clean common/base common/io common/stream common/data common/lake common/kafka
	# output does not include loop; only the functions that it is given to call are counted.
	cat >cmd/consume/output.h <<'END'
#include "common/base/text.h"
struct output { int (*wait)(void *self, int fd); void *self; };
int output_write(struct output *o, const char *s);
END
	cat >cmd/consume/output.c <<'END'
#include "cmd/consume/output.h"
static const char *name = "loop_run(";
int output_write(struct output *o, const char *s) /* loop_run() in a comment */
{
	return text_len(s) ? o->wait(o->self, 1) : 0;
}
END
	cat >cmd/consume/loop.c <<'END'
#include "cmd/consume/output.h"
#include "cmd/consume/broker.h"
static int count(void *self, int fd)
{
	return ++*(int *)self + fd;
}
int loop_run(void)
{
	int n = 0;
	struct output o = {.wait = count, .self = &n};
	return output_write(&o, "x") + broker_poll();
}
END
	printf 'int broker_poll(void);\n' >cmd/consume/broker.h
	printf '#include "cmd/consume/broker.h"\nint broker_poll(void)\n{\n\treturn 0;\n}\n' >cmd/consume/broker.c
	printf 'int text_len(const char *s);\n' >common/base/text.h
	printf '#include "common/base/text.h"\nint text_len(const char *s)\n{\n\treturn *s;\n}\n' >common/base/text.c
}

circles() {
	run_logged python3 "$WEIR_ROOT/tests/lib/circles.py" "$PWD"
}

@test "a driver that calls back what it is given is not a circle" {
	circles
	assert_success
	assert_output ''
}

@test "two files of a folder that call each other are found, over a third and over a header's function, too" {
	printf '#include "cmd/consume/output.h"\nint loop_run(void);\nint broker_poll(void)\n{\n\treturn loop_run();\n}\n' >cmd/consume/broker.c
	circles
	assert_status 1
	assert_output_contains 'a circle by calls: cmd/consume/broker.c -> cmd/consume/loop.c -> cmd/consume/broker.c'
	printf 'int loop_run(void);\nstatic inline int helps(void)\n{\n\treturn loop_run();\n}\n' >cmd/consume/help.h
	printf '#include "cmd/consume/help.h"\nint topics_ask(void)\n{\n\treturn helps();\n}\n' >cmd/consume/topics.c
	printf 'int topics_ask(void);\nint broker_poll(void)\n{\n\treturn topics_ask();\n}\n' >cmd/consume/broker.c
	circles
	assert_output_contains 'a circle by calls: cmd/consume/broker.c -> cmd/consume/topics.c -> cmd/consume/loop.c -> cmd/consume/broker.c'
	printf '#define TOPICS_ASK() topics_ask()\nint topics_ask(void);\nint broker_poll(void)\n{\n\treturn TOPICS_ASK();\n}\n' >cmd/consume/broker.c
	circles
	assert_output_contains 'cmd/consume/broker.c -> cmd/consume/topics.c'
}

@test "a table that a file takes from one that calls it is a circle" {
	printf 'int loop_run(void);\nextern const int table[];\nconst int table[] = {1};\nint broker_poll(void)\n{\n\treturn 1;\n}\n' >cmd/consume/broker.c
	printf 'int broker_poll(void);\nextern const int table[];\nint broker_poll2(void)\n{\n\treturn table[0];\n}\n' >cmd/consume/topics.c
	circles
	assert_success
	assert_output ''
	sed -i 's/return 1/return broker_poll2()/; 1i int broker_poll2(void);' cmd/consume/broker.c
	circles
	assert_output_contains 'a circle by calls: cmd/consume/broker.c -> cmd/consume/topics.c -> cmd/consume/broker.c'
}

@test "a pump is found: what is called back by a pointer gets into the caller again" {
	sed -i 's/return ++.*/return broker_poll() + fd;/' cmd/consume/loop.c
	cat >cmd/consume/broker.c <<'END'
#include "cmd/consume/output.h"
static struct output *out;
int broker_poll(void)
{
	return output_write(out, "again");
}
END
	circles
	assert_output_contains 'a circle by pointers among cmd/consume/broker.c, cmd/consume/loop.c, cmd/consume/output.c'
	assert_output_contains 'output_write() of cmd/consume/output.c -> count() of cmd/consume/loop.c -> broker_poll() of cmd/consume/broker.c'
}

@test "rows of a table whose functions call the one that walks the table are a circle, another type's are not" {
	cat >common/data/eval.c <<'END'
struct row { const char *name; int (*call)(long x); };
extern const struct row rows[];
int eval(long x)
{
	return rows[0].call(x) + rows[x].call(x);
}
END
	cat >common/data/rows.c <<'END'
int eval(long x);
struct row { const char *name; int (*call)(long x); };
static int half(long x)
{
	return (int)x / 2;
}
const struct row rows[] = {{"half", half}};
END
	circles
	assert_success
	sed -i 's/return (int).*/return eval(x - 1);/' common/data/rows.c
	circles
	assert_output_contains 'a circle by calls: common/data/eval.c -> common/data/rows.c -> common/data/eval.c'
	assert_output_contains 'a circle by pointers among common/data/eval.c, common/data/rows.c'
	# The same over a registration, which nm would not show.
	sed -i 's/extern const struct row rows/static struct row rows/; s/^int eval/void add(struct row r)\n{\n\trows[0] = r;\n}\n&/' common/data/eval.c
	sed -i 's/^const struct row rows.*/void add(struct row r);\nint start(void)\n{\n\tadd((struct row){"half", half});\n\treturn 0;\n}/' common/data/rows.c
	circles
	assert_output 'a circle by pointers among common/data/eval.c, common/data/rows.c: eval() of common/data/eval.c -> half() of common/data/rows.c -> eval() of common/data/eval.c'
	sed -i 's/static int half(long x)/static int half(int x)/' common/data/rows.c
	circles
	assert_success
}

@test "a pointer holds what is set into it by its name, by place, or from another" {
	# walk() calls back over ->step, and half(), which gets to walk() again, is only ever set into .end.
	cat >common/data/walk.h <<'END'
struct ops { int (*step)(int x); int (*end)(int x); };
int walk(const struct ops *o, int x);
END
	printf '#include "common/data/walk.h"\nint walk(const struct ops *o, int x)\n{\n\treturn o->step(x);\n}\n' >common/data/walk.c
	cat >common/data/use.c <<'END'
#include "common/data/walk.h"
static int one(int x)
{
	return x;
}
static int half(int x)
{
	static const struct ops ops = {.step = one};
	return walk(&ops, x / 2);
}
int use(void)
{
	struct ops ops = {.step = one, .end = half};
	return walk(&ops, 1);
}
END
	circles
	assert_success
	for way in 's/, .end = half/, half/' 's/^int use(void)$/int set(struct ops *o)\n{\n\treturn o->step = o->end;\n}\n&/' 's/.end = half/.step = half/'; do
		cp common/data/use.c kept
		sed -i "$way" common/data/use.c
		circles
		assert_output_contains 'a circle by pointers among common/data/use.c, common/data/walk.c'
		mv kept common/data/use.c
	done
}

@test "rooms that include each other are found; X.h, X.c and X_impl.h are one" {
	printf '#include "common/stream/a.h"\n' >common/stream/a_impl.h
	printf '#include "common/stream/a_impl.h"\n' >common/stream/a.c
	printf '#include "common/stream/a_impl.h"\n' >common/stream/a_more.c
	: >common/stream/a.h
	circles
	assert_success
	printf '#include "common/stream/a.h"\nstruct a;\n' >common/stream/b.h
	printf '#include "common/stream/b.h"\n' >>common/stream/a.c
	circles
	assert_output 'a circle by includes: common/stream/a -> common/stream/b -> common/stream/a'
}

@test "headers that include each other are found, in every folder" {
	printf '#include "common/lake/b.h"\n' >common/lake/a.h
	printf '#include "common/lake/a.h"\n' >common/lake/b.h
	circles
	assert_output_contains 'a circle by includes: common/lake/a.h -> common/lake/b.h -> common/lake/a.h'
}

@test "floors: no file includes or calls one above its own, of the other end, or of another program" {
	printf '#include "common/lake/log.h"\n' >common/kafka/client.c
	printf '#include "common/kafka/client.h"\n' >common/lake/log.c
	: | tee common/kafka/client.h common/lake/log.h >common/data/json.h
	printf '#include "common/data/json.h"\n' >common/stream/mark.c
	printf 'int path_len(void);\nint file_len(void)\n{\n\treturn path_len();\n}\n' >common/io/file.c
	printf 'int path_len(void)\n{\n\treturn 0;\n}\n' >common/stream/path.c
	printf '#include "cmd/consume/output.h"\n#include "common/lake/log.h"\n' >cmd/clean/main.c
	printf '#include "cmd/consume/broker.h"\n' >>common/base/text.c
	circles
	assert_output 'cmd/clean/main.c needs cmd/consume/output.h: no file needs another program
common/base/text.c needs cmd/consume/broker.h: no file needs another program
common/io/file.c needs common/stream/path.c, which is not a floor below its own
common/kafka/client.c needs common/lake/log.h, which is not a floor below its own
common/lake/log.c needs common/kafka/client.h, which is not a floor below its own
common/stream/mark.c needs common/data/json.h, which is not a floor below its own'
	rm common/*/*.c cmd/clean/main.c
	printf '#include "common/data/json.h"\n#include "common/base/text.h"\n' | tee common/kafka/client.c >common/lake/log.c
	circles
	assert_success
}

# The lint reads the sources as text, so it needs no build. It must not miss these cases.
@test "the calls between files are those that the linker sees, in all folders" {
	cd "$WEIR_ROOT"
	sources=(common/*/*.c common/*/*.cc cmd/*/*.c)
	for source in "${sources[@]}"; do
		echo "$BUILD/${source%.*}.o: $source"
	done >"$BATS_TEST_TMPDIR/objects"
	cut -d: -f1 "$BATS_TEST_TMPDIR/objects" | xargs nm -A | awk '
		NR == FNR { source[$1] = $2; next }
		{ file = source[substr($1, 1, index($1, ":"))]; folder = file; sub("/[^/]*$", "", folder) }
		$(NF - 1) == "U" { needs[file " " folder ":" $NF] }
		$(NF - 1) ~ /^[TDRB]$/ { defined[folder ":" $NF] = file }
		END {
			for (pair in needs) {
				split(pair, part, " ")
				if (part[2] in defined && defined[part[2]] != part[1])
					print part[1], defined[part[2]]
			}
		}' "$BATS_TEST_TMPDIR/objects" - | sort -u >"$BATS_TEST_TMPDIR/linked"
	python3 tests/lib/circles.py --calls | sort >"$BATS_TEST_TMPDIR/read"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/read")" -gt 300 ]
	diff "$BATS_TEST_TMPDIR/linked" "$BATS_TEST_TMPDIR/read"
}
