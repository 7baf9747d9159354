#!/usr/bin/env bats
# Blank records, and such of a single ETB or DLE: every program that reads records, at every place where one can stand.
# Readers tend to get the beginnings of streams, batches, chunks and reads wrong. The expected results are in the
# manuals; no program may die of a signal.
# shellcheck disable=SC2154 # status and stderr come from the helpers
load ../lib/weir
load ../lib/lake

setup_file() {
	export MARKER=$BUILD/servers/marker BLANKS=$WEIR_ROOT/tests/lib/blanks.py
	export STREAMS=$BATS_FILE_TMPDIR
	"$BLANKS" make "$STREAMS"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# Run `weir ARG...`; its status goes to the file `code`, its standard error to `err`.
weir_code() {
	local code=0
	weir "$@" 2>err || code=$?
	echo "$code" >code
}

# Run `weir PROGRAM ARG...` on the stream of a cell: $status, $stderr, and what it wrote in `out`.
run_cell() { # run_cell PLACE BLANK PROGRAM ARG...
	local stream=$STREAMS/$1-$2 place=$1
	shift 2
	rm -rf out err code rejects lake
	case $place in
	read) "$BLANKS" slow "$stream" | weir_code "$@" >out ;;
	nul) weir_code "$1" -0 "${@:2}" <"$stream" >out ;;
	mark) "$MARKER" -n 2 <"$stream" 2>marker.err | weir_code "$@" | end_marked "$1" ;;
	*) weir_code "$@" <"$stream" >out ;;
	esac
	status=$(<code) stderr=$(<err) _command="weir $* # $place, ${stream##*-}"
}

end_marked() { # end_marked PROGRAM: the programs after it
	case $1 in
	lake-put | ack) cat >out ;;
	*) weir ack >out 2>ack.err || true ;;
	esac
}

# Run a program on every stream; CHECK PLACE BLANK NUMBER checks the result, where the blank record is record NUMBER.
cells() { # cells CHECK PROGRAM ARG...
	local check=$1 place blank plain
	local -A number=([first]=1 [edge]=2 [read]=2 [nul]=1 [mark]=3)
	shift
	for blank in empty cr space dle etb; do
		for place in first edge read nul mark; do
			plain=()
			if [[ $blank/$place = etb/@(first|nul) ]]; then # it is a marked stream, unless an option says otherwise
				run_cell "$place" "$blank" "$@"
				assert_status 65
				assert_stderr_contains 'mark' # damaged, or where none is taken from
				[ ! -s out ] || fail "$_command has written something"
				plain=(--plain)
			fi
			run_cell "$place" "$blank" "$1" "${plain[@]}" "${@:2}"
			echo "$_command: $status: $stderr"
			"$check" "$place" "$blank" "${number[$place]}"
		done
	done
}

# --- the expected results ----------------------------------------------------------------------------

malformed() { # 65, and the message has the record's number
	assert_status 65
	assert_stderr_contains ": record $3, byte"
}

malformed_for_lake() {
	assert_status 65
	[[ $stderr =~ (record $3|batch 2, record 1),\ byte ]]
	[ ! -e lake/_weir_log ]
}

left_out() {
	assert_status 1
	assert_files_equal out "$STREAMS/$1-$2.good"
}

