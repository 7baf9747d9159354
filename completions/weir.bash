# bash completion of weir.  Programs come from `weir --list`, options and their values from `weir NAME --help`, so
# nothing here names a program or an option.
# shellcheck shell=bash

# The options of a program, one per line: letter, name and value between colons, empty where there is none.
_weir_options() { # _weir_options WEIR [PROGRAM]
	"$1" ${2:+"$2"} --help 2>/dev/null </dev/null |
		sed -nE 's/^  (-(.),|   ) --([a-z0-9-]+)( ([^ ]+))?(  .*)?$/\2:\3:\5/p'
}

# The pages that `weir help` has beside those of programs.
_weir_pages() { # _weir_pages WEIR
	"$1" --help 2>/dev/null </dev/null | sed -nE '/^Pages/,/^$/s/^  ([a-z-]+) .*/\1/p'
}

# The words of the list in --help that belongs to $3, an operand or a value: METRIC has them below "Metrics".
_weir_list() { # _weir_list WEIR PROGRAM WORD
	local rest=${3:1}
	"$1" "$2" --help 2>/dev/null </dev/null |
		awk -v head="^${3:0:1}${rest,,}s[;,:]" '/^[^ ]|^$/ { on = $0 ~ head }
			on && match($0, /^  [a-z][a-z0-9_-]*/) { print substr($0, 3, RLENGTH - 2) }'
}

# What --help calls the value of option $2 (as typed: -x, a cluster that ends in x, or --name); fails if it has none.
_weir_value_of() { # _weir_value_of OPTIONS WORD
	local key name arg
	while IFS=: read -r key name arg; do
		[[ -n $arg ]] || continue
		if [[ $2 == "--$name" || ( -n $key && $2 == -[!-]* && $2 == *"$key" ) ]]; then
			printf '%s\n' "$arg"
			return
		fi
	done <<<"$1"
	return 1
}

# What brokers, the configuration, or the beginning of a file on the line say to operand or value $1: names, or nothing.
_weir_asked() { # _weir_asked WORD WEIR
	# COMP_WORDS has HOST:PORT in pieces.  A word as typed has its quotes; a file with such a name is not looked at.
	local words=("${COMP_WORDS[@]:0:COMP_CWORD}") line=${COMP_LINE:0:${COMP_POINT:-0}}
	[[ -z $line ]] || read -ra words <<<"${line%"${line##*[[:blank:]]}"}"
	"$2" complete "$1" "${words[@]:1}" 2>/dev/null </dev/null
}

# Candidates for $1, a word or list of which the part before the last comma is settled.
_weir_members() { # _weir_members CURRENT WORDS
	local before=''
	[[ $1 != *,* ]] || before=${1%,*},
	compgen -P "$before" -W "${2//\$/\\$}" -- "${1##*,}"
}

# Candidates for a value that --help calls $1: words of a|b|c in lower case, files, directories, words of a list.
_weir_values() { # _weir_values ARG CURRENT WEIR PROGRAM
	local word words=()
	case $1 in
	FILE)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$2")
		;;
	*DIR)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$2")
		;;
	*'|'*)
		while IFS= read -r -d '|' word; do
			[[ $word =~ ^[a-z0-9-]+$ ]] && words+=("$word")
		done <<<"${1%%\[*}|"
		mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$2")
		if [[ $1 == *FILE ]]; then # or a file
			compopt -o filenames 2>/dev/null
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$2")
		fi
		;;
	*) mapfile -t COMPREPLY < <(_weir_members "$2" "$(_weir_list "$3" "$4" "$1") $(_weir_asked "$1" "$3")") ;;
	esac
}

# Candidates for an operand of a program, by its usage line; the words of a list for the first one, and while they go on.
_weir_operands() { # _weir_operands USAGE CURRENT WEIR PROGRAM SEEN
	local usage words=()
	read -ra usage <<<"$1" # usage: weir NAME METRIC ...
	if [[ $1 == *' [TOPIC ...]'* || $1 == *' TOPIC ...'* || ( $1 == *' TOPIC '* && -z $5 ) ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_weir_asked TOPIC "$3")" -- "$2")
		return
	elif [[ ${usage[3]} == EXPR && -z $5 ]]; then
		mapfile -t words < <(compgen -W "$(_weir_list "$3" "$4" FUNCTION)" -- "$2")
	elif [[ -n ${usage[3]} && ( -z $5 || ${usage[4]} == ... ) ]]; then
		mapfile -t words < <(compgen -W "$(_weir_list "$3" "$4" "${usage[3]}")" -- "$2")
	fi
	compopt -o filenames 2>/dev/null
	case $1 in
	*CMD*) mapfile -t COMPREPLY < <(compgen -c -- "$2") ;;
	*FILE* | *DIR*) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	esac
	COMPREPLY+=("${words[@]}")
}

_weir() {
	local weir=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local program='' options usage words arg at seen='' word i
	COMPREPLY=()
	# --name=value arrives as three words
	if [[ $current == = ]]; then
		current=''
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	options=$(_weir_options "$weir")
	for ((at = 1; at < COMP_CWORD; at++)); do
		if [[ ${COMP_WORDS[at]} != -* ]]; then
			program=${COMP_WORDS[at]}
			break
		elif [[ ${COMP_WORDS[at + 1]} == = ]]; then
			((at += 2))
		elif _weir_value_of "$options" "${COMP_WORDS[at]}" >/dev/null; then
			((at += 1))
		fi
	done
	if [[ -z $program ]] && arg=$(_weir_value_of "$options" "$before"); then
		_weir_values "$arg" "$current" "$weir" ''
		return
	fi
	if [[ -z $program || ( $program == help && $at -eq $((COMP_CWORD - 1)) ) ]]; then
		if [[ $current == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$(cut -d: -f2 <<<"$options" | sed 's/^/--/')" -- "$current")
		else
			words=$("$weir" --list 2>/dev/null)
			if [[ -n $program ]]; then
				words+=" $(_weir_pages "$weir")"
			else
				words+=' help examples'
			fi
			mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
		fi
		return
	fi
	options=$(_weir_options "$weir" "$program")
	[[ -n $options ]] || return
	# the operands that stand before the cursor, and whether options can still come
	for ((i = at + 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word == -- ]]; then
			seen=--
			break
		elif [[ $word == -?* ]]; then
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i += 2)) && continue
			_weir_value_of "$options" "$word" >/dev/null && ((i += 1))
		else
			seen=operand
		fi
	done
	# the operands alone
	usage=$("$weir" "$program" --help 2>/dev/null </dev/null | sed -nE '1s/\[-[^]]*\]+(\.\.\.)?//gp')
	if [[ $seen == operand && $usage == *CMD* ]]; then
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	elif [[ $seen != -- ]] && arg=$(_weir_value_of "$options" "$before"); then
		_weir_values "$arg" "$current" "$weir" "$program"
	elif [[ $seen != -- && $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(sed -E 's/^(.):([^:]*):.*/-\1 --\2/; s/^:([^:]*):.*/--\1/' <<<"$options")" -- "$current")
	else
		_weir_operands "$usage" "$current" "$weir" "$program" "$seen"
	fi
}

complete -F _weir weir
