"""Lambda's file system, in a mount namespace of this process: /var/task, /opt and its own /tmp.

Everything but /tmp is read-only there, as on AWS:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
Linux lets everybody have such a namespace (5.12 or newer) unless the machine's owner forbade it,
as some containers and distributions do.
"""

import os
import sys
from importlib import import_module

_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_DETACH = 2
_NO_NEW_PRIVILEGES = 38
# The version of the kernel's table of rights.
_CAPABILITIES = 0x20080522
# Numbers of system calls that the C library has no names for; PIVOT_ROOT's differs.
_MOUNT_SETATTR = 442
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_AT_RECURSIVE, _ATTR_READ_ONLY = 0x8000, 1
# Folders that look different on AWS: they are made anew, with what is said to be in them.
_MADE = ("/dev", "/opt", "/tmp", "/var")
# No disks, and no /dev/shm (`semaphores` says what follows from that).
_DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
_DEVICE_LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
}


class FileSystemError(OSError):
    """This machine does not let us make one."""


def enter(root: str, code: str, layers: list[str], tmp: str, needed: list[str]) -> None:
    """Let this process and all that it starts see AWS's folders; nothing changes if that fails.

    Args:
        root: an empty folder to build in.
        code: becomes /var/task.
        layers: become /opt, a later one over an earlier one.
        tmp: becomes /tmp.
        needed: folders that stay where they are, though in the place of AWS's: Python's own.

    Raises:
        OSError: it cannot be made here.
    """
    if sys.platform != "linux" or os.uname().machine not in _PIVOT_ROOT:
        raise FileSystemError(f"no mount namespaces on {sys.platform}")
    if any(_is_in(folder, "/opt") for folder in needed):
        raise FileSystemError("Python itself is in /opt, where layers would be")
    mounts = _Mounts()
    mounts.separate()
    mounts.mount("tmpfs", root, kind="tmpfs", data="mode=0755")
    mounts.mirror("/", root, without=_MADE)
    mounts.mirror("/var", f"{root}/var", without=("/var/task",))
    mounts.make_devices(f"{root}/dev")
    mounts.bind(code, _made(f"{root}/var/task"))
    _made(f"{root}/opt")
    if len(layers) == 1:
        mounts.bind(layers[0], f"{root}/opt")
    elif layers:
        lower = ":".join(reversed(layers))
        mounts.mount("overlay", f"{root}/opt", kind="overlay", data=f"lowerdir={lower}")
    _made(f"{root}/tmp")
    mounts.make_read_only(root)
    mounts.bind(tmp, f"{root}/tmp")
    for folder in needed:
        if _is_in(folder, "/tmp"):
            mounts.bind(folder, _made(root + folder))
            mounts.make_read_only(root + folder)
    mounts.become_root(root)
    mounts.give_up_rights()


class _Mounts:
    """The system calls."""

    def __init__(self) -> None:
        try:
            self._c = import_module("ctypes")
        except ImportError as error:  # a Python that was built without it
            raise FileSystemError(str(error)) from None
        self._libc = self._c.CDLL(None, use_errno=True)

    def separate(self) -> None:
        """Give this process a namespace of mounts, and the right to change it."""
        user, group = os.geteuid(), os.getegid()
        self._check("unshare", self._libc.unshare(_NEW_USER | _NEW_MOUNTS))
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123
                file.write(text)
        self.mount("none", "/", flags=_RECURSIVE | _PRIVATE)

    def mount(
        self, source: str, target: str, *, kind: str = "", flags: int = 0, data: str = ""
    ) -> None:
        arguments = (os.fsencode(text) if text else None for text in (source, target, kind))
        self._check(
            f"mount of {target}",
            self._libc.mount(*arguments, self._c.c_ulong(flags), os.fsencode(data) or None),
        )

    def bind(self, source: str, target: str) -> None:
        """Show a folder or file, with all that is mounted in it, in another place too."""
        self.mount(source, target, flags=_BIND | _RECURSIVE)

    def mirror(self, source: str, target: str, without: tuple[str, ...]) -> None:
        """Show what is in a folder, but for these paths, in another one."""
        _made(target)
        for entry in os.scandir(source):
            there = os.path.join(target, entry.name)  # noqa: PTH118
            if entry.path in without:
                continue
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), there)  # noqa: PTH115, PTH211
                continue
            if entry.is_dir():
                self.bind(entry.path, _made(there))
            else:
                self.bind_file(entry.path, there)

    def bind_file(self, source: str, target: str) -> None:
        """Show a file that is no folder in another place, too."""
        open(target, "w").close()  # noqa: PTH123
        self.bind(source, target)

    def make_devices(self, folder: str) -> None:
        """A /dev with what a handler finds there on AWS."""
        _made(folder)
        for name in _DEVICES:
            if os.path.exists(f"/dev/{name}"):  # noqa: PTH110
                self.bind_file(f"/dev/{name}", f"{folder}/{name}")
        for name, target in _DEVICE_LINKS.items():
            os.symlink(target, f"{folder}/{name}")  # noqa: PTH211

    def make_read_only(self, folder: str) -> None:
        """It and every mount in it."""
        attributes = (self._c.c_uint64 * 4)(_ATTR_READ_ONLY, 0, 0, 0)
        self._check(
            "mount_setattr",
            self._libc.syscall(
                _MOUNT_SETATTR,
                -100,
                os.fsencode(folder),
                _AT_RECURSIVE,
                attributes,
                self._c.c_size_t(self._c.sizeof(attributes)),
            ),
        )

    def become_root(self, folder: str) -> None:
        """The folder is / from now on; what was / before is gone."""
        os.chdir(folder)
        number = _PIVOT_ROOT[os.uname().machine]
        self._check("pivot_root", self._libc.syscall(number, b".", b"."))
        self._check("umount", self._libc.umount2(b".", _DETACH))
        os.chdir("/")

    def give_up_rights(self) -> None:
        """Those that the namespace brought: nothing that was made here can be undone with them.

        Nor do programs that are started get them back, as the system's owner does in a namespace.
        """
        header = (self._c.c_uint32 * 2)(_CAPABILITIES, 0)
        none = (self._c.c_uint32 * 6)()
        self._check("no new privileges", self._libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        self._check("capset", self._libc.capset(header, none))

    def _check(self, what: str, answer: int) -> None:
        if answer:
            number = self._c.get_errno()
            raise FileSystemError(number, f"{what}: {os.strerror(number)}")


def _made(folder: str) -> str:
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    return folder


def _is_in(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")
