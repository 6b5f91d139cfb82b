// SPDX-License-Identifier: EUPL-1.2

package zms_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/zms"
	"github.com/fotobox-project/fotobox/registry/zms/zmstest"
)

var slot = time.Date(2026, 12, 1, 8, 30, 0, 0, time.UTC)

// process is the appointment of most tests. Its key stands in no error.
var process = zmstest.Process{ID: "82252", AuthKey: "SECRETKEY", Name: "CANARY", Start: slot, Minutes: 10, Slots: 3}

func client(t *testing.T, s *zmstest.Server, token string) *zms.Client {
	t.Helper()
	c, err := zms.New(s.API(), func() string { return token }, s.Roots())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// discreet fails when an error repeats a name, a key or a token.
func discreet(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"CANARY", "SECRETKEY", "82252", zmstest.Token} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("error %q repeats %q", err, secret)
		}
	}
}

func TestLookupAndArrive(t *testing.T) {
	for _, numbers := range []bool{true, false} {
		s := zmstest.New(t)
		s.Numbers = numbers
		s.Add(process)
		c := client(t, s, zmstest.Token)
		p, err := c.Lookup(t.Context(), "82252", "SECRETKEY")
		if err != nil {
			t.Fatal(err)
		}
		if p.ID != "82252" || p.Name.Reveal() != "CANARY" || !p.Start.Equal(slot) || p.Length != 30*time.Minute || p.Status != "confirmed" || p.Came() {
			t.Errorf("numbers %t: got %+v", numbers, p)
		}
		if a := p.Draft(102); a.Service != 102 || a.Persons != 1 || !a.PhotoWanted || !a.Start.Equal(slot) || a.Name.Reveal() != "CANARY" {
			t.Errorf("draft %+v", a)
		}
		if strings.Contains(fmt.Sprintf("%v", p.Name), "CANARY") {
			t.Error("the name does not hide itself")
		}
		at := slot.Add(-20 * time.Minute)
		for range 2 { // the second finds it done
			if p, err = c.Arrived(t.Context(), "82252", "SECRETKEY", at); err != nil || !p.Came() {
				t.Fatalf("Arrived = %+v, %v", p, err)
			}
			at = at.Add(time.Hour)
		}
		if got := s.Process("82252"); got.Status != "queued" || got.ArrivedAt != slot.Add(-20*time.Minute).Unix() {
			t.Errorf("zms has %+v", got)
		}
	}
}

func TestRefusals(t *testing.T) {
	s := zmstest.New(t)
	s.Add(process)
	deleted := process
	deleted.ID, deleted.Status = "1001", "deleted"
	s.Add(deleted)
	with, without, over := client(t, s, zmstest.Token), client(t, s, ""), client(t, s, "session that is over")
	for _, tt := range []struct {
		name, id, key string
		client        *zms.Client
		lookup        error // of Lookup
		arrived       error // of Arrived
	}{
		{"unknown", "82253", "SECRETKEY", with, zms.ErrNotFound, zms.ErrNotFound},
		{"another key", "82252", "12a2", with, zms.ErrKey, zms.ErrKey},
		{"no number", "82252x", "SECRETKEY", with, zms.ErrNotFound, zms.ErrNotFound},
		{"a path as key", "82252", "../82252", with, zms.ErrKey, zms.ErrKey},
		{"no key", "82252", "", with, zms.ErrKey, zms.ErrKey},
		{"no account", "82252", "SECRETKEY", without, nil, zms.ErrRights},
		{"session over", "82252", "SECRETKEY", over, nil, zms.ErrRights},
		{"deleted", "1001", "SECRETKEY", with, nil, zms.ErrState},
	} {
		_, err := tt.client.Lookup(t.Context(), tt.id, tt.key)
		if !errors.Is(err, tt.lookup) {
			t.Errorf("%s: Lookup = %v, want %v", tt.name, err, tt.lookup)
		}
		discreet(t, err)
		_, err = tt.client.Arrived(t.Context(), tt.id, tt.key, slot)
		if !errors.Is(err, tt.arrived) {
			t.Errorf("%s: Arrived = %v, want %v", tt.name, err, tt.arrived)
		}
		discreet(t, err)
	}
	if got := s.Process("82252"); got.Status != "confirmed" {
		t.Errorf("a refused question changed the status to %s", got.Status)
	}
}

