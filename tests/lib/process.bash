# process.bash: name processes so that a recycled pid or a zombie is never mistaken for one.
# shellcheck shell=bash

# Set process to "PID START" of a process; to nothing if it is gone or a zombie.  It starts no process itself, because
# others ask in loops.
_process_find() { # _process_find PID
	local stat fields
	process=
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
	read -ra fields <<<"${stat##*) }"
	[ "${fields[0]}" = Z ] || process="$1 ${fields[19]}"
}

# Print "PID START" of a process, if it runs.
process_id() { # process_id PID
	local process
	_process_find "$1"
	[ -z "$process" ] || printf '%s\n' "$process"
}

# Is that very process still running?
process_runs() { # process_runs "PID START"
	local process
	[ -n "$1" ] && _process_find "${1%% *}" && [ "$process" = "$1" ]
}

# Send a signal to it, if it still runs.
process_signal() { # process_signal SIGNAL "PID START"
	! process_runs "$2" || kill "-$1" "${2%% *}" 2>/dev/null || true
}

# Whether neither a core can be made of the process PID nor another process of its user may read its memory.  It must not be
# root's: that the files about it in /proc belong to root, and not to its user, is how the kernel shows it.
process_guarded() { # process_guarded PID
	[ "$(stat -c %u "/proc/$1/environ")" = 0 ]
}

# Wait until it is gone; 1 if it still runs after SECONDS.
process_wait() { # process_wait SECONDS "PID START"
	local end=$((SECONDS + $1))
	while process_runs "$2"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.02
	done
}

# Close all but the standard streams, before starting something that will outlive the caller: whoever waits for the end
# of one of them (bats does, on its descriptor 3) would wait for that process.
process_close_descriptors() {
	local fd
	for fd in /proc/self/fd/*; do
		fd=${fd##*/}
		if [ "$fd" -gt 2 ] && [ "$fd" -ne 255 ]; then eval "exec $fd>&-"; fi
	done
}

# The pids of the processes with an environment variable that begins like this (a regular expression; \$ ends it).
process_marked() { # process_marked VARIABLE=VALUE
	local pid list
	list=$(cd /proc && grep -lsz "^$1" [0-9]*/environ) || true
	for pid in $list; do
		pid=${pid%/environ}
		if [ "$pid" = $$ ] || [ -z "$(process_id "$pid")" ]; then continue; fi
		echo "$pid"
	done
}

# Kill them and what they start meanwhile, but never the caller.
process_sweep() { # process_sweep VARIABLE=VALUE
	local found
	while found=$(process_marked "$1") && [ -n "$found" ]; do
		# shellcheck disable=SC2086 # one word per pid
		kill -9 $found 2>/dev/null || true
		sleep 0.02
	done
}

# Kill all descendants of PID except the caller; each is stopped before its children are listed, so that none is missed.
process_kill_children() { # process_kill_children PID
	local child
	for child in $(pgrep -P "$1"); do
		[ "$child" != "$BASHPID" ] || continue
		kill -STOP "$child" 2>/dev/null || continue
		process_kill_children "$child"
		kill -9 "$child" 2>/dev/null || true
	done
}
