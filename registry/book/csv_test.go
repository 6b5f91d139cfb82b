// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

const head = "start,length_minutes,service,persons,name\n"

func TestImport(t *testing.T) {
	for name, file := range map[string]string{
		"plain":          head + "2026-12-01 09:30,15,102,1,Käthe Groß\n",
		"byte order":     "\ufeff" + head + "2026-12-01T09:30,15,102,1,Käthe Groß\n",
		"German Excel":   "start;length_minutes;service;persons;name\r\n01.12.2026 09:30;15;102;1;Käthe Groß\r\n",
		"Windows-1252":   "start;length_minutes;service;persons;name\r\n1.12.2026 09:30:00;15;102;1;K\xe4the Gro\xdf\r\n",
		"offset":         head + "2026-12-01T08:30:00Z,15,102,1,Käthe Groß\n",
		"other order":    "Name, Persons,Service,Length_Minutes,Start\nKäthe Groß,1,102,15,2026-12-01 09:30\n",
		"quotes, spaces": head + "2026-12-01 09:30, 15,102,1,\" Käthe Groß\"\n",
	} {
		b, _ := open(t)
		n, err := b.Import(t.Context(), strings.NewReader(file))
		if n != 1 || err != nil {
			t.Errorf("%s: got %d, %v", name, n, err)
			continue
		}
		list, err := b.List(t.Context(), at(t, "2026-12-01 12:00"))
		if err != nil || len(list) != 1 {
			t.Errorf("%s: list has %d, %v", name, len(list), err)
			continue
		}
		a := list[0]
		if !a.Start.Equal(at(t, "2026-12-01 09:30")) || a.Name.Reveal() != "Käthe Groß" || a.Length != 15*time.Minute || a.Service != 102 || a.Persons != 1 || !a.PhotoWanted {
			t.Errorf("%s: got %+v, name %q", name, a, a.Name.Reveal())
		}
	}
}

// TestImportRefuses has faults behind a good line: none of the file may be in
// the book, and the error names the line but not the citizen.
func TestImportRefuses(t *testing.T) {
	const good = "2026-12-01 09:30,15,102,1,CANARY one\n"
	for want, file := range map[string]string{
		"line 1: the column names":  "2026-12-01 09:30,15,102,1,CANARY\n",
		"line 2: there is no":       head,
		"line 3: start: write":      head + good + "CANARY,15,102,1,09:30\n",
		"line 3: length_minutes":    head + good + "2026-12-01 09:45,CANARY,102,1,x\n",
		"line 3: length needs":      head + good + "2026-12-01 09:45,0,102,1,CANARY\n",
		"line 3: service":           head + good + "2026-12-01 09:45,15,65536,1,CANARY\n",
		"line 3: persons":           head + good + "2026-12-01 09:45,15,102,-1,CANARY\n",
		"line 3: name needs":        head + good + "2026-12-01 09:45,15,102,1,\n",
		"line 3: wrong number":      head + good + "2026-12-01 09:45,15,102,1,CANARY, Kim\n",
		"line 4: start":             head + "2026-12-01 09:30,15,102,1,\"CANARY\none\"\nx,15,102,1,x\n",
		"whole minute":              head + good + "2026-12-01 09:45:30,15,102,1,CANARY\n",
		"line 3: start: the clocks": head + good + "2026-03-29 02:30,15,102,1,CANARY\n",
		"2026-10-25T02:30":          head + good + "25.10.2026 02:30,15,102,1,CANARY\n",
	} {
		b, _ := open(t)
		n, err := b.Import(t.Context(), strings.NewReader(file))
		if err == nil || n != 0 || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %d, %v", want, n, err)
		}
		if err != nil && strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: the error repeats the line: %v", want, err)
		}
		if list, err := b.List(t.Context(), at(t, "2026-12-01 12:00")); len(list) != 0 || err != nil {
			t.Errorf("%s: %d appointments are in the book, %v", want, len(list), err)
		}
	}
}

func TestImportTooLarge(t *testing.T) {
	b, _ := open(t)
	if _, err := b.Import(t.Context(), io.LimitReader(zeros{}, maxCSV+1)); err == nil || !strings.Contains(err.Error(), "32 MiB") {
		t.Errorf("got %v", err)
	}
	broken := errors.New("read fault")
	if _, err := b.Import(t.Context(), io.MultiReader(strings.NewReader(head), faulty{broken})); !errors.Is(err, broken) {
		t.Errorf("got %v, want the reader's error", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

type faulty struct{ err error }

func (f faulty) Read([]byte) (int, error) { return 0, f.err }

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(head + "2026-12-01 09:30,15,102,1,Käthe Groß\n"))
	f.Add([]byte("start;length_minutes;service;persons;name\r\n1.12.2026 09:30;15;102;1;K\xe4the\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		drafts, err := readCSV(strings.NewReader(string(data)))
		if err == nil && len(drafts) == 0 {
			t.Error("no appointment and no error")
		}
		for _, d := range drafts {
			if err := d.checkNamed(); err != nil {
				t.Errorf("draft that Add refuses: %v", err)
			}
		}
	})
}
