# words.bash: wordcount and split beside the tools of the shell; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka and work are run's

rows+=(wordcount_words wordcount_text split split_wordcount)

tr_label="\`tr -s ' ' '\\n'\`" mawk_label="\`tr -s ' ' '\\n' \| mawk '{c[\$0]++}…'\`"
tr_mawk="tr -s ' ' '\n' | mawk '{ c[\$0]++ } END { for (w in c) print c[w] \"\t\" w }'"

row_wordcount_words() {
	input words words 500M
	compare "\`wordcount\`, 500 MB of Zipf words, 200,000 distinct" "$mawk_label" 10 wall \
		524288000 B "weir wordcount <'$in'" "<'$in' $tr_mawk"
}

row_wordcount_text() {
	input text text 400M -d 30000
	compare "\`wordcount\`, 400 MB of English-like text, 30,000 distinct" "\`wc -w\`" 2.5 wall \
		419430400 B "weir wordcount <'$in'" "wc -w <'$in'"
}

row_split() {
	input text text 400M -d 30000
	compare "\`split\` into a pipe" "$tr_label" 2 wall \
		419430400 B "weir split <'$in' | cat" "tr -s ' ' '\n' <'$in' | cat"
}

row_split_wordcount() {
	input words words 500M
	compare "\`split \| wordcount\`, 500 MB of Zipf words" "$mawk_label" 8 wall \
		524288000 B "weir split <'$in' | weir wordcount" "<'$in' $tr_mawk"
}
