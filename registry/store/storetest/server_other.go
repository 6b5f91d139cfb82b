// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package storetest

import "os"

// data is the server's directory below that of its socket.
const data = "data"

// A process is a running server, which there is on Linux only.
type process struct{ dir string }

func start(string) (*process, error) { return nil, os.ErrNotExist }

func memory() string { return "" }

func (p *process) restart() error { return os.ErrNotExist }

func (p *process) stop() {}
