#!/usr/bin/env bats
# The words of a topic on the real Kafka: weir's pipeline against kcat, tr, sort and uniq.
# bats file_tags=server
load ../lib/weir

@test "consume | split | wordcount equals kcat | tr | sort | uniq -c on a million records" {
	cd "$BATS_TEST_TMPDIR"
	local topic
	topic=$(new_topic 4)
	seq 1000000 | awk '{ print "user" $1 % 977, " action" $1 % 7 "\t" $1 % 20011 }' |
		kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -X queue.buffering.max.messages=1000000
	weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic" | weir split | weir wordcount >seen
	export LC_ALL=C
	kcat -C -e -q -b "$WEIR_TEST_KAFKA" -t "$topic" | tr -s ' \t' '\n' | grep . | sort | uniq -c |
		sed 's/^ *\([0-9]*\) /\1\t/' | sort -t '	' -k1,1nr -k2 >expected
	assert_files_equal seen expected
	assert_equal "$(awk '{ n += $1 } END { print n }' seen)" 3000000
	weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic" | weir wordcount --lines --sort none |
		awk '{ n += $1 } END { print n }' >records
	assert_equal "$(<records)" 1000000
}
