# shellcheck shell=bash
# Several files in one text, each after a line `==> NAME <==`.
unpack() { awk -v dir="$1" '/^==> [A-Za-z0-9._-]+ <==$/ { file = dir "/" $2; printf "" >file; next } file { print >file }'; }
