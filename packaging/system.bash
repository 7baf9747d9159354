# system.bash: a bare Debian that a script may change: the scripts beside it source it.  The system of each
# suite is made by debootstrap once, and kept in the cache; what changes is a copy, which is removed at the end.
# shellcheck shell=bash

fail() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Sets root, a copy of the bare system of SUITE.
system_new() { # system_new SUITE
	local suite=$1 cache=${XDG_CACHE_HOME:-$HOME/.cache}/weir-test bare
	bare=$cache/bare-$suite
	[ "$(id -u)" = 0 ] || fail 'needs root, for debootstrap and chroot'
	command -v debootstrap >/dev/null || fail 'debootstrap is missing (Debian: apt-get install debootstrap)'
	if [ ! -d "$bare" ]; then
		mkdir -p "$cache"
		rm -rf "$bare.new"
		debootstrap --variant=minbase "$suite" "$bare.new" >"$bare.log" 2>&1 ||
			fail "debootstrap of $suite failed; does the mirror of this machine have it? See $bare.log"
		mv "$bare.new" "$bare"
	fi
	root=$(mktemp -d "${TMPDIR:-/tmp}/weir-bare-XXXXXX")
	system_made+=("$root")
	trap system_remove EXIT
	cp -a "$bare/." "$root"
	cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || :
	# how this machine gets at its mirror: a proxy, dates that do not count
	apt-config dump | grep -E '^Acquire::(Check-|https?::|Retries|ForceIPv)' >"$root/etc/apt/apt.conf.d/99machine" || :
}
system_made=()
system_remove() {
	rm -rf --one-file-system "${system_made[@]}"
}

# Run a command there, with /proc and /dev of its own, which end with it.
inside() { # inside COMMAND...
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount --pid --fork --kill-child bash -euc '
		root=$1
		shift
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount --make-rslave "$root/dev"
		exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
	' bash "$root" "$@"
}

quiet() { # quiet COMMAND...: what it prints is shown only if it fails
	local status=0
	"$@" >"$root.log" 2>&1 || status=$?
	[ $status = 0 ] || tail -n 30 "$root.log" >&2
	rm -f "$root.log"
	return $status
}
