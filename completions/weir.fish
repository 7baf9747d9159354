# fish completion of weir.  Programs come from `weir --list`, options and their values from `weir NAME --help`, so
# nothing here names a program or an option.

# The options of a program, one per line: letter, name, value and text between tabs.
function __weir_options # WEIR [NAME]
    $argv --help 2>/dev/null </dev/null |
        string replace -rf '^  (?:-(.),|   ) --([a-z0-9-]+)(?: ([^ ]+))?(?:  +(.*))?$' '$1\t$2\t$3\t$4'
end

# The words of the list in --help that belongs to an operand or a value: METRIC has them below "Metrics".
function __weir_list # WEIR NAME WORD
    set -l head (string sub -l 1 -- $argv[3])(string sub -s 2 -- $argv[3] | string lower)s
    set -l on
    for line in ($argv[1..2] --help 2>/dev/null </dev/null)
        if not string match -q -- ' *' "$line"
            set on (string match -r -- "^$head"'[;,:]' "$line")
        else if test -n "$on"
            string replace -rf '^  ([a-z][a-z0-9_-]*).*' '$1' -- $line
        end
    end
end

# What brokers, the configuration, or the beginning of a file on the line say to an operand or value: names, or nothing.
function __weir_asked # WORD WEIR
    set -l words (commandline -opc)
    $argv[2] complete $argv[1] $words[2..] 2>/dev/null </dev/null
end

# Candidates for a value that --help calls $argv[1], with what is typed of it, a program, and a text that stands before each.
function __weir_values # ARG CURRENT WEIR NAME [PREFIX]
    switch $argv[1]
        case FILE
            string replace -r '^' -- "$argv[5]" (__fish_complete_path $argv[2])
        case '*DIR'
            string replace -r '^' -- "$argv[5]" (__fish_complete_directories $argv[2])
        case '*|*'
            string split '|' -- (string replace -r '\[.*' '' -- $argv[1]) |
                string match -r '^[a-z0-9-]+$' | string replace -r '^' -- "$argv[5]"
            if string match -q '*FILE' -- $argv[1] # or a file
                string replace -r '^' -- "$argv[5]" (__fish_complete_path $argv[2])
            end
        case '*'
            # what stands before the last comma of a list is settled
            set -l before (string match -r '.*,' -- "$argv[2]")
            begin
                __weir_list $argv[3] $argv[4] $argv[1]
                __weir_asked $argv[1] $argv[3]
            end | while read -l word
                printf '%s%s%s\n' "$argv[5]" "$before" $word
            end
    end
end

# What --help calls the value of option $argv[1], as typed: -x, a cluster that ends in x, or --name.
function __weir_value_of # WORD OPTION...
    for option in $argv[2..]
        set -l field (string split \t -- $option)
        if test -n "$field[3]"
            if test "$argv[1]" = "--$field[2]"
                echo $field[3]
            else if test -n "$field[1]"; and string match -qr -- "^-[^-]*$field[1]\$" $argv[1]
                echo $field[3]
            end
        end
    end
end

function __weir_print_options # OPTION...
    for option in $argv
        set -l field (string split \t -- $option)
        test -z "$field[1]"; or printf '%s\t%s\n' -$field[1] "$field[4]"
        printf '%s\t%s\n' --$field[2] "$field[4]"
    end
end

# Operands of a program, by its usage line; once there is a command, its arguments.
function __weir_operands # WEIR NAME CURRENT HAVE
    set -l usage ($argv[1] $argv[2] --help 2>/dev/null </dev/null)[1]
    set usage (string replace -ar '\[-[^]]*\]+(\.\.\.)?' '' -- $usage)
    switch $usage
        case '* TOPIC*' '* [TOPIC*'
            if test -z "$argv[4]"; or not string match -q '*FILE*' -- $usage
                __weir_asked TOPIC $argv[1]
            else
                __fish_complete_path $argv[3]
            end
        case '*CMD*'
            if test "$argv[4]" = operand
                __fish_complete_path $argv[3]
            else
                complete -C "$argv[3]"
            end
        case '*FILE*' '*DIR*'
            __fish_complete_path $argv[3]
            # the words of a list for the first operand, and while they go on
            set -l parts (string match -ar '[^ ]+' -- $usage) # usage: weir NAME METRIC ...
            if test "$parts[4]" = EXPR; and test -z "$argv[4]"
                __weir_list $argv[1] $argv[2] FUNCTION
            end
            if set -q parts[4]; and test -z "$argv[4]" -o "$parts[5]" = ...
                __weir_list $argv[1] $argv[2] $parts[4]
            end
    end
end

function __weir_arguments # CURRENT WEIR NAME WORD...
    set -l current $argv[1]
    set -l options (__weir_options $argv[2..3])
    set -q options[1]; or return
    set -l want
    set -l seen
    for word in $argv[4..]
        if test -n "$want"
            set want
        else if test "$word" = --
            set seen --
            break
        else if string match -q -- '-?*' $word
            set want (__weir_value_of $word $options)
        else
            set seen operand
            # a command's own words are not ours
            string match -qr ' CMD( |$)' -- ($argv[2..3] --help 2>/dev/null </dev/null)[1]; and break
        end
    end
    if test -n "$want"
        __weir_values $want $current $argv[2] $argv[3]
    else if test "$seen" != --; and string match -qr -- '^--[^=]+=' $current
        set -l pair (string split -m1 = -- $current)
        __weir_values (__weir_value_of $pair[1] $options) "$pair[2]" $argv[2] $argv[3] $pair[1]=
    else if test "$seen" != --; and string match -q -- '-*' $current
        __weir_print_options $options
    else
        __weir_operands $argv[2] $argv[3] "$current" "$seen"
    end
end

function __weir_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l weir $words[1]
    set -e words[1]
    set -l options (__weir_options $weir)
    while string match -q -- '-*' "$words[1]"
        set -l want (__weir_value_of $words[1] $options)
        set -e words[1]
        test -n "$want"; or continue
        if not set -q words[1]
            __weir_values $want "$current" $weir ''
            return
        end
        set -e words[1]
    end
    if not set -q words[1]
        if string match -q -- '-*' "$current"
            __weir_print_options (__weir_options $weir)
        else
            $weir --list 2>/dev/null
            printf '%s\n' help examples
        end
    else if test "$words[1]" = help
        if not set -q words[2]
            $weir --list 2>/dev/null
            $weir --help 2>/dev/null </dev/null | sed -nE '/^Pages/,/^$/s/^  ([a-z-]+) .*/\1/p'
        end
    else
        __weir_arguments "$current" $weir $words
    end
end

complete -c weir -f -a '(__weir_complete)'
