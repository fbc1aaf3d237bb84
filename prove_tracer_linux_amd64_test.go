package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"unsafe"
)

// tracer follows every thread of a program from its first instruction on. Unlike
// strace, which counts the calls of each thread apart, it numbers those of the
// whole program, and so can strike any one of them.
type tracer struct {
	watched
	program int
	refused map[int]syscall.Errno // by thread: what its open call will be told
	known   map[int]bool          // threads whose first stop is over
}

const (
	syscallInfo = 0x420e   // PTRACE_GET_SYSCALL_INFO
	exitKill    = 0x100000 // PTRACE_O_EXITKILL: the program does not outlive its tracer
	syscallStop = syscall.SIGTRAP | 0x80

	entering, leaving = 1, 2
)

// trace runs the program to its end and returns how it ended. SIGTERM is passed on.
func trace(w watched, args []string) (syscall.WaitStatus, error) {
	runtime.LockOSThread() // the thread that starts it is its tracer
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	tr := &tracer{watched: w, program: cmd.Process.Pid, refused: map[int]syscall.Errno{}, known: map[int]bool{cmd.Process.Pid: true}}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go func() {
		for range asked {
			_ = syscall.Kill(tr.program, syscall.SIGTERM)
		}
	}()
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(tr.program, &status, 0, nil); err != nil { // it stands at its first instruction
		return 0, err
	}
	if err := syscall.PtraceSetOptions(tr.program, syscall.PTRACE_O_TRACESYSGOOD|syscall.PTRACE_O_TRACECLONE|exitKill); err != nil {
		return 0, err
	}
	return tr.follow()
}

func (tr *tracer) follow() (status syscall.WaitStatus, err error) {
	thread, pass := tr.program, 0
	for {
		if err := syscall.PtraceSyscall(thread, pass); err != nil && !errors.Is(err, syscall.ESRCH) {
			return 0, err
		}
		if thread, status, err = tr.next(); err != nil || !status.Stopped() {
			return status, err
		}
		if pass, err = tr.stopped(thread, status); err != nil && !errors.Is(err, syscall.ESRCH) { // it is being killed
			return 0, err
		}
	}
}

// next waits until a thread stops, or the program has ended.
func (tr *tracer) next() (thread int, status syscall.WaitStatus, err error) {
	for {
		thread, err = syscall.Wait4(-1, &status, syscall.WALL, nil)
		if err != nil || status.Stopped() || thread == tr.program {
			return thread, status, err
		}
	}
}

// stopped does what is to be done and returns the signal that the thread is given.
func (tr *tracer) stopped(thread int, status syscall.WaitStatus) (pass int, err error) {
	fresh := !tr.known[thread]
	tr.known[thread] = true
	switch signal := status.StopSignal(); {
	case signal == syscallStop:
		return 0, tr.call(thread)
	case status.TrapCause() > 0, fresh && signal == syscall.SIGSTOP: // a thread was born, or begins
		return 0, nil
	default:
		return int(signal), nil
	}
}

// call looks at a system call that begins or ends.
func (tr *tracer) call(thread int) error {
	var info struct {
		op         uint8
		_          [3]uint8
		_          uint32
		_, _       uint64
		nr         uint64
		descriptor uint64
		_          [6]uint64
	}
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PTRACE, syscallInfo, uintptr(thread), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0); errno != 0 {
		return errno
	}
	var registers syscall.PtraceRegs
	if errno, struck := tr.refused[thread]; struck && info.op == leaving {
		delete(tr.refused, thread)
		if err := syscall.PtraceGetRegs(thread, &registers); err != nil {
			return err
		}
		registers.Rax = uint64(-int64(errno))
		return syscall.PtraceSetRegs(thread, &registers)
	}
	kind := map[uint64]string{syscall.SYS_FSYNC: syncCall, syscall.SYS_FDATASYNC: syncCall, syscall.SYS_PWRITE64: writeCall}[info.nr]
	if info.op != entering || kind == "" {
		return nil
	}
	path, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", tr.program, info.descriptor))
	if err != nil {
		return err
	}
	struck, err := tr.see(kind, path)
	switch {
	case err != nil || !struck:
		return err
	case tr.how == kills:
		return syscall.Kill(tr.program, syscall.SIGKILL)
	}
	if err := syscall.PtraceGetRegs(thread, &registers); err != nil {
		return err
	}
	tr.refused[thread] = refusals()[tr.how]
	registers.Orig_rax = ^uint64(0) // no call at all
	return syscall.PtraceSetRegs(thread, &registers)
}
