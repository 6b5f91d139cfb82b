// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/ui/style"
	"github.com/fotobox-project/fotobox/ui/text"
)

// pages are the parsed templates by name.
type pages map[string]*template.Template

func parsePages() pages {
	p := pages{}
	for _, name := range []string{"start", "offices", "times", "form", "mail", "booked", "gone", "confirm", "appointment", "move", "moving", "cancel", "fault", "wish", "wish-free", "question", "note"} {
		p[name] = template.Must(template.ParseFS(files, "page/layout.html", "page/part.html", "page/"+name+".html"))
	}
	return p
}

// write makes the whole page before it sends a byte, so that a fault becomes a
// fault's page and not half of this one.
func (p pages) write(w http.ResponseWriter, name string, status int, v view) error {
	var page bytes.Buffer
	if err := p[name].ExecuteTemplate(&page, "layout", v); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	page.WriteTo(w) // a browser that went away needs no page
	return nil
}

// A view is what every template works with: words in the citizen's language,
// and the page's own Data.
type view struct {
	Language text.Language
	Title    string // key
	Town     string
	Back     string // this page, for the switch of languages
	Step     int    // of the way to an appointment, or 0
	Faulty   bool   // something in the form is missing
	Here     string // the address of a page that answers a form, for who reloads it or comes back
	Now      time.Time
	Data     any

	Imprint, Privacy, Accessibility string
	Queue                           bool // wishes can be left
}

// steps is how many pages a booking has that ask for something.
const steps = 4

func (s *site) view(r *http.Request, title string) view {
	v := view{
		Language: languageOf(r), Title: title, Town: s.Name, Now: time.Now(), Back: "/",
		Imprint: s.Imprint, Privacy: s.Privacy, Accessibility: s.Accessibility,
		Queue: s.Wishes != nil,
	}
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		v.Back = r.URL.RequestURI()
	case r.PathValue("link") != "":
		v.Back = r.URL.Path // the page of the form
	}
	return v
}

// about is the view in the language in which the appointment was booked, unless
// the citizen chose another one here.
func (s *site) about(r *http.Request, title string, a book.Appointment) view {
	v := s.view(r, title)
	if _, err := r.Cookie(languageCookie); err != nil {
		if l, ok := text.Parse(a.Language, text.Languages()); ok {
			v.Language = l
		}
	}
	return v
}

// show writes the page whose title is its name's.
func (s *site) show(w http.ResponseWriter, page string, status int, v view, data any) error {
	v.Data = data
	return s.pages.write(w, page, status, v)
}

// Plain reports that the style sheets are not part of this program.
func (v view) Plain() bool { return !style.Built() }

// Sheets are KERN's style sheets.
func (v view) Sheets() []string { return style.Sheets() }

// Languages lists what the switch offers.
func (v view) Languages() []text.Language { return text.Languages() }

// T is a text of the catalogue.
func (v view) T(key string, args ...any) string { return v.Language.Text(key, args...) }

// Clock is the time of day on the office's clocks, "09:30".
func (v view) Clock(t time.Time) string { return t.In(book.Zone()).Format("15:04") }

// Hour is that with the language's word for it, "09:30 Uhr".
func (v view) Hour(t time.Time) string { return v.T("date.clock", v.Clock(t)) }

// Date is a day in words, "Dienstag, 1. Dezember 2026".
func (v view) Date(t time.Time) string {
	t = t.In(book.Zone())
	return v.T("date.day", v.T(fmt.Sprintf("date.weekday.%d", t.Weekday())), t.Day(), v.T(fmt.Sprintf("date.month.%d", t.Month())), t.Year())
}

// Moment is a day and a time, "Dienstag, 1. Dezember 2026, 09:30 Uhr".
func (v view) Moment(t time.Time) string { return v.T("date.moment", v.Date(t), v.Hour(t)) }

// Weekday is a day's name.
func (v view) Weekday(d time.Weekday) string { return v.T(fmt.Sprintf("date.weekday.%d", d)) }

// ISO is the form that scripts and <time> read.
func (v view) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Minutes is how many are left until t, rounded up.
func (v view) Minutes(t time.Time) int { return max(int((t.Sub(v.Now)+time.Minute-1)/time.Minute), 0) }

// Seconds is how many are left until t.
func (v view) Seconds(t time.Time) int { return max(int(t.Sub(v.Now)/time.Second), 0) }

// Count is the text for one, or for more of something: of "key-1" or "key".
func (v view) Count(key string, n int) string {
	if n == 1 {
		return v.T(key + "-1")
	}
	return v.T(key, n)
}

// With is the same view with other Data, for a template inside of another.
func (v view) With(data any) view {
	v.Data = data
	return v
}

// A pair is a template's two things to work with.
type pair struct{ A, B any }

// Two are two things for a template inside of another.
func (v view) Two(a, b any) view { return v.With(pair{a, b}) }

// Numbers are those from 1 to n, to choose from.
func (v view) Numbers(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

// Steps is how many the way to an appointment has.
func (v view) Steps() int { return steps }
