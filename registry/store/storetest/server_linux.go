// SPDX-License-Identifier: EUPL-1.2

package storetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// data is the server's directory below that of its socket.
const data = "data"

// patience is how long the server may take to start on a busy machine.
const patience = time.Minute

// A process is a running server.
type process struct {
	dir   string // of its socket, its log and its data
	cmd   *exec.Cmd
	ended chan error
	again func() error // starts it once more
}

// start makes a server with settings as Debian's, on a socket in a directory of
// its own below parent. It ends with this process, however that ends. The error is
// os.ErrNotExist when PostgreSQL is not installed.
func start(parent string) (*process, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		return nil, os.ErrNotExist
	}
	bin := found[len(found)-1]
	attr, err := account()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, "storetest") // short: a socket's path has 107 bytes
	if err != nil {
		return nil, err
	}
	p := &process{dir: dir, ended: make(chan error, 1)}
	p.again = func() error { return p.run(bin, attr) }
	if err = p.init(bin, attr); err == nil {
		err = p.run(bin, attr)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return p, p.wait()
}

// memory is a folder in memory with room for a server, or empty, which is that of
// temporary files: most of what tests wait for is the disk of databases that are made
// and dropped. Benchmarks are to wait for it.
func memory() string {
	const folder, room = "/dev/shm", 1 << 30
	var free syscall.Statfs_t
	if f := flag.Lookup("test.bench"); f != nil && f.Value.String() != "" || syscall.Statfs(folder, &free) != nil || free.Bavail*uint64(free.Bsize) < room {
		return ""
	}
	return folder
}

// account is who the server runs as: it refuses root.
func account() (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, errors.Join(uidErr, gidErr)
}

// init makes the server's files.
func (p *process) init(bin string, attr *syscall.SysProcAttr) error {
	if c := attr.Credential; c != nil {
		if err := os.Chown(p.dir, int(c.Uid), int(c.Gid)); err != nil {
			return err
		}
	}
	c := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(p.dir, data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	c.Dir, c.SysProcAttr = p.dir, attr
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// run starts the server. The thread that did must live as long, or the kernel
// takes its end for that of the process.
func (p *process) run(bin string, attr *syscall.SysProcAttr) error {
	log, err := os.Create(filepath.Join(p.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", filepath.Join(p.dir, data), "-k", p.dir, "-h", "")
	p.cmd.Dir, p.cmd.SysProcAttr, p.cmd.Stdout, p.cmd.Stderr = p.dir, attr, log, log
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.ended <- p.cmd.Wait()
		}
	}()
	return <-started
}

// wait until it answers.
func (p *process) wait() error {
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		err := command(context.Background(), p.dir, "SELECT 1")
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(filepath.Join(p.dir, "log"))
			p.stop()
			return fmt.Errorf("%w\n%s", err, text)
		}
	}
}

// restart kills the server, as a power cut does, and starts it again. What of the
// old one still runs holds its memory for a moment, and a new one ends at once then.
func (p *process) restart() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	<-p.ended
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err := p.again(); err != nil {
			return err
		}
		if p.answers() {
			return nil
		}
	}
	return errors.New("PostgreSQL does not start again")
}

// answers waits until the server does, or has ended.
func (p *process) answers() bool {
	for {
		if command(context.Background(), p.dir, "SELECT 1") == nil {
			return true
		}
		select {
		case <-p.ended:
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends the server at once and removes its files.
func (p *process) stop() {
	p.cmd.Process.Signal(syscall.SIGQUIT)
	<-p.ended
	os.RemoveAll(p.dir)
}
