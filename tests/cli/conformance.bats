#!/usr/bin/env bats
# Properties that all programs of the toolkit share. Runs the copy that `make install` puts under a DESTDIR, and loops
# over every program found there: a new program without a row in sample() fails.
bats_require_minimum_version 1.5.0
load ../lib/weir

ROOT=$BATS_TEST_DIRNAME/../..

# The installed copy and the mock broker, in place of what ../lib/weir sets.
use_installed() {
	export WEIR_EXEC_PATH=$DEST/usr/libexec/weir PATH=$DEST/usr/bin:$PATH WEIR_BROKERS=${BROKERS:-}
}

setup() {
	use_installed
}

setup_file() {
	export DEST=$BATS_FILE_TMPDIR/dest
	make -s -C "$BATS_TEST_DIRNAME/../.." install BUILD="$BUILD" PREFIX=/usr DESTDIR="$DEST" >&2
	use_installed
	# An input that outgrows every buffer: an error of the output must show while there is still input.
	yes 'some words of input' 2>/dev/null | head -c 600000 >"$BATS_FILE_TMPDIR/input"
	export INPUT=$BATS_FILE_TMPDIR/input
	mkfifo "$BATS_FILE_TMPDIR/hold"
	weir mock-broker --topic conformance:1 --port-file "$BATS_FILE_TMPDIR/port" --until-eof \
		<"$BATS_FILE_TMPDIR/hold" >/dev/null 3>&- &
	exec 4>"$BATS_FILE_TMPDIR/hold" # the broker ends when this end of the fifo is closed, however we end
	for _ in $(seq 100); do
		[ -s "$BATS_FILE_TMPDIR/port" ] && break
		sleep 0.1
	done
	BROKERS=$(cat "$BATS_FILE_TMPDIR/port")
	export BROKERS
	use_installed
	weir produce conformance "$INPUT"
}

# Sets reads (files, or stdin for a filter whose operands are none), kind (filter: reads records and prints; copy:
# passes bytes on; sink: reads and prints nothing; source: prints without reading) and args, with which program $1 does its ordinary work on $INPUT or the mock broker.
sample() {
	args=() reads=files
	case $1 in
	aggregate) kind=filter args=(-g '$1' --input tsv count) ;;
	split | wordcount | ack) kind=filter ;;
	clean) kind=filter args=(--input csv -e 'require $1') ;;
	detect) kind=filter args=(--input tsv --all 'new $1') ;;
	each) kind=filter args=(cat) reads=stdin ;;
	filter) kind=filter args=(--input tsv true) ;;
	map) kind=filter args=(--input tsv '$2 = $1') ;;
	meter) kind=copy args=(--output "$BATS_TEST_TMPDIR/figures") ;;
	produce) kind=sink args=(conformance) ;;
	lake-cat | lake-check)
		kind=source args=("$(mktemp -d -p "$BATS_TEST_TMPDIR")/lake")
		weir lake-put "${args[0]}" "$INPUT"
		[ "$1" = lake-cat ] || touch "${args[0]}/stray" # a finding, because otherwise nothing would be printed
		;;
	lake-compact)
		kind=source args=(--dry-run "$(mktemp -d -p "$BATS_TEST_TMPDIR")/lake")
		weir lake-put "${args[1]}" "$INPUT"
		;;
	db-put) kind=sink args=(--table t --create --schema 'line string' --input tsv "sqlite:$(mktemp -d -p "$BATS_TEST_TMPDIR")/db") ;;
	lake-put) kind=sink args=("$(mktemp -d -p "$BATS_TEST_TMPDIR")/lake") ;;
	consume) kind=source args=(--to end conformance) ;;
	lag) kind=source args=(-g nobody conformance) ;;
	topics) kind=source args=(conformance) ;;
	config) kind=source ;;
	run) kind=sink args=(-c true) ;; # the output is its pipeline's, not its own
	mock-broker) kind=source args=(--until-eof) ;;
	*) flunk "no row for '$1' in sample() of conformance.bats" ;;
	esac
}

flunk() {
	echo "$*" >&2
	return 1
}

programs() {
	weir --list
}

