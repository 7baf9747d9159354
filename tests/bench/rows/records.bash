# records.bash: filter, clean and meter; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, peer_part, fresh, kafka and work are run's

rows+=(filter filter_regex filter_fields clean meter memory)

# The size of the output of `gen events 1G`, or about that of $WEIR_BENCH_EVENTS (20M), to try a row.
events_size=1073741905
[ -z "${WEIR_BENCH_EVENTS-}" ] || events_size=$(numfmt --from=iec "$WEIR_BENCH_EVENTS")
readonly events_size

# Sets $in: 1 GB of events; $part: a tenth of them, for the peers that would take half a minute, and peer_part.
need_events() {
	input "events${WEIR_BENCH_EVENTS:+-$WEIR_BENCH_EVENTS}" events "${WEIR_BENCH_EVENTS:-1G}"
	part=$work/events peer_part=0.1
	[ -e "$part" ] || head -c $((events_size / 10)) "$in" | sed '$d' >"$part"
}

# A row for 1 GB; the peer's command reads $part, a tenth of it.
beside_part() { # beside_part WHAT PEER-NAME FLOOR OURS PEER
	compare "$1" "$2, a tenth of it" "$3" cpu "$events_size" B "$4" "$5"
}

row_filter() {
	local what="\`filter '.action == \"buy\"'\`, 1 GB of events of 147 B"
	need_events
	local ours="weir filter '.action == \"buy\"' '$in'"
	beside_part "$what" "\`jq -c 'select(…)'\`" 20 "$ours" "jq -c 'select(.action == \"buy\")' '$part'"
	beside_part "the same" "\`mlr --ijsonl --ojsonl filter\`" 20 "$ours" \
		"mlr --ijsonl --ojsonl filter '\$action == \"buy\"' '$part'"
	peer_part=1
	# When its output is /dev/null, grep stops searching after the first match.
	compare "the same, \`\| cat\`" "\`grep -F '\"action\":\"buy\"' \| cat\`, the limit" - cpu "$events_size" B "$ours | cat" \
		"grep -F '\"action\":\"buy\"' '$in' | cat"
}

row_filter_regex() {
	need_events
	beside_part "\`filter '.amount > 100 && .user =~ \"^a\"'\`" "\`jq -c 'select(… and (.user \| test(\"^a\")))'\`" 15 \
		"weir filter '.amount > 100 && .user =~ \"^a\"' '$in'" \
		"jq -c 'select(.amount > 100 and (.user | test(\"^a\")))' '$part'"
	peer_part=1
}

row_filter_fields() {
	need_events
	beside_part "\`filter --fields .user,.amount\` to TSV" "\`jq -r '[.user, .amount] \| @tsv'\`" 20 \
		"weir filter --fields .user,.amount --format tsv true '$in'" "jq -r '[.user, .amount] | @tsv' '$part'"
	peer_part=1
}

# No record is rejected. Miller hashes without a key, and jq has no hash at all, so only clean does this part of the
# work.
row_clean() {
	local what="\`clean\` with five rules and \`mask .ip hash\`"
	need_events
	echo "a key of the benchmark" >"$work/key"
	local ours="weir clean $clean_rules --key '$work/key' '$in'"
	beside_part "$what" "\`jq -c 'select(…) \| …'\` without hash" 10 "$ours" \
		"jq -c 'select(.user != null and (.action | IN(\"buy\", \"view\", \"login\", \"click\", \"cart\")) and
		(.amount | type) == \"number\" and .amount >= 0 and .amount <= 1000) | .user |= ascii_upcase | .ip = \"***\"' \
		'$part'"
	beside_part "the same" "\`mlr filter … then put …\`, SHA-256 without key" 10 "$ours" \
		"mlr --ijsonl --ojsonl filter 'is_present(\$user) && \$action =~ \"^(buy|view|login|click|cart)$\" &&
		is_numeric(\$amount) && \$amount >= 0 && \$amount <= 1000' \
		then put '\$user = toupper(\$user); \$ip = sha256(\$ip)' '$part'"
	peer_part=1
}

clean_rules="-e 'require .user' -e 'one-of .action buy view login click cart' -e 'type .amount float' \
-e 'range .amount 0 1000' -e 'upper .user' -e 'mask .ip hash'"

row_meter() {
	input "events${WEIR_BENCH_EVENTS:+-$WEIR_BENCH_EVENTS}" events "${WEIR_BENCH_EVENTS:-1G}"
	compare "\`meter\` between two pipes, records counted" "\`cat\`" 0.95 cpu "$events_size" B \
		"cat '$in' | weir meter --output /dev/null | cat" "cat '$in' | cat | cat"
	compare "the same" "\`pv -ql\`" 0.95 cpu "$events_size" B \
		"cat '$in' | weir meter --output /dev/null | cat" "cat '$in' | pv -ql | cat"
	compare "\`meter --bytes\` between two pipes" "\`cat\`" 0.95 cpu "$events_size" B \
		"cat '$in' | weir meter --bytes --output /dev/null | cat" "cat '$in' | cat | cat"
	compare "the same" "\`pv -q\`" 0.95 cpu "$events_size" B \
		"cat '$in' | weir meter --bytes --output /dev/null | cat" "cat '$in' | pv -q | cat"
}

# Sets $kib: the peak memory of COMMAND while it read SIZE of events from a pipe (a file of that size would be too
# large).
resident_of_pipe() { # resident_of_pipe SIZE COMMAND
	kib=$(gen events "$1" | bash -c "exec env time -f %M -o /dev/fd/3 $2" 3>&1 >/dev/null 2>"$work/err") && return
	say "failed: $2" && head -n 5 "$work/err" >&2
	return 1
}

# Memory counts as constant when 10 GB take at most a tenth more than 100 MB.
row_memory() {
	local PATH=$BUILD/bench:$PATH
	echo "a key of the benchmark" >"$work/key"
	memory_line filter "'.action == \"buy\"'"
	memory_line filter "--fields .user,.amount --format tsv true"
	memory_line clean "$clean_rules --key '$work/key'"
	memory_line meter "--output /dev/null"
}

memory_line() { # memory_line PROGRAM ARGUMENTS
	local kib small what="memory of \`$1${2:+ …}\` over 10 GB of events in a pipe"
	[ "${2#--fields}" = "$2" ] || what=${what/…/--fields …}
	if resident_of_pipe 100M "$BUILD/bin/$1 $2" && small=$kib && resident_of_pipe 10G "$BUILD/bin/$1 $2"; then
		awk -v what="$what" -v large="$kib" -v small="$small" 'BEGIN {
			printf "| %s | over 100 MB | %.1f MB | %.1f MB | %.2fx | 0.9x%s |\n", what, large / 1024, small / 1024,
				small / large, small / large < 0.9 ? " **missed**" : "" }'
		return
	fi
	printf '| %s | over 100 MB | could not be measured | | | 0.9x |\n' "$what"
	status=1
}
