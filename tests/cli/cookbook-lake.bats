#!/usr/bin/env bats
# weir-cookbook(7): its recipes that store, read tables and keep running, pasted from the page as it is shown.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake
load ../lib/cron
load ../lib/recipes

# The table of the page is made here, by its own recipe, from so many records that its files have several frames.
setup_file() {
	recipes_begin
	recipes_clicks 5
	cd "$BATS_FILE_TMPDIR" || return
	bash -o pipefail -c "$(recipe_pasted 'A topic into the lake, exactly once' 1 "$(to_end)")"
}

teardown_file() {
	recipes_end
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "$BATS_FILE_TMPDIR/lake" lake
	values 1 >everything
}

# A command line that counts by $1, an expression of jq, in lines `VALUE... COUNT`.
counts() { # counts EXPRESSION
	jq -r "$1" | sort | uniq -c | awk '{ n = $1; $1 = ""; print substr($0, 2), n }'
}

@test "cookbook: a topic into the lake, exactly once" {
	cook 'A topic into the lake, exactly once' 1 "$(to_end)" # there is nothing new
	assert_status 0
	assert_lake lake/clicks everything
	assert_files_equal <(find lake/clicks -name 'part-*' -printf '%P\n' | cut -d / -f 1 | sort -u) \
		<(jq -r '"dt=" + .ts[:10]' everything | sort -u)
	zstd -lv lake/clicks/dt=2026-03-26/part-* | grep -E '^# Zstandard Frames: ([2-9]|1[0-9])'
}

@test "cookbook: a count per minute, as records come" {
	cook 'A count per minute' 2 "$(to_end)"
	assert_status 0
	# all windows that a record five minutes past their end has closed
	newest=$(jq -s 'map(.ts | fromdate) | max' everything)
	jq -r '.ts | fromdate / 60 | floor * 60' everything | sort -n | uniq -c |
		awk -v newest="$newest" '$2 + 360 <= newest { print $2, $1 }' >wanted
	output=$(weir lake-cat lake/minutes | jq -r '"\(.window_start | fromdate) \(.count)"')
	assert_lines wanted
}

@test "cookbook: counts of each ten seconds" {
	cook 'Counts of each ten seconds, as records come' 1 "$(to_end); s/--batch 10s/--batch 10s,5000/"
	assert_status 0
	weir lake-cat lake/live >rows
	assert_files_equal <(jq -r '"\(.action) \(.count)"' rows | awk '{ n[$1] += $2 } END { for (a in n) print a, n[a] }' | sort) \
		<(counts .action <everything)
	# a row an action and batch; of small batches several begin within one millisecond
	[ "$(jq -r '.batch_end' rows | sort -u | wc -l)" -ge 2 ]
	[ "$(jq -r .action rows | sort | uniq -c | awk '{ print $1 }' | sort -u)" -ge 6 ]
	jq -es 'all(.batch_end >= .batch_start)' rows >/dev/null
}

@test "cookbook: directories by the hour of a place" {
	cook 'Directories by the hour of a place' 1 "$(to_end)"
	assert_status 0
	assert_lake lake/hourly everything
	for file in lake/hourly/*/*/part-*; do
		zstd -dc "$file" | jq -r .ts | TZ=Europe/Berlin date -f - +"lake/hourly/dt=%F/hour=%H" | sort -u >seen
		assert_equal "$(<seen)" "${file%/*}"
	done
}

@test "cookbook: one topic into two tables" {
	cook 'One topic into two tables' 1 "$(to_end)"
	assert_status 0
	assert_lake lake/all everything
	assert_files_equal <(lake_records lake/buys) <(grep '"action":"buy"' everything | sort)
}

@test "cookbook: a second table that follows the first" {
	once='s/lake-cat --follow/lake-cat/'
	rm lake && cp -r "$BATS_FILE_TMPDIR/lake" lake # others read that
	cook 'A second table that follows the first' 1 "$once"
	assert_status 0
	grep '"action":"buy"' everything >buys
	assert_lake lake/bought buys
	cook 'A second table that follows the first' 1 "$once" # nothing is new
	assert_status 0
	assert_lake lake/bought buys
	start_bg follow bash -c "$(recipe_pasted 'A second table that follows the first')"
	printf '{"ts":"2026-03-28T00:00:00Z","action":"buy"}\n' | tee -a buys >one
	weir lake-put --partition-by dt=%F --time .ts lake/clicks one
	wait_for 20 eval '[ -d lake/bought/dt=2026-03-28 ]'
	for pid in $(pgrep -g "$(<follow.pid)" -x lake-cat); do process_signal TERM "$(process_id "$pid")"; done
	wait_bg follow
	assert_status 0
	assert_lake lake/bought buys
}

