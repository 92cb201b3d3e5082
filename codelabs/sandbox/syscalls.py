"""The seccomp filter, compiled here in the parent: the box has neither libseccomp nor a need for it.

Three lists. ALLOWED is what Python, NumPy and torch do when they compute, import and read. REFUSED fails as it would on
a host without permission, so that honest code which merely tries can go on. KILLED ends the process at once: nobody
calls these by accident, and the learner should read "forbidden", not an error of some library. Anything else, and
any system call that is yet to be invented, fails with ENOSYS, which makes a C library fall back to an older one.
"""

import contextlib
import errno
import functools
import tempfile
from typing import Any

from codelabs.sandbox.outcome import Unavailable

ALLOWED = """
    read readv pread64 preadv write writev lseek close fstat stat lstat newfstatat statx access faccessat faccessat2
    open openat readlink readlinkat getdents getdents64 getcwd dup dup2 dup3 pipe pipe2 eventfd2 poll ppoll select
    pselect6
    brk mmap munmap mremap mprotect madvise
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack alarm setitimer getitimer pause
    futex nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times sched_yield membarrier rseq
    set_robust_list get_robust_list set_tid_address restart_syscall exit exit_group
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getpgrp getpgid getsid getgroups getcpu
    getrusage getrlimit getpriority sched_getaffinity sched_getparam sched_getscheduler sysinfo uname getrandom capget
"""

REFUSED = """
    tkill tgkill prctl prlimit64 setrlimit setpriority sched_setaffinity sched_setscheduler fcntl ioctl flock
    mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat creat
    chmod fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat futimesat truncate ftruncate fallocate
    setxattr lsetxattr fsetxattr removexattr chdir fchdir umask sync syncfs fsync fdatasync mlock mlock2 mlockall
    get_mempolicy set_mempolicy mbind sendfile splice tee vmsplice copy_file_range inotify_init1 inotify_add_watch
    getsockname getsockopt pwrite64 pwritev setpgid setsid statfs fstatfs mincore
"""

KILLED = """
    execve execveat fork vfork
    socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg shutdown
    setsockopt
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
    kill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd
    keyctl add_key request_key
    io_uring_setup io_uring_enter io_uring_register io_setup io_submit
    unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
    bpf perf_event_open userfaultfd seccomp memfd_create memfd_secret
    init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct syslog quotactl
    settimeofday clock_settime adjtimex clock_adjtime iopl ioperm modify_ldt personality vhangup sethostname
    setdomainname open_by_handle_at name_to_handle_at fanotify_init lookup_dcookie nfsservctl
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
    shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop semctl semtimedop mq_open mq_unlink
    pkey_mprotect remap_file_pages migrate_pages move_pages landlock_create_ruleset
"""

CLONE_THREAD = 0x10000
CLONE_NEW = 0x7E022000  # the namespaces, and being traced along
PROT_EXEC = 0x4
MAP_ANONYMOUS = 0x20
PR_SET_NAME, PR_GET_NAME = 15, 16
O_TRUNC = 0o1000  # one number on every architecture that torch and NumPy are built for
CLOCKS = 16  # the kernel's own are below; any other is a clock of some process or device
# FUTEX_WAIT, WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET, WAKE_BITSET, beside their two flags: none of those that
# inherit priorities, which nothing here uses and which were holes in the kernel more than once.
FUTEX = (0, 1, 3, 4, 5, 9, 10)
FUTEX_FLAGS = 0x180
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no locks and no leases, which reach beyond the box.
FCNTL = (0, 1, 2, 3, 4, 1030)
# TCGETS (isatty), TIOCGWINSZ, FIONCLEX, FIOCLEX.
IOCTL = (0x5401, 0x5413, 0x5450, 0x5451)


@functools.cache
def program(*, threads: bool, native_code: bool) -> bytes:
    """The filter as classic BPF. `native_code` lets memory be made executable, which torch's compiled kernels need.

    Raises Unavailable where libseccomp is missing.
    """
    try:
        import pyseccomp as seccomp  # noqa: PLC0415 -- importing it fails where libseccomp is not installed
    except (ImportError, RuntimeError, OSError) as problem:
        raise Unavailable("The sandbox needs libseccomp, which is not installed on this host.") from problem
    # Another architecture's system calls (32-bit, x32) have other numbers: libseccomp kills those by default.
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.ENOSYS))
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    with contextlib.suppress(OSError):  # a tree instead of a chain, where this libseccomp can
        rules.set_attr(seccomp.Attr.CTL_OPTIMIZE, 2)
    conditional = _Conditional(seccomp, rules)
    conditional.threads(allowed=threads)
    conditional.memory(executable=native_code)
    conditional.own_process()
    conditional.opening()
    conditional.clocks()
    conditional.locks()
    # A rule with arguments beats one without, so these lists may name the same calls.
    for action, names in (
        (seccomp.ALLOW, ALLOWED),
        (seccomp.ERRNO(errno.EPERM), REFUSED),
        (seccomp.KILL_PROCESS, KILLED),
    ):
        for name in names.split():
            if name not in conditional.named:
                _rule(seccomp, rules, action, name)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _rule(seccomp: Any, rules: Any, action: int, name: str, *conditions: Any) -> None:
    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    if number >= 0:  # others do not exist on this architecture, or are newer than this libseccomp
        rules.add_rule(action, number, *conditions)


