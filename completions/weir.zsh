#compdef weir
# zsh completion of weir.  Programs come from `weir --list`, options and their values from `weir NAME --help`, so nothing
# here names a program or an option.

# The words of the list of $lines that belongs to $1, an operand or a value: METRIC has them below "Metrics"; sets reply.
_weir_list() {
	local line on=
	reply=()
	for line in $lines; do
		if [[ $line != ' '* ]]; then
			[[ $line == ${1[1]}${(L)1[2,-1]}s[\;,:]* ]] && on=yes || on=
		elif [[ -n $on && $line == '  '[a-z]* ]]; then
			reply+=(${${line#  }%%[^a-z0-9_-]*})
		fi
	done
}

# What brokers, the configuration, or the beginning of a file on the line say to an operand or value: names, or nothing.
_weir_asked() { # _weir_asked WORD
	setopt localoptions extendedglob
	local -a names=("${(@f)$($_weir_command complete "$1" "${(@Q)_weir_words}" 2>/dev/null </dev/null)}")
	names=(${names:#})
	names=(${PREFIX%${PREFIX##*,}}${^names}) # what stands before the last comma of a list is settled
	compadd -a names
}

# What completes a value that --help calls $1; sets action.
_weir_action() {
	local -a reply
	case $1 in
	FILE) action=_files ;;
	*DIR) action='_files -/' ;;
	*\|*)
		local -a words=(${(M)${(s:|:)${1%%\[*}}:#[a-z0-9-]##})
		[[ $1 == *FILE ]] && action="_weir_either $words" || action="($words)"
		;;
	*)
		_weir_list $1
		(($#reply)) && action="($reply)" || action="{_weir_asked ${${(q)1}//:/\\:}}"
		;;
	esac
}

# Specifications for _arguments from the help of `weir` or `weir NAME`; sets specs and usage.
_weir_specs() { # _weir_specs WEIR [NAME]
	setopt localoptions extendedglob
	local line key name arg text action
	local -a match
	lines=("${(@f)$(_call_program help ${(q)@} --help 2>/dev/null </dev/null)}")
	usage=$lines[1]
	specs=()
	for line in $lines; do
		[[ $line =~ '^  (-(.),|   ) --([a-z0-9-]+)( ([^ ]+))?(  +(.*))?$' ]] || continue
		key=$match[2] name=$match[3] arg=$match[5] text=${match[7]//(#m)[\]\[\\:]/\\$MATCH}
		if [[ -z $arg ]]; then
			specs+=("*--${name}[$text]")
			[[ -z $key ]] || specs+=("*-${key}[$text]")
			continue
		fi
		_weir_action $arg
		arg=${arg//:/\\:}
		specs+=("*--${name}=[$text]:$arg:$action")
		[[ -z $key ]] || specs+=("*-${key}+[$text]:$arg:$action")
	done
}

# What completes operands, by the usage line: files, and the words of a list; adds to specs, and sets operands.
_weir_operands() {
	setopt localoptions extendedglob
	local -a reply parts=(${=usage//\[-[^]]#\]##(...|)/}) # usage: weir NAME METRIC ...
	case $parts in
	*' TOPIC '*FILE*) specs+=('1: :{_weir_asked TOPIC}' '*: :_files') ;;
	*' '(|\[)TOPIC*) specs+=('*: :{_weir_asked TOPIC}') ;;
	*CMD*) specs+=('*::: :_normal') ;;
	*(FILE|DIR)*)
		_weir_list ${parts[4]/#%EXPR/FUNCTION}
		operands=($reply)
		if (($#operands)) && [[ $parts[5] == ... ]]; then
			specs+=('*: :_weir_words_and_files')
		elif (($#operands)); then
			specs+=('1: :_weir_words_and_files' '*: :_files')
		else
			specs+=('*: :_files')
		fi
		;;
	esac
}

_weir_either() { # _weir_either WORD...: one of them, or a file
	local -a either=($@)
	_alternative 'words: :compadd -a either' 'files: :_files'
}

_weir_words_and_files() {
	_alternative 'words: :compadd -a operands' 'files: :_files'
}

_weir() {
	setopt localoptions extendedglob
	local weir=$words[1] _weir_command=$words[1] context state usage curcontext=$curcontext
	local -a specs line programs lines operands _weir_words=("${(@)words[2,CURRENT-1]}")
	local -A opt_args
	_weir_specs $weir
	_arguments -C -S $specs '1: :->program' '*:: :->arguments' && return
	case $state in
	program)
		programs=("${(@f)$(_call_program list ${(q)weir} --list 2>/dev/null)}" help examples)
		compadd -a programs
		;;
	arguments)
		if [[ $words[1] == help ]]; then
			((CURRENT == 2)) || return
			programs=("${(@f)$(_call_program list ${(q)weir} --list 2>/dev/null)}")
			programs+=("${(@f)$(_call_program help ${(q)weir} --help 2>/dev/null </dev/null |
				sed -nE '/^Pages/,/^$/s/^  ([a-z-]+) .*/\1/p')}")
			compadd -a programs
			return
		fi
		_weir_specs $weir $words[1]
		(($#specs)) || return
		_weir_operands
		_arguments -S -s $specs
		;;
	esac
}

_weir "$@"
