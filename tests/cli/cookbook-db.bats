#!/usr/bin/env bats
# The recipes of weir-cookbook(7) for databases.
# bats file_tags=postgres,server
load ../lib/weir
load ../lib/recipes
load ../lib/postgres

setup_file() {
	recipes_begin
	recipes_clicks 2000
}

teardown_file() {
	recipes_end
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	new_database
	export DATABASE=$url
}

without_tables="/psql/,/)'/d"

clicks() { # clicks JQ: of each record of the topic
	values 1 | jq -r "$1" | sort
}

@test "cookbook: a topic into SQLite" {
	for _ in 1 2; do # the second time there is nothing new
		cook 'A topic into SQLite, exactly once' 1 "$(to_end)"
		assert_status 0
		assert_files_equal <(sqlite3 clicks.db 'SELECT id, user, action, page FROM clicks' | sort) \
			<(clicks '"\(.id)|\(.user)|\(.action)|\(.page)"')
		assert_equal "$(sqlite3 clicks.db 'SELECT count(amount) FROM clicks')" "$(clicks '.amount // empty' | wc -l)"
	done
}

@test "cookbook: a topic into PostgreSQL" {
	cook 'A topic into PostgreSQL, exactly once' 1 "$(to_end)"
	assert_status 0
	cook 'A topic into PostgreSQL, exactly once' 1 "$without_tables; $(to_end)"
	assert_status 0
	assert_files_equal <(sql 'SELECT id, "user", action, page FROM clicks' | sort) <(clicks '"\(.id)|\(.user)|\(.action)|\(.page)"')
}

@test "cookbook: the newest record of each user" {
	cook 'The newest record of each user in PostgreSQL' 1 "$(to_end)"
	assert_status 0
	cook 'The newest record of each user in PostgreSQL' 1 "$without_tables; $(to_end)"
	assert_files_equal <(sql 'SELECT "user", page FROM newest' | sort) \
		<(sort -s -t $'\t' -k 2,2n -k 3,3n "$BATS_FILE_TMPDIR/all" | cut -f 5 | jq -r '"\(.user)\t\(.page)"' |
			awk -F '\t' '{ page[$1] = $2 } END { for (u in page) print u "|" page[u] }' | sort)
}

@test "cookbook: change data capture" {
	kadmin create customers 2
	python3 - <<-'END' | weir produce --format json customers
		import json, random
		random.seed(3)
		rows = {}
		def put(key, value):
		    print(json.dumps({"key": json.dumps({"id": key}), "value": value and json.dumps(value)}))
		for n in range(300):
		    key = random.randrange(20)
		    old = rows.get(key)
		    if old and random.random() < 0.3:
		        put(key, {"payload": {"before": old, "after": None, "op": "d"}, "schema": {}})
		        put(key, None)
		        del rows[key]
		    else:
		        rows[key] = {"id": key, "name": "n%d" % n, "email": None}
		        put(key, {"before": old, "after": rows[key], "op": "u" if old else "c"})
		with open("wanted", "w") as f:
		    print(*sorted("%d|%s" % (k, v["name"]) for k, v in rows.items()), sep="\n", file=f)
	END
	cook 'A copy of a table by change data capture' 1 "$(to_end)"
	assert_status 0
	assert_files_equal <(sql 'SELECT id, name FROM customers' | LC_ALL=C sort) <(LC_ALL=C sort wanted)
	[ ! -s refused.ndjson ]
}

@test "cookbook: the keys of a compacted topic" {
	kadmin create settings 1
	kput settings 0 key=a '={"value":"1"}' key=b '={"value":"2"}' key=a null key=c '={"value":"3"}' key=b '={"value":"4"}'
	cook 'A table of the keys of a compacted topic' 1 "$(to_end)"
	assert_status 0
	assert_equal "$(sqlite3 settings.db 'SELECT _key, value FROM settings ORDER BY 1')" $'b|4\nc|3'
}
