# shellcheck shell=bash
# VOLUME : waits until the first boot is done, then mounts the data volume: what lies in its folders outlives the machine.
set -euo pipefail
umask 022

# Uploads and releases, settings and keys; databases with the settings that belong to them; what Redis keeps.
readonly folders=(/srv /etc/django-server /etc/postgresql /var/lib/postgresql /var/lib/redis)

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# 0: done; 2: done, with warnings.
await_first_boot() {
  local code=0
  cloud-init status --wait >/dev/null 2>&1 || code=$?
  case $code in
    0 | 2) ;;
    *)
      tail -n 20 /var/log/cloud-init-output.log >&2 || true
      fail "the machine's first boot failed: cloud-init status --long"
      ;;
  esac
}

# EC2 attaches the volume while the machine boots.
device_of() {
  local link="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${1/-/}" tries
  for ((tries = 0; tries < 120; tries++)); do
    if [ -b "$link" ]; then
      readlink -f "$link"
      return
    fi
    sleep 1
  done
  fail "the data volume $1 did not appear within two minutes"
}

# Only what holds nothing at all is formatted.
format_if_blank() {
  local code=0
  blkid --probe "$1" >/dev/null || code=$?
  case $code in
    0) ;;
    2) mkfs.ext4 -q -L data "$1" ;;
    *) fail "what is on the data volume can't be told: blkid --probe $1" ;;
  esac
}

# What would be written here while the volume is away must fail, not disappear below it.
seal() {
  mkdir -p "$1"
  mountpoint -q "$1" || chattr +i "$1" 2>/dev/null || true
}

declare_mounts() {
  local uuid
  uuid=$(blkid --match-tag UUID --output value "$1")
  {
    grep -v ' # django-server$' /etc/fstab || true
    printf 'UUID=%s /data ext4 defaults,nofail 0 2 # django-server\n' "$uuid"
    local folder
    for folder in "${folders[@]}"; do
      printf '/data%s %s none bind,nofail,x-systemd.requires-mounts-for=/data 0 0 # django-server\n' "$folder" "$folder"
    done
  } >/etc/fstab.new
  mv -f /etc/fstab.new /etc/fstab
  systemctl daemon-reload
}

mount_all() {
  seal /data
  mountpoint -q /data || mount /data
  # A volume that grew.
  resize2fs "$1" >/dev/null || fail "the file system of the data volume could not be grown: resize2fs $1"
  local folder
  for folder in "${folders[@]}"; do
    mkdir -p "/data$folder"
    seal "$folder"
    mountpoint -q "$folder" || mount "$folder"
  done
}

main() {
  local volume=${1:?volume} device
  await_first_boot
  device=$(device_of "$volume")
  format_if_blank "$device"
  declare_mounts "$device"
  mount_all "$device"
}

main "$@"
