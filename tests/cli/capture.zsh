#!/usr/bin/env zsh
# Prints what zsh would offer for a command line: capture.zsh DIR LINE, with the completion functions of DIR.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word"
zpty -w shell '
null-line() { zle -I; }
zle -N null-line
zstyle ":completion:*" list-grouped false
zstyle ":completion:*" menu no
# Each set of candidates is printed, between marks, instead of being shown.
compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	typeset -a __hits
	builtin compadd -A __hits -O __hits "$@" 
	builtin compadd -A __hits "$@"
	for __hit in $__hits; do print -r -- "<hit>$__hit</hit>"; done
	[[ $#__hits -gt 0 ]]
}
done-now() { print "<done>"; exit; }
comppostfuncs=(done-now)
print "<ready>"
'
zpty -r shell output '*<ready>*<ready>*' || true
zpty -w -n shell "$2"$'\t'
while zpty -r shell line; do
	[[ $line == *'<done>'* ]] && break
	[[ $line == *'<hit>'* ]] && print -r -- "${${line#*<hit>}%%</hit>*}"
done
zpty -d shell
