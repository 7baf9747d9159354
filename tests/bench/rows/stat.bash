# stat.bash: aggregate; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, part, peer_part, work and python_home are run's and records.bash's

rows+=(aggregate aggregate_users aggregate_quantiles aggregate_tsv aggregate_window aggregate_memory)

# DuckDB works on all events, because it is not a slow peer.
all_events() {
	need_events
	peer_part=1
}

duckdb_does() { # duckdb_does json|tsv FILE QUERY: the command
	printf "python3 tests/bench/duckgroup.py %s '%s' '%s'" "$1" "$2" "$3"
}

# A row for all events, in records a second.
beside_duckdb() { # beside_duckdb WHAT FLOOR OURS QUERY
	compare "$1" "DuckDB, one thread" "$2" cpu "$(wc -l <"$in")" rec "$3" "$(duckdb_does json "$in" "$4")"
}

row_aggregate() {
	all_events
	beside_duckdb "\`aggregate -g .action count 'sum(.amount)'\`, 1 GB of events of 147 B" 1.5 \
		"weir aggregate -g .action count 'sum(.amount)' '$in'" \
		'select action, count(*), sum(amount) from SRC group by 1'
}

row_aggregate_users() {
	all_events
	beside_duckdb "the same by 100,000 users" 1.2 "weir aggregate -g .user count 'sum(.amount)' '$in'" \
		'select "user", count(*), sum(amount) from SRC group by 1'
}

row_aggregate_quantiles() {
	all_events
	beside_duckdb "\`aggregate -g .action 'quantile(.amount,0.5,0.9,0.99)'\`" 1.2 \
		"weir aggregate -g .action 'quantile(.amount,0.5,0.9,0.99)' '$in'" \
		'select action, approx_quantile(amount, [0.5, 0.9, 0.99]) from SRC group by 1'
}

row_aggregate_tsv() {
	local tsv=$work/events.tsv what="\`aggregate --input tsv -g '\$2' count 'sum(\$3)'\`, the events as TSV" size
	all_events
	weir filter --fields .user,.action,.amount,.item,.ip --format tsv true "$in" >"$tsv"
	size=$(stat -c %s "$tsv")
	local ours="weir aggregate --input tsv -g '\$2' count 'sum(\$3)' '$tsv'"
	compare "$what" "DuckDB, one thread" 1.5 cpu "$size" B "$ours" \
		"$(duckdb_does tsv "$tsv" 'select action, count(*), sum(amount) from SRC group by 1')"
	compare "the same" "mawk" - cpu "$size" B "$ours" \
		"mawk -F'\t' '{ c[\$2]++; s[\$2] += \$3 } END { for (k in c) print k, c[k], s[k] }' '$tsv'"
	rm "$tsv"
}

row_aggregate_window() {
	all_events
	compare "\`aggregate -g .action --window 'tumbling 10s' --time .ts count 'sum(.amount)'\`" "the same without a window" 0.7 \
		cpu "$(wc -l <"$in")" rec \
		"weir aggregate -g .action --window 'tumbling 10s' --time .ts count 'sum(.amount)' '$in'" \
		"weir aggregate -g .action count 'sum(.amount)' '$in'"
}

# The peak resident memory, in MB.
resident() { # resident COMMAND
	python3 -c 'import resource, subprocess, sys
subprocess.run(["bash", "-c", sys.argv[1]], stdout=subprocess.DEVNULL, check=True)
print(round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))' "$1"
}

row_aggregate_memory() {
	local events query='select action, count(*), sum(amount) from SRC group by 1'
	all_events
	events=$(resident "weir aggregate -g .action count 'sum(.amount)' '$in'")
	printf "| memory of \`aggregate -g .action\`, 1 GB | DuckDB | %s MB | %s MB | | |\n" "$events" \
		"$(resident "$(duckdb_does json "$in" "$query")")"
	printf "| memory of \`aggregate -g .action\`, 10 GB | the same, 1 GB | %s MB | %s MB | | |\n" \
		"$(resident "for i in 1 2 3 4 5 6 7 8 9 10; do cat '$in'; done | weir aggregate -g .action count 'sum(.amount)'")" "$events"
	printf "| memory of \`aggregate -g .user\`, 100,000 users | DuckDB | %s MB | %s MB | | |\n" \
		"$(resident "weir aggregate -g .user count 'sum(.amount)' '$in'")" \
		"$(resident "$(duckdb_does json "$in" 'select "user", count(*), sum(amount) from SRC group by 1')")"
}
