#!/usr/bin/env bash
# Makes a minimal cloud image of a base system: systemd, SSH by key only, one user with sudo, and nothing of
# what a site needs. Usage: prepare.sh LOGIN
set -euo pipefail

main() {
  local login=${1:?login name}
  remove_container_habits
  install_packages
  add_login "$login"
  close_ssh
  mask_units
  forget_identity
}

# Official images forbid services to start on installation and trim what apt keeps; servers do neither.
remove_container_habits() {
  rm -f /usr/sbin/policy-rc.d /etc/apt/apt.conf.d/docker-* /etc/dpkg/dpkg.cfg.d/docker-*
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
    systemd systemd-sysv dbus openssh-server python3 sudo iproute2 e2fsprogs ca-certificates >/dev/null
  apt-get clean
  rm -rf /var/lib/apt/lists/*
  echo 'LANG=C.UTF-8' >/etc/default/locale
}

add_login() {
  id "$1" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$1"
  install -d -m 700 -o "$1" -g "$1" "/home/$1/.ssh"
  echo "$1 ALL=(ALL) NOPASSWD:ALL" >/etc/sudoers.d/90-login
  chmod 440 /etc/sudoers.d/90-login
}

close_ssh() {
  printf '%s\n' 'PermitRootLogin no' 'PasswordAuthentication no' 'KbdInteractiveAuthentication no' \
    >/etc/ssh/sshd_config.d/10-key-login-only.conf
}

# Consoles, devices and the kernel's own settings belong to the computer that runs the container.
mask_units() {
  systemctl mask console-getty.service getty.target systemd-udevd.service systemd-udev-trigger.service \
    systemd-modules-load.service systemd-sysctl.service systemd-logind.service \
    systemd-networkd-wait-online.service dev-hugepages.mount sys-fs-fuse-connections.mount tmp.mount 2>/dev/null
}

# Each machine gets its own host key and machine-id.
forget_identity() {
  rm -f /etc/ssh/ssh_host_*
  : >/etc/machine-id
}

main "$@"
