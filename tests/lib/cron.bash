# cron.bash: runs lines of a crontab as cron does; loaded after weir.bash.
# shellcheck shell=bash

# Run the command of the line that matches, of the crontab on standard input: with the variables set in it, by sh, in the
# bare environment that cron gives, up to a % without a backslash.
cron_run() { # cron_run REGEX
	local crontab variables command
	crontab=$(sed 's/^ *//')
	mapfile -t variables < <(grep -E '^[A-Z_]+=' <<<"$crontab")
	command=$(sed -nE 's/^([^ ]+ ){5}//p' <<<"$crontab" | grep -E "$1" | sed -E 's/([^\\])%.*/\1/; s/\\%/%/g')
	[ -n "$command" ] || fail "no line matches $1" || return 1
	env -i HOME="$HOME" LOGNAME=weir SHELL=/bin/sh PATH=/usr/bin:/bin "${variables[@]}" /bin/sh -c "$command"
}
