#!/usr/bin/env bats
# Files beside the log of a table: many ids, inventories; and old entries, which are emptied.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
}

put() { # put ID [OPTION...]: a row with this id
	echo "row $1" >row
	weir lake-put --compress none --id "$1" "${@:2}" "$lake" row
}

# A table with 70 ids, 65 of them in a file.
many_ids() {
	marked 4 2 --compress none 2>/dev/null
	for i in {1..70}; do put "$i"; done
	files=("$log"/ids-*)
	assert_equal "${#files[@]}" 1
}

@test "many ids do not make entries longer, and are known nevertheless" {
	many_ids
	[ "$(stat -c %s "$(entry 71)")" -lt "$(stat -c %s "$(entry 65)")" ]
	[ "$(weir lake-cat "$lake" | wc -l)" = 74 ]
	for id in 1 30 65 66 70; do
		run_weir lake-put --id "$id" "$lake" row
		assert_status 0
		assert_stderr_contains "id '$id' has been committed before: nothing is done"
	done
	put 71
	[ "$(weir lake-cat "$lake" | wc -l)" = 75 ]
	assert_sound
}

@test "positions that are moved, groups that are renamed and heads that are undone keep them" {
	many_ids
	weir lake-check --set-position t:0=2 "$lake" 2>/dev/null
	weir lake-check --rename-group g h "$lake" 2>/dev/null
	put 71
	echo '{' >"$(entry 74)" # the newest
	run_weir lake-check --undo-head "$lake"
	assert_status 65 # its row is there
	rm "$(find "$lake" -name 'part-*' -newer "$(entry 73)" | head -n 1)"
	weir lake-check --undo-head "$lake" 2>/dev/null
	run_weir lake-put --id 3 "$lake" row
	assert_status 0
	assert_stderr_contains "id '3' has been committed before"
	put 71
	assert_sound
}

@test "a file of ids that is gone or was changed: 65 for programs that need it, and a finding" {
	many_ids
	cp "${files[0]}" kept
	for damage in 'rm "$1"' 'echo >>"$1"' 'truncate -s -1 "$1"' 'sed -i s/30/31/ "$1"' ': >"$1"' 'rm "$1" && mkdir "$1"'; do
		bash -c "$damage" - "${files[0]}"
		run_weir lake-put --id new "$lake" row
		assert_status 65
		assert_stderr_contains "${files[0]##*/}"
		run_weir lake-put "$lake" row # it uses no id
		assert_success
		run_weir lake-check "$lake"
		assert_status 1
		assert_output_contains "${files[0]##*/}"
		rm -rf "${files[0]}" && cp kept "${files[0]}"
		assert_sound
	done
	run_weir lake-put --id new "$lake" row
	assert_success
}

@test "the name of a file of ids cannot lead out of the table" {
	many_ids
	edit 71 'if .commitInfo then .commitInfo.weir.id_files[0].name = "../../../etc/passwd" else . end'
	run_weir lake-put --id new "$lake" row
	assert_status 65
	assert_stderr_contains 'a file of its ids is not valid'
}

@test "--keep-log: old entries go, their names stay, and nobody misses them" {
	marked 600 1 --compress none --keep-log 0 2>/dev/null
	assert_equal "$(lake_commits "$lake")" 600
	assert_equal "$(find "$log" -name '*.json' -empty | wc -l)" 255
	assert_equal "$(weir lake-cat "$lake" | sort -n | cksum)" "$(seq 600 | cksum)"
	assert_equal "$(positions)" $'t\t0\t600\tg'
	assert_sound
	for hint in '' '{"version":0}' '{"version":300}'; do
		echo "$hint" >"$log/_last"
		assert_equal "$(weir lake-cat "$lake" | wc -l)" 600
	done
	rm "$log/_last"
	put x
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 601
	assert_sound
	rm "$(entry 17)"
	assert_findings 'the log has no version 17'
}

@test "entries are kept for a week unless something else is said" {
	marked 600 1 --compress none 2>/dev/null
	assert_equal "$(find "$log" -name '*.json' -empty | wc -l)" 0
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo.weir | [.floor, .next.version, .inventory.version]' "$(entry 599)")" '[null,255,511]'
	# A week later.
	edit 599 'if .commitInfo then .commitInfo.weir.next.at -= 7 * 86400000 else . end'
	seq 870 | marker -n 1 -f -g g 2>/dev/null | weir lake-put --compress none "$lake"
	assert_equal "$(find "$log" -name '*.json' -empty | wc -l)" 255
	assert_equal "$(weir lake-cat "$lake" | sort -n | cksum)" "$(seq 870 | cksum)"
	assert_sound
}

@test "an inventory that is gone: readers say so, writers go on, lake-check finds it" {
	marked 300 1 --compress none 2>/dev/null
	inventory=$(find "$log" -name 'files-*')
	mv "$inventory" aside
	run_weir lake-cat "$lake"
	assert_status 65
	assert_stderr_contains "${inventory##*/}"
	put x
	assert_finding "${inventory##*/}"
	mv aside "$inventory"
	assert_sound
}
