#!/usr/bin/env bash
# Makes a source tree for dpkg-buildpackage. Version and licence come from the repository, the packager is the one that
# DEBFULLNAME and DEBEMAIL name.
#
#   debian.sh FOLDER && cd FOLDER && dpkg-buildpackage --unsigned-source --unsigned-changes --build=binary
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${DEBFULLNAME:?the name of who makes the package}" "${DEBEMAIL:?the address of who makes the package}"
mkdir -p "$1"
cp -r "$root"/{include,single_include,examples,subprojects,meson.build,meson.options,README.md,CHANGELOG.md,LICENSE} "$1/"
ln -sf meson.options "$1/meson_options.txt"
cp -r "$here/debian" "$1/debian"
version=$("$root/single_include/release.py" version)
sed -i "s|@maintainer@|$DEBFULLNAME <$DEBEMAIL>|" "$1/debian/control"
sed -e 's/^$/./' -e 's/^/ /' "$root/LICENSE" >>"$1/debian/copyright"
cat >"$1/debian/changelog" <<END
cairn ($version) unstable; urgency=medium

  * CHANGELOG.md says what is new.

 -- $DEBFULLNAME <$DEBEMAIL>  $(date --rfc-email)
END
