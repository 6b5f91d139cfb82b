// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/hack/lab/emulation"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/post/posttest"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

// dyingProgram is the program, which kills itself when it logs what dies names: between
// two things that it does one after the other.
const dyingProgram, dies = "registryd-that-dies", "REGISTRYD_DIES_AT"

func die() {
	err := program().Run(context.Background(), os.Args[1:], os.Stdout, deadly{})
	fmt.Fprintln(os.Stderr, "it was not killed:", err)
	os.Exit(1)
}

// deadly is a log.
type deadly struct{}

func (deadly) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "msg=\""+os.Getenv(dies)+"\"") {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	return os.Stderr.Write(p)
}

// A mortal is the real program with citizens' pages and a mail server, killed again and again.
type mortal struct {
	*testing.T
	beside  *office // on the same database; nothing of it runs
	config  string
	public  string // address of the citizens' pages
	post    *posttest.Server
	running *exec.Cmd
}

func newMortal(t *testing.T) *mortal {
	t.Helper()
	if testing.Short() || emulation.Active() {
		t.Skip("starts and kills a program again and again")
	}
	m := &mortal{T: t, public: free(t), post: posttest.New(t)}
	s := Settings{State: t.TempDir(), Device: free(t), Mail: mails(m.post)}
	text := fmt.Sprintf("state = %q\ndevice = %q\nlisten = %[2]q\ndesk = %q\n", s.State, s.Device, free(t))
	if storetest.Postgres() {
		s.Database = storetest.Where(t)
		text += fmt.Sprintf("database = %q\n", s.Database)
	}
	text += fmt.Sprintf("[public]\nlisten = %q\nsite = 'https://termine.example.org'\n", m.public)
	text += fmt.Sprintf("[mail]\nhost = %q\nport = %d\nplain = true\nfrom = 'termine@example.org'\nto = ['technik@example.org']\n", posttest.Host, m.post.Port())
	if err := devices.Init(s.State, 5_112_000, "Musterstadt"); err != nil {
		t.Fatal(err)
	}
	m.config = filepath.Join(s.State, "office.toml")
	write(t, m.config, []byte(text))
	var err error
	if m.beside, err = open(t.Context(), s, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.beside.close)
	t.Cleanup(m.kill)
	return m
}

// start runs the program; with a message it dies when it logs that.
func (m *mortal) start(message string) {
	m.Helper()
	name := "registryd"
	if message != "" {
		name = dyingProgram
	}
	path, err := exec.LookPath(name) // testscript put it there
	if err != nil {
		m.Fatal(err)
	}
	var logged bytes.Buffer
	m.running = emulation.Command(m.Context(), path, "run", "-config", m.config)
	m.running.Env, m.running.Stderr = append(os.Environ(), dies+"="+message), &logged
	if err := m.running.Start(); err != nil {
		m.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		c, err := net.Dial("tcp", m.public)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(deadline) {
			m.Fatalf("the program does not listen:\n%s", &logged)
		}
	}
}

// kill ends the program as a power cut does. What it was at work on is left to others
// once its turn is over, a minute later.
func (m *mortal) kill() {
	if m.running == nil {
		return
	}
	_ = m.running.Process.Kill()
	m.died()
	m.exec(`UPDATE leases SET until = 0`)
}

func (m *mortal) died() {
	_ = m.running.Wait() // it was killed, and says so
	m.running = nil
}

func (m *mortal) exec(query string, args ...any) {
	m.Helper()
	err := m.beside.store.Write(context.WithoutCancel(m.Context()), func(tx *sql.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		m.Error(err)
	}
}

func (m *mortal) count(query string, args ...any) (n int) {
	m.Helper()
	err := m.beside.store.Read(m.Context(), func(tx *sql.Tx) error { return tx.QueryRow(query, args...).Scan(&n) })
	if err != nil {
		m.Error(err)
	}
	return n
}

// until waits for what the program does by itself.
func (m *mortal) until(what string, done func() bool) {
	m.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			m.Fatalf("not within a minute: %s", what)
		}
	}
}

// told waits until every mail is sent that is due.
func (m *mortal) told() {
	m.Helper()
	m.until("all mails are sent", func() bool {
		n, err := m.beside.letters.Waiting(m.Context(), time.Now())
		return err == nil && n == 0
	})
}

// distinct is how many mails about that were taken to the address, each counted once
// however often it came.
func (m *mortal) distinct(to, subject string) int {
	ids := map[string]bool{}
	for _, l := range m.post.Letters() {
		if l.To[0] == to && strings.HasPrefix(l.Header.Get("Subject"), subject) {
			ids[l.Header.Get("Message-ID")] = true
		}
	}
	return len(ids)
}

// whole checks that the record is, and that no slot has more people than seats.
func (m *mortal) whole() {
	m.Helper()
	if _, err := audit.Verify(m.Context(), m.beside.store); err != nil {
		m.Error(err)
	}
	if n := m.count(`SELECT count(*) FROM slot WHERE seats < (SELECT count(*) FROM seat WHERE seat.slot = slot.id)`); n != 0 {
		m.Errorf("%d slots have more people than seats", n)
	}
}

// opens has an office receive on these days once, for one person.
func (m *mortal) opens(now time.Time, first calendar.Day, days int) {
	m.Helper()
	receives(m.T, m.beside, now)
	_, err := m.beside.book.SetPlan(m.Context(), "clerk:anna", calendar.Plan{Rules: []calendar.Rule{{
		Office: "mitte", Group: "pass", Days: 1<<7 - 1, First: first, Last: first + calendar.Day(days) - 1, From: 9 * 60, To: 9*60 + 15, Minutes: 15, Public: 1,
	}}}, now)
	if err != nil {
		m.Fatal(err)
	}
}

// enters makes an appointment of somebody without an address.
func (m *mortal) enters(start, now time.Time) book.Appointment {
	m.Helper()
	a, err := m.beside.book.Take(m.Context(), book.Request{Location: "mitte", Service: 102, Persons: 1}, start, book.Step{Do: book.Enter, At: now, Actor: "clerk:anna", Name: book.NameOf("Anna")})
	if err != nil {
		m.Fatal(err)
	}
	return a
}
