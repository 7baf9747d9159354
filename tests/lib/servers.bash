# servers.bash: the real servers of one run of tests/run, which starts each that one of its files needs.
# shellcheck shell=bash
# It calls attend and verdict of tests/run, and uses its tmp and BUILD.
# shellcheck disable=SC2154

# The tag of those who need them: the servers.
readonly -A servers=([server]=kafka [s3]='minio versitygw' [azure]=azurite [hdfs]=hdfs [spark]=spark [postgres]=postgres)

# The tags of files that need none.
no_server=$(printf '!%s,' "${!servers[@]}")
readonly no_server=${no_server%,}

needed() { # needed FILE...: the servers of these files
	local tag
	for tag in "${!servers[@]}"; do
		! grep -qE "^# bats (file|test)_tags=(.*,)?$tag *(,|\$)" "$@" || tr ' ' '\n' <<<"${servers[$tag]}"
	done
}

start_server() { # start_server NAME
	local status=0 begin=${EPOCHREALTIME/./}
	tests/servers/"$1" start "$tmp/$1" >"$tmp/$1.out" 2>&1 || status=$?
	verdict "$1" $status "$1 starts" "$begin" <"$tmp/$1.out"
	return $status
}

# What has to be built first takes minutes and says so, so it does not hide in the log of the start.
start_servers() { # start_servers NAME...
	local name pids=() status=0
	for name; do
		attend tests/servers/"$name" install || status=$?
	done
	if [ $status != 0 ]; then
		verdict servers $status 'all servers are installed' <<<'the reason is above'
		return 1
	fi
	for name; do
		start_server "$name" &
		pids+=($!)
	done
	for name in "${pids[@]}"; do wait "$name" || status=1; done
	export WEIR_TEST_SERVERS=$tmp
	return $status
}

use_kafka() { # what belongs to the one broker of the run is exported
	[ -e "$tmp/kafka/env" ] || return 0
	# shellcheck source=/dev/null
	. "$tmp/kafka/env"
	# The first group makes the broker create its topic of groups, which takes longer than consume is silent for.
	"$BUILD/servers/kadmin" "$WEIR_TEST_KAFKA" create warm-up 1
	"$BUILD/servers/kadmin" "$WEIR_TEST_KAFKA" commit warm-up warm-up 0 0
}
