# map.bash: map; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, part, peer_part and work are run's and records.bash's

rows+=(map map_ten map_explode map_lookup map_csv map_access map_step)

# DuckDB reads, computes and writes NDJSON in one thread.
duckdb_writes() { # duckdb_writes QUERY: the command; SRC is the events
	printf 'python3 -c %q' "import duckdb; c = duckdb.connect(); c.sql('set threads=1'); c.sql('''copy (${1/SRC/"read_json('$in', format='newline_delimited')"}) to '/dev/null' (format json)''')"
}

row_map() {
	need_events
	local ours="weir map '.total = .amount * 3' '$in'"
	beside_part "\`map '.total = .amount * 3'\`, 1 GB of events of 147 B" "\`jq -c\`" 15 "$ours" "jq -c '.total = .amount * 3' '$part'"
	beside_part "the same" "\`mlr put\`" 15 "$ours" "mlr --ijsonl --ojsonl put '\$total = \$amount * 3' '$part'"
	peer_part=1
	compare "the same" "DuckDB, one thread" 1.2 cpu "$events_size" B "$ours" "$(duckdb_writes 'select *, amount * 3 as total from SRC')"
}

row_map_ten() {
	need_events
	beside_part "\`map\` with ten assignments of strings, numbers and times" "\`jq -c\`" 15 "weir map '.a = upper(.user)
		.b = concat(.user, \"-\", .action); .c = strftime(.ts, \"%F\"); .d = substr(.item, 0, 4); .e = .amount > 100
		.f = round(.amount); .g = split(.ip, \".\")[0]; .h = lower(.action); .i = epoch(.ts); .j = trim(.item)' '$in'" \
		"jq -c '.a = (.user | ascii_upcase) | .b = .user + \"-\" + .action | .c = (.ts[0:19] + \"Z\" | fromdate | strftime(\"%F\")) |
		.d = .item[0:4] | .e = (.amount > 100) | .f = (.amount | round) | .g = (.ip | split(\".\")[0]) | .h = (.action | ascii_downcase) |
		.i = (.ts[0:19] + \"Z\" | fromdate) | .j = (.item | sub(\"^\\\\s+\"; \"\") | sub(\"\\\\s+\$\"; \"\"))' '$part'"
	peer_part=1
}

row_map_explode() {
	local orders=$work/orders
	need_events
	peer_part=1 # both read the same file
	[ -e "$orders" ] || weir map 'emit {ts: .ts, user: .user, items: map([1, 2, 3, 4, 5], {sku: it, ip: .ip})}' "$part" >"$orders"
	compare "\`map 'explode .items'\`, arrays of 5" "\`jq -c '.items[] as \$i | .items = \$i'\`" 15 cpu "$(wc -l <"$orders")" rec \
		"weir map 'explode .items' '$orders'" "jq -c '.items[] as \$i | .items = \$i' '$orders'"
}

row_map_lookup() {
	local users=$work/users.csv
	need_events
	seq 0 999999 | awk 'BEGIN { print "user,name,city" } { printf "u%06d,Name %d,City\n", $1, $1 }' >"$users"
	local ours="weir map 'lookup $users on .user as .p' '$in'"
	beside_part "\`map 'lookup'\` in a million lines" "\`mlr join\`" 15 "$ours" \
		"mlr --ijsonl --ojsonl join --ur -j user -i csv -f '$users' '$part'"
	peer_part=1
	compare "the same" "DuckDB, one thread" 1 cpu "$events_size" B "$ours" \
		"$(duckdb_writes "select e.*, u as p from SRC e left join read_csv('$users') u on e.user = u.user")"
}

row_map_csv() {
	local csv=$work/events.csv
	need_events
	peer_part=1 # both read the same file
	[ -e "$csv" ] || weir map --input json --header --to csv '' "$in" >"$csv"
	local size ours="weir map --header --to json --infer-types '' '$csv'"
	size=$(stat -c %s "$csv")
	compare "CSV to JSON with types" "\`mlr --icsv --ojsonl cat\`" 15 cpu "$size" B "$ours" "mlr --icsv --ojsonl cat '$csv'"
	compare "the same" "DuckDB, one thread" 1.2 cpu "$size" B "$ours" \
		"python3 -c \"import duckdb; c = duckdb.connect(); c.sql('set threads=1'); c.sql('''copy (from read_csv('$csv')) to '/dev/null' (format json)''')\""
}

row_map_access() {
	local log=$work/access.log form
	need_events
	peer_part=1 # both read the same file
	[ -e "$log" ] || weir map --to tsv 'emit {l: format("%s - %s [10/Oct/2000:13:55:36 -0700] \"GET /%s HTTP/1.1\" 200 %s \"-\" \"Mozilla/5.0\"", .ip, .user, .item, floor(.amount))}' \
		"$part" | sed 's/\\\\/\\/g' >"$log"
	local size ours="weir map --input tsv --to json 'parse \$1 clf; del \$1' '$log'"
	size=$(stat -c %s "$log")
	form='^(?<host>\\S+) (?<ident>\\S+) (?<user>\\S+) \\[(?<time>[^\\]]+)\\] \"(?<method>\\S+) (?<path>\\S+)(?: (?<protocol>[^\"]*))?\" (?<status>\\d{3}) (?<bytes>\\d+|-)'
	compare "an access log to JSON" "\`jq -Rc capture\`" 5 cpu "$size" B "$ours" "jq -Rc 'capture(\"$form\")' '$log'"
	compare "the same" "\`mlr\` with a regular expression" 5 cpu "$size" B "$ours" \
		"mlr --inidx --ifs \$'\\001' --ojsonl put 'if (\$1 =~ \"^(\\S+) (\\S+) (\\S+) \\[([^]]+)\\] .(\\S+) (\\S+) ([^ ]*). ([0-9]+) (\\S+)\") {\$host = \"\\1\"; \$user = \"\\3\"; \$status = \"\\8\"}' '$log'"
	compare "the same" "\`mawk\`, a match alone" 5 cpu "$size" B "$ours" \
		"mawk '{ n += match(\$0, /^[^ ]+ [^ ]+ [^ ]+ \\[[^]]+\\] \"[^ ]+ [^ ]+ [^\"]*\" [0-9]+ [0-9]+/) } END { print n }' '$log'"
}

row_map_step() {
	need_events
	beside_part "\`map 'step delta .amount by .user'\`" "\`mlr step\`" 15 "weir map 'step delta .amount by .user' '$in'" \
		"mlr --ijsonl --ojsonl step -a delta -f amount -g user '$part'"
	peer_part=1
}
