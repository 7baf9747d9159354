#!/usr/bin/env bats
# db-put: schemas, tables and columns with names of any characters; both databases.
# bats file_tags=postgres
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/postgres
load ../lib/database

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	new_database
}

odd_name() { # odd_name NUMBER: sets $name, of some characters and this number, by which it differs from others
	local some=$'..""\' ,=@$%\\;{}-/#äabAB' n=$((RANDOM % 6 + 1))
	name=
	while [ $((n--)) -gt 0 ]; do name+=${some:RANDOM % ${#some}:1}; done
	name+=_$1
}

in_quotes() { # in_quotes NAME: as SQL has it
	printf '"%s"' "${1//\"/\"\"}"
}

records() { # records FROM TO [FIELD]: with the fields $key and $column, and perhaps another one
	seq "$1" "$2" | jq -c --arg key "$key" --arg column "$column" --arg more "${3:-}" \
		'{($key): ., ($column): "x"} + if $more == "" then {} else {($more): 1.5} end'
}

goes_on() { # goes_on FROM ARG...: a marked stream of $records, from offset FROM on, into the table
	echo "$records" | "$MARKER" -n 2 2>err | weir db-put --table "$table" --key "$(in_quotes "$key")" "${@:2}" "$(address)"
	grep -qx "at $1" err
}

# The table is made, found again, gets a column, is checked, and refuses rows: whatever things are called.
one_round() {
	local i schema bare key column new table beside full records
	for i in schema bare key column new; do
		odd_name $((++number))
		printf -v "$i" %s "$name"
	done
	table=$(in_quotes "$bare") beside='' full=$bare
	if [ "$kind" = postgres ]; then
		beside=$(in_quotes "$schema").
		sql "CREATE SCHEMA ${beside%.}"
		table=$beside$table full=$schema.$bare
	fi
	printf '# %s: %s (%s, %s, %s)\n' "$kind" "$table" "$key" "$column" "$new" >&2
	records=$(records 1 3)
	goes_on -1 --create
	records=$(records 1 3 && records 4 6 "$new")
	goes_on 3 --on-new-field add --stats stats
	grep -q 'committed_position{.*} 6$' stats
	weir db-put --table "$table" --dry-run --columns "$(in_quotes "$column"),$(in_quotes "$key")" --key "$(in_quotes "$key")" "$(address)"
	records 6 7 >in
	ends 1 weir db-put --table "$table" --rejects aside "$(address)" in # 6 is there already
	assert_equal "$(jq .record aside)" 1
	rm aside
	weir db-put --table "$table" --key "$(in_quotes "$key")" --delete-on ".$(jq -n --arg s "$key" '$s') == 2" --id odd "$(address)" in
	if [ "$kind" = postgres ]; then # by the search path
		sql "ALTER DATABASE $database SET search_path = ${beside%.}"
		records=$(records 1 3 && records 4 9)
		table=$(in_quotes "$bare") goes_on 6
	fi
	run_sql "SELECT count(*), sum($(in_quotes "$key")), sum($(in_quotes "$new")) FROM $table" \
		"SELECT next FROM ${beside}weir_positions WHERE table_name = '${full//\'/\'\'}'"
}

@test "names: of any characters, at random" {
	local seed=${WEIR_TEST_SEED:-$SRANDOM} number=0
	echo "# WEIR_TEST_SEED=$seed"
	RANDOM=$((seed % 32768))
	for _ in 1 2 3 4 5 6; do
		kind=postgres
		one_round >out
		assert_equal "$(tail -n 2 out)" $'9|45|3\n9'
		kind=sqlite
		one_round >out
		assert_equal "$(tail -n 2 out)" $'7|28|3.0\n6'
	done
}

@test "names: a schema with a point, by the search path, by its name, and in quotes" {
	sql 'CREATE SCHEMA "a.b"' "ALTER DATABASE $database SET search_path = \"a.b\""
	seq 3 | jq -c '{n: .}' | "$MARKER" 2>err | weir db-put --table t --create "$url"
	seq 5 | jq -c '{n: .}' | "$MARKER" 2>err | weir db-put --table t "$url"
	grep -qx 'at 3' err
	seq 7 | jq -c '{n: .}' | "$MARKER" 2>err | weir db-put --table '"a.b".t' "$url"
	grep -qx 'at 5' err
	assert_equal "$(sql 'SELECT count(*), sum(n) FROM t')" '7|28'
	ends 78 weir db-put --table a.b.t "$url" <<<'{"n":1}'
	for name in '"a.b' '"a"b' 'a."b'; do
		ends 2 weir db-put --table "$name" "$url" <<<'{"n":1}'
		assert_stderr_contains 'a name that begins with a double quote ends with one'
	done
	for name in '"a.b".weir_ids' '"a.b"."weir_positions"' '"weir_ids"'; do
		ends 2 weir db-put --table "$name" --create "$url" <<<'{"n":1}'
		assert_stderr_contains "weir's own tables"
	done
}
