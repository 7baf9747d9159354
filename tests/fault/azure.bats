#!/usr/bin/env bats
# lake-put into a container of Azure, killed at each step: readers see only complete files, and after the next run each
# record is there once.
# bats file_tags=azure
# shellcheck disable=SC2154 # output comes from the helpers
load ../lib/weir
load ../lib/stores

POINTS='part-sent synced staged before-commit committed copied copied:2 published'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server azurite
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	container=$(new_container)
	killed=$BUILD/kill/bin/lake-put
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
	seq -f '0 %.0f 01234567890123456789012345678901234567890123456789012345678901234567890123456789' 100000 >in # 9 MB: two parts
	seq -f '3600 %.0f' 1000 >>in
	sort in >sorted
}

# The data files of the table $1, as a reader of the container sees them: each must be one of the two, complete.
assert_whole() { # assert_whole TABLE
	local name records
	azure ls "$container" "$1/p=" | cut -f 2 >names
	while IFS= read -r name; do
		records=$(azure get "$container" "$name" | wc -l)
		[ "$records" = 100000 ] || [ "$records" = 1000 ] || fail "$name has $records records"
	done <names
}

@test "azure: killed at each step with --id: a second run leaves each record exactly once" {
	local point table put=(--compress none --partition-by p=%H --time s@1)
	for point in $POINTS; do
		table=${point/:/-}
		run env WEIR_KILL_AT="$point" "$killed" --id one "${put[@]}" "az://$container/$table" in
		assert_status 137
		assert_whole "$table"
		run_weir lake-put --id one "${put[@]}" "az://$container/$table" in
		assert_status 0
		weir lake-cat "az://$container/$table" | sort | cmp - sorted
		assert_whole "$table"
		assert_equal "$(wc -l <names)" 2
	done
}
