# state.bash: the cost of keeping state over restarts; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # fresh, cache and work are run's

rows+=(state)

readonly state_keys=5000000 state_batches=50

# Sets $in: a marked stream of keys that are all different.
need_keys() {
	in=$cache/keys-$state_keys
	[ -e "$in" ] || awk -v keys=$state_keys -v batches=$state_batches 'BEGIN {
		print "S\nR 0 0:-:0"
		for (b = 1; b <= batches; b++) {
			for (i = keys / batches; i > 0; i--) print "user-" n++
			print "B " b " 0:" n - keys / batches ":" n " done=" b - 1
		}
		print "F " batches
	}' | python3 tests/lib/marks.py >"$in"
}

# There are no duplicates, so every record adds to the state. `cat` is needed because otherwise clean would look for
# consume.
row_state() {
	local ours="weir clean --memory 2G --input tsv -e 'dedupe \$1 within 10h' '$work/keys' | cat"
	need_keys
	ln -sf "$in" "$work/keys"
	compare "\`clean -e 'dedupe …' --state DIR\`, 5 M keys, 50 batches" "\`--state none\`" 0.8 cpu $state_keys rec \
		"${ours/--memory/--state $fresh/state --memory}" "${ours/--memory/--state none --memory}"
	compare "\`clean -e 'dedupe …'\` of 5 M keys" "\`mawk '!seen[\$0]++'\`" 1 cpu $state_keys rec \
		"${ours/--memory/--state none --memory}" "grep -a '^user' '$in' | mawk '!seen[\$0]++' | cat"
}
