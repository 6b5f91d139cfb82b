// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	program = "/lab/bin/registryd"
	address = "127.0.0.1:8443"
	config  = officeDir + "/office.toml"
	state   = officeDir + "/state"
)

// An office is the running program, and its database seen from beside it.
type office struct {
	running *exec.Cmd
	store   *store.Store
}

// openOffice starts the program and waits until it serves; the first time it founds the office.
func openOffice() (*office, error) {
	if _, err := os.Stat(filepath.Join(state, "keys")); errors.Is(err, os.ErrNotExist) {
		text := fmt.Sprintf("state = %q\ndevice = %q\n", state, address)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			return nil, err
		}
		if _, err := registryd("init", "-office", "09162000", "-name", "Musterstadt"); err != nil {
			return nil, err
		}
	}
	o := &office{running: exec.Command(program, "run", "-config", config)}
	said, err := o.running.StderrPipe()
	if err == nil {
		err = o.running.Start()
	}
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "level=ERROR") {
			fmt.Println("fault: registryd says", lines.Text())
		}
		if strings.Contains(lines.Text(), "office ready") {
			go io.Copy(io.Discard, said) // what fails later is tried again, and seen by what is left
			o.store, err = store.Open(context.Background(), filepath.Join(state, "office.db"))
			return o, err
		}
	}
	return nil, fmt.Errorf("registryd: %w", o.running.Wait())
}

// registryd runs one command of the program and gives what it printed.
func registryd(command string, args ...string) (string, error) {
	c := exec.Command(program, append([]string{command, "-config", config}, args...)...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("registryd %s: %w: %s", command, err, said.String())
	}
	return string(out), nil
}

func (o *office) close() {
	err := errors.Join(o.store.Close(), o.running.Process.Signal(syscall.SIGTERM), o.running.Wait())
	if err != nil {
		fmt.Println("fault: closing the office:", err)
	}
}

// tell prints what the office has, and whether its record is whole.
func (o *office) tell() error {
	err := o.store.Read(context.Background(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`SELECT items.id, items.appointment FROM items JOIN captures ON captures.id = items.id WHERE erased_at = 0`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, appointment string
			if err := rows.Scan(&id, &appointment); err != nil {
				return err
			}
			fmt.Println("held", id, appointment)
		}
		return rows.Err()
	})
	if err != nil {
		return err
	}
	n, err := audit.Verify(context.Background(), o.store)
	if err == nil {
		fmt.Println("whole", n)
	}
	return err
}

// openAll opens every capture with the office's key and compares the photo.
func (o *office) openAll() error {
	keys, err := devices.Load(state)
	if err != nil {
		return err
	}
	return o.store.Read(context.Background(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`SELECT id, bytes FROM captures`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			var sealed []byte
			if err := rows.Scan(&id, &sealed); err != nil {
				return err
			}
			if sealed, err = o.store.Unfold(sealed); err != nil {
				return fmt.Errorf("capture %s: %w", id, err)
			}
			_, photos, err := envelope.Open(bytes.NewReader(sealed), keys.Ring)
			if err != nil {
				return fmt.Errorf("capture %s: %w", id, err)
			}
			if len(photos) != 1 || !bytes.Equal(photos[0], photo(uuid.MustParse(id))) {
				return fmt.Errorf("capture %s is not the photo that was taken", id)
			}
		}
		return rows.Err()
	})
}

// awaitEmpty waits until no sealed byte is in the database or beside it.
func (o *office) awaitEmpty() error {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		var n int
		err := o.store.Read(context.Background(), func(tx *sql.Tx) error {
			return tx.QueryRow(`SELECT (SELECT count(*) FROM captures) + (SELECT count(*) FROM items WHERE erased_at = 0)`).Scan(&n)
		})
		files, globErr := filepath.Glob(o.store.String() + "-captures/*")
		if err = errors.Join(err, globErr); err != nil || n+len(files) == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d captures and %d files are there a minute after the start, and older than 96 hours", n, len(files))
		}
	}
}
