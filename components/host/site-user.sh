#!/usr/bin/env bash
# site-user SITE : the site's system user, its folders, its socket folder at every boot, its log rotation and
# a secret key that never leaves the machine.
. "${0%/*}/lib/common.sh"

logrotate() {
  cat <<END
# Placed by django-server.
/var/log/$1/nginx-*.log {
    weekly
    rotate 12
    maxsize 50M
    missingok
    notifempty
    compress
    delaycompress
    create 0640 www-data adm
    sharedscripts
    postrotate
        # Told to reopen its logs, a worker of nginx would do so as www-data, who may not enter this folder.
        systemctl --quiet is-active nginx && systemctl reload nginx || true
    endscript
}
END
}

# usermod refuses to change the home of a user whose processes it sees: there it must see none but its own.
give_home() {
  usermod "$@" 2>/dev/null || unshare --pid --fork --mount-proc usermod "$@"
}

# A volume with a site's data may have come here from another machine, on which the site's user had other numbers. The
# folder that tells them is given to the user last, below.
take_over() {
  local site=$1 shared=/srv/$1/shared user group
  [ -d "$shared" ] || return 0
  user=$(stat --format %u "$shared")
  group=$(stat --format %g "$shared")
  set -- "/srv/$site" "/etc/django-server/$site" ! -path "$shared"
  [ "$user" = "$(id -u "$site")" ] || find "$@" -uid "$user" -exec chown --no-dereference "$site" {} +
  [ "$group" = "$(id -g "$site")" ] || find "$@" -gid "$group" -exec chgrp --no-dereference "$site" {} +
}

main() {
  local site=${1:?site} home key
  home=/srv/$site
  lock "site-$site"
  if [ ! -d "/etc/django-server/$site" ] && getent passwd "$site" >/dev/null; then
    [ "$(getent passwd "$site" | cut -d: -f6)" = "$home" ] ||
      fail "a user named $site exists already and is not this site's; choose another site name"
  fi
  [ ! -e "/etc/nginx/sites-available/$site" ] || refuse_foreign "/etc/nginx/sites-available/$site"
  getent passwd "$site" >/dev/null ||
    quietly useradd --system --user-group --home-dir "$home" --no-create-home --shell /usr/sbin/nologin "$site" ||
    fail "the system user $site could not be made"
  [ "$(getent passwd "$site" | cut -d: -f6,7)" = "$home:/usr/sbin/nologin" ] ||
    quietly give_home --home "$home" --shell /usr/sbin/nologin "$site" ||
    fail "the system user $site could not be given its home and shell again"
  install -d -m 0755 /etc/django-server /srv "$home" "$home/releases" "$home/venvs"
  install -d -m 0750 -o root -g "$site" "/etc/django-server/$site" "/etc/django-server/$site/next"
  take_over "$site"
  install -d -m 0755 -o "$site" -g "$site" "$home/shared"
  # The group bit hands every upload to nginx's group, so that nginx may read it and nobody else.
  install -d -m 2750 -o "$site" -g www-data "$home/shared/media"
  install -d -m 0700 -o "$site" -g "$site" "$home/shared/data" "$home/shared/persistent" "/var/cache/django-server-$site"
  install -d -m 0750 -o root -g adm "/var/log/$site"

  printf '# Placed by django-server.\nd /run/%s 2750 %s www-data\n' "$site" "$site" |
    cat >"/etc/tmpfiles.d/django-server-$site.conf"
  systemd-tmpfiles --create "/etc/tmpfiles.d/django-server-$site.conf"
  logrotate "$site" >"/etc/logrotate.d/django-server-$site"

  if [ ! -s "/etc/django-server/$site/generated" ]; then
    key=$(head -c 48 /dev/urandom | base64 | tr '+/' '-_')
    key=$(printf "SECRET_KEY='%s'\nDJANGO_SECRET_KEY='%s'\n" "$key" "$key" |
      stage "/etc/django-server/$site/generated" 0640 "root:$site")
    mv -f "$key" "/etc/django-server/$site/generated"
  fi
  # Goes into the sums of secrets, which then tell nothing of them.
  if [ ! -s "/etc/django-server/$site/salt" ]; then
    key=$(head -c 32 /dev/urandom | base64 | stage "/etc/django-server/$site/salt" 0600)
    mv -f "$key" "/etc/django-server/$site/salt"
  fi
  # What `npm run status` compares these with.
  sha256sum "/etc/tmpfiles.d/django-server-$site.conf" "/etc/logrotate.d/django-server-$site"
}

main "$@"