fold() {
	tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

@test "every program in cmd/ is installed" {
	diff <(programs) <(cd "$ROOT/cmd" && printf '%s\n' * | sed 's/\.c$//' | grep -vx weir | LC_ALL=C sort -u)
}

@test "-h and --help: usage on stdout, status 0, nothing on stderr" {
	for p in $(programs); do
		for flag in -h --help; do
			echo "weir $p $flag"
			run -0 --separate-stderr weir "$p" "$flag"
			[ "${output%% \[*}" = "usage: weir $p" ] || [[ $output == "usage: weir $p"* ]]
			[ -z "$stderr" ]
		done
	done
}

@test "-V and --version: name and version, status 0" {
	for p in $(programs); do
		for flag in -V --version; do
			echo "weir $p $flag"
			run -0 --separate-stderr weir "$p" "$flag"
			wanted="^weir $p [0-9]+\.[0-9]+\.[0-9]+"
			if readelf -d "$WEIR_EXEC_PATH/$p" | grep -q 'NEEDED.*librdkafka'; then
				wanted+=' \(librdkafka [0-9]+\.[0-9]+\.[0-9]+\)'
			fi
			[[ $output =~ $wanted$ ]]
			[ -z "$stderr" ]
		done
	done
}

@test "help and version on a full device fail and say so" {
	for p in $(programs); do
		for flag in --help --version; do
			echo "weir $p $flag"
			run -75 bash -c "weir $p $flag 2>&1 >/dev/full"
			[[ $output == "weir $p: cannot write standard output: "* ]]
		done
	done
}

@test "the SYNOPSIS of the manual is the usage line of --help" {
	for p in weir $(programs); do
		page=$DEST/usr/share/man/man1/weir-$p.1
		cmd=(weir "$p")
		[ "$p" = weir ] && page=$DEST/usr/share/man/man1/weir.1 cmd=(weir)
		echo "$page"
		[ -f "$page" ]
		usage=$("${cmd[@]}" --help | sed -n '1s/^usage: //p' | fold)
		synopsis=$(mandoc -T ascii -O width=400 "$page" | col -bx | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' | fold)
		[ "$usage" = "$synopsis" ] || flunk "usage:    $usage
manual:   $synopsis"
	done
}

# The long options in a text that has the form of --help.
options_of() {
	grep -oE '^  (-.,|   ) --[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | LC_ALL=C sort -u
}

@test "every option of --help is described in the manual, and no other" {
	cd "$BATS_TEST_TMPDIR" || return
	for p in weir $(programs); do
		page=$DEST/usr/share/man/man1/weir-$p.1
		cmd=(weir "$p")
		[ "$p" = weir ] && page=$DEST/usr/share/man/man1/weir.1 cmd=(weir)
		echo "$p"
		"${cmd[@]}" --help | sed -n '/^Options of all programs:/,/^$/p' | options_of >common # which weir-config(5) describes
		diff <("${cmd[@]}" --help | options_of | grep -vxFf common) \
			<(sed -n '/^\.Sh OPTIONS/,/^\.Sh [^O]/p' "$page" | grep '^\.It' | grep -oE '(Fl|,) -[a-z0-9][a-z0-9-]*' |
				sed -E 's/(Fl|,) -/--/' | LC_ALL=C sort -u | grep -vxFf common)
	done
	diff common <(sed -n '/^\.Sh OPTIONS/,/^\.Sh [^O]/p' "$DEST/usr/share/man/man5/weir-config.5" | grep '^\.It' |
		grep -oE '(Fl|,) -[a-z0-9][a-z0-9-]*' | sed -E 's/(Fl|,) -/--/' | LC_ALL=C sort -u)
}

# The lines of the literal blocks of a page, as a reader copies them.
literal() { # literal PAGE
	mandoc -T ascii -O width=400 "$1" | col -bx | sed 's/^ *//'
}

@test "--help ends with an example that the manual has, and names the page" {
	for p in weir $(programs); do
		page=$DEST/usr/share/man/man1/weir-$p.1
		cmd=(weir "$p")
		[ "$p" = weir ] && page=$DEST/usr/share/man/man1/weir.1 cmd=(weir)
		echo "$p"
		"${cmd[@]}" --help | sed '1,/^Example:$/d; /^$/,$d; s/^ *//' >"$BATS_TEST_TMPDIR/example"
		[ -s "$BATS_TEST_TMPDIR/example" ]
		grep -q "^\(coproc \|.*| \)\?weir ${cmd[1]}" "$BATS_TEST_TMPDIR/example"
		grep -vxFf <(literal "$page") "$BATS_TEST_TMPDIR/example" && flunk "not in $page"
		last=$("${cmd[@]}" --help | tail -n 1)
		[ "$last" = "\`weir help${cmd[1]:+ ${cmd[1]}}\` shows the manual." ]
	done
}

@test "the examples of --help: shells read them, programs take their options, and those without a broker run" {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir lake
	echo 'some words of a book' | tee book.txt >other.txt
	printf '{"action":"buy","amount":101,"user":"u","card":"c","ts":"2026-11-22T10:00:0%dZ"}\n' {0..9} |
		tee events.ndjson payments.ndjson | weir lake-put --partition-by 'dt=%Y-%m-%d' --time .ts lake/clicks
	for p in weir $(programs); do
		echo "$p"
		[ "$p" = weir ] && cmd=(weir) || cmd=(weir "$p")
		"${cmd[@]}" --help | sed '1,/^Example:$/d; /^$/,$d; s/^    //' >example
		bash -n example
		# each program that it names, with the options and operands that it gives it
		run -0 bash -c '
			weir() {
				if [ "$1" = each ]; then set -- each; fi # what follows are the options of another command
				command weir "$@" --help >/dev/null || kill "$$"
			}
			tail() { :; }
			curl() { :; }
			mail() { :; }
			gzip() { cat; }
			. ./example
			wait' </dev/null
		case $p in
		aggregate | detect | filter | lake-cat | meter | split | wordcount)
			run -0 bash -c -o pipefail '. ./example'
			[ "$p" = meter ] && output=$(<tokens)
			[ -n "$output" ]
			;;
		esac
	done
}

# The first columns of a list in --help: up to two blanks, below HEADING, up to an empty line or another heading.
listed() { # listed PROGRAM HEADING
	weir "$1" --help | sed -nE "/^$2/,/^(|[A-Z].*:)\$/p" | sed -nE '/^  [a-z]/{s/^  //; s/  .*//; p}'
}

@test "a program with a language lists its words in --help, and takes each as it stands there" {
	local in=$BATS_TEST_TMPDIR/in key=$BATS_TEST_TMPDIR/key form value n=0
	echo 0123456789abcdef >"$key"
	printf '{"a":"1","t":1}\n' >"$in"
	while read -r form; do
		form=$(sed -E 's/\[.*\]//; s/, \.\.\.//; s/if\(c, a/if(true, 1/; s/format\(f/format("x"/; s/, regex/, "1"/; s/, sep/, ","/
			s/, net/, "10.0.0.0\/8"/; s/\(t\b/(.t/; s/, d\b/, 1h/; s/, f\b/, "%F"/; s/, [cni]\b/, 1/
			s/\bx\b/.a/; s/\by\b/"1"/; s/\bz\b/"2"/; s|, file|, "'"$key"'"|' <<<"$form")
		echo "filter $form"
		run -0 weir filter "$form" "$in"
		((++n))
	done < <(listed filter Functions)
	[ $n -ge 9 ]
	while read -r form; do
		form=$(sed -E 's/\[.*\]//; s/,\.\.\.//; s/\(x/(.t/; s/,k/,1/; s/,[a-z]/,0.5/' <<<"$form")
		echo "aggregate $form"
		run -0 weir aggregate "$form" "$in"
		((++n))
	done < <(listed aggregate Metrics)
	while read -r form; do
		form=$(sed -E 's/ \[.*//; s/FIELD,\.\.\./.a,.t/; s/FIELD/.a/; s/\|[a-z0-9|]*//; s/LOW HIGH/1 2/; s/VALUE \.\.\.|VALUE|REGEX/1/
			s/NEW/.b/; s/DURATION/1m/' <<<"$form")
		echo "clean -e '$form'"
		run weir clean --key "$key" -e "$form" "$in"
		[ "$status" -le 1 ] # the record may break it
		((++n))
	done < <(listed clean Rules)
	[ $n -ge 41 ]
	while read -r form; do
		value=(--value .t)
		case $form in velocity* | new*) value=() ;; esac
		[ "$form" != 'range [lo] [hi]' ] || form='range lo hi'
		form=$(sed -E 's/ \[.*//; s/lo hi/0 9/; s/time/1m/; s/what window limit/count 1m 5/; s/field/.a/' <<<"$form")
		echo "detect '$form'"
		run -0 weir detect --all --time .t "${value[@]}" "$form" "$in"
		((++n))
	done < <(listed detect Methods)
	[ $n -ge 48 ]
	while read -r form; do
		form=$(sed -E 's/ \[.*//; s/tee EXPR FILE/tee .t out/; s/EXPR/.t/; s/FILE/in/; s/\|[a-z|]*//; s/(parse .a kv).*/\1/; s/\.b\b/.c/' <<<"$form")
		echo "map '$form'"
		(cd "$BATS_TEST_TMPDIR" && weir map "$form" in)
		((++n))
	done < <(listed map Statements)
	[ $n -ge 110 ]
}

@test "every manual has the sections of the house and names the exit statuses" {
	for page in "$DEST"/usr/share/man/man1/*.1; do
		echo "$page"
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS "EXIT STATUS" EXAMPLES "SEE ALSO"; do
			grep -q "^\.Sh $section" "$page" || flunk "$page: no $section"
		done
	done
}

@test "an unknown option: status 2, one line on stderr, nothing on stdout" {
	for p in $(programs); do
		for flag in --no-such-option -~; do
			echo "weir $p $flag"
			run -2 --separate-stderr weir "$p" "$flag"
			[ -z "$output" ]
			[[ $stderr == "weir $p: unknown option $flag"* ]]
					[ "$(wc -l <<<"$stderr")" -eq 1 ]
		done
	done
}

@test "a full device: what prints fails with 75 and a message" {
	for p in $(programs); do
		sample "$p"
		echo "weir $p ${args[*]}: $kind"
		if [ "$kind" = sink ]; then
			run -0 --separate-stderr bash -c '"$@" <"$INPUT" >/dev/full' - weir "$p" "${args[@]}"
			continue
		fi
		[ "$kind" = source ] && input=/dev/null || input=$INPUT
		run -75 --separate-stderr bash -c '"$@" <"$0" >/dev/full' "$input" weir "$p" "${args[@]}"
		[[ $stderr == "weir $p: cannot write standard output: No space left on device"* ]]
	done
}

@test "closed standard descriptors: an error, and no file or socket of the program's own takes their place" {
	for p in $(programs); do
		sample "$p"
		echo "weir $p ${args[*]}: $kind"
		[ "$kind" = sink ] && continue
		[ "$kind" = source ] && input=/dev/null || input=$INPUT
		run -78 --separate-stderr bash -c '"$@" <"$0" >&-' "$input" weir "$p" "${args[@]}"
		[[ $stderr == "weir $p: cannot write standard output: Bad file descriptor"* ]]
		run -78 timeout 60 bash -c 'exec "$@" <&- >&- 2>&-' - weir "$p" "${args[@]}"
	done
}

# Runs "$@" with $INPUT and a standard output whose reader has ended.
unread() {
	run timeout 60 bash -c 'exec 5> >(:); wait "$!"; exec "$@" >&5' - "$@" <"$input"
}

@test "a closed pipe: a filter dies of SIGPIPE, what has side effects ends with 75; never a hang" {
	local expected
	for p in $(programs); do
		sample "$p"
		[ "$kind" != sink ] || continue
		echo "weir $p ${args[*]}: $kind"
		input=$INPUT
		[ "$kind" != source ] || input=/dev/null
		case $p in
		ack | consume | each | lake-compact | mock-broker) expected=75 ;;
		*) expected=141 ;;
		esac
		unread weir "$p" "${args[@]}"
		echo "status $status, not $expected"
		[ "$status" -eq "$expected" ]
	done
}

@test "an ignored SIGPIPE that was inherited changes nothing for a filter" {
	for p in $(programs); do
		sample "$p"
		[ "$kind" = filter ] || continue
		echo "weir $p"
		run bash -c 'trap "" PIPE; yes "a b c" | head -c 3000000 | "$@" 2>/dev/null | true; exit "${PIPESTATUS[2]}"' - weir "$p" "${args[@]}"
		[ "$status" -eq 141 ] || [ "$status" -eq 0 ] || [ "$status" -eq 75 ]
	done
}

@test "empty input: status 0, no output" {
	for p in $(programs); do
		sample "$p"
		echo "weir $p ${args[*]}: $kind"
		[ "$kind" = source ] && continue
		run -0 --separate-stderr bash -c '"$@" </dev/null' - weir "$p" "${args[@]}"
		[ -z "$output" ]
		[ -z "$stderr" ]
	done
}

@test "an unterminated last line is a record" {
	for p in $(programs); do
		sample "$p"
		[ "$kind" = filter ] || continue
		echo "weir $p"
		diff <(printf 'one\ntwo' | weir "$p" "${args[@]}") <(printf 'one\ntwo\n' | weir "$p" "${args[@]}")
	done
}

@test "operands: - is stdin, an unreadable file is named and the rest goes on" {
	for p in $(programs); do
		sample "$p"
		[ "$kind$reads" = filterfiles ] || continue
		echo "weir $p"
		printf 'word\n' >"$BATS_TEST_TMPDIR/one"
		diff <(weir "$p" "${args[@]}" - <"$BATS_TEST_TMPDIR/one") <(weir "$p" "${args[@]}" "$BATS_TEST_TMPDIR/one")
		run -78 --separate-stderr weir "$p" "${args[@]}" "$BATS_TEST_TMPDIR/one" /nonexistent "$BATS_TEST_TMPDIR/one"
		[[ $stderr == "weir $p: cannot open '/nonexistent': No such file or directory" ]]
		[[ $output == *word* ]]
	done
}

@test "an input that is the output, too, is refused, or it would grow without end" {
	local file=$BATS_TEST_TMPDIR/self
	for p in $(programs); do
		sample "$p"
		case $kind in filter | copy) ;; *) continue ;; esac
		[ $reads = files ] || continue
		echo "weir $p"
		printf 'a\nb\n' >"$file"
		run -78 --separate-stderr bash -c '"$@" >>"$0"' "$file" weir "$p" "${args[@]}" "$file"
		[ "$stderr" = "weir $p: cannot read $file: it is the output, too" ]
		run -78 --separate-stderr bash -c '"$@" - <"$0" >>"$0"' "$file" weir "$p" "${args[@]}"
		[ "$stderr" = "weir $p: cannot read standard input: it is the output, too" ]
	done
}

@test "a record beyond --max-record: named by its byte, the rest goes on, status 65" {
	for p in $(programs); do
		sample "$p"
		[ "$kind" = filter ] || continue
		echo "weir $p"
		run -65 --separate-stderr bash -c 'printf "ab\ntoolong\ncd\n" | "$@"' - weir "$p" --max-record 3 "${args[@]}"
		[[ $stderr == "weir $p: standard input: record at byte 3 is longer than 3 bytes (--max-record)" ]]
		[[ $output == *ab* && $output == *cd* && $output != *toolong* ]]
	done
}

@test "programs link only the libraries that they use" {
	local lib users p with
	while read -r lib users; do
		with=
		for p in $(programs); do
			! readelf -d "$WEIR_EXEC_PATH/$p" | grep -q "NEEDED.*\[lib$lib" || with+="${with:+ }$p"
		done
		echo "lib$lib: $with"
		[ "$with" = "$users" ]
	done <<-END
		rdkafka consume lag lake-check mock-broker produce topics
		crypto aggregate clean db-put detect filter lake-cat lake-check lake-compact lake-put map
		curl lake-cat lake-check lake-compact lake-put
		expat lake-cat lake-check lake-compact lake-put
		pcre2 aggregate clean db-put detect filter lake-cat lake-check lake-compact lake-put map produce
		simdjson aggregate clean consume db-put detect filter lake-cat lake-check lake-compact lake-put map produce
		sqlite3 db-put
		pq db-put
		snappy lake-cat lake-check lake-compact lake-put
	END
}
