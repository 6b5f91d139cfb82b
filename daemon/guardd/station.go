// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// A station is the program that is guarded.
type station struct {
	health  string // URL that answers 200 while all is well, and 503 when a restart would not help
	program string // path of the executable
	proc    string // where processes are listed; empty: /proc
}

// ask asks how the station is.
func (s station) ask(ctx context.Context) asked {
	process, _ := s.find()
	return asked{process, s.answer(ctx)}
}

func (s station) answer(ctx context.Context) answer {
	ctx, cancel := context.WithTimeout(ctx, askEvery)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.health, nil)
	if err != nil {
		return silent
	}
	r.Close = true // the next question must not wait on a connection of a dead process
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return silent
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return healthy
	case http.StatusServiceUnavailable:
		return sick
	}
	return silent
}

// find returns the process that runs the program; without one, "" and 0.
func (s station) find() (process string, pid int) {
	dir := s.proc
	if dir == "" {
		dir = "/proc"
	}
	links, _ := filepath.Glob(filepath.Join(dir, "[0-9]*", "exe")) // the pattern is well-formed
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && to == s.program {
			name := filepath.Base(filepath.Dir(link))
			pid, _ := strconv.Atoi(name)
			return name, pid
		}
	}
	return "", 0
}

// kill ends the station's process, however deep it hangs.
func (s station) kill() error {
	_, pid := s.find()
	if pid == 0 {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("kill station: %w", err)
	}
	return nil
}
