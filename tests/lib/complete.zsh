# What zsh offers for a command line, one candidate a line: `zsh -f complete.zsh DIR LINE`, with the completion
# functions of DIR.  It is asked as a user would, by a Tab on a pseudo-terminal; the second shell reads this file too.

if [[ -o interactive ]]; then
	PROMPT=
	fpath=($1 $fpath)
	autoload -Uz compinit
	compinit -u -C -d $1/.dump # what the system's functions complete is looked up once, not each time
	bindkey '^I' complete-word
	zstyle ':completion:*' list-grouped false
	# The last step of every completion function: print what fits instead of keeping it.
	compadd() {
		if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
			builtin compadd "$@"
			return
		fi
		local -a capture_hits
		local capture_hit
		builtin compadd -A capture_hits "$@"
		for capture_hit in $capture_hits; do
			print -r -- "<hit>$capture_hit</hit>"
		done
		(($#capture_hits))
	}
	finish() {
		print DO''NE
		exit
	}
	comppostfuncs=(finish)
	print REA''DY
	return
fi

zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source ${(q)0:A} ${(q)1}"
zpty -r -m shell output '*READY*'
zpty -w -n shell "$2"$'\t'
zpty -r -m shell output '*DONE*'
for line in ${(f)output//$'\r'/}; do
	[[ $line == *'<hit>'* ]] && print -r -- "${${line##*<hit>}%%</hit>*}"
done
zpty -d shell