@test "cookbook: a table for each topic" {
	kadmin create orders 2
	seq 40 | sed 's/.*/{"order":&}/' | tee orders | weir produce orders
	for _ in first second; do
		cook 'A table for each topic' 1 "$(to_end)"
		assert_status 0
	done
	assert_files_equal <(lake_records raw/clicks | jq -c .value | sort) <(jq -c . everything | sort)
	assert_files_equal <(lake_records raw/orders | jq -c .value | sort) <(sort orders)
	cook 'A table for each topic' 2 "$(to_end)"
	assert_status 0
	. "$WEIR_ROOT/tests/lib/python.bash"
	python_locate
	run_logged "$python_home/bin/python3" "$WEIR_ROOT/tests/lib/deltaread.py" delta/orders
	assert_success
	assert_files_equal <(jq -c '{order}' <<<"$output" | sort) <(sort orders)
	assert_equal "$(jq -r ._topic <<<"$output" | sort -u)" orders
}

@test "cookbook: days of the past, each once" {
	for _ in first second; do
		cook 'Days of the past, each once'
		assert_status 0
		grep '"ts":"2026-03-2[67]' everything >days
		assert_lake lake/past days
		assert_equal "$(lake_commits lake/past)" 2
	done
	assert_stderr_contains "id 'clicks-2026-03-26' has been committed before"
}

@test "cookbook: dead letters" {
	topic=$(new_topic 1)
	kadmin create clicks.dead 1
	printf '%s\n' '{"user":"a"}' '{"amount":1}' 'no json' '{"user":"b","amount":"much"}' '{"user":"c","amount":"2.5"}' \
		$'\377' | weir produce "$topic"
	cook 'Dead letters' 1 "$(to_end); s/ clicks / $topic /"
	assert_status 1
	assert_files_equal <(weir lake-cat lake/clean) <(printf '%s\n' '{"user":"a"}' '{"user":"c","amount":2.5}')
	cook 'Dead letters' 2
	assert_status 0
	output=$(jq -r '"\(.count) \(.reason)"' <<<"$output")
	printf '%s\n' '1 require .user' '1 type .amount float' '1 byte 1: this is not a JSON value' '1 byte 1: this is not UTF-8' >wanted
	assert_lines wanted
	cook 'Dead letters' 3
	printf "$topic:0@%s\n" $'1\trequire .user' $'2\tbyte 1: this is not a JSON value' $'3\ttype .amount float' \
		$'5\tbyte 1: this is not UTF-8' >wanted
	assert_lines wanted
	cook 'Dead letters' 4
	assert_status 0
	kcat -C -b "$WEIR_BROKERS" -t clicks.dead -e -q -f '%h %s\n' | sort >dead
	assert_files_equal dead <(printf '%s\n' 'reason=require .user {"amount":1}' 'reason=byte 1: this is not a JSON value no json' \
		'reason=type .amount float {"user":"b","amount":"much"}' $'reason=byte 1: this is not UTF-8 \377' | sort)
}

@test "cookbook: records once more into a table" {
	rm lake
	cp -r "$BATS_FILE_TMPDIR/lake" .
	cook 'Records once more into a table'
	assert_status 0
	cook 'A topic into the lake, exactly once' 1 "$(to_end)"
	assert_status 0
	values '$2 == 2 && $3 >= 100' >again
	[ "$(wc -l <again)" -gt 1000 ]
	assert_files_equal <(lake_records lake/clicks) <(sort everything again)
}

@test "cookbook: read a table with the shell" {
	grep '"ts":"2026-03-27' everything >day
	cook 'With the shell' 1
	assert_status 0
	output=$(jq -r '"\(.action) \(.count)"' <<<"$output")
	counts .action <day >wanted
	assert_lines wanted
	cook 'With the shell' 2
	assert_status 0
	output=$(awk '{ print $2, $1 }' <<<"$output")
	assert_lines wanted
}

# A table that DuckDB draws, as lines.
drawn() {
	tr -d ' ' | grep '^│' | tail -n +3 | tr -s '│' ' ' | sed 's/^ //; s/ $//'
}

@test "cookbook: read a table with DuckDB" {
	cook 'With DuckDB'
	assert_status 0
	output=$(drawn <<<"$output")
	counts '"\(.ts[:10]) \(.action)"' <everything >wanted
	assert_lines wanted
	# the records themselves
	cook 'With DuckDB' 1 's/duckdb -c/duckdb -csv -noheader -c/; s/select .*/select id"/'
	assert_status 0
	jq .id everything >wanted
	assert_lines wanted
}

# The recipe reader.py prints $output. The records in its variable `clicks` are also compared.
python_reads() { # python_reads FRAME: how pandas gets it from `clicks`
	run_sh 'python3 reader.py'
	assert_status 0
	(cat reader.py && echo "$1"'.sort_values("id").to_csv("seen", columns=["id", "user", "amount"], index=False)') >all.py
	python3 all.py >/dev/null
	assert_files_equal <(tail -n +2 seen) <(jq -r '[.id, .user, .amount] | @csv' everything | tr -d '"' |
		awk -F , -v OFS=, '$3 != "" { $3 = sprintf("%.1f", $3) } 1' | sort -n)
}

