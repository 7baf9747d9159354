#compdef weir
# zsh completion of weir.  Programs come from `weir --list`, options and their values from `weir NAME --help`, so nothing
# here names a program or an option.

# What completes a value that --help calls $1; sets reply.
_weir_action() {
	case $1 in
	*FILE) reply=_files ;;
	*DIR) reply='_files -/' ;;
	*\|*)
		local -a words=(${(M)${(s:|:)${1%%\[*}}:#[a-z0-9-]##})
		reply="($words)"
		;;
	*) reply=' ' ;;
	esac
}

# Specifications for _arguments from the help of `weir` or `weir NAME`; sets specs and usage.
_weir_specs() { # _weir_specs WEIR [NAME]
	setopt localoptions extendedglob
	local line key name arg text reply
	local -a match lines=("${(@f)$(_call_program help ${(q)@} --help 2>/dev/null </dev/null)}")
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
		specs+=("*--${name}=[$text]:$arg:$reply")
		[[ -z $key ]] || specs+=("*-${key}+[$text]:$arg:$reply")
	done
}

# What completes operands, by the usage line; adds to specs.
_weir_operands() {
	setopt localoptions extendedglob
	case ${usage//\[-[^]]#\]##(...|)/} in
	*CMD*) specs+=('*::: :_normal') ;;
	*(FILE|DIR)*) specs+=('*: :_files') ;;
	esac
}

_weir() {
	setopt localoptions extendedglob
	local weir=$words[1] context state usage curcontext=$curcontext
	local -a specs line programs
	local -A opt_args
	_weir_specs $weir
	_arguments -C -S $specs '1: :->program' '*:: :->arguments' && return
	case $state in
	program)
		programs=("${(@f)$(_call_program list ${(q)weir} --list 2>/dev/null)}" help)
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