rejected() {
	assert_status 1
	assert_files_equal out "$STREAMS/$1-$2.good"
	head -n 1 rejects | jq -e --argjson number "$3" '.record == $number and (.reason | startswith("byte "))' >jq.out
	jq -rj .data rejects >data
	[ "$(wc -l <rejects)" = $((1 + (${#1} == 3))) ] # of `nul` there are two
	case $2 in
	empty) [ ! -s data ] ;;
	cr) [ "$(tr -d '\r' <data)" = '' ] && [ -s data ] ;;
	*) [ -s data ] ;;
	esac
}

unchanged() {
	assert_status 0
	assert_files_equal out "$STREAMS/$1-$2"
}

tokens() {
	assert_status 0
	assert_files_equal out "$STREAMS/$1-$2.tokens"
}

counted() {
	local end='\n'
	[ "$1" != nul ] || end='\0'
	assert_status 0
	tr "$end" '\n' <out | awk -F'\t' '{for (i = 0; i < $1; i++) print $2}' | LC_ALL=C sort >seen
	tr "$end" '\n' <"$STREAMS/$1-$2.tokens" | LC_ALL=C sort >expected
	assert_files_equal seen expected
}

stored() {
	assert_status 0
	weir lake-cat lake >seen
	assert_files_equal seen "$STREAMS/$1-$2"
}

# --- the programs -----------------------------------------------------------------------------------

@test "blank records: filter" {
	cells malformed filter .a
	cells left_out filter --rejects drop .a
}

@test "blank records: filter --fields" {
	cells malformed filter --fields .a true
}

@test "blank records: filter of columns" {
	# shellcheck disable=SC2016
	cells unchanged filter --input tsv '$2 != "x"'
}

@test "blank records: clean" {
	cells rejected clean -e 'require .a' --rejects rejects
}

@test "blank records: clean of columns" {
	# shellcheck disable=SC2016
	cells unchanged clean --input tsv -e 'lower $1'
}

@test "blank records: aggregate" {
	cells malformed aggregate -g .a count 'sum(.ts)'
}

@test "blank records: aggregate by windows" {
	cells malformed aggregate --state none --window 'tumbling 1h' --time .ts --lateness 0s count
}

@test "blank records: detect" {
	cells malformed detect --state none --by .a --value .a zscore
}

@test "blank records: split" {
	cells tokens split
}

@test "blank records: wordcount" {
	cells counted wordcount
}

@test "blank records: meter" {
	cells unchanged meter
}

@test "blank records: each" {
	cells unchanged each cat
}

@test "blank records: ack" {
	cells unchanged ack
}

@test "blank records: lake-put with the time of a field" {
	cells malformed_for_lake lake-put --partition-by 'd=%Y' --time .ts lake
}

@test "blank records: lake-put, and lake-cat of what it has written" {
	cells stored lake-put lake
}

# A MiB of blanks made by $1, alone and before a record, through every program that reads JSON.
blank_mib() { # blank_mib PRINT-STATEMENTS LINES OPTION...
	local line rejected=$2
	local -a command
	python3 -c "$1" >blank
	{ cat blank && printf '{"a":1,"ts":1}'; } >in # no delimiter: the end is one
	shift 2
	for line in 'filter .a' 'filter --fields .a,.ts .a' 'aggregate -g .a count' 'detect --by .a --value .a zscore' \
		'lake-put --time .ts --partition-by d=%Y lake'; do
		read -ra command <<<"$line"
		for file in blank in; do
			echo "$line: $file"
			weir_code "${command[@]}" "$@" <"$file" >out
			assert_equal "$(<code)" 65
			grep -q 'a value was expected' err
			[ ! -s out ]
			[[ $line/$file == filter*/in ]] || continue
			weir_code "${command[@]}" "$@" --rejects drop <"$file" >out
			assert_equal "$(<code)" 1
			[ "$(tr '\0' '\n' <out)" = '{"a":1,"ts":1}' ] || fail 'the record is lost'
		done
	done
	weir_code clean "$@" -e 'require .a' --rejects rejects <blank >out
	assert_equal "$(<code)" 1
	[ ! -s out ]
	assert_equal "$(wc -l <rejects)" "$rejected"
}

@test "blank records: a MiB of them" {
	blank_mib 'print("\n" * (1 << 20), end="")' 1048576
}

@test "blank records: one of a MiB, and many of a KiB" {
	blank_mib 'print(" " * (1 << 20))' 1
	rm rejects
	blank_mib 'print((" \t" * 512 + "\r\n") * 1024, end="")' 1024
}

@test "blank records: a MiB that NUL ends" {
	blank_mib 'print("\0" * 5000 + "\n" * (1 << 20) + "\0", end="")' 5001 -0 --max-record 2M
}
