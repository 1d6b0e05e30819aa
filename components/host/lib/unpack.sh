# shellcheck shell=bash
# Several files in one text on standard input, each after a line `==> NAME <==`, into a folder.
unpack() { awk -v dir="$1" '/^==> [A-Za-z0-9._-]+ <==$/ { file = dir "/" $2; printf "" >file; next } file { print >file }'; }
