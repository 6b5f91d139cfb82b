// SPDX-License-Identifier: EUPL-1.2

// Package zmstest is a ZMS for tests: it keeps appointments and answers as the
// API that the public repository of it-at-m/eappointment describes.
package zmstest

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Token is the X-AuthKey of the account that is signed in.
const Token = "0123456789abcdef0123456789abcdef"

// Process is an appointment of the fake.
type Process struct {
	ID, AuthKey, Name string
	Start             time.Time
	Minutes, Slots    int
	Status            string // "confirmed" when empty
	ArrivedAt         int64  // unix seconds, as it was told
}

// Server is a ZMS with a few appointments.
type Server struct {
	*httptest.Server
	// Numbers says how numbers are written: true for numbers, false for strings.
	Numbers bool

	mu        sync.Mutex
	processes map[string]*Process
}

// New starts a ZMS over TLS that ends with the test.
func New(t testing.TB) *Server {
	s := &Server{processes: map[string]*Process{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /terminvereinbarung/api/2/process/{id}/{key}/{$}", s.get)
	mux.HandleFunc("POST /terminvereinbarung/api/2/process/status/queued/{$}", s.queued)
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// API is the address of the API.
func (s *Server) API() string { return s.URL + "/terminvereinbarung/api/2/" }

// Roots hold the server's own certificate.
func (s *Server) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

// Add puts an appointment into the ZMS.
func (s *Server) Add(p Process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Status == "" {
		p.Status = "confirmed"
	}
	s.processes[p.ID] = &p
}

// Process is an appointment as it is now.
func (s *Server) Process(id string) Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.processes[id]
}

func (s *Server) get(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.find(w, r.PathValue("id"), r.PathValue("key")); p != nil {
		s.answer(w, p)
	}
}

func (s *Server) queued(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("X-AuthKey") != Token {
		refuse(w, http.StatusUnauthorized, `BO\Zmsentities\Exception\UserAccountMissingLogin`)
		return
	}
	var sent struct {
		ID       any    `json:"id"`
		AuthKey  string `json:"authKey"`
		Priority any    `json:"priority"`
		Requests []any  `json:"requests"`
		Queue    struct {
			ArrivalTime *int64 `json:"arrivalTime"`
		} `json:"queue"`
	}
	err := json.NewDecoder(r.Body).Decode(&sent)
	// What has not come back whole would be lost.
	if err != nil || sent.Queue.ArrivalTime == nil || sent.Priority == nil || len(sent.Requests) != 1 {
		refuse(w, http.StatusBadRequest, `BO\Zmsentities\Exception\SchemaValidation`)
		return
	}
	id := fmt.Sprint(sent.ID)
	if n, ok := sent.ID.(float64); ok {
		id = fmt.Sprintf("%.0f", n)
	}
	if p := s.find(w, id, sent.AuthKey); p != nil {
		p.Status, p.ArrivedAt = "queued", *sent.Queue.ArrivalTime
		s.answer(w, p)
	}
}

// find answers when there is no such appointment, or the key is another.
func (s *Server) find(w http.ResponseWriter, id, key string) *Process {
	p := s.processes[id]
	switch {
	case p == nil:
		refuse(w, http.StatusNotFound, `BO\Zmsapi\Exception\Process\ProcessNotFound`)
	case p.AuthKey != key:
		refuse(w, http.StatusForbidden, `BO\Zmsapi\Exception\Process\AuthKeyMatchFailed`)
		return nil
	}
	return p
}

func refuse(w http.ResponseWriter, status int, exception string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{
		"meta": map[string]any{"error": true, "exception": exception, "message": "refused"}, "data": []any{},
	})
}

// answer writes numbers one way or the other, and much that nobody asked for.
func (s *Server) answer(w http.ResponseWriter, p *Process) {
	number := func(n int64) any {
		if s.Numbers {
			return n
		}
		return fmt.Sprint(n)
	}
	id := json.RawMessage(p.ID)
	if !s.Numbers {
		id, _ = json.Marshal(p.ID) // a string always can be
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"$schema": s.API(),
		"meta":    map[string]any{"error": false, "server": "fake", "generated": time.Now().Format(time.RFC3339)},
		"data": map[string]any{
			"id": id, "displayNumber": p.ID, "authKey": p.AuthKey, "status": p.Status, "amendment": "", "priority": number(3), "lastChange": 1764576000,
			"appointments": []any{map[string]any{
				"date": number(p.Start.Unix()), "slotCount": number(int64(p.Slots)), "scope": map[string]any{"id": number(141)},
				"availability": map[string]any{"id": number(68997), "slotTimeInMinutes": number(int64(p.Minutes))},
			}},
			"clients":  []any{map[string]any{"familyName": p.Name, "email": "someone@example.org", "surveyAccepted": number(0)}},
			"queue":    map[string]any{"arrivalTime": p.Start.Unix(), "callCount": number(0), "number": number(7), "status": p.Status, "withAppointment": number(1)},
			"requests": []any{map[string]any{"id": number(120703), "name": "Personalausweis", "source": "dldb"}},
			"scope":    map[string]any{"id": number(141), "shortName": "", "preferences": []any{}},
		},
		"profiler": []any{},
	})
}