// answers is a ZMS that always says the same.
func answers(t *testing.T, status int, body string) *zms.Client {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status == http.StatusFound {
			w.Header().Set("Location", "https://elsewhere.example.org"+r.URL.Path)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	c, err := zms.New(s.URL, func() string { return zmstest.Token }, (&zmstest.Server{Server: s}).Roots())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const shortest = `{"data":{"id":82252,"status":"confirmed","appointments":[{"date":1796113800}]}}`

// TestTolerance has what PHP makes of the same process.
func TestTolerance(t *testing.T) {
	for name, body := range map[string]string{
		"shortest":         shortest,
		"byte order mark":  "\ufeff" + shortest,
		"text for numbers": `{"meta":{"error":"0"},"data":{"id":" 82252 ","status":"confirmed","appointments":[{"date":"1796113800","slotCount":null}]}}`,
		"floats":           `{"meta":[],"data":{"id":82252,"status":"confirmed","appointments":[{"date":1796113800.0,"slotCount":1e0,"availability":{"slotTimeInMinutes":15.0}}]}}`,
		"objects as lists": `{"data":{"id":82252,"status":"confirmed","appointments":{"10":{"date":1},"2":{"date":1796113800,"availability":[]}},"clients":{"0":{"familyName":"CANARY"}},"scope":[]}}`,
		"nothing there":    `{"data":{"id":82252,"displayNumber":null,"status":"confirmed","appointments":[{"date":1796113800,"slotCount":0}],"clients":[],"scope":null,"queue":[]}}`,
		"absurd length":    `{"data":{"id":82252,"status":"confirmed","appointments":[{"date":1796113800,"slotCount":999,"availability":{"slotTimeInMinutes":999}}]}}`,
	} {
		p, err := answers(t, http.StatusOK, body).Lookup(t.Context(), "82252", "SECRETKEY")
		if err != nil || p.ID != "82252" || p.Number != "82252" || p.Start.Unix() != 1796113800 || p.Length != 15*time.Minute || p.Persons != 1 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

// TestStrangeAnswers are no process, whatever they are.
func TestStrangeAnswers(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		want   error // nil: any
	}{
		{200, "", nil}, {200, "<html>CANARY", nil}, {200, "[]", nil}, {200, `{"data":null}`, nil}, {200, `{"data":[]}`, nil},
		{200, strings.ReplaceAll(shortest, "82252", "82253"), nil},
		{200, strings.ReplaceAll(shortest, "82252", `{"CANARY":1}`), nil},
		{200, `{"data":{"id":82252,"status":"confirmed","appointments":[]}}`, nil},
		{200, `{"meta":{"error":true,"message":"CANARY"},"data":` + shortest[8:], nil},
		{200, shortest + strings.Repeat(" ", 1<<20), nil},
		{302, shortest, nil}, {400, `{"meta":{"exception":"CANARY"}}`, nil},
		{500, "CANARY", zms.ErrAway}, {503, "", zms.ErrAway}, {429, "{}", zms.ErrAway},
		{404, "<html>", zms.ErrNotFound}, {403, "", zms.ErrKey}, {401, "", zms.ErrRights},
		{200, `{"meta":{"exception":"BO\\Zmsapi\\Exception\\Process\\ProcessNotFound"}}`, zms.ErrNotFound},
	} {
		p, err := answers(t, tt.status, tt.body).Lookup(t.Context(), "82252", "SECRETKEY")
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) || p.ID != "" {
			t.Errorf("%d %.40q: %+v, %v, want %v", tt.status, tt.body, p, err, tt.want)
		}
		discreet(t, err)
	}
}

// TestReducedIsNotSentBack: what ZMS has shortened would lose the rest.
func TestReducedIsNotSentBack(t *testing.T) {
	c := answers(t, http.StatusOK, `{"meta":{"reducedData":true},`+shortest[1:])
	if _, err := c.Arrived(t.Context(), "82252", "SECRETKEY", slot); !errors.Is(err, zms.ErrRights) {
		t.Errorf("Arrived = %v", err)
	}
	c = answers(t, http.StatusOK, shortest) // says that it is confirmed still
	if _, err := c.Arrived(t.Context(), "82252", "SECRETKEY", slot); err == nil {
		t.Error("marked, though ZMS does not say so")
	}
}

func TestAway(t *testing.T) {
	s := zmstest.New(t)
	s.Add(process)
	stranger, err := zms.New(s.API(), nil, nil) // knows only the machine's authorities
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Lookup(t.Context(), "82252", "SECRETKEY"); !errors.Is(err, zms.ErrAway) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a server with an unknown certificate: %v", err)
	} else {
		discreet(t, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client(t, s, "").Lookup(ctx, "82252", "SECRETKEY"); !errors.Is(err, zms.ErrAway) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	c := client(t, s, "")
	s.Close()
	if _, err := c.Lookup(t.Context(), "82252", "SECRETKEY"); !errors.Is(err, zms.ErrAway) {
		t.Errorf("nobody there: %v", err)
	} else {
		discreet(t, err)
	}
}

// TestSlow has a ZMS that begins an answer and never ends it.
func TestSlow(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, shortest[:20])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // to return would end the answer properly
	}))
	t.Cleanup(s.Close)
	c, err := zms.New(s.URL, nil, (&zmstest.Server{Server: s}).Roots())
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err = c.Lookup(t.Context(), "82252", "SECRETKEY")
	if took := time.Since(began); !errors.Is(err, zms.ErrAway) || took > 15*time.Second || took < 5*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	discreet(t, err)
}

func TestAddress(t *testing.T) {
	for _, address := range []string{"", "zms.example.org", "http://zms.example.org/api", "https:///api", "https://a:b@zms.example.org/", "https://zms.example.org/?x=1", "https://zms.example.org/#a", ":"} {
		if _, err := zms.New(address, nil, nil); err == nil {
			t.Errorf("%q is taken as an address", address)
		}
	}
	if c, err := zms.New("https://zms.example.org/api/2", nil, nil); err != nil || c.String() != "https://zms.example.org/api/2/" {
		t.Errorf("got %v, %v", c, err)
	}
}
