"""System calls by name as the kernel numbers them, written down apart from the sandbox's own table. Only for tests."""

from typing import Final

MACHINES: Final = ("x86_64", "aarch64")

_TABLE: Final = """
read 0 63; write 1 64; close 3 57; open 2 -; openat 257 56; openat2 437 437; creat 85 -; stat 4 -;
newfstatat 262 79; statx 332 291; access 21 -; faccessat 269 48; readlink 89 -; readlinkat 267 78;
getdents64 217 61; chdir 80 49; chroot 161 51; unlinkat 263 35; renameat2 316 276; linkat 265 37; symlinkat 266 36;
mkdirat 258 34; mknodat 259 33; fchmodat 268 53; truncate 76 45; ftruncate 77 46; pread64 17 67; preadv 295 69;
readv 19 65; pwrite64 18 68; writev 20 66; pwritev 296 70; lseek 8 62; sendfile 40 71; splice 275 76;
vmsplice 278 75; tee 276 77; copy_file_range 326 285; socket 41 198; socketpair 53 199; connect 42 203; bind 49 200;
listen 50 201; accept 43 202; accept4 288 242; sendto 44 206; recvfrom 45 207; sendmsg 46 211; recvmsg 47 212;
sendmmsg 307 269; recvmmsg 299 243; shutdown 48 210; getsockname 51 204; getsockopt 55 209; setsockopt 54 208;
pipe 22 -; pipe2 293 59; dup 32 23; dup2 33 -; dup3 292 24; fcntl 72 25; ioctl 16 29; poll 7 -; ppoll 271 73;
select 23 -; pselect6 270 72; epoll_create1 291 20; epoll_ctl 233 21; epoll_pwait 281 22; eventfd2 290 19;
signalfd4 289 74; timerfd_create 283 85; inotify_init1 294 26; fanotify_init 300 262; name_to_handle_at 303 264;
open_by_handle_at 304 265; fork 57 -; vfork 58 -; clone 56 220; clone3 435 435; execve 59 221; execveat 322 281;
exit 60 93; wait4 61 260; waitid 247 95; kill 62 129; tkill 200 130; tgkill 234 131; rt_sigqueueinfo 129 138;
rt_tgsigqueueinfo 297 240; pidfd_open 434 434; pidfd_getfd 438 438; pidfd_send_signal 424 424; ptrace 101 117;
process_vm_readv 310 270; process_vm_writev 311 271; process_madvise 440 440; kcmp 312 272; get_robust_list 274 100;
mmap 9 222; mprotect 10 226; munmap 11 215; mremap 25 216; madvise 28 233; brk 12 214; pkey_mprotect 329 288;
pkey_alloc 330 289; mlock 149 228; mlock2 325 284; mlockall 151 230; msync 26 227; mincore 27 232;
remap_file_pages 216 234; mbind 237 235; memfd_create 319 279; memfd_secret 447 447; userfaultfd 323 282;
shmget 29 194; shmat 30 196; shmctl 31 195; semget 64 190; msgget 68 186; mq_open 240 180; io_setup 206 0;
io_submit 209 2; io_uring_setup 425 425; io_uring_enter 426 426; io_uring_register 427 427; bpf 321 280;
perf_event_open 298 241; keyctl 250 219; add_key 248 217; request_key 249 218; seccomp 317 277; prctl 157 167;
arch_prctl 158 -; personality 135 92; landlock_create_ruleset 444 444; landlock_restrict_self 446 446;
unshare 272 97; setns 308 268; mount 165 40; umount2 166 39; pivot_root 155 41; move_mount 429 429;
open_tree 428 428; fsopen 430 430; fsmount 432 432; mount_setattr 442 442; swapon 167 224; setuid 105 146;
setgid 106 144; setreuid 113 145; setresuid 117 147; setresgid 119 149; setgroups 116 159; setfsuid 122 151;
capset 126 91; capget 125 90; setpgid 109 154; setsid 112 157; getpid 39 172; getppid 110 173; gettid 186 178;
getuid 102 174; geteuid 107 175; uname 63 160; sysinfo 99 179; getcwd 79 17; getrandom 318 278; getrusage 98 165;
getcpu 309 168; times 100 153; prlimit64 302 261; setrlimit 160 164; getrlimit 97 163; setpriority 141 140;
sched_setaffinity 203 122; sched_getaffinity 204 123; sched_setscheduler 144 119; sched_yield 24 124;
nanosleep 35 101; clock_nanosleep 230 115; clock_gettime 228 113; clock_settime 227 112; clock_adjtime 305 266;
settimeofday 164 170; gettimeofday 96 169; time 201 -; alarm 37 -; setitimer 38 103; getitimer 36 102;
timer_create 222 107; pause 34 -; futex 202 98; futex_waitv 449 449; futex_wait 455 455; set_tid_address 218 96;
set_robust_list 273 99; rseq 334 293; membarrier 324 283; rt_sigaction 13 134; rt_sigprocmask 14 135;
rt_sigreturn 15 139; rt_sigsuspend 130 133; rt_sigpending 127 136; sigaltstack 131 132; restart_syscall 219 128;
init_module 175 105; finit_module 313 273; delete_module 176 106; kexec_load 246 104; reboot 169 142;
syslog 103 116; acct 163 89; quotactl 179 60; vhangup 153 58; iopl 172 -; ioperm 173 -; modify_ldt 154 -;
sethostname 170 161; exit_group 231 94
"""


def numbers(machine: str) -> dict[str, int]:
    """Map the names of a machine's calls to their numbers."""
    column = 1 + MACHINES.index(machine)
    rows = (row.split() for row in _TABLE.split(";"))
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}
