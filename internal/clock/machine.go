// SPDX-License-Identifier: EUPL-1.2

package clock

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// Machine is the clock of the Linux kernel; setting it needs CAP_SYS_TIME. The
// kernel itself remembers whether it is synchronised: not after a start, and not
// any more when the time may be wrong by 16 s, 8 hours after it was set last.
type Machine struct{}

var _ Kernel = Machine{}

// Of <linux/timex.h>.
const (
	adjMaxError   = 0x0004
	adjEstError   = 0x0008
	adjStatus     = 0x0010
	adjSingleshot = 0x8001
	staUnsync     = 0x0040
	timeError     = 5
)

// Synchronised asks the kernel.
func (Machine) Synchronised() bool {
	var t syscall.Timex
	state, err := syscall.Adjtimex(&t)
	return err == nil && state != timeError && t.Status&staUnsync == 0
}

// Step sets the clock at once.
func (Machine) Step(to time.Time) error {
	tv := syscall.NsecToTimeval(to.UnixNano())
	if err := syscall.Settimeofday(&tv); err != nil {
		return fmt.Errorf("set the clock: %w", os.NewSyscallError("settimeofday", err))
	}
	return vouch()
}

// Slew makes the kernel run 0.05 % faster or slower until the difference is made good.
func (Machine) Slew(by time.Duration) error {
	if by != 0 {
		if err := adjust(syscall.Timex{Modes: adjSingleshot, Offset: by.Microseconds()}); err != nil {
			return err
		}
	}
	return vouch()
}

// vouch tells the kernel that its time is true to a second.
func vouch() error {
	return adjust(syscall.Timex{Modes: adjStatus | adjMaxError | adjEstError, Maxerror: 1e6, Esterror: 1e6})
}

func adjust(t syscall.Timex) error {
	if _, err := syscall.Adjtimex(&t); err != nil {
		return fmt.Errorf("adjust the clock: %w", os.NewSyscallError("adjtimex", err))
	}
	return nil
}
