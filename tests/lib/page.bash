# page.bash: the literal blocks of a manual page, as a terminal of 80 columns shows it; loaded after weir.bash.
# shellcheck shell=bash

page_shown() { # page_shown FILE-OF-MAN
	mandoc -T utf8 -O width=80 "$WEIR_ROOT/man/$1" | col -bx
}

# Of the page on standard input each literal block, after a line of its heading and its number under that, with a tab
# between. Text begins 5 columns from the left; literal text begins at 11 columns, after an empty line. The text of
# lists begins there, too, but directly below its item.
page_blocks() {
	awk '/^[^ ]/ { heading = $0; number = inside = 0; next }
		/^   [^ ]/ { heading = substr($0, 4); number = inside = 0; next }
		/^     [^ ]/ { inside = blank = 0; next }
		/^$/ { blank = 1; next }
		!inside && (!blank || !/^           [^ ]/) { blank = 0; next }
		!inside { inside = 1; blank = 0; printf "%s\t%d\n", heading, ++number }
		blank { print ""; blank = 0 }
		{ print }'
}

# The N-th literal block under HEADING of the page on standard input, as shown on the screen, after the commands of sed.
page_block() { # page_block HEADING [N [SED]]
	local text
	text=$(page_blocks | awk -v wanted="$1	${2:-1}" '/^[^ ]/ { on = $0 == wanted; next } on')
	[ -n "$text" ] || fail "no literal block '$1' ${2:-1}" || return 1
	sed "${3:-}" <<<"$text"
}
