# What deploy/run and deploy/test share: messages, the tools and libraries a build needs, the check of Swift.
# shellcheck shell=bash

swift_major_min=6
swift_minor_min=2

say() { printf '%s\n' "$*"; }

# Ends the script with one clear line.
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# One line for each thing that must be there: Debian's package, and the command or the file that proves it installed.
prerequisites() {
    cat <<'END'
libhiredis-dev /usr/include/hiredis/hiredis.h
libsqlite3-dev /usr/include/sqlite3.h
libpq-dev /usr/include/postgresql/libpq-fe.h
libqrencode-dev /usr/include/qrencode.h
zlib1g-dev /usr/include/zlib.h
redis-server redis-server
curl curl
jq jq
git git
pkg-config pkg-config
util-linux setpriv
END
}

# What only the tests need: they start private clusters themselves, so the one that the package makes may be stopped;
# the API is checked, and Stripe played, in Python environments of their own.
test_prerequisites() {
    cat <<'END'
postgresql /usr/lib/postgresql/*/bin/initdb
python3-venv /usr/lib/python3*/ensurepip
END
}

# The packages that are missing of those that the given functions list.
missing_packages() {
    local list package proof
    for list in "$@"; do
        while read -r package proof; do
            case "$proof" in
                /*) compgen -G "$proof" >/dev/null || say "$package" ;;
                *) command -v "$proof" >/dev/null || say "$package" ;;
            esac
        done < <("$list")
    done
}

as_root() {
    if [[ "$(id -u)" -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "these packages are missing and neither root nor sudo is at hand to install them: ${packages[*]}"
    fi
}

# Installs with apt what is missing of the prerequisites and of the further lists given; does nothing when all is there.
install_prerequisites() {
    local packages
    mapfile -t packages < <(missing_packages prerequisites "$@")
    [[ "${#packages[@]}" -gt 0 ]] || return 0
    command -v apt-get >/dev/null || die "install these first (there is no apt-get here): ${packages[*]}"
    say "Installing ${packages[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${packages[@]}" >/dev/null
    mapfile -t packages < <(missing_packages prerequisites "$@")
    [[ "${#packages[@]}" -eq 0 ]] || die "still missing after the installation: ${packages[*]}"
}

# Refuses a Swift that is absent or too old for the package's manifest.
require_swift() {
    command -v swift >/dev/null \
        || die "Swift is not installed or not on PATH; get $swift_major_min.$swift_minor_min or newer from https://www.swift.org/install"
    local version
    version=$(swift --version 2>&1 || true)
    [[ "$version" =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || die "cannot tell the version of $(command -v swift): $version"
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    if ((major < swift_major_min || (major == swift_major_min && minor < swift_minor_min))); then
        die "Swift $major.$minor is too old; $swift_major_min.$swift_minor_min or newer is needed: https://www.swift.org/install"
    fi
}
