#!/bin/sh
# Makes an image for the container sandbox of what is on this machine: no registry is asked. For the tests (README).
#   scripts/container-image.sh [podman|docker] [NAME]      default: podman, assent-steps
set -eu
engine=${1:-podman}
name=${2:-assent-steps}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64" "$root/tmp" \
  "$root/etc" "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/var"
# What is mounted over a folder takes its mode.
chmod 1777 "$root/tmp"
ln -s usr/bin "$root/bin"
ln -s usr/bin "$root/sbin"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"
printf 'root:x:0:0:root:/root:/bin/sh\nstep:x:62000:62000:step:/home/step:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nstep:x:62000:\n' >"$root/etc/group"

bring() {
  # By the name it is asked for, and with every library it names.
  cp -L "$1" "$root/usr/bin/$2"
  { ldd "$1" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
    case $library in
      /lib64/* | /usr/lib64/*) folder=usr/lib64 ;;
      *) folder=$(dirname "$(echo "$library" | sed 's,^/lib/,/usr/lib/,')" | cut -c2-) ;;
    esac
    mkdir -p "$root/$folder"
    cp -Ln "$library" "$root/$folder/" || true
  done
}
for program in sh bash env cat cp cut date dd echo expr find grep head id ln ls mkdir mv printf readlink rm sed seq \
  setsid sleep sort tail tee test timeout touch tr true uname unshare wc yes chmod; do
  path=$(command -v "$program" || true)
  # A shell may have it built in.
  case $path in /*) ;; *) path=/usr/bin/$program ;; esac
  [ -x "$path" ] && bring "$path" "$program"
done
bring "$(npx --yes node -p process.execPath 2>/dev/null)" node
tar -C "$root" -c . | "$engine" import --change 'CMD ["/bin/sh"]' - "$name"