@test "cookbook: read a table with pandas" {
	recipe 'With pandas' >reader.py
	python_reads clicks
	output=$(sed '1d; /^dtype/d; s/  */ /' <<<"$output")
	counts .action <everything >wanted
	assert_lines wanted
}

@test "cookbook: read a table with PyArrow" {
	recipe 'With PyArrow' >reader.py
	python_reads 'clicks.to_pandas()'
	for action in view cart buy; do
		grep -qw "$(grep -c "\"action\":\"$action\"" everything)" <<<"$output"
	done
}

@test "cookbook: a join" {
	kadmin create users 1
	for i in {0..59}; do echo "{\"user\":\"u$i\",\"country\":\"C$((i % 7))\"}"; done | weir produce users
	cook 'A join'
	assert_status 0
	output=$(drawn <<<"$output")
	counts '"C\(.user[1:] | tonumber % 7)"' <everything >wanted
	assert_lines wanted
}

@test "cookbook: how far a group is behind, as it goes on" {
	start_bg watch env TERM=xterm script -qec "$(recipe 'How far a group is behind' 1)" /dev/null
	wait_for 20 grep -qs '^.*group .*log_start' watch.out
	weir produce clicks <<<'{"ts":"2026-03-25T22:00:00Z"}'
	until=$(recipe 'How far a group is behind' 2 's/sleep 5/sleep 0.2/')
	start_bg wait bash -c "$until"
	cook 'A topic into the lake, exactly once' 1 "$(to_end)"
	assert_status 0
	wait_bg wait
	assert_status 0
	run_weir lag -g clicks --max-lag 0
	assert_status 0
}

@test "cookbook: every night, and never twice at once" {
	recipe 'Every night, and never twice at once' 1 's,/lake/,lake/,' >nightly
	place="s,/usr/local/bin,$BUILD,; s,/run/lock/,lock-,; s,/etc/weir/,,; s,/lake/,lake/,; s,kafka.example.com:9092,$WEIR_BROKERS,"
	recipe 'Every night, and never twice at once' 2 "$place" >night.cron
	kcat -C -b "$WEIR_BROKERS" -t clicks -e -q >everything
	for _ in first second; do
		run_logged cron_run 'weir run' <night.cron
		assert_status 0
		assert_lake lake/nightly everything
	done
	run_logged cron_run lake-check <night.cron
	assert_success
	run_logged flock lock-check bash -c '. "$WEIR_ROOT/tests/lib/cron.bash"; cron_run lake-check <night.cron'
	assert_status 1
}

@test "cookbook: nightly compaction" {
	recipe 'Every night, and never twice at once' 1 's,/lake/,lake/,' >nightly
	for _ in 1 2 3; do
		weir produce clicks <<<"{\"ts\":\"$(date -u +%FT%TZ)\",\"user\":\"u9\"}"
		run_sh "$(<nightly)"
		assert_status 0
	done
	today=lake/nightly/dt=$(date -u +%F)
	[ "$(find "$today" -name 'part-*' | wc -l)" -ge 3 ]
	recipe 'Nightly compaction' 1 's,/lake/,lake/,' >compact
	place="s,/run/lock/,lock-,; s,/etc/weir/,,"
	recipe 'Nightly compaction' 2 "$place" >compact.cron
	sed -i "1iPATH=$BUILD:/usr/bin:/bin" compact.cron
	run_logged cron_run compact <compact.cron
	assert_status 0
	assert_equal "$(find "$today" -name 'part-*' | wc -l)" 1
	assert_equal "$(weir lake-cat lake/nightly | grep -c '"ts":"20')" "$(kcat -C -b "$WEIR_BROKERS" -t clicks -e -q | grep -c '"ts":"20')"
	run_sh "$(<nightly)" # the pipeline goes on
	assert_status 0
}

@test "cookbook: a container" {
	needs_mounts
	recipe 'A container' >Dockerfile
	mapfile -t targets < <(sed -n 's/^RUN cd .src && //p' Dockerfile | sed 's/ && /\n/g; s/make *//g')
	assert_equal "${targets[*]}" 'deps  install'
	make -n -C "$WEIR_ROOT" BUILD="$BUILD" deps all install >/dev/null
	mapfile -t entry < <(sed -n 's/^ENTRYPOINT //p' Dockerfile | jq -r '.[]' | sed 's,/etc/weir/,,')
	assert_equal "${entry[*]}" 'weir run --restart clicks'
	recipe 'A topic into the lake, exactly once' 1 's,lake/clicks,contained,; s/-g clicks/-g contained/; s/put /put --commit-every 0 /' >clicks
	kcat -C -b "$WEIR_BROKERS" -t clicks -e -q >everything
	start_bg container "${mount_namespace[@]}" --pid --fork --mount-proc "${entry[@]}"
	has_all=(eval '[ "$(weir lake-cat contained 2>/dev/null | wc -l)" = "$(wc -l <everything)" ]')
	wait_for 40 "${has_all[@]}"
	kill -TERM "$(pgrep -P "$(<container.pid)" -x run || cat container.pid)"
	wait_bg container 60
	assert_status 0
	assert_lake contained everything
}
