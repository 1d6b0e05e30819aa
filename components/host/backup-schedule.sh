#!/usr/bin/env bash
# backup-schedule SITE : what backs the site up, from standard input, in one text: the settings, the service SITE-backup and
# its timer, if there is to be one.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/files.sh"

place() {
  cmp -s "$work/$1" "$2" || {
    local staged
    staged=$(stage "$2" <"$work/$1")
    mv -f "$staged" "$2"
  }
}

main() {
  local site=${1:?site} units=/etc/systemd/system settings work
  local service=$site-backup.service timer=$site-backup.timer
  settings=/etc/django-server/$site/backup
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  unpack_files "$work"
  lock "site-$site"
  refuse_foreign "$units/$service"
  refuse_foreign "$units/$timer"
  install -d -m 0700 "$settings"
  install -d -m 0755 /var/lib/django-server
  install -d -m 0700 /var/lib/django-server/backup "/var/lib/django-server/backup/$site"
  place settings "$settings/settings"
  grep -q '^repository ' "$settings/settings" || rm -f "$settings/secrets"
  lock systemd
  place "$service" "$units/$service"
  if [ -e "$work/$timer" ]; then
    place "$timer" "$units/$timer"
  elif [ -e "$units/$timer" ]; then
    quietly systemctl disable --now "$timer" || true
    rm -f "$units/$timer"
  fi
  systemctl daemon-reload
  [ ! -e "$units/$timer" ] || {
    systemd-analyze verify "$units/$timer" >&2 || true
    quietly systemctl enable "$timer"
    quietly systemctl restart "$timer" || fail "systemd does not take backup.schedule: $(sed -n 's/^OnCalendar=//p' "$units/$timer")"
  }
}

main "$@"
