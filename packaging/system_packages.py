"""Find the libraries and fonts of a Linux system that Qt and Qt WebEngine need, and get the missing ones.

The list is what the Qt libraries and plugins of the pinned PySide6 name as NEEDED. A library counts as there
when it loads, whichever way it came; package names are those of Debian and Ubuntu. Standard library only.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from console import StopError

# soname -> Debian package. `t64` names are chosen in `debian_name`.
WINDOW = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
SCREEN = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
PREVIEW = {
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libasound.so.2": "libasound2",
    "libexpat.so.1": "libexpat1",
    "libgbm.so.1": "libgbm1",
    "libnspr4.so": "libnspr4",
    "libnss3.so": "libnss3",
    "libsmime3.so": "libnss3",
    "libudev.so.1": "libudev1",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libxkbfile.so.1": "libxkbfile1",
}
LIBRARIES = {**WINDOW, **SCREEN, **PREVIEW}

# Part of a font file's name -> Debian package. Without them emoji and most scripts are empty boxes.
FONTS = {"emoji": "fonts-noto-color-emoji", "notosans-": "fonts-noto-core"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")

# Packages renamed when time_t became 64 bits wide: Ubuntu 24.04 and Debian 13 on, the first with glibc 2.39.
T64_SINCE_GLIBC = (2, 39)
OLDEST_GLIBC = (2, 34)
T64_NAMES = {"libasound2", "libglib2.0-0"}


def glibc_version():
    """Return the version of the C library as a pair, or None where it is another one."""
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (AttributeError, ValueError, OSError):
        return None
    if name != "glibc":
        return None
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def check_glibc(found):
    """Stop on a Linux that is older than the oldest one that the pinned PySide6's wheels run on."""
    if found is None or found < OLDEST_GLIBC:
        have = "another C library" if found is None else f"glibc {found[0]}.{found[1]}"
        need = f"{OLDEST_GLIBC[0]}.{OLDEST_GLIBC[1]}"
        raise StopError(f"Sprout Studio needs a Linux with glibc {need} or newer; this one has {have}.")


def debian_name(package, glibc):
    """Return the package's name on a system with this `glibc` version."""
    renamed = package in T64_NAMES and glibc is not None and glibc >= T64_SINCE_GLIBC
    return package + "t64" if renamed else package


def loads(soname):
    """Return True if the dynamic linker finds the library and all that it needs."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def font_is_there(part, folders=FONT_FOLDERS):
    """Return True if a font file whose name contains `part` lies in one of the folders."""
    for folder in folders:
        for _, _, names in os.walk(Path(folder).expanduser()):
            if any(part in name.lower() for name in names):
                return True
    return False


def missing(only=None):
    """Return the sonames and font marks that this system lacks; `only` limits the look to those."""
    wanted = list(LIBRARIES) + list(FONTS) if only is None else only
    return [name for name in wanted if not (font_is_there(name) if name in FONTS else loads(name))]


def stops_the_window(names, has_display):
    """Return True if the window cannot open without these; fonts and the preview can be missed."""
    return any(name in WINDOW or (has_display and name in SCREEN) for name in names)


def packages_for(names, glibc):
    """Return the Debian packages that bring `names`, sorted, each once."""
    known = {**LIBRARIES, **FONTS}
    return sorted({debian_name(known[name], glibc) for name in names})


def venv_package(version=sys.version_info):
    """Return the package that brings venv and ensurepip for this Python."""
    return f"python{version[0]}.{version[1]}-venv"


def apt_line(packages):
    """Return the exact command that brings the packages."""
    return "sudo apt-get install " + " ".join(packages)


def has_apt():
    """Return True on Debian, Ubuntu and what stems from them."""
    return shutil.which("apt-get") is not None


def is_root():
    """Return True for the superuser of a Unix system."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def may_install():
    """Return True if missing packages can be brought without asking anybody."""
    return is_root() and has_apt()


def how_to_mend(names, glibc):
    """Return the start of a sentence: what is missing and the exact command that brings it."""
    if has_apt():
        return f"Missing system libraries or fonts: run `{apt_line(packages_for(names, glibc))}`"
    return f"Missing system libraries or fonts: install what brings {', '.join(names)}"


def install(packages):
    """Install the packages with apt-get as root; return True if all went well."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    # A fresh container has no package lists; an old one has lists that name files which are gone.
    update = ["apt-get", "update", "-q"]
    subprocess.run(update, env=environment, check=False, stdout=sys.stderr)
    done = subprocess.run(command, env=environment, check=False, stdout=sys.stderr)
    return done.returncode == 0
