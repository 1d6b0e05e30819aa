#!/usr/bin/env bash
# install-aws-agents REGION SETTINGS : Session Manager's agent and CloudWatch's, from Amazon's own buckets. Without
# them the machine works, but can't be entered by Session Manager, and its alarms on disk and memory go off.
set -euo pipefail

main() {
  local region=${1:?region} settings=${2:?settings of the CloudWatch agent} architecture
  architecture=$(dpkg --print-architecture)
  # Ubuntu's images have it, as a snap.
  if ! systemctl list-unit-files --no-legend | grep -q '^\(snap\.\)\?amazon-ssm-agent'; then
    install_package amazon-ssm-agent \
      "https://s3.$region.amazonaws.com/amazon-ssm-$region/latest/debian_$architecture/amazon-ssm-agent.deb"
  fi
  install_package amazon-cloudwatch-agent \
    "https://amazoncloudwatch-agent-$region.s3.$region.amazonaws.com/debian/$architecture/latest/amazon-cloudwatch-agent.deb"
  /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c "file:$settings"
}

# apt's own downloader is there before any package is installed.
install_package() {
  local file
  file=$(mktemp --suffix=.deb)
  /usr/lib/apt/apt-helper download-file "$2" "$file"
  dpkg --install "$file"
  rm "$file"
  systemctl enable --now "$1"
}

main "$@"
