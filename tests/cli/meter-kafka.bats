#!/usr/bin/env bats
# meter on a batch of the real Kafka: its delays against the timestamps of the records and the clock.
# bats file_tags=server
load ../lib/weir

@test "meter: delay is the time of day minus the records' timestamps; all batches get acknowledged" {
	cd "$BATS_TEST_TMPDIR"
	local topic
	topic=$(new_topic 1)
	now=$(date +%s%3N)
	"$BUILD/servers/kput" "$WEIR_TEST_KAFKA" "$topic" 0 "@$((now - 30000))" =b "@$((now - 60000))" =a "@$((now - 5000))" =c
	before=$(date +%s%3N)
	weir consume -b "$WEIR_TEST_KAFKA" -g "$topic-group" --batch 1s --to end "$topic" |
		weir meter -i 0 --format json --output figures | weir ack >out
	after=$(date +%s%3N)
	assert_files_equal out <(printf 'b\na\nc\n')
	python3 - "$now" "$before" "$after" <<'EOF'
import json, sys
now, before, after = map(int, sys.argv[1:])
f = json.load(open("figures"))
assert f["records"] == 3 and f["bytes"] == 6, f
assert before - now + 60000 <= f["delay_oldest_ms"]["p99"] <= after - now + 60000, f
assert before - now + 5000 <= f["delay_newest_ms"]["median"] <= after - now + 60000, f
assert 0 <= f["batch_ms"] <= after - before and f["interval_ms"] <= f["batch_ms"], f
assert f["unacknowledged"] <= f["batches"], f
assert f["done"] == 1 and f["eta_ms"] == 0, f # --to makes the end known
EOF
}
