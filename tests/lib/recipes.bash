# recipes.bash: the recipes of weir-cookbook(7), taken from the page as a terminal of 80 columns shows it; loaded after
# weir.bash.
# shellcheck shell=bash disable=SC2154 # output is set by run

# shellcheck source=tests/lib/page.bash
. "$WEIR_ROOT/tests/lib/page.bash"

# --- the page --------------------------------------------------------------------------------------

recipes_page() { # recipes_page mandoc|man|help: the page as one of them shows it (man by groff; weir help without man)
	local page=$WEIR_ROOT/man/weir-cookbook.7
	case $1 in
	mandoc) page_shown weir-cookbook.7 ;;
	man) MANWIDTH=80 man -P cat -l "$page" ;;
	help)
		mkdir -p manuals/man7
		cp "$page" manuals/man7
		env WEIR_MANDIR="$PWD/manuals" PATH="$PWD/manuals" "$BUILD/weir" help cookbook
		;;
	esac | col -bx
}

# The N-th literal block under HEADING as it appears on the screen, after the commands of sed.
recipe_pasted() { # recipe_pasted HEADING [N [SED]]
	recipes_page mandoc | page_block "$@"
}

# The same without the page's indentation: the text of a file.
recipe() { # recipe HEADING [N [SED]]
	recipe_pasted "$@" | sed 's/^ \{11\}//'
}

# Paste it into a shell, with pipefail; sets $status, $output, $stderr.
cook() { # cook HEADING [N [SED]]
	local text
	text=$(recipe_pasted "$@") && run_sh "$text"
}

# For sed: the sources of the recipe end when they have read everything.
to_end() {
	echo 's/weir consume -g/weir consume --to end -g/'
}

# The values of the records of the topic clicks for which awk's condition holds.
values() { # values CONDITION: $1 milliseconds, $2 partition, $3 offset, $4 key, $5 value
	awk -F '\t' "$1 { print \$5 }" "$BATS_FILE_TMPDIR/all"
}

milliseconds() { # milliseconds DATE-TEXT
	echo "$(date -d "$1" +%s)000"
}

# The last command printed these lines, in any order.
assert_lines() { # assert_lines FILE
	assert_status 0
	[ -s "$1" ] || fail 'nothing is expected'
	assert_files_equal <(sort <<<"$output") <(sort "$1")
}

# Heading and number of every recipe (a block directly under a section is not one), sorted; and of each that the test
# files run.
recipes_list() {
	recipes_page mandoc | page_blocks | grep '^[^ ]' | grep -vE '^[A-Z ]+	' | sort
}

recipes_run() { # recipes_run FILE...
	sed -nE "s/.*\<(cook|recipe) '([^']+)'( ([0-9]+))?.*/\2\t\4/p" "$@" | sed 's/\t$/\t1/' | sort -u
}

# --- a Kafka of the file ---------------------------------------------------------------------------

# For setup_file and teardown_file: the recipes name their topics, so they cannot use the shared broker.
recipes_begin() {
	"$WEIR_ROOT/tests/servers/kafka" start "$BATS_FILE_TMPDIR/kafka" 3>&- || return
	# shellcheck source=/dev/null
	. "$BATS_FILE_TMPDIR/kafka/env"
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	kadmin create warm-up 1 # the first group makes the broker create its topic of groups, which takes it a while
	kadmin commit warm-up warm-up 0 0
}

recipes_end() {
	"$WEIR_ROOT/tests/servers/kafka" stop "$BATS_FILE_TMPDIR/kafka"
}

# A mock broker of the test, with four records of two days in its topic clicks, and in the file of that name.
recipes_mock() {
	start_bg broker weir mock-broker --topic clicks:1 --port-file port
	wait_for 10 test -s port
	WEIR_BROKERS=$(<port)
	export WEIR_BROKERS
	printf '{"ts":"2026-03-2%dT10:00:00Z","user":"u%d","action":"%s"}\n' 6 1 view 7 2 buy 7 3 view 7 4 view >clicks
	weir produce clicks clicks
}

# Fill the topic clicks of three partitions: one record every STEP seconds, for two whole days and then from the day
# before yesterday until a minute ago.  $BATS_FILE_TMPDIR/all has them as kcat reads them: milliseconds, partition,
# offset, key, value.
recipes_clicks() { # recipes_clicks STEP
	kadmin create clicks 3
	recipes_records "$1" | weir produce --format json --keep timestamp clicks
	kcat -C -b "$WEIR_BROKERS" -t clicks -e -q -f '%T\t%p\t%o\t%k\t%s\n' >"$BATS_FILE_TMPDIR/all"
}

recipes_records() { # recipes_records STEP
	python3 - "$1" <<-'END'
		import json, random, sys, time
		random.seed(7)
		now, step = int(time.time() * 1000), int(sys.argv[1])
		times = [1774476000000 + 1000 * s for s in range(0, 160000, step)]
		times += [now - 1800000 * i for i in range(110, 0, -1)] + [now - 60000 * i for i in (3, 2, 1)]
		for i, ms in enumerate(times):
		    user, action = "u%d" % random.randrange(60), random.choice(["view", "view", "cart", "buy"])
		    ts = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ms // 1000))
		    value = '{"ts":"%s","user":"%s","action":"%s","page":"/%d"' % (ts, user, action, random.randrange(25))
		    value += ',"id":%d' % i + (',"amount":%d.%d0' % divmod(random.randrange(1000), 10) if action == "buy" else "") + "}"
		    print(json.dumps({"key": user, "timestamp": ms, "headers": [["from", "test"]], "value": value}))
	END
}
