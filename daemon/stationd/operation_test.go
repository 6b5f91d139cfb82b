// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/upload/enrolment"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// daily is a decision with the same hours on every day.
func daily(t *testing.T, mode, text string) *enrolment.Operation {
	t.Helper()
	h, err := enrolment.ParseHours(text)
	if err != nil {
		t.Fatal(err)
	}
	o := &enrolment.Operation{Mode: mode}
	for day := range o.Hours {
		o.Hours[day] = h
	}
	return o
}

// decides makes the town answer the minute's question with a decision.
func (o *town) decides(decision any) {
	settings := o.settings()
	o.answer = func(w http.ResponseWriter, _ *http.Request) {
		data, err := json.Marshal(settings)
		if err != nil {
			o.t.Error(err)
		}
		var answer map[string]any
		_ = json.Unmarshal(data, &answer) // what was just written
		delete(answer, "operation")
		if decision != nil {
			answer["operation"] = decision
		}
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// TestDecisionIsKept: over a restart with the network down, and when the office says
// nothing of it, or what we do not understand.
func TestDecisionIsKept(t *testing.T) {
	o := newTown(t)
	line, dir := o.enrolled()
	want := daily(t, enrolment.Extended, "08:00-12:00")
	for _, decision := range []any{want, nil, map[string]string{"mode": "drive-in"}} {
		o.decides(decision)
		if err := ask(t, line); err != nil {
			t.Fatal(err)
		}
		id, _, err := loadIdentity(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, id.Operation); diff != "" {
			t.Errorf("after %v (-want +got):\n%s", decision, diff)
		}
	}
	if op := (&operation{office: line, mode: envelope.ModeLobby}); op.Mode() != envelope.ModeExtended {
		t.Errorf("captures are stamped %q", op.Mode())
	}
}

// TestHoursCloseAndOpen plays a day in a bubble, which begins at midnight UTC.
func TestHoursCloseAndOpen(t *testing.T) {
	for name, tc := range map[string]struct {
		decision *enrolment.Operation
		clock    *clock.Clock
		want     string
	}{
		"lobby":    {daily(t, enrolment.Lobby, "08:00-16:00"), clock.Kept(), "0h lost until 8h, 8h found, 16h lost until 32h"},
		"extended": {daily(t, enrolment.Extended, "08:00-16:00"), clock.Kept(), ""},
		"nothing":  {nil, clock.Kept(), ""},
		"no time":  {daily(t, enrolment.Lobby, "08:00-16:00"), clock.New(&stopped{}), ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now().Truncate(time.Hour)
			var got []string
			said := ""
			op := operation{&office{}, envelope.ModeCounter, time.UTC, tc.clock, func(ctx context.Context, ev session.Event) error {
				words := "found"
				if lost, ok := ev.(session.Lost); ok {
					words = "lost until " + hour(lost.Opens.Sub(start))
				}
				if words != said {
					got = append(got, hour(time.Since(start))+" "+words)
				}
				said = words
				return ctx.Err()
			}}
			op.office.is.identity.Operation = tc.decision
			ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour-time.Minute)
			defer cancel()
			if err := op.Run(ctx); err != nil {
				t.Error(err)
			}
			if got := strings.Join(got, ", "); got != tc.want {
				t.Errorf("%s: got %q, want %q", name, got, tc.want)
			}
		})
	}
}

func hour(d time.Duration) string { return fmt.Sprintf("%.fh", d.Truncate(time.Hour).Hours()) }

// TestNoCodeOutsideTheHours: a closed station takes none, an open one judges it.
func TestNoCodeOutsideTheHours(t *testing.T) {
	o := newTown(t)
	st := opened(t, o, "sitter")
	go func() { _ = st.conductor.Run(t.Context()) }()
	st.office.is.identity.Operation = &enrolment.Operation{Mode: enrolment.Lobby}
	if err := st.Scan(t.Context(), "nonsense"); err != nil || st.conductor.State().Stage != session.Idle {
		t.Errorf("closed: %v, %v", err, st.conductor.State())
	}
	st.office.is.identity.Operation = &enrolment.Operation{Mode: enrolment.Extended}
	if err := st.Scan(t.Context(), "nonsense"); err != nil {
		t.Fatal(err)
	}
	if err := st.alive(t.Context()); err != nil { // the code has been judged
		t.Fatal(err)
	}
	if s := st.conductor.State(); s.Stage != session.Done || s.Outcome != session.Refused {
		t.Errorf("open: %v, want a refused code", s)
	}
}
