#!/usr/bin/env bats
# Hints for words that these languages do not have: metrics, rules, methods, functions, windows, fields, commands.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf '{"a":1,"user":"u"}\n' >f
	printf 'name,age\nann,31\n' >people.csv
}

# Rows of "ARGUMENTS|MESSAGE": `weir PROGRAM ARGUMENTS` ends with STATUS, prints nothing, and says MESSAGE in one line.
rows() { # rows STATUS PROGRAM <ROWS
	local line said n=0
	while IFS='|' read -r line said; do
		run_sh "weir $2 $line"
		assert_status "$1"
		assert_output ''
		assert_stderr_contains "weir $2: $said"
		assert_equal "$(wc -l <<<"$stderr")" 1
		((++n))
	done
	[ $n -gt 0 ]
}

@test "filter: words of SQL and jq in an expression; tests/unit/expr_parse_test.c has the others" {
	rows 2 filter <<-'ROWS'
		'.a > 1 AND .a < 3' f|expression, character 8: 'AND' is written in small letters: and (try
		'.user IS NULL' f|expression, character 7: 'IS' is not a word of expressions: write .a == null or .a != null (try
		'.user LIKE "u%"' f|expression, character 7: 'LIKE' is not a word of expressions: write startswith(
		'SELECT * FROM f'|expression, character 1: 'SELECT' is not a word of expressions: write the condition alone, as .a > 1 (try
		'select(.a > 1)' f|expression, character 1: 'select' is not a word of expressions: write the condition alone
		'.[]' f|expression, character 3: '[]' does not stand for all elements
	ROWS
}

@test "filter: a file where EXPR should be; a field without its dot" {
	rows 2 filter <<-'ROWS'
		people.csv '.age > 30'|'people.csv' is a file: EXPR comes before the files, in quotes; true takes all records (try
		--fields .a f|'f' is a file: EXPR comes before the files
		$2 > 5 f|'f' is a file: EXPR comes before the files
		--fields user true f|--fields: character 1: a field is .a or $1; did you mean .user? (try
		--fields '.a,lower(.user' true f|--fields: 'lower(.user': expression, character 12: ',' or ')' was expected
	ROWS
}

@test "aggregate: metrics of SQL, PromQL and pandas, misspelt ones, and those that are written otherwise" {
	rows 2 aggregate <<-'ROWS'
		'avg(.a)' f|metric 'avg(.a)': there is no metric 'avg': write mean(.x) (try
		'x=AVG(.a)' f|metric 'x=AVG(.a)': there is no metric 'AVG': write mean(.x) (try
		avg f|metric 'avg': there is no metric 'avg': write mean(.x) (try
		count avg f|metric 'avg': there is no metric 'avg': write mean(.x) (try
		median f|metric 'median': there is no metric 'median': write quantile(.x,0.5) (try
		'p99(.a)' f|metric 'p99(.a)': there is no metric 'p99': write quantile(.x,0.99) (try
		p5 f|metric 'p5': there is no metric 'p5': write quantile(.x,0.05) (try
		'p100(.a)' f|metric 'p100(.a)': there is no metric 'p100': write max(.x) (try
		'p0(.a)' f|metric 'p0(.a)': there is no metric 'p0': write min(.x) (try
		p00.0 f|metric 'p00.0': there is no metric 'p00.0': write min(.x) (try
		p101 f|metric 'p101': there is no metric 'p101': write quantile(.x,q) with q from 0 to 1 (try
		'p100.5(.a)' f|metric 'p100.5(.a)': there is no metric 'p100.5': write quantile(.x,q) with q from 0 to 1 (try
		'p99.9(.a)' f|metric 'p99.9(.a)': there is no metric 'p99.9': write quantile(.x,0.999) (try
		p999 f|metric 'p999': there is no metric 'p999': write quantile(.x,0.999) (try
		p05 f|metric 'p05': there is no metric 'p05': write quantile(.x,0.05) (try
		'p99.(.a)' f|metric 'p99.(.a)': a metric is written as count, sum(.x) or total=sum(.x) (try
		cnt f|metric 'cnt': there is no metric 'cnt': write count (try
		'count(*)' f|metric 'count(*)': for all records it is written without parentheses (try
		'count()' f|metric 'count()': for all records it is written without parentheses (try
		'COUNT(*)' f|metric 'COUNT(*)': there is no metric 'COUNT': write count, and distinct(.x) for different values (try
		'count(distinct .a)' f|metric 'count(distinct .a)': for different values write distinct(.x) (try
		'summ(.a)' f|metric 'summ(.a)': there is no metric 'summ'; did you mean 'sum'? (try
		'MAX(.a)' f|metric 'MAX(.a)': there is no metric 'MAX'; did you mean 'max'? (try
		'variance(.a)' f|metric 'variance(.a)': there is no metric 'variance'; did you mean 'var'? (try
		counts f|metric 'counts': there is no metric 'counts'; did you mean 'count'? (try
		'collect(.a)' f|metric 'collect(.a)': there is no metric 'collect', only count, sum, mean, min,
		'sum .a' f|metric 'sum .a': write sum(.a) (try
		count 'sum .a' f|metric 'sum .a': write sum(.a) (try
		'sum(.a' f|metric 'sum(.a': ')' is missing (try
		'sum(.a) as x' f|metric 'sum(.a) as x': nothing may follow ')'; a name goes before the metric, as in total=sum(.a) (try
		'sum()' f|metric 'sum()': an expression is missing (try
		'sum(*)' f|metric 'sum(*)': '*' is not a field, as .x is (try
		'sum(.a,1)' f|metric 'sum(.a,1)': too many numbers: sum(x) (try
		'quantile(.a)' f|metric 'quantile(.a)': numbers are missing: quantile(x,q,...) (try
		'min(.a,b)' f|metric 'min(.a,b)': 'b' is not a number: min(x) (try
		f count|'f' is a file: metrics, such as count or sum(.field), come before the files (try
	ROWS
	# a word that is clearly not a metric is a file
	rows 78 aggregate <<<"count nosuch|cannot open 'nosuch': No such file or directory"
	cp f avg
	run_weir aggregate count avg
	assert_success
}

@test "aggregate: fields, windows and conditions that are written otherwise" {
	rows 2 aggregate <<-'ROWS'
		-g '.ts[]' count f|expression, character 5: '[]' does not stand for all elements, as in jq; [0] is the first (-g) (try
		-g user count f|character 1: a field is .a or $1; did you mean .user? (-g) (try
		--time .t --window 10s count f|there are no windows '10s'; did you mean 'tumbling 10s'?
		--time .t --window 'hop 10s 5s' count f|there are no windows 'hop'; did you mean 'sliding SIZE STEP'?
		--having 'count > 1' count f|--having: expression, character 1: there is no function 'count' (a field is .count,
	ROWS
}

@test "clean: rules of others, misspelt ones, and rules that are not operands" {
	rows 2 clean <<-'ROWS'
		-e 'requir .a' f|option --rule: 'requir .a' is not a rule: line 1, column 1: there is no rule 'requir'; did you mean 'require'? (try
		-e 'Require .a' f|option --rule: 'Require .a' is not a rule: line 1, column 1: there is no rule 'Require'; did you mean 'require'?
		-e 'not-null .a' f|option --rule: 'not-null .a' is not a rule: line 1, column 1: there is no rule 'not-null': write require .a (try
		-e 'in .a x y' f|option --rule: 'in .a x y' is not a rule: line 1, column 1: there is no rule 'in': write one-of .a x y (try
		-e 'uppercase .a' f|option --rule: 'uppercase .a' is not a rule: line 1, column 1: there is no rule 'uppercase'; did you mean 'upper'?
		-e 'shuffle .a' f|option --rule: 'shuffle .a' is not a rule: line 1, column 1: there is no rule 'shuffle', only require, type, range,
		-e '.a require' f|option --rule: '.a require' is not a rule: line 1, column 1: a rule begins with its name, as in require .a (try
		-e 'type .a boolean' f|option --rule: 'type .a boolean' is not a rule: line 1, column 9: one of int|float|bool|string|time is expected here; did you mean bool?
		-e 'drop .a .b' f|option --rule: 'drop .a .b' is not a rule: line 1, column 9: fields have ',' between them (try
		'require .a' f|'require .a' is not a file; a rule is one word after -e: -e 'require .a' (try
		-e 'trim .a' 'lower .a' f|'lower .a' is not a file; a rule is one word after -e: -e 'lower .a' (try
		require .a f|'require' is not a file; a rule is one word after -e: -e 'require .a' (try
	ROWS
	rows 78 clean <<-'ROWS'
		-f 'require .a' f|cannot read 'require .a': No such file or directory; a rule is -e RULE
	ROWS
	# files may have the names of rules
	cp f trim
	run_weir clean -e 'require .a' trim
	assert_success
}

@test "detect: methods of others, misspelt ones, a method in several operands, a file before them" {
	rows 2 detect <<-'ROWS'
		--value .a zscore 4 f|'4' is not a file; METHOD is one operand, in quotes: 'zscore 4' (try
		new .user f|'.user' is not a file; METHOD is one operand, in quotes: 'new .user' (try
		--value .a range -1 5 f|unknown option -1
		--value .a 'z-score 4' f|there is no method 'z-score'; did you mean 'zscore'? (try
		--value .a ZSCORE f|there is no method 'ZSCORE'; did you mean 'zscore'? (try
		--value .a 'threshold 4' f|there is no method 'threshold': write range LO HI (try
		--value .a 'outlier 4' f|there is no method 'outlier': write zscore, or mad (try
		--value .a forest f|there is no method 'forest', only zscore, cusum, mad, range, stuck, velocity, new (try
		'zscore(.a)' f|it is written without parentheses: zscore [limit] [alpha] [floor]; the field that is judged is --value (try
		'zscore .a' f|zscore: limit '.a' is not a number; the field that is judged is --value (try
		--value .a range f|range: nothing lies outside: lo and hi are missing (try
		--value a zscore f|--value: path 'a', character 1: a path begins with '.', as in .name (try
		f 'new .a'|'f' is a file: METHOD comes before the files (try
	ROWS
	printf '{"a":1}\n' >./4
	run_weir detect --value .a zscore 4
	assert_success
}

@test "weir: commands that are called otherwise" {
	while IFS='|' read -r command said; do
		run -127 --separate-stderr weir "$command"
		assert_stderr "weir: no command '$command'$said"
	done <<-'ROWS'
		groups|: `weir lag --all-groups` lists groups
		join|: `weir help cookbook` shows how tables are joined by DuckDB
		head|: `weir consume -n 10 TOPIC` prints the first ten records
		SQL|: `weir filter` chooses records, `weir aggregate` groups them
		put|; did you mean 'db-put' or 'lake-put'?
		xyz| (`weir --help` names all)
	ROWS
	# each program that a hint names is there
	grep -oE '`weir [a-z-]+' "$WEIR_ROOT/cmd/weir/programs.c" | cut -d ' ' -f 2 | grep -vx -e help -e --help -e --version | sort -u >named
	weir --list >programs
	[ "$(wc -l <named)" -gt 8 ]
	assert_equal "$(grep -vxFf programs named)" ''
}

@test "each: a command line without --shell, a command that is not there, status 1 of grep" {
	run -127 --separate-stderr weir each 'sort | uniq -c' <f
	assert_stderr "weir each: cannot run 'sort | uniq -c': there is no command with this name; a command line needs --shell"
	run -127 --separate-stderr weir each nosuchcmd <f
	assert_stderr "weir each: cannot run 'nosuchcmd': command not found"
	run -127 --separate-stderr weir each ./nosuchcmd <f
	assert_stderr "weir each: cannot run './nosuchcmd': No such file or directory"
	run_sh 'weir each grep nothing <f'
	assert_status 75
	assert_stderr "weir each: 'grep' ended with status 1; its batch is not acknowledged (1 says that nothing was found: --ok 0,1)"
	run_sh 'weir each --shell "exit 1" <f'
	assert_status 75
	assert_stderr "weir each: 'sh' ended with status 1; its batch is not acknowledged"
}

@test "numbers below what an option takes" {
	rows 2 wordcount <<<"-n -5 f|option --top: '-5' is below 0 (try"
	rows 2 lake-put <<<"--memory -1M L f|option --memory: '-1M' is below "
	rows 2 lake-put <<<"--memory 1 L f|option --memory: '1' is not from 1M to 16T (try"
	rows 2 each <<<"--memory=-1 cat|option --memory: '-1' is below "
	rows 2 db-put <<<"--timeout 0 sqlite:x.db|option --timeout: '0' is below 1ms (try"
	rows 2 wordcount <<<"--top 99999999999999999999 f|option --top: '99999999999999999999' is too large (try"
}

@test "records that are not JSON: what the input looks like, once" {
	printf '[\n {"a":1},\n {"a":2}\n]\n' >array.json
	printf '{\n "a": 1\n}\n' >pretty.json
	printf 'a\tb\n1\t2\n' >rows.tsv
	printf 'some text\nand more\n' >text
	local program file said
	while IFS='|' read -r file said; do
		for program in "filter .a" "aggregate count(.a)" "detect --value=.a zscore" "clean --rejects=error --rule=require\ .a"; do
			run_sh "weir ${program/(.a)/'\(.a\)'} $file"
			assert_status 65
			assert_stderr_contains "$file: record 1, byte $said"
			assert_equal "$(grep -c 'is not a record\|is not JSON;' <<<"$stderr")" "$([ "$file" = text ] && echo 0 || echo 1)"
		done
	done <<-'ROWS'
		people.csv|1: this is not JSON; CSV whose first line has names is read with --header
		rows.tsv|1: this is not JSON; TSV whose first line has names is read with --header
		array.json|2: an array over several lines is not a record; `jq -c '.[]'` makes one of each element
		pretty.json|2: an object over several lines is not a record; `jq -c .` makes one of each
		text|1: this is not a JSON value
	ROWS
	# the hint is correct
	assert_equal "$(jq -c '.[]' array.json | weir filter --count true)" 2
	assert_equal "$(jq -c . pretty.json | weir filter '.a == 1')" '{"a":1}'
	assert_equal "$(weir filter --header '.age > 30' people.csv | wc -l)" 2
}
