// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settle makes the data partition quiet and gives the machine its own name. The
// image has one name for all; the station's is on its card.
func settle(log *slog.Logger, perm string) {
	// Without noatime reading alone would write to the card once a day.
	const flags = syscall.MS_REMOUNT | syscall.MS_NOATIME | syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC
	if err := syscall.Mount("", perm, "", flags, ""); err != nil {
		log.Error("there is no data partition: nothing can be stored, exchange the card", "err", err)
		return
	}
	if err := rename(perm + "/fotobox/hostname"); err != nil && !errors.Is(err, os.ErrNotExist) {
		log.Error("set host name", "err", err)
	}
}

// rename gives the machine the name in the file. DHCP, which init has started at
// the same time, knows the image's name: init starts it again.
func rename(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(string(data))
	if was, err := os.Hostname(); err == nil && was == name {
		return nil
	}
	if err := syscall.Sethostname([]byte(name)); err != nil {
		return err
	}
	return station{program: "/gokrazy/dhcp"}.kill()
}

// rootPartition finds the active root in the kernel's command line: by the
// distance to the boot partition, or by the end of a partition's id or device.
var rootPartition = regexp.MustCompile(`\broot=\S+?(?:/PARTNROFF=(\d)|-?0?([23]))(?:\s|$)`)

// parseRoot is the number of the active root partition, 2 or 3.
func parseRoot(cmdline string) (int, error) {
	m := rootPartition.FindStringSubmatch(cmdline)
	if m == nil {
		return 0, fmt.Errorf("read active root: none in %q", cmdline)
	}
	if m[1] != "" {
		n, err := strconv.Atoi(m[1])
		return n + 1, err
	}
	return strconv.Atoi(m[2])
}

// booted says what runs since when.
func booted() (started, error) {
	read := func(name string) string {
		data, _ := os.ReadFile(name) // an empty string is told apart below
		return strings.TrimSpace(string(data))
	}
	e := started{boot: read("/proc/sys/kernel/random/boot_id")}
	e.running.Release = read("/etc/fotobox/release")
	var err error
	e.running.Root, err = parseRoot(read("/proc/cmdline"))
	if err == nil && (e.boot == "" || e.running.Release == "") {
		err = errors.New("read release: the image does not name it")
	}
	return e, err
}

// sinceBoot is a clock that nobody sets.
func sinceBoot() time.Duration {
	data, err := os.ReadFile("/proc/uptime")
	if err != nil {
		panic("guardd: no boot time: " + err.Error())
	}
	seconds, _, _ := strings.Cut(string(data), " ")
	up, err := time.ParseDuration(seconds + "s")
	if err != nil {
		panic("guardd: no boot time: " + err.Error())
	}
	return up
}

// initSocket is where the appliance's init listens.
const initSocket = "/run/gokrazy-http.sock"

// goBack makes the other root the active one and reboots. Init ends guardd on
// the way; a station that does not end by itself is killed after ten seconds.
func goBack(ctx context.Context) error {
	c := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", initSocket)
	}}}
	if err := post(ctx, c, "/update/switch"); err != nil {
		return err
	}
	return post(ctx, c, "/reboot?wait_per_signal=10s")
}

func post(ctx context.Context, c *http.Client, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://init"+path, nil)
	if err != nil {
		return err
	}
	if password, err := os.ReadFile("/perm/gokr-pw.txt"); err == nil { // without one the socket asks for none
		r.SetBasicAuth("gokrazy", strings.TrimSpace(string(password)))
	}
	resp, err := c.Do(r)
	if err != nil {
		return fmt.Errorf("ask init: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 200)) // only to be shown
		return fmt.Errorf("ask init for %s: %s: %s", path, resp.Status, said)
	}
	return nil
}
