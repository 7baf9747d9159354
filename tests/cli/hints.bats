#!/usr/bin/env bats
# What fingers that know other tools type is answered by the right words; what is misspelt, by what is near.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "options of kcat, of Kafka's scripts and of rpk: 2, and what they are called here" {
	while IFS='|' read -r line said; do
		run_sh "weir $line"
		assert_status 2
		assert_output ''
		assert_stderr_contains "unknown option $said"
	done <<-'ROWS'
		consume -t clicks|-t: topics are operands, as in `weir consume clicks`
		consume --topic clicks|--topic: topics are operands
		consume --topic=clicks|--topic: topics are operands
		consume -o -10 clicks|-o: --from says where to begin
		consume clicks --offset=5|--offset: --from says where to begin
		consume -e clicks|-e: --to end ends at the end
		consume -C clicks|-C: `weir consume` reads
		consume --bootstrap-server x:1 clicks|--bootstrap-server: the brokers are -b HOST:PORT
		consume --from-beginning clicks|--from-beginning: it begins at the start by itself
		consume --tail 5 clicks|--tail: the last ten records are --from -10 --to end
		consume -J clicks|-J: --format json
		consume -K : clicks|-K: -f '%k\t%s\n' writes keys, too
		produce -P -t x|-P: `weir consume` reads, `weir produce` writes
		produce -t x|-t: topics are operands
		lag --describe|--describe: -g GROUP describes a group
		lag --list|--list: --all-groups shows all groups
		topics -L|-L: `weir topics` lists topics
		aggregate --group .user count|--group: what groups are made of is -g or --by
		aggregate --group-by=.user count|--group-by: what groups are made of is -g or --by
		detect --group .user 'new .x'|--group: the fields of the key are -g or --by
		detect --key .user 'new .x'|--key: the fields of the key are -g or --by
	ROWS
}

@test "a misspelt option: what may have been meant; nothing when nothing is near" {
	while IFS='|' read -r line said; do
		run_sh "weir $line"
		assert_status 2
		assert_stderr_contains "unknown option $said (try"
	done <<-'ROWS'
		lake-put --partitionby x|--partitionby; did you mean --partition-by?
		lake-put --compres zstd x --commit-evry 1s|--commit-evry; did you mean --commit-every?
		consume --brokerz x:1 t|--brokerz; did you mean --brokers?
		wordcount --lins|--lins; did you mean --lines?
		split --completely-else|--completely-else
		split -y|-y
	ROWS
}

@test "no hint stands for an option that the program has" {
	# the tables are in the sources: "WORD", "text"
	for program in consume produce lag topics; do
		file=$(grep -rl 'struct hint hints' "$WEIR_ROOT/cmd" | grep -E "/$program(\.c|/.*)$")
		weir $program --help >help
		cat "$file" "$WEIR_ROOT/common/kafka/conf.h" | grep -oE '\{ "--?[A-Za-z.-]+", "' | cut -d '"' -f 2 | sort -u >words
		[ "$(wc -l <words)" -gt 12 ]
		while read -r word; do
			run grep -qE -- "(^| |,)${word}[ ,]" help
			[ "$status" = 1 ] || fail "$program has $word"
		done <words
	done
}