class _Conditional:
    """The rules that look at arguments. Each covers all values of its argument, so that nothing falls between."""

    def __init__(self, seccomp: Any, rules: Any) -> None:
        self.seccomp = seccomp
        self.rules = rules
        self.named: set[str] = set()

    def _add(self, action: int, name: str, *conditions: Any) -> None:
        self.named.add(name)
        _rule(self.seccomp, self.rules, action, name, *conditions)

    def threads(self, *, allowed: bool) -> None:
        """A thread is refused or allowed; a process kills. clone3, whose flags hide in memory, does not exist here."""
        s = self.seccomp
        action = s.ALLOW if allowed else s.ERRNO(errno.EAGAIN)
        self._add(action, "clone", s.Arg(0, s.MASKED_EQ, CLONE_THREAD | CLONE_NEW, CLONE_THREAD))
        self._add(s.KILL_PROCESS, "clone", s.Arg(0, s.MASKED_EQ, CLONE_THREAD, 0))

    def memory(self, *, executable: bool) -> None:
        """Without torch no memory is made executable but by loading a library file."""
        if executable:
            return
        s = self.seccomp
        both = MAP_ANONYMOUS
        self._add(s.KILL_PROCESS, "mprotect", s.Arg(2, s.MASKED_EQ, PROT_EXEC, PROT_EXEC))
        self._add(s.ALLOW, "mprotect", s.Arg(2, s.MASKED_EQ, PROT_EXEC, 0))
        self._add(s.ALLOW, "mmap", s.Arg(2, s.MASKED_EQ, PROT_EXEC, 0))
        self._add(s.ALLOW, "mmap", s.Arg(2, s.MASKED_EQ, PROT_EXEC, PROT_EXEC), s.Arg(3, s.MASKED_EQ, both, 0))
        self._add(
            s.KILL_PROCESS, "mmap", s.Arg(2, s.MASKED_EQ, PROT_EXEC, PROT_EXEC), s.Arg(3, s.MASKED_EQ, both, both)
        )

    def own_process(self) -> None:
        """Limits of its own process, harmless flags of its own descriptors, the name of a thread."""
        s = self.seccomp
        self._add(s.ALLOW, "prlimit64", s.Arg(0, s.EQ, 0))
        self._add(s.ERRNO(errno.EPERM), "prlimit64", s.Arg(0, s.NE, 0))
        for command in FCNTL:
            self._add(s.ALLOW, "fcntl", s.Arg(1, s.EQ, command))
        for request in IOCTL:
            self._add(s.ALLOW, "ioctl", s.Arg(1, s.EQ, request))
        for option in (PR_SET_NAME, PR_GET_NAME):
            self._add(s.ALLOW, "prctl", s.Arg(0, s.EQ, option))

    def opening(self) -> None:
        """No file is emptied by opening it for reading, which Landlock hinders only from its third version on."""
        s = self.seccomp
        for name, flags in (("open", 1), ("openat", 2)):
            self._add(s.ALLOW, name, s.Arg(flags, s.MASKED_EQ, O_TRUNC, 0))
            self._add(s.ERRNO(errno.EACCES), name, s.Arg(flags, s.MASKED_EQ, O_TRUNC, O_TRUNC))

    def clocks(self) -> None:
        """Not those of other processes, which tell how much processor time a neighbour has used."""
        s = self.seccomp
        for name in ("clock_gettime", "clock_getres", "clock_nanosleep"):
            self._add(s.ALLOW, name, s.Arg(0, s.LT, CLOCKS))
            self._add(s.ERRNO(errno.EINVAL), name, s.Arg(0, s.GE, CLOCKS))

    def locks(self) -> None:
        s = self.seccomp
        for operation in FUTEX:
            self._add(s.ALLOW, "futex", s.Arg(1, s.MASKED_EQ, 0xFFFFFFFF & ~FUTEX_FLAGS, operation))
