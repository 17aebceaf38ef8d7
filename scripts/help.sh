# Sourced by the other scripts. With --help, a script prints the comment at its top and exits.

case "${1:-}" in
    -h | --help)
        sed -n '2,/^[^#]/ s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
esac

# For scripts without arguments of their own.
refuse_arguments() {
    if [[ $# -gt 0 ]]; then
        name=${0##*/}
        echo "${name%.sh}: unknown arguments: $* (see --help)" >&2
        exit 2
    fi
}
