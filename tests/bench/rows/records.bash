# records.bash: filter, clean and meter; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka and work are run's

rows+=(filter filter_regex filter_fields clean meter)

# A filter of NDJSON beside jq, which is slow: 200 MB will do.
filter_row() { # filter_row WHAT PEER-NAME FLOOR 'FILTER-ARGUMENTS' 'JQ-ARGUMENTS'
	input events events 1G
	head -c 200000000 "$in" | sed '$d' >"$work/events"
	compare "$1" "$2" "$3" cpu 200000000 B "weir filter $4 '$work/events'" "jq $5 '$work/events'"
	rm "$work/events"
}

row_filter() {
	filter_row "\`filter '.action == \"buy\"'\`, events of 147 B" "\`jq -c 'select(…)'\`" 20 \
		"'.action == \"buy\"'" "-c 'select(.action == \"buy\")'"
}

row_filter_regex() {
	filter_row "\`filter '.amount > 100 && .user =~ \"^a\"'\`" "\`jq -c 'select(… and (.user \| test(\"^a\")))'\`" 15 \
		"'.amount > 100 && .user =~ \"^a\"'" "-c 'select(.amount > 100 and (.user | test(\"^a\")))'"
}

row_filter_fields() {
	filter_row "\`filter --fields .user,.amount\` to TSV" "\`jq -r '[.user, .amount] \| @tsv'\`" 20 \
		"--fields .user,.amount --format tsv true" "-r '[.user, .amount] | @tsv'"
}

# No record is rejected.  jq has no hash, so this part of the work is clean's alone.
row_clean() {
	input events events 1G
	head -c 100000000 "$in" | sed '$d' >"$work/events"
	echo key >"$work/key"
	compare "\`clean\` with five rules and \`mask .ip hash\`, events of 147 B" "\`jq -c 'select(…) \| …'\` without hash" 10 \
		cpu 100000000 B "weir clean -e 'require .user' -e 'one-of .action buy view login click cart' \
		-e 'type .amount float' -e 'range .amount 0 1000' -e 'upper .user' -e 'mask .ip hash' --key '$work/key' \
		'$work/events'" \
		"jq -c 'select(.user != null and (.action | IN(\"buy\", \"view\", \"login\", \"click\", \"cart\")) and
		(.amount | type) == \"number\" and .amount >= 0 and .amount <= 1000) | .user |= ascii_upcase | .ip = \"***\"' \
		'$work/events'"
	rm "$work/events"
}

row_meter() {
	input words words 500M
	compare "\`meter\` between two pipes, records counted" "\`cat\`" 0.95 cpu 524288034 B \
		"cat '$in' | weir meter --output /dev/null | cat" "cat '$in' | cat | cat"
	compare "\`meter --bytes\` between two pipes" "\`cat\`" 0.95 cpu 524288034 B \
		"cat '$in' | weir meter --bytes --output /dev/null | cat" "cat '$in' | cat | cat"
}
