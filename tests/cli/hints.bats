#!/usr/bin/env bats
# Options and names of other tools are answered by the right ones; misspelt words, by similar ones.
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
		consume --tail 5 clicks|--tail: the last ten records of each partition are --from -10 --to end
		consume -J clicks|-J: --format json
		consume -K : clicks|-K: -f '%k\t%s\n' writes keys, too
		produce -P -t x|-P: `weir consume` reads, `weir produce` writes
		lag --describe|--describe: -g GROUP describes a group
		lag --list|--list: --all-groups shows all groups
		topics -L|-L: `weir topics` lists topics
		produce -t x|-t: the topic is the first operand, as in `weir produce clicks`
		lag -t clicks -g g|-t: topics are operands, as in `weir lag -g ingest clicks`
		topics --topic clicks|--topic: topics are operands, as in `weir topics clicks`
		lake-check -o beginning lake|-o: `weir consume --from` says where to begin
		consume --sasl-mechanism PLAIN clicks|--sasl-mechanism: -X sasl.mechanism=, or a file
		consume --consumer-property a=b clicks|--consumer-property: a property is -X KEY=VALUE
		consume -k k clicks|-k: records of a key: --format json, and
	ROWS
}

@test "the first options of kcat and of Kafka's scripts, in each program that talks to Kafka" {
	local program option
	for program in consume produce lag topics lake-check; do
		weir $program --help >help
		for option in '-t x' '-o beginning' '-o -5' -C -P -e -L '--topic x' '--topics x' '--offset earliest' --from-beginning \
			'--bootstrap-server x:1' '--broker-list x:1' '--command-config f' '--consumer-property a=b' --list --describe \
			--create --delete '--user x' '--password x' --tls '-d broker' '--consumer-group g' '--partition 0'; do
			[ "$program $option" != 'produce --partition 0' ] || continue # there it is an option
			[ "$program $option" != 'consume --partition 0' ] || continue # short for --partitions
			run_sh "weir $program $option clicks"
			assert_status 2
			assert_stderr_contains "weir $program: unknown option ${option%% *}: "
		done
	done
}

@test "places as other tools call them: 2, before any broker is asked" {
	while IFS='|' read -r line said; do
		run_sh "weir consume -b localhost:1 $line clicks"
		assert_status 2
		assert_stderr_contains "'$said"
	done <<-'ROWS'
		--from earliest|earliest' is not a place; did you mean start?
		--from beginning|beginning' is not a place; did you mean start?
		--from latest|latest' is not a place; did you mean end?
		--to latest|latest' is not a place; did you mean end?
		--from -1h|-1h' is not a place; did you mean @-1h?
		--from 2026-11-28T10:00:00Z|2026-11-28T10:00:00Z' is not a place; did you mean @2026-11-28T10:00:00Z?
		--from yesterday|yesterday' is not start, end, stored, an offset, +N, -N or @TIME
	ROWS
}

@test "options of SQL, Miller, jq and pandas in the programs for records: 2, and what they are called here" {
	while IFS='|' read -r line said; do
		run_sh "weir $line"
		assert_status 2
		assert_stderr_contains "unknown option $said"
	done <<-'ROWS'
		aggregate --group .user count|--group: the fields to group by are -g or --by
		aggregate --group-by=.user count|--group-by: the fields to group by are -g or --by
		detect --group .user 'new .x'|--group: the fields to group by are -g or --by
		detect --key .user 'new .x'|--key: the fields to group by are -g or --by
		aggregate --order-by count count|--order-by: the order of the rows is --sort
		aggregate --limit 3 count|--limit: -n TOP prints the first rows only
		aggregate --where '.a > 1' count|--where: `weir filter EXPR` before it chooses records
		aggregate --csv count|--csv: --input csv, with --header when the first line
		filter --csv '.a > 1'|--csv: --input csv, with --header
		filter -e '.a > 1'|-e: EXPR is the first operand
		filter --where '.a > 1'|--where: EXPR is the first operand
		filter -d ';' true|-d: --delimiter C is between the fields of CSV
		filter -o out true|-o: output goes to standard output: > FILE
		filter --json true|--json: --input json
		clean --tsv -e 'require .a'|--tsv: --input tsv, with --header
		clean -r 'require .a'|-r: a rule is -e RULE, a file of rules -f FILE
		clean --drop .a|--drop: it is a rule: -e 'drop .field'
		lake-put --format parquet L|--format: records are stored as they come; --suffix
		lake-put --mode append L|--mode: records are always added to the table
		lake-put -o L f|-o: the table is the first operand, a directory
		wordcount --json f|--json: --format json
		wordcount -i f|-i: --lower makes capitals small
		split --delimiter , f|--delimiter: -d SET separates by these bytes
		detect --field .a zscore|--field: the field that is judged is --value
		detect --threshold 4 zscore|--threshold: parameters come after the method
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

@test "no hint of a program stands for an option that it has" {
	local common=$WEIR_ROOT/common/data
	# the tables are in the sources: "WORD", "text"; that of all Kafka programs is for options that some of them have
	for program in consume produce lag topics aggregate detect filter clean lake-put wordcount split; do
		mapfile -t files < <(grep -rl 'struct hint hints' "$WEIR_ROOT/cmd" | grep -E "/$program(\.c|/.*)$")
		case $program in
		aggregate | detect) files+=("$common/fields.h" "$common/records.h") ;;
		filter | clean) files+=("$common/records.h") ;;
		esac
		weir $program --help | grep -E '^  (-.,|   ) --' >help
		grep -ohE '\{ "--?[A-Za-z.-]+", "' "${files[@]}" | cut -d '"' -f 2 | sort -u >words
		[ "$(wc -l <words)" -ge 4 ]
		while read -r word; do
			run grep -qE -- "(^| |,)${word}[ ,]" help
			[ "$status" = 1 ] || fail "$program has $word"
		done <words
	done
}
