# start.bash: from the start of a program to its end; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka and work are run's

rows+=(start)

# How to run PROGRAM with nothing to do; programs that are not named here print their help.
idle_command() {
	local broker="-b $mock"
	case $1 in
	filter) echo 'weir filter .a' ;;
	clean) echo "weir clean -f $work/rules" ;;
	aggregate) echo 'weir aggregate count' ;;
	detect) echo 'weir detect --value .a zscore' ;;
	split | wordcount | meter | ack) echo "weir $1" ;;
	each) echo 'weir each cat' ;;
	lake-put) echo "weir lake-put $fresh/lake" ;;
	produce) echo "weir produce $broker idle" ;;
	consume) echo "weir consume $broker --to end idle" ;;
	lag) echo "weir lag $broker -g nobody idle" ;;
	topics) echo "weir topics $broker idle" ;;
	mock-broker) echo 'weir mock-broker --until-eof' ;;
	*) echo "weir $1 --help" ;;
	esac
}

# Milliseconds for one of twenty consecutive runs of COMMAND, including the shell's time to start it.
idle_ms() {
	local begin=${EPOCHREALTIME/./} i
	for i in {1..20}; do
		"$@" </dev/null >/dev/null 2>&1 || return 1
	done
	: "$i"
	awk -v us=$((${EPOCHREALTIME/./} - begin)) 'BEGIN { printf "%.2f\n", us / 20000 }'
}

# A broker without a JVM, which ends when descriptor 4 is closed; sets $mock.
start_mock() {
	mkfifo "$work/hold"
	weir mock-broker --topic idle:1 --port-file "$work/port" --until-eof <"$work/hold" >/dev/null 2>&1 &
	exec 4>"$work/hold"
	local i
	for i in {1..100}; do
		[ ! -s "$work/port" ] || break
		sleep 0.05
	done
	: "$i"
	mock=$(cat "$work/port")
}

row_start() {
	local program ms command
	mock=
	rm -rf "$fresh"
	echo 'require .a' >"$work/rules"
	[ ! -x "$BUILD/bin/mock-broker" ] || start_mock
	for program in $(weir --list); do
		read -ra command <<<"$(idle_command "$program")"
		if ! ms=$(for _ in 1 2 3 4 5; do idle_ms "${command[@]}" || exit; done | median); then
			printf "| start to exit, \`%s\` | | could not be measured | | | under 20 ms |\n" "$program"
			status=1
			continue
		fi
		printf "| start to exit, \`%s\` | | %s ms | | | under 20 ms%s |\n" "${command[*]:0:2}" "$ms" \
			"$(awk -v ms="$ms" 'BEGIN { if (ms >= 20) print " **missed**" }')"
	done
	exec 4>&-
	wait
}
