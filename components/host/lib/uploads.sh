# shellcheck shell=bash
# Archives that were uploaded: they lie in the home of the user who logs in, until a step takes them.
upload_path() { printf '%s/%s\n' "$(getent passwd "${SUDO_USER:-root}" | cut -d: -f6)" "$1"; }

# check_upload FILE SHA256
check_upload() {
  [ -f "$1" ] || fail "the uploaded archive ${1##*/} is gone; upload it again with: pulumi up --replace URN_OF_UPLOAD"
  [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$2" ] || fail "the uploaded archive is damaged; run the deploy again"
}
