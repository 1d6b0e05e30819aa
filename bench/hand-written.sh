#!/usr/bin/env bash
# The recipe as one would write it down: a Django site on a fresh Debian, over one SSH session, the app's archive on
# standard input. No limits, no health check, no way back: only the same parts in the same places.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

site=wepynaire
home=/srv/$site

apt-get -qq update
apt-get -qq install -y --no-install-recommends nginx supervisor python3-venv curl </dev/null >/dev/null

useradd --system --user-group --home-dir "$home" --shell /usr/sbin/nologin "$site"
mkdir -p "$home/app" "/var/log/$site" "/run/$site"
tar -xzf - -C "$home/app"
python3 -m venv "$home/venv"
# The versions of the sample's Pipfile.lock, and gunicorn as `pipenv install gunicorn` adds it.
"$home/venv/bin/pip" install --quiet --disable-pip-version-check django==5.2.19 tzdata==2026.6 gunicorn==27.0.1

cat >"$home/environment" <<END
SECRET_KEY=$(head -c 32 /dev/urandom | base64)
ALLOWED_HOSTS=localhost
END
set -a
# shellcheck source=/dev/null
. "$home/environment"
set +a
cd "$home/app"
"$home/venv/bin/python" manage.py migrate --no-input >/dev/null
"$home/venv/bin/python" manage.py collectstatic --no-input >/dev/null
chown -R "$site:" "$home" "/run/$site"

cat >"/etc/supervisor/conf.d/$site-gunicorn.conf" <<END
[program:$site-gunicorn]
command=/bin/bash -c 'set -a; . $home/environment; exec $home/venv/bin/gunicorn --workers 3 --bind unix:/run/$site/gunicorn.sock wepynaire.wsgi:application'
directory=$home/app
user=$site
END
cat >"/etc/nginx/sites-available/$site" <<END
server {
    listen 80;
    server_name localhost;
    location /static/ { alias $home/app/staticfiles/; }
    location / {
        proxy_pass http://unix:/run/$site/gunicorn.sock;
        proxy_set_header Host \$http_host;
    }
}
END
ln -s "../sites-available/$site" "/etc/nginx/sites-enabled/$site"
rm -f /etc/nginx/sites-enabled/default
supervisorctl reread >/dev/null
supervisorctl update >/dev/null
systemctl reload nginx
until curl --silent --fail --output /dev/null --header 'Host: localhost' http://127.0.0.1/healthz; do sleep 0.1; done
