// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// large is a town of seven offices with ten seats each, every quarter of an hour
// of ten hours a day for a quarter of a year.
func large(b *testing.B) *town {
	b.Helper()
	o := townWith(b)
	rules := []calendar.Rule{everyDay("mitte", 10)}
	for i := range 6 {
		code := fmt.Sprintf("amt-%d", i)
		if err := o.book.PutLocation(b.Context(), "clerk:anna", book.Location{Code: code, Name: code, Online: true}, time.Now()); err != nil {
			b.Fatal(err)
		}
		rules = append(rules, everyDay(code, 10))
	}
	if _, err := o.book.SetPlan(b.Context(), "clerk:anna", calendar.Plan{Rules: rules}, time.Now()); err != nil {
		b.Fatal(err)
	}
	return o
}

// BenchmarkPages is what a page costs that looks for free times.
func BenchmarkPages(b *testing.B) {
	o := large(b)
	h := New(Town{Name: "Musterstadt", Book: o.book, Links: o.links, Limits: Limits{1 << 30, 1 << 30, 1 << 30, 1 << 30}, Log: slog.New(slog.DiscardHandler)})
	for name, path := range map[string]string{"start": "/", "offices": "/offices?service=102&persons=1", "times": "/times?service=102&persons=1&office=mitte", "none": "/times?service=102&persons=8&office=ruhrort"} {
		b.Run(name, func(b *testing.B) {
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					w := httptest.NewRecorder()
					h.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil))
					if w.Code != http.StatusOK {
						b.Fatalf("%s: %d", path, w.Code)
					}
				}
			})
		})
	}
}
