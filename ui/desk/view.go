// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/ui/style"
	"github.com/fotobox-project/fotobox/ui/text"
)

// pages are the parsed templates by name.
type pages map[string]*template.Template

func parsePages() pages {
	p := pages{}
	for _, name := range []string{
		"sign-in", "list", "appointment", "capture", "large", "history", "figures", "stations", "station", "audit", "account", "clerks", "calendars", "signed-in", "waiting", "waiting-figures", "ticket", "fault",
		"town", "office", "services", "closures", "form", "preview", "week", "affected", "move",
	} {
		p[name] = template.Must(template.ParseFS(files, "page/layout.html", "page/health.html", "page/part.html", "page/"+name+".html"))
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

// A view is what every template works with: words in the clerk's language, and
// the page's own Data.
type view struct {
	Language text.Language
	Title    string // key
	Office   string
	Clerk    string // "" before sign-in
	Role     clerks.Role
	Back     string // this page, for the switch of languages
	Now      time.Time
	Onward   string // the page that this one leads to by itself
	Saved    bool   // what the page before asked for
	Queue    bool   // there is a waiting list
	Data     any

	roles   map[string][]clerks.Role
	offices map[string]string // names by code
}

func (d *desk) view(r *http.Request, title string) view {
	v := view{Language: languageOf(r), Title: title, Office: d.Name, Now: time.Now(), Back: "/", Queue: d.Queue != nil, roles: d.roles}
	if r.Method == http.MethodGet {
		v.Back = r.URL.RequestURI()
	}
	if d.token(r) != "" {
		// A page of a fault shows the clerk too, without counting as a use.
		clerk, _ := d.Clerks.Valid(r.Context(), d.token(r))
		v.Clerk, v.Role = clerk.Name, clerk.Role
	}
	return v
}

func (d *desk) show(w http.ResponseWriter, r *http.Request, page string, status int, data any) error {
	v := d.view(r, "desk."+page)
	v.Data, v.Saved = data, r.URL.Query().Has("saved")
	return d.pages.write(w, page, status, v)
}

// Plain reports that the style sheets are not part of this program.
func (v view) Plain() bool { return !style.Built() }

// Sheets are KERN's style sheets.
func (v view) Sheets() []string { return style.Sheets() }

// Languages lists what the switch offers.
func (v view) Languages() []text.Language { return text.Staff() }

// May reports whether whoever is signed in may use the route of that pattern.
func (v view) May(pattern string) bool {
	return v.Clerk != "" && slices.Contains(v.roles[pattern], v.Role)
}

// T is a text of the catalogue.
func (v view) T(key string, args ...any) string { return v.Language.Text(key, args...) }

// Clock is the time of day on the office's clocks, "09:30".
func (v view) Clock(t time.Time) string { return t.In(book.Zone()).Format("15:04") }

// Date is a day in words, "Dienstag, 1. Dezember 2026".
func (v view) Date(t time.Time) string {
	t = t.In(book.Zone())
	return v.T("date.day", v.weekday(t), t.Day(), v.month(t), t.Year())
}

// Moment is a day and a time, "Mi, 2. Dezember, 09:30 Uhr", the day left out
// when it is today.
func (v view) Moment(t time.Time) string {
	if noon(t).Equal(noon(v.Now)) {
		return v.T("desk.today-at", v.Clock(t))
	}
	t = t.In(book.Zone())
	return v.T("desk.date-at", v.weekday(t), t.Day(), v.month(t), v.Clock(t))
}

// Exact is a moment with its seconds, "Mi, 2. Dezember, 09:30:05 Uhr".
func (v view) Exact(t time.Time) string {
	t = t.In(book.Zone())
	return v.T("desk.date-at", v.weekday(t), t.Day(), v.month(t), t.Format(time.TimeOnly))
}

func (v view) weekday(t time.Time) string { return v.T(fmt.Sprintf("date.weekday.%d", t.Weekday())) }

func (v view) month(t time.Time) string { return v.T(fmt.Sprintf("date.month.%d", t.Month())) }

// Stamp is a day and a time to the second, as a record has it: "2026-11-30 09:30:12".
func (v view) Stamp(t time.Time) string { return t.In(book.Zone()).Format(time.DateTime) }

// ISO is the form that scripts and <time> read.
func (v view) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Left is the time until t in words; the script says the same every minute.
func (v view) Left(t time.Time) string {
	left := int(t.Sub(v.Now) / time.Minute)
	switch days, hours, minutes := left/(24*60), left/60%24, left%60; {
	case t.Before(v.Now):
		return v.T("desk.left.over")
	case days > 0:
		return v.T("desk.left.still", fmt.Sprintf("%d %s %d %s", days, v.T("desk.left.days"), hours, v.T("desk.left.hours")))
	case hours > 0:
		return v.T("desk.left.still", fmt.Sprintf("%d %s %d %s", hours, v.T("desk.left.hours"), minutes, v.T("desk.left.minutes")))
	default:
		return v.T("desk.left.still", fmt.Sprintf("%d %s", minutes, v.T("desk.left.minutes")))
	}
}

// With is the same view with other Data, for a template inside of another.
func (v view) With(data any) view {
	v.Data = data
	return v
}

// shotView is what the template of a photo works with.
type shotView struct {
	Capture captureView
	Shot    shot
}

// Shot is the view of one photo of a capture.
func (v view) Shot(c captureView, s shot) view { return v.With(shotView{c, s}) }

// Pair is a text and a value, for a list of facts.
func (v view) Pair(key, value string) [2]string { return [2]string{v.T(key), value} }

// Reasons are those for asking for a new photo.
func (v view) Reasons() []inbox.Reason { return inbox.Reasons() }

// Grace is how long after its slot's end an appointment's code holds.
func (v view) Grace() time.Duration { return book.Grace }

// OfficeOf is the name of the office with that code.
func (v view) OfficeOf(code string) string { return cmp.Or(v.offices[code], code) }

// DayAddress is that of the list with the appointment.
func (v view) DayAddress(a book.Appointment) string { return dayAddress(a) }

// StreamAddress is that of the live list with the appointment.
func (v view) StreamAddress(a book.Appointment) string {
	return "/events?day=" + dayList{Day: a.Start}.Address()
}
