// SPDX-License-Identifier: EUPL-1.2

// Command blackout is the program of a lab machine whose power is cut: an office and a station's outbox and courier, each on a disk of its own, between which captures flow.
//
// What the office does is done by the shipped registryd; the station's part is its
// own packages. It tells the host on the console, line by line: "stored ID" once a
// capture is as durable as the station's screen would say it is, and after each
// start "held ID APPOINTMENT" for what the office has.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// What the host says in the environment: the mode of the boot, the time, and what the photos are full of.
const (
	modeKey, clockKey, photoKey = "BLACKOUT_MODE", "BLACKOUT_CLOCK", "BLACKOUT_PHOTO"

	flow  = "flow"  // deliver what is there, list, and store captures until the power is cut
	check = "check" // deliver what is there, list, open every capture; leave one unsent
	late  = "late"  // the clock stands 97 hours later: there must be nothing
)

func main() {
	err := run(os.Getenv(modeKey))
	if err != nil {
		fmt.Println("fault:", err)
	}
	for _, dir := range []string{stationDir, officeDir} {
		err = errors.Join(err, unix.Unmount(dir, 0))
	}
	if err != nil {
		fmt.Println("fault:", err)
		os.Exit(1)
	}
}

// The disks.
const stationDir, officeDir = "/station", "/office"

func run(mode string) error {
	fmt.Println("start")
	if os.Getenv(photoKey) == "" {
		return errors.New(photoKey + " is missing: nobody could find a photo on the disks")
	}
	if err := setClock(os.Getenv(clockKey)); err != nil {
		return err
	}
	for disk, dir := range map[string]string{"/dev/vda": stationDir, "/dev/vdb": officeDir} {
		if err := mount(disk, dir); err != nil {
			return err
		}
	}
	o, err := openOffice()
	if err != nil {
		return err
	}
	defer o.close()
	s, err := openStation(o)
	if err != nil {
		return err
	}
	defer s.close()
	switch mode {
	case flow:
		return s.flow(o)
	case check:
		return s.check(o)
	case late:
		return s.late(o)
	}
	return fmt.Errorf("%s=%q is no mode", modeKey, mode)
}

// setClock sets the time, which the machine has no other means to know.
func setClock(text string) error {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%s: %w", clockKey, err)
	}
	tv := unix.NsecToTimeval(time.UnixMilli(ms).UnixNano())
	return unix.Settimeofday(&tv)
}

// mount waits for the disk, which the kernel may still be looking at. ext4 plays
// its journal here, as after any power cut.
func mount(disk, dir string) error {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(disk); err == nil {
			break
		} else if time.Now().After(deadline) {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := unix.Mount(disk, dir, "ext4", 0, ""); err != nil {
		return fmt.Errorf("mount %s: %w", disk, err)
	}
	return nil
}
