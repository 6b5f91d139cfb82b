// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A process is one of the two programs while it runs.
type process struct {
	name  string
	cmd   *exec.Cmd
	ended chan struct{}
	err   error // of Wait, once ended is closed

	mu    sync.Mutex
	said  strings.Builder
	lines chan string // what was said, for await
}

// start runs a program. What it writes goes to log, and is kept.
func start(log io.Writer, path string, args ...string) (*process, error) {
	p := &process{name: path[strings.LastIndexByte(path, '/')+1:], cmd: exec.Command(path, args...), ended: make(chan struct{}), lines: make(chan string, 1000)}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us, we stop it in order
	out, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stdout = log
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go p.watch(out, log)
	return p, nil
}

func (p *process) watch(out io.Reader, log io.Writer) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintf(log, "%s: %s\n", p.name, lines.Text())
		p.mu.Lock()
		p.said.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		select {
		case p.lines <- lines.Text():
		default:
		}
	}
	p.err = p.cmd.Wait()
	close(p.ended)
}

// await waits for a line that contains the words.
func (p *process) await(ctx context.Context, words string) error {
	for {
		select {
		case line := <-p.lines:
			if strings.Contains(line, words) {
				return nil
			}
		case <-p.ended:
			return fmt.Errorf("%s ended before it said %q:\n%s", p.name, words, p.output())
		case <-ctx.Done():
			return fmt.Errorf("%s did not say %q: %w", p.name, words, ctx.Err())
		}
	}
}

// output is everything that the program has said.
func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// stop asks the program to end, and returns how long it took.
func (p *process) stop() (time.Duration, error) {
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	select {
	case <-p.ended:
		return time.Since(began), p.err
	case <-time.After(20 * time.Second):
		p.kill()
		return time.Since(began), fmt.Errorf("%s did not stop", p.name)
	}
}

// kill ends the program as a power cut does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.ended
}
